//! Characters and numbers that JSON forbids and recorders write all the same.

use std::fmt::Write as _;

use serde_json::Number;

/// The entry as JSON that parses, if broken characters and numbers were all that was wrong: invalid UTF-8 and halves of
/// surrogate pairs become replacement characters, raw control characters inside strings are escaped; `NaN`, `1e400` and
/// other words outside strings that mean no JSON number become `null`.
pub(super) fn repaired(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json);
    let mut fixed = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            c if !in_string && is_of_word(c) => {
                let rest = chars.as_str();
                let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
                let (behind, after) = rest.split_at_checked(length).unwrap_or_default();
                let word = format!("{c}{behind}");
                fixed.push_str(if is_no_number(&word) { "null" } else { &word });
                chars = after.chars();
            }
            '"' => {
                in_string = !in_string;
                fixed.push(c);
            }
            '\\' if in_string => escape(&mut chars, &mut fixed),
            c if in_string && c.is_ascii_control() => {
                let _ = write!(fixed, "\\u{:04x}", u32::from(c));
            }
            c => fixed.push(c),
        }
    }
    fixed
}

/// The longest number that is kept, in bytes.
const LONGEST_WORD: usize = 400;

/// Whether a character may be part of a number, or of a word such as `true`.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$')
}

/// Whether a word stands for a number without being one in JSON, or is too large for one.
fn is_no_number(word: &str) -> bool {
    let meant = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
        || matches!(word, "NaN" | "Infinity" | "undefined");
    meant && (word.len() > LONGEST_WORD || serde_json::from_str::<Number>(word).is_err())
}

/// Copies one escape, replacing it when it is half a surrogate pair or unknown.
fn escape(chars: &mut std::str::Chars<'_>, fixed: &mut String) {
    match chars.next() {
        Some('u') => {
            let unit = hex4(chars.as_str());
            match unit {
                Some(high @ 0xD800..0xDC00) => {
                    let after = chars.as_str().get(4..).and_then(|rest| rest.strip_prefix("\\u"));
                    if let Some(low @ 0xDC00..0xE000) = after.and_then(hex4) {
                        let _ = write!(fixed, "\\u{high:04x}\\u{low:04x}");
                        skip(chars, 10);
                    } else {
                        fixed.push(char::REPLACEMENT_CHARACTER);
                        skip(chars, 4);
                    }
                }
                Some(0xDC00..0xE000) => {
                    fixed.push(char::REPLACEMENT_CHARACTER);
                    skip(chars, 4);
                }
                Some(unit) => {
                    let _ = write!(fixed, "\\u{unit:04x}");
                    skip(chars, 4);
                }
                None => fixed.push(char::REPLACEMENT_CHARACTER),
            }
        }
        Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => fixed.extend(['\\', c]),
        Some(c) if !c.is_ascii_control() => fixed.extend(['\\', '\\', c]),
        _ => fixed.push(char::REPLACEMENT_CHARACTER),
    }
}

fn hex4(text: &str) -> Option<u16> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

fn skip(chars: &mut std::str::Chars<'_>, count: usize) {
    for _ in 0..count {
        chars.next();
    }
}

#[cfg(test)]
mod tests {
    use super::repaired;
    use proptest::prelude::*;

    fn read(json: &[u8]) -> String {
        serde_json::from_str(&repaired(json)).unwrap()
    }

    #[test]
    fn broken_characters_are_replaced_and_good_ones_kept() {
        assert_eq!(read(br#""a\ud83d\ude00b""#), "a😀b");
        assert_eq!(read(br#""a\ud83db\udc00c""#), "a\u{FFFD}b\u{FFFD}c");
        assert_eq!(read(b"\"a\nb\x01c\xFFd\""), "a\nb\u{1}c\u{FFFD}d");
        assert_eq!(read(br#""C:\dir \"q\" \\""#), "C:\\dir \"q\" \\");
        assert_eq!(read(br#""\u12""#), "\u{FFFD}12");
    }

    #[test]
    fn numbers_that_are_none_become_null() {
        for (json, fixed) in [
            (
                r#"{"time":NaN,"x":[-Infinity,1e400,-1E-5,0.5]}"#,
                r#"{"time":null,"x":[null,null,-1E-5,0.5]}"#,
            ),
            (
                r#"{"a":true,"b":false,"c":null,"d":undefined}"#,
                r#"{"a":true,"b":false,"c":null,"d":null}"#,
            ),
            (r#"{"a":01,"b":+1,"c":"NaN 1e400"}"#, r#"{"a":null,"b":null,"c":"NaN 1e400"}"#),
        ] {
            assert_eq!(repaired(json.as_bytes()), fixed);
        }
    }

    proptest! {
        #[test]
        fn every_string_becomes_valid(inside in r"[a-f0-9u\\\x00-\x1f é]{0,30}") {
            let closed = format!("\"{}\"", inside.trim_end_matches('\\'));
            prop_assert!(serde_json::from_str::<String>(&repaired(closed.as_bytes())).is_ok(), "{}", closed);
        }
    }
}
