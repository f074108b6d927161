//! Header fields as recorded: ordered, repeatable, names without case.

use std::sync::Arc;

/// One header field, spelled as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Field name in its recorded spelling. Captures repeat names and values thousands of times: equal ones may share
    /// their memory.
    pub name: Arc<str>,
    /// Field value without surrounding blanks; it may be empty.
    pub value: Arc<str>,
}

/// The header fields of one message in the order of the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<Header>);

impl Headers {
    /// No header fields.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// No header fields, with room for some.
    pub fn with_capacity(fields: usize) -> Self {
        Self(Vec::with_capacity(fields))
    }

    /// Appends a field, trimming blanks around the value.
    pub fn push(&mut self, name: impl Into<Arc<str>>, value: impl AsRef<str>) {
        self.push_shared(name.into(), value.as_ref().trim().into());
    }

    /// Appends a field whose texts are shared. The value must be trimmed.
    pub fn push_shared(&mut self, name: Arc<str>, value: Arc<str>) {
        self.0.push(Header { name, value });
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|h| h.name.eq_ignore_ascii_case(name)).map(|h| &*h.value)
    }

    /// Every value of `name`, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |h| h.name.eq_ignore_ascii_case(name)).map(|h| &*h.value)
    }

    /// The words of a field that lists them, of all fields of this name: `gzip, chunked`.
    pub fn listed<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.get_all(name).flat_map(|v| v.split(',')).map(str::trim).filter(|word| !word.is_empty())
    }

    /// Whether a field of this name was recorded, be its value empty or not.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The fields in the order of the wire.
    pub fn iter(&self) -> std::slice::Iter<'_, Header> {
        self.0.iter()
    }

    /// The fields, to be rewritten in place.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Header> {
        self.0.iter_mut()
    }

    /// Drops every field that does not satisfy `keep`.
    pub fn retain(&mut self, keep: impl FnMut(&Header) -> bool) {
        self.0.retain(keep);
    }

    /// Number of fields.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = &'a Header;
    type IntoIter = std::slice::Iter<'a, Header>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Headers {
    type Item = &'a mut Header;
    type IntoIter = std::slice::IterMut<'a, Header>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<N: Into<Arc<str>>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        for (name, value) in fields {
            headers.push(name, value);
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::Headers;

    #[test]
    fn names_have_no_case_and_repeats_keep_their_order() {
        let headers: Headers = [
            ("WWW-Authenticate", "Bearer"),
            ("Server", "IIS"),
            ("Www-Authenticate", " Basic realm=\"x\" "),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            headers.get_all("www-authenticate").collect::<Vec<_>>(),
            ["Bearer", "Basic realm=\"x\""]
        );
        assert_eq!(headers.get("SERVER"), Some("IIS"));
        assert!(!headers.contains("Authorization"));
        let codings: Headers = [("TE", "a, b"), ("te", ",c ")].into_iter().collect();
        assert_eq!(codings.listed("te").collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
