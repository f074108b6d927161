//! A message body after every coding of the wire was undone.

use std::borrow::Cow;
use std::sync::Arc;
use std::{fmt, io};

use super::charset::decode;

/// What the capture holds of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum BodyState {
    /// All of it (an empty body included).
    #[default]
    Complete,
    /// The exporter wrote no body although there was one.
    Dropped,
    /// Only its beginning.
    Truncated,
    /// Still coded: the bytes are those of the wire because a coding could not be undone.
    Coded,
}

/// Bytes that stay where the capture has them until somebody looks.
pub trait Distant: fmt::Debug + Send + Sync {
    /// Fetches the decoded bytes. Fails when the file has changed or is gone.
    fn fetch(&self) -> io::Result<Vec<u8>>;

    /// Whether the bytes can still be those that were there when the capture was opened.
    fn intact(&self) -> io::Result<()>;
}

/// A body's decoded bytes and how they stood on the wire. Small bodies are in memory; a large one may lie in the
/// capture's file, from where it is read again each time that somebody looks.
#[derive(Clone, Debug, Default)]
pub struct Body {
    content: Content,
    /// How much of the body this is.
    pub state: BodyState,
    /// Size on the wire in bytes, where the recorder tells.
    pub wire_size: Option<u64>,
}

#[derive(Clone, Debug)]
enum Content {
    Here(Vec<u8>),
    There { length: usize, place: Arc<dyn Distant> },
}

impl Default for Content {
    fn default() -> Self {
        Self::Here(Vec::new())
    }
}

impl Body {
    /// No body, because none was sent.
    pub const fn empty() -> Self {
        Self { content: Content::Here(Vec::new()), state: BodyState::Complete, wire_size: None }
    }

    /// A complete body.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { content: Content::Here(bytes.into()), ..Self::default() }
    }

    /// A complete body of so many decoded bytes that lies elsewhere.
    pub fn distant(length: usize, place: Arc<dyn Distant>) -> Self {
        Self { content: Content::There { length, place }, ..Self::default() }
    }

    /// The same, of which so much was recorded.
    #[must_use]
    pub fn with_state(self, state: BodyState) -> Self {
        Self { state, ..self }
    }

    /// The same, of so many bytes on the wire.
    #[must_use]
    pub fn with_wire_size(self, wire_size: Option<u64>) -> Self {
        Self { wire_size, ..self }
    }

    /// The bytes after de-chunking, decompression and base64 decoding; empty when they lie in a file that can no longer
    /// be read. Where that matters, [`read`](Self::read) tells.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        self.read().unwrap_or_default()
    }

    /// The decoded bytes, or why the file that holds them cannot be read any more.
    pub fn read(&self) -> io::Result<Cow<'_, [u8]>> {
        match &self.content {
            Content::Here(bytes) => Ok(Cow::Borrowed(bytes)),
            Content::There { place, .. } => place.fetch().map(Cow::Owned),
        }
    }

    /// Whether the bytes are in memory, or can still be fetched as they were.
    pub fn intact(&self) -> io::Result<()> {
        match &self.content {
            Content::Here(_) => Ok(()),
            Content::There { place, .. } => place.intact(),
        }
    }

    /// Whether looking at the bytes means reading them from the capture's file.
    pub const fn is_distant(&self) -> bool {
        matches!(self.content, Content::There { .. })
    }

    /// Brings the bytes into memory, so that looking at them again costs nothing.
    pub fn bring(&mut self) {
        if self.is_distant() {
            self.content = Content::Here(self.bytes().into_owned());
        }
    }

    /// Puts other bytes in the place of these.
    pub fn replace(&mut self, bytes: impl Into<Vec<u8>>) {
        self.content = Content::Here(bytes.into());
    }

    /// Whether there are no bytes to look at.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Decoded length in bytes.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Here(bytes) => bytes.len(),
            Content::There { length, .. } => *length,
        }
    }

    /// The body as text: UTF-8, UTF-16 by its byte order mark, anything else with replacement characters.
    pub fn text(&self) -> Cow<'_, str> {
        match self.bytes() {
            Cow::Borrowed(bytes) => decode(bytes, None).text,
            Cow::Owned(bytes) => Cow::Owned(decode(&bytes, None).text.into_owned()),
        }
    }

    /// Whether the bytes read as text: valid UTF-8 without control characters other than line breaks and tabs.
    pub fn is_text(&self) -> bool {
        is_text(&self.bytes())
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.text().trim()).ok()
    }

    /// Fields of an `application/x-www-form-urlencoded` body, decoded, in order.
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.bytes()).into_owned().collect()
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        (self.state, self.wire_size, self.len()) == (other.state, other.wire_size, other.len())
            && self.bytes() == other.bytes()
    }
}

impl Eq for Body {}

/// Whether bytes read as text: valid UTF-8 without control characters other than line breaks and tabs in the beginning.
pub fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| {
        !text.chars().take(4096).any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    })
}

#[cfg(test)]
mod tests {
    use super::{Body, Distant};
    use std::io;
    use std::sync::Arc;

    #[derive(Debug)]
    struct Elsewhere(Option<&'static str>);

    impl Distant for Elsewhere {
        fn fetch(&self) -> io::Result<Vec<u8>> {
            self.0.map(|text| text.as_bytes().to_vec()).ok_or_else(|| io::Error::other("gone"))
        }

        fn intact(&self) -> io::Result<()> {
            self.fetch().map(drop)
        }
    }

    #[test]
    fn a_distant_body_reads_like_one_in_memory() {
        let mut body = Body::distant(3, Arc::new(Elsewhere(Some("a=b"))));
        assert_eq!((body.len(), body.is_text(), body.text().as_ref()), (3, true, "a=b"));
        assert_eq!((body.form()[0].1.as_str(), &body), ("b", &Body::new("a=b")));
        body.replace("c");
        assert!(!body.is_distant() && body.bytes().as_ref() == b"c");
    }

    #[test]
    fn a_distant_body_that_is_gone_says_so() {
        let body = Body::distant(3, Arc::new(Elsewhere(None)));
        assert!(body.read().is_err() && body.intact().is_err());
        assert_eq!((body.bytes().len(), body.text().len(), body.json()), (0, 0, None));
    }

    #[test]
    fn text_follows_the_byte_order_mark() {
        assert_eq!(Body::new(b"\xEF\xBB\xBFhi".as_slice()).text(), "hi");
        assert_eq!(Body::new(b"\xFF\xFEh\0i\0".as_slice()).text(), "hi");
        assert_eq!(Body::new(b"\xFE\xFF\0h\0i".as_slice()).text(), "hi");
        assert!(!Body::new(b"\x03\x01j\x00".as_slice()).is_text());
    }

    #[test]
    fn forms_are_decoded() {
        let body = Body::new("grant_type=refresh_token&resource=https%3A%2F%2Fmail.contoso.com%2F");
        assert_eq!(body.form()[1].1, "https://mail.contoso.com/");
    }
}
