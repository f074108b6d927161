//! What became of a token, in a word.

use crate::analysis::Analysis;
use crate::flow::{AnswerMessage, TokenRole, TrackedToken};
use crate::http::Target;
use crate::jwt::{Jwt, Signature, Token, TokenKind};
use crate::knowledge::client_app;

/// What became of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A server let the client in with it.
    Accepted,
    /// Every server that got it refused it.
    Refused,
    /// It was sent, and the capture does not show what came of it.
    Sent,
    /// It was never sent to a resource.
    NotSent,
    /// It travels inside another token.
    Inside,
}

impl Standing {
    /// What became of a token.
    pub(super) fn of(token: &TrackedToken, analysis: &Analysis) -> Self {
        if token.carried_by.is_some() {
            return Self::Inside;
        }
        let uses = || token.used_in.iter().filter_map(|id| analysis.flows.reading(*id));
        if uses().any(|r| r.answer == AnswerMessage::Success) {
            Self::Accepted
        } else if uses().any(|r| r.answer == AnswerMessage::Challenge) {
            Self::Refused
        } else if uses().next().is_some() {
            Self::Sent
        } else {
            Self::NotSent
        }
    }

    /// The word.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Sent => "sent",
            Self::NotSent => "not sent",
            Self::Inside => "inside another",
        }
    }
}

/// What a token is called: by its place, or by what its claims say where that is more exact.
pub(super) fn name(token: &TrackedToken) -> &'static str {
    match (token.role, token.jwt().map(Jwt::kind)) {
        (TokenRole::Access, Some(TokenKind::ActorOuter)) => "Server's user token",
        (TokenRole::Access, Some(TokenKind::AppOrActor)) => "Application token",
        (TokenRole::Access, Some(TokenKind::AddInIdentity)) => "Add-in identity token",
        (role, _) => role.name(),
    }
}

/// Whom a token is for: the host or application of its audience, the place it was sent to, or that it cannot be read.
pub(super) fn purpose(token: &TrackedToken) -> String {
    let audience = token.jwt().and_then(Jwt::audience).map(|aud| {
        let host = Target::new(aud).host().to_owned();
        match client_app::find(aud) {
            Some(app) => app.name.to_owned(),
            None if host.is_empty() => aud.to_owned(),
            None => host,
        }
    });
    let sent_to = || token.sent_to.as_deref().map(|origin| Target::new(origin).host().to_owned());
    audience.or_else(sent_to).unwrap_or_default()
}

/// What kind of token it is, in one sentence for someone who has not seen one.
pub(super) fn sentence(token: &TrackedToken) -> &'static str {
    let jwt = match &token.token {
        Token::Jwt(jwt) => jwt,
        Token::Encrypted(_) => {
            return "This token is encrypted for the service; nobody but the service can read it";
        }
        Token::Opaque(_) => {
            return "This token is opaque: a reference that means something to its issuer only";
        }
    };
    match jwt.kind() {
        TokenKind::Access => "Lets the client act for the user at one server",
        TokenKind::Id => "Tells the client who signed in; no server accepts it for access",
        TokenKind::ActorOuter => {
            "A server's wrapper: the user it acts for, around the token that proves the server"
        }
        TokenKind::AppOrActor => "Lets a server or an application act for itself",
        TokenKind::ClientAssertion => "A server's signed proof of itself for the token service",
        TokenKind::AddInIdentity => "Tells an Outlook add-in who the user is; opens no mailbox",
        TokenKind::Unknown => "Its claims do not tell what it is for",
    }
}

/// What is known of the signature, in a few words.
pub(super) const fn signature(signature: Signature) -> &'static str {
    match signature {
        Signature::Verified => "Signature verified",
        Signature::Invalid => "Signature does not fit its key",
        Signature::NotChecked => "Signature not checked: no key at hand",
        Signature::Absent => "Not signed",
    }
}
