//! Captures that cannot tell, or tell too much: said as warnings and notes, never as a break.

use chrono::TimeDelta;
use hma_trace::capture::{Response, Session};
use hma_trace::http::{Body, Headers};
use hma_trace::rules::Severity;

use super::change::{Sessions, answer, each, is_identity, is_use, move_to, rewrite, send};
use super::{Expected, Row, check};

const OUTLOOK: &[&str] = &["outlook-windows", "outlook-windows-broker", "outlook-mac", "china"];

pub(super) const ROWS: &[Row] = &[
    Row {
        breaks: "nothing was decrypted",
        on: OUTLOOK,
        change: |sessions| each(sessions, |_| true, close),
        expected: Expected::Told("https-not-decrypted", Severity::Warning),
    },
    Row {
        breaks: "the export was stripped of credentials",
        on: OUTLOOK,
        change: |sessions| {
            each(
                sessions,
                |_| true,
                |s| {
                    let answer = s.response.iter_mut().map(|r| &mut r.headers);
                    for headers in answer.chain([&mut s.request.headers]) {
                        for name in ["Authorization", "Cookie", "Set-Cookie"] {
                            rewrite(headers, name, |_| None);
                        }
                    }
                },
            );
        },
        expected: Expected::Told("export-sanitized", Severity::Warning),
    },
    Row {
        breaks: "a filter hid Exchange",
        on: &["outlook-windows", "second-resource"],
        change: |sessions| {
            sessions.retain(|s| hma_trace::flow::Endpoint::of(s).protocol().is_none());
        },
        expected: Expected::Told("no-exchange-traffic", Severity::Note),
    },
    Row {
        breaks: "the sign-in went unrecorded",
        on: &["outlook-windows", "outlook-mac", "second-resource", "china"],
        change: |sessions| sessions.retain(|s| !is_identity(s)),
        expected: Expected::Told("sign-in-not-visible", Severity::Note),
    },
    Row {
        breaks: "the recorder was started late",
        on: &["outlook-windows-broker", "outlook-mac"],
        change: |sessions| {
            let first = sessions.iter().position(is_use).expect("a token");
            sessions.drain(..first);
        },
        expected: Expected::Told("starts-mid-session", Severity::Note),
    },
    Row {
        breaks: "the recorder's clock is an hour fast",
        on: OUTLOOK,
        change: |sessions| {
            each(sessions, |_| true, |s| s.started = s.started.map(|t| t + TimeDelta::hours(1)));
        },
        expected: Expected::Told("capture-clock-off", Severity::Warning),
    },
    Row {
        breaks: "the exporter dropped the token answers' bodies",
        on: &["outlook-windows", "second-resource"],
        change: |sessions| {
            each(sessions, super::change::is_token_request, |s| {
                s.response.as_mut().expect("an answer").body = Body::empty();
            });
        },
        expected: Expected::Told("bodies-missing", Severity::Note),
    },
    Row {
        breaks: "one request carries a password",
        on: &["outlook-windows-broker", "mid-session"],
        change: |sessions| {
            let mut extra = sessions.first().expect("a session").clone();
            move_to(&mut extra, "https://calendar.contoso.com/feed");
            send(&mut extra, Some("Basic a2ltOlNhbXBsZS1QYXNzdzByZA=="));
            answer(&mut extra, 200, &[], "");
            sessions.push(extra);
        },
        expected: Expected::Told("basic-credentials-in-capture", Severity::Warning),
    },
    Row {
        breaks: "the token goes over plain http once",
        on: &["outlook-windows-broker", "mid-session"],
        change: |sessions| {
            let token = sessions.iter().find(|s| is_use(s)).expect("a token");
            let mut open = token.clone();
            move_to(&mut open, "http://mail.contoso.com/EWS/Exchange.asmx");
            sessions.push(open);
        },
        expected: Expected::Told("token-over-http", Severity::Warning),
    },
    Row {
        breaks: "servers refuse each other",
        on: &["free-busy-oauth"],
        change: |sessions| {
            super::change::refusals(
                sessions,
                r#"2000004;reason="The tenant for tenant guid 'contoso.com' does not exist.";error_category="invalid_tenant""#,
            );
        },
        expected: Expected::Told("server-to-server-refused", Severity::Note),
    },
    Row {
        breaks: "DAuth is refused",
        on: &["free-busy-dauth"],
        change: |sessions: &mut Sessions| {
            let is_wssecurity = |s: &Session| s.request.target.path().ends_with("/WSSecurity");
            each(sessions, is_wssecurity, |s| {
                let fault =
                    "<s:Fault>An error occurred when verifying security for the message.</s:Fault>";
                answer(
                    s,
                    500,
                    &[("X-FEServer", "EX01"), ("Content-Type", "application/soap+xml")],
                    fault,
                );
            });
        },
        expected: Expected::Told("server-to-server-refused", Severity::Note),
    },
];

/// What a recorder without decryption sees of a session.
fn close(session: &mut Session) {
    let url = format!("https://{}:443", session.host());
    move_to(session, &url);
    "CONNECT".clone_into(&mut session.request.method);
    session.tunnel = true;
    session.request.headers = Headers::new();
    session.request.body = Body::empty();
    session.response = Some(Response { status: 200, ..Response::default() });
}

#[test]
fn a_file_that_cannot_tell() {
    check(ROWS);
}
