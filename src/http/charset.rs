//! Bytes as text: by their byte order mark, else by the charset that the message names, else as UTF-8.

use std::borrow::Cow;

/// A text and how it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The charset it was read in, as people write it.
    pub charset: &'static str,
    /// Whether the message names another charset, one that is not known here.
    pub is_guess: bool,
}

/// What bytes 0x80 to 0x9F stand for in windows-1252, which the web also means by ISO-8859-1 (WHATWG Encoding).
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads bytes as text. What cannot be read becomes replacement characters.
pub fn decode<'a>(bytes: &'a [u8], named: Option<&str>) -> Decoded<'a> {
    let known = |text, charset| Decoded { text, charset, is_guess: false };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => return known(utf16(rest, u16::from_le_bytes), "UTF-16"),
        [0xFE, 0xFF, rest @ ..] => return known(utf16(rest, u16::from_be_bytes), "UTF-16"),
        [0xEF, 0xBB, 0xBF, rest @ ..] => return known(String::from_utf8_lossy(rest), "UTF-8"),
        _ => {}
    }
    let named = named.unwrap_or_default().trim().to_ascii_lowercase();
    match named.as_str() {
        "" | "utf-8" | "utf8" | "us-ascii" | "ascii" => {
            known(String::from_utf8_lossy(bytes), "UTF-8")
        }
        // A recorder that wrote the body down anew wrote it as UTF-8 and kept the header.
        _ if !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok() => {
            known(String::from_utf8_lossy(bytes), "UTF-8")
        }
        "utf-16" | "utf-16le" | "unicode" => known(utf16(bytes, u16::from_le_bytes), "UTF-16"),
        "utf-16be" => known(utf16(bytes, u16::from_be_bytes), "UTF-16"),
        "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" => {
            let letter = |b: &u8| match b {
                0x80..=0x9F => {
                    WINDOWS_1252.get(usize::from(b - 0x80)).copied().unwrap_or('\u{fffd}')
                }
                b => char::from(*b),
            };
            known(Cow::Owned(bytes.iter().map(letter).collect()), "windows-1252")
        }
        _ => Decoded {
            text: String::from_utf8_lossy(bytes),
            charset: "UTF-8",
            is_guess: !bytes.is_ascii(),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'static, str> {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_charset_is_followed() {
        let read = |bytes: &[u8], named| {
            let decoded = decode(bytes, Some(named));
            (decoded.text.into_owned(), decoded.charset)
        };
        assert_eq!(read(b"Gr\xfc\xdfe \x80", "ISO-8859-1"), ("Grüße €".to_owned(), "windows-1252"));
        assert_eq!(read("Grüße".as_bytes(), "iso-8859-1"), ("Grüße".to_owned(), "UTF-8"));
        assert_eq!(read(b"h\0i\0", "utf-16"), ("hi".to_owned(), "UTF-16"));
        assert_eq!(read(b"\xEF\xBB\xBFhi", "latin1"), ("hi".to_owned(), "UTF-8"));
        assert!(decode(b"\x83\x65", Some("shift_jis")).is_guess);
        assert!(!decode(b"plain", Some("shift_jis")).is_guess);
    }
}
