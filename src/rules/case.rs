//! What a rule looks at.

use crate::capture::{Capture, Session, SessionId};
use crate::flow::{
    AnswerMessage, Flow, Mechanism, Outcome, Protocol, Reading, Reconstruction, RequestMessage,
    Step, StepState, Subject,
};
use crate::knowledge::{exchange_online_host, identity_host};

/// A token that Exchange refused.
#[derive(Clone, Copy, Debug)]
pub struct RefusedToken<'a> {
    /// The flow that it ended.
    pub flow: &'a Flow,
    /// The session that shows it, read.
    pub reading: &'a Reading,
    /// The session that shows it.
    pub session: &'a Session,
}

/// A capture with its rebuilt flows, and the questions that many rules ask.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The capture.
    pub capture: &'a Capture,
    /// Its flows, readings and tokens.
    pub flows: &'a Reconstruction,
}

impl<'a> Case<'a> {
    /// Every reading in the order of time.
    pub fn readings(&self) -> impl Iterator<Item = &'a Reading> + use<'a> {
        self.flows.readings.iter()
    }

    /// The flows that try HMA.
    pub fn hma_flows(&self) -> impl Iterator<Item = &'a Flow> + use<'a> {
        self.flows.flows.iter().filter(|f| f.mechanism == Mechanism::Hma)
    }

    /// The HMA flows that did not reach the mailbox in the end. A break that healed is history.
    pub fn unhealed_flows(&self) -> impl Iterator<Item = &'a Flow> + use<'a> {
        self.hma_flows().filter(|f| f.outcome != Outcome::Healthy)
    }

    /// The readings of a flow's sessions with Exchange, in the order of time.
    pub fn readings_of(&self, flow: &'a Flow) -> impl Iterator<Item = &'a Reading> + use<'a> {
        self.flows.readings_of(flow)
    }

    /// The readings of a flow's sessions with identity providers, in the order of time.
    pub fn identity_readings_of(
        &self,
        flow: &'a Flow,
    ) -> impl Iterator<Item = &'a Reading> + use<'a> {
        let flows = self.flows;
        flow.identity_sessions.iter().filter_map(move |id| flows.reading(*id))
    }

    /// A header field of a session's request.
    pub fn request_header(&self, id: SessionId, name: &str) -> Option<&'a str> {
        self.session(id)?.request.headers.get(name)
    }

    /// A session's place in the order of time.
    pub fn place(&self, id: SessionId) -> usize {
        self.flows.place(id).unwrap_or(usize::MAX)
    }

    /// Whether a token reached the mailbox on `host` after a session.
    pub fn is_accepted_after(&self, host: &str, after: SessionId) -> bool {
        let place = self.place(after);
        self.hma_flows().filter(|f| f.host == host).flat_map(|f| self.readings_of(f)).any(|r| {
            r.request == RequestMessage::Token
                && r.answer == AnswerMessage::Success
                && self.place(r.session) > place
        })
    }

    /// Whether a mailbox on `host` opens with HMA.
    pub fn opens_mailbox_on(&self, host: &str) -> bool {
        self.hma_flows().any(|f| {
            f.host == host
                && f.outcome == Outcome::Healthy
                && f.protocol != Protocol::Autodiscover
                && self.readings_of(f).any(Reading::opens_mailbox)
        })
    }

    /// Whether the flow's client sent a token after a session: it knew its authority all the same.
    pub fn sends_token_after(&self, flow: &Flow, after: SessionId) -> bool {
        let place = self.place(after);
        self.flows
            .readings_of(flow)
            .any(|r| r.request == RequestMessage::Token && self.place(r.session) > place)
    }

    /// The tokens that Exchange refused and did not accept afterwards, one for each flow that ends so: of several
    /// refusals the last one counts, shown by the first session that was refused in the same way.
    pub fn refused_tokens(&self) -> Vec<RefusedToken<'a>> {
        self.unhealed_flows().filter_map(|flow| self.refused_token(flow)).collect()
    }

    fn refused_token(&self, flow: &'a Flow) -> Option<RefusedToken<'a>> {
        // An old token for which a new one was asked is not what broke.
        if flow.steps.iter().any(|s| s.step == Step::Token && s.state == StepState::Missing) {
            return None;
        }
        let uses: Vec<&Reading> = self
            .readings_of(flow)
            .filter(|r| r.request == RequestMessage::Token && r.endpoint.is_hma_candidate())
            .collect();
        // What is beside the mailbox settles nothing about the mailbox's user.
        let last = |wanted: fn(&Reading) -> bool| uses.iter().rposition(|r| wanted(r));
        let (accepted, opened) =
            (last(|r| r.answer == AnswerMessage::Success), last(Reading::opens_mailbox));
        let lasts = |at: usize, r: &Reading| {
            let is_mailbox = r.subject == Subject::Mailbox && r.refuses_user();
            let settled = if is_mailbox { opened } else { accepted };
            settled.is_none_or(|settled| settled < at)
        };
        let refused: Vec<&Reading> = uses
            .iter()
            .enumerate()
            .filter(|(_, r)| r.answer == AnswerMessage::Challenge || r.diagnostics.is_some())
            .filter(|(at, r)| lasts(*at, r))
            .map(|(_, r)| *r)
            .collect();
        let code = |r: &Reading| r.diagnostics.as_ref().map(|d| d.code);
        let last = code(refused.last()?);
        let reading = refused.into_iter().find(|r| code(r) == last)?;
        Some(RefusedToken { flow, reading, session: self.session(reading.session)? })
    }

    /// A session.
    pub fn session(&self, id: SessionId) -> Option<&'a Session> {
        self.capture.session(id)
    }

    /// Whether the traffic with one of the organisation's own Exchange hosts was not decrypted.
    pub fn hides_exchange(&self) -> bool {
        self.flows.visibility.undecrypted.iter().any(|(host, _)| is_own_exchange_name(host))
    }

    /// Whether credentials were taken out of the file, so that their absence proves nothing.
    pub const fn is_sanitized(&self) -> bool {
        self.flows.visibility.sanitized.is_some()
    }
}

/// Whether a host that is known by its name alone is the organisation's own Exchange, rather than a sign-in host.
pub(super) fn is_own_exchange_name(host: &str) -> bool {
    identity_host::find(host).is_none()
        && !exchange_online_host::is_exchange_online(host)
        && !host.starts_with("adfs.")
        && !host.starts_with("sts.")
}
