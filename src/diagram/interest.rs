//! Which sessions tell the story and which are routine, and whether an answer is good news.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::mem::{Discriminant, discriminant};

use super::words::{count, grouped};
use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::{
    Actor, AnswerMessage, Endpoint, FlowId, IdentityPurpose, OAuthError, Reading, RequestMessage,
    StepState, is_good_challenge,
};
use crate::knowledge::entra_error::{self, ClientAction};
use crate::rules::{Finding, Severity};

/// Whether an answer is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Something went wrong.
    Failed,
    /// It works, but not as it should.
    Warning,
    /// A step that succeeded.
    Ok,
    /// Nothing to look at.
    Quiet,
}

/// Why a session may fold away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Routine {
    /// It has nothing to do with the flow.
    OtherHost,
    /// Static content and discovery of signing in.
    SignInContent,
    /// A request that succeeded as another before it.
    Success,
    /// The same as another before it.
    Repeat,
}

/// What makes sessions of one capture worth a row.
pub(super) struct Interest {
    /// Sessions that show a step or prove something.
    decisive: HashSet<SessionId>,
    /// Sessions where something went wrong for certain.
    failed: HashSet<SessionId>,
    /// The first of their kind in their flow.
    first: HashSet<SessionId>,
    /// Whether nothing may be marked as good or bad.
    is_veiled: bool,
}

type Kind =
    (Option<FlowId>, Endpoint, Discriminant<RequestMessage>, Discriminant<AnswerMessage>, u16, u32);

impl Interest {
    /// Looks over a capture.
    pub(super) fn of(analysis: &Analysis) -> Self {
        let steps = || analysis.flows.flows.iter().flat_map(|f| f.steps);
        // What is said of the whole file, say a password in every request, is shown at its first place only.
        let of_flow = |f: &Finding| if f.step.is_some() { f.evidence.len() } else { 1 };
        let evidence = analysis
            .findings
            .iter()
            .filter(|f| f.severity >= Severity::Warning)
            .flat_map(|f| f.evidence.iter().take(of_flow(f)));
        let decisive = steps().filter_map(|s| s.session).chain(evidence.filter_map(|e| e.session));
        let errors = analysis.findings.iter().filter(|f| f.severity == Severity::Error);
        let failed = steps()
            .filter(|s| s.state == StepState::Failed)
            .filter_map(|s| s.session)
            .chain(errors.filter_map(Finding::session));
        Self {
            decisive: decisive.collect(),
            failed: failed.collect(),
            first: first(analysis),
            is_veiled: analysis.is_veiled,
        }
    }

    /// Why a session may fold away; `None` for one that tells the story.
    pub(super) fn routine(&self, reading: &Reading) -> Option<Routine> {
        if self.decisive.contains(&reading.session) {
            return None;
        }
        let first = self.first.contains(&reading.session);
        let good = matches!(reading.answer, AnswerMessage::Success | AnswerMessage::Redirect);
        match reading.endpoint {
            _ if reading.answered_by == Actor::Proxy => (!first).then_some(Routine::Repeat),
            Endpoint::Other => Some(Routine::OtherHost),
            Endpoint::Identity { purpose, .. } => match purpose {
                IdentityPurpose::Authorize | IdentityPurpose::Token | IdentityPurpose::WsTrust => {
                    (!first).then_some(Routine::Repeat)
                }
                _ if good || reading.request == RequestMessage::Tunnel => {
                    Some(Routine::SignInContent)
                }
                _ => (!first).then_some(Routine::Repeat),
            },
            Endpoint::Exchange { .. } if first => None,
            Endpoint::Exchange { .. } if good => Some(Routine::Success),
            Endpoint::Exchange { .. } => Some(Routine::Repeat),
        }
    }

    /// Whether a session's answer is good news, knowing what the rules found.
    pub(super) fn tone(&self, reading: &Reading) -> Tone {
        if self.is_veiled {
            return Tone::Quiet;
        }
        if self.failed.contains(&reading.session) { Tone::Failed } else { tone(reading) }
    }
}

/// The first session of each kind in each flow.
fn first(analysis: &Analysis) -> HashSet<SessionId> {
    let owners: HashMap<SessionId, FlowId> = analysis
        .flows
        .flows
        .iter()
        .flat_map(|flow| flow.sessions.iter().map(move |session| (*session, flow.id)))
        .collect();
    let mut seen: HashSet<Kind> = HashSet::new();
    let of_kind = |reading: &Reading| -> Kind {
        let code = reading
            .diagnostics
            .as_ref()
            .map(|d| d.code)
            .or_else(|| reading.oauth_error().and_then(OAuthError::code))
            .unwrap_or_default();
        (
            owners.get(&reading.session).copied(),
            reading.endpoint,
            discriminant(&reading.request),
            discriminant(&reading.answer),
            reading.status,
            code,
        )
    };
    let readings = analysis.flows.readings.iter();
    readings.filter(|r| seen.insert(of_kind(r))).map(|r| r.session).collect()
}

/// Whether an answer is good news, by itself.
pub(super) fn tone(reading: &Reading) -> Tone {
    if reading.endpoint == Endpoint::Other && reading.answered_by != Actor::Proxy {
        return Tone::Quiet;
    }
    match (&reading.answer, &reading.request) {
        (AnswerMessage::Challenge, RequestMessage::Probe) => {
            match reading.challenges.bearer().and_then(|b| b.authorization_uri()) {
                _ if is_good_challenge(reading) => Tone::Ok,
                Some(_) => Tone::Warning,
                None => Tone::Failed,
            }
        }
        (AnswerMessage::Challenge, RequestMessage::Token | RequestMessage::Basic) => Tone::Failed,
        (AnswerMessage::Challenge, _) if reading.answered_by == Actor::Proxy => Tone::Warning,
        (AnswerMessage::Tokens(_), _) | (AnswerMessage::Success, RequestMessage::Token) => Tone::Ok,
        (AnswerMessage::Success, RequestMessage::Basic) => Tone::Warning,
        (AnswerMessage::OAuthError(error), _) => {
            match error.code().and_then(entra_error::find).map(|known| known.action) {
                Some(ClientAction::Noise) => Tone::Quiet,
                _ => Tone::Failed,
            }
        }
        // Not found, policies first: nothing about signing in.
        (AnswerMessage::Failure, _) if (400..500).contains(&reading.status) => Tone::Quiet,
        (AnswerMessage::Refusal | AnswerMessage::Failure | AnswerMessage::Missing, _) => {
            Tone::Failed
        }
        (AnswerMessage::Challenge | AnswerMessage::Success | AnswerMessage::Redirect, _) => {
            Tone::Quiet
        }
    }
}

/// What a fold holds, in a few words: `12 sessions: 8 to other hosts, 4 sign-in pages and look-ups`.
pub(super) fn describe<'a>(sessions: impl Iterator<Item = (&'a Session, Routine)>) -> String {
    let mut counts: BTreeMap<Routine, usize> = BTreeMap::new();
    let mut hosts: Vec<&str> = Vec::new();
    for (session, routine) in sessions {
        *counts.entry(routine).or_default() += 1;
        if routine == Routine::OtherHost && !hosts.contains(&session.host()) && hosts.len() < 3 {
            hosts.push(session.host());
        }
    }
    let total: usize = counts.values().sum();
    let part = |routine: Routine, count: usize| match (routine, count) {
        (Routine::OtherHost, n) => format!("{} to other hosts", grouped(n)),
        (Routine::SignInContent, 1) => "1 sign-in page or look-up".to_owned(),
        (Routine::SignInContent, n) => format!("{} sign-in pages and look-ups", grouped(n)),
        (Routine::Success, 1) => "1 more that succeeded".to_owned(),
        (Routine::Success, n) => format!("{} more that succeeded", grouped(n)),
        (Routine::Repeat, 1) => "1 repeat of an earlier session".to_owned(),
        (Routine::Repeat, n) => format!("{} repeats of earlier sessions", grouped(n)),
    };
    if counts.len() == 1 {
        return match counts.first_key_value() {
            Some((Routine::OtherHost, n)) => {
                let shown: Vec<&str> =
                    hosts.iter().copied().take(2).filter(|h| !h.is_empty()).collect();
                let more = if hosts.len() > 2 { ", …" } else { "" };
                if shown.is_empty() {
                    format!("{} to other hosts", count(*n, "session"))
                } else {
                    format!("{} to other hosts: {}{more}", count(*n, "session"), shown.join(", "))
                }
            }
            Some((Routine::SignInContent, n)) => {
                format!("{}: sign-in pages and look-ups", count(*n, "session"))
            }
            Some((Routine::Success, n)) => format!("{} more sessions that succeeded", grouped(*n)),
            Some((Routine::Repeat, n)) => {
                format!("{} that repeat earlier ones", count(*n, "session"))
            }
            None => String::new(),
        };
    }
    let parts: Vec<String> = counts.into_iter().map(|(routine, n)| part(routine, n)).collect();
    format!("{}: {}", count(total, "session"), parts.join(", "))
}
