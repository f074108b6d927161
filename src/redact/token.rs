//! JSON Web Tokens inside longer texts. What analysis reads of them stays, what opens doors goes: the signature, the
//! parts of an encrypted token, and, under pseudonyms, the claims about a person.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::Ledger;
use super::secrets::{self, Personal, When};
use super::text;
use crate::jwt::REDACTED_PART;

/// base64url as tokens use it, padded or not.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Actor tokens stand inside tokens; nobody nests deeper.
const DEEPEST: u8 = 4;

/// The text with every token in it redacted; `None` when there is none to redact.
pub(super) fn redacted(text: &str, ledger: &mut Ledger) -> Option<String> {
    redacted_at(text, ledger, 0)
}

/// The redacted token when the text is one and nothing else.
pub(super) fn redacted_whole(text: &str, ledger: &mut Ledger) -> Option<String> {
    let text = text.trim();
    let is_one = text.bytes().all(is_token_byte)
        && (3..=5).contains(&text.split('.').count())
        && header_of(text.split('.').next().unwrap_or_default()).is_some();
    is_one.then(|| redacted_at(text, ledger, 0).unwrap_or_else(|| text.to_owned()))
}

/// Whether an unbroken run of characters is a token.
pub(super) fn is_token(run: &str) -> bool {
    run.split('.').any(|part| header_of(part).is_some())
}

/// The readable payloads of all tokens in a text.
pub(super) fn payloads(text: &str) -> Vec<Map<String, Value>> {
    text.split(|c: char| !u8::try_from(c).is_ok_and(is_token_byte))
        .filter(|run| run.len() > 20 && run.contains('.'))
        .flat_map(|run| run.split('.'))
        .filter_map(object_of)
        .collect()
}

fn redacted_at(text: &str, ledger: &mut Ledger, depth: u8) -> Option<String> {
    if depth >= DEEPEST || !(text.contains("ey") || text.contains("ew")) {
        return None;
    }
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    for run in text.split_inclusive(|c: char| !u8::try_from(c).is_ok_and(is_token_byte)) {
        let tokens = run.trim_end_matches(|c: char| !u8::try_from(c).is_ok_and(is_token_byte));
        if tokens.len() > 20
            && tokens.contains('.')
            && let Some(clean) = redacted_run(tokens, ledger, depth)
        {
            out.push_str(text.get(copied..at)?);
            out.push_str(&clean);
            copied = at + tokens.len();
        }
        at += run.len();
    }
    if copied == 0 {
        return None;
    }
    out.push_str(text.get(copied..)?);
    (out != text).then_some(out)
}

/// Redacts the tokens among the dot-separated parts of an unbroken run of token characters.
fn redacted_run(run: &str, ledger: &mut Ledger, depth: u8) -> Option<String> {
    let parts: Vec<&str> = run.split('.').collect();
    let mut clean: Vec<String> = Vec::with_capacity(parts.len());
    let mut found = false;
    let mut rest = parts.iter();
    while let Some(part) = rest.next() {
        clean.push((*part).to_owned());
        let next = rest.clone().next();
        let Some(header) = header_of(part).or_else(|| {
            // A token without an algorithm is one when its second part is readable too.
            object_of(part).filter(|_| next.is_some_and(|payload| object_of(payload).is_some()))
        }) else {
            continue;
        };
        found = true;
        if header.contains_key("enc") {
            if !ledger.uses(Detector::EncryptedToken) {
                continue;
            }
            clean.extend(rest.by_ref().take(4).map(|p| ledger.hide_part(SecretKind::Token, p)));
        } else {
            clean.extend(rest.next().map(|payload| redacted_payload(payload, ledger, depth)));
            if ledger.uses(Detector::Signature) {
                clean.extend(rest.next().map(|s| ledger.hide_part(SecretKind::TokenSignature, s)));
            }
        }
    }
    found.then(|| clean.join("."))
}

fn redacted_payload(payload: &str, ledger: &mut Ledger, depth: u8) -> String {
    let Some(mut claims) = object_of(payload) else {
        return ledger.hide_part(SecretKind::Token, payload);
    };
    let before = claims.clone();
    for (name, value) in &mut claims {
        redact_claim(name, value, ledger, depth);
    }
    if claims == before {
        return payload.to_owned();
    }
    serde_json::to_vec(&claims)
        .map_or_else(|_| REDACTED_PART.to_owned(), |bytes| URL_SAFE_NO_PAD.encode(bytes))
}

fn redact_claim(name: &str, value: &mut Value, ledger: &mut Ledger, depth: u8) {
    match value {
        Value::String(value) => {
            let personal = secrets::personal_claim(name);
            if let Some(clean) =
                redacted_at(value, ledger, depth + 1).filter(|_| ledger.uses(Detector::Claim))
            {
                *value = clean;
            } else if let (Some(personal), true) = (personal, ledger.uses(Detector::PersonalClaim))
            {
                if let Some(names) = &mut ledger.names {
                    *value = match personal {
                        Personal::User => names.user(value),
                        Personal::Words => names.words(value),
                        Personal::Identifier => names.identifier(value),
                        Personal::Address => names.address(value),
                    };
                }
            } else if let Some(clean) = claim(name, value, ledger) {
                *value = clean;
            }
        }
        Value::Array(items) => {
            for item in items {
                redact_claim(name, item, ledger, depth);
            }
        }
        Value::Object(inner) => {
            for (name, item) in inner {
                redact_claim(name, item, ledger, depth);
            }
        }
        _ => {}
    }
}

/// What to write for a claim that is not about a person. `appctx` is JSON in a string.
fn claim(name: &str, value: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Claim) {
        return None;
    }
    match secrets::field(name) {
        Some((SecretKind::SignInState, _)) => None,
        Some((kind, When::Always)) => Some(ledger.hide_token(kind, value)),
        _ => ledger.name_field(name, value).or_else(|| text::value(value, ledger)),
    }
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The header of a token, whose part may be glued to an escape before it (`%3DeyJ…`, `\neyJ…`).
fn header_of(part: &str) -> Option<Map<String, Value>> {
    let is_header = |map: &Map<String, Value>| map.contains_key("alg");
    object_of(part).filter(is_header).or_else(|| {
        let glued = part.find("eyJ").filter(|at| *at > 0)?;
        object_of(part.get(glued..)?).filter(is_header)
    })
}

fn object_of(part: &str) -> Option<Map<String, Value>> {
    if !(part.starts_with("ey") || part.starts_with("ew")) {
        return None;
    }
    match serde_json::from_slice(&LENIENT.decode(part).ok()?).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::pseudonym::Pseudonyms;

    fn part(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    #[test]
    fn a_signature_goes_and_the_rest_stays() {
        let head = format!(
            "{}.{}",
            part(r#"{"alg":"RS256"}"#),
            part(r#"{"aud":"https://mail.contoso.com/"}"#)
        );
        let mut ledger = Ledger::new(None);
        let text = format!("see \\n{head}.c2lnbmF0dXJlLXNlY3JldA, and {head}.");
        let clean = redacted(&text, &mut ledger).unwrap();
        assert_eq!(clean, format!("see \\n{head}.REDACTED, and {head}."));
        assert_eq!(redacted(&clean, &mut ledger), None);
    }

    #[test]
    fn a_token_without_an_algorithm_is_one() {
        let head = format!("{}.{}", part(r#"{"typ":"JWT"}"#), part(r#"{"aud":"x"}"#));
        let clean = redacted(&format!("{head}.c2lnbmF0dXJl"), &mut Ledger::new(None));
        assert_eq!(clean, Some(format!("{head}.REDACTED")));
    }

    #[test]
    fn an_actor_token_inside_an_unsigned_token_loses_its_signature() {
        let inner = format!(
            "{}.{}.aW5uZXItc2lnbmF0dXJl",
            part(r#"{"alg":"RS256"}"#),
            part(r#"{"iss":"x"}"#)
        );
        let outer = format!(
            "{}.{}.",
            part(r#"{"alg":"none"}"#),
            part(&format!(r#"{{"actortoken":"{inner}"}}"#))
        );
        let clean = redacted_whole(&outer, &mut Ledger::new(None)).unwrap();
        let claims = payloads(&clean).pop().unwrap();
        assert!(claims["actortoken"].as_str().unwrap().ends_with(".REDACTED"));
        assert!(clean.ends_with('.'));
    }

    #[test]
    fn an_encrypted_token_keeps_its_header_only() {
        let head = part(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
        let clean = redacted_whole(
            &format!("{head}.a2V5a2V5.aXZpdg.Y2lwaGVy.dGFn"),
            &mut Ledger::new(None),
        );
        assert_eq!(clean.unwrap(), format!("{head}.REDACTED.REDACTED.REDACTED.REDACTED"));
    }

    #[test]
    fn personal_claims_get_pseudonyms() {
        let token = format!(
            "{}.{}.c2lnbmF0dXJl",
            part(r#"{"alg":"RS256"}"#),
            part(
                r#"{"upn":"anna@contoso.com","given_name":"Anna","ipaddr":"203.0.113.7","scp":"user_impersonation"}"#
            )
        );
        let clean = redacted_whole(&token, &mut Ledger::new(Some(Pseudonyms::default()))).unwrap();
        let claims = payloads(&clean).pop().unwrap();
        assert_eq!(claims["upn"], "user1@domain1.example");
        assert_eq!(claims["scp"], "user_impersonation");
        assert!(claims["given_name"] != "Anna" && claims["ipaddr"] != "203.0.113.7");
    }
}
