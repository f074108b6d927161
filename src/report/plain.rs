//! Recorded text made harmless: nothing in it moves a cursor, rings a bell, turns text around or opens an escape sequence.

use std::borrow::Cow;

use crate::http::is_active;

/// A text with its control characters spelled out: ESC becomes `\u{1b}`, a line end `\n`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => plain.push_str("\\n"),
            '\r' => plain.push_str("\\r"),
            '\t' => plain.push_str("\\t"),
            c if is_active(c) => plain.extend(c.escape_unicode()),
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let text = "✔ Grüße – mail.contoso.com “Bearer”";
        assert_eq!(escape(text), text);
    }

    #[test]
    fn what_acts_on_a_terminal_is_spelled_out() {
        assert_eq!(escape("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(escape("a\r\nb\tc\u{7}"), "a\\r\\nb\\tc\\u{7}");
        assert_eq!(escape("\u{9b}2J\u{7f}"), "\\u{9b}2J\\u{7f}");
        assert_eq!(escape("exe\u{202e}fdp"), "exe\\u{202e}fdp");
    }
}
