//! Why Exchange refused a token: of several things that are odd about a token one is the reason, and one rule tells it.

use std::collections::{HashMap, HashSet};

use crate::capture::Session;
use crate::flow::{
    AnswerMessage, CLOCK_TOLERANCE, FlowId, Protocol, Reading, RequestMessage, moment_of_use,
};
use crate::http::Target;
use crate::jwt::Jwt;
use crate::knowledge::client_app;
use crate::rules::sign_in::ended;
use crate::rules::token::audience::{Mismatch, is_other_api, mismatch};
use crate::rules::{Case, Evidence, Finding, RefusedToken, access};

/// Codes of `x-ms-diagnostics` (Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange).
mod code {
    pub(super) const INVALID_SIGNATURE: u32 = 2_000_000;
    pub(super) const INVALID_TOKEN: u32 = 2_000_001;
    pub(super) const TOKEN_EXPIRED: u32 = 2_000_002;
    pub(super) const INVALID_RESOURCE: u32 = 2_000_003;
    pub(super) const INVALID_TENANT: u32 = 2_000_004;
    pub(super) const INVALID_GRANT: u32 = 2_000_008;
    pub(super) const INVALID_ISSUER: u32 = 2_000_009;
}

/// Why a token was refused; each reason has its rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Reason {
    /// Its host or scheme is not what Exchange saw.
    Audience(Mismatch),
    /// It is for another service.
    OtherApi,
    /// It was too old, or the server thinks so.
    Expired,
    /// It was too old, and that is not what the flow ended with: the sign-in refused a new one, or a new one failed elsewhere.
    ExpiredForGood,
    /// It is too young.
    NotYetValid,
    /// It is from another tenant.
    TenantUntrusted,
    /// Its signature could not be verified.
    Signature,
    /// It lacks a permission.
    Scope,
    /// Nobody fits its user.
    UserUnknown,
    /// Several fit its user.
    UserAmbiguous,
    /// The back end refused what the front end let through.
    BackEnd,
    /// Exchange names another reason by a code.
    Coded,
    /// Exchange names none, and nothing about the token is odd.
    Untold,
}

/// A refused token with its reason.
pub(in crate::rules) struct Refusal<'a> {
    /// What was refused, and where.
    pub(in crate::rules) token: RefusedToken<'a>,
    /// Why.
    pub(in crate::rules) reason: Reason,
    jwt: Option<&'a Jwt>,
}

/// The lasting refusals of a capture, one for each flow.
pub(in crate::rules) fn refusals<'a>(case: &Case<'a>) -> impl Iterator<Item = Refusal<'a>> {
    let case = *case;
    let refused = case.refused_tokens();
    let ended = if refused.is_empty() { HashMap::new() } else { ended(&case) };
    refused.into_iter().map(move |token| {
        let jwt = jwt(&case, token.session);
        let mut reason = reason(&case, &token, jwt);
        let place = case.place(token.session.id);
        let ended_later = || ended.get(&token.flow.id).is_some_and(|end| *end > place);
        if reason == Reason::Expired && (ended_later() || passes_later(&case, &token)) {
            reason = Reason::ExpiredForGood;
        }
        Refusal { token, reason, jwt }
    })
}

/// The flows whose token was refused for a reason that is known.
pub(in crate::rules) fn explained(case: &Case<'_>) -> HashSet<FlowId> {
    refusals(case)
        .filter(|refusal| refusal.reason != Reason::Untold)
        .map(|refusal| refusal.token.flow.id)
        .collect()
}

impl<'a> Refusal<'a> {
    /// The host that refused.
    pub(super) fn host(&self) -> &'a str {
        &self.token.flow.host
    }

    /// The token, if it can be read.
    pub(super) fn jwt(&self) -> Option<&'a Jwt> {
        self.jwt
    }

    /// Exchange's code, if it gave one.
    pub(super) fn code(&self) -> Option<u32> {
        self.token.reading.diagnostics.as_ref().map(|said| said.code)
    }

    /// Whom the token is for.
    pub(super) fn audience(&self) -> Option<&'a str> {
        self.jwt.and_then(Jwt::audience)
    }

    /// What the token permits, for a sentence.
    pub(super) fn permissions(&self) -> String {
        let held = self.jwt.map(|jwt| [jwt.scopes(), jwt.roles()].concat()).unwrap_or_default();
        held.join(" ")
    }

    /// Whose token it is: by the token, else by the client.
    pub(in crate::rules) fn user(&self) -> Option<String> {
        let named = self.jwt.and_then(Jwt::user).map(str::to_owned);
        named.or_else(|| self.token.flow.user.clone())
    }

    /// A finding with what every refusal has behind the decisive evidence.
    pub(in crate::rules) fn finding(
        &self,
        case: &Case<'_>,
        message: String,
        decisive: Evidence,
    ) -> Finding {
        let session = self.token.session.id;
        let user = self.user().unwrap_or_default();
        let told = decisive.name.clone();
        let mut finding = Finding::new(decisive, message)
            .flow(self.token.flow.id)
            .fact("host", self.host())
            .fact("user", user)
            .fact("server", self.token.session.response_header("x-feserver").unwrap_or_default())
            .fact("appid", self.jwt.and_then(Jwt::app_id).unwrap_or_default());
        for name in ["x-ms-diagnostics", "X-FEServer", "request-id"] {
            if told != name && self.token.session.response_header(name).is_some() {
                finding = finding.and(Evidence::response_header(case, session, name));
            }
        }
        finding
    }
}

fn jwt<'a>(case: &Case<'a>, session: &Session) -> Option<&'a Jwt> {
    case.flows.token_used_in(session.id)?.jwt()
}

fn reason<'a>(case: &Case<'a>, token: &RefusedToken<'a>, jwt: Option<&Jwt>) -> Reason {
    let said = token.reading.diagnostics.as_ref().map(|said| said.code);
    let is = |codes: &[u32]| said.is_none_or(|said| codes.contains(&said));
    if said == Some(code::INVALID_SIGNATURE) {
        Reason::Signature
    } else if access::is_unknown_user(token) {
        Reason::UserUnknown
    } else if access::is_ambiguous_user(token) {
        Reason::UserAmbiguous
    } else if said == Some(code::INVALID_GRANT) {
        Reason::Scope
    } else if said.is_none() && access::reached_back_end(token.session) {
        Reason::BackEnd
    } else if said.is_none() && token.reading.challenges.bearer().is_none() {
        // Without a Bearer challenge the answer is about the virtual directory, not about the token.
        Reason::Coded
    } else if is(&[code::INVALID_TOKEN, code::TOKEN_EXPIRED])
        && jwt.is_some_and(|jwt| is_early(jwt, token.session))
    {
        Reason::NotYetValid
    } else if said == Some(code::TOKEN_EXPIRED)
        || is(&[code::INVALID_TOKEN]) && jwt.is_some_and(|jwt| is_late(jwt, token.session))
    {
        Reason::Expired
    } else if is(&[code::INVALID_TOKEN, code::INVALID_RESOURCE])
        && jwt.and_then(Jwt::audience).is_some_and(is_foreign)
    {
        Reason::OtherApi
    } else if let Some(mismatch) = mismatch(case, token) {
        Reason::Audience(mismatch)
    } else if is(&[code::INVALID_TOKEN, code::INVALID_TENANT, code::INVALID_ISSUER])
        && jwt.is_some_and(|jwt| is_from_elsewhere(case, token, jwt))
    {
        Reason::TenantUntrusted
    } else if said.is_some() {
        Reason::Coded
    } else if jwt.is_some_and(|jwt| lacks_scope(token.flow.protocol, jwt)) {
        Reason::Scope
    } else {
        Reason::Untold
    }
}

/// Whether a later token of the flow got past the check and failed behind it.
fn passes_later(case: &Case<'_>, token: &RefusedToken<'_>) -> bool {
    let place = case.place(token.session.id);
    case.readings_of(token.flow).any(|r| {
        r.request == RequestMessage::Token
            && case.place(r.session) > place
            && (r.answer == AnswerMessage::Refusal
                || case.session(r.session).is_some_and(access::reached_back_end))
    })
}

/// Whether a refused token was too old, by Exchange's word or by the time of its use.
pub(in crate::rules) fn has_expired(case: &Case<'_>, reading: &Reading) -> bool {
    match &reading.diagnostics {
        Some(said) => said.code == code::TOKEN_EXPIRED,
        None => is_time_over(case, reading),
    }
}

/// Whether a token's time is over by the time of its use, whatever Exchange says.
pub(in crate::rules) fn is_time_over(case: &Case<'_>, reading: &Reading) -> bool {
    case.session(reading.session)
        .is_some_and(|session| jwt(case, session).is_some_and(|jwt| is_late(jwt, session)))
}

fn is_late(jwt: &Jwt, session: &Session) -> bool {
    jwt.expires()
        .zip(moment_of_use(session))
        .is_some_and(|(expires, used)| used - expires > CLOCK_TOLERANCE)
}

fn is_early(jwt: &Jwt, session: &Session) -> bool {
    jwt.not_before()
        .zip(moment_of_use(session))
        .is_some_and(|(begins, used)| begins - used > CLOCK_TOLERANCE)
}

/// Whether an audience is a service of Microsoft or an application id, rather than an address of the organisation.
fn is_foreign(audience: &str) -> bool {
    let target = Target::new(audience);
    if target.host().is_empty() {
        is_guid(audience) || client_app::find(audience).is_some()
    } else {
        is_other_api(target.host())
    }
}

/// Whether the tenant is not among those that the host trusts. Lists without any tenant id, or for everybody, tell nothing.
fn is_from_elsewhere(case: &Case<'_>, token: &RefusedToken<'_>, jwt: &Jwt) -> bool {
    let Some(tenant) = jwt.tenant_id() else { return false };
    let challenge = case
        .readings_of(token.flow)
        .filter_map(|reading| reading.challenges.bearer())
        .find(|bearer| bearer.parameter("trusted_issuers").is_some());
    let trusted = challenge.map(|bearer| bearer.trusted_issuers()).unwrap_or_default();
    trusted.iter().any(|(_, realm)| is_guid(realm))
        && trusted.iter().all(|(_, realm)| *realm != "*" && !realm.eq_ignore_ascii_case(tenant))
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && text.matches('-').count() == 4
}

/// Whether a token that permits something permits nothing that the protocol needs (Microsoft Learn: the permissions of
/// Office 365 Exchange Online). What MAPI and Autodiscover need is not documented.
fn lacks_scope(protocol: Protocol, jwt: &Jwt) -> bool {
    let needed = match protocol {
        Protocol::ActiveSync => "EAS.AccessAsUser.All",
        Protocol::Ews => "EWS.AccessAsUser.All",
        _ => return false,
    };
    let held = [jwt.scopes(), jwt.roles()].concat();
    let suffices = ["user_impersonation", "full_access_as_user", "full_access_as_app", needed];
    !held.is_empty() && !held.iter().any(|one| suffices.contains(one))
}
