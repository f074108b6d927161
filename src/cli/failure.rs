//! Why a command could not be carried out.

use std::fmt;
use std::path::Path;

use crate::report::escape;

/// Why a command could not be carried out: one line, the path last, never a secret.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    /// A failure that concerns no file.
    pub(super) fn new(message: impl fmt::Display) -> Self {
        Self(escape(&message.to_string()).into_owned())
    }

    /// A failure that concerns a file.
    pub(super) fn at(message: impl fmt::Display, path: &Path) -> Self {
        Self::new(format!("{message}: {}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use std::path::Path;

    #[test]
    fn is_one_harmless_line_with_the_path_last() {
        let failure = Failure::at("cannot read\nthe file", Path::new("a\u{1b}[2J.har"));
        assert_eq!(failure.to_string(), "cannot read\\nthe file: a\\u{1b}[2J.har");
    }
}
