//! Header fields that are credentials, as data.

use super::kind::SecretKind::{
    self, Cookie, OtherCredential, SignInState, Token, WindowsAuthentication,
};
use super::secrets::{self, When};

/// Header fields that are credentials as a whole, in lower case.
const HEADERS: &[(&str, SecretKind)] = &[
    ("x-commonaccesstoken", OtherCredential),
    ("x-ms-refreshtokencredential", Token),
    ("x-ms-devicecredential", Token),
    ("x-ms-pkeyauth", Token),
    ("x-ms-pkeyauth+", Token),
    ("x-ms-sso-cookie", Token),
    ("x-requestdigest", SignInState),
    ("x-owa-canary", SignInState),
    ("canary", SignInState),
    ("hpgid-canary", SignInState),
    ("ocp-apim-subscription-key", OtherCredential),
    ("x-functions-key", OtherCredential),
    ("x-api-key", OtherCredential),
    ("api-key", OtherCredential),
    ("x-amz-security-token", Token),
    ("requestverificationtoken", SignInState),
    ("dpop", Token),
    ("x-isa-auth", WindowsAuthentication),
    ("authentication-info", WindowsAuthentication),
    ("proxy-authentication-info", WindowsAuthentication),
    ("x-owa-js-psd", SignInState),
];

/// Endings of header names that are credentials as a whole.
const HEADER_ENDINGS: &[(&str, SecretKind)] = &[
    ("token", OtherCredential),
    ("-secret", OtherCredential),
    ("-password", OtherCredential),
    ("-canary", OtherCredential),
    ("apikey", OtherCredential),
    ("-key", OtherCredential),
    ("credential", OtherCredential),
    ("credentials", OtherCredential),
    ("-assertion", OtherCredential),
    ("-auth", OtherCredential),
    ("ticket", OtherCredential),
    ("cookie", Cookie),
];
/// Endings of header names for a session, which is one's own only when it looks random.
const SESSION_ENDINGS: &[&str] = &["session", "session-id", "sessionid"];

/// What a header's value is, if all of it is a secret.
pub(super) fn kind(name: &str) -> Option<SecretKind> {
    let lower = name.to_ascii_lowercase();
    // `x-ms-RefreshTokenCredential1`
    let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    HEADERS
        .iter()
        .find(|(known, _)| stem == *known)
        .map(|(_, kind)| *kind)
        .or_else(|| {
            let (_, kind) = HEADER_ENDINGS.iter().find(|(end, _)| stem.ends_with(end))?;
            let is_other = ["sec-websocket-key", "cookie", "set-cookie"].contains(&stem)
                || stem.starts_with("access-control-");
            (!is_other).then_some(*kind)
        })
        .or_else(|| {
            secrets::field(name).filter(|(_, when)| *when == When::Always).map(|(kind, _)| kind)
        })
}

/// Whether a header names a session, whose value is a secret when it looks random.
pub(super) fn is_session(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SESSION_ENDINGS.iter().any(|end| lower.ends_with(end))
}

/// Whether a header of exactly this name is a credential, so that a line of text that begins with it is one too.
pub(super) fn is_known(name: &str) -> bool {
    HEADERS.iter().any(|(known, _)| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::kind;
    use crate::redact::SecretKind;

    #[test]
    fn numbers_and_kin_of_a_header_are_that_header() {
        for (name, expected) in [
            ("X-MS-RefreshTokenCredential1", Some(SecretKind::Token)),
            ("x-ms-DeviceCredential1", Some(SecretKind::Token)),
            ("X-BackEndCookie", Some(SecretKind::Cookie)),
            ("Access-Control-Allow-Credentials", None),
            ("x-ms-diagnostics", None),
            ("Set-Cookie", None),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }
}
