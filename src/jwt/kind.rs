//! What a token is for, told from its claims.

use super::Jwt;
use super::claims::is_guid;

/// The issuer of Microsoft's older token service, Access Control Service: `{this}@{tenant}`.
const ACS: &str = "00000001-0000-0000-c000-000000000000";

/// What a token is for. Told from its claims alone, so a forged token may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A client acts for a user at a server: the token that opens a mailbox.
    Access,
    /// Tells a client who signed in (OpenID Connect); no server accepts it as access.
    Id,
    /// An Exchange server's wrapper, usually unsigned: a user's name around an actor token (\[MS-XOAUTH\] 2.2).
    ActorOuter,
    /// A server or application acts for itself: an actor token or an app-only token.
    AppOrActor,
    /// A server proves itself to the token service with a token that it signed itself (RFC 7523).
    ClientAssertion,
    /// Exchange tells an Outlook add-in who the user is; legacy, opens nothing by itself.
    AddInIdentity,
    /// None of these.
    Unknown,
}

impl TokenKind {
    /// Stable name for reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Id => "id",
            Self::ActorOuter => "actor-outer",
            Self::AppOrActor => "app-or-actor",
            Self::ClientAssertion => "client-assertion",
            Self::AddInIdentity => "add-in-identity",
            Self::Unknown => "unknown",
        }
    }
}

impl Jwt {
    /// What the token is for, as far as its claims tell.
    pub fn kind(&self) -> TokenKind {
        let has = |name| self.claims().contains_key(name);
        let user = self.user().is_some_and(|user| !is_principal(user));
        if has("actortoken") || has("actort") {
            TokenKind::ActorOuter
        } else if has("appctx") || has("isbrowserhostedapp") {
            TokenKind::AddInIdentity
        } else if has("scp") {
            TokenKind::Access
        } else if let Some((app, _)) = self.issuer().and_then(|iss| iss.split_once('@')) {
            if app == ACS { TokenKind::AppOrActor } else { TokenKind::ClientAssertion }
        } else if self.issuer().is_some() && self.issuer() == self.text("sub") {
            TokenKind::ClientAssertion
        } else if self.app_id().is_some() {
            if user { TokenKind::Access } else { TokenKind::AppOrActor }
        } else if ["nonce", "at_hash", "c_hash"].into_iter().any(has) || user {
            TokenKind::Id
        } else if has("roles") {
            TokenKind::AppOrActor
        } else {
            TokenKind::Unknown
        }
    }
}

/// Whether a name identifier is an application, `{app id}@{realm}`.
fn is_principal(name: &str) -> bool {
    name.split_once('@').is_some_and(|(app, _)| is_guid(app))
}

#[cfg(test)]
mod tests {
    use super::super::{Token, TokenKind, example::expand};

    fn kind(claims: &str) -> TokenKind {
        match Token::read(&expand(&format!("{{{{jwt {claims}}}}}"))) {
            Token::Jwt(jwt) => jwt.kind(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn kinds_by_their_claims() {
        for (expected, claims) in [
            (
                TokenKind::Access,
                r#"{"iss":"https://sts.windows.net/t/","appid":"a","scp":"user_impersonation"}"#,
            ),
            (TokenKind::Access, r#"{"appid":"a","upn":"meg@contoso.com"}"#),
            (TokenKind::Id, r#"{"aud":"app","nonce":"n","preferred_username":"meg@contoso.com"}"#),
            (TokenKind::Id, r#"{"aud":"app","unique_name":"meg@contoso.com"}"#),
            (TokenKind::ActorOuter, r#"{"nameid":"S-1-5-21","nii":"urn:x","actortoken":"x"}"#),
            (
                TokenKind::AppOrActor,
                r#"{"iss":"00000001-0000-0000-c000-000000000000@t","nameid":"00000002-0000-0ff1-ce00-000000000000@t"}"#,
            ),
            (TokenKind::AppOrActor, r#"{"appid":"a","roles":["full_access_as_app"]}"#),
            (
                TokenKind::ClientAssertion,
                r#"{"iss":"00000002-0000-0ff1-ce00-000000000000@contoso.com","nameid":"00000002-0000-0ff1-ce00-000000000000@contoso.com"}"#,
            ),
            (
                TokenKind::ClientAssertion,
                r#"{"iss":"app","sub":"app","aud":"https://login.microsoftonline.com/t/oauth2/token"}"#,
            ),
            (
                TokenKind::AddInIdentity,
                r#"{"appctxsender":"https://addin.contoso.com","appctx":"{}"}"#,
            ),
            (TokenKind::Unknown, r#"{"aud":"x"}"#),
        ] {
            assert_eq!(kind(claims), expected, "{claims}");
        }
    }
}
