//! What a person can learn from without a capture of their own.

mod sample_list;
pub mod samples;
