//! Where tokens stand inside a longer text: a header value, a form, a page, a log.

use std::ops::Range;

use super::Token;

/// Every run in `text` that has the form of a compact token, with the byte range it covers: three base64url parts, the
/// third possibly empty, or five (encrypted), the first starting with `eyJ`, which is `{"` in base64url. A run of
/// that form whose parts hold no JSON comes as [`Token::Opaque`]: it may be a token that was cut or damaged.
///
/// Takes time linear in the text's length; found ranges are in order and never overlap.
pub fn find(text: &str) -> Vec<(Range<usize>, Token)> {
    let mut found = Vec::new();
    let mut start = 0;
    for run in text.split(|c: char| !is_token_char(c)) {
        let skip = escape_len(text.get(..start).unwrap_or_default(), run);
        find_in_run(run.get(skip..).unwrap_or_default(), start + skip, text, &mut found);
        start += run.len();
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// How many characters at a run's start belong to an escape before it: `%20eyJ…` in URLs, `\neyJ…` or `\u0022eyJ…` in
/// JSON and scripts.
fn escape_len(before: &str, run: &str) -> usize {
    let hex = |text: Option<&str>| {
        text.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    match before.chars().next_back() {
        Some('%') if hex(run.get(..2)) => 2,
        Some('\\') if run.starts_with('u') && hex(run.get(1..5)) => 5,
        Some('\\') if run.starts_with(['b', 'f', 'n', 'r', 't']) => 1,
        _ => 0,
    }
}

fn find_in_run(run: &str, start: usize, text: &str, found: &mut Vec<(Range<usize>, Token)>) {
    // Byte ranges of the parts between dots, relative to the text.
    let mut at = start;
    let parts: Vec<Range<usize>> = run
        .split('.')
        .map(|part| {
            let range = at..at + part.len();
            at = range.end + 1;
            range
        })
        .collect();
    let part = |index: usize| parts.get(index).and_then(|range| text.get(range.clone()));
    let mut index = 0;
    while let Some(first) = part(index) {
        let len = if first.starts_with("eyJ") { token_at(index, &parts, text, found) } else { 0 };
        index += len.max(1);
    }
}

/// Takes the token that starts at part `index`; answers how many parts it has, 0 when there is none.
fn token_at(
    index: usize,
    parts: &[Range<usize>],
    text: &str,
    found: &mut Vec<(Range<usize>, Token)>,
) -> usize {
    let run_of = |count: usize| {
        let (first, last) = (parts.get(index)?, parts.get(index + count - 1)?);
        Some(first.start..last.end)
    };
    let is_filled =
        |offset: usize| parts.get(index + offset).is_some_and(|range| !range.is_empty());
    if let Some(range) = run_of(5).filter(|_| is_filled(3)) {
        let token = Token::read(text.get(range.clone()).unwrap_or_default());
        if matches!(token, Token::Encrypted(_)) {
            found.push((range, token));
            return 5;
        }
    }
    let Some(range) = run_of(3).filter(|_| is_filled(1)) else { return 0 };
    let token = Token::read(text.get(range.clone()).unwrap_or_default());
    found.push((range, token));
    3
}

#[cfg(test)]
mod tests {
    use super::super::{Token, example::expand};
    use super::find;
    use proptest::prelude::*;

    const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aXY.dGV4dA.dGFn";

    /// Finds one token in `{before}token{after}` and checks that the range is exact.
    fn found_between(before: &str, after: &str) -> bool {
        let token = expand(r#"{{jwt {"upn":"meg@contoso.com"}}}"#);
        let text = format!("{before}{token}{after}");
        match find(&text).as_slice() {
            [(range, Token::Jwt(_))] => text.get(range.clone()) == Some(token.as_str()),
            _ => false,
        }
    }

    #[test]
    fn finds_tokens_in_what_surrounds_them() {
        for (before, after) in [
            ("", ""),
            ("Authorization: Bearer ", "\r\nHost: mail.contoso.com"),
            ("grant_type=x&assertion=", "&scope=y"),
            ("Bearer%20", "%26"),
            (r#"{"access_token":""#, r#"","expires_in":3599}"#),
            (r#"{\"access_token\":\""#, r#"\","#),
            (r"line\n", r"\r\n"),
            (r"\u0022", r"\u0022"),
            ("100%", "%"),
            (r"C:\", r"\x"),
            ("über ", "…"),
            ("the token is ", "."),
        ] {
            assert!(found_between(before, after), "{before}…{after}");
        }
    }

    #[test]
    fn finds_several_unsigned_and_encrypted_ones() {
        let unsigned = expand(r#"{{jwt {"alg":"none"} {"actortoken":"x"}}}"#);
        let text = format!("{unsigned} {JWE}\n{unsigned}");
        let found = find(&text);
        let texts: Vec<&str> =
            found.iter().filter_map(|(range, _)| text.get(range.clone())).collect();
        assert_eq!(texts, [unsigned.as_str(), JWE, unsigned.as_str()]);
        assert!(matches!(found[1].1, Token::Encrypted(_)));
    }

    #[test]
    fn a_damaged_token_is_found_and_a_word_is_not() {
        let text =
            "eyJhbGciOiJSUzI1NiJ9.eyJhdWQi.c2ln and eyJ alone, eyJhbGci.e, mail.contoso.com, 1.2.3";
        assert_eq!(find(text), [(0..34, Token::Opaque(34))]);
    }

    #[test]
    fn a_megabyte_of_beginnings_takes_no_time() {
        assert!(find(&"eyJ".repeat(400_000)).is_empty());
        assert!(find(&"eyJ.".repeat(250_000)).iter().all(|(_, t)| matches!(t, Token::Opaque(_))));
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_panic(text in "(eyJ|[.\\\\%ué…\"]|.){0,60}") {
            for (range, _) in find(&text) {
                prop_assert!(text.get(range).is_some_and(|t| t.starts_with("eyJ")));
            }
        }
    }
}
