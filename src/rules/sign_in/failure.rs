//! Refusals of an identity provider, each with the flow that waits for it.

use crate::capture::{Session, SessionId};
use crate::flow::oauth::OAuthError;
use crate::flow::{
    Flow, Outcome, Reading, RequestMessage, completes_sign_in, concerns, is_good_challenge,
    is_sign_in_failure,
};
use crate::knowledge::{entra_error, oauth_error};
use crate::rules::{Case, Evidence, Part, Severity};

/// Of an identity provider's words so many characters are quoted.
const QUOTED: usize = 60;

/// So many failures of a capture are looked at, the latest ones: each is compared with all that follows it.
const JUDGED: usize = 1000;

/// An identity provider's refusal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure<'a> {
    /// The flow that waits for the sign-in.
    pub(super) flow: &'a Flow,
    /// The session that shows it, read.
    pub(super) reading: &'a Reading,
    /// The session that shows it.
    pub(super) session: &'a Session,
    /// The error.
    pub(super) error: &'a OAuthError,
    /// Whether a token for the same host came later.
    pub(super) healed: bool,
}

/// What a refusal means; each kind has its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The Exchange address is not registered in the tenant.
    SpnMissing,
    /// The refresh token was revoked.
    GrantRevoked,
    /// Nobody knows the error.
    Unknown,
    /// Any other error that is known by code or name.
    Refused,
}

impl<'a> Failure<'a> {
    /// What the refusal means.
    pub(super) fn kind(&self) -> Kind {
        let error = self.error;
        let known_name = oauth_error::find(&error.error).is_some();
        let told = if error.error.is_empty() {
            error.codes.clone()
        } else {
            // The list of codes may be a forgery's or a joke's: an error with an unknown name must say its code itself.
            entra_error::codes_in(&error.description)
        };
        let known_code = told.iter().any(|code| entra_error::find(*code).is_some());
        let is_token_request = matches!(self.reading.request, RequestMessage::TokenRequest(_));
        if is_token_request && !known_name && !known_code {
            return Kind::Unknown;
        }
        let has = |codes: &[u32]| error.codes.iter().any(|code| codes.contains(code));
        if has(&[500_011, 50_001]) || error.error == "invalid_resource" && error.codes.is_empty() {
            Kind::SpnMissing
        } else if has(&[50_173]) {
            Kind::GrantRevoked
        } else {
            Kind::Refused
        }
    }

    /// The severity, unless it is the rule's own.
    pub(super) fn lesser_severity(&self) -> Option<Severity> {
        (self.healed || self.flow.outcome == Outcome::Healthy).then_some(Severity::Note)
    }

    /// The resource that the client asked for: `https://mail.contoso.com/`.
    pub(super) fn resource(&self) -> Option<&'a str> {
        match &self.reading.request {
            RequestMessage::Authorize(request) => request.resource.as_deref(),
            RequestMessage::TokenRequest(request) => request.resource.as_deref(),
            _ => None,
        }
    }

    /// What the error is called, shortened: `invalid_grant (AADSTS50173)`.
    pub(super) fn name(&self) -> String {
        short(&self.error.name())
    }

    /// The error as evidence.
    pub(super) fn evidence(&self, case: &Case<'_>) -> Evidence {
        use crate::flow::oauth::ErrorPlace;
        let session = self.reading.session;
        match self.error.place {
            ErrorPlace::Location => Evidence {
                session: Some(session),
                part: Part::ResponseHeader,
                name: "Location".to_owned(),
                value: self.name(),
            },
            _ if self.error.error.is_empty() && self.error.codes.is_empty() => {
                Evidence::status(case, session)
            }
            _ => Evidence::response_body(session, "error", self.name()),
        }
    }

    /// `x-ms-request-id`, the key to Entra's sign-in log, if the answer has one.
    pub(super) fn request_id(&self, case: &Case<'_>) -> Option<Evidence> {
        self.session
            .response_header("x-ms-request-id")
            .map(|_| Evidence::response_header(case, self.session.id, "x-ms-request-id"))
    }
}

/// Text of a capture, short enough for a sentence.
pub(super) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    shown
}

/// The failures of one kind. Of a flow's failures that nothing healed the last one decides what it broke on, and the first
/// of that kind shows it; a healed one speaks where there is no other.
pub(super) fn failures<'a>(case: &Case<'a>, kind: Kind) -> Vec<Failure<'a>> {
    let mut decisive: Vec<Failure<'a>> = Vec::new();
    for failure in all(case) {
        match decisive.iter_mut().find(|known| known.flow.id == failure.flow.id) {
            Some(known) if !failure.healed => {
                if known.healed || known.kind() != failure.kind() {
                    *known = failure;
                }
            }
            // A healed failure of the wanted kind is worth a note, whatever else healed before it.
            Some(known) if known.healed && known.kind() != kind && failure.kind() == kind => {
                *known = failure;
            }
            Some(_) => {}
            None => decisive.push(failure),
        }
    }
    decisive.retain(|failure| failure.kind() == kind);
    decisive
}

fn all<'a>(case: &Case<'a>) -> impl Iterator<Item = Failure<'a>> {
    let case = *case;
    let failing: Vec<&Reading> = case.readings().filter(|r| is_sign_in_failure(r)).collect();
    let skipped = failing.len().saturating_sub(JUDGED);
    failing.into_iter().skip(skipped).filter_map(move |reading| {
        let (flow, healed) = waiting(&case, reading)?;
        Some(Failure {
            flow,
            reading,
            session: case.session(reading.session)?,
            error: reading.oauth_error()?,
            healed,
        })
    })
}

/// The flow that waits for a session with an identity provider, and whether a token for its host came later.
pub(super) fn waiting<'a>(case: &Case<'a>, reading: &Reading) -> Option<(&'a Flow, bool)> {
    let place = case.place(reading.session);
    let resource = match &reading.request {
        RequestMessage::Authorize(request) => request.resource_host(),
        RequestMessage::TokenRequest(request) if request.confidential => return None,
        RequestMessage::TokenRequest(request) => request.resource_host(),
        _ => None,
    };
    let last_before = |flow: &'a Flow| {
        case.readings_of(flow).map(|r| case.place(r.session)).filter(|at| *at < place).max()
    };
    let was_sent_here = |flow: &'a Flow| {
        case.readings_of(flow).any(|r| is_good_challenge(r) && case.place(r.session) < place)
    };
    let flow = case
        .hma_flows()
        .filter_map(|flow| {
            let exact = concerns(reading, &flow.host);
            let is_ours = if exact {
                resource.is_some() || was_sent_here(flow)
            } else {
                // A client that was sent to an internal name asks for a token for that name.
                resource.as_deref().is_some_and(|r| is_neighbour(r, &flow.host))
                    && was_sent_here(flow)
            };
            is_ours.then_some((exact, flow))
        })
        .max_by_key(|(exact, flow)| (*exact, last_before(flow), std::cmp::Reverse(flow.id)))
        .map(|(_, flow)| flow)?;
    let mut later = case.readings().skip(place.saturating_add(1));
    let healed = later.any(|later| completes_sign_in(later) && concerns(later, &flow.host))
        || case.is_accepted_after(&flow.host, reading.session);
    Some((flow, healed))
}

/// Whether two hosts belong to one organisation by their names: the same last two labels, or a bare machine name.
fn is_neighbour(one: &str, other: &str) -> bool {
    let domain = |host: &str| -> Vec<String> {
        host.rsplit('.').take(2).map(str::to_ascii_lowercase).collect()
    };
    !one.contains('.') || domain(one) == domain(other)
}

/// The user whom the flow's client named, or the token request did.
pub(super) fn user_of(case: &Case<'_>, flow: &Flow, session: SessionId) -> Option<String> {
    let hint = || case.session(session)?.request.target.query("login_hint");
    flow.user.clone().or_else(hint).filter(|user| user.contains('@'))
}
