//! `hma-trace.com`, for people who type. A terminal does not wait for a program with a window, so that its output and its
//! questions mix with the prompt. It waits for this one, and this one for `hma-trace.exe` beside it. Typing `hma-trace`
//! finds the `.com` first (`PATHEXT`), double-clicking the `.exe` never meets it.

use std::env::{args_os, current_exe};
use std::io::{self, Write as _};
use std::process::{Command, ExitCode};

/// The exit code of the program itself when it could not do it.
const NOT_DONE: u8 = 2;

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let message = format!("hma-trace: hma-trace.exe must be in the same folder: {error}\n");
            let _ = io::stderr().write_all(message.as_bytes());
            ExitCode::from(NOT_DONE)
        }
    }
}

fn run() -> io::Result<u8> {
    let program = current_exe()?.with_file_name("hma-trace.exe");
    let status = Command::new(program).args(args_os().skip(1)).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(NOT_DONE))
}
