//! Rules about the last step: the mailbox behind the token.

mod backend_refused;
mod one_server_differs;
mod protocol_disabled;
mod user_ambiguous;
mod user_not_found;

use super::{RefusedToken, Rule};
use crate::capture::Session;

pub(super) const RULES: &[&Rule] = &[
    &user_not_found::RULE,
    &user_ambiguous::RULE,
    &backend_refused::RULE,
    &protocol_disabled::RULE,
    &one_server_differs::RULE,
];

/// `x-ms-diagnostics` code for a user that Exchange cannot resolve to one mailbox.
const INVALID_USER: u32 = 2_000_005;

/// Whether a refusal says that nobody fits the token's user. The same code says *is ambiguous* when several do.
pub(super) fn is_unknown_user(refused: &RefusedToken<'_>) -> bool {
    is_about_the_user(refused, false)
}

/// Whether a refusal says that several users fit the token.
pub(super) fn is_ambiguous_user(refused: &RefusedToken<'_>) -> bool {
    is_about_the_user(refused, true)
}

fn is_about_the_user(refused: &RefusedToken<'_>, ambiguous: bool) -> bool {
    refused.reading.diagnostics.as_ref().is_some_and(|diagnostics| {
        diagnostics.code == INVALID_USER
            && diagnostics.reason.to_ascii_lowercase().contains("ambiguous") == ambiguous
    })
}

/// Whether the answer to a token comes from behind the front end.
pub(super) fn reached_back_end(session: &Session) -> bool {
    has_back_end_marks(session) || back_end_status(session).is_some()
}

/// Header fields that a front end adds when it passed the request on to a back end.
fn has_back_end_marks(session: &Session) -> bool {
    ["x-beserver", "x-calculatedbetarget", "x-caserrorcode"]
        .iter()
        .any(|name| session.response_header(name).is_some_and(|value| !value.is_empty()))
}

/// The back end's own status, where the front end tells it and it is a refusal: `500,500` → 500.
fn back_end_status(session: &Session) -> Option<u16> {
    let told = session.response_header("x-backendhttpstatus")?;
    let status = told.split(',').next()?.trim().parse().ok()?;
    (400..600).contains(&status).then_some(status)
}
