//! Addresses and parameters: what stands in a query, a fragment, a form or before the `@` of a host.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, Spot};
use super::{active_sync, text, token};

/// Everything but the unreserved characters of RFC 3986.
pub(super) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What separates parameters: plainly, in HTML, in a JSON string.
const SEPARATORS: [&str; 5] = ["&amp;", "\\u0026", "\\x26", "&", ";"];

/// Whether a text reads as an address with something behind its path, or with a user before its host.
pub(super) fn is_address(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && (text.contains("://") || (text.contains(['?', '#']) && text.contains('=')))
}

/// The address without its secrets; `None` when it holds none.
pub(super) fn redacted(address: &str, ledger: &mut Ledger) -> Option<String> {
    let (rest, fragment) = split_at_mark(address, '#');
    let (base, query) = split_at_mark(rest, '?');
    let base = in_path(base, ledger);
    let base = base.as_ref();
    let mut clean = without_user(base, ledger);
    clean = token::redacted(&clean, ledger).unwrap_or(clean);
    for (part, detector) in [(query, Detector::Query), (fragment, Detector::Fragment)] {
        let Some(part) = part else { continue };
        if !ledger.uses(detector) {
            clean.push_str(part);
            continue;
        }
        // Behind `#` single-page applications put addresses again: `#/start?code=…`.
        let (mark, part) = part.split_at_checked(1).unwrap_or((part, ""));
        clean.push_str(mark);
        if ledger.uses(Detector::ActiveSync)
            && let Some(coded) = active_sync::query(base, part, ledger)
        {
            clean.push_str(&coded);
            continue;
        }
        let redacted = match split_at_mark(part, '?') {
            (route, Some(inner)) if !route.contains('=') => {
                let inner = inner.get(1..).unwrap_or_default();
                parameters(inner, ledger, Spot::Parameter).map(|p| format!("{route}?{p}"))
            }
            _ => parameters(part, ledger, Spot::Parameter),
        };
        clean.push_str(redacted.as_deref().unwrap_or(part));
    }
    (clean != address).then_some(clean)
}

/// Parameters of a path's segments: `/owa;jsessionid=…`. Connection strings are written the same way.
fn in_path<'a>(base: &'a str, ledger: &mut Ledger) -> Cow<'a, str> {
    let Some((before, path)) = base.split_once(';').filter(|_| ledger.uses(Detector::Query)) else {
        return base.into();
    };
    let segments = path.split('/').map(|segment| {
        parameters(segment, ledger, Spot::Document).map_or_else(|| segment.into(), Cow::from)
    });
    format!("{before};{}", segments.collect::<Vec<Cow<'_, str>>>().join("/")).into()
}

/// Splits before a mark, which stays with the second half.
fn split_at_mark(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.find(mark).and_then(|at| text.split_at_checked(at)) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn without_user(base: &str, ledger: &mut Ledger) -> String {
    let Some((scheme, rest)) = base.split_once("://") else { return base.to_owned() };
    let authority = rest.split(['/', '\\']).next().unwrap_or_default();
    let Some((user, host)) = authority.rsplit_once('@').filter(|_| ledger.uses(Detector::UserInfo))
    else {
        return base.to_owned();
    };
    let tail = rest.strip_prefix(authority).unwrap_or_default();
    let plain = percent_decode_str(user).decode_utf8_lossy();
    if let Some((_, password)) = plain.split_once(':') {
        ledger.hide(SecretKind::Password, password);
    }
    let mask = ledger.hide(SecretKind::BasicCredentials, &plain);
    format!("{scheme}://{}@{host}{tail}", utf8_percent_encode(&mask, RESERVED))
}

/// A query or a form without its secrets; `None` when it holds none. Untouched parameters keep their bytes.
pub(super) fn parameters(text: &str, ledger: &mut Ledger, spot: Spot) -> Option<String> {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let (at, separator) = next_separator(rest);
        let (pair, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        match parameter(pair, ledger, spot) {
            Some(redacted) => clean.push_str(&redacted),
            None => clean.push_str(pair),
        }
        clean.push_str(separator);
        rest = tail.strip_prefix(separator).unwrap_or_default();
    }
    (clean != text).then_some(clean)
}

/// Where the next separator stands, and which it is; the end of the text when there is none.
fn next_separator(text: &str) -> (usize, &'static str) {
    text.match_indices(['&', ';', '\\'])
        .find_map(|(at, _)| {
            let here = text.get(at..)?;
            SEPARATORS.iter().find(|s| here.starts_with(**s)).map(|s| (at, *s))
        })
        .unwrap_or((text.len(), ""))
}

fn parameter(pair: &str, ledger: &mut Ledger, spot: Spot) -> Option<String> {
    let Some((name, raw)) = pair.split_once('=') else { return token::redacted(pair, ledger) };
    let plain_name = decoded(name);
    let value = decoded(raw);
    if value.is_empty() {
        return None;
    }
    let clean = match ledger.field(&plain_name, &value, spot) {
        Some(mask) if mask != value => {
            // A value may be spelled in a way no encoder of ours would choose.
            if raw != value && super::ledger::is_mask(&mask) {
                ledger.remember(
                    SecretKind::Grant,
                    raw,
                    utf8_percent_encode(&mask, RESERVED).to_string(),
                );
            }
            mask
        }
        Some(_) => return None,
        None => text::value(&value, ledger)?,
    };
    Some(format!("{name}={}", utf8_percent_encode(&clean, RESERVED)))
}

/// A parameter's text: percent escapes undone, `+` a blank.
fn decoded(raw: &str) -> String {
    let blanks = raw.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::ledger::Ledger;

    fn clean(address: &str) -> String {
        redacted(address, &mut Ledger::new(None)).unwrap_or_else(|| address.to_owned())
    }

    #[test]
    fn secrets_in_query_fragment_and_user_go() {
        assert_eq!(
            clean(
                "urn:ietf:wg:oauth:2.0:oob?code=0.AXkA-secret&session_state=x&error=access_denied"
            ),
            "urn:ietf:wg:oauth:2.0:oob?code=%28redacted-1%29&session_state=x&error=access_denied"
        );
        assert_eq!(
            clean(
                "https://anna:Sample-Passw0rd@mail.contoso.com/owa/#access_token=abcdefgh&token_type=Bearer"
            ),
            "https://%28redacted%29@mail.contoso.com/owa/#access_token=%28redacted-1%29&token_type=Bearer"
        );
        assert_eq!(
            clean("/idp/SSO;jsessionid=ABCDEF0123456789/x?execution=e1s1"),
            "/idp/SSO;jsessionid=%28redacted-1%29/x?execution=e1s1"
        );
        assert_eq!(
            clean("Endpoint=sb://x.example/;SharedAccessKeyName=y;SharedAccessKey=abcdefghijkl="),
            "Endpoint=sb://x.example/;SharedAccessKeyName=y;SharedAccessKey=%28redacted%29"
        );
    }

    #[test]
    fn an_address_inside_a_parameter_is_read_again() {
        let clean = clean(
            "/adfs/ls?returnUrl=https%3A%2F%2Fmail.contoso.com%2F%3Fcode%3DOAQABAAIAAAD-secret",
        );
        assert!(!clean.contains("OAQAB") && clean.contains("mail.contoso.com"), "{clean}");
    }

    #[test]
    fn what_holds_no_secret_keeps_its_bytes() {
        for address in [
            "https://mail.contoso.com/mapi/emsmdb/?MailboxId=a%40b",
            "mail.contoso.com:443",
            "/x?error=invalid_resource&error_description=AADSTS500011%3a+The+resource&empty=&code=",
            "",
        ] {
            assert_eq!(clean(address), address);
        }
    }
}
