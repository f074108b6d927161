//! The grammar of `x-ms-diagnostics`: `code;reason="text";error_category="word"`, with the blanks and missing parts
//! that servers produce.

use super::Headers;

/// What Exchange says about a request that it refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics {
    /// The number, 2000003 say.
    pub code: u32,
    /// The text in quotes behind `reason=`; empty when there is none.
    pub reason: String,
    /// The word in quotes behind `error_category=`; empty when there is none.
    pub category: String,
    /// The header value as recorded.
    pub raw: String,
}

impl Diagnostics {
    /// Reads the first `x-ms-diagnostics` field that starts with a number.
    pub fn of(headers: &Headers) -> Option<Self> {
        headers.get_all("x-ms-diagnostics").find_map(Self::parse)
    }

    /// Reads one value; `None` when it does not start with a number.
    pub fn parse(value: &str) -> Option<Self> {
        let text = value.trim().trim_start_matches('[').trim_start();
        let code = text.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        Some(Self {
            code,
            reason: quoted_after(text, "reason"),
            category: quoted_after(text, "error_category"),
            raw: value.to_owned(),
        })
    }

    /// The texts that the reason puts into single quotes: URLs, domains, users.
    pub fn quoted(&self) -> Vec<&str> {
        // Reasons hold names with apostrophes only between quotes that touch a blank, a dot or the end.
        let mut found = Vec::new();
        let mut rest = self.reason.as_str();
        while let Some((_, after)) = rest.split_once('\'') {
            let Some((inside, tail)) = after.split_once('\'') else { break };
            found.push(inside);
            rest = tail;
        }
        found
    }
}

fn quoted_after(text: &str, key: &str) -> String {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(key) {
        let at_word =
            before.chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
        let value = after
            .trim_start()
            .strip_prefix('=')
            .map(str::trim_start)
            .and_then(|v| v.strip_prefix('"'));
        if let (true, Some(value)) = (at_word, value) {
            return value.split_once('"').map_or(value, |(inside, _)| inside).trim().to_owned();
        }
        rest = after;
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::Diagnostics;
    use proptest::prelude::*;

    #[test]
    fn reads_the_spellings_seen_on_the_wire() {
        let d = Diagnostics::parse(r#"2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://mail.contoso.com'.";error_category="invalid_resource""#).unwrap();
        assert_eq!((d.code, d.category.as_str()), (2_000_003, "invalid_resource"));
        assert_eq!(d.quoted(), ["https://mail.contoso.com", "http://mail.contoso.com"]);

        let d = Diagnostics::parse(r#"2000005;reason= "The user specified by the user-context in the token is ambiguous." ;error_category="invalid_user""#).unwrap();
        assert_eq!((d.reason.ends_with("ambiguous."), d.category.as_str()), (true, "invalid_user"));

        let d = Diagnostics::parse(r#"2000000; reason="The token has an invalid signature.";error_category="invalid_signature"."#).unwrap();
        assert_eq!((d.code, d.category.as_str()), (2_000_000, "invalid_signature"));

        let d = Diagnostics::parse(r#"4000000;error_category="oauth_not_available""#).unwrap();
        assert_eq!(
            (d.code, d.reason.as_str(), d.category.as_str()),
            (4_000_000, "", "oauth_not_available")
        );

        assert_eq!(
            Diagnostics::parse("[2000001;reason=\"cannot be parsed\"]").unwrap().code,
            2_000_001
        );
        assert_eq!(Diagnostics::parse("reason=\"x\""), None);
        assert_eq!(Diagnostics::parse("99999999999999"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(value in ".{0,200}") {
            let _ = Diagnostics::parse(&value).map(|d| d.quoted().len());
        }
    }
}
