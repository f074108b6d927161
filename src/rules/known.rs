//! What a capture tells about a flow, to fill the braces of a fix.

use crate::flow::Flow;
use crate::http::Authorization;
use crate::jwt::Jwt;
use crate::rules::{Case, Finding};

/// Adds the facts of a finding's flow. Those that the rule gave stand before them.
pub(super) fn complete(case: &Case<'_>, finding: Finding) -> Finding {
    let Some(flow) = finding.flow.and_then(|id| case.flows.flow(id)) else { return finding };
    finding
        .fact("host", flow.host.as_str())
        .fact("protocol", flow.protocol.name())
        .fact("user", user_of(case, flow).unwrap_or_default())
        .fact("tenant", tenant_of(case, flow).unwrap_or_default())
}

/// The user: whom the client named, else the token, the sign-in or the password header.
fn user_of(case: &Case<'_>, flow: &Flow) -> Option<String> {
    let in_token = || tokens_of(case, flow).find_map(|jwt| jwt.user().map(str::to_owned));
    let hinted = || {
        let mut sessions = flow.identity_sessions.iter().filter_map(|id| case.session(*id));
        sessions.find_map(|session| session.request.target.query("login_hint"))
    };
    let basic = || {
        let mut values =
            flow.sessions.iter().filter_map(|id| case.request_header(*id, "Authorization"));
        values.find_map(|value| match Authorization::parse(value) {
            Authorization::Basic(basic) => Some(basic.user),
            _ => None,
        })
    };
    let is_address = |user: &String| user.contains('@');
    flow.user
        .clone()
        .or_else(|| in_token().filter(is_address))
        .or_else(|| hinted().filter(is_address))
        .or_else(|| basic().filter(is_address))
}

/// The tenant that Exchange trusts, if its challenges name exactly one, else that of the flow's token.
fn tenant_of(case: &Case<'_>, flow: &Flow) -> Option<String> {
    let mut trusted: Vec<&str> = case
        .readings_of(flow)
        .filter_map(|reading| reading.challenges.bearer())
        .flat_map(|bearer| bearer.trusted_issuers())
        .map(|(_, realm)| realm)
        .filter(|realm| !realm.is_empty() && *realm != "*")
        .collect();
    trusted.sort_unstable();
    trusted.dedup();
    match trusted.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => tokens_of(case, flow).find_map(|jwt| jwt.tenant_id().map(str::to_owned)),
    }
}

/// The tokens that the flow sent to Exchange, then those that its sign-in brought.
fn tokens_of<'a>(case: &Case<'a>, flow: &'a Flow) -> impl Iterator<Item = &'a Jwt> {
    let flows = case.flows;
    let sent = flow.sessions.iter().filter_map(|id| flows.token_used_in(*id));
    let issued = flows
        .tokens
        .iter()
        .filter(|token| token.issued_in.is_some_and(|id| flow.identity_sessions.contains(&id)));
    sent.chain(issued).filter_map(|token| token.jwt())
}
