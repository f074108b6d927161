//! Header lines pasted without a request or status line: Postman's list, a PowerShell dump, the page of a connectivity
//! test.

use std::borrow::Cow;

use super::message::Message;
use super::pasted::plain_quotes;
use super::{alternate, joined, names};
use crate::capture::NoteKind;
use crate::http::{Body, Target};
use crate::import::gather::Oddities;
use crate::import::head::{HeaderLines, header_line};

/// Which message such lines belong to.
#[derive(Debug)]
pub(super) enum Headless {
    Request(Message),
    /// An answer, and the address that the text around it says was asked.
    Response(Message, Option<String>),
    /// Both, as a browser's developer tools show them.
    Both(Message, Message),
}

/// What stands above a list of headers, in lower case.
const HEADINGS: [&str; 6] = [
    "http response headers:",
    "http request headers:",
    "headers received:",
    "response headers:",
    "response headers",
    "request headers",
];

/// Reads the lines; `None` when no known header is among them. A challenge comes with status 401 (RFC 9110 §11.6.1), so
/// that is the status taken for it when the lines name none.
pub(super) fn read(lines: &[String], oddities: &mut Oddities) -> Option<Headless> {
    let lines: Vec<&str> = lines.iter().flat_map(|line| joined::pieces(line)).collect();
    let paired = alternate::joined(&lines);
    let lines = paired.as_ref().map_or(lines, |paired| paired.iter().map(String::as_str).collect());
    let heading = lines.iter().position(|line| after_heading(line).is_some());
    let (prose, rest) = lines.split_at_checked(heading.unwrap_or(0)).unwrap_or((&[], &lines));

    let shape = Shape::of(rest);
    let (mut fields, mut asked) = (HeaderLines::default(), HeaderLines::default());
    let (mut is_response, mut is_request, mut asking) = (false, false, false);
    let (mut said, mut address) = (None, None);
    for line in rest {
        if after_heading(line).is_some() {
            asking = line.to_ascii_lowercase().contains("request");
        }
        let line = after_heading(line).unwrap_or(line);
        let fields = if asking { &mut asked } else { &mut fields };
        let plain = plain_quotes(line);
        let Some((name, value)) = shape.field(plain.trim()) else {
            // What begins with a blank goes on with the value above (RFC 9112 §5.2).
            if line.starts_with([' ', '\t']) {
                fields.push(&plain);
            } else {
                said = said.or_else(|| status_in(line));
                address = address.or_else(|| address_in(line));
            }
            continue;
        };
        if name.eq_ignore_ascii_case("status") || name.eq_ignore_ascii_case(":status") {
            said = value.get(..3).and_then(three_digits);
            is_response |= said.is_some();
            continue;
        }
        is_response |= !asking && names::of_response(name);
        is_request |= names::of_request(name);
        fields.push(&format!("{name}: {value}"));
    }
    if !is_response && !is_request {
        return None;
    }
    let (mut headers, asked) = (fields.finish(), asked.finish());
    if !is_response {
        headers = headers.iter().chain(asked.iter()).map(|h| (&*h.name, &*h.value)).collect();
    }
    let said = said.or_else(|| prose.iter().rev().find_map(|line| status_in(line)));
    let challenged = headers.contains("www-authenticate");
    let message = |start: String| Message { start, headers, body: Body::empty() };
    let address = address.or_else(|| prose.iter().rev().find_map(|line| address_in(line)));
    let answer = match said {
        Some(status) if is_response => {
            let text =
                "The headers have no status line; the status was taken from the text around them";
            oddities.add(NoteKind::FieldRepaired, text);
            message(format!("HTTP/1.1 {status}"))
        }
        None if challenged => {
            let text =
                "The headers have no status line; 401 was taken, since they hold a challenge";
            oddities.add(NoteKind::FieldRepaired, text);
            message("HTTP/1.1 401".to_owned())
        }
        _ if is_response => {
            oddities.add(NoteKind::FieldRepaired, "The headers have no status line");
            message(String::new())
        }
        _ => {
            oddities.add(NoteKind::FieldRepaired, "The headers have no request line");
            return Some(Headless::Request(message(String::new())));
        }
    };
    Some(match address {
        Some(address) if !asked.is_empty() => {
            let method = prose.iter().find_map(|line| method_in(line)).unwrap_or("GET");
            let text = "The request was put together from the lines around its headers";
            oddities.add(NoteKind::FieldRepaired, text);
            let start = format!("{method} {address}");
            Headless::Both(Message { start, headers: asked, body: Body::empty() }, answer)
        }
        address => Headless::Response(answer, address),
    })
}

/// The method in a line of a browser's developer tools: `Request Method: POST`.
fn method_in(line: &str) -> Option<&str> {
    let (name, method) = line.split_once(':')?;
    let method = method.trim();
    let word = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    (word && name.trim().eq_ignore_ascii_case("Request Method")).then_some(method)
}

/// Whether a line is nothing but a heading.
pub(super) fn is_heading(line: &str) -> bool {
    after_heading(line).is_some_and(str::is_empty)
}

/// What stands behind a heading on its line.
fn after_heading(line: &str) -> Option<&str> {
    let line = line.trim();
    HEADINGS.iter().find_map(|heading| {
        let (start, rest) = line.split_at_checked(heading.len())?;
        start.eq_ignore_ascii_case(heading).then_some(rest)
    })
}

/// The address that a sentence names: `for URL https://mail.contoso.com/Microsoft-Server-ActiveSync/.`
fn address_in(line: &str) -> Option<String> {
    let word = line
        .split_whitespace()
        .map(|word| word.trim_start_matches(['<', '(', '[', '"', '\'']))
        .find(|word| word.starts_with("https://") || word.starts_with("http://"))?;
    let address = word.trim_end_matches(['.', ',', ';', ':', ')', ']', '>', '"', '\'']);
    (!Target::new(address).host().is_empty()).then(|| address.to_owned())
}

/// How names and values are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// `Name: value` or `Name →value`.
    Colon,
    /// `Name=value`, as PowerShell prints a dictionary.
    Equals,
    /// `Name value` in two columns, as PowerShell prints a table.
    Columns,
}

impl Shape {
    /// The shape in which more of the known names stand.
    fn of(lines: &[&str]) -> Self {
        let count = |shape: Self| {
            let known = |line: &&&str| {
                let line = after_heading(line).unwrap_or(line);
                shape.field(line.trim()).is_some_and(|(name, _)| names::known(name))
            };
            lines.iter().filter(known).count()
        };
        // The last of equals wins: colons are the usual.
        [Self::Columns, Self::Equals, Self::Colon]
            .into_iter()
            .max_by_key(|shape| count(*shape))
            .unwrap_or(Self::Colon)
    }

    fn field(self, line: &str) -> Option<(&str, &str)> {
        let token = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        match self {
            Self::Colon => {
                header_line(line).filter(|(name, _)| token(name.trim_start_matches(':')))
            }
            Self::Equals => line
                .split_once('=')
                .map(|(name, value)| (name.trim(), value.trim()))
                .filter(|(name, _)| token(name)),
            Self::Columns => line
                .split_once(char::is_whitespace)
                .map(|(name, value)| (name, value.trim()))
                .filter(|(name, _)| names::known(name)),
        }
    }
}

/// The status that a sentence names: `HTTP 401 Unauthorized`, `Status Code: 401`, `(401) Unauthorized`.
fn status_in(line: &str) -> Option<u16> {
    let lower: Cow<'_, str> = line.to_ascii_lowercase().into();
    let behind = |word: &str| {
        lower.match_indices(word).find_map(|(at, _)| {
            let rest = lower.get(at + word.len()..)?.trim_start_matches([':', ' ', '=', '(']);
            three_digits(rest.get(..3)?)
        })
    };
    behind("http ").or_else(|| behind("status")).or_else(|| behind("status code")).or_else(|| {
        lower.match_indices('(').find_map(|(at, _)| {
            let inside = lower.get(at + 1..at + 5)?;
            three_digits(inside.strip_suffix(')')?)
        })
    })
}

fn three_digits(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|status| digits && (100..600).contains(status))
}

#[cfg(test)]
mod tests {
    use super::{Shape, address_in, status_in};

    #[test]
    fn sentences_name_a_status() {
        for (line, status) in [
            ("An HTTP 401 Unauthorized response was received from the remote server.", Some(401)),
            ("The remote server returned an error: (403) Forbidden.", Some(403)),
            ("Status: 503 Service Unavailable", Some(503)),
            ("Status Code: 456", Some(456)),
            ("HTTP é", None),
            ("(12345)", None),
            ("we waited (900) seconds", None),
        ] {
            assert_eq!(status_in(line), status, "{line}");
        }
    }

    #[test]
    fn sentences_name_an_address() {
        for (line, address) in [
            ("Testing URL https://mail.contoso.com/owa/.", Some("https://mail.contoso.com/owa/")),
            ("(see <http://a.example/x?y=1>)", Some("http://a.example/x?y=1")),
            ("https://", None),
            ("authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"", None),
            ("mail.contoso.com", None),
        ] {
            assert_eq!(address_in(line).as_deref(), address, "{line}");
        }
    }

    #[test]
    fn the_known_names_tell_the_shape() {
        assert_eq!(Shape::of(&["Server: x", "a=b"]), Shape::Colon);
        assert_eq!(Shape::of(&["Server=x", "Location=https://a/"]), Shape::Equals);
        assert_eq!(Shape::of(&["Key    Value", "Server Microsoft-IIS/10.0"]), Shape::Columns);
        assert_eq!(Shape::of(&[]), Shape::Colon);
    }
}
