//! What is wrong with a definition, and where.

use std::fmt;

/// A mistake in a definition.
#[derive(Debug)]
pub(crate) struct Mistake {
    place: String,
    message: String,
}

impl Mistake {
    /// A mistake in a file, or in a line of it (`fragments/eas.http:12`).
    pub(crate) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}
