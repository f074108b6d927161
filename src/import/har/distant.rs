//! Bodies that stay in the HAR file: a long string, read again when somebody looks.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memchr_iter;

use super::repair::repaired;
use crate::http::{Distant, Headers};
use crate::import::source::Source;
use crate::import::{Budget, Recorded, decode_body};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Characters of a body's beginning that tell whether a coding is still on it; a multiple of four, for base64.
const START: usize = 8192;

/// Where a body lies.
#[derive(Clone, Debug)]
pub(super) struct HarBody {
    pub(super) source: Arc<Source>,
    /// Where its JSON string begins.
    pub(super) at: u64,
    /// Bytes of the JSON string.
    pub(super) length: usize,
    pub(super) is_base64: bool,
    /// The header fields that name codings.
    pub(super) codings: Headers,
}

impl Distant for HarBody {
    fn fetch(&self) -> io::Result<Vec<u8>> {
        self.source.intact()?;
        let json = self.source.piece(self.at, self.length)?;
        let mut bytes = string(&json)?.text.into_bytes();
        if self.is_base64 {
            bytes = base64(&bytes).unwrap_or(bytes);
        }
        let decoded = decode_body(bytes, &self.codings, Recorded::Decoded, &Budget::default());
        decoded.body.read().map(Cow::into_owned)
    }

    fn intact(&self) -> io::Result<()> {
        self.source.intact()
    }
}

/// What a JSON string says.
pub(super) struct Unescaped {
    pub(super) text: String,
    /// Whether broken characters were replaced.
    pub(super) repaired: bool,
}

/// Reads a JSON string, half surrogate pairs included, which a reader of whole entries passes over.
pub(super) fn string(json: &[u8]) -> serde_json::Result<Unescaped> {
    if let Ok(text) = serde_json::from_slice(json) {
        return Ok(Unescaped { text, repaired: false });
    }
    let text = serde_json::from_str(&repaired(json))?;
    Ok(Unescaped { text, repaired: true })
}

/// Either alphabet, with or without padding and line breaks.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(text) {
        return Some(bytes);
    }
    let joined: Vec<u8> = text.iter().copied().filter(|byte| !b"\r\n\t".contains(byte)).collect();
    STANDARD.decode(&joined).or_else(|_| URL_SAFE.decode(&joined)).ok()
}

/// What can be said of a long string without reading it whole.
pub(super) struct Outline {
    /// Decoded length in bytes.
    pub(super) length: usize,
    /// The decoded beginning.
    pub(super) start: Vec<u8>,
}

impl Outline {
    /// Looks at a JSON string with its quotes; `None` when it has to be read to tell.
    pub(super) fn of(raw: &str, is_base64: bool) -> Option<Self> {
        let inside = raw.strip_prefix('"')?.strip_suffix('"')?;
        if is_base64 {
            let digits = inside.trim_end_matches('=');
            let plain = inside.len() - digits.len() <= 2
                && digits.len() % 4 != 1
                && digits.as_bytes().chunks(1024).all(is_base64_text);
            let start = STANDARD.decode(digits.get(..START)?).ok()?;
            return plain.then_some(Self { length: digits.len() * 3 / 4, start });
        }
        let (length, cut) = unescaped_length(inside)?;
        let cut = inside.get(..cut)?;
        let start: String = serde_json::from_str(&format!("\"{cut}\"")).ok()?;
        Some(Self { length, start: start.into_bytes() })
    }
}

/// Whether all bytes are of the standard alphabet; counted, so that many are compared at once.
fn is_base64_text(bytes: &[u8]) -> bool {
    let digits = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte));
    digits.count() == bytes.len()
}

/// The length of a JSON string's content once its escapes are undone, and where about [`START`] it can be cut without
/// cutting an escape. `None` when an escape is half a surrogate pair.
fn unescaped_length(inside: &str) -> Option<(usize, usize)> {
    let bytes = inside.as_bytes();
    let mut cut = inside.floor_char_boundary(START);
    let mut length = bytes.len();
    let mut done = 0;
    for at in memchr_iter(b'\\', bytes) {
        if at < done {
            continue;
        }
        if *bytes.get(at + 1)? == b'u' {
            match hex4(inside, at + 2)? {
                0xD800..0xDC00 => {
                    let low = inside.get(at + 6..at + 8).filter(|escape| *escape == "\\u");
                    low.and_then(|_| hex4(inside, at + 8))
                        .filter(|low| (0xDC00..0xE000).contains(low))?;
                    length -= 8;
                    done = at + 12;
                }
                0xDC00..0xE000 => return None,
                unit => {
                    length -= 6 - char::from_u32(u32::from(unit))?.len_utf8();
                    done = at + 6;
                }
            }
        } else {
            length -= 1;
            done = at + 2;
        }
        if at < cut && done > cut {
            cut = at;
        }
    }
    Some((length, cut))
}

fn hex4(text: &str, at: usize) -> Option<u16> {
    u16::from_str_radix(text.get(at..at + 4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{Outline, STANDARD};
    use base64::Engine as _;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_base64_has_to_be_read() {
        let long = "QUJD".repeat(5000);
        assert_eq!(Outline::of(&format!("\"{long}\""), true).unwrap().length, 15_000);
        for odd in [format!("{long}\\r\\nQUJD"), format!("{long}_"), format!("{long}A")] {
            assert!(Outline::of(&format!("\"{odd}\""), true).is_none(), "{}", odd.len());
        }
        assert!(Outline::of("\"a\\ud800\"", false).is_none());
    }

    proptest! {
        #[test]
        fn an_outline_tells_the_length_and_the_beginning(
            piece in prop_oneof!["[\\\\\"\n\ta-z😀é\u{1}]{1,9}", "(\\\\\\\\){1,3}x?"], times in 1_000_usize..3_000,
        ) {
            let text = piece.repeat(times);
            let json = serde_json::to_string(&text).unwrap();
            for json in [json.clone(), json.replace('😀', "\\ud83d\\ude00").replace('é', "\\u00e9")] {
                let outline = Outline::of(&json, false).unwrap();
                prop_assert_eq!(outline.length, text.len());
                prop_assert!(text.as_bytes().starts_with(&outline.start));
                prop_assert!(outline.start.len() > 100 || text.len() < 200);
            }
            let coded = format!("\"{}\"", STANDARD.encode(&text));
            if let Some(outline) = Outline::of(&coded, true) {
                prop_assert_eq!(outline.length, text.len());
                prop_assert!(text.as_bytes().starts_with(&outline.start));
            }
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced_wherever_the_body_is_read() {
        let json = br#""a\ud800b""#;
        let read = super::string(json).unwrap();
        assert_eq!((read.text.as_str(), read.repaired), ("a\u{FFFD}b", true));
        let place = super::HarBody {
            source: std::sync::Arc::new(crate::import::source::Source::copied(json)),
            at: 0,
            length: json.len(),
            is_base64: false,
            codings: crate::http::Headers::new(),
        };
        assert_eq!(crate::http::Distant::fetch(&place).unwrap(), "a\u{FFFD}b".as_bytes());
    }
}
