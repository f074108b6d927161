//! Which flow waits for a session with an identity provider, and whether its wait had an end.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::capture::SessionId;
use crate::flow::{
    AnswerMessage, Asked, Completions, Endpoint, Flow, FlowId, IdentityPurpose, Mechanism,
    PersonId, Protocol, Reading, RequestMessage, completes_sign_in, is_good_challenge,
    is_neighbour, may_be_same,
};
use crate::http::Target;
use crate::knowledge::identity_host;
use crate::rules::Case;

/// The flows that may wait for a sign-in, indexed by what decides.
pub(in crate::rules) struct Waiting<'a> {
    /// By their flows' numbers.
    flows: Vec<Waiter<'a>>,
    completions: Completions<'a>,
    /// The places of the sign-ins that went well, ascending.
    completed: Vec<usize>,
    /// The places of the last tokens that a host accepted, of each person.
    accepted: HashMap<&'a str, HashMap<Option<PersonId>, usize>>,
}

/// A flow that may wait.
struct Waiter<'a> {
    flow: &'a Flow,
    /// The places of its sessions with Exchange, ascending.
    places: Vec<usize>,
    /// Where it was first sent to Entra ID.
    sent_at: Option<usize>,
    /// The place of the last sign-in that OWA or ECP took.
    entered_at: Option<usize>,
}

impl<'a> Waiting<'a> {
    /// Looks over a case once.
    pub(in crate::rules) fn of(case: &Case<'a>) -> Self {
        let mut accepted: HashMap<&str, HashMap<Option<PersonId>, usize>> = HashMap::new();
        let flows: Vec<Waiter<'a>> =
            case.flows.flows.iter().filter_map(|flow| Waiter::of(case, flow)).collect();
        for waiter in &flows {
            let last = case
                .readings_of(waiter.flow)
                .filter(|r| {
                    r.request == RequestMessage::Token && r.answer == AnswerMessage::Success
                })
                .last();
            if let Some(last) = last {
                let of_host = accepted.entry(waiter.flow.host.as_str()).or_default();
                let place = of_host.entry(waiter.flow.person).or_default();
                *place = case.place(last.session).max(*place);
            }
        }
        let completed = || case.readings().enumerate().filter(|(_, r)| completes_sign_in(r));
        Self {
            flows,
            completions: Completions::of(completed()),
            completed: completed().map(|(place, _)| place).collect(),
            accepted,
        }
    }

    /// The flow that waits for a session with an identity provider, and whether the sign-in went well later.
    pub(in crate::rules) fn flow_for(
        &self,
        case: &Case<'a>,
        reading: &Reading,
    ) -> Option<(&'a Flow, bool)> {
        let (asked, place) = (asked(reading)?, case.place(reading.session));
        let person = reading.behalf.person;
        let waiter = self
            .flows
            .iter()
            .filter(|waiter| may_be_same(waiter.flow.person, person))
            .filter_map(|waiter| Some((waiter.claim(asked, place)?, waiter)))
            .max_by_key(|(claim, waiter)| {
                let is_known = waiter.flow.person == person;
                (*claim, is_known, waiter.last_before(place), Reverse(waiter.flow.id))
            })
            .map(|(_, waiter)| waiter)?;
        let host = waiter.flow.host.as_str();
        let healed = self.completions.heal(&reading.behalf, host, waiter.is_web(), place)
            || self.accepted.get(host).is_some_and(|of_host| {
                of_host.iter().any(|(whose, last)| *last > place && may_be_same(*whose, person))
            })
            || waiter.entered_at.is_some_and(|last| last > place);
        Some((waiter.flow, healed))
    }

    /// Whether a sign-in went well, or a session of the flow with Exchange took place, between two places.
    pub(super) fn rests_between(&self, flow: FlowId, from: usize, to: usize) -> bool {
        let any = |places: &[usize]| {
            places.get(places.partition_point(|at| *at <= from)).is_some_and(|at| *at < to)
        };
        any(&self.completed)
            || self
                .flows
                .binary_search_by_key(&flow, |waiter| waiter.flow.id)
                .ok()
                .and_then(|at| self.flows.get(at))
                .is_some_and(|waiter| any(&waiter.places))
    }
}

/// What a session with an identity provider is for; `None` for what servers ask.
fn asked(reading: &Reading) -> Option<&Asked> {
    let is_servers = matches!(
        &reading.request,
        RequestMessage::TokenRequest(request) if request.confidential
    ) || reading.endpoint.identity() == Some(IdentityPurpose::AccessControl);
    (!is_servers).then_some(&reading.behalf.asked)
}

/// How surely a session belongs to a flow; the later the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    /// It asks for a neighbour of the host.
    Neighbour,
    /// It asks for nothing in particular, and the flow was sent to sign in.
    Sent,
    /// It asks for the flow's host.
    Exact,
}

impl<'a> Waiter<'a> {
    fn of(case: &Case<'a>, flow: &'a Flow) -> Option<Self> {
        let is_web = !flow.online && matches!(flow.protocol, Protocol::Owa | Protocol::Ecp);
        if flow.mechanism != Mechanism::Hma && !is_web {
            return None;
        }
        let place = |id: &SessionId| case.flows.place(*id);
        let sent = case.readings_of(flow).find(|r| is_good_challenge(r) || redirects(case, r));
        let sent_at = match sent {
            Some(sent) => place(&sent.session),
            // Of this flow the sign-in alone is visible.
            None if flow.sessions.is_empty() => flow.identity_sessions.first().and_then(place),
            None => None,
        };
        let entered =
            is_web.then(|| case.readings_of(flow).filter(|r| takes_sign_in(case, r)).last());
        Some(Self {
            flow,
            places: flow.sessions.iter().filter_map(place).collect(),
            sent_at,
            entered_at: entered.flatten().and_then(|r| place(&r.session)),
        })
    }

    const fn is_web(&self) -> bool {
        matches!(self.flow.protocol, Protocol::Owa | Protocol::Ecp)
    }

    fn claim(&self, asked: &Asked, place: usize) -> Option<Claim> {
        let was_sent = self.sent_at.is_some_and(|at| at <= place);
        match asked {
            Asked::Nothing => was_sent.then_some(Claim::Sent),
            Asked::Foreign => None,
            Asked::Application(host, protocol) => {
                let is_mine = self.is_web() && *host == self.flow.host;
                let is_exact = *protocol == self.flow.protocol;
                is_mine.then_some(if is_exact { Claim::Exact } else { Claim::Sent })
            }
            Asked::Resource(_) if self.is_web() && !self.flow.sessions.is_empty() => None,
            Asked::Resource(host) if *host == self.flow.host => Some(Claim::Exact),
            // A client that was sent to an internal name asks for a token for that name.
            Asked::Resource(host) => {
                (was_sent && is_neighbour(host, &self.flow.host)).then_some(Claim::Neighbour)
            }
        }
    }

    /// The place of the flow's last session with Exchange before another.
    fn last_before(&self, place: usize) -> Option<usize> {
        let at = self.places.partition_point(|own| *own < place).checked_sub(1)?;
        self.places.get(at).copied()
    }
}

/// Whether OWA or ECP sends a browser to Entra ID.
fn redirects(case: &Case<'_>, reading: &Reading) -> bool {
    matches!(
        reading.endpoint,
        Endpoint::Exchange { protocol: Protocol::Owa | Protocol::Ecp, online: false, .. }
    ) && reading.answer == AnswerMessage::Redirect
        && case
            .session(reading.session)
            .and_then(|s| s.response_header("location"))
            .is_some_and(|location| identity_host::is_entra_authority(Target::new(location).host()))
}

/// Whether a browser brings OWA or ECP what Entra ID issued, and is let in or sent on.
fn takes_sign_in(case: &Case<'_>, reading: &Reading) -> bool {
    matches!(reading.answer, AnswerMessage::Success | AnswerMessage::Redirect)
        && case.session(reading.session).is_some_and(|session| {
            session.request.method.eq_ignore_ascii_case("POST")
                && session.request.body.form().iter().any(|(name, value)| {
                    matches!(name.as_str(), "code" | "id_token") && !value.is_empty()
                })
        })
}
