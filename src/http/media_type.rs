//! `Content-Type` (RFC 9110 §8.3): what a body says it is.

use super::Headers;

/// A media type and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MediaType {
    essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// The type that the header fields of a message name; empty when they name none.
    pub fn of(headers: &Headers) -> Self {
        headers.get("content-type").map(Self::parse).unwrap_or_default()
    }

    /// Reads a field's value.
    pub fn parse(value: &str) -> Self {
        let mut parts = split(value).into_iter();
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let parameters = parts
            .filter_map(|part| {
                let (name, value) = part.split_once('=')?;
                Some((name.trim().to_ascii_lowercase(), unquoted(value.trim())))
            })
            .collect();
        Self { essence, parameters }
    }

    /// `text/html`, in lower case and without parameters.
    pub fn essence(&self) -> &str {
        &self.essence
    }

    /// A parameter's value as recorded: the boundary of a multipart body is told apart by case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Splits at semicolons outside quotation marks.
fn split(value: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in value.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => {
                parts.extend(value.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(value.get(start..));
    parts
}

fn unquoted(value: &str) -> String {
    match value.strip_prefix('"') {
        Some(inner) => inner.split('"').next().unwrap_or_default().to_owned(),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn type_and_parameters_are_read() {
        let kind = MediaType::parse("Multipart/Form-Data; charset=UTF-8; Boundary=\"a;B\"");
        assert_eq!(kind.essence(), "multipart/form-data");
        assert_eq!(
            (kind.parameter("BOUNDARY"), kind.parameter("charset")),
            (Some("a;B"), Some("UTF-8"))
        );
        assert_eq!(MediaType::parse("").essence(), "");
        assert_eq!(MediaType::parse("text/html; charset=").parameter("charset"), None);
    }
}
