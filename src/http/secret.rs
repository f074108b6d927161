//! A value that must not reach a message, a log or a report.

use std::fmt;

/// A password, token or other credential found in a capture. Its `Debug` and its [`fmt::Display`] print only a length,
/// so that it cannot leak through formatting; [`Secret::reveal`] is the one way to the value.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Wraps a credential.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The credential itself. Callers that show it to a person do so on that person's explicit request.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to hide.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} bytes)", self.0.len())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "••• {} characters", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn formatting_never_shows_the_value() {
        let secret = Secret::new("Winter2026!");
        assert_eq!(format!("{secret:?}"), "Secret(11 bytes)");
        assert_eq!(secret.to_string(), "••• 11 characters");
    }
}
