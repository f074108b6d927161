//! Sign-ins for an Exchange that the capture never shows: a trace of the browser or of the broker alone. A sign-in that
//! failed there is a broken flow all the same; one that went well says nothing about Exchange and makes no flow.

use std::collections::{HashMap, HashSet};

use super::visibility::is_named_like_exchange;
use crate::capture::{Capture, Session, SessionId};
use crate::flow::{
    Actor, AnswerMessage, Flow, FlowId, Mechanism, OAuthError, Outcome, Protocol, Reading,
    RequestMessage, Step, StepRecord, StepState, completes_sign_in, is_sign_in_failure,
};
use crate::knowledge::registered_domain::registered_domain;
use crate::knowledge::{client_app, microsoft_service};

/// What a client asked a token for, and how that went.
struct Asked {
    host: String,
    protocol: Protocol,
    sessions: Vec<SessionId>,
    failed: Option<(SessionId, OAuthError)>,
}

/// Adds a flow for each Exchange host that was signed in for without success and that no flow is about.
pub(super) fn add(flows: &mut Vec<Flow>, capture: &Capture, readings: &[Reading]) {
    let is_sign_in_for = |flow: &&Flow| {
        matches!(flow.mechanism, Mechanism::Hma | Mechanism::Adfs | Mechanism::ServerToServer)
            || matches!(flow.protocol, Protocol::Owa | Protocol::Ecp)
    };
    let known: HashSet<String> =
        flows.iter().filter(is_sign_in_for).map(|flow| flow.host.clone()).collect();
    // Whoever is let in without a credential had one that the file does not show.
    let open: HashSet<&str> = readings
        .iter()
        .filter(|r| {
            r.endpoint.is_hma_candidate()
                && r.request == RequestMessage::Anonymous
                && r.answer == AnswerMessage::Success
        })
        .filter_map(|r| capture.session(r.session).map(Session::host))
        .collect();
    let tried: HashSet<String> = flows
        .iter()
        .filter(|flow| flow.mechanism == Mechanism::Hma)
        .map(|flow| domain(&flow.host))
        .collect();
    let is_seen =
        |host: &str| known.contains(host) || open.contains(host) || tried.contains(&domain(host));
    let mut asked: Vec<Asked> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    // Pages and calls of a sign-in name no resource: they belong to what was asked for last.
    let mut current: Option<usize> = None;
    for reading in readings {
        let actor = reading.endpoint.actor();
        if !matches!(actor, Actor::EntraId | Actor::IdentityProvider) {
            continue;
        }
        if actor == Actor::EntraId && names_a_resource(reading) {
            current = exchange_asked_for(reading).filter(|(host, _)| !is_seen(host)).map(
                |(host, protocol)| {
                    *places.entry(host.clone()).or_insert_with(|| {
                        let sessions = Vec::new();
                        asked.push(Asked { host, protocol, sessions, failed: None });
                        asked.len() - 1
                    })
                },
            );
        }
        let Some(entry) = current.and_then(|at| asked.get_mut(at)) else { continue };
        entry.sessions.push(reading.session);
        if completes_sign_in(reading) {
            entry.failed = None;
        } else if is_sign_in_failure(reading)
            && let Some(error) = reading.oauth_error()
        {
            let is_known = |(_, known): &(SessionId, OAuthError)| {
                known.error == error.error && known.code() == error.code()
            };
            if !entry.failed.as_ref().is_some_and(is_known) {
                entry.failed = Some((reading.session, error.clone()));
            }
        }
    }
    for entry in asked {
        let Some((failed, _)) = entry.failed else { continue };
        let number = u32::try_from(flows.len() + 1).unwrap_or(u32::MAX);
        flows.push(flow(FlowId(number), entry, failed, capture));
    }
}

fn flow(id: FlowId, asked: Asked, failed: SessionId, capture: &Capture) -> Flow {
    let first = asked.sessions.first().and_then(|id| capture.session(*id));
    let hint = first.and_then(|s| s.request.target.query("login_hint"));
    let steps = Step::ALL.map(|step| match step {
        Step::Probe | Step::Challenge => {
            StepRecord { step, state: StepState::Hidden, session: None }
        }
        Step::SignIn => StepRecord { step, state: StepState::Failed, session: Some(failed) },
        Step::Token | Step::Access => StepRecord { step, state: StepState::Missing, session: None },
    });
    Flow {
        id,
        client: first.and_then(|s| s.process.clone()),
        user_agent: first.and_then(|s| s.request.headers.get("user-agent")).map(str::to_owned),
        user: hint.filter(|user| user.contains('@')),
        host: asked.host,
        online: false,
        protocol: asked.protocol,
        mechanism: Mechanism::Hma,
        outcome: Outcome::Broken,
        steps,
        sessions: Vec::new(),
        identity_sessions: asked.sessions,
    }
}

/// Whether a session with Entra ID says what it is for.
fn names_a_resource(reading: &Reading) -> bool {
    match &reading.request {
        RequestMessage::Authorize(request) => {
            request.resource.is_some() || request.redirect_uri.is_some()
        }
        RequestMessage::TokenRequest(request) => request.resource.is_some(),
        _ => false,
    }
}

/// The organisation's own Exchange host that a sign-in session asks for: OWA or ECP say so themselves; of another
/// resource it is told by the client that asks, or by the host's name.
fn exchange_asked_for(reading: &Reading) -> Option<(String, Protocol)> {
    let (host, client) = match &reading.request {
        RequestMessage::Authorize(request) => {
            if let Some(application) = request.web_application() {
                return Some(application);
            }
            (request.resource_host()?, request.client_id.as_deref())
        }
        RequestMessage::TokenRequest(request) if !request.confidential => {
            (request.resource_host()?, request.client_id.as_deref())
        }
        _ => return None,
    };
    let is_exchange = !microsoft_service::is_microsoft(&host)
        && (client.is_some_and(client_app::is_mail_client) || is_named_like_exchange(&host));
    is_exchange.then_some((host, Protocol::Other))
}

/// The organisation's domain in a host name, in lower case.
fn domain(host: &str) -> String {
    registered_domain(host).to_ascii_lowercase()
}

/// Whether two hosts belong to one organisation by their names: the same registered domain, or a bare machine name.
pub fn is_neighbour(one: &str, other: &str) -> bool {
    !one.contains('.') || registered_domain(one).eq_ignore_ascii_case(registered_domain(other))
}

#[cfg(test)]
mod tests {
    use super::is_neighbour;

    #[test]
    fn neighbours_share_a_domain() {
        assert!(is_neighbour("ex1.corp.contoso.com", "mail.Contoso.com"));
        assert!(is_neighbour("ex1", "mail.contoso.com"));
        assert!(!is_neighbour("mail.fabrikam.com", "mail.contoso.com"));
        assert!(is_neighbour("ex1.contoso.co.uk", "mail.contoso.co.uk"));
        assert!(!is_neighbour("mail.fabrikam.co.uk", "mail.contoso.co.uk"));
    }
}
