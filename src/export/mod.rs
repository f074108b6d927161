//! Redacted captures back to files that the recorders' own tools open.

pub mod har;
pub mod saz;
mod whole;

pub use whole::write_whole;

/// Version of this program, as files name their writer.
const VERSION: &str = env!("CARGO_PKG_VERSION");
