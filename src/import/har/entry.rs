//! One entry of a HAR file as a session.

use std::borrow::Cow;

use super::body::{self, Reader};
use super::fields::{self, Field, Timings, filled};
use crate::capture::{NoteKind, Request, Response, Session, SessionId, Timing};
use crate::http::{Headers, Target};
use crate::import::{head, time};

/// Maps an entry.
pub(super) fn session(id: SessionId, entry: fields::Entry<'_>, reader: &mut Reader<'_>) -> Session {
    let mut session = Session::new(id);
    match entry.request {
        Some(fields) => session.request = request(fields, reader),
        None => reader.oddities.add(NoteKind::RequestMissing, "The entry has no request"),
    }
    session.tunnel = session.request.method.eq_ignore_ascii_case("CONNECT");
    if let Some(mut fields) = entry.response {
        session.error = filled(fields.error.take()).map(Cow::into_owned);
        session.response = response(fields, &session.request, reader);
    }
    if session.response.is_none() {
        session.error = session.error.or_else(|| filled(entry.error).map(Cow::into_owned));
        reader.oddities.add(NoteKind::ResponseMissing, "The entry has no response");
    }
    let started = filled(entry.started);
    session.started = started.as_deref().and_then(time::instant);
    session.utc_offset = started.as_deref().and_then(time::utc_offset);
    if session.started.is_none() {
        reader.oddities.add(NoteKind::TimeUnusable, "The entry has no usable start time");
    }
    session.timing = timing(entry.time, entry.timings.unwrap_or_default());
    session.server_address = filled(entry.server_address).map(Cow::into_owned);
    session.comment = filled(entry.comment).map(Cow::into_owned);
    session.process = filled(entry.process).map(Cow::into_owned);
    session
}

fn request(mut fields: fields::Request<'_>, reader: &mut Reader<'_>) -> Request {
    let (headers, pseudo) = headers(&fields.headers, reader);
    let mut method = filled(fields.method.take())
        .map(Cow::into_owned)
        .or_else(|| pseudo.get("method"))
        .unwrap_or_default();
    method.truncate(method.trim_end().len());
    let url = filled(fields.url.take())
        .map(Cow::into_owned)
        .or_else(|| pseudo.get("path"))
        .unwrap_or_default();
    let target = if url.starts_with('/') {
        let host = pseudo.get("authority").or_else(|| headers.get("host").map(str::to_owned));
        match host {
            Some(host) => {
                reader.oddities.add(
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
        reader.oddities.add(NoteKind::RequestMissing, "The request has no address");
    }
    Request {
        method,
        target,
        version: filled(fields.version.take()).map(Cow::into_owned).unwrap_or_default(),
        body: body::of_request(fields, &headers, reader),
        headers,
    }
}

/// The response; `None` when the entry holds nothing but the report that none came.
fn response(
    mut fields: fields::Response<'_>,
    request: &Request,
    reader: &mut Reader<'_>,
) -> Option<Response> {
    let (headers, pseudo) = headers(&fields.headers, reader);
    let status = fields
        .status
        .0
        .or_else(|| pseudo.get("status")?.parse().ok())
        .and_then(|status| u16::try_from(status).ok())
        .unwrap_or(0);
    let bare =
        request.method.eq_ignore_ascii_case("HEAD") || matches!(status, 100..200 | 204 | 304);
    let reason = filled(fields.reason.take()).map(Cow::into_owned).unwrap_or_default();
    let version = filled(fields.version.take()).map(Cow::into_owned).unwrap_or_default();
    let body = body::of_response(fields, &headers, bare, reader);
    if status == 0 && headers.is_empty() && body.is_empty() {
        return None;
    }
    Some(Response { status, reason, version, headers, body })
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

/// The header fields. Recorders join repeated fields with line breaks; each value becomes a field of its own again.
fn headers(fields: &[Field<'_>], reader: &mut Reader<'_>) -> (Headers, Pseudo) {
    let mut headers = Headers::with_capacity(fields.len());
    let mut pseudo = Pseudo::default();
    let mut push = |name: &str, value: &str| {
        if name.starts_with(':') {
            pseudo.0.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        } else if !name.is_empty() {
            headers.push_shared(reader.texts.get(name), reader.texts.get(value.trim()));
        }
    };
    for Field { name, value } in fields {
        let name = name.trim();
        if value.contains('\n') {
            value.lines().filter(|line| !line.trim().is_empty()).for_each(|line| push(name, line));
        } else {
            push(name, value);
        }
    }
    (headers, pseudo)
}

fn timing(time: Option<f64>, parts: Timings) -> Timing {
    let part = |part: Option<f64>| part.and_then(time::milliseconds);
    let sum = |parts: &[Option<f64>]| {
        parts.iter().filter_map(|ms| part(*ms)).reduce(|sum, next| sum + next)
    };
    let Timings { blocked, dns, connect, ssl, send, wait, receive } = parts;
    // `ssl` is contained in `connect` (HAR 1.2, "timings").
    Timing {
        total: part(time).or_else(|| sum(&[blocked, dns, connect, send, wait, receive])),
        connect: sum(&[blocked, dns, connect]),
        dns: part(dns),
        tls: part(ssl),
        send: part(send),
        wait: part(wait),
        receive: part(receive),
    }
}
