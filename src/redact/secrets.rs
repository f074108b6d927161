//! Where secrets live, as data: names of headers, parameters, JSON keys, XML elements and token claims.

use super::kind::SecretKind::{
    self, Grant, OtherCredential, Password, SignInState, Token, WindowsAuthentication,
};

/// When the value behind a name is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Wherever the name stands.
    Always,
    /// In a query or form always; elsewhere, where the name also means plain things, when the value looks random.
    Parameter,
    /// Only when the value looks random.
    Random,
}

/// A row: the names in lower case without `_`, `-` and `.`, what they hold, and when.
type Row = (&'static [&'static str], SecretKind, When);

const FIELDS: &[Row] = &[
    (
        &[
            "password",
            "passwd",
            "pwd",
            "newpassword",
            "oldpassword",
            "currentpassword",
            "confirmpassword",
            "passwordcredentials",
            "passphrase",
            "clientsecret",
            "secret",
            "secrettext",
            "otc",
            "additionalauthdata",
            "proofconfirmation",
            "pin",
            "accountkey",
            "sharedaccesskey",
        ],
        Password,
        When::Always,
    ),
    (
        &[
            "accesstoken",
            "refreshtoken",
            "idtoken",
            "idtokenhint",
            "subjecttoken",
            "actortoken",
            "actort",
            "bearertoken",
            "authtoken",
            "usertoken",
            "sessiontoken",
            "securitytoken",
            "requesttoken",
            "authorization",
            "primaryrefreshtoken",
            "xmsrefreshtokencredential",
            "sessionkeyjwe",
            "tgtad",
            "tgtcloud",
            "encryptedprt",
            "prt",
            "apptoken",
            "devicetoken",
        ],
        Token,
        When::Always,
    ),
    (&["token", "t", "access", "rt", "at"], Token, When::Random),
    (
        &[
            "samlresponse",
            "samlrequest",
            "samlart",
            "wresult",
            "assertion",
            "clientassertion",
            "codeverifier",
            "devicecode",
            "usercode",
            "logintoken",
            "ticket",
            "sig",
            "signature",
            "sharedaccesssignature",
        ],
        Grant,
        When::Always,
    ),
    (
        &["code", "request", "authcode", "authorizationcode", "otp", "spacode"],
        Grant,
        When::Parameter,
    ),
    (
        &[
            "flowtoken",
            "sft",
            "sctx",
            "wctx",
            "relaystate",
            "canary",
            "apicanary",
            "scanary",
            "owacanary",
            "xowacanary",
            "nonce",
            "clientinfo",
            "viewstate",
            "eventvalidation",
            "requestverificationtoken",
            "csrftoken",
            "xsrftoken",
            "antiforgerytoken",
            "esctx",
            "continuationtoken",
            "loginoptionstoken",
            "ppft",
        ],
        SignInState,
        When::Always,
    ),
    (
        &["state", "ctx", "sid", "session", "sessionid", "srf", "contextid"],
        SignInState,
        When::Parameter,
    ),
    (&["sessionstate"], SignInState, When::Random),
    (
        &["apikey", "subscriptionkey", "key", "xapikey", "functionkey"],
        OtherCredential,
        When::Random,
    ),
];

/// XML elements whose whole content is a secret, by local name in lower case.
const ELEMENTS: &[(&str, SecretKind)] = &[
    ("password", Password),
    ("binarysecret", Password),
    ("assertion", Grant),
    ("encryptedassertion", Grant),
    ("requestedsecuritytoken", Grant),
    ("requestedprooftoken", Grant),
    ("binarysecuritytoken", Grant),
    ("encrypteddata", Grant),
    ("ciphervalue", Grant),
    ("encryptedpp", Grant),
    ("signaturevalue", Token),
    ("digestvalue", Token),
    ("cookie", SignInState),
];

/// Header fields that are credentials as a whole, in lower case.
const HEADERS: &[(&str, SecretKind)] = &[
    ("x-commonaccesstoken", OtherCredential),
    ("x-ms-refreshtokencredential", Token),
    ("x-ms-devicecredential", Token),
    ("x-ms-pkeyauth", Token),
    ("x-ms-pkeyauth+", Token),
    ("x-ms-sso-cookie", Token),
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
const HEADER_ENDINGS: &[&str] =
    &["token", "-secret", "-password", "-canary", "apikey", "-key", "credential", "-assertion"];

/// Elements of an Exchange Web Services answer that tell how it went; every other text there may be mail.
const SERVICE_ELEMENTS: &[&str] = &[
    "responsecode",
    "messagetext",
    "descriptivelinkkey",
    "faultcode",
    "faultstring",
    "exceptiontype",
    "message",
    "code",
    "value",
    "text",
    "errorcode",
    "errormessage",
    "reason",
    "action",
    "messageid",
    "relatesto",
    "address",
    "to",
    "from",
    "version",
    "url",
    "redirecttarget",
    "settingname",
    "usersettingname",
    "name",
    "created",
    "expires",
    "requestedserverversion",
    "emailaddress",
    "smtpaddress",
    "username",
    "mailbox",
    "redirectaddr",
    "redirecturl",
    "server",
    "authpackage",
];

/// How a personal claim of a token is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Personal {
    /// An address or logon name.
    User,
    /// A person's name in words.
    Words,
    /// An identifier of a person, device or tenant.
    Identifier,
    /// An IP address.
    Address,
}

const CLAIMS: &[(&str, Personal)] = &[
    ("upn", Personal::User),
    ("unique_name", Personal::User),
    ("preferred_username", Personal::User),
    ("email", Personal::User),
    ("verified_primary_email", Personal::User),
    ("verified_secondary_email", Personal::User),
    ("smtp", Personal::User),
    ("sip", Personal::User),
    ("winaccountname", Personal::User),
    ("primarysid", Personal::Identifier),
    ("name", Personal::Words),
    ("given_name", Personal::Words),
    ("family_name", Personal::Words),
    ("nickname", Personal::Words),
    ("onprem_sid", Personal::Identifier),
    ("oid", Personal::Identifier),
    ("puid", Personal::Identifier),
    ("sub", Personal::Identifier),
    ("sid", Personal::Identifier),
    ("altsecid", Personal::Identifier),
    ("deviceid", Personal::Identifier),
    ("msexchuid", Personal::Identifier),
    ("aio", Personal::Identifier),
    ("rh", Personal::Identifier),
    ("tid", Personal::Identifier),
    ("home_oid", Personal::Identifier),
    ("in_corp_ip", Personal::Address),
    ("ipaddr", Personal::Address),
    ("fwd", Personal::Address),
];

/// What the value behind a parameter, key or field name is, if it is a secret by name.
pub(super) fn field(name: &str) -> Option<(SecretKind, When)> {
    let plain = plain(name);
    FIELDS
        .iter()
        .find(|(names, ..)| names.contains(&plain.as_str()))
        .map(|(_, kind, when)| (*kind, *when))
}

/// What an XML element's content is, if it is a secret.
pub(super) fn element(local_name: &str) -> Option<SecretKind> {
    let lower = local_name.to_ascii_lowercase();
    ELEMENTS.iter().find(|(name, _)| *name == lower).map(|(_, kind)| *kind).or_else(|| {
        field(local_name).filter(|(_, when)| *when == When::Always).map(|(kind, _)| kind)
    })
}

/// What a header's value is, if all of it is a secret.
pub(super) fn header(name: &str) -> Option<SecretKind> {
    let lower = name.to_ascii_lowercase();
    HEADERS
        .iter()
        .find(|(known, _)| {
            lower == *known || (lower.starts_with(known) && known.starts_with("x-ms-refreshtoken"))
        })
        .map(|(_, kind)| *kind)
        .or_else(|| {
            let named = HEADER_ENDINGS.iter().any(|end| lower.ends_with(end));
            (named && lower != "sec-websocket-key").then_some(OtherCredential)
        })
        .or_else(|| field(name).filter(|(_, when)| *when == When::Always).map(|(kind, _)| kind))
}

/// Whether a header of exactly this name is a credential, so that a line of text that begins with it is one too.
pub(super) fn is_credential_header(lower_name: &str) -> bool {
    HEADERS.iter().any(|(known, _)| *known == lower_name)
}

/// Whether an element of an Exchange Web Services body is about the service and not about mail.
pub(super) fn is_service_element(local_name: &str) -> bool {
    SERVICE_ELEMENTS.contains(&local_name.to_ascii_lowercase().as_str())
}

/// How a token's claim is renamed, if it is personal.
pub(super) fn personal_claim(name: &str) -> Option<Personal> {
    CLAIMS.iter().find(|(known, _)| *known == name).map(|(_, personal)| *personal)
}

/// Whether a value looks like the output of a random generator and not like a word, a number, a path or an address.
pub(super) fn looks_random(value: &str) -> bool {
    let is_path = value.starts_with('/') && value.contains('.');
    value.len() >= 16
        && !is_path
        && !value.contains(char::is_whitespace)
        && !value.contains("://")
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
}

fn plain(name: &str) -> String {
    let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
    name.chars().filter(|c| !matches!(c, '_' | '-' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, element, field, header, looks_random, plain};
    use crate::redact::SecretKind;

    #[test]
    fn spellings_of_a_name_are_one_name() {
        for name in ["refresh_token", "refreshToken", "Refresh-Token", "o:refresh_token"] {
            assert_eq!(field(name).map(|f| f.0), Some(SecretKind::Token), "{name}");
        }
        assert_eq!(field("token_type"), None);
        assert_eq!(field("error_description"), None);
        assert_eq!(element("Password"), Some(SecretKind::Password));
        assert_eq!(header("X-MS-RefreshTokenCredential1"), Some(SecretKind::Token));
        assert_eq!(header("x-ms-diagnostics"), None);
    }

    #[test]
    fn every_name_can_be_found() {
        for (names, kind, _) in FIELDS {
            for name in *names {
                assert_eq!(field(name).map(|f| f.0), Some(*kind), "{name} is {}", plain(name));
            }
        }
    }

    #[test]
    fn codes_and_words_do_not_look_random() {
        assert!(!looks_random("InvalidAuthenticationToken"));
        assert!(!looks_random("AADSTS50173"));
        assert!(looks_random("0.AXkA3f2b1c9d8e7f6a5b4c3d"));
    }
}
