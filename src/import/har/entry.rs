//! One entry of a HAR file as a session. Every field may be missing, null or of another type.

use serde_json::{Map, Value};

use super::body;
use super::field::{count, list, number, take, text};
use crate::capture::{NoteKind, Request, Response, Session, SessionId, Timing};
use crate::http::{Headers, Target};
use crate::import::gather::Oddities;
use crate::import::{Budget, head, time};

/// Maps an entry.
pub(super) fn session(
    id: SessionId,
    entry: Map<String, Value>,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Session {
    let mut entry = Value::Object(entry);
    let mut session = Session::new(id);
    match take(&mut entry, "request") {
        mut fields @ Value::Object(_) => session.request = request(&mut fields, budget, oddities),
        _ => oddities.add(NoteKind::RequestMissing, "The entry has no request"),
    }
    session.tunnel = session.request.method.eq_ignore_ascii_case("CONNECT");
    if let mut fields @ Value::Object(_) = take(&mut entry, "response") {
        session.error = error(&mut fields);
        session.response = response(&mut fields, &session.request, budget, oddities);
    }
    if session.response.is_none() {
        session.error = session.error.or_else(|| error(&mut entry));
        oddities.add(NoteKind::ResponseMissing, "The entry has no response");
    }
    session.started = text(&mut entry, "startedDateTime").as_deref().and_then(time::instant);
    if session.started.is_none() {
        oddities.add(NoteKind::TimeUnusable, "The entry has no usable start time");
    }
    session.timing = timing(&mut entry);
    session.server_address = text(&mut entry, "serverIPAddress");
    session.comment = text(&mut entry, "comment");
    // Not part of the format; written by recorders that know the process, and by this program's own export.
    session.process = text(&mut entry, "_process");
    session
}

fn request(fields: &mut Value, budget: &mut Budget, oddities: &mut Oddities) -> Request {
    let (headers, pseudo) = headers(fields);
    let mut method = text(fields, "method").or_else(|| pseudo.get("method")).unwrap_or_default();
    method.truncate(method.trim_end().len());
    let url = text(fields, "url").or_else(|| pseudo.get("path")).unwrap_or_default();
    let target = if url.starts_with('/') {
        let host = pseudo.get("authority").or_else(|| headers.get("host").map(str::to_owned));
        match host {
            Some(host) => {
                oddities.add(
                    NoteKind::FieldRepaired,
                    "The address was relative; its host is that of the Host header",
                );
                let scheme = pseudo.get("scheme");
                let scheme = scheme.as_deref().unwrap_or_else(|| head::likely_scheme(&headers));
                Target::new(format!("{scheme}://{host}{url}"))
            }
            None => Target::new(url),
        }
    } else {
        Target::new(url)
    };
    if target.as_str().is_empty() {
        oddities.add(NoteKind::RequestMissing, "The request has no address");
    }
    Request {
        method,
        target,
        version: text(fields, "httpVersion").unwrap_or_default(),
        body: body::of_request(fields, &headers, budget, oddities),
        headers,
    }
}

/// The response; `None` when the entry holds nothing but the report that none came.
fn response(
    fields: &mut Value,
    request: &Request,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Option<Response> {
    let (headers, pseudo) = headers(fields);
    let status = count(fields, "status")
        .or_else(|| pseudo.get("status")?.parse().ok())
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(0);
    let bare =
        request.method.eq_ignore_ascii_case("HEAD") || matches!(status, 100..200 | 204 | 304);
    let body = body::of_response(fields, &headers, bare, budget, oddities);
    if status == 0 && headers.is_empty() && body.is_empty() {
        return None;
    }
    Some(Response {
        status,
        reason: text(fields, "statusText").unwrap_or_default(),
        version: text(fields, "httpVersion").unwrap_or_default(),
        headers,
        body,
    })
}

/// What the recorder says went wrong: Chrome's `_error`, or an object with a message.
fn error(fields: &mut Value) -> Option<String> {
    match fields.get_mut("_error")? {
        object @ Value::Object(_) => text(object, "message").or_else(|| text(object, "code")),
        _ => text(fields, "_error"),
    }
}

/// The pseudo headers of HTTP/2 (`:authority`), which repeat what the request line says.
#[derive(Default)]
struct Pseudo(Vec<(String, String)>);

impl Pseudo {
    fn get(&self, name: &str) -> Option<String> {
        let field = self.0.iter().find(|(n, _)| n.strip_prefix(':') == Some(name))?;
        Some(field.1.clone())
    }
}

/// The header fields. Recorders join repeated fields with line breaks or give a list; each value becomes a field of its
/// own again.
fn headers(fields: &mut Value) -> (Headers, Pseudo) {
    let mut headers = Headers::new();
    let mut pseudo = Pseudo::default();
    let mut push = |name: &str, value: &str| {
        if name.starts_with(':') {
            pseudo.0.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        } else if !name.is_empty() {
            headers.push(name, value);
        }
    };
    let mut push_all = |name: &str, value: Value| match value {
        Value::String(text) if text.contains('\n') => {
            text.lines().filter(|line| !line.trim().is_empty()).for_each(|line| push(name, line));
        }
        Value::String(text) => push(name, &text),
        Value::Array(values) => {
            values.iter().filter_map(Value::as_str).for_each(|value| push(name, value));
        }
        Value::Null => push(name, ""),
        Value::Object(_) => {}
        scalar => push(name, &scalar.to_string()),
    };
    match take(fields, "headers") {
        Value::Array(items) => {
            for mut item in items {
                if let Some(name) = text(&mut item, "name") {
                    push_all(name.trim(), take(&mut item, "value"));
                }
            }
        }
        Value::Object(map) => {
            map.into_iter().for_each(|(name, value)| push_all(name.trim(), value));
        }
        _ => {}
    }
    (headers, pseudo)
}

fn timing(entry: &mut Value) -> Timing {
    let parts = take(entry, "timings");
    let part = |name: &str| number(&parts, name).and_then(time::milliseconds);
    let sum =
        |names: &[&str]| names.iter().filter_map(|name| part(name)).reduce(|sum, next| sum + next);
    // `ssl` is contained in `connect` (HAR 1.2, "timings").
    let total = number(entry, "time").and_then(time::milliseconds);
    Timing {
        total: total.or_else(|| sum(&["blocked", "dns", "connect", "send", "wait", "receive"])),
        connect: sum(&["blocked", "dns", "connect"]),
        send: part("send"),
        wait: part("wait"),
        receive: part("receive"),
    }
}

/// Every item of a list under `name`, as pairs of `name` and `value`.
pub(super) fn pairs(fields: &mut Value, name: &str) -> Vec<(String, Value)> {
    list(fields, name)
        .into_iter()
        .filter_map(|mut item| Some((text(&mut item, "name")?, item)))
        .collect()
}
