//! Header fields: credentials, challenges, cookies, and addresses in the rest.

use std::iter;
use std::sync::Arc;

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::Ledger;
use super::memo;
use super::{address, secrets, text};
use crate::http::{Authorization, Challenges, Headers, Scheme};

/// Headers whose value is one address, be it relative or of an unusual scheme.
const ADDRESSES: &[&str] = &[
    "location",
    "content-location",
    "referer",
    "x-ms-location",
    "x-original-url",
    "x-rewrite-url",
    "origin",
];

/// Redacts the fields in place.
pub(super) fn redact(headers: &mut Headers, ledger: &mut Ledger) {
    for field in headers {
        if let Some(clean) = remembered(&field.name, &field.value, ledger) {
            field.value = clean;
        }
    }
}

/// The same as [`value`], remembered for the next session: a token is sent with every request.
fn remembered(name: &Arc<str>, text: &Arc<str>, ledger: &mut Ledger) -> Option<Arc<str>> {
    if !memo::is_shared(text) {
        return value(name, text, ledger).map(Arc::from);
    }
    if let Some((clean, kinds)) = ledger.fields.get(name, text).cloned() {
        for kind in kinds {
            ledger.count(kind);
        }
        return clean;
    }
    let before = ledger.counted();
    let clean: Option<Arc<str>> = value(name, text, ledger).map(Arc::from);
    let kinds = ledger.counted_since(before);
    ledger.fields.put(name, text, (clean.clone(), kinds));
    clean
}

/// What to write for the value of a field; `None` when it stays.
pub(super) fn value(name: &str, value: &str, ledger: &mut Ledger) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let clean = match name.as_str() {
        "authorization" | "proxy-authorization" if ledger.uses(Detector::Authorization) => {
            authorization(value, ledger)
        }
        "www-authenticate" | "proxy-authenticate" if ledger.uses(Detector::Challenge) => {
            challenges(value, ledger)
        }
        "cookie" | "cookie2" if ledger.uses(Detector::Cookie) => cookies(value, ledger),
        "set-cookie" | "set-cookie2" if ledger.uses(Detector::SetCookie) => {
            set_cookies(value, ledger)
        }
        name if ADDRESSES.contains(&name) && ledger.uses(Detector::AddressHeader) => {
            address::redacted(value, ledger)?
        }
        name => match secrets::header(name).filter(|_| ledger.uses(Detector::CredentialHeader)) {
            Some(kind) => ledger.hide_token(kind, value),
            None => ledger
                .name_field(name, value)
                .or_else(|| text::value(value, ledger))
                .filter(|clean| clean != value)?,
        },
    };
    (clean != value).then_some(clean)
}

/// Whether lines of this name are header fields wherever they stand.
pub(super) fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "authorization",
        "proxy-authorization",
        "www-authenticate",
        "proxy-authenticate",
        "cookie",
        "set-cookie",
    ]
    .contains(&name.as_str())
        || secrets::is_credential_header(&name)
}

/// Scheme words stay, an empty Bearer stays empty.
fn authorization(value: &str, ledger: &mut Ledger) -> String {
    let value = value.trim();
    let (word, parameter) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
    let parameter = parameter.trim();
    let known = Scheme::parse(word) != Scheme::Other;
    if parameter.is_empty() {
        // A lone word that is no scheme is a key.
        return if known || !secrets::looks_random(word) {
            value.to_owned()
        } else {
            ledger.hide_token(SecretKind::OtherCredential, word)
        };
    }
    let mask = match Authorization::parse(value) {
        Authorization::Token(token) => ledger.hide_token(SecretKind::Token, token.reveal()),
        Authorization::Basic(basic) => {
            ledger.user(&basic.user);
            ledger.remember(
                SecretKind::Password,
                basic.password.reveal(),
                super::ledger::MASK.to_owned(),
            );
            ledger.hide(SecretKind::BasicCredentials, parameter)
        }
        Authorization::Scheme(Scheme::Ntlm | Scheme::Negotiate, _) => {
            ledger.hide(SecretKind::WindowsAuthentication, parameter)
        }
        // Two words without a scheme: not even the first may stay.
        _ if secrets::looks_random(word) => return ledger.hide(SecretKind::OtherCredential, value),
        _ => ledger.hide_token(SecretKind::OtherCredential, parameter),
    };
    format!("{word} {mask}")
}

/// Challenges stay as they are, except for the message of an NTLM or Kerberos handshake.
fn challenges(value: &str, ledger: &mut Ledger) -> String {
    let one: Headers = iter::once(("www-authenticate", value)).collect();
    let mut clean = value.to_owned();
    for challenge in &Challenges::of(&one) {
        if let (Scheme::Ntlm | Scheme::Negotiate | Scheme::Other, Some(blob)) =
            (challenge.scheme, &challenge.blob)
        {
            clean =
                clean.replace(blob.as_str(), &ledger.hide(SecretKind::WindowsAuthentication, blob));
        }
    }
    text::value(&clean, ledger).unwrap_or(clean)
}

fn cookies(value: &str, ledger: &mut Ledger) -> String {
    value.split(';').map(|pair| cookie(pair, ledger)).collect::<Vec<_>>().join(";")
}

fn set_cookies(value: &str, ledger: &mut Ledger) -> String {
    let line = |line: &str, ledger: &mut Ledger| match line.split_once(';') {
        Some((pair, attributes)) => format!("{};{attributes}", cookie(pair, ledger)),
        None => cookie(line, ledger),
    };
    value.lines().map(|l| line(l, ledger)).collect::<Vec<_>>().join("\n")
}

/// Masks one cookie's value; blanks, name and emptiness stay.
fn cookie(pair: &str, ledger: &mut Ledger) -> String {
    let Some((name, value)) = pair.split_once('=') else {
        return if pair.trim().is_empty() {
            pair.to_owned()
        } else {
            ledger.hide(SecretKind::Cookie, pair.trim())
        };
    };
    let trimmed = value.trim().trim_matches('"');
    if trimmed.is_empty() {
        return pair.to_owned();
    }
    format!("{name}={}", ledger.hide(SecretKind::Cookie, trimmed))
}

#[cfg(test)]
mod tests {
    use super::redact;
    use crate::http::Headers;
    use crate::redact::ledger::Ledger;

    fn clean(name: &str, value: &str) -> String {
        let mut headers: Headers = [(name, value)].into_iter().collect();
        redact(&mut headers, &mut Ledger::new(None));
        headers.get(name).unwrap().to_owned()
    }

    #[test]
    fn scheme_words_and_emptiness_stay() {
        for (value, expected) in [
            ("Bearer", "Bearer"),
            ("Basic YW5uYTpTYW1wbGUtUGFzc3cwcmQ=", "Basic (redacted)"),
            ("NTLM TlRMTVNTUAADAAAAGAAYAH", "NTLM (redacted)"),
            ("Negotiate YIIabc0123456789", "Negotiate (redacted)"),
            ("Bearer EwBwA8l6BAAU-opaque", "Bearer (redacted-1)"),
            ("SharedAccessSignature sr=x&sig=y", "SharedAccessSignature (redacted-1)"),
            ("0123456789abcdef0123", "(redacted-1)"),
        ] {
            assert_eq!(clean("Authorization", value), expected);
            assert_eq!(clean("Authorization", expected), expected, "twice");
        }
    }

    #[test]
    fn challenges_keep_all_but_handshake_messages() {
        let bearer = r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="a@*,,b@contoso.com", authorization_uri="https://login.windows.net/common/oauth2/authorize",Negotiate,NTLM,Basic realm="mail.contoso.com""#;
        assert_eq!(clean("WWW-Authenticate", bearer), bearer);
        assert_eq!(clean("WWW-Authenticate", "NTLM TlRMTVNTUAACAAAA=="), "NTLM (redacted)");
    }

    #[test]
    fn cookies_keep_names_attributes_and_emptiness() {
        assert_eq!(
            clean("Cookie", "ESTSAUTH=0.AX-secret; x=; MapiContext=abc=="),
            "ESTSAUTH=(redacted-1); x=; MapiContext=(redacted-2)"
        );
        assert_eq!(
            clean("Set-Cookie", "cadata=v; path=/; secure\nx=; expires=Thu, 01-Jan-1970"),
            "cadata=(redacted-1); path=/; secure\nx=; expires=Thu, 01-Jan-1970"
        );
    }

    #[test]
    fn diagnostics_survive() {
        let value = r#"2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://mail.contoso.com'.";error_category="invalid_resource""#;
        assert_eq!(clean("x-ms-diagnostics", value), value);
    }
}
