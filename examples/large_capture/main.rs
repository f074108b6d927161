//! Writes a large capture, the same bytes for the same arguments:
//! `cargo run --release --example large_capture -- --sessions 100000 --body-size 0 --format har OUT`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

mod generator;

use generator::{Encryption, Format, Order};

/// Writes a large synthetic capture of Outlook signing in and reaching its mailbox over and over.
#[derive(Debug, Parser)]
struct Arguments {
    /// Number of sessions
    #[arg(long, default_value_t = 10_000)]
    sessions: u32,
    /// Bytes of the body of each answer that has one
    #[arg(long, default_value_t = 0)]
    body_size: usize,
    /// Kind of file
    #[arg(long, value_enum, default_value_t = Format::Har)]
    format: Format,
    /// Encrypts a SAZ with the password `contoso`
    #[arg(long, value_enum)]
    encrypt: Option<Encryption>,
    /// Where it goes
    out: PathBuf,
}

fn main() -> ExitCode {
    let Arguments { sessions, body_size, format, encrypt, out } = Arguments::parse();
    match generator::write(&Order { sessions, body_size, format, encrypt }, &out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "a program of the command line")]
            {
                eprintln!("large_capture: {error}: {}", out.display());
            }
            ExitCode::from(2)
        }
    }
}
