//! Redacted captures back to files that the recorders' own tools open.

pub mod har;
pub mod saz;
mod shared;
mod whole;

pub use shared::{Output, RedactError, redact_to_bytes};
pub use whole::write_whole;

/// Version of this program, as files name their writer.
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod tests;
