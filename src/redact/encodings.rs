//! The spellings in which one value may stand in a file.

use std::fmt::Write as _;
use std::io::Read;

use base64::Engine as _;
use base64::alphabet::Alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD_NO_PAD};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
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
    const CODED: [Self; 9] = [
        Self(percent),
        Self(percent_lower),
        Self(form),
        Self(twice),
        Self(json),
        Self(xml),
        Self(xml_numbers),
        Self(json_ascii),
        Self(xml_twice),
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

/// Shortest run of base64 that can hold a name and a value.
const SHORTEST_RUN: usize = 16;
/// Shortest message of that kind, in bytes.
const SHORTEST_DEFLATED: usize = 32;
/// Most that is unpacked of a compressed value, in bytes.
const LONGEST_UNPACKED: u64 = 1024 * 1024;

/// What a run of base64 holds.
pub(super) enum Packed {
    /// A text.
    Text(String),
    /// A text in UTF-16, as Windows writes it.
    Wide(String),
    /// A text that was compressed with gzip or deflate.
    Compressed(String),
}

/// The unbroken runs of base64 in a text that are long enough to hold something, and where each begins.
pub(super) fn base64_runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/-_".contains(&b);
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let length = rest.iter().take_while(|b| is_base64(**b)).count();
            let padding = rest.iter().skip(length).take(2).take_while(|b| **b == b'=').count();
            let start = at;
            at += (length + padding).max(1);
            if length >= SHORTEST_RUN {
                return text.get(start..at).map(|run| (start, run));
            }
        }
    })
}

/// What a run of base64 holds, if it holds text.
pub(super) fn packed(run: &str) -> Option<Packed> {
    let bytes = base64_engine(run).decode(run).ok()?;
    if let Some(plain) = std::str::from_utf8(&bytes).ok().filter(|plain| is_plain(plain)) {
        return Some(Packed::Text(plain.to_owned()));
    }
    if let Some(plain) = from_utf16(&bytes).filter(|plain| is_plain(plain)) {
        return Some(Packed::Wide(plain));
    }
    unpacked(&bytes).map(Packed::Compressed)
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || c.is_whitespace())
}

fn unpacked(bytes: &[u8]) -> Option<String> {
    fn text_of(unpacker: impl Read) -> Option<String> {
        let mut plain = Vec::new();
        // What is cut off is looked at as far as it goes.
        let _ = unpacker.take(LONGEST_UNPACKED).read_to_end(&mut plain);
        String::from_utf8(plain).ok().filter(|plain| !plain.is_empty() && is_plain(plain))
    }
    match bytes {
        [0x1F, 0x8B, ..] => text_of(GzDecoder::new(bytes)),
        [0x78, ..] => text_of(ZlibDecoder::new(bytes)),
        // A SAML message: one block, the last, with codes that are fixed (0b01) or its own (0b10). RFC 1951 §3.2.3.
        [first, ..]
            if matches!(first & 0b111, 0b011 | 0b101) && bytes.len() >= SHORTEST_DEFLATED =>
        {
            text_of(DeflateDecoder::new(bytes)).filter(|plain| plain.len() > bytes.len())
        }
        _ => None,
    }
}

/// The text that a text is base64 of, if it is that and nothing else.
pub(super) fn base64_text(text: &str) -> Option<String> {
    Some(text).filter(|text| text.len() >= SHORTEST_RUN).and_then(base64_text_of)
}

/// The same, however short the text is.
pub(super) fn base64_text_of(text: &str) -> Option<String> {
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(&b);
    if !text.bytes().all(is_base64) {
        return None;
    }
    let plain = String::from_utf8(base64_engine(text).decode(text).ok()?).ok()?;
    is_plain(&plain).then_some(plain)
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

/// As writers spell it that keep to ASCII.
fn json_ascii(value: &str) -> String {
    let mut ascii = String::new();
    for c in json(value).chars() {
        if c.is_ascii() {
            ascii.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}

fn xml_twice(value: &str) -> String {
    xml(&xml(value))
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
