//! The headless face: words on the command line in, text and exit codes out. The only part of the program, beside the
//! window, that reads the environment, asks a person or knows what time it is.

mod analyze;
mod args;
mod compare;
mod console;
mod explain;
mod failure;
mod input;
mod output;
mod password;
mod redact;
mod samples;
mod token;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use failure::Failure;

/// Findings at or above `--fail-on`.
const FINDINGS: u8 = 1;

/// It could not be done.
const NOT_DONE: u8 = 2;

/// What is left to do for whoever called.
#[derive(Debug)]
pub enum Next {
    /// Nothing; this is the exit code.
    Exit(ExitCode),
    /// No sub-command was given: open the window with these files.
    Window(Vec<PathBuf>),
}

/// Does what the command line asks for. The first argument is the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Next {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            console::attach();
            // Help goes to standard output, errors to standard error; if nobody listens there is nobody to tell.
            let _ = error.print();
            return Next::Exit(exit_code(u8::from(error.use_stderr()) * NOT_DONE));
        }
    };
    let Some(command) = arguments.command else {
        return Next::Window(arguments.files);
    };
    console::attach();
    let done = match &command {
        Command::Analyze(arguments) => analyze::run(arguments),
        Command::Redact(arguments) => redact::run(arguments),
        Command::Compare(arguments) => compare::run(arguments),
        Command::Token(arguments) => token::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Samples(arguments) => samples::run(arguments),
    };
    Next::Exit(match done {
        Ok(code) => exit_code(code),
        Err(failure) => fail(&failure),
    })
}

/// Says that there is no window and what to type instead. Gives the exit code.
pub fn no_window(reason: &str) -> ExitCode {
    console::attach();
    let message = format!("{reason}; without a window use: hma-trace analyze FILE");
    fail(&Failure::new(message))
}

fn fail(failure: &Failure) -> ExitCode {
    output::to_stderr(&format!("hma-trace: {failure}\n"));
    exit_code(NOT_DONE)
}

fn exit_code(code: u8) -> ExitCode {
    ExitCode::from(code)
}
