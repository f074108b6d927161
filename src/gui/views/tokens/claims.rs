//! A token's members as rows: name, value, what it means here, and whether it agrees with where the token was used.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, Local, Utc};
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
    /// The same in the reader's own time; empty where that is the same, or no time.
    pub(super) local: String,
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
    let local =
        instant.map(|at| local(&at.with_timezone(&Local).fixed_offset())).unwrap_or_default();
    let value = instant.map_or_else(|| text(name, value), format::instant);
    ClaimRow { name: tidy(name, 60), value, local, meaning: meaning.trim().to_owned(), check: None }
}

/// `10:14:07 here (UTC+1)`; nothing where the clocks show UTC.
fn local(at: &DateTime<FixedOffset>) -> String {
    let ahead = at.offset().local_minus_utc();
    if ahead == 0 {
        return String::new();
    }
    let (hours, minutes) = (ahead.abs() / 3600, ahead.abs() % 3600 / 60);
    let sign = if ahead < 0 { '−' } else { '+' };
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
    format!("{} here (UTC{sign}{hours}{minutes})", at.format("%-d %b, %H:%M:%S"))
}

impl ClaimRow {
    /// Whether a row speaks of something, which stands in lower case.
    pub(super) fn mentions(&self, what: &str) -> bool {
        let check = self.check.as_ref().map_or("", |(_, message)| message);
        [&self.name, &self.value, &self.meaning, check]
            .iter()
            .any(|text| text.to_lowercase().contains(what))
    }
}

/// Rows as a Markdown table for a ticket.
pub(super) fn markdown(head: &str, rows: &[ClaimRow]) -> String {
    let mut table = format!(
        "**{}**\n\n| Claim | Value | Meaning | Check |\n| --- | --- | --- | --- |\n",
        plain(head)
    );
    for row in rows {
        let check = row.check.as_ref().map_or(String::new(), |(state, message)| {
            let word = match state {
                CheckState::Ok => "agrees",
                CheckState::Failed => "**does not agree**",
                CheckState::NotChecked => "not checked",
            };
            format!("{word}: {}", plain(message))
        });
        let cells = [plain(&row.name), plain(&row.value), plain(&row.meaning), check];
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}

/// Recorded text that Markdown takes for nothing but text.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation()
            && !matches!(letter, '.' | ',' | ':' | '/' | '-' | '@' | '\'')
        {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
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
    use chrono::DateTime;

    use super::{json, local, markdown, rows};
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

    #[test]
    fn a_time_is_told_in_the_readers_zone_where_that_differs() {
        let told = |text| local(&DateTime::parse_from_rfc3339(text).unwrap());
        assert_eq!(told("2026-03-02T10:14:07+01:00"), "2 Mar, 10:14:07 here (UTC+1)");
        assert_eq!(told("2026-03-02T04:44:07-04:30"), "2 Mar, 04:44:07 here (UTC−4:30)");
        assert_eq!(told("2026-03-02T09:14:07Z"), "");
    }

    #[test]
    fn a_markdown_table_keeps_its_columns() {
        let analysis = analysis(r#"{"a|b":"<x>`|*","aud":"https://mail.contoso.com/"}"#);
        let token = &analysis.flows.tokens[0];
        let rows = rows(token, token.jwt().unwrap(), &analysis);
        let table = markdown("t1", &rows);
        assert!(table.contains(r"| a\|b | \<x\>\`\|\* |"), "{table}");
        assert!(table.contains("agrees: Issued for mail.contoso.com and sent there."), "{table}");
        assert!(rows[1].mentions("mail.contoso") && !rows[0].mentions("mail.contoso"));
    }
}
