//! A tag of HTML or XML and its attributes, on the text itself, so that what is not replaced keeps its bytes.

/// Longest value of an attribute that is looked for, in bytes.
const LONGEST_VALUE: usize = 256 * 1024;

/// An attribute with a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// As written, escapes included.
    pub(super) value: &'a str,
    /// Where the value begins in the text of the tag.
    pub(super) at: usize,
}

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Length of its text, angle brackets included.
    pub(super) length: usize,
}

impl<'a> Tag<'a> {
    /// Reads the tag that a text begins with. Quotation marks may be escaped, as in a string of a program.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=' | '"' | '\'' | '<');
        let inside = text.strip_prefix('<')?;
        let name = inside.get(..inside.find(ends).unwrap_or(inside.len()))?;
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        let mut at = 1 + name.len();
        let mut attributes = Vec::new();
        loop {
            let rest = text.get(at..)?;
            let trimmed = rest.trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '\\' | '=')
            });
            at += rest.len() - trimmed.len();
            match trimmed.chars().next() {
                None | Some('<') => return Some(Self { name, attributes, length: at }),
                Some('>') => return Some(Self { name, attributes, length: at + 1 }),
                Some(_) => {}
            }
            let name = trimmed.get(..trimmed.find(ends).unwrap_or(trimmed.len()))?;
            at += name.len().max(1);
            let rest = text.get(at..)?;
            let Some(after) = rest.trim_start().strip_prefix('=') else { continue };
            let after = after.trim_start();
            let (start, length) = value(after)?;
            at += rest.len() - after.len() + start;
            let value = text.get(at..at + length)?;
            attributes.push(Attribute { name, value, at });
            at += length;
        }
    }

    /// The value of an attribute, by its name without regard to case.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name)).map(|a| a.value)
    }
}

/// Where a value begins behind its `=`, and how long it is. One without an end runs to the end of the text.
fn value(text: &str) -> Option<(usize, usize)> {
    let unescaped = text.trim_start_matches('\\');
    let slashes = text.len() - unescaped.len();
    match unescaped.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let start = slashes + 1;
            let end = text.floor_char_boundary(LONGEST_VALUE.min(text.len()));
            let inside = text.get(start..end.max(start))?;
            let mark = inside.find(quote).unwrap_or(inside.len());
            let value = inside.get(..mark)?;
            Some((start, value.trim_end_matches('\\').len()))
        }
        _ => Some((0, text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len()))),
    }
}

/// The text behind escapes (`&amp;`, `&#43;`), or as it is where these are none.
pub(super) fn unescaped(value: &str) -> String {
    quick_xml::escape::unescape(value)
        .map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::Tag;
    use proptest::prelude::*;

    #[test]
    fn attributes_are_read_in_every_way_of_writing() {
        let text = r#"<INPUT type=hidden NAME='code' checked value = "a>b" data-x/>rest"#;
        let tag = Tag::parse(text).unwrap();
        assert_eq!(
            (tag.name, tag.get("name"), tag.get("value")),
            ("INPUT", Some("code"), Some("a>b"))
        );
        assert_eq!(text.get(tag.length..), Some("rest"));
        let tag = Tag::parse(r#"<input name=\"PPFT\" value=\"x y\"/>"#).unwrap();
        assert_eq!((tag.get("name"), tag.get("value")), (Some("PPFT"), Some("x y")));
        assert_eq!(Tag::parse("<a b='x").unwrap().get("b"), Some("x"));
        assert!(Tag::parse("< b").is_none() && Tag::parse("</a>").is_none());
    }

    proptest! {
        #[test]
        fn values_stand_where_they_say(text in "<[a-z]{1,3}[ =\"'/>a-zé\\\\]{0,40}") {
            if let Some(tag) = Tag::parse(&text) {
                prop_assert!(text.get(..tag.length).is_some());
                for a in &tag.attributes {
                    prop_assert_eq!(text.get(a.at..a.at + a.value.len()), Some(a.value));
                }
            }
        }
    }
}
