//! The ways in which a report is written down.

use std::path::Path;

/// A way to write a report down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For a terminal or a mail.
    Text,
    /// For scripts.
    Json,
    /// For a ticket or a wiki.
    Markdown,
    /// One page for a browser or a printer, with the ladder.
    Html,
}

impl Format {
    /// All of them, the one that shows most first.
    pub const ALL: [Self; 4] = [Self::Html, Self::Markdown, Self::Text, Self::Json];

    /// Its name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Json => "JSON",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
        }
    }

    /// What its files' names end in: `md`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
        }
    }

    /// The format that a file's name asks for.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" | "log" => Some(Self::Text),
            "json" => Some(Self::Json),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Format;

    #[test]
    fn a_file_name_asks_for_its_format() {
        for format in Format::ALL {
            let name = format!("outlook.saz.{}", format.extension().to_uppercase());
            assert_eq!(Format::of_path(Path::new(&name)), Some(format));
        }
        assert_eq!(Format::of_path(Path::new("outlook.saz")), None);
    }
}
