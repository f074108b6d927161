//! Bodies in every coding.
#![no_main]

#[allow(dead_code, reason = "each target feeds one function")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::content(bytes));
