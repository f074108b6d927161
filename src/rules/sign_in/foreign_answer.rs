//! Answers that carry a sign-in host's name and were written by something on the way: a proxy, a filter, the recorder.

use crate::capture::{Response, Session};
use crate::flow::{Actor, IdentityPurpose, Reading};
use crate::knowledge::{identity_host, proxy_product};

/// What a stranger did with a request to Entra ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// It does not let the client through.
    Refused,
    /// It wants credentials of its own first.
    AsksForCredentials,
    /// It did not reach the host either.
    Unreachable,
    /// It answered itself.
    Page,
}

/// Header fields that Entra ID sends with its answers.
const ENTRA_MARKS: &[&str] = &["x-ms-request-id", "x-ms-ests-server", "x-ms-srs", "x-ms-clitelem"];

/// What a stranger did, if one answered.
pub(super) fn of(session: &Session, reading: &Reading) -> Option<Foreign> {
    let is_sign_in_host = identity_host::is_entra_authority(session.host());
    if reading.endpoint.actor() != Actor::EntraId || !is_sign_in_host {
        return None;
    }
    let Some(answer) = session.response.as_ref().filter(|answer| answer.status > 0) else {
        return session.error.is_some().then_some(Foreign::Unreachable);
    };
    if ENTRA_MARKS.iter().any(|name| answer.headers.contains(name)) {
        return None;
    }
    let is_token_endpoint = reading.endpoint.identity() == Some(IdentityPurpose::Token);
    let is_strange = is_page(answer) && is_marked(answer);
    match answer.status {
        407 | 511 => Some(Foreign::AsksForCredentials),
        400..=499 if session.tunnel => Some(Foreign::Refused),
        500.. if session.tunnel => Some(Foreign::Unreachable),
        _ if session.tunnel => None,
        403 | 451 if is_page(answer) => Some(Foreign::Refused),
        // Of a token endpoint's failures only those are a stranger's that say so.
        502..=504 if is_strange || is_page(answer) && !is_token_endpoint => {
            Some(Foreign::Unreachable)
        }
        300..=399 if is_token_endpoint => Some(Foreign::Page),
        _ if is_strange => Some(Foreign::Page),
        _ => None,
    }
}

/// Whether an answer's header fields say that something on the way had a hand in it.
fn is_marked(answer: &Response) -> bool {
    answer.headers.iter().any(|field| {
        proxy_product::is_field(&field.name)
            || field.name.eq_ignore_ascii_case("server") && proxy_product::is_product(&field.value)
    })
}

/// Whether an answer is meant for a person, or for nobody.
fn is_page(answer: &Response) -> bool {
    let is_html = answer
        .headers
        .get("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/"));
    is_html || answer.body.text().trim_start().starts_with('<')
}
