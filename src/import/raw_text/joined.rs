//! Header lines that lost their line breaks: on the page of a connectivity test, in a log, in a cell of a table.
//!
//! ```text
//! request-id: 8f25… x-ms-diagnostics: 4000000;reason="…" WWW-Authenticate: Bearer … Date: Wed, 03 Jul 2024 07:44:30 GMT
//! ```

use super::names;

/// From this many known names on, a line is a list of headers, and names unknown so far are believed.
const LIST: usize = 3;

/// Lines longer than this, in bytes, are no pasted list of headers and stay whole.
const LONGEST_LINE: usize = 64 << 10;

/// The longest word that may be a name.
const LONGEST_NAME: usize = 60;

/// The headers of a line, each as a line of its own; the line itself when it holds only one. What stands in quotes never
/// begins a header.
pub(super) fn pieces(line: &str) -> Vec<&str> {
    if line.len() > LONGEST_LINE {
        return vec![line];
    }
    let words = words_before_colons(line);
    if words.len() < 2 {
        return vec![line];
    }
    let mut starts: Vec<usize> = words.iter().filter_map(|(at, word)| known(*at, word)).collect();
    if starts.len() >= LIST {
        starts = words
            .iter()
            .filter_map(|(at, word)| known(*at, word).or_else(|| plausible(word).then_some(*at)))
            .collect();
    }
    if starts.first() != Some(&0) {
        starts.insert(0, 0);
    }
    if starts.len() < 2 {
        return vec![line];
    }
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    let piece = |(start, end): (&usize, usize)| line.get(*start..end).unwrap_or_default().trim();
    starts
        .iter()
        .zip(ends)
        .map(piece)
        .map(|piece| piece.trim_end_matches(',').trim_end())
        .filter(|piece| !piece.is_empty())
        .collect()
}

/// The words that a colon with a blank (or nothing) behind it follows, outside quotes, with the place of each.
fn words_before_colons(line: &str) -> Vec<(usize, &str)> {
    let bytes = line.as_bytes();
    let mut words = Vec::new();
    let mut quoted = false;
    let mut word_start = 0;
    for (at, byte) in bytes.iter().copied().enumerate() {
        if byte == b'"' {
            quoted = !quoted;
        }
        let ends = matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
        if byte == b':' && !quoted && ends && at > word_start {
            words.extend(line.get(word_start..at).map(|word| (word_start, word)));
        }
        if !is_name_byte(byte) {
            word_start = at + 1;
        }
    }
    words
}

/// Where the header starts whose name this word is, or ends with.
fn known(at: usize, word: &str) -> Option<usize> {
    if names::known(word) {
        return Some(at);
    }
    names::known_end(word).map(|name| at + word.len().saturating_sub(name.len()))
}

fn plausible(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.contains('-')
        && word.len() <= LONGEST_NAME
}

/// Characters of field names in use (RFC 9110 §5.6.2 allows a few more).
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

#[cfg(test)]
mod tests {
    use super::pieces;
    use proptest::prelude::*;

    #[test]
    fn headers_on_one_line_come_apart() {
        let line = "HTTP Response Headers: request-id: 8f2514fe x-ms-diagnostics: 4000000;reason=\"Flighting is: Server: x\" X-New: 1 \
            WWW-Authenticate: Bearer client_id=\"0\", error=\"invalid_token\" WWW-Authenticate: Basic realm=\"a: b\" \
            Date: Wed, 03 Jul 2024 07:44:30 GMT Content-Length: 0";
        assert_eq!(
            pieces(line),
            [
                "HTTP Response Headers:",
                "request-id: 8f2514fe",
                "x-ms-diagnostics: 4000000;reason=\"Flighting is: Server: x\"",
                "X-New: 1",
                "WWW-Authenticate: Bearer client_id=\"0\", error=\"invalid_token\"",
                "WWW-Authenticate: Basic realm=\"a: b\"",
                "Date: Wed, 03 Jul 2024 07:44:30 GMT",
                "Content-Length: 0",
            ]
        );
    }

    #[test]
    fn commas_and_nothing_at_all_may_stand_between() {
        assert_eq!(
            pieces("Content-Length: 0, Server: Microsoft-IIS/10.0,WWW-Authenticate: NTLM,"),
            ["Content-Length: 0", "Server: Microsoft-IIS/10.0", "WWW-Authenticate: NTLM"]
        );
        assert_eq!(
            pieces(
                "HTTP/1.1 401 Unauthorizedrequest-id: 33086db3-519e113x-ms-diagnostics: 2000004;error=\"x\"Server: Microsoft-IIS/8.5WWW-Authenticate: Bearer"
            ),
            [
                "HTTP/1.1 401 Unauthorized",
                "request-id: 33086db3-519e113",
                "x-ms-diagnostics: 2000004;error=\"x\"",
                "Server: Microsoft-IIS/8.5",
                "WWW-Authenticate: Bearer"
            ]
        );
    }

    #[test]
    fn one_header_stays_one() {
        for line in [
            "Location: https://login.contoso.com/?a=b: c",
            "X-Note: see X-Other: for more",
            "x-ms-diagnostics: 2000003;reason=\"Server: none, Date: never\"",
            "User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Outlook 16.0)",
            "",
            ": :",
        ] {
            assert_eq!(pieces(line), [line]);
        }
    }

    proptest! {
        #[test]
        fn any_line_is_split_without_panic_or_loss(line in "[a-zé:, \"\n-]{0,60}(Server: |request-id: )?.{0,20}") {
            let joined: usize = pieces(&line).iter().map(|piece| piece.len()).sum();
            prop_assert!(joined <= line.len());
        }
    }
}
