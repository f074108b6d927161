//! The head of a message: its start line and header lines (RFC 9112 §2–5), read leniently.

use std::borrow::Cow;

use crate::http::{Headers, Target};

/// A request line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RequestLine<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    /// Empty when not written.
    pub(super) version: &'a str,
}

impl<'a> RequestLine<'a> {
    /// Reads `METHOD target [HTTP/x]`; blanks inside the target are kept.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (method, rest) = line.trim().split_once(' ')?;
        let rest = rest.trim();
        let (target, version) = match rest.rsplit_once(' ') {
            Some((target, version)) if version.starts_with("HTTP/") => (target.trim_end(), version),
            _ => (rest, ""),
        };
        (!target.is_empty()).then_some(Self { method, target, version })
    }

    /// Reads a line that can be nothing but a request line, so that it may end what stands before it.
    pub(super) fn recognise(line: &'a str) -> Option<Self> {
        let line = Self::parse(line)?;
        let word = |c: char| c.is_ascii_uppercase() || matches!(c, '-' | '_');
        let method = (3..=20).contains(&line.method.len()) && line.method.chars().all(word);
        let target = line.target.starts_with("http://")
            || line.target.starts_with("https://")
            || line.target.starts_with('/')
            || (line.target == "*" && line.method == "OPTIONS")
            || (line.method == "CONNECT" && line.target.contains(':'));
        (method && target && !line.target.contains(char::is_whitespace)).then_some(line)
    }
}

/// A status line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StatusLine<'a> {
    pub(super) version: &'a str,
    pub(super) status: u16,
    pub(super) reason: &'a str,
}

impl<'a> StatusLine<'a> {
    /// Reads `HTTP/x status [reason]`.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (version, rest) = line.trim().split_once(' ')?;
        let rest = rest.trim_start();
        let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let three_digits = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
        if !version.starts_with("HTTP/") || !three_digits {
            return None;
        }
        Some(Self { version, status: status.parse().ok()?, reason: reason.trim() })
    }
}

/// Splits `Name: value` or Postman's `Name →value`; `None` when the line is neither.
pub(super) fn header_line(line: &str) -> Option<(&str, &str)> {
    // A name cannot start with the colon, except the pseudo header names of HTTP/2 (RFC 9113 §8.3).
    let from = usize::from(line.starts_with(':'));
    let at =
        line.char_indices().skip(from).find(|(_, c)| matches!(c, ':' | '→')).map(|(at, _)| at)?;
    let (name, rest) = line.split_at_checked(at)?;
    let value = rest.strip_prefix([':', '→'])?;
    let name = name.trim();
    let token = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control());
    token.then_some((name, value.trim()))
}

/// Header lines read one after the other.
#[derive(Debug, Default)]
pub(super) struct HeaderLines {
    fields: Vec<(String, String)>,
    /// Lines that are no header.
    pub(super) strays: usize,
}

impl HeaderLines {
    /// Reads one line; one that starts with a blank continues the field before it (RFC 9112 §5.2).
    pub(super) fn push(&mut self, line: &str) {
        let folded = line.starts_with([' ', '\t']);
        if let (true, Some((_, value))) = (folded, self.fields.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = header_line(line) {
            self.fields.push((name.to_owned(), value.to_owned()));
        } else {
            self.strays += 1;
        }
    }

    /// The fields without the pseudo headers of HTTP/2, which repeat the start line.
    pub(super) fn finish(self) -> Headers {
        self.fields.into_iter().filter(|(name, _)| !name.starts_with(':')).collect()
    }
}

/// The address of a request whose start line may name only a path: its host is then in the `Host` header.
pub(super) fn absolute(target: &str, headers: &Headers, scheme: &str) -> Target {
    match headers.get("host") {
        Some(host) if target.starts_with('/') && !host.is_empty() => {
            Target::new(format!("{scheme}://{host}{target}"))
        }
        _ => Target::new(target),
    }
}

/// The scheme of a request to this `Host` when nothing else tells: Outlook and Exchange speak https everywhere but on
/// port 80.
pub(super) fn likely_scheme(headers: &Headers) -> &'static str {
    if headers.get("host").is_some_and(|host| host.ends_with(":80")) { "http" } else { "https" }
}

/// Bytes of a head as text: UTF-8, or Latin-1 as HTTP once had it.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().copied().map(char::from).collect(), Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::{HeaderLines, RequestLine, StatusLine, absolute, header_line, text};
    use crate::http::Headers;

    #[test]
    fn start_lines_are_read() {
        let line = RequestLine::parse("GET https://mail.contoso.com/a b HTTP/1.1").unwrap();
        assert_eq!(
            (line.method, line.target, line.version),
            ("GET", "https://mail.contoso.com/a b", "HTTP/1.1")
        );
        assert_eq!(RequestLine::parse("POST /mapi/").unwrap().version, "");
        assert_eq!(RequestLine::parse("GET"), None);
        for not_one in ["Get /x", "SELECT name FROM users", "A /x", "GET x", "TO /see the end"] {
            assert_eq!(RequestLine::recognise(not_one), None, "{not_one}");
        }
        let line = StatusLine::parse("HTTP/2 401").unwrap();
        assert_eq!((line.version, line.status, line.reason), ("HTTP/2", 401, ""));
        assert_eq!(
            StatusLine::parse("HTTP/1.1 401 Not Authorized").unwrap().reason,
            "Not Authorized"
        );
        assert_eq!(StatusLine::parse("HTTP/1.1 4x1 no"), None);
    }

    #[test]
    fn header_lines_come_with_colons_and_arrows() {
        assert_eq!(
            header_line("Date →Mon, 29 Jan 2018 19:51:46 GMT"),
            Some(("Date", "Mon, 29 Jan 2018 19:51:46 GMT"))
        );
        assert_eq!(header_line("X: a→b"), Some(("X", "a→b")));
        assert_eq!(header_line(":path: /x"), Some((":path", "/x")));
        assert_eq!(header_line("no header: here"), None);
        assert_eq!(header_line(": x"), None);
        assert_eq!(header_line("→"), None);
    }

    #[test]
    fn folded_values_are_joined_and_pseudo_headers_dropped() {
        let mut lines = HeaderLines::default();
        for line in [":authority: mail.contoso.com", "X-A: one", "\ttwo", "what is this"] {
            lines.push(line);
        }
        assert_eq!(lines.strays, 1);
        let headers = lines.finish();
        assert_eq!((headers.len(), headers.get("x-a")), (1, Some("one two")));
    }

    #[test]
    fn a_path_finds_its_host() {
        let headers: Headers = [("Host", "mail.contoso.com")].into_iter().collect();
        assert_eq!(absolute("/owa/", &headers, "https").as_str(), "https://mail.contoso.com/owa/");
        assert_eq!(absolute("/owa/", &Headers::new(), "https").as_str(), "/owa/");
        assert_eq!(absolute("http://a/", &headers, "https").as_str(), "http://a/");
    }

    #[test]
    fn heads_may_be_latin_1() {
        assert_eq!(text(b"r\xE9sum\xE9"), "résumé");
        assert_eq!(text("résumé".as_bytes()), "résumé");
    }
}
