//! The grammar of `WWW-Authenticate` (RFC 9110 §11.6.1) as servers really write it: several challenges in one field or
//! in several, commas inside quotes, blanks around `=`, challenges without parameters between others.

use super::{Headers, Scheme};

/// One challenge: a scheme and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme.
    pub scheme: Scheme,
    /// The scheme word as recorded.
    pub word: String,
    /// Parameters in order, names as recorded, values without their quotes.
    pub parameters: Vec<(String, String)>,
    /// A token that follows the scheme word in place of parameters (NTLM, Negotiate).
    pub blob: Option<String>,
}

impl Challenge {
    /// The value of parameter `name`, names compared without case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// `authorization_uri`, unless it is empty: an empty one names no place and counts as missing.
    pub fn authorization_uri(&self) -> Option<&str> {
        self.parameter("authorization_uri").map(str::trim).filter(|uri| !uri.is_empty())
    }

    /// Issuers this server trusts as (issuer, realm) pairs of `trusted_issuers`; empty items are skipped.
    pub fn trusted_issuers(&self) -> Vec<(&str, &str)> {
        self.parameter("trusted_issuers")
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| item.rsplit_once('@').unwrap_or((item, "")))
            .collect()
    }
}

/// All challenges of one answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenges(Vec<Challenge>);

impl Challenges {
    /// Reads every `WWW-Authenticate` field.
    pub fn of(headers: &Headers) -> Self {
        Self(headers.get_all("www-authenticate").flat_map(parse).collect())
    }

    /// The first challenge of a scheme.
    pub fn get(&self, scheme: Scheme) -> Option<&Challenge> {
        self.0.iter().find(|c| c.scheme == scheme)
    }

    /// The Bearer challenge, if Bearer is offered. Of several, the one with an `authorization_uri` speaks.
    pub fn bearer(&self) -> Option<&Challenge> {
        let mut bearers = self.0.iter().filter(|c| c.scheme == Scheme::Bearer);
        bearers.clone().find(|c| c.authorization_uri().is_some()).or_else(|| bearers.next())
    }

    /// The challenges in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Challenge> {
        self.0.iter()
    }

    /// Whether the answer carried none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scheme words in order: `Bearer, Negotiate, NTLM`.
    pub fn words(&self) -> String {
        self.0.iter().map(|c| c.word.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl<'a> IntoIterator for &'a Challenges {
    type Item = &'a Challenge;
    type IntoIter = std::slice::Iter<'a, Challenge>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Splits a field into its comma-separated parts, leaving commas inside quotes alone.
fn parts(value: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.extend(value.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(value.get(start..));
    parts
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn unquote(value: &str) -> String {
    let value = value.trim();
    let Some(inner) = value.strip_prefix('"') else { return value.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    // Only \" is an escape here: servers put Windows paths and JSON into quotes without escaping them.
    inner.replace("\\\"", "\"")
}

fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (is_token(name) && !value.trim_matches('=').is_empty())
        .then(|| (name.to_owned(), unquote(value)))
}

fn parse(value: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    for part in parts(value).into_iter().map(str::trim).filter(|p| !p.is_empty()) {
        let word_end = part.find(char::is_whitespace).unwrap_or(part.len());
        let (word, rest) = part.split_at(word_end);
        let rest = rest.trim();
        if is_token(word) && !rest.starts_with('=') {
            let parameters: Vec<_> = parameter(rest).into_iter().collect();
            let blob = (parameters.is_empty() && !rest.is_empty()).then(|| rest.to_owned());
            challenges.push(Challenge {
                scheme: Scheme::parse(word),
                word: word.to_owned(),
                parameters,
                blob,
            });
        } else if let (Some(parameter), Some(last)) = (parameter(part), challenges.last_mut()) {
            last.parameters.push(parameter);
        }
    }
    challenges
}

#[cfg(test)]
mod tests {
    use super::Challenges;
    use crate::http::{Headers, Scheme};
    use proptest::prelude::*;

    fn challenges(values: &[&str]) -> Challenges {
        Challenges::of(&values.iter().map(|v| ("WWW-Authenticate", *v)).collect::<Headers>())
    }

    #[test]
    fn exchange_joins_four_challenges_on_one_line() {
        let all = challenges(&[
            r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*,,a@contoso.com", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token",Negotiate,NTLM,Basic realm="mail.contoso.com""#,
        ]);
        assert_eq!(all.words(), "Bearer, Negotiate, NTLM, Basic");
        let bearer = all.bearer().unwrap();
        assert_eq!(
            bearer.authorization_uri(),
            Some("https://login.windows.net/common/oauth2/authorize")
        );
        assert_eq!(bearer.parameters.len(), 5);
        assert_eq!(
            bearer.trusted_issuers(),
            [("00000001-0000-0000-c000-000000000000", "*"), ("a", "contoso.com")]
        );
        assert_eq!(all.get(Scheme::Basic).unwrap().parameter("REALM"), Some("mail.contoso.com"));
    }

    #[test]
    fn an_empty_authorization_uri_is_missing() {
        let all = challenges(&[r#"Bearer client_id="x", authorization_uri="""#]);
        assert_eq!(all.bearer().unwrap().authorization_uri(), None);
        assert_eq!(all.bearer().unwrap().parameters.len(), 2);
    }

    #[test]
    fn odd_spellings_are_read() {
        let all = challenges(&[
            r#"Badger realm="a,b", Bearer authorization_uri  =   "https://x/", TFS-Federated"#,
            "NTLM TlRMTVNTUAACAAAA",
            "Negotiate YII==",
        ]);
        assert_eq!(all.words(), "Badger, Bearer, TFS-Federated, NTLM, Negotiate");
        assert_eq!(all.bearer().unwrap().authorization_uri(), Some("https://x/"));
        assert_eq!(all.get(Scheme::Ntlm).unwrap().blob.as_deref(), Some("TlRMTVNTUAACAAAA"));
        assert_eq!(all.get(Scheme::Negotiate).unwrap().blob.as_deref(), Some("YII=="));
    }

    #[test]
    fn a_word_that_only_begins_like_bearer_is_another_scheme() {
        assert!(
            challenges(&["BearerBlahblah", "Bearerauthorization_uri=\"abc\", resource_id=\"x\""])
                .bearer()
                .is_none()
        );
        assert!(challenges(&["Bearer something=\"bar"]).bearer().is_some());
        assert!(challenges(&["Bearer,,", "Bearer = , = ,"]).bearer().is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(value in ".{0,200}") {
            let _ = challenges(&[&value]);
        }

        #[test]
        fn quoted_commas_never_split(issuers in "[a-z,@ ]{1,40}") {
            let all = challenges(&[&format!("Bearer trusted_issuers=\"{issuers}\", authorization_uri=\"u\"")]);
            prop_assert_eq!(all.bearer().unwrap().parameter("trusted_issuers"), Some(issuers.as_str()));
            prop_assert_eq!(all.bearer().unwrap().authorization_uri(), Some("u"));
        }
    }
}
