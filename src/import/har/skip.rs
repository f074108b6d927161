//! Passing over JSON without reading it: where a value ends.

use memchr::memchr2;

/// The end of the value that starts here; `None` when the bytes end before it does, or no value starts here.
pub(super) fn skip_value(json: &[u8], start: usize) -> Option<usize> {
    match json.get(start)? {
        b'"' => skip_string(json, start),
        b'{' | b'[' => skip_nested(json, start),
        _ => {
            let rest = json.get(start..)?;
            let length = rest.iter().position(|byte| {
                matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace()
            })?;
            (length > 0).then_some(start + length)
        }
    }
}

fn skip_nested(json: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        let rest = json.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))?;
        match json.get(at)? {
            b'"' => {
                at = skip_string(json, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            _ => depth -= 1,
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// The end of the string that starts here.
pub(super) fn skip_string(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = json.get(at..)?;
        let found = match quick(rest) {
            Some(found) => found,
            None => memchr2(b'"', b'\\', rest)?,
        };
        at += found;
        if json.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Most strings are short: their first bytes are looked at, eight at a time, before a search that takes longer to begin.
fn quick(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().take(4).enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ repeated(b'"')) | zero_bytes(word ^ repeated(b'\\'));
        if found != 0 {
            return Some(number * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    None
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte that is zero; above the lowest such byte there may be wrong ones.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(repeated(0x01)) & !word & repeated(0x80)
}

#[cfg(test)]
mod tests {
    use super::{skip_string, skip_value};
    use proptest::prelude::*;

    #[test]
    fn values_end_where_they_end() {
        for (json, end) in [
            (r#""a" "#, Some(3)),
            (r#"{"a":[1,"}"]}x"#, Some(13)),
            ("12,", Some(2)),
            ("12", None),
            (",", None),
            (r#"["a"#, None),
            ("", None),
        ] {
            assert_eq!(skip_value(json.as_bytes(), 0), end, "{json}");
        }
    }

    proptest! {
        #[test]
        fn strings_end_at_their_quote(inside in r#"([a-z "\\/é]|x{30,70}){0,12}"#) {
            let json = serde_json::to_string(&inside).unwrap();
            let text = format!("{json},\"more\\\" text that does not count\"");
            prop_assert_eq!(skip_string(text.as_bytes(), 0), Some(json.len()));
        }
    }
}
