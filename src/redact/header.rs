//! Header fields: credentials, challenges, cookies, and addresses in the rest.

use std::iter;
use std::sync::Arc;

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::Ledger;
use super::memo;
use super::{address, credential_headers, encodings, secrets, text};
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
        "sec-websocket-protocol" if ledger.uses(Detector::CredentialHeader) => {
            protocols(value, ledger)
        }
        name if name.contains("authorization")
            && credential_headers::kind(name).is_none()
            && ledger.uses(Detector::Authorization) =>
        {
            authorizations(value, ledger)
        }
        name if credential_headers::kind(name) == Some(SecretKind::Cookie)
            && value.trim_end_matches('=').contains('=')
            && ledger.uses(Detector::Cookie) =>
        {
            cookies(value, ledger)
        }
        name if is_session(name, value) && ledger.uses(Detector::CredentialHeader) => {
            ledger.hide(SecretKind::SignInState, value)
        }
        name => match credential_headers::kind(name)
            .filter(|_| ledger.uses(Detector::CredentialHeader))
        {
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
    [
        "authorization",
        "proxy-authorization",
        "www-authenticate",
        "proxy-authenticate",
        "cookie",
        "set-cookie",
    ]
    .iter()
    .any(|known| name.eq_ignore_ascii_case(known))
        || credential_headers::is_known(name)
}

/// What to write for a credential that a text quotes from a header; `None` when it stays. In a line of its own the value
/// runs to its end; among words a value ends where it no longer looks like one.
pub(super) fn quoted(name: &str, text: &str, is_line: bool, ledger: &mut Ledger) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("authorization") {
        let (scheme, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim_start();
        let word = rest.split_whitespace().next().unwrap_or_default();
        let word = word.trim_end_matches([',', ';', '\\']);
        if Scheme::parse(scheme) == Scheme::Other {
            return is_line.then(|| value(name, text, ledger)).flatten();
        }
        if !is_credential(scheme, word) {
            return None;
        }
        let clean = value(name, &format!("{scheme} {word}"), ledger)?;
        return Some(clean + rest.strip_prefix(word)?);
    }
    if is_line || lower.ends_with("cookie") || lower.ends_with("authenticate") {
        return value(name, text, ledger);
    }
    let word = text.split_whitespace().next().filter(|word| secrets::looks_random(word))?;
    Some(value(name, word, ledger)? + text.strip_prefix(word)?)
}

/// Whether what stands behind a scheme in a text is a credential and not the next word of a sentence.
fn is_credential(scheme: &str, word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.bytes().any(|b| is(&b));
    let is_basic = Scheme::parse(scheme) == Scheme::Basic
        && encodings::base64_text_of(word).is_some_and(|plain| plain.contains(':'));
    is_basic
        || word.len() >= 20
        || (word.len() >= 8 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic))
}

fn is_session(name: &str, value: &str) -> bool {
    credential_headers::is_session(name)
        && secrets::looks_random(value)
        && !super::well_known::is_guid(value)
}

/// Protocols of a web socket, among which pages send their token: no header of theirs may carry it.
fn protocols(value: &str, ledger: &mut Ledger) -> String {
    let one = |item: &str, ledger: &mut Ledger| {
        let word = item.trim();
        if secrets::looks_random(word) {
            item.replacen(word, &ledger.hide_token(SecretKind::Token, word), 1)
        } else {
            item.to_owned()
        }
    };
    value.split(',').map(|item| one(item, ledger)).collect::<Vec<_>>().join(",")
}

/// One authorization, or several with commas between them.
fn authorizations(value: &str, ledger: &mut Ledger) -> String {
    let begins = |piece: &str| {
        let (word, rest) = piece.trim().split_once(' ').unwrap_or_default();
        Scheme::parse(word) != Scheme::Other && !rest.contains('=')
    };
    if value.contains(',') && value.split(',').all(begins) {
        let all = value.split(',').map(|one| authorization(one, ledger));
        return all.collect::<Vec<_>>().join(", ");
    }
    authorization(value, ledger)
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
