//! What a rule looks at.

use crate::capture::{Capture, Session, SessionId};
use crate::flow::{Flow, Mechanism, Outcome, Reading, Reconstruction};

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

    /// A session.
    pub fn session(&self, id: SessionId) -> Option<&'a Session> {
        self.capture.session(id)
    }

    /// Whether credentials were taken out of the file, so that their absence proves nothing.
    pub const fn is_sanitized(&self) -> bool {
        self.flows.visibility.sanitized.is_some()
    }
}
