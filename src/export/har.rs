//! HTTP Archive 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>). Headers stay as on the wire, bodies are decoded,
//! as the format defines. A session's number is its position, so gaps in the numbers close.

use std::borrow::Cow;
use std::convert::Infallible;
use std::io::{self, Write};
use std::num::NonZero;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use super::VERSION;
use crate::capture::{Capture, Request, Response, Session, Timing};
use crate::cores;
use crate::http::{Body, BodyState, Headers, Target, request_cookies, response_cookies};
use crate::redact::RedactedCapture;

/// Sessions that a core writes at a time.
const BLOCK: usize = 128;
/// Blocks that are in memory at once.
const BLOCKS: usize = 32;

/// The capture as a HAR file.
pub fn write(redacted: &RedactedCapture) -> Vec<u8> {
    let mut out = Vec::new();
    let written = write_to(redacted, &mut out);
    debug_assert!(written.is_ok(), "writing to memory cannot fail");
    out
}

/// Writes the capture as a HAR file, on all cores.
pub(super) fn write_to(redacted: &RedactedCapture, out: &mut dyn Write) -> io::Result<()> {
    let capture = redacted.capture();
    let mut head = br#"{"log":{"version":"1.2","creator":"#.to_vec();
    append(&mut head, &Creator::of(capture));
    out.write_all(&head)?;
    out.write_all(b",\"entries\":[")?;
    // A capture without any time begins where computers begin to count.
    let mut clock = capture.started().unwrap_or(DateTime::UNIX_EPOCH);
    let mut separator = "\n";
    for sessions in capture.sessions.chunks(BLOCK * BLOCKS) {
        let blocks: Vec<_> = sessions
            .chunks(BLOCK)
            .map(|block| {
                let begin = clock;
                clock = block.iter().rev().find_map(|s| s.started).unwrap_or(clock);
                (block, begin)
            })
            .collect();
        let Ok(texts) =
            cores::map(&blocks, NonZero::<usize>::MIN, &|| Ok::<(), Infallible>(()), entries);
        for text in texts {
            out.write_all(separator.as_bytes())?;
            out.write_all(&text)?;
            separator = ",\n";
        }
    }
    out.write_all(b"\n]}}\n")
}

/// The entries of some sessions, of which the first began at a time if it does not say when.
fn entries((sessions, begin): &(&[Session], DateTime<Utc>)) -> Vec<u8> {
    let mut out = Vec::new();
    let mut clock = *begin;
    for (at, session) in sessions.iter().enumerate() {
        clock = session.started.unwrap_or(clock);
        if at > 0 {
            out.extend_from_slice(b",\n");
        }
        append(&mut out, &Entry::of(session, clock));
    }
    out
}

/// Whether sessions get other numbers than they had.
pub fn renumbers(capture: &Capture) -> bool {
    capture.sessions.iter().zip(1_u32..).any(|(session, position)| session.id.0 != position)
}

fn append(out: &mut Vec<u8>, value: &impl Serialize) {
    let written = serde_json::to_writer(&mut *out, value);
    debug_assert!(written.is_ok(), "writing texts and numbers to memory cannot fail");
}

#[derive(Serialize)]
struct Creator {
    name: &'static str,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl Creator {
    fn of(capture: &Capture) -> Self {
        let comment = capture.creator.as_ref().map(|recorder| format!("recorded by {recorder}"));
        Self { name: "hma-trace", version: VERSION, comment }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    started_date_time: String,
    time: f64,
    request: AsRequest<'a>,
    response: AsResponse<'a>,
    cache: Cache,
    timings: Timings,
    #[serde(rename = "serverIPAddress", skip_serializing_if = "Option::is_none")]
    server_address: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    #[serde(rename = "_process", skip_serializing_if = "Option::is_none")]
    process: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(session: &'a Session, started: DateTime<Utc>) -> Self {
        Self {
            started_date_time: instant(started),
            time: session.timing.total.map_or(0.0, milliseconds),
            request: AsRequest::of(&session.request),
            response: AsResponse::of(session.response.as_ref(), session.error.as_deref()),
            cache: Cache {},
            timings: Timings::of(&session.timing),
            server_address: session.server_address.as_deref(),
            comment: session.comment.as_deref(),
            process: session.process.as_deref(),
        }
    }
}

/// What a browser had in its cache: never known.
#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AsRequest<'a> {
    method: &'a str,
    url: &'a str,
    http_version: &'a str,
    cookies: Vec<Pair<'a>>,
    headers: Vec<Pair<'a>>,
    query_string: Vec<Pair<'a>>,
    headers_size: i64,
    body_size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData<'a>>,
}

impl<'a> AsRequest<'a> {
    fn of(request: &'a Request) -> Self {
        let mime_type = request.headers.get("content-type").unwrap_or_default();
        let post_data = || PostData { mime_type, text: Text::of(&request.body) };
        Self {
            method: &request.method,
            url: request.target.as_str(),
            http_version: &request.version,
            cookies: Pair::all(
                request_cookies(&request.headers).into_iter().map(|c| (c.name, c.value)),
            ),
            headers: Pair::fields(&request.headers),
            query_string: Pair::query(&request.target),
            headers_size: -1,
            body_size: size(&request.body),
            post_data: (!request.body.is_empty()).then(post_data),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData<'a> {
    mime_type: &'a str,
    #[serde(flatten)]
    text: Text<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AsResponse<'a> {
    status: u16,
    status_text: &'a str,
    http_version: &'a str,
    cookies: Vec<Pair<'a>>,
    headers: Vec<Pair<'a>>,
    content: Content<'a>,
    #[serde(rename = "redirectURL")]
    redirect_url: &'a str,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> AsResponse<'a> {
    fn of(response: Option<&'a Response>, error: Option<&'a str>) -> Self {
        let Some(response) = response else {
            return Self {
                status: 0,
                status_text: "",
                http_version: "",
                cookies: Vec::new(),
                headers: Vec::new(),
                content: Content {
                    size: 0,
                    mime_type: "",
                    text: Some(Text::default()),
                    comment: None,
                },
                redirect_url: "",
                headers_size: -1,
                body_size: 0,
                error,
            };
        };
        Self {
            status: response.status,
            status_text: &response.reason,
            http_version: &response.version,
            cookies: Pair::all(
                response_cookies(&response.headers).into_iter().map(|c| (c.name, c.value)),
            ),
            headers: Pair::fields(&response.headers),
            content: Content::of(response),
            redirect_url: response.headers.get("location").unwrap_or_default(),
            headers_size: -1,
            body_size: size(&response.body),
            error,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    size: u64,
    mime_type: &'a str,
    #[serde(flatten)]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

impl<'a> Content<'a> {
    fn of(response: &'a Response) -> Self {
        let body = &response.body;
        let dropped = body.state == BodyState::Dropped;
        let cut = body.state == BodyState::Truncated;
        Self {
            // A size without a text says that there was a body.
            size: if dropped { body.wire_size.unwrap_or(1).max(1) } else { body.len() as u64 },
            mime_type: response.headers.get("content-type").unwrap_or_default(),
            text: (!dropped).then(|| Text::of(body)),
            comment: cut.then_some("the recorder kept only the beginning"),
        }
    }
}

/// A body's text; bytes that are no text are base64, as `encoding` says.
#[derive(Default, Serialize)]
struct Text<'a> {
    text: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
}

impl<'a> Text<'a> {
    fn of(body: &'a Body) -> Self {
        match body.bytes() {
            Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Self { text: text.into(), encoding: None },
                Err(_) => Self::coded(bytes),
            },
            Cow::Owned(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self { text: text.into(), encoding: None },
                Err(no_text) => Self::coded(no_text.as_bytes()),
            },
        }
    }

    fn coded(bytes: &[u8]) -> Self {
        Self { text: STANDARD.encode(bytes).into(), encoding: Some("base64") }
    }
}

/// A header field, a cookie or a parameter.
#[derive(Serialize)]
struct Pair<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

impl<'a> Pair<'a> {
    fn fields(headers: &'a Headers) -> Vec<Self> {
        headers
            .iter()
            .map(|field| Self { name: (&*field.name).into(), value: (&*field.value).into() })
            .collect()
    }

    fn query(target: &Target) -> Vec<Self> {
        Self::all(target.query_pairs().into_iter())
    }

    fn all(pairs: impl Iterator<Item = (String, String)>) -> Vec<Self> {
        pairs.map(|(name, value)| Self { name: name.into(), value: value.into() }).collect()
    }
}

#[derive(Serialize)]
struct Timings {
    blocked: i8,
    dns: f64,
    connect: f64,
    ssl: f64,
    send: f64,
    wait: f64,
    receive: f64,
}

impl Timings {
    fn of(timing: &Timing) -> Self {
        let known = |part: Option<TimeDelta>| part.map_or(0.0, milliseconds);
        Self {
            blocked: -1,
            dns: timing.dns.map_or(-1.0, milliseconds),
            // Connecting holds looking the host up, which a HAR tells apart, and the handshake, which it does not.
            connect: timing.connect.map_or(-1.0, |connect| {
                milliseconds((connect - timing.dns.unwrap_or_default()).max(TimeDelta::zero()))
            }),
            ssl: timing.tls.map_or(-1.0, milliseconds),
            send: known(timing.send),
            wait: known(timing.wait),
            receive: known(timing.receive),
        }
    }
}

fn size(body: &Body) -> i64 {
    body.wire_size.map_or_else(
        || if body.is_empty() && body.state == BodyState::Complete { 0 } else { -1 },
        |size| i64::try_from(size).unwrap_or(-1),
    )
}

fn milliseconds(delta: TimeDelta) -> f64 {
    delta.num_microseconds().map_or(0.0, |micros| micros as f64 / 1000.0)
}

fn instant(at: DateTime<Utc>) -> String {
    let whole = at.timestamp_subsec_nanos().is_multiple_of(1_000_000);
    at.to_rfc3339_opts(if whole { SecondsFormat::Millis } else { SecondsFormat::Nanos }, true)
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, instant, renumbers, write};
    use crate::capture::{Capture, Format, Response, Session, SessionId};
    use crate::http::{Body, Target};
    use crate::redact::RedactedCapture;
    use chrono::DateTime;
    use serde_json::Value;

    #[test]
    fn a_session_without_a_time_begins_when_the_one_before_began() {
        let mut capture = Capture::new("a.har", Format::Har);
        for number in 1..=3 * u32::try_from(BLOCK).unwrap() {
            let mut session = Session::new(SessionId(number));
            session.started = (number % 100 == 7)
                .then(|| DateTime::from_timestamp(i64::from(number), 0))
                .flatten();
            capture.sessions.push(session);
        }
        let har: Value =
            serde_json::from_slice(&write(&RedactedCapture::of_synthetic(capture))).unwrap();
        for (at, entry) in har["log"]["entries"].as_array().unwrap().iter().enumerate() {
            let number = (at + 1).saturating_sub(7) / 100 * 100 + 7;
            let expected =
                instant(DateTime::from_timestamp(number.try_into().unwrap(), 0).unwrap());
            assert_eq!(entry["startedDateTime"], expected, "{at}");
        }
    }

    #[test]
    fn an_entry_has_everything_the_specification_demands() {
        let mut capture = Capture::new("a.har", Format::Har);
        let mut session = Session::new(SessionId(3));
        session.request.method = "GET".into();
        session.request.target = Target::new("https://mail.contoso.com/owa/?a=b%20c");
        session.process = Some("outlook:1234".into());
        session.started = Some("2026-03-02T09:14:07.120Z".parse().unwrap());
        session.response = Some(Response {
            status: 200,
            body: Body::new(vec![0xFF, 0x00]),
            ..Response::default()
        });
        capture.sessions.push(session);
        assert!(renumbers(&capture));
        let har: Value =
            serde_json::from_slice(&write(&RedactedCapture::of_synthetic(capture))).unwrap();
        let entry = &har["log"]["entries"][0];
        for pointer in [
            "/request/method",
            "/request/url",
            "/request/httpVersion",
            "/request/cookies",
            "/request/headers",
            "/request/queryString/0/value",
            "/request/headersSize",
            "/request/bodySize",
            "/response/status",
            "/response/statusText",
            "/response/httpVersion",
            "/response/cookies",
            "/response/headers",
            "/response/content/size",
            "/response/content/mimeType",
            "/response/redirectURL",
            "/cache",
            "/timings/send",
            "/timings/wait",
            "/timings/receive",
            "/time",
        ] {
            assert!(entry.pointer(pointer).is_some(), "{pointer}");
        }
        assert_eq!(entry["startedDateTime"], "2026-03-02T09:14:07.120Z");
        assert_eq!(entry["response"]["content"]["encoding"], "base64");
        assert_eq!(entry["_process"], "outlook:1234");
        assert_eq!(har["log"]["creator"]["name"], "hma-trace");
    }
}
