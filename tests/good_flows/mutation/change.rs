//! The vocabulary of breaking things: which session, what happens to it, and what therefore never came.

use hma_trace::capture::{Response, Session};
use hma_trace::flow::{Endpoint, IdentityPurpose, Purpose, Reading, RequestMessage};
use hma_trace::http::{Body, Headers, Target};
use hma_trace::jwt::example;

/// A capture's sessions.
pub(crate) type Sessions = Vec<Session>;

/// Whether a session is with an address of the organisation's own Exchange where clients sign in.
pub(crate) fn is_own(session: &Session) -> bool {
    matches!(
        Endpoint::of(session),
        Endpoint::Exchange { online: false, purpose: Purpose::Client, .. }
    )
}

pub(crate) fn is_identity(session: &Session) -> bool {
    matches!(Endpoint::of(session), Endpoint::Identity { .. })
}

/// An empty Bearer that Exchange answered.
pub(crate) fn is_probe(session: &Session) -> bool {
    is_own(session)
        && Reading::of(session).request == RequestMessage::Probe
        && session.status() == 401
}

/// A token sent to the organisation's own Exchange.
pub(crate) fn is_use(session: &Session) -> bool {
    is_own(session) && Reading::of(session).request == RequestMessage::Token
}

pub(crate) fn is_authorize(session: &Session) -> bool {
    Endpoint::of(session).identity() == Some(IdentityPurpose::Authorize)
}

pub(crate) fn is_token_request(session: &Session) -> bool {
    Endpoint::of(session).identity() == Some(IdentityPurpose::Token)
}

/// Changes each session of a kind.
pub(crate) fn each(
    sessions: &mut Sessions,
    kind: fn(&Session) -> bool,
    change: impl Fn(&mut Session),
) {
    let mut found = 0;
    for session in sessions.iter_mut().filter(|s| kind(s)) {
        change(session);
        found += 1;
    }
    assert!(found > 0, "the story has no session to change");
}

/// Changes the first session of a kind, after which the client gives up: nothing more comes that is with Exchange or an
/// identity provider.
pub(crate) fn ends_with(
    sessions: &mut Sessions,
    kind: fn(&Session) -> bool,
    change: impl Fn(&mut Session),
) {
    let at = sessions.iter().position(kind).expect("the story has no session to change");
    change(&mut sessions[at]);
    let mut number = 0;
    sessions.retain(|session| {
        number += 1;
        number <= at + 1 || !is_own(session) && !is_identity(session)
    });
}

/// Changes every answer to an empty Bearer, so that no client ever gets as far as signing in.
pub(crate) fn challenges(sessions: &mut Sessions, change: impl Fn(&mut Session)) {
    each(sessions, is_probe, change);
    sessions.retain(|s| !is_use(s) && !is_identity(s));
}

/// Refuses every token in the same way.
pub(crate) fn refusals(sessions: &mut Sessions, diagnostics: &str) {
    each(sessions, is_use, |session| refuse(session, diagnostics));
}

/// 401 with a Bearer challenge and `x-ms-diagnostics`.
pub(crate) fn refuse(session: &mut Session, diagnostics: &str) {
    let mut headers = kept(session, &["X-FEServer", "X-OWA-Version", "Date", "request-id"]);
    headers.push("WWW-Authenticate", format!("{CHALLENGE}, error=\"invalid_token\""));
    headers.push("WWW-Authenticate", "Negotiate");
    headers.push("x-ms-diagnostics", diagnostics);
    session.response = Some(Response { status: 401, headers, ..Response::default() });
}

const CHALLENGE: &str = r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize""#;

/// Header fields of the present answer.
fn kept(session: &Session, names: &[&str]) -> Headers {
    let mut headers = Headers::new();
    for name in names {
        if let Some(value) = session.response_header(name) {
            headers.push(*name, value);
        }
    }
    headers
}

/// An answer in place of the present one, which keeps its `Date`.
pub(crate) fn answer(session: &mut Session, status: u16, headers: &[(&str, &str)], body: &str) {
    let mut all = kept(session, &["Date"]);
    for (name, value) in headers {
        all.push(*name, value);
    }
    session.response =
        Some(Response { status, headers: all, body: Body::new(body), ..Response::default() });
}

/// A token endpoint's refusal.
pub(crate) fn oauth_error(session: &mut Session, error: &str, code: u32) {
    let body = format!(
        r#"{{"error":"{error}","error_description":"AADSTS{code}: Sample.","error_codes":[{code}],"correlation_id":"5ca2c827-5147-474c-8457-63c4e5099c6e"}}"#
    );
    answer(session, 400, &[("Content-Type", "application/json; charset=utf-8")], &body);
}

/// A sign-in page that tells an error.
pub(crate) fn error_page(session: &mut Session, code: u32) {
    let body = format!(
        r#"<html><script>$Config={{"sErrorCode":"{code}","strServiceExceptionMessage":"AADSTS{code}: Sample.","correlationId":"5ca2c827-5147-474c-8457-63c4e5099c6e"}};</script></html>"#
    );
    answer(session, 200, &[("Content-Type", "text/html; charset=utf-8")], &body);
}

/// The values of a header field, each as the change leaves it; `None` takes the field away.
pub(crate) fn rewrite(headers: &mut Headers, name: &str, change: impl Fn(&str) -> Option<String>) {
    let old: Vec<_> = headers.iter().cloned().collect();
    *headers = Headers::new();
    for header in old {
        let value = if header.name.eq_ignore_ascii_case(name) {
            change(&header.value)
        } else {
            Some(header.value.to_string())
        };
        if let Some(value) = value {
            headers.push(header.name, value);
        }
    }
}

/// Puts a session later, by the recorder's clock and by the server's.
pub(crate) fn delay(session: &mut Session, by: chrono::TimeDelta) {
    session.started = session.started.map(|at| at + by);
    if let Some(answer) = &mut session.response {
        rewrite(&mut answer.headers, "Date", |date| {
            let at = chrono::DateTime::parse_from_rfc2822(date).ok()? + by;
            Some(at.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
        });
    }
}

/// Changes the Bearer challenge of an answer.
pub(crate) fn rewrite_bearer(session: &mut Session, change: impl Fn(&str) -> Option<String>) {
    let headers = &mut session.response.as_mut().expect("an answer").headers;
    rewrite(headers, "WWW-Authenticate", |value| {
        if value.starts_with("Bearer") { change(value) } else { Some(value.to_owned()) }
    });
}

/// A challenge without its `authorization_uri`.
pub(crate) fn without_authority(challenge: &str) -> Option<String> {
    Some(challenge.split(", authorization_uri=").next()?.to_owned())
}

/// Sends another token; `claims` without braces.
pub(crate) fn send_token(session: &mut Session, claims: &str) {
    let token = example::expand(&format!("{{{{jwt {{{claims}}}}}}}"));
    rewrite(&mut session.request.headers, "Authorization", |_| Some(format!("Bearer {token}")));
}

/// Sends another credential, or none.
pub(crate) fn send(session: &mut Session, authorization: Option<&str>) {
    rewrite(&mut session.request.headers, "Authorization", |_| authorization.map(str::to_owned));
}

/// Moves a request to another address.
pub(crate) fn move_to(session: &mut Session, url: &str) {
    session.request.target = Target::new(url);
}
