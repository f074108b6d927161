//! Every token of the capture once: where it was issued, where it was used, and what it says.

use std::collections::HashMap;
use std::fmt;

use crate::capture::{Capture, Session, SessionId};
use crate::cores::GoOn;
use crate::flow::oauth::redirect_fields;
use crate::flow::token_check::TokenCheck;
use crate::flow::{Actor, Endpoint, Reading};
use crate::http::Authorization;
use crate::jwt::{Jwt, Keys, Signature, Token};

/// A token's number in the capture, in the order of appearance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub u32);

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}", self.0)
    }
}

/// What a token is for, by the place where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenRole {
    /// Sent to a resource, or issued as `access_token`.
    Access,
    /// Issued as `id_token`: says who signed in.
    Id,
    /// A client's signed statement in a token request.
    Assertion,
    /// The application's token inside a server's user token.
    Actor,
}

impl TokenRole {
    /// The role's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Id => "id",
            Self::Assertion => "assertion",
            Self::Actor => "actor",
        }
    }

    /// The role's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "Access token",
            Self::Id => "Identity token",
            Self::Assertion => "Assertion",
            Self::Actor => "Actor token",
        }
    }
}

/// A token and its way through the capture.
#[derive(Clone, Debug)]
pub struct TrackedToken {
    /// Its number.
    pub id: TokenId,
    /// What it is for.
    pub role: TokenRole,
    /// The token, decoded without trust.
    pub token: Token,
    /// The session in which an identity provider issued it, if the capture shows that.
    pub issued_in: Option<SessionId>,
    /// The sessions that sent it to a resource.
    pub used_in: Vec<SessionId>,
    /// The session where it stands first, whatever it does there.
    pub seen_in: SessionId,
    /// Scheme and host of its first use.
    pub sent_to: Option<String>,
    /// Whether its signature holds.
    pub signature: Signature,
    /// What was compared, and how that went.
    pub checks: Vec<TokenCheck>,
    /// The token that carries this one inside.
    pub carried_by: Option<TokenId>,
}

impl TrackedToken {
    /// The decoded token, unless it is opaque or encrypted.
    pub const fn jwt(&self) -> Option<&Jwt> {
        match &self.token {
            Token::Jwt(jwt) => Some(jwt),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Ledger {
    tokens: Vec<TrackedToken>,
    by_text: HashMap<String, usize>,
}

impl Ledger {
    /// Finds or enters a token; nested actor tokens are entered behind it.
    fn enter(
        &mut self,
        text: &str,
        role: TokenRole,
        session: SessionId,
    ) -> Option<&mut TrackedToken> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let at = if let Some(at) = self.by_text.get(text) {
            *at
        } else {
            let at = self.push(Token::read(text), role, session, None);
            self.by_text.insert(text.to_owned(), at);
            let mut carrier = at;
            while let Some(actor) =
                self.tokens.get(carrier).and_then(TrackedToken::jwt).and_then(Jwt::actor_token)
            {
                let by = self.tokens.get(carrier).map(|t| t.id);
                if self.tokens.len() - at > MAX_NESTING {
                    break;
                }
                carrier = self.push(Token::Jwt(actor), TokenRole::Actor, session, by);
            }
            at
        };
        self.tokens.get_mut(at)
    }

    fn push(
        &mut self,
        token: Token,
        role: TokenRole,
        seen_in: SessionId,
        carried_by: Option<TokenId>,
    ) -> usize {
        let number = u32::try_from(self.tokens.len() + 1).unwrap_or(u32::MAX);
        self.tokens.push(TrackedToken {
            id: TokenId(number),
            role,
            token,
            issued_in: None,
            used_in: Vec::new(),
            seen_in,
            sent_to: None,
            signature: Signature::NotChecked,
            checks: Vec::new(),
            carried_by,
        });
        self.tokens.len() - 1
    }
}

const MAX_NESTING: usize = 4;

/// Follows every token through the readings, which stand in the order of time.
pub(super) fn follow<E>(
    capture: &Capture,
    readings: &[Reading],
    keys: &Keys,
    go_on: GoOn<'_, E>,
) -> Result<Vec<TrackedToken>, E> {
    let mut ledger = Ledger::default();
    let mut issuer_keys = keys.clone();
    for reading in readings {
        go_on()?;
        let Some(session) = capture.session(reading.session) else { continue };
        follow_session(&mut ledger, session, reading);
        if let (Endpoint::Identity { .. }, Some(response)) = (reading.endpoint, &session.response) {
            let text = response.body.text();
            if text.contains("\"keys\"")
                && let Ok(found) = Keys::from_jwks(&text)
            {
                issuer_keys.merge(found);
            }
        }
    }
    for token in &mut ledger.tokens {
        go_on()?;
        token.signature = match &token.token {
            Token::Jwt(jwt) => crate::jwt::verify(jwt, &issuer_keys),
            _ => Signature::NotChecked,
        };
    }
    Ok(ledger.tokens)
}

fn follow_session(ledger: &mut Ledger, session: &Session, reading: &Reading) {
    let id = session.id;
    let identity = reading.endpoint.actor() == Actor::EntraId
        || reading.endpoint.actor() == Actor::IdentityProvider;
    if let Authorization::Token(token) = Authorization::of(&session.request.headers) {
        // A resource outside Exchange is not our business unless its token can be read.
        let ours = matches!(reading.endpoint, Endpoint::Exchange { .. })
            || token.reveal().starts_with("eyJ");
        if ours && let Some(tracked) = ledger.enter(token.reveal(), TokenRole::Access, id) {
            tracked.used_in.push(id);
            tracked.sent_to.get_or_insert_with(|| session.request.target.origin());
        }
    }
    for (name, value) in session.request.body.form() {
        let role = match name.to_ascii_lowercase().as_str() {
            "client_assertion" | "assertion" | "request" => TokenRole::Assertion,
            "id_token" => TokenRole::Id,
            "access_token" | "subject_token" => TokenRole::Access,
            _ => continue,
        };
        if value.starts_with("eyJ") {
            ledger.enter(&value, role, id);
        }
    }
    if let Some(issued) = reading.tokens() {
        for (token, role) in
            [(&issued.access_token, TokenRole::Access), (&issued.id_token, TokenRole::Id)]
        {
            let Some(token) = token else { continue };
            if let Some(tracked) = ledger.enter(token.reveal(), role, id) {
                tracked.issued_in.get_or_insert(id);
            }
        }
    } else if identity {
        let location = session.response_header("location").unwrap_or_default();
        for (name, value) in redirect_fields(location) {
            if name == "id_token"
                && value.starts_with("eyJ")
                && let Some(tracked) = ledger.enter(&value, TokenRole::Id, id)
            {
                tracked.issued_in.get_or_insert(id);
            }
        }
    }
}
