//! What stands inside the value of a header field, taken apart: the parameters of a challenge, the parts of diagnostics,
//! the query of an address, Entra ID's telemetry.

use chrono::TimeDelta;

use super::body::Field;
use super::{meaning, shown};
use crate::flow::duration;
use crate::http::{Challenges, Diagnostics, Headers, Target, mask};
use crate::knowledge::{diagnostics_code, entra_error, oauth_error};

/// The name of the line that says what to do.
pub(super) const TO_DO: &str = "What to do";

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) name: String,
    /// As people may see it.
    pub(super) value: String,
    pub(super) meaning: String,
    /// Whether it should be there and is not.
    pub(super) is_missing: bool,
}

impl Detail {
    fn new(name: &str, value: &str, meaning: &str) -> Self {
        let (name, value, meaning) = (shown(name), shown(value), meaning.to_owned());
        Self { name, value, meaning, is_missing: false }
    }
}

/// The parts of a field's value.
pub(super) fn of_header(name: &str, value: &str) -> Vec<Detail> {
    match name.to_ascii_lowercase().as_str() {
        "www-authenticate" | "proxy-authenticate" => challenge(value),
        "x-ms-diagnostics" => diagnostics(value),
        "x-ms-clitelem" => telemetry(value),
        "location" | "content-location" => address(value),
        _ => Vec::new(),
    }
}

fn challenge(value: &str) -> Vec<Detail> {
    let headers: Headers = [("www-authenticate", value)].into_iter().collect();
    let challenges = Challenges::of(&headers);
    let several = challenges.iter().count() > 1;
    let mut details = Vec::new();
    for challenge in &challenges {
        let rows = meaning::parameters(challenge);
        if several {
            let said = meaning::of_offer(&challenge.word).unwrap_or_default();
            let value = if rows.is_empty() { "offered" } else { "" };
            details.push(Detail::new(&challenge.word, value, &said));
        }
        details.extend(rows.into_iter().map(|row| Detail {
            name: row.name,
            value: row.value,
            meaning: row.meaning,
            is_missing: row.missing,
        }));
    }
    details
}

fn diagnostics(value: &str) -> Vec<Detail> {
    let Some(diagnostics) = Diagnostics::parse(value) else { return Vec::new() };
    let known = diagnostics_code::find(diagnostics.code);
    let mut details = vec![Detail::new(
        "code",
        &diagnostics.code.to_string(),
        known.map_or("This code is not in the table of known ones", |known| known.meaning),
    )];
    if !diagnostics.category.is_empty() {
        details.push(Detail::new(
            "error_category",
            &diagnostics.category,
            "Exchange's word for the kind of error",
        ));
    }
    if !diagnostics.reason.is_empty() {
        details.push(Detail::new("reason", &diagnostics.reason, "Exchange's own explanation"));
    }
    if let Some(known) = known {
        details.push(Detail::new("Usual cause", "", known.cause));
        details.push(Detail::new(TO_DO, "", known.fix));
    }
    details
}

/// `1,50126,0,,`: version, error, suberror, age of the refresh token in milliseconds, ring. Names as in MSAL.
fn telemetry(value: &str) -> Vec<Detail> {
    let mut parts = value.split(',').map(str::trim);
    if parts.next() != Some("1") {
        return Vec::new();
    }
    let mut details = Vec::new();
    let mut next = || parts.next().unwrap_or_default();
    let error = next();
    let meaning = match error.parse::<u32>() {
        Ok(0) => "No error",
        Ok(code) => entra_error::find(code).map_or("An error of Entra ID", |known| known.meaning),
        Err(_) => "",
    };
    details.push(Detail::new("error", error, meaning));
    let suberror = next();
    details.push(Detail::new("suberror", suberror, if suberror == "0" { "None" } else { "" }));
    let age = next();
    if !age.is_empty() {
        let ms = age.split('.').next().and_then(|ms| ms.parse().ok());
        let words =
            ms.and_then(TimeDelta::try_milliseconds).map(|age| format!("{} old", duration(age)));
        details.push(Detail::new("age of refresh token", age, &words.unwrap_or_default()));
    }
    let ring = next();
    if !ring.is_empty() {
        details.push(Detail::new("ring", ring, "Which group of Entra ID's servers answered"));
    }
    details
}

/// The parameters of an address, in its query or behind its `#`.
fn address(value: &str) -> Vec<Detail> {
    let (rest, fragment) = value.split_once('#').unwrap_or((value, ""));
    let mut details = parameters(Target::new(rest).query_pairs());
    if fragment.contains('=') {
        details.extend(parameters(super::body::pairs(fragment)));
    }
    details
}

/// Parameters with what they mean; error codes in them are explained.
fn parameters(pairs: Vec<(String, String)>) -> Vec<Detail> {
    let mut details = Vec::new();
    for (name, value) in pairs {
        let field = Field::named(name, value);
        let mut said = field.meaning.to_owned();
        if field.name.eq_ignore_ascii_case("error")
            && let Some(known) = oauth_error::find(&field.value)
        {
            known.meaning.clone_into(&mut said);
        }
        details.push(Detail::new(&field.name, &field.masked, &said));
        for code in entra_error::codes_in(&field.value) {
            if let Some(known) = entra_error::find(code) {
                details.push(Detail::new(&format!("AADSTS{code}"), "", known.meaning));
                details.push(Detail::new(TO_DO, "", known.fix));
            }
        }
    }
    details
}

/// The parameters of a request's address.
pub(super) fn query(target: &Target) -> Vec<Field> {
    let pairs = target.query_pairs().into_iter();
    pairs.map(|(name, value)| Field::named(name, value)).collect()
}

/// A value as it stands in a header, masked, tokens in it hidden.
pub(super) fn masked(name: &str, value: &str) -> String {
    super::body::without_tokens(&mask::header_value(name, value))
}

#[cfg(test)]
mod tests {
    use super::of_header;

    fn said(name: &str, value: &str) -> Vec<(String, String)> {
        of_header(name, value).into_iter().map(|d| (d.name, d.meaning)).collect()
    }

    #[test]
    fn values_are_taken_apart() {
        let details =
            of_header("WWW-Authenticate", r#"Bearer client_id="x", Negotiate, Basic realm="m""#);
        let names: Vec<_> = details.iter().map(|d| (d.name.as_str(), d.is_missing)).collect();
        assert_eq!(
            names,
            [
                ("Bearer", false),
                ("authorization_uri", true),
                ("client_id", false),
                ("Negotiate", false),
                ("Basic", false),
                ("realm", false)
            ]
        );
        let details =
            said("x-ms-diagnostics", r#"2000003;reason="No";error_category="invalid_resource""#);
        assert_eq!(details.len(), 5, "{details:?}");
        let details = said("x-ms-clitelem", "1,50126,0,,");
        assert!(details[0].1.contains("password"), "{details:?}");
        assert!(of_header("x-ms-clitelem", "2,x").is_empty());
    }

    #[test]
    fn a_redirect_tells_its_error() {
        let value = "urn:ietf:wg:oauth:2.0:oob?error=invalid_resource&error_description=AADSTS500011%3a+none&code=abc";
        let details = of_header("Location", value);
        assert!(details.iter().any(|d| d.name == "AADSTS500011"), "{details:?}");
        assert!(details.iter().all(|d| !d.value.contains("abc")), "{details:?}");
    }
}
