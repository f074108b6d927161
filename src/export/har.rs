//! HTTP Archive 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>). Headers stay as on the wire, bodies are decoded,
//! as the format defines. A session's number is its position, so gaps in the numbers close.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::VERSION;
use crate::capture::{Capture, Request, Response, Session, Timing};
use crate::http::{Body, BodyState, Cookie, Headers, Target, request_cookies, response_cookies};
use crate::redact::RedactedCapture;

/// The capture as a HAR file.
pub fn write(redacted: &RedactedCapture) -> Vec<u8> {
    let capture = redacted.capture();
    let mut out = Vec::new();
    out.extend_from_slice(br#"{"log":{"version":"1.2","creator":"#);
    append(&mut out, &creator(capture));
    out.extend_from_slice(b",\"entries\":[");
    // A capture without any time begins where computers begin to count.
    let mut clock = capture.started().unwrap_or(DateTime::UNIX_EPOCH);
    for (at, session) in capture.sessions.iter().enumerate() {
        clock = session.started.unwrap_or(clock);
        out.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        append(&mut out, &entry(session, clock));
    }
    out.extend_from_slice(b"\n]}}\n");
    out
}

/// Whether sessions get other numbers than they had.
pub fn renumbers(capture: &Capture) -> bool {
    capture.sessions.iter().zip(1_u32..).any(|(session, position)| session.id.0 != position)
}

fn append(out: &mut Vec<u8>, value: &Value) {
    // Writing a tree of strings and numbers to memory cannot fail.
    out.extend_from_slice(value.to_string().as_bytes());
}

fn creator(capture: &Capture) -> Value {
    let mut creator = json!({ "name": "hma-trace", "version": VERSION });
    if let (Some(recorder), Some(object)) = (&capture.creator, creator.as_object_mut()) {
        object.insert("comment".into(), format!("recorded by {recorder}").into());
    }
    creator
}

fn entry(session: &Session, started: DateTime<Utc>) -> Value {
    let mut entry = json!({
        "startedDateTime": instant(started),
        "time": session.timing.total.map_or(0.0, milliseconds),
        "request": request(&session.request),
        "response": response(session.response.as_ref(), session.error.as_deref()),
        "cache": {},
        "timings": timings(&session.timing),
    });
    let optional = [
        ("serverIPAddress", &session.server_address),
        ("comment", &session.comment),
        ("_process", &session.process),
    ];
    if let Some(object) = entry.as_object_mut() {
        for (name, value) in optional {
            if let Some(value) = value {
                object.insert(name.into(), value.as_str().into());
            }
        }
    }
    entry
}

fn request(request: &Request) -> Value {
    let mut value = json!({
        "method": request.method,
        "url": request.target.as_str(),
        "httpVersion": request.version,
        "cookies": request_cookies(&request.headers).iter().map(cookie).collect::<Vec<_>>(),
        "headers": headers(&request.headers),
        "queryString": query(&request.target),
        "headersSize": -1,
        "bodySize": size(&request.body),
    });
    if let (false, Some(object)) = (request.body.is_empty(), value.as_object_mut()) {
        let mut data = Map::new();
        data.insert(
            "mimeType".into(),
            request.headers.get("content-type").unwrap_or_default().into(),
        );
        text(&request.body, &mut data);
        object.insert("postData".into(), data.into());
    }
    value
}

fn response(response: Option<&Response>, error: Option<&str>) -> Value {
    let none = Response::default();
    let response = response.unwrap_or(&none);
    let mut content = Map::new();
    let length = response.body.len() as u64;
    let size_told = match response.body.state {
        // A size without a text says that there was a body.
        BodyState::Dropped => response.body.wire_size.unwrap_or(1).max(1),
        _ => length,
    };
    content.insert("size".into(), size_told.into());
    content
        .insert("mimeType".into(), response.headers.get("content-type").unwrap_or_default().into());
    if response.body.state != BodyState::Dropped {
        text(&response.body, &mut content);
    }
    if response.body.state == BodyState::Truncated {
        content.insert("comment".into(), "the recorder kept only the beginning".into());
    }
    let mut value = json!({
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.version,
        "cookies": response_cookies(&response.headers).iter().map(cookie).collect::<Vec<_>>(),
        "headers": headers(&response.headers),
        "content": content,
        "redirectURL": response.headers.get("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": size(&response.body),
    });
    if let (Some(error), Some(object)) = (error, value.as_object_mut()) {
        object.insert("_error".into(), error.into());
    }
    value
}

/// Adds a body's text; bytes that are no text are base64, as `encoding` says.
fn text(body: &Body, object: &mut Map<String, Value>) {
    let bytes = body.bytes();
    if let Ok(text) = std::str::from_utf8(&bytes) {
        object.insert("text".into(), text.into());
    } else {
        object.insert("text".into(), STANDARD.encode(&bytes).into());
        object.insert("encoding".into(), "base64".into());
    }
}

fn headers(headers: &Headers) -> Vec<Value> {
    headers.iter().map(|field| json!({ "name": &*field.name, "value": &*field.value })).collect()
}

fn cookie(cookie: &Cookie) -> Value {
    json!({ "name": cookie.name, "value": cookie.value })
}

fn query(target: &Target) -> Vec<Value> {
    target
        .query_pairs()
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn timings(timing: &Timing) -> Value {
    let known = |part: Option<TimeDelta>| part.map_or(0.0, milliseconds);
    json!({
        "blocked": -1,
        "dns": -1,
        "connect": timing.connect.map_or(-1.0, milliseconds),
        "send": known(timing.send),
        "wait": known(timing.wait),
        "receive": known(timing.receive),
    })
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
    use super::{renumbers, write};
    use crate::capture::{Capture, Format, Response, Session, SessionId};
    use crate::http::{Body, Target};
    use crate::redact::RedactedCapture;
    use serde_json::Value;

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
