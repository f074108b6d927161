//! Refusals of an identity provider, each with the flow that waits for it.

use std::collections::{HashMap, HashSet};

use crate::capture::{Session, SessionId};
use crate::flow::oauth::OAuthError;
use crate::flow::{Flow, FlowId, Outcome, Protocol, Reading, RequestMessage, is_sign_in_failure};
use crate::knowledge::entra_error::{ClientAction, EntraError, ErrorClass};
use crate::knowledge::{entra_error, oauth_error};
use crate::rules::sign_in::foreign_answer;
use crate::rules::sign_in::waiting::Waiting;
use crate::rules::{Case, Evidence, Finding, Part, Severity};

/// Of an identity provider's words so many characters are quoted.
const QUOTED: usize = 60;

/// So many failures of a capture are looked at, the latest ones: each is compared with all that follows it.
pub(super) const JUDGED: usize = 1000;

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
    /// The refresh token or the session behind it ran out.
    GrantExpired,
    /// A policy does not let the user, the device or the place in.
    ConditionalAccess,
    /// The network does not allow the tenant.
    TenantRestricted,
    /// The address of OWA or ECP is not registered for answers.
    ReplyUrl,
    /// Something on the way answered in the identity provider's place.
    Replaced,
    /// Nobody knows the error.
    Unknown,
    /// Any other error that is known by code or name.
    Refused,
}

impl<'a> Failure<'a> {
    /// What the refusal means.
    pub(super) fn kind(&self) -> Kind {
        let error = self.error;
        if foreign_answer::of(self.session, self.reading).is_some() {
            return Kind::Replaced;
        }
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
        } else if has(&[70_008, 70_043, 70_044, 700_082, 700_084]) {
            Kind::GrantExpired
        } else if has(&[50_002, 500_021, 500_022]) {
            Kind::TenantRestricted
        } else if self.known().is_some_and(is_policy) {
            Kind::ConditionalAccess
        } else if has(&[50_011, 70_004, 900_971]) && self.web_application().is_some() {
            Kind::ReplyUrl
        } else {
            Kind::Refused
        }
    }

    /// What is known of the error's code.
    pub(super) fn known(&self) -> Option<&'static EntraError> {
        self.error.code().and_then(entra_error::find)
    }

    /// The error's meaning for a sentence, with a colon before it; empty when nobody knows.
    pub(super) fn meaning(&self) -> String {
        self.known()
            .map(|known| known.meaning)
            .or_else(|| oauth_error::find(&self.error.error).map(|known| known.meaning))
            .map_or_else(String::new, |text| format!(": {}", text.trim_end_matches('.')))
    }

    /// Host and protocol when OWA or ECP asks for the sign-in.
    pub(super) fn web_application(&self) -> Option<(String, Protocol)> {
        match &self.reading.request {
            RequestMessage::Authorize(request) => request.web_application(),
            _ => None,
        }
    }

    /// Whether a sign-in window can help: the error asks the user for something.
    fn asked_for_more(&self) -> bool {
        matches!(self.kind(), Kind::Refused | Kind::ConditionalAccess)
            && (self
                .known()
                .is_some_and(|known| known.action == ClientAction::Interactive || is_policy(known))
                || matches!(
                    self.error.error.as_str(),
                    "interaction_required" | "consent_required" | "login_required"
                ))
    }

    /// A finding with what every refusal has: the error first, the keys to the sign-in log behind.
    pub(super) fn finding(&self, case: &Case<'_>, message: String) -> Finding {
        let session = self.reading.session;
        let code = self.error.code().map(|code| code.to_string()).unwrap_or_default();
        let mut finding = Finding::new(self.evidence(case), message)
            .flow(self.flow.id)
            .fact("code", code)
            .fact("host", self.flow.host.as_str())
            .fact("user", user_of(case, self.flow, session).unwrap_or_default());
        finding.evidence.extend(self.request_id(case));
        if let Some(id) = &self.error.correlation_id {
            finding = finding.and(Evidence::response_body(session, "correlation_id", id.as_str()));
        }
        match self.lesser_severity() {
            Some(severity) => finding.severity(severity),
            None => finding,
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
        use crate::flow::oauth::{ErrorPlace, TELEMETRY};
        let session = self.reading.session;
        match self.error.place {
            ErrorPlace::Location => Evidence {
                session: Some(session),
                part: Part::ResponseHeader,
                name: "Location".to_owned(),
                value: self.name(),
            },
            ErrorPlace::Telemetry => Evidence::response_header(case, session, TELEMETRY),
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

/// Whether a code says that a policy has the last word.
fn is_policy(known: &EntraError) -> bool {
    known.class == ErrorClass::ConditionalAccess && known.action == ClientAction::Stop
}

/// Text of a capture, short enough for a sentence.
pub(in crate::rules) fn short(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    shown
}

/// The failures of one kind. Of a flow's failures that nothing healed the last one decides what it broke on, and the first
/// of that kind shows it; one that passes and a healed one speak where there is no other.
pub(super) fn failures<'a>(case: &Case<'a>, kind: Kind) -> Vec<Failure<'a>> {
    let mut decisive: Vec<Failure<'a>> = Vec::new();
    for failure in all(case) {
        match decisive.iter_mut().find(|known| known.flow.id == failure.flow.id) {
            Some(known) if !failure.healed => {
                let (before, now) = (known.error.is_passing(), failure.error.is_passing());
                let is_other = known.kind() != failure.kind();
                let outranks = if now { before && is_other } else { before || is_other };
                if known.healed || outranks {
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

/// The refusals that the user got over: the first of each flow whose refusals all healed.
pub(super) fn overcome<'a>(case: &Case<'a>) -> Vec<Failure<'a>> {
    let mut first: Vec<Failure<'a>> = Vec::new();
    let mut lasting: HashSet<FlowId> = HashSet::new();
    for failure in all(case) {
        if !failure.healed {
            lasting.insert(failure.flow.id);
        } else if failure.asked_for_more()
            && first.iter().all(|known| known.flow.id != failure.flow.id)
        {
            first.push(failure);
        }
    }
    first.retain(|failure| !lasting.contains(&failure.flow.id));
    first
}

/// The flows that a refusal of the identity provider ended, each with the place of the last one.
pub(in crate::rules) fn ended(case: &Case<'_>) -> HashMap<FlowId, usize> {
    all(case)
        .filter(|failure| !failure.healed)
        .map(|failure| (failure.flow.id, case.place(failure.reading.session)))
        .collect()
}

fn all<'a>(case: &Case<'a>) -> impl Iterator<Item = Failure<'a>> {
    let case = *case;
    let failing: Vec<&Reading> = case.readings().filter(|r| is_sign_in_failure(r)).collect();
    let skipped = failing.len().saturating_sub(JUDGED);
    let waiting = (!failing.is_empty()).then(|| Waiting::of(&case));
    failing.into_iter().skip(skipped).filter_map(move |reading| {
        let (flow, healed) = waiting.as_ref()?.flow_for(&case, reading)?;
        Some(Failure {
            flow,
            reading,
            session: case.session(reading.session)?,
            error: reading.oauth_error()?,
            healed,
        })
    })
}

/// The user whom the flow's client named, or the token request did.
pub(super) fn user_of(case: &Case<'_>, flow: &Flow, session: SessionId) -> Option<String> {
    let hint = || case.session(session)?.request.target.query("login_hint");
    flow.user.clone().or_else(hint).filter(|user| user.contains('@'))
}
