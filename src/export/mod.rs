//! Redacted captures back to files that the recorders' own tools open.

mod draft;
pub mod har;
mod proven;
pub mod saz;
mod searched;
mod whole;

pub use proven::{Order, Output, RedactError, redact_to_bytes, redact_to_file, sha256_of};
pub use whole::write_whole;

/// Version of this program, as files name their writer.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests;
