//! The ways in which a value can be written down.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A way to write a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Raw,
    /// As a careful encoder writes a parameter.
    Percent,
    /// Every byte escaped, in lower-case digits, as nobody has to and anybody may.
    PercentAll,
    PercentTwice,
    Base64,
    Base64Url,
    /// UTF-16, then base64: Windows' own texts.
    Utf16Base64,
    /// `\u` escapes for every character.
    Json,
    /// Only what JSON must escape.
    JsonPlain,
    /// `&#90;`
    HtmlDecimal,
    /// `&#x5a;`
    HtmlHex,
    /// Only what XML must escape.
    Xml,
}

impl Spelling {
    pub(crate) fn of(self, value: &str) -> String {
        match self {
            Self::Raw => value.to_owned(),
            Self::Percent => percent(value),
            Self::PercentAll => value.bytes().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "%{byte:02x}");
                text
            }),
            Self::PercentTwice => percent(&percent(value)),
            Self::Base64 => STANDARD.encode(value),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(value),
            Self::Utf16Base64 => STANDARD.encode(utf16(value)),
            Self::Json => value.encode_utf16().fold(String::new(), |mut text, unit| {
                let _ = write!(text, "\\u{unit:04X}");
                text
            }),
            Self::JsonPlain => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted.trim_matches('"').to_owned()
            }
            Self::HtmlDecimal => value.chars().fold(String::new(), |mut text, c| {
                let _ = write!(text, "&#{};", u32::from(c));
                text
            }),
            Self::HtmlHex => value.chars().fold(String::new(), |mut text, c| {
                let _ = write!(text, "&#x{:x};", u32::from(c));
                text
            }),
            Self::Xml => quick_xml::escape::escape(value).into_owned(),
        }
    }
}

/// Escapes all but the unreserved characters of RFC 3986.
pub(crate) fn percent(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

pub(crate) fn utf16(value: &str) -> Vec<u8> {
    value.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

impl Spelling {
    /// Reads what [`of`](Self::of) wrote.
    pub(crate) fn undo(self, text: &str) -> String {
        use crate::search::{entities, json};
        let percent = |text: &str| {
            percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
        };
        let base64 = |text: &str| {
            let url = text.replace('+', "-").replace('/', "_");
            URL_SAFE_NO_PAD.decode(url.trim_end_matches('=')).unwrap_or_else(|_| text.into())
        };
        let plain = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        match self {
            Self::Percent | Self::PercentAll => percent(text),
            Self::PercentTwice => percent(&percent(text)),
            Self::Base64 | Self::Base64Url => plain(base64(text)),
            Self::Utf16Base64 => plain(base64(text)).replace('\0', ""),
            Self::Json | Self::JsonPlain if text.contains('\\') => plain(json(text.as_bytes())),
            Self::HtmlDecimal | Self::HtmlHex | Self::Xml if text.contains('&') => {
                plain(entities(text.as_bytes()))
            }
            _ => text.to_owned(),
        }
    }
}
