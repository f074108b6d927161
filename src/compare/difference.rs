//! One place where two flows part.

use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::flow::{Flow, Step, StepState};
use crate::http::Target;

/// In what two flows differ at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// How the step went.
    State,
    /// The status code of the step's session.
    Status,
    /// Where the challenge sends the client for a token.
    AuthorizationUri,
    /// The OAuth error that the identity provider answered with.
    OAuthError,
    /// Whom the token is for.
    Audience,
    /// What Exchange says in `x-ms-diagnostics`.
    Diagnostics,
}

impl Aspect {
    const ALL: [Self; 6] = [
        Self::State,
        Self::Status,
        Self::AuthorizationUri,
        Self::OAuthError,
        Self::Audience,
        Self::Diagnostics,
    ];

    /// The aspect's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Status => "status",
            Self::AuthorizationUri => "authorization-uri",
            Self::OAuthError => "oauth-error",
            Self::Audience => "audience",
            Self::Diagnostics => "diagnostics",
        }
    }

    /// The aspect's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::State => "How it went",
            Self::Status => "Status",
            Self::AuthorizationUri => "authorization_uri",
            Self::OAuthError => "Sign-in error",
            Self::Audience => "Audience of the token",
            Self::Diagnostics => "x-ms-diagnostics",
        }
    }
}

/// What one of the captures shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How the step went.
    pub state: StepState,
    /// The session that shows it.
    pub session: Option<SessionId>,
    /// The value that differs; `None` when there is none.
    pub value: Option<String>,
}

/// One place where two flows part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step.
    pub step: Step,
    /// In what they differ.
    pub aspect: Aspect,
    /// What the good capture shows.
    pub good: Seen,
    /// What the bad capture shows.
    pub bad: Seen,
}

/// Where two flows part, in the order of steps. A step that one capture hides is not compared further than that: a
/// cached token makes no difference.
pub(super) fn differences(
    good: &Analysis,
    good_flow: &Flow,
    bad: &Analysis,
    bad_flow: &Flow,
) -> Vec<Difference> {
    let mut differences = Vec::new();
    for step in Step::ALL {
        for aspect in Aspect::ALL {
            let (Some(here), Some(there)) =
                (seen(good, good_flow, step, aspect), seen(bad, bad_flow, step, aspect))
            else {
                continue;
            };
            let hidden = here.state == StepState::Hidden || there.state == StepState::Hidden;
            let reached =
                aspect == Aspect::State || (here.session.is_some() && there.session.is_some());
            if here.value != there.value && !hidden && reached {
                differences.push(Difference { step, aspect, good: here, bad: there });
            }
        }
    }
    differences
}

fn seen(analysis: &Analysis, flow: &Flow, step: Step, aspect: Aspect) -> Option<Seen> {
    let record = flow.steps.iter().find(|s| s.step == step)?;
    let reading = record.session.and_then(|id| analysis.flows.reading(id));
    let relevant = match aspect {
        Aspect::State | Aspect::Status => true,
        Aspect::AuthorizationUri => step == Step::Challenge,
        Aspect::OAuthError => step == Step::SignIn,
        Aspect::Audience => step == Step::Token,
        Aspect::Diagnostics => step == Step::Access || step == Step::Challenge,
    };
    if !relevant {
        return None;
    }
    let value = match aspect {
        Aspect::State => Some(record.state.id().to_owned()),
        Aspect::Status => reading.map(|r| r.status.to_string()),
        Aspect::AuthorizationUri => reading
            .and_then(|r| r.challenges.bearer())
            .and_then(|b| b.authorization_uri())
            .map(place),
        Aspect::OAuthError => {
            reading.and_then(|r| r.oauth_error()).map(crate::flow::oauth::OAuthError::name)
        }
        Aspect::Audience => record
            .session
            .and_then(|id| analysis.flows.token_used_in(id))
            .and_then(|token| token.jwt())
            .and_then(|jwt| jwt.audience())
            .map(|audience| relative(audience, &flow.host)),
        Aspect::Diagnostics => {
            reading.and_then(|r| r.diagnostics.as_ref()).map(|d| d.code.to_string())
        }
    };
    Some(Seen { state: record.state, session: record.session, value })
}

/// An audience as seen from the flow's host, so that captures of two hosts can be compared.
fn relative(audience: &str, host: &str) -> String {
    let target = Target::new(audience);
    if !host.is_empty() && target.host() == host {
        format!("the flow's own host, {}", target.scheme())
    } else {
        audience.to_owned()
    }
}

/// A URL without its query: tenants and hosts matter, request parameters do not.
fn place(uri: &str) -> String {
    let target = Target::new(uri);
    if target.host().is_empty() {
        return uri.split('?').next().unwrap_or_default().to_owned();
    }
    format!("{}{}", target.origin(), target.path())
}
