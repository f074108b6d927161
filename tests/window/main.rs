//! The window, driven as a keyboard or a screen reader drives it.

#![cfg(feature = "gui")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

mod app;
mod driver;
mod inspector;
mod lesson;
mod redact;
mod sessions;
mod shell;
mod timeline;
mod tour;
mod views;
