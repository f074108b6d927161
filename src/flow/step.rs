//! The five steps of Hybrid Modern Authentication and how far a flow got.

use crate::capture::SessionId;
use crate::flow::{AnswerMessage, Endpoint, Reading, RequestMessage};

/// A step of the flow, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The client sends an empty Bearer: "I can do OAuth".
    Probe,
    /// Exchange answers 401 and says where to get a token.
    Challenge,
    /// The user, or the broker for them, signs in at Entra ID or AD FS and a token is issued.
    SignIn,
    /// The client sends the token to Exchange.
    Token,
    /// Exchange lets the client in.
    Access,
}

impl Step {
    /// All steps in order.
    pub const ALL: [Self; 5] =
        [Self::Probe, Self::Challenge, Self::SignIn, Self::Token, Self::Access];

    /// The step's name in reports: `sign-in`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Challenge => "challenge",
            Self::SignIn => "sign-in",
            Self::Token => "token",
            Self::Access => "access",
        }
    }

    /// The step's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Probe => "Probe",
            Self::Challenge => "Challenge",
            Self::SignIn => "Sign-in",
            Self::Token => "Token",
            Self::Access => "Access",
        }
    }

    /// What should happen in this step, in one sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Probe => {
                "The client sends an empty Bearer: it can do OAuth and asks where to get a token."
            }
            Self::Challenge => "Exchange answers 401 and names Entra ID in authorization_uri.",
            Self::SignIn => "The user signs in and Entra ID issues a token for the Exchange host.",
            Self::Token => "The client sends the token to Exchange.",
            Self::Access => "Exchange accepts the token and answers with the mailbox.",
        }
    }
}

/// How a step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// It happened as it should.
    Ok,
    /// It happened and went wrong.
    Failed,
    /// It should be there and is not.
    Missing,
    /// It cannot be seen here and need not be: a broker, a cached token, a capture that starts later.
    Hidden,
}

impl StepState {
    /// The state's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Missing => "missing",
            Self::Hidden => "hidden",
        }
    }
}

impl Reading {
    /// The steps that the session is part of, whether they went well or not; the last is how far it got. A probe that is
    /// answered by a challenge is both.
    pub fn steps(&self) -> &'static [Step] {
        match (&self.request, &self.answer) {
            (RequestMessage::Probe, AnswerMessage::Challenge) => &[Step::Probe, Step::Challenge],
            (RequestMessage::Probe, _) => &[Step::Probe],
            (RequestMessage::Token, AnswerMessage::Success) => &[Step::Token, Step::Access],
            (RequestMessage::Token, _) => &[Step::Token],
            (RequestMessage::Tunnel, _) => &[],
            _ if matches!(self.endpoint, Endpoint::Identity { .. }) => &[Step::SignIn],
            _ => &[],
        }
    }
}

/// A step of one flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// Which step.
    pub step: Step,
    /// How it went.
    pub state: StepState,
    /// The session that shows it; `None` for missing and hidden steps.
    pub session: Option<SessionId>,
}
