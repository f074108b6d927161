//! The window or the command line; results become exit codes.
// A double click opens the window and no terminal; the command line joins the terminal it was typed in.
#![cfg_attr(feature = "gui", windows_subsystem = "windows")]

use std::path::PathBuf;
use std::process::ExitCode;

use hma_trace::cli::{self, Next};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Next::Exit(code) => code,
        Next::Window(files) => window(files),
    }
}

#[cfg(feature = "gui")]
fn window(files: Vec<PathBuf>) -> ExitCode {
    match hma_trace::gui::run(files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => cli::no_window(&error.to_string()),
    }
}

#[cfg(not(feature = "gui"))]
fn window(_files: Vec<PathBuf>) -> ExitCode {
    cli::no_window("this program was built without its window")
}
