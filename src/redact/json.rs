//! JSON at any depth, by key; strings in it are read as what they look like.

use serde_json::Value;

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, Spot};
use super::secrets::{self, When};
use super::{header, text, well_known};

/// The document without its secrets; `None` when the text is no JSON object or array, or holds none.
pub(super) fn redacted(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) || !ledger.uses(Detector::Json) {
        return None;
    }
    let mut value: Value = serde_json::from_str(text).ok()?;
    if !redact(Key::of(""), &mut value, ledger) {
        return None;
    }
    serde_json::to_string(&value).ok()
}

/// The same for a document that a program is called with: `callback({…});`.
pub(super) fn called(text: &str, ledger: &mut Ledger) -> Option<String> {
    let (name, rest) = text.split_once('(')?;
    let inside = rest.trim_end().trim_end_matches(';').strip_suffix(')')?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    if !name.trim().chars().all(is_name) {
        return None;
    }
    let clean = redacted(inside, ledger)?;
    Some(text.replacen(inside, &clean, 1))
}

/// The key that decides about a value.
#[derive(Clone, Copy)]
struct Key<'a> {
    name: &'a str,
    /// Whether it is that of an object around the value's own.
    is_above: bool,
}

impl<'a> Key<'a> {
    const fn of(name: &'a str) -> Self {
        Self { name, is_above: false }
    }
}

/// Redacts a value in place and tells whether it changed.
fn redact(key: Key<'_>, value: &mut Value, ledger: &mut Ledger) -> bool {
    match value {
        // `{"access_token":{"capolids":{"values":["…"]}}}` asks for claims (OpenID Connect Core §5.5) and names policies.
        Value::String(string) if key.is_above && well_known::is_guid(string) => false,
        Value::String(string) => {
            let clean = if header::is_known(key.name) {
                header::value(key.name, string, ledger)
            } else {
                ledger
                    .field(key.name, string, Spot::Document)
                    .or_else(|| text::value(string, ledger))
            };
            match clean.filter(|clean| clean != string) {
                Some(clean) => {
                    *string = clean;
                    true
                }
                None => false,
            }
        }
        Value::Array(items) => {
            // `["Authorization", "Bearer …"]`
            if let [Value::String(name), value @ Value::String(_)] = items.as_mut_slice()
                && header::is_known(name)
            {
                return redact(Key::of(name), value, ledger);
            }
            let mut changed = false;
            for item in items {
                changed |= redact(key, item, ledger);
            }
            changed
        }
        Value::Object(members) => {
            let mut changed = false;
            // `{"name": "password", "value": "…"}`
            let named = ["name", "Name", "key", "Key"]
                .into_iter()
                .find_map(|name| members.get(name)?.as_str())
                .filter(|name| secrets::field(name).is_some() || header::is_known(name))
                .map(str::to_owned);
            for (name, member) in members {
                if let Some(named) = named.as_deref().filter(|_| name.eq_ignore_ascii_case("value"))
                {
                    changed |= redact(Key::of(named), member, ledger);
                    continue;
                }
                // Below `passwordCredentials` everything is a credential, whatever its own name.
                let is_below = secret_key(key.name).is_some() && secrets::field(name).is_none()
                    // `{"token": {"value": "…"}}`
                    || name.eq_ignore_ascii_case("value") && secrets::field(key.name).is_some();
                let above = Key { is_above: true, ..key };
                changed |= redact(if is_below { above } else { Key::of(name) }, member, ledger);
            }
            changed
        }
        Value::Number(number) => {
            let digits = number.to_string();
            let likely = secrets::field(key.name)
                .filter(|(kind, when)| *when == When::Likely && secrets::is_likely(*kind, &digits))
                .map(|(kind, _)| kind);
            let Some(kind) = secret_key(key.name).or(likely) else { return false };
            *value = Value::String(ledger.hide(kind, &digits));
            true
        }
        Value::Bool(_) | Value::Null => false,
    }
}

fn secret_key(key: &str) -> Option<SecretKind> {
    secrets::field(key).filter(|(_, when)| *when == When::Always).map(|(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::ledger::Ledger;

    #[test]
    fn keys_decide_at_any_depth() {
        let clean = redacted(
            r#"{"a":[{"refresh_token":"0.AX-secret-1","expires_in":3599}],"b":"{\"password\":\"secret-2\"}","otc":123456}"#,
            &mut Ledger::new(None),
        )
        .unwrap();
        assert_eq!(
            clean,
            r#"{"a":[{"refresh_token":"(redacted-1)","expires_in":3599}],"b":"{\"password\":\"(redacted)\"}","otc":"(redacted)"}"#
        );
        assert_eq!(redacted(&clean, &mut Ledger::new(None)), None);
    }

    #[test]
    fn an_error_answer_keeps_its_bytes() {
        let error = r#"{ "error":"invalid_grant", "error_description":"AADSTS50173: …", "error_codes":[50173], "suberror":"bad_token", "code":"InvalidAuthenticationToken" }"#;
        assert_eq!(redacted(error, &mut Ledger::new(None)), None);
    }
}
