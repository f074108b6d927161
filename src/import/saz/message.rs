//! `_c.txt` and `_s.txt`: a request or a response as it stood on the wire.

use std::borrow::Cow;
use std::sync::Arc;

use super::archive::Archive;
use super::distant::SazBody;
use super::meta::Meta;
use crate::capture::{NoteKind, Request, Response};
use crate::http::{Body, BodyState, Headers};
use crate::import::gather::Oddities;
use crate::import::head::{self, HeaderLines, RequestLine, StatusLine};
use crate::import::shared::SharedTexts;
use crate::import::{Budget, Recorded, content, decode_body, kept_in_memory};

/// What is at hand while the messages of a session are read.
pub(super) struct Context<'a> {
    pub(super) archive: &'a Arc<Archive>,
    pub(super) meta: &'a Meta,
    pub(super) texts: &'a mut SharedTexts,
    pub(super) budget: &'a Budget,
    pub(super) oddities: &'a mut Oddities,
}

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

/// The bytes of a body in a member.
struct Coded<'a> {
    bytes: &'a [u8],
    member: usize,
    /// Where the body begins in the member.
    from: usize,
}

/// Reads a request out of a member.
pub(super) fn request(bytes: &[u8], member: usize, context: &mut Context<'_>) -> Request {
    let (head, body) = split(bytes);
    let mut lines = head.lines();
    let start = lines.next().unwrap_or_default();
    let line = RequestLine::parse(start);
    if line.is_none() {
        context.oddities.add(NoteKind::RequestMissing, "The request has no readable request line");
    }
    let headers = header_lines(lines, context);
    let scheme = match context.meta.https {
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
    let coded = Coded { bytes: body, member, from: bytes.len() - body.len() };
    request.body = decoded(&coded, &headers, bare, context.meta.request_dropped, context);
    request.headers = headers;
    request
}

/// Reads a response out of a member; `None` when it has no status line.
pub(super) fn response(
    bytes: &[u8],
    member: usize,
    hint: RequestHint,
    context: &mut Context<'_>,
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
    let headers = header_lines(rest.lines(), context);
    let bare = hint.no_body || matches!(line.status, 100..200 | 204 | 304);
    let coded = Coded { bytes: body, member, from: bytes.len() - body.len() };
    let body = decoded(&coded, &headers, bare, context.meta.response_dropped, context);
    Some(Response {
        status: line.status,
        reason: line.reason.to_owned(),
        version: line.version.to_owned(),
        headers,
        body,
    })
}

/// Splits at the first empty line. Only the head is text.
fn split(bytes: &[u8]) -> (Cow<'_, str>, &[u8]) {
    let mut line_start = 0;
    for at in memchr::memchr_iter(b'\n', bytes) {
        let line = bytes.get(line_start..at).unwrap_or_default();
        if line.is_empty() || line == b"\r" {
            let head = bytes.get(..line_start).unwrap_or_default();
            return (head::text(head), bytes.get(at + 1..).unwrap_or_default());
        }
        line_start = at + 1;
    }
    (head::text(bytes), &[])
}

fn header_lines<'a>(
    lines: impl Iterator<Item = &'a str> + Clone,
    context: &mut Context<'_>,
) -> Headers {
    let texts = &mut *context.texts;
    let mut strays = 0;
    let mut headers = Headers::with_capacity(lines.clone().count());
    if lines.clone().any(|line| line.starts_with([' ', '\t'])) {
        let mut fields = HeaderLines::default();
        lines.for_each(|line| fields.push(line));
        strays = fields.strays;
        headers = fields.finish();
    } else {
        for line in lines {
            match head::header_line(line) {
                // The pseudo headers of HTTP/2 repeat the start line.
                Some((name, _)) if name.starts_with(':') => {}
                Some((name, value)) => headers.push_shared(texts.get(name), texts.get(value)),
                None => strays += 1,
            }
        }
    }
    if strays > 0 {
        let message =
            format!("{strays} lines among the headers are no headers; they were left out");
        context.oddities.add(NoteKind::FieldRepaired, message);
    }
    headers
}

/// Checks the body against its length and decodes it. `bare` messages have no body, whatever their headers say.
fn decoded(
    coded: &Coded<'_>,
    headers: &Headers,
    bare: bool,
    dropped: bool,
    context: &mut Context<'_>,
) -> Body {
    let length = coded.bytes.len();
    if dropped && length == 0 {
        return Body::empty().with_state(BodyState::Dropped);
    }
    let announced = headers.get("content-length").and_then(|value| value.parse::<u64>().ok());
    let short = !bare
        && !headers.contains("transfer-encoding")
        && announced.is_some_and(|announced| (length as u64) < announced);
    let codings = content::codings(headers);
    let place = |codings| {
        let Coded { member, from, .. } = *coded;
        Arc::new(SazBody { archive: Arc::clone(context.archive), member, from, codings })
    };
    let mut oddities = Vec::new();
    let mut body = if codings.is_empty() && !kept_in_memory(length) {
        Body::distant(length, place(codings)).with_wire_size(Some(length as u64))
    } else {
        let decoded =
            decode_body(coded.bytes.to_vec(), headers, Recorded::OnTheWire, context.budget);
        oddities = decoded.oddities;
        let (body, length) = (&decoded.body, decoded.body.len());
        if kept_in_memory(length) {
            decoded.body
        } else {
            Body::distant(length, place(codings))
                .with_state(body.state)
                .with_wire_size(body.wire_size)
        }
    };
    if short {
        let message = format!(
            "A body ends after {length} of {} announced bytes",
            announced.unwrap_or_default()
        );
        context.oddities.add(NoteKind::BodyTruncated, message);
        oddities.retain(|(kind, _)| *kind != NoteKind::BodyTruncated);
        if body.state == BodyState::Complete {
            body.state = BodyState::Truncated;
        }
    }
    for (kind, message) in oddities {
        context.oddities.add(kind, message);
    }
    body
}
