//! Good flows, and what becomes of them: left alone they are healthy, shaken they stay silent, and with exactly one thing
//! broken they name exactly that.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that cannot read its own stories must stop"
)]

mod causes;
mod disorder;
#[expect(dead_code, reason = "the tests tell stories of their own and write no files")]
#[path = "../../examples/make_samples/generator/mod.rs"]
mod generator;
mod good;
mod mutation;
mod story;
