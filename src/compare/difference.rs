//! One place where two flows part.

use super::{challenge, claims, relative};
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
    /// The schemes that the challenge offers.
    Schemes,
    /// Where the challenge sends the client for a token.
    AuthorizationUri,
    /// Another parameter of the Bearer challenge.
    ChallengeParameter,
    /// The OAuth error that the identity provider answered with.
    OAuthError,
    /// Whom the token is for.
    Audience,
    /// Another claim of the token.
    Claim,
    /// What Exchange says in `x-ms-diagnostics`.
    Diagnostics,
}

impl Aspect {
    /// In the order in which they are told.
    const ALL: [Self; 9] = [
        Self::State,
        Self::Status,
        Self::Schemes,
        Self::AuthorizationUri,
        Self::ChallengeParameter,
        Self::OAuthError,
        Self::Audience,
        Self::Claim,
        Self::Diagnostics,
    ];

    /// The aspect's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Status => "status",
            Self::Schemes => "schemes",
            Self::AuthorizationUri => "authorization-uri",
            Self::ChallengeParameter => "challenge-parameter",
            Self::OAuthError => "oauth-error",
            Self::Audience => "audience",
            Self::Claim => "claim",
            Self::Diagnostics => "diagnostics",
        }
    }

    /// The aspect's name as people read it.
    const fn name(self) -> &'static str {
        match self {
            Self::State => "How it went",
            Self::Status => "Status",
            Self::Schemes => "Schemes offered",
            Self::AuthorizationUri => "authorization_uri",
            Self::ChallengeParameter => "Challenge parameter",
            Self::OAuthError => "Sign-in error",
            Self::Audience => "Audience of the token",
            Self::Claim => "Claim",
            Self::Diagnostics => "x-ms-diagnostics",
        }
    }

    /// Whether a step has it at all.
    const fn belongs_to(self, step: Step) -> bool {
        match self {
            Self::State | Self::Status => true,
            Self::Schemes | Self::AuthorizationUri | Self::ChallengeParameter => {
                matches!(step, Step::Challenge)
            }
            Self::OAuthError => matches!(step, Step::SignIn),
            Self::Audience | Self::Claim => matches!(step, Step::Token),
            Self::Diagnostics => matches!(step, Step::Challenge | Step::Token | Step::Access),
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
    /// Which parameter or claim; `None` where the aspect says it all. It may be recorded text.
    pub name: Option<String>,
    /// What the good capture shows.
    pub good: Seen,
    /// What the bad capture shows.
    pub bad: Seen,
    /// Whether it only tells people or organisations apart and explains no failure.
    pub incidental: bool,
}

impl Difference {
    /// In what they differ, as people read it: `Claim scp`.
    pub fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.aspect.name()),
            None => self.aspect.name().to_owned(),
        }
    }
}

/// A flow of one of the captures.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) flow: &'a Flow,
}

/// Where two flows part, in the order of steps. A step that one capture hides is not compared further than that: a
/// cached token makes no difference.
pub(super) fn differences(good: Side<'_>, bad: Side<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    for step in Step::ALL {
        for aspect in Aspect::ALL.into_iter().filter(|aspect| aspect.belongs_to(step)) {
            for name in names(good, bad, step, aspect) {
                let name = name.as_deref();
                let (Some(here), Some(there)) =
                    (good.seen(step, aspect, name), bad.seen(step, aspect, name))
                else {
                    continue;
                };
                let hidden = here.state == StepState::Hidden || there.state == StepState::Hidden;
                let reached =
                    aspect == Aspect::State || (here.session.is_some() && there.session.is_some());
                if here.value != there.value && !hidden && reached {
                    differences.push(Difference {
                        step,
                        aspect,
                        name: name.map(str::to_owned),
                        good: here,
                        bad: there,
                        incidental: is_incidental(aspect, name, good.flow, bad.flow),
                    });
                }
            }
        }
    }
    differences
}

/// The parameters or claims that either side has, those of the good one first; one `None` where the aspect says it all.
fn names(good: Side<'_>, bad: Side<'_>, step: Step, aspect: Aspect) -> Vec<Option<String>> {
    let of = |side: Side<'_>| match (aspect, side.session(step)) {
        (Aspect::ChallengeParameter, Some(session)) => challenge::names(side.analysis, session),
        (Aspect::Claim, Some(session)) => claims::names(side.analysis, session),
        _ => Vec::new(),
    };
    if !matches!(aspect, Aspect::ChallengeParameter | Aspect::Claim) {
        return vec![None];
    }
    let (here, there) = (of(good), of(bad));
    if aspect == Aspect::Claim && (here.is_empty() || there.is_empty()) {
        // A token that cannot be read is no token without claims.
        return Vec::new();
    }
    let mut names: Vec<Option<String>> = Vec::new();
    for name in here.into_iter().chain(there).map(Some) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Who signed in explains nothing, nor does the tenant when the hosts belong to two organisations.
fn is_incidental(aspect: Aspect, name: Option<&str>, good: &Flow, bad: &Flow) -> bool {
    let domain = |host: &str| host.split_once('.').map(|(_, domain)| domain.to_owned());
    let elsewhere = domain(&good.host) != domain(&bad.host);
    match (aspect, name) {
        (Aspect::Claim, Some("tid" | "iss" | "tenant_region_scope"))
        | (Aspect::ChallengeParameter, Some("trusted_issuers" | "realm")) => elsewhere,
        (Aspect::Claim, Some(name)) => claims::is_personal(name),
        _ => false,
    }
}

impl Side<'_> {
    fn session(&self, step: Step) -> Option<SessionId> {
        self.flow.steps.iter().find(|s| s.step == step)?.session
    }

    fn seen(&self, step: Step, aspect: Aspect, name: Option<&str>) -> Option<Seen> {
        let Self { analysis, flow } = *self;
        let record = flow.steps.iter().find(|s| s.step == step)?;
        let reading = record.session.and_then(|id| analysis.flows.reading(id));
        let value = match aspect {
            Aspect::State => Some(record.state.id().to_owned()),
            Aspect::Status => reading.map(|r| r.status.to_string()),
            Aspect::Schemes => record.session.and_then(|id| challenge::schemes(analysis, id)),
            Aspect::AuthorizationUri => reading
                .and_then(|r| r.challenges.bearer())
                .and_then(|b| b.authorization_uri())
                .map(place),
            Aspect::ChallengeParameter => record.session.and_then(|id| {
                challenge::value(analysis, id, name.unwrap_or_default(), &flow.host)
            }),
            Aspect::OAuthError => {
                reading.and_then(|r| r.oauth_error()).map(crate::flow::oauth::OAuthError::name)
            }
            Aspect::Audience => record
                .session
                .and_then(|id| analysis.flows.token_used_in(id))
                .and_then(|token| token.jwt())
                .and_then(|jwt| jwt.audience())
                .map(|audience| relative(audience, &flow.host)),
            Aspect::Claim => record
                .session
                .and_then(|id| claims::value(analysis, id, name.unwrap_or_default(), &flow.host)),
            Aspect::Diagnostics => {
                reading.and_then(|r| r.diagnostics.as_ref()).map(|d| d.code.to_string())
            }
        };
        Some(Seen { state: record.state, session: record.session, value })
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
