//! The spellings in which one value may stand in a file.

use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::address::RESERVED;

/// The names of the encodings that are searched, as a receipt lists them.
pub const ENCODINGS: [&str; 6] = ["raw", "percent", "base64", "json", "xml", "utf-16le"];

/// Shortest piece of base64, in characters, that can be told from chance.
const SHORTEST_BASE64: usize = 8;

/// A way in which writers spell a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling(fn(&str) -> String);

impl Spelling {
    const RAW: Self = Self(str::to_owned);
    /// Percent-encoded once and twice, as a form, in JSON, in XML.
    const CODED: [Self; 7] = [
        Self(percent),
        Self(percent_lower),
        Self(form),
        Self(twice),
        Self(json),
        Self(xml),
        Self(xml_numbers),
    ];

    /// The text in this spelling.
    pub(super) fn of(self, text: &str) -> String {
        self.0(text)
    }
}

/// The value as text writers spell it, each spelling once, and how it came about.
pub(super) fn spellings(value: &str) -> Vec<(String, Spelling)> {
    let mut all = vec![(value.to_owned(), Spelling::RAW)];
    // These need no escape anywhere.
    if value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_')) {
        return all;
    }
    for spelling in Spelling::CODED {
        let spelt = spelling.of(value);
        if !all.iter().any(|(known, _)| *known == spelt) {
            all.push((spelt, spelling));
        }
    }
    all
}

/// What of the value's base64 form does not depend on its neighbours, for the three ways it can be aligned, in both
/// alphabets.
pub(super) fn base64_pieces(value: &[u8]) -> Vec<String> {
    let mut pieces = Vec::new();
    for lead in 0..3_usize {
        let mut bytes = vec![0; lead];
        bytes.extend_from_slice(value);
        let text = STANDARD_NO_PAD.encode(&bytes);
        let begin = [0, 2, 3].get(lead).copied().unwrap_or_default();
        let end = bytes.len() / 3 * 4 + [0, 1, 2].get(bytes.len() % 3).copied().unwrap_or_default();
        let Some(piece) = text.get(begin..end).filter(|piece| piece.len() >= SHORTEST_BASE64)
        else {
            continue;
        };
        let url_safe = piece.replace('+', "-").replace('/', "_");
        if url_safe != piece {
            pieces.push(url_safe);
        }
        pieces.push(piece.to_owned());
    }
    pieces
}

/// The text that a text is base64 of, if it is that and nothing else.
pub(super) fn base64_text(text: &str) -> Option<String> {
    /// Shorter texts hold no name and value.
    const SHORTEST: usize = 16;
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b);
    if text.len() < SHORTEST || !text.bytes().all(is_base64) {
        return None;
    }
    let plain = String::from_utf8(base64_engine(text).decode(text).ok()?).ok()?;
    let is_plain = |c: char| !c.is_control() || c.is_whitespace();
    plain.chars().all(is_plain).then_some(plain)
}

/// Whether a run of base64 can be text by its first character: that of a character that can be seen, of a blank, of a byte
/// order mark, or of a character beyond ASCII.
pub(super) fn begins_like_text(run: &str) -> bool {
    run.starts_with(|c: char| matches!(c, 'C' | 'D' | 'I'..='Z' | 'a'..='f' | 'w'..='z' | '0'..='9' | '/' | '_'))
}

/// An engine that writes a run the way it was written. A run that needed no padding says nothing about it; none is
/// written then, because tokens allow none.
pub(super) fn base64_engine(run: &str) -> GeneralPurpose {
    let alphabet: &Alphabet = if run.contains(['-', '_']) {
        &base64::alphabet::URL_SAFE
    } else {
        &base64::alphabet::STANDARD
    };
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(alphabet, config.with_encode_padding(run.ends_with('=')))
}

/// A way to escape characters of which a writer may escape more than it must.
pub(super) struct Escapes {
    /// What every escape begins with.
    pub(super) mark: &'static str,
    /// What ends a word: escapes are undone word by word.
    pub(super) ends: fn(char) -> bool,
    pub(super) decode: fn(&str) -> Option<String>,
    pub(super) encode: fn(&str) -> String,
}

/// The escapes of addresses, of pages, and of programs.
pub(super) const ESCAPES: &[Escapes] = &[
    Escapes {
        mark: "%",
        ends: |c| c.is_whitespace() || matches!(c, '&' | '=' | '?' | '#' | '"' | '\'' | '<' | '>'),
        decode: |word| Some(percent_decode_str(word).decode_utf8().ok()?.into_owned()),
        encode: percent,
    },
    Escapes {
        mark: "&#",
        ends: |c| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'),
        decode: |word| Some(without_references(word)),
        encode: xml,
    },
    Escapes {
        mark: "\\",
        ends: |c| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'),
        decode: without_backslashes,
        encode: json,
    },
];

/// Undoes `&#43;`, `&#x2b;` and the five names of XML; what is none of these stays.
fn without_references(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    plain.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let known = piece.split_once(';').and_then(|(name, rest)| {
            let name = format!("&{name};");
            Some((quick_xml::escape::unescape(&name).ok()?.into_owned(), rest))
        });
        if let Some((c, rest)) = known {
            plain.push_str(&c);
            plain.push_str(rest);
        } else {
            plain.push('&');
            plain.push_str(piece);
        }
    }
    plain
}

/// Undoes `\u0041`, `\x41` and `\/`; `None` when there is no such escape.
fn without_backslashes(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once('\\') {
        units.extend(before.encode_utf16());
        let digits = match after.chars().next() {
            Some('u') => 4,
            Some('x') => 2,
            _ => 0,
        };
        let code = after.get(1..=digits).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        rest = match (code, after.chars().next()) {
            (Some(code), _) => {
                units.push(code);
                after.get(1 + digits..).unwrap_or_default()
            }
            (None, Some(c @ ('/' | '\\'))) => {
                units.push(u16::try_from(u32::from(c)).unwrap_or_default());
                after.get(1..).unwrap_or_default()
            }
            (None, _) => {
                units.push(u16::from(b'\\'));
                after
            }
        };
        found |= code.is_some() || after.starts_with(['/', '\\']);
    }
    units.extend(rest.encode_utf16());
    found.then(|| String::from_utf16_lossy(&units))
}

/// The text of bytes that are UTF-16 of mostly ASCII characters.
pub(super) fn from_utf16(bytes: &[u8]) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let narrow = pairs.iter().filter(|[low, high]| *low != 0 && *high == 0).count();
    if !rest.is_empty() || pairs.len() < 4 || narrow * 4 < pairs.len() * 3 {
        return None;
    }
    let units: Vec<u16> = pairs.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16(&units).ok()
}

/// The value in UTF-16, as Windows writes it.
pub(super) fn utf16(value: &str) -> Vec<u8> {
    value.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn percent(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

fn percent_lower(value: &str) -> String {
    let mut lower = String::new();
    let mut digits = 0;
    for c in percent(value).chars() {
        lower.push(if digits > 0 { c.to_ascii_lowercase() } else { c });
        digits = if c == '%' { 2_u8 } else { digits.saturating_sub(1) };
    }
    lower
}

fn form(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

fn twice(value: &str) -> String {
    percent(&percent(value))
}

fn json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

fn xml(value: &str) -> String {
    quick_xml::escape::escape(value).into_owned()
}

/// Pages escape more than XML must.
fn xml_numbers(value: &str) -> String {
    let mut escaped = String::new();
    for c in value.chars() {
        match c {
            '+' => escaped.push_str("&#43;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push_str(&quick_xml::escape::escape(c.to_string().as_str())),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    #[test]
    fn spellings_are_those_of_the_writers() {
        let all = spellings("a+b c\"&%");
        for spelling in [
            "a%2Bb%20c%22%26%25",
            "a%2bb%20c%22%26%25",
            "a%2Bb+c%22%26%25",
            "a+b c\\\"&%",
            "a+b c&quot;&amp;%",
        ] {
            assert!(all.iter().any(|(s, _)| s == spelling), "{spelling} in {all:?}");
        }
    }

    #[test]
    fn what_needs_no_escape_is_spelt_in_one_way() {
        let value = "aZ09-._";
        assert_eq!(spellings(value).len(), 1);
        assert!(Spelling::CODED.iter().all(|spelling| spelling.of(value) == value));
    }

    proptest! {
        #[test]
        fn a_value_is_found_in_base64_whatever_stands_around_it(before in ".{0,5}", value in "[ -~]{9,20}", after in ".{0,5}") {
            let text = STANDARD.encode(format!("{before}{value}{after}"));
            prop_assert!(base64_pieces(value.as_bytes()).iter().any(|piece| text.contains(piece)));
        }
    }
}
