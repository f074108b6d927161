//! Rules about the answer to the empty Bearer.

mod authorities_differ;
mod authorization_uri_missing;
mod authorization_uri_not_entra;
mod autodiscover_url_wrong;
mod bearer_not_offered;
mod endpoint_unreachable;
mod flighting;
mod modern_auth_blocked_by_policy;
mod not_exchange_answering;
mod oauth_not_available;
mod owa_uses_forms;

use std::collections::HashSet;

use super::client::person;
use super::{Case, Rule};
use crate::capture::Response;
use crate::flow::{AnswerMessage, Flow, Outcome, Protocol, Reading};
use crate::knowledge::client_app;
use crate::knowledge::registered_domain::registered_domain;

/// `x-ms-diagnostics` code `oauth_not_available`.
const OAUTH_NOT_AVAILABLE: u32 = 4_000_000;

pub(super) const RULES: &[&Rule] = &[
    &endpoint_unreachable::RULE,
    &autodiscover_url_wrong::RULE,
    &not_exchange_answering::RULE,
    &bearer_not_offered::RULE,
    &authorization_uri_missing::RULE,
    &authorization_uri_not_entra::RULE,
    &authorities_differ::RULE,
    &oauth_not_available::RULE,
    &modern_auth_blocked_by_policy::RULE,
    &owa_uses_forms::RULE,
];

/// Whether Exchange wrote the challenge, rather than something that answers in its place.
fn speaks_for_exchange(reading: &Reading) -> bool {
    reading.spoke_as_exchange
        || reading
            .challenges
            .bearer()
            .and_then(|bearer| bearer.parameter("client_id"))
            .is_some_and(|id| id.eq_ignore_ascii_case(client_app::EXCHANGE))
}

/// The schemes that an answer offers, each once: `Negotiate, NTLM`.
fn offered(reading: &Reading) -> String {
    let mut words: Vec<&str> = Vec::new();
    for challenge in &reading.challenges {
        if !words.contains(&challenge.scheme.name()) {
            words.push(challenge.scheme.name());
        }
    }
    words.join(", ")
}

/// The domain above a host, which its organisation owns: `contoso.com` for `mail.contoso.com`, and for itself.
fn parent_domain(host: &str) -> &str {
    match host.split_once('.') {
        Some((_, parent)) if parent.contains('.') => parent,
        _ => host,
    }
}

/// The hosts that Outlook's Autodiscover only tries: of the mail domain itself, where a web site answers.
struct RootDomains<'a>(HashSet<&'a str>);

impl<'a> RootDomains<'a> {
    fn of(case: &Case<'a>) -> Self {
        let parents = case.flows.flows.iter().map(|flow| parent_domain(&flow.host));
        let users = case.flows.flows.iter().filter_map(|flow| flow.user.as_deref());
        let domains = users.filter_map(|user| user.rsplit_once('@')).map(|(_, domain)| domain);
        Self(parents.chain(domains).collect())
    }

    /// Whether a flow only tries the mail domain itself, or the web site by its other name.
    fn tries(&self, flow: &Flow) -> bool {
        let domain = flow.host.strip_prefix("www.").unwrap_or(&flow.host);
        flow.protocol == Protocol::Autodiscover
            && !flow.host.starts_with("autodiscover.")
            && (registered_domain(domain) == domain || self.0.contains(domain))
    }
}

/// Of some flows the clients that found their server: somebody answered their Autodiscover, or they reach their mailbox.
fn finders<'a>(case: &Case<'a>, flows: impl Iterator<Item = &'a Flow>) -> HashSet<String> {
    let answers = |r: &Reading| {
        let is_page =
            || case.session(r.session).and_then(|s| s.response.as_ref()).is_some_and(is_page);
        r.spoke_as_exchange || r.answer == AnswerMessage::Success && !is_page()
    };
    flows
        .filter(|flow| {
            flow.outcome == Outcome::Healthy
                || flow.protocol == Protocol::Autodiscover && case.readings_of(flow).any(answers)
        })
        .map(|flow| person(case, flow))
        .collect()
}

/// Whether an answer is meant for people.
fn is_page(answer: &Response) -> bool {
    let kind = answer.headers.get("content-type").unwrap_or_default();
    kind.to_ascii_lowercase().contains("text/html")
}

/// Whether an address is one that mail clients sign in at, and not merely of a similar name: other programs have paths
/// like `/ews` too.
fn is_client_address(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["/ews/exchange.asmx", "/mapi/emsmdb", "/mapi/nspi", "/microsoft-server-activesync"]
        .iter()
        .any(|address| path.starts_with(address))
        || path.starts_with("/autodiscover/autodiscover.")
        || path.starts_with("/oab/") && path.contains('.')
}
