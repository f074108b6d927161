//! A token's members as rows: name, value, what it means here, and whether it agrees with where the token was used.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::analysis::Analysis;
use crate::flow::{CheckKind, CheckState, TokenCheck, TrackedToken, duration, moment_of_use};
use crate::gui::format;
use crate::gui::widgets::tidy;
use crate::http::{Secret, mask};
use crate::jwt::Jwt;
use crate::knowledge::{claim, client_app};

/// Longest value or message that is shown, in characters.
const LONGEST: usize = 400;

/// A member of a token's header or claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClaimRow {
    /// Its name in the token.
    pub(super) name: String,
    /// Its value, times as instants, credentials masked.
    pub(super) value: String,
    /// What it says in plain words.
    pub(super) meaning: String,
    /// The comparison with the token's use that this claim decides.
    pub(super) check: Option<(CheckState, String)>,
}

/// The claims of a token, the comparisons with its use beside the claims that they rest on.
pub(super) fn rows(token: &TrackedToken, jwt: &Jwt, analysis: &Analysis) -> Vec<ClaimRow> {
    let used =
        token.used_in.first().and_then(|id| analysis.capture.session(*id)).and_then(moment_of_use);
    let tenant_claim = if jwt.claims().contains_key("tid") { "tid" } else { "iss" };
    jwt.claims()
        .iter()
        .map(|(name, value)| {
            let kinds: &[CheckKind] = match name.as_str() {
                "aud" => &[CheckKind::AudienceHost, CheckKind::AudienceScheme],
                "exp" => &[CheckKind::Lifetime],
                name if name == tenant_claim => &[CheckKind::Tenant],
                _ => &[],
            };
            ClaimRow { check: check(&token.checks, kinds), ..row(name, value, used) }
        })
        .collect()
}

/// The members of a token's header.
pub(super) fn header_rows(header: &serde_json::Map<String, Value>) -> Vec<ClaimRow> {
    header.iter().map(|(name, value)| row(name, value, None)).collect()
}

fn row(name: &str, value: &Value, used: Option<DateTime<Utc>>) -> ClaimRow {
    let known = claim::find(name).map_or("", |c| c.meaning);
    let instant = instant(name, value);
    let meaning = match (name, instant, used) {
        ("exp", Some(at), Some(used)) if at >= used => {
            format!("Expires {} after use.", duration(at - used))
        }
        ("exp", Some(at), Some(used)) => format!("Expired {} before use.", duration(used - at)),
        ("nbf", Some(at), Some(used)) if at <= used => {
            format!("Valid from {} before use.", duration(used - at))
        }
        ("nbf", Some(at), Some(used)) => format!("Valid from {} after use.", duration(at - used)),
        ("iat", Some(at), Some(used)) if at <= used => {
            format!("Issued {} before use.", duration(used - at))
        }
        ("auth_time", Some(at), Some(used)) if at <= used => {
            format!("The user signed in {} before use.", duration(used - at))
        }
        _ => match value.as_str().and_then(client_app::find) {
            Some(app) => format!("{known} {}.", app.name),
            None => known.to_owned(),
        },
    };
    let value = instant.map_or_else(|| text(name, value), format::instant);
    ClaimRow { name: tidy(name, 60), value, meaning: meaning.trim().to_owned(), check: None }
}

/// Claims that hold seconds since 1970.
fn instant(name: &str, value: &Value) -> Option<DateTime<Utc>> {
    if !matches!(name, "exp" | "iat" | "nbf" | "auth_time" | "pwd_exp") {
        return None;
    }
    let seconds = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())?;
    // `pwd_exp` counts from the moment of issue, not from 1970.
    if name == "pwd_exp" { None } else { DateTime::from_timestamp(seconds, 0) }
}

fn text(name: &str, value: &Value) -> String {
    match mask::json(value) {
        Value::String(text) if mask::is_secret_field(name) => Secret::new(text).to_string(),
        Value::String(text) => tidy(&text, LONGEST),
        Value::Array(items) => {
            let words = items.iter().map(|item| match item {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            tidy(&words.collect::<Vec<_>>().join(", "), LONGEST)
        }
        other => tidy(&other.to_string(), LONGEST),
    }
}

/// The worst of some comparisons, with all their sentences unless all is well.
fn check(checks: &[TokenCheck], kinds: &[CheckKind]) -> Option<(CheckState, String)> {
    let found: Vec<&TokenCheck> = checks.iter().filter(|c| kinds.contains(&c.kind)).collect();
    let failed = found.iter().find(|c| c.state == CheckState::Failed);
    let decisive = failed.or_else(|| found.first())?;
    Some((decisive.state, tidy(&decisive.message, LONGEST)))
}

/// Header and claims as JSON for the clipboard: never the signature, and no token inside.
pub(super) fn json(jwt: &Jwt) -> String {
    let parts = serde_json::json!({
        "header": mask::json(&Value::Object(jwt.header().clone())),
        "claims": mask::json(&Value::Object(jwt.claims().clone())),
    });
    serde_json::to_string_pretty(&parts).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{json, rows};
    use crate::analysis::Analysis;
    use crate::flow::CheckState;
    use crate::import;
    use crate::jwt::{Keys, example};

    fn analysis(claims: &str) -> Analysis {
        let text = format!(
            "### 09:14:07\nPOST https://mail.contoso.com/mapi/emsmdb/\n\
             Authorization: Bearer {{{{jwt {claims}}}}}\n\nHTTP/1.1 200 OK\nX-FEServer: EX01\n"
        );
        let capture = import::open_text("pasted", &example::expand(&text)).unwrap();
        Analysis::of(capture, &Keys::default())
    }

    /// The claims as text: `name = value: meaning (check)`.
    fn table(claims: &str) -> Vec<String> {
        let analysis = analysis(claims);
        let token = &analysis.flows.tokens[0];
        rows(token, token.jwt().unwrap(), &analysis)
            .into_iter()
            .map(|row| {
                let check = row.check.map_or(String::new(), |(state, text)| {
                    let mark = if state == CheckState::Failed { "✖" } else { "✔" };
                    format!(" {mark} {text}")
                });
                format!("{} = {}: {}{check}", row.name, row.value, row.meaning)
            })
            .collect()
    }

    #[test]
    fn times_are_told_from_the_moment_of_use() {
        assert_eq!(
            table(r#"{"nbf":1772442547,"exp":1772446327}"#),
            [
                "nbf = 2 Mar 2026, 09:09:07 UTC: Valid from 5 min before use.",
                "exp = 2 Mar 2026, 10:12:07 UTC: Expires 58 min after use. ✔ Valid for another 58 min when it was used.",
            ]
        );
        assert_eq!(
            table(r#"{"exp":1772439247}"#),
            [
                "exp = 2 Mar 2026, 08:14:07 UTC: Expired 60 min before use. ✖ Expired 60 min before it was used."
            ]
        );
    }

    #[test]
    fn an_audience_is_compared_with_the_host() {
        let row = &table(r#"{"aud":"https://owa.contoso.com/"}"#)[0];
        assert!(
            row.ends_with("✖ Issued for owa.contoso.com, but sent to mail.contoso.com."),
            "{row}"
        );
    }

    #[test]
    fn an_application_is_called_by_its_name() {
        let row = &table(r#"{"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c"}"#)[0];
        assert!(row.contains("Microsoft Office"), "{row}");
    }

    #[test]
    fn a_copy_holds_neither_signature_nor_inner_token() {
        let analysis = analysis(r#"{"aud":"x","actortoken":"{{jwt {\"iss\":\"inner-issuer\"}}}"}"#);
        let jwt = analysis.flows.tokens[0].jwt().unwrap();
        let copy = json(jwt);
        let signature = jwt.raw().rsplit('.').next().unwrap();
        assert!(copy.contains("RS256") && copy.contains("aud"), "{copy}");
        assert!(!copy.contains(signature) && !copy.contains("eyJ"), "{copy}");
    }

    #[test]
    fn hostile_claims_become_one_line() {
        let row = &table(r#"{"x":"a\nb\u0007","y":[1,{"z":null}]}"#)[0];
        assert_eq!(row, "x = a b : ");
    }
}
