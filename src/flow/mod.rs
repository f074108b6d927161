//! What happened: sessions read as messages, grouped into flows of five steps, with every token followed from where it
//! was issued to where it was used. Nothing here judges, opens a file or fails.

mod accepted;
mod actor;
mod autodetect;
mod by_session;
mod endpoint;
mod form_post;
mod grouping;
mod label;
mod lineage;
mod message;
pub mod oauth;
mod sign_in_only;
mod step;
mod steps;
mod subject;
mod token_check;
mod visibility;
mod web;

pub use actor::Actor;
pub use autodetect::server_without_authority;
pub use endpoint::{Endpoint, IdentityPurpose, Protocol, Purpose};
pub use grouping::{Flow, FlowId, Mechanism, Outcome};
pub use lineage::{TokenId, TokenRole, TrackedToken};
pub use message::{AnswerMessage, Reading, RequestMessage};
pub use oauth::OAuthError;
pub use sign_in_only::is_neighbour;
pub use step::{Step, StepRecord, StepState};
pub use steps::{
    completes_sign_in, concerns, is_cloud_attempt, is_good_challenge, is_sign_in_failure,
};
pub use subject::Subject;
pub use token_check::{
    CLOCK_TOLERANCE, CheckKind, CheckState, TokenCheck, duration, moment_of_use,
};
pub use visibility::{FlowHosts, Visibility};
pub use web::WebStep;

use std::collections::HashMap;
use std::convert::Infallible;
use std::num::NonZero;

use by_session::BySession;

use crate::capture::{Capture, SessionId};
use crate::cores::{self, GoOn};
use crate::http::Challenge;
use crate::jwt::Keys;

/// Sessions that a core reads at a time.
const BLOCK: NonZero<usize> = NonZero::new(256).unwrap();

/// A capture's flows, rebuilt.
#[derive(Clone, Debug)]
pub struct Reconstruction {
    /// Every session, read, in the order of time.
    pub readings: Vec<Reading>,
    /// The flows in the order of their first sessions; last those of which the capture shows a failed sign-in alone.
    pub flows: Vec<Flow>,
    /// The tokens in the order of appearance.
    pub tokens: Vec<TrackedToken>,
    /// What the capture cannot show.
    pub visibility: Visibility,
    places: BySession<usize>,
    uses: BySession<TokenId>,
    memberships: BySession<FlowId>,
}

impl Reconstruction {
    /// Rebuilds the flows of a capture. `keys` are issuer keys that a person supplied, beside those that the capture holds.
    pub fn of(capture: &Capture, keys: &Keys) -> Self {
        let Ok(flows) = Self::while_wanted(capture, keys, &|| Ok::<(), Infallible>(()));
        flows
    }

    /// Rebuilds the flows of a capture, asking `go_on` again and again. What it refuses with ends the work.
    pub fn while_wanted<E: Send>(
        capture: &Capture,
        keys: &Keys,
        go_on: GoOn<'_, E>,
    ) -> Result<Self, E> {
        go_on()?;
        let sessions = capture.chronological();
        let readings = cores::map(&sessions, BLOCK, go_on, |session| Reading::of(session))?;
        let places = readings.iter().enumerate().map(|(at, r)| (r.session, at)).collect();
        let mut tokens = lineage::follow(capture, &readings, keys, go_on)?;
        let uses: BySession<TokenId> =
            tokens.iter().flat_map(|t| t.used_in.iter().map(|session| (*session, t.id))).collect();
        let accepted = accepted::Accepted::of(&readings, &tokens, &uses);
        let end = readings.iter().rev().find_map(|r| r.moment);
        let followed = grouping::Tokens { all: &tokens, uses: &uses, accepted: &accepted, end };
        let mut flows = grouping::group(capture, &readings, followed, go_on)?;
        sign_in_only::add(&mut flows, capture, &readings);
        go_on()?;
        let memberships = flows
            .iter()
            .flat_map(|flow| {
                let sessions = flow.sessions.iter().chain(&flow.identity_sessions);
                sessions.map(|session| (*session, flow.id))
            })
            .collect();
        let visibility = Visibility::of(capture, &readings);
        check_tokens(capture, &readings, &places, &mut tokens);
        Ok(Self { readings, flows, tokens, visibility, places, uses, memberships })
    }

    /// A session's reading.
    pub fn reading(&self, session: SessionId) -> Option<&Reading> {
        self.places.get(session).and_then(|at| self.readings.get(at))
    }

    /// A session's place in the order of time.
    pub fn place(&self, session: SessionId) -> Option<usize> {
        self.places.get(session)
    }

    /// A flow by its number.
    pub fn flow(&self, id: FlowId) -> Option<&Flow> {
        self.flows.get((id.0 as usize).checked_sub(1)?)
    }

    /// The flows that a session belongs to: one for a session with Exchange, perhaps several for a sign-in session.
    pub fn flows_of(&self, session: SessionId) -> impl Iterator<Item = &Flow> {
        self.memberships.all(session).filter_map(|id| self.flow(id))
    }

    /// The readings of a flow's sessions with Exchange.
    pub fn readings_of<'a>(&'a self, flow: &'a Flow) -> impl Iterator<Item = &'a Reading> + 'a {
        flow.sessions.iter().filter_map(|id| self.reading(*id))
    }

    /// A token by its number.
    pub fn token(&self, id: TokenId) -> Option<&TrackedToken> {
        self.tokens.get((id.0 as usize).checked_sub(1)?)
    }

    /// The token that a session sent to a resource.
    pub fn token_used_in(&self, session: SessionId) -> Option<&TrackedToken> {
        self.uses.get(session).and_then(|id| self.token(id))
    }
}

/// Compares every used token with its decisive use: the first refused one, else the first.
fn check_tokens(
    capture: &Capture,
    readings: &[Reading],
    places: &BySession<usize>,
    tokens: &mut [TrackedToken],
) {
    let mut challenges: HashMap<&str, &Challenge> = HashMap::new();
    for reading in readings {
        let Some(session) = capture.session(reading.session) else { continue };
        if let Some(bearer) =
            reading.challenges.bearer().filter(|b| b.parameter("trusted_issuers").is_some())
        {
            challenges.entry(session.host()).or_insert(bearer);
        }
    }
    for token in tokens {
        let uses = || token.used_in.iter().filter_map(|id| readings.get(places.get(*id)?));
        let Some(decisive) =
            uses().find(|r| r.answer == AnswerMessage::Challenge).or_else(|| uses().next())
        else {
            continue;
        };
        let Some(session) = capture.session(decisive.session) else { continue };
        token.checks =
            token_check::checks(token, session, decisive, challenges.get(session.host()).copied());
    }
}
