//! What a token says, compared with where and when it was used.

use chrono::{DateTime, TimeDelta, Utc};

use crate::capture::Session;
use crate::flow::{Reading, TrackedToken};
use crate::http::{Challenge, Target};
use crate::jwt::Jwt;

/// Clocks of client and server may differ by this much before a lifetime counts as broken (Entra's own tolerance).
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckKind {
    /// The audience's host against the host that the token was sent to.
    AudienceHost,
    /// The audience's scheme against the scheme that the token was sent by.
    AudienceScheme,
    /// The validity period against the moment of use.
    Lifetime,
    /// The issuing tenant against the challenge's `trusted_issuers`.
    Tenant,
}

impl CheckKind {
    /// The check's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AudienceHost => "audience-host",
            Self::AudienceScheme => "audience-scheme",
            Self::Lifetime => "lifetime",
            Self::Tenant => "tenant",
        }
    }
}

/// How a comparison went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckState {
    /// They agree.
    Ok,
    /// They do not.
    Failed,
    /// Something to compare with is missing.
    NotChecked,
}

impl CheckState {
    /// The state's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
        }
    }
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenCheck {
    /// What was compared.
    pub kind: CheckKind,
    /// How it went.
    pub state: CheckState,
    /// One sentence that names both sides.
    pub message: String,
}

/// Compares a token with a use of it. `challenge` is the Bearer challenge that the same host gave, if the capture has one.
pub(super) fn checks(
    token: &TrackedToken,
    session: &Session,
    reading: &Reading,
    challenge: Option<&Challenge>,
) -> Vec<TokenCheck> {
    let Some(jwt) = token.jwt() else { return Vec::new() };
    let mut checks = audience(jwt, &session.request.target);
    checks.push(lifetime(jwt, session));
    checks.push(tenant(jwt, challenge.or_else(|| reading.challenges.bearer())));
    checks
}

fn audience(jwt: &Jwt, target: &Target) -> Vec<TokenCheck> {
    let check = |kind, state, message| TokenCheck { kind, state, message };
    let Some(audience) = jwt.audience() else {
        return vec![check(
            CheckKind::AudienceHost,
            CheckState::NotChecked,
            "The token names no audience.".to_owned(),
        )];
    };
    let named = Target::new(audience);
    if named.host().is_empty() {
        return vec![check(
            CheckKind::AudienceHost,
            CheckState::NotChecked,
            format!(
                "The audience “{audience}” is not a web address, so it cannot be compared with the host."
            ),
        )];
    }
    let state = |same| if same { CheckState::Ok } else { CheckState::Failed };
    let (host, scheme) = (named.host() == target.host(), named.scheme() == target.scheme());
    vec![
        check(
            CheckKind::AudienceHost,
            state(host),
            if host {
                format!("Issued for {} and sent there.", named.host())
            } else {
                format!("Issued for {}, but sent to {}.", named.host(), target.host())
            },
        ),
        check(
            CheckKind::AudienceScheme,
            state(scheme),
            if scheme {
                format!("Issued for {} and sent by {}.", named.scheme(), target.scheme())
            } else {
                format!("Issued for {}, but sent by {}.", named.scheme(), target.scheme())
            },
        ),
    ]
}

/// The moment of use: the server's clock when the answer tells it, else the recorder's.
pub fn moment_of_use(session: &Session) -> Option<DateTime<Utc>> {
    session.server_date().or(session.started)
}

fn lifetime(jwt: &Jwt, session: &Session) -> TokenCheck {
    let (state, message) = match (jwt.not_before(), jwt.expires(), moment_of_use(session)) {
        (_, Some(expires), Some(used)) if used > expires + CLOCK_TOLERANCE => (
            CheckState::Failed,
            format!("Expired {} before it was used.", duration(used - expires)),
        ),
        (Some(begins), _, Some(used)) if used + CLOCK_TOLERANCE < begins => (
            CheckState::Failed,
            format!("Used {} before it becomes valid.", duration(begins - used)),
        ),
        (_, Some(expires), Some(used)) => (
            CheckState::Ok,
            if expires >= used {
                format!("Valid for another {} when it was used.", duration(expires - used))
            } else {
                format!(
                    "Expired {} before use, within the tolerance for clocks.",
                    duration(used - expires)
                )
            },
        ),
        (_, None, _) => {
            (CheckState::NotChecked, "The token names no end of its validity.".to_owned())
        }
        (_, _, None) => (
            CheckState::NotChecked,
            "The capture does not tell when the token was used.".to_owned(),
        ),
    };
    TokenCheck { kind: CheckKind::Lifetime, state, message }
}

fn tenant(jwt: &Jwt, challenge: Option<&Challenge>) -> TokenCheck {
    let trusted = challenge.map(Challenge::trusted_issuers).unwrap_or_default();
    let (state, message) = match jwt.tenant_id() {
        None => (CheckState::NotChecked, "The token names no tenant.".to_owned()),
        Some(_) if trusted.is_empty() => (
            CheckState::NotChecked,
            "The capture shows no trusted_issuers of this host.".to_owned(),
        ),
        Some(tenant) => {
            if trusted.iter().any(|(_, realm)| *realm == "*" || realm.eq_ignore_ascii_case(tenant))
            {
                (
                    CheckState::Ok,
                    format!("Issued by tenant {tenant}, which this Exchange organisation trusts."),
                )
            } else {
                (
                    CheckState::Failed,
                    format!("Issued by tenant {tenant}, which is not among the trusted issuers."),
                )
            }
        }
    };
    TokenCheck { kind: CheckKind::Tenant, state, message }
}

/// A length of time in the largest unit that keeps it readable: `42 s`, `12 min`, `3 h 20 min`, `2 d`.
pub fn duration(length: TimeDelta) -> String {
    let seconds = length.num_seconds().abs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => match seconds % 3600 / 60 {
            0 => format!("{} h", seconds / 3600),
            minutes => format!("{} h {minutes} min", seconds / 3600),
        },
        _ => format!("{} d", seconds / 86400),
    }
}
