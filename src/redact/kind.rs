//! What kind of secret was removed, and where it stood.

use crate::capture::SessionId;

/// What a removed value was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// User name and password of a Basic header or of a URL.
    BasicCredentials,
    /// A password, passphrase, one-time code or client secret.
    Password,
    /// The signature of a JSON Web Token, without which the token opens nothing.
    TokenSignature,
    /// An access, refresh or identity token that is not a JSON Web Token, or an encrypted one.
    Token,
    /// Something that buys a token: authorization code, device code, assertion, SAML response.
    Grant,
    /// An NTLM or Kerberos message, either way.
    WindowsAuthentication,
    /// A cookie's value.
    Cookie,
    /// What ties the pages of a sign-in together: state, nonce, flow token, canary.
    SignInState,
    /// Any other credential: an API key, a serialized identity.
    OtherCredential,
    /// A body that is not text: mail, policies, address books.
    BinaryBody,
    /// The text of mail and calendar items in the body of a mail service.
    MailContent,
}

impl SecretKind {
    /// The kind's name in receipts.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BasicCredentials => "basic-credentials",
            Self::Password => "password",
            Self::TokenSignature => "token-signature",
            Self::Token => "token",
            Self::Grant => "grant",
            Self::WindowsAuthentication => "windows-authentication",
            Self::Cookie => "cookie",
            Self::SignInState => "sign-in-state",
            Self::OtherCredential => "other-credential",
            Self::BinaryBody => "binary-body",
            Self::MailContent => "mail-content",
        }
    }

    /// Whether any value of the kind, however plain it looks, is hunted through the whole capture. Of the others only
    /// values that look like nothing else are: a cookie may hold `en-US`, and that word must not vanish everywhere.
    pub(super) const fn is_always_hunted(self) -> bool {
        matches!(
            self,
            Self::BasicCredentials
                | Self::Password
                | Self::TokenSignature
                | Self::Token
                | Self::Grant
                | Self::WindowsAuthentication
        )
    }

    /// Whether equal values get an equal, numbered mask, so that one can still see what was issued here and used there.
    pub(super) const fn is_numbered(self) -> bool {
        !matches!(self, Self::BasicCredentials | Self::Password | Self::WindowsAuthentication)
    }
}

/// Where in a session a value stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// The address of the request.
    #[default]
    Address,
    /// A request header.
    RequestHeader,
    /// The request's body.
    RequestBody,
    /// A response header.
    ResponseHeader,
    /// The response's body.
    ResponseBody,
    /// What the recorder added: comment, process, error text.
    Remark,
}

/// One removal. The value itself is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What it was.
    pub kind: SecretKind,
    /// The session it stood in.
    pub session: SessionId,
    /// Where in the session.
    pub place: Place,
}
