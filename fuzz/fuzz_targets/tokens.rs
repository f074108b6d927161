//! Tokens and keys.
#![no_main]

#[allow(dead_code, reason = "each target feeds one function")]
#[path = "../../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::tokens(bytes));
