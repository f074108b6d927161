//! `_c.txt` and `_s.txt`: a request or a response as it stood on the wire.

use super::meta::Meta;
use crate::capture::{NoteKind, Request, Response};
use crate::http::{Body, BodyState, Headers};
use crate::import::gather::Oddities;
use crate::import::head::{self, HeaderLines, RequestLine, StatusLine};
use crate::import::{Budget, Recorded, decode_body};

/// What a response needs to know of its request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestHint {
    /// The response to HEAD has no body, whatever its length says; that of CONNECT is the recorder's own text.
    no_body: bool,
}

impl RequestHint {
    pub(super) fn of(request: &Request) -> Self {
        Self { no_body: matches!(request.method.as_str(), "HEAD" | "CONNECT") }
    }
}

/// Reads a request.
pub(super) fn request(
    bytes: Vec<u8>,
    meta: &Meta,
    budget: &Budget,
    oddities: &mut Oddities,
) -> Request {
    let (head, body) = split(bytes);
    let mut lines = head.lines();
    let start = lines.next().unwrap_or_default();
    let line = RequestLine::parse(start);
    if line.is_none() {
        oddities.add(NoteKind::RequestMissing, "The request has no readable request line");
    }
    let headers = header_lines(lines, oddities);
    let scheme = match meta.https {
        Some(true) => "https",
        Some(false) => "http",
        None => head::likely_scheme(&headers),
    };
    let mut request = Request::default();
    if let Some(line) = line {
        line.method.clone_into(&mut request.method);
        line.version.clone_into(&mut request.version);
        request.target = head::absolute(line.target, &headers, scheme);
    }
    let bare = request.method == "CONNECT";
    request.body = decoded(body, &headers, bare, meta.request_dropped, budget, oddities);
    request.headers = headers;
    request
}

/// Reads a response; `None` when it has no status line.
pub(super) fn response(
    bytes: Vec<u8>,
    hint: RequestHint,
    meta: &Meta,
    budget: &Budget,
    oddities: &mut Oddities,
) -> Option<Response> {
    let (mut head, mut body) = split(bytes);
    // Interim answers stand before the final one (RFC 9110 §15.2).
    while StatusLine::parse(&head).is_some_and(|line| matches!(line.status, 100 | 102..200))
        && body.starts_with(b"HTTP/")
    {
        (head, body) = split(body);
    }
    let (start, rest) = head.split_once('\n').unwrap_or((&head, ""));
    let line = StatusLine::parse(start)?;
    let headers = header_lines(rest.lines(), oddities);
    let bare = hint.no_body || matches!(line.status, 100..200 | 204 | 304);
    let body = decoded(body, &headers, bare, meta.response_dropped, budget, oddities);
    Some(Response {
        status: line.status,
        reason: line.reason.to_owned(),
        version: line.version.to_owned(),
        headers,
        body,
    })
}

/// Splits at the first empty line. Only the head is text.
fn split(mut bytes: Vec<u8>) -> (String, Vec<u8>) {
    let mut line_start = 0;
    let mut head_end = bytes.len();
    let mut body_start = bytes.len();
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' {
            let line = bytes.get(line_start..at).unwrap_or_default();
            if line.is_empty() || line == b"\r" {
                head_end = line_start;
                body_start = at + 1;
                break;
            }
            line_start = at + 1;
        }
    }
    let body = bytes.split_off(body_start);
    bytes.truncate(head_end);
    (head::text(&bytes), body)
}

fn header_lines<'a>(lines: impl Iterator<Item = &'a str>, oddities: &mut Oddities) -> Headers {
    let mut fields = HeaderLines::default();
    for line in lines {
        fields.push(line);
    }
    if fields.strays > 0 {
        let message =
            format!("{} lines among the headers are no headers; they were left out", fields.strays);
        oddities.add(NoteKind::FieldRepaired, message);
    }
    fields.finish()
}

/// Checks the body against its length and decodes it. `bare` messages have no body, whatever their headers say.
fn decoded(
    bytes: Vec<u8>,
    headers: &Headers,
    bare: bool,
    dropped: bool,
    budget: &Budget,
    oddities: &mut Oddities,
) -> Body {
    if dropped && bytes.is_empty() {
        return Body::empty().with_state(BodyState::Dropped);
    }
    let announced = headers.get("content-length").and_then(|value| value.parse::<u64>().ok());
    let short = !bare
        && !headers.contains("transfer-encoding")
        && announced.is_some_and(|announced| (bytes.len() as u64) < announced);
    let coded_length = bytes.len();
    let mut decoded = decode_body(bytes, headers, Recorded::OnTheWire, budget);
    if short {
        let message = format!(
            "A body ends after {coded_length} of {} announced bytes",
            announced.unwrap_or_default()
        );
        oddities.add(NoteKind::BodyTruncated, message);
        decoded.oddities.retain(|(kind, _)| *kind != NoteKind::BodyTruncated);
        if decoded.body.state == BodyState::Complete {
            decoded.body.state = BodyState::Truncated;
        }
    }
    for (kind, message) in decoded.oddities {
        oddities.add(kind, message);
    }
    decoded.body
}
