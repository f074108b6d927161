//! What a person can learn from without a capture of their own, and with one: samples, a course, lessons.

pub mod course;
pub mod lesson;
mod sample_list;
pub mod samples;
mod veil;

pub use veil::veiled;
