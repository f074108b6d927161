//! Redaction as a user meets it: files in, files out, and a searcher that knows nothing of how the program works.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod diagnosis;
mod formats;
mod matrix;
mod mutation;
mod names;
mod place;
mod places;
mod properties;
mod receipts;
mod recorded;
mod search;
mod shown;
mod spelling;
