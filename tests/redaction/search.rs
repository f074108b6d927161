//! A searcher of its own: what the program under test calls an encoding is none of its business. A file is looked at as it
//! is, unpacked, and through every decoding that readers know, several of them one inside another.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{Cursor, Read as _};

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Decodings inside decodings are looked at this deep.
pub(crate) const DEEPEST: usize = 3;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Everything that can be read in a file, in lower case.
pub(crate) struct Readable(Vec<Vec<u8>>);

impl Readable {
    /// Looks into a HAR or SAZ file.
    pub(crate) fn of(file: &[u8]) -> Self {
        Self::down_to(DEEPEST, file)
    }

    /// The same, decodings in decodings no deeper than that.
    pub(crate) fn down_to(deepest: usize, file: &[u8]) -> Self {
        let mut seen = HashSet::new();
        let mut views = Vec::new();
        let mut queue: Vec<(Vec<u8>, usize)> =
            members(file).into_iter().map(|member| (member, 0)).collect();
        while let Some((view, depth)) = queue.pop() {
            if view.len() < 8 || !seen.insert(view.clone()) {
                continue;
            }
            if depth < deepest {
                let decodings = [percent, json, entities, narrow, base64, base64_pieces, gzip];
                queue.extend(decodings.iter().map(|decode| (decode(&view), depth + 1)));
            }
            views.push(view.to_ascii_lowercase());
        }
        Self(views)
    }

    /// Whether a text stands anywhere, in whatever case.
    pub(crate) fn holds(&self, text: &str) -> bool {
        let finder = memchr::memmem::Finder::new(text.as_bytes()).into_owned();
        let lower = text.to_ascii_lowercase();
        debug_assert_eq!(lower, text, "ask in lower case");
        self.0.iter().any(|view| finder.find(view).is_some())
    }

    /// The letters between two words, wherever these stand.
    pub(crate) fn between(&self, before: &str, after: &str, letters: usize) -> HashSet<String> {
        let mut found = HashSet::new();
        for view in &self.0 {
            for at in memchr::memmem::find_iter(view, before) {
                let start = at + before.len();
                if let Some(code) = view.get(start..start + letters)
                    && view[start + letters..].starts_with(after.as_bytes())
                {
                    found.insert(String::from_utf8_lossy(code).into_owned());
                }
            }
        }
        found
    }
}

/// The file, and what is packed in it.
fn members(file: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![file.to_vec()];
    if let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(file)) {
        all.push(archive.comment().to_vec());
        for index in 0..archive.len() {
            let mut member = Vec::new();
            let mut reader = archive.by_index(index).unwrap();
            all.push(reader.name().unwrap().as_bytes().to_vec());
            reader.read_to_end(&mut member).unwrap();
            all.push(member);
        }
    }
    all
}

fn percent(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'%') {
        return Vec::new();
    }
    percent_encoding::percent_decode(bytes).collect()
}

/// Undoes backslash escapes wherever they stand.
pub(crate) fn json(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'\\') {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let Some((escape, tail)) = rest.split_first() else { break };
        let digits = match escape {
            b'u' => 4,
            b'x' => 2,
            _ => 0,
        };
        let code = tail
            .get(..digits)
            .filter(|_| digits > 0)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let Some(code) = code {
            let c = char::from_u32(code).unwrap_or('?');
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = &tail[digits..];
        } else {
            out.push(*escape);
            rest = tail;
        }
    }
    out
}

/// Undoes `&amp;`, `&#43;` and `&#x2b;`.
pub(crate) fn entities(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'&') {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    let mut rest: &str = &text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let name = after.split(';').next().unwrap().to_owned();
        let c = match name.as_str() {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            name => {
                let number = name.strip_prefix('#').unwrap_or_default();
                let hex = number.strip_prefix(['x', 'X']);
                hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())
                    .and_then(char::from_u32)
            }
        };
        if let Some(c) = c {
            out.push(c);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out.into_bytes()
}

/// UTF-16 of letters as letters.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&0) {
        return Vec::new();
    }
    bytes.iter().copied().filter(|byte| *byte != 0).collect()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Every run of base64, at each of the four places where its first group may begin.
fn base64(bytes: &[u8]) -> Vec<u8> {
    decoded_runs(bytes, is_base64)
}

/// The same with `/`, `-` and `_` taken for what separates runs.
fn base64_pieces(bytes: &[u8]) -> Vec<u8> {
    decoded_runs(bytes, |byte| byte.is_ascii_alphanumeric() || byte == b'+')
}

fn decoded_runs(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::new();
    for run in bytes.split(|byte| !is_part(*byte)).filter(|run| run.len() >= 12) {
        let plain: Cow<'_, [u8]> = if run.iter().any(|byte| b"-_".contains(byte)) {
            run.iter()
                .map(|byte| match byte {
                    b'-' => b'+',
                    b'_' => b'/',
                    byte => *byte,
                })
                .collect()
        } else {
            run.into()
        };
        for start in 0..4 {
            let piece = &plain[start..];
            let whole = piece.len() - usize::from(piece.len() % 4 == 1);
            if let Ok(decoded) = LENIENT.decode(&piece[..whole]) {
                out.extend_from_slice(&decoded);
                out.push(b'\n');
            }
        }
    }
    out
}

/// What is behind each beginning of a gzip file.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"\x1F\x8B\x08") {
        let _ = flate2::read::GzDecoder::new(&bytes[at..]).read_to_end(&mut out);
    }
    out
}

#[test]
fn the_searcher_finds_what_is_hidden() {
    use crate::spelling::Spelling;
    let value = "zqabcdplanted+&\"é9";
    for outer in [Spelling::Raw, Spelling::PercentAll, Spelling::Json, Spelling::HtmlHex] {
        for inner in [
            Spelling::Raw,
            Spelling::Percent,
            Spelling::PercentAll,
            Spelling::PercentTwice,
            Spelling::Base64,
            Spelling::Base64Url,
            Spelling::Utf16Base64,
            Spelling::Json,
            Spelling::HtmlDecimal,
        ] {
            let file = format!("x/{}.", outer.of(&inner.of(&format!("an{value}"))));
            let found = Readable::of(file.as_bytes());
            assert!(found.holds("zqabcdplanted"), "{outer:?} {inner:?} {file}");
            let codes = found.between("zq", "planted", 4);
            assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["abcd"]);
        }
    }
}
