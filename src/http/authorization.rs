//! The `Authorization` request header (RFC 9110 §11.6.2), with the two forms of `Bearer` that Exchange tells apart.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

use super::{Headers, Secret};

/// An authentication scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// OAuth (RFC 6750).
    Bearer,
    /// User name and password in base64 (RFC 7617).
    Basic,
    /// Windows challenge/response.
    Ntlm,
    /// Kerberos or NTLM inside SPNEGO (RFC 4559).
    Negotiate,
    /// RFC 7616.
    Digest,
    /// Any other word.
    Other,
}

impl Scheme {
    /// Reads a scheme word without regard to case.
    pub fn parse(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "bearer" => Self::Bearer,
            "basic" => Self::Basic,
            "ntlm" => Self::Ntlm,
            "negotiate" | "kerberos" | "nego2" => Self::Negotiate,
            "digest" => Self::Digest,
            _ => Self::Other,
        }
    }

    /// The scheme's name as the standards spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Basic => "Basic",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
            Self::Digest => "Digest",
            Self::Other => "other",
        }
    }
}

/// What a request's `Authorization` header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// No such header: an anonymous request, or one whose header the exporter removed.
    Absent,
    /// `Bearer` with nothing behind it: "I can do OAuth, tell me where to get a token" (\[MS-XOAUTH\] §4.6).
    EmptyBearer,
    /// `Bearer` with a token.
    Token(Secret),
    /// `Basic` with credentials.
    Basic(BasicCredentials),
    /// Any other scheme with its parameter.
    Scheme(Scheme, Secret),
}

/// User name and password of a Basic header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasicCredentials {
    /// The header's parameter as recorded.
    pub encoded: Secret,
    /// User name; empty when the parameter is not base64 of `user:password`.
    pub user: String,
    /// Password; empty when it could not be read.
    pub password: Secret,
}

impl Authorization {
    /// Reads a request's headers.
    pub fn of(headers: &Headers) -> Self {
        headers.get("authorization").map_or(Self::Absent, Self::parse)
    }

    /// Reads one header value.
    pub fn parse(value: &str) -> Self {
        let value = value.trim();
        let (word, parameter) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
        let parameter = parameter.trim();
        match (Scheme::parse(word), parameter) {
            (_, "") if word.is_empty() => Self::Absent,
            (Scheme::Bearer, "") => Self::EmptyBearer,
            (Scheme::Bearer, token) => Self::Token(Secret::new(token)),
            (Scheme::Basic, encoded) => Self::Basic(BasicCredentials::parse(encoded)),
            (scheme, parameter) => Self::Scheme(scheme, Secret::new(parameter)),
        }
    }

    /// The scheme the client chose, if it chose one.
    pub fn scheme(&self) -> Option<Scheme> {
        match self {
            Self::Absent => None,
            Self::EmptyBearer | Self::Token(_) => Some(Scheme::Bearer),
            Self::Basic(_) => Some(Scheme::Basic),
            Self::Scheme(scheme, _) => Some(*scheme),
        }
    }

    /// The token behind `Bearer`.
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Token(token) => Some(token.reveal()),
            _ => None,
        }
    }
}

impl BasicCredentials {
    fn parse(encoded: &str) -> Self {
        let decoded = STANDARD
            .decode(encoded)
            .or_else(|_| STANDARD_NO_PAD.decode(encoded))
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&decoded);
        let (user, password) = text.split_once(':').unwrap_or(("", ""));
        Self {
            encoded: Secret::new(encoded),
            user: user.to_owned(),
            password: Secret::new(password),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Authorization, Scheme};

    #[test]
    fn an_empty_bearer_is_empty_with_and_without_a_blank() {
        for value in ["Bearer", "Bearer ", " bearer\t", "BEARER"] {
            assert_eq!(Authorization::parse(value), Authorization::EmptyBearer, "{value:?}");
        }
        assert_eq!(Authorization::parse("Bearer eyJ.x.y").token(), Some("eyJ.x.y"));
    }

    #[test]
    fn basic_credentials_are_read_and_never_printed() {
        let Authorization::Basic(basic) =
            Authorization::parse("Basic Y29udG9zb1xhbm46V2ludGVyOjIwMjY=")
        else {
            panic!("not Basic")
        };
        assert_eq!((basic.user.as_str(), basic.password.reveal()), ("contoso\\ann", "Winter:2026"));
        assert!(!format!("{basic:?}").contains("Winter"));
    }

    #[test]
    fn other_schemes_keep_their_name() {
        assert_eq!(Authorization::parse("NTLM TlRMTVNTUAAB").scheme(), Some(Scheme::Ntlm));
        assert_eq!(Authorization::parse("").scheme(), None);
        assert_eq!(Authorization::parse("PoP x").scheme(), Some(Scheme::Other));
    }
}
