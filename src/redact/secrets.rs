//! Where secrets live, as data: names of parameters, JSON keys, XML elements and token claims.

use super::kind::SecretKind::{self, Grant, OtherCredential, Password, SignInState, Token};
use super::well_known;
use crate::http::Scheme;

/// When the value behind a name is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// Wherever the name stands.
    Always,
    /// Wherever the name stands, unless the value is plainly something else: a flag, an address, a sentence.
    Likely,
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
            "pw",
            "newpassword",
            "oldpassword",
            "currentpassword",
            "confirmpassword",
            "passwordcredentials",
            "passphrase",
            "motdepasse",
            "contrasena",
            "senha",
            "clientsecret",
            "secret",
            "secrettext",
            "otc",
            "otp",
            "totp",
            "otpcode",
            "mfacode",
            "smscode",
            "spacode",
            "passcode",
            "onetimecode",
            "securitycode",
            "activationcode",
            "verificationcode",
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
            "tempauth",
            "tgtclientkey",
            "tgtmessagebuffer",
        ],
        Token,
        When::Always,
    ),
    (&["t", "access", "rt", "at"], Token, When::Random),
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
    (&["code", "request", "authcode", "authorizationcode"], Grant, When::Parameter),
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
            "statetoken",
            "formdigestvalue",
            "jsessionid",
            "phpsessid",
        ],
        SignInState,
        When::Always,
    ),
    (
        &["state", "ctx", "sid", "session", "sessionid", "srf", "contextid"],
        SignInState,
        When::Parameter,
    ),
    (&["sessionstate", "context", "statehandle"], SignInState, When::Random),
    (&["pfx", "messagebuffer"], OtherCredential, When::Random),
    (
        &["apikey", "subscriptionkey", "key", "xapikey", "functionkey"],
        OtherCredential,
        When::Random,
    ),
];

/// Endings of names, in the same form and without digits at their end, for fields that no row above has.
const ENDINGS: &[(&[&str], SecretKind)] = &[
    (&["token", "tokenvalue"], Token),
    (&["secretkey", "privatekey", "clientkey", "sessionkey", "accesskey"], OtherCredential),
    (&["canary", "sessionid", "sessid"], SignInState),
];

/// What the name of a field for a password contains.
const PASSWORD_WORDS: &[&str] =
    &["password", "passwd", "passcode", "passphrase", "passwort", "kennwort", "accesspass"];
/// How such a name may end instead.
const PASSWORD_ENDINGS: &[&str] = &["pwd", "pass"];
/// Endings that only look like it.
const NO_PASSWORDS: &[&str] = &["bypass", "compass", "trespass", "surpass"];
/// What stands behind the word in the name of a field that tells about a password and holds none.
const ABOUT_PASSWORDS: &[&str] = &[
    "age",
    "attempt",
    "change",
    "complex",
    "count",
    "days",
    "desc",
    "enabled",
    "error",
    "expir",
    "format",
    "help",
    "hint",
    "history",
    "info",
    "label",
    "last",
    "length",
    "less",
    "link",
    "message",
    "method",
    "mode",
    "never",
    "notification",
    "placeholder",
    "policy",
    "protection",
    "required",
    "reset",
    "rule",
    "state",
    "status",
    "strength",
    "supported",
    "title",
    "type",
    "uri",
    "url",
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
        .or_else(|| Some((by_part(&plain)?, When::Likely)))
}

/// What a field holds by a part of its name: `ctl00$PasswordTextBox`, `rawIdToken`, `newPwd2`.
fn by_part(plain: &str) -> Option<SecretKind> {
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let tells_about = |rest: &str| ABOUT_PASSWORDS.iter().any(|about| rest.contains(about));
    // Most names are told by this alone.
    let may_be = stem.contains("pass") || stem.contains("wort");
    let word = PASSWORD_WORDS.iter().filter(|_| may_be).find_map(|word| stem.split_once(word));
    let is_password = match word {
        Some((before, behind)) => !tells_about(behind) && !before.ends_with("forgot"),
        None => {
            PASSWORD_ENDINGS.iter().any(|end| stem.ends_with(end))
                && !NO_PASSWORDS.iter().any(|end| stem.ends_with(end))
        }
    };
    if is_password {
        return Some(Password);
    }
    let row = ENDINGS.iter().find(|(ends, _)| ends.iter().any(|end| stem.ends_with(end)))?;
    Some(row.1)
}

/// Whether the value of a field that is [`When::Likely`] a secret is one.
pub(super) fn is_likely(kind: SecretKind, value: &str) -> bool {
    const FLAGS: &[&str] = &["true", "false", "null", "none", "yes", "no", "on", "off"];
    let is_flag = FLAGS.iter().any(|flag| value.eq_ignore_ascii_case(flag))
        || (value.len() < 4 && value.bytes().all(|b| b.is_ascii_digit()));
    if is_flag || value.contains("://") || is_protocol_word(value) {
        return false;
    }
    if kind == Password {
        return value.split_whitespace().count() < 4;
    }
    // A token may be wrapped; what has blanks in its lines is prose.
    let is_wrapped = value.lines().all(|line| !line.trim().contains(char::is_whitespace));
    value.len() >= 8 && is_wrapped && !value.starts_with("urn:")
}

/// Whether a value is a word that stands in captures for other reasons, so that it is no secret and is not hunted for.
pub(super) fn is_protocol_word(value: &str) -> bool {
    const WORDS: &[&str] = &[
        "adfs",
        "authorization",
        "autodiscover",
        "azuread",
        "exchange",
        "federated",
        "jwt",
        "managed",
        "mapi",
        "office365",
        "outlook",
        "owa",
    ];
    Scheme::parse(value) != Scheme::Other
        || well_known::is_common_word(&value.to_ascii_lowercase())
        || WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// What an XML element's content is, if it is a secret.
pub(super) fn element(local_name: &str) -> Option<SecretKind> {
    let lower = local_name.to_ascii_lowercase();
    ELEMENTS.iter().find(|(name, _)| *name == lower).map(|(_, kind)| *kind).or_else(|| {
        field(local_name).filter(|(_, when)| *when == When::Always).map(|(kind, _)| kind)
    })
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
        && !value.contains(":\\/\\/")
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The last part of a name (`o:Password`, `ctl00$Password`, `user[password]`), letters and digits only, in lower case.
fn plain(name: &str) -> String {
    let local = name.rsplit([':', '$', '[', '/']).next().unwrap_or(name);
    local.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, element, field, is_likely, looks_random, plain};
    use crate::redact::SecretKind;

    #[test]
    fn spellings_of_a_name_are_one_name() {
        for name in ["refresh_token", "refreshToken", "Refresh-Token", "o:refresh_token"] {
            assert_eq!(field(name).map(|f| f.0), Some(SecretKind::Token), "{name}");
        }
        assert_eq!(field("token_type"), None);
        assert_eq!(field("error_description"), None);
        assert_eq!(element("Password"), Some(SecretKind::Password));
    }

    #[test]
    fn a_password_is_known_by_a_part_of_its_field() {
        for name in [
            "newPwd1",
            "ctl00$ContentPlaceHolder1$PasswordTextBox",
            "ConfirmNewPassword",
            "pf.pass",
            "j_password",
            "temporaryAccessPass",
            "user[password]",
            "passwd1",
            "pfxPassword",
            "Kennwort",
        ] {
            assert_eq!(field(name).map(|f| f.0), Some(SecretKind::Password), "{name}");
        }
        for name in ["passwordExpiresUrl", "PasswordPolicy", "forgotPassword", "bypass"] {
            assert_eq!(field(name), None, "{name}");
        }
    }

    #[test]
    fn a_token_is_known_by_the_end_of_its_field() {
        for name in ["token", "rawIdToken", "accessTokenValue", "oauthToken", "deviceToken2"] {
            assert_eq!(field(name).map(|f| f.0), Some(SecretKind::Token), "{name}");
        }
        for (value, expected) in [
            ("Bearer", false),
            ("true", false),
            ("urn:oasis:names:tc:SAML:2.0:assertion", false),
            ("no token was sent", false),
            ("Ab3dEf5hIj", true),
            ("AbcdefghijklmnopqrstuvwX", true),
            ("\n EwBwA8l6BAAU\n EwBwA8l6BAAU\n", true),
        ] {
            assert_eq!(is_likely(SecretKind::Token, value), expected, "{value}");
        }
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
        assert!(!looks_random("https:\\/\\/domain26.example"));
        assert!(looks_random("0.AXkA3f2b1c9d8e7f6a5b4c3d"));
    }
}
