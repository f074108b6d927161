//! A message body after every coding of the wire was undone.

use std::borrow::Cow;

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

/// A body's decoded bytes and how they stood on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The bytes after de-chunking, decompression and base64 decoding.
    pub bytes: Vec<u8>,
    /// How much of the body this is.
    pub state: BodyState,
    /// Size on the wire in bytes, where the recorder tells.
    pub wire_size: Option<u64>,
}

impl Body {
    /// No body, because none was sent.
    pub const fn empty() -> Self {
        Self { bytes: Vec::new(), state: BodyState::Complete, wire_size: None }
    }

    /// A complete body.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }

    /// Whether there are no bytes to look at.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Decoded length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The body as text: UTF-8, UTF-16 by its byte order mark, anything else with replacement characters.
    pub fn text(&self) -> Cow<'_, str> {
        match self.bytes.as_slice() {
            [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf16(rest, u16::from_le_bytes)),
            [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf16(rest, u16::from_be_bytes)),
            [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest),
            bytes => String::from_utf8_lossy(bytes),
        }
    }

    /// Whether the bytes read as text: valid UTF-8 without control characters other than line breaks and tabs.
    pub fn is_text(&self) -> bool {
        std::str::from_utf8(&self.bytes).is_ok_and(|text| {
            !text.chars().take(4096).any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        })
    }

    /// The body as JSON, if it is JSON.
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_str(self.text().trim()).ok()
    }

    /// Fields of an `application/x-www-form-urlencoded` body, decoded, in order.
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.bytes).into_owned().collect()
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::Body;

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
