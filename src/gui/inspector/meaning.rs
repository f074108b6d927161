//! What header fields mean, said where they stand.

use std::fmt::Write as _;

use crate::analysis::Analysis;
use crate::capture::Session;
use crate::flow::duration;
use crate::http::{Authorization, Challenge, Scheme};
use crate::knowledge::{
    cas_error_code, client_app, diagnostics_code, exchange_build, header_field, http_status,
    mapi_response_code,
};

/// What a field means, in one sentence; `None` for fields that speak for themselves.
pub(super) fn of_header(
    name: &str,
    value: &str,
    session: &Session,
    analysis: &Analysis,
) -> Option<String> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "authorization" => Some(of_authorization(value, session, analysis)),
        "x-ms-diagnostics" => {
            let code = crate::http::Diagnostics::parse(value)?.code;
            Some(diagnostics_code::find(code)?.meaning.to_owned())
        }
        "www-authenticate" | "proxy-authenticate" => of_offer(value),
        _ => of_value(&name, value.trim())
            .or_else(|| Some(header_field::find(&name)?.meaning.to_owned())),
    }
}

/// What a value says that the tables know.
fn of_value(name: &str, value: &str) -> Option<String> {
    match name {
        "x-owa-version" => Some(exchange_build::find(value)?.name()),
        "x-responsecode" => Some(mapi_response_code::find(value.parse().ok()?)?.meaning.to_owned()),
        "x-backendhttpstatus" => {
            let status = http_status::find(value.split(',').next()?.trim().parse().ok()?)?;
            Some(format!("What the back end answered: {}", status.meaning.trim_end_matches('.')))
        }
        "x-caserrorcode" => Some(cas_error_code::find(value)?.meaning.to_owned()),
        _ => None,
    }
}

fn of_authorization(value: &str, session: &Session, analysis: &Analysis) -> String {
    match Authorization::parse(value) {
        Authorization::Absent => "No credential: an anonymous request".to_owned(),
        Authorization::EmptyBearer => {
            "Empty on purpose: “I can do OAuth, tell me where to get a token”".to_owned()
        }
        Authorization::Token(_) => of_token(session, analysis),
        Authorization::Basic(basic) if basic.user.is_empty() => {
            "User name and password, readable by whoever has this file".to_owned()
        }
        Authorization::Basic(basic) => {
            format!(
                "User name and password of {}, readable by whoever has this file",
                super::shown(&basic.user)
            )
        }
        Authorization::Scheme(Scheme::Ntlm, _) => {
            "Windows challenge/response: not modern authentication".to_owned()
        }
        Authorization::Scheme(Scheme::Negotiate, _) => {
            "Kerberos or NTLM, negotiated by Windows: not modern authentication".to_owned()
        }
        Authorization::Scheme(..) => {
            "Another authentication scheme: not modern authentication".to_owned()
        }
    }
}

fn of_token(session: &Session, analysis: &Analysis) -> String {
    let Some(token) = analysis.flows.token_used_in(session.id) else {
        return "A token".to_owned();
    };
    let Some(jwt) = token.jwt() else {
        return format!("Token {}: only the server it is for can read it", token.id);
    };
    let mut text = format!("Token {}", token.id);
    if let Some(audience) = jwt.audience() {
        let _ = write!(text, " for {}", super::shown(audience));
    }
    if let (Some(expires), Some(used)) = (jwt.expires(), crate::flow::moment_of_use(session)) {
        let left = expires - used;
        if left.num_seconds() >= 0 {
            let _ = write!(text, ", valid for another {}", duration(left));
        } else {
            let _ = write!(text, ", expired {} before", duration(-left));
        }
    }
    text
}

pub(super) fn of_offer(value: &str) -> Option<String> {
    let word = value.split([' ', ',']).next().unwrap_or_default();
    let meaning = match Scheme::parse(word) {
        Scheme::Bearer => "The server takes tokens; the parameters say from where",
        Scheme::Basic => "The server takes a user name and a password",
        Scheme::Ntlm => "The server takes Windows sign-in by NTLM",
        Scheme::Negotiate => "The server takes Windows sign-in by Kerberos or NTLM",
        Scheme::Digest => "The server takes a hashed password",
        Scheme::Other => return None,
    };
    Some(meaning.to_owned())
}

/// A parameter of a challenge with what it means.
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: String,
    /// Its value as recorded; empty when missing.
    pub(super) value: String,
    /// What it says.
    pub(super) meaning: String,
    /// Whether it should be there and is not.
    pub(super) missing: bool,
}

/// The parameters of a challenge. One that lacks `authorization_uri` has it as missing, before all others.
pub(super) fn parameters(challenge: &Challenge) -> Vec<Parameter> {
    let mut rows: Vec<Parameter> = challenge
        .parameters
        .iter()
        .map(|(name, value)| Parameter {
            name: super::shown(name),
            value: super::shown(value),
            meaning: of_parameter(name, value),
            missing: false,
        })
        .collect();
    if challenge.scheme == Scheme::Bearer && challenge.authorization_uri().is_none() {
        rows.retain(|row| !row.name.eq_ignore_ascii_case("authorization_uri"));
        let missing = Parameter {
            name: "authorization_uri".to_owned(),
            value: "missing".to_owned(),
            meaning:
                "Exchange must name Entra ID here, or the client cannot know where to get a token"
                    .to_owned(),
            missing: true,
        };
        rows.insert(0, missing);
    }
    rows
}

fn of_parameter(name: &str, value: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "client_id" => client_app::find(value).map_or_else(
            || "Application id of the server".to_owned(),
            |app| format!("The server: {}", app.name),
        ),
        "authorization_uri" => "Where the client gets its token".to_owned(),
        "trusted_issuers" => "Whose tokens the server accepts; * stands for any tenant".to_owned(),
        "token_types" => "Kinds of token that the server accepts".to_owned(),
        "realm" => "Name of the protected area".to_owned(),
        "error" => "Why the token was refused".to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{of_offer, of_value, parameters};
    use crate::http::{Challenges, Headers};

    #[test]
    fn a_bearer_without_authorization_uri_has_it_as_missing() {
        let mut headers = Headers::new();
        headers.push(
            "WWW-Authenticate",
            "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", authorization_uri=\"\"",
        );
        let challenges = Challenges::of(&headers);
        let rows = parameters(challenges.bearer().unwrap());
        assert_eq!(rows.len(), 2);
        assert!(rows[0].missing && rows[0].name == "authorization_uri");
        assert!(rows[1].meaning.contains("Exchange"), "{}", rows[1].meaning);
    }

    #[test]
    fn known_values_say_more_than_their_field() {
        assert_eq!(of_value("x-owa-version", "15.2.1544.11").unwrap(), "Exchange Server 2019 CU14");
        assert!(of_value("x-responsecode", "0").unwrap().contains("carried out"));
        assert!(of_value("x-caserrorcode", "UserNotFound").unwrap().contains("mailbox"));
        assert_eq!(of_value("x-responsecode", "many"), None);
        assert_eq!(of_value("x-owa-version", "unknown"), None);
    }

    #[test]
    fn offers_are_explained() {
        assert!(of_offer("Negotiate").unwrap().contains("Kerberos"));
        assert!(of_offer("Basic realm=\"mail.contoso.com\"").unwrap().contains("password"));
        assert_eq!(of_offer("Frobnicate"), None);
    }
}
