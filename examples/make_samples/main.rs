//! Writes the sample traces from their definitions: `cargo run --example make_samples`.
//!
//! The definitions in `sample-traces/definitions` are texts a person can read; `sample-traces/definitions/NOTATION.md`
//! explains them. The output is the same on every run, byte for byte, and `tests/samples.rs` checks that what is
//! committed is what the definitions say.

mod generator;

use std::{fs, path::Path, process::ExitCode};

#[expect(clippy::print_stderr, reason = "a tool for the command line says what went wrong")]
fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let written = generator::generate(root).and_then(|files| {
        for file in files {
            let path = root.join(&file.path);
            fs::write(&path, &file.bytes)
                .map_err(|error| generator::Mistake::new(file.path, error.to_string()))?;
        }
        Ok(())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistake) => {
            eprintln!("{mistake}");
            ExitCode::FAILURE
        }
    }
}
