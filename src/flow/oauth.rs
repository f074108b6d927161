//! Messages of OAuth and sign-in: what is asked of the authorize and token endpoints, and what they answer.

use serde_json::Value;

use crate::capture::Session;
use crate::flow::form_post;
use crate::flow::{Endpoint, IdentityPurpose, Protocol};
use crate::http::{BodyState, Secret, Target};
use crate::knowledge::{entra_error, exchange_online_host};

/// A question to the authorize endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizeRequest {
    /// The resource asked for: `resource`, or the resource inside `scope`.
    pub resource: Option<String>,
    /// The client application's id.
    pub client_id: Option<String>,
    /// Where the answer goes.
    pub redirect_uri: Option<String>,
    /// `prompt=none`: the client hopes that no page is needed, and an error is expected.
    pub silent: bool,
}

impl AuthorizeRequest {
    /// Reads the query, or the form of a posted question.
    pub fn of(session: &Session) -> Self {
        let mut fields = session.request.target.query_pairs();
        fields.extend(session.request.body.form());
        let field = |name: &str| field(&fields, name);
        Self {
            resource: field("resource")
                .or_else(|| field("scope").and_then(|scope| resource_of_scope(&scope))),
            client_id: field("client_id"),
            redirect_uri: field("redirect_uri"),
            silent: field("prompt").is_some_and(|p| p == "none"),
        }
    }
}

/// A request for tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRequest {
    /// `authorization_code`, `refresh_token`, …
    pub grant_type: String,
    /// The resource asked for: `resource`, or the resource inside `scope`.
    pub resource: Option<String>,
    /// The client application's id.
    pub client_id: Option<String>,
    /// Whether the client proves itself by a signed assertion or a secret, as servers do.
    pub confidential: bool,
}

impl TokenRequest {
    /// Reads the form of a token request.
    pub fn of(session: &Session) -> Self {
        let fields = session.request.body.form();
        let field = |name: &str| field(&fields, name);
        Self {
            grant_type: field("grant_type").unwrap_or_default(),
            resource: field("resource")
                .or_else(|| field("scope").and_then(|scope| resource_of_scope(&scope))),
            client_id: field("client_id"),
            confidential: field("client_assertion").is_some() || field("client_secret").is_some(),
        }
    }

    /// Host of the resource asked for, in lower case.
    pub fn resource_host(&self) -> Option<String> {
        host_of(self.resource.as_deref()?)
    }
}

impl AuthorizeRequest {
    /// Host of the resource asked for, in lower case.
    pub fn resource_host(&self) -> Option<String> {
        host_of(self.resource.as_deref()?)
    }

    /// Where the answer goes when OWA or ECP of the organisation's own servers asks: host and protocol.
    pub fn web_application(&self) -> Option<(String, Protocol)> {
        let target = Target::new(self.redirect_uri.as_deref()?);
        let first = target.path().trim_start_matches('/').split('/').next().unwrap_or_default();
        let protocol = match first.to_ascii_lowercase().as_str() {
            "owa" => Protocol::Owa,
            "ecp" => Protocol::Ecp,
            _ => return None,
        };
        let host = target.host();
        (!host.is_empty() && !exchange_online_host::is_exchange_online(host))
            .then(|| (host.to_owned(), protocol))
    }
}

/// Tokens that an identity provider issued.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Option<Secret>,
    /// The identity token.
    pub id_token: Option<Secret>,
    /// Whether a refresh token came along.
    pub has_refresh_token: bool,
    /// The resource that the provider says the token is for.
    pub resource: Option<String>,
    /// Lifetime of the access token in seconds, as answered.
    pub expires_in: Option<i64>,
}

impl TokenResponse {
    /// Reads a token endpoint's JSON, or the fragment or form post of an authorize answer.
    pub fn of(session: &Session, endpoint: Endpoint) -> Option<Self> {
        let response = session.response.as_ref()?;
        let token_endpoint =
            matches!(endpoint.identity()?, IdentityPurpose::Token | IdentityPurpose::AccessControl);
        if token_endpoint && response.status == 200 {
            let body = response.body.json()?;
            let text =
                |name: &str| body.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
            let access_token = text("access_token").map(Secret::new);
            let id_token = text("id_token").map(Secret::new);
            return (access_token.is_some() || id_token.is_some()).then(|| Self {
                access_token,
                id_token,
                has_refresh_token: text("refresh_token").is_some(),
                resource: text("resource")
                    .map(str::to_owned)
                    .or_else(|| text("scope").and_then(resource_of_scope)),
                expires_in: body
                    .get("expires_in")
                    .and_then(|v| v.as_i64().or_else(|| v.as_str()?.parse().ok())),
            });
        }
        let location = Target::new(response.headers.get("location")?);
        let fields = redirect_fields(location.as_str());
        let access_token = field(&fields, "access_token").map(Secret::new);
        let id_token = field(&fields, "id_token").map(Secret::new);
        (access_token.is_some() || id_token.is_some()).then_some(Self {
            access_token,
            id_token,
            has_refresh_token: false,
            resource: None,
            expires_in: field(&fields, "expires_in").and_then(|v| v.parse().ok()),
        })
    }
}

/// Where an OAuth error stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorPlace {
    /// In the answer's body: a token endpoint's JSON.
    Body,
    /// In the `Location` header.
    Location,
    /// In a sign-in page.
    Page,
    /// In `x-ms-clitelem`, where the body is not in the file.
    Telemetry,
}

/// An error of an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// `invalid_grant`, …; empty when the answer has none (a page, a body that is not JSON).
    pub error: String,
    /// The description without line breaks; it may quote users.
    pub description: String,
    /// Every AADSTS number that the answer names, in order.
    pub codes: Vec<u32>,
    /// `suberror`, which tells variants of one error apart.
    pub suberror: String,
    /// Where it stands.
    pub place: ErrorPlace,
    /// The correlation id, the key to the sign-in log.
    pub correlation_id: Option<String>,
}

impl OAuthError {
    /// The code that explains most: of nested codes the last one that is known, else the last.
    pub fn code(&self) -> Option<u32> {
        self.codes
            .iter()
            .rev()
            .find(|c| entra_error::find(**c).is_some())
            .or(self.codes.last())
            .copied()
    }

    /// What the error is called in a sentence: `invalid_grant (AADSTS50173)`.
    pub fn name(&self) -> String {
        match (self.error.as_str(), self.code()) {
            ("", Some(code)) => format!("AADSTS{code}"),
            ("", None) => "an error without a name".to_owned(),
            (error, Some(code)) => format!("{error} (AADSTS{code})"),
            (error, None) => error.to_owned(),
        }
    }
}

/// The error of an identity provider's answer, if it is one.
pub fn error_of(session: &Session, endpoint: Endpoint) -> Option<OAuthError> {
    let response = session.response.as_ref()?;
    if let Some(location) = response.headers.get("location")
        && let Some(error) = error_of_fields(&redirect_fields(location), ErrorPlace::Location)
    {
        return Some(error);
    }
    match endpoint.identity()? {
        IdentityPurpose::Token | IdentityPurpose::AccessControl => token_error(session),
        IdentityPurpose::Authorize | IdentityPurpose::SignIn => page_error(session),
        _ => None,
    }
}

fn token_error(session: &Session) -> Option<OAuthError> {
    let response = session.response.as_ref()?;
    let body = response.body.json();
    if let Some(body) = &body {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        if !text("error").is_empty() {
            let mut codes: Vec<u32> = entra_error::codes_in(text("error_description"));
            let listed = body.get("error_codes").and_then(Value::as_array).into_iter().flatten();
            for code in listed.filter_map(|c| c.as_u64().and_then(|c| u32::try_from(c).ok())) {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            return Some(OAuthError {
                error: text("error").to_owned(),
                description: one_line(text("error_description")),
                codes,
                suberror: text("suberror").to_owned(),
                place: ErrorPlace::Body,
                correlation_id: Some(text("correlation_id"))
                    .filter(|id| !id.is_empty())
                    .map(str::to_owned),
            });
        }
    }
    if response.status < 400 {
        return None;
    }
    let (place, codes) = match response.headers.get(TELEMETRY).and_then(telemetry_code) {
        Some(code) => (ErrorPlace::Telemetry, vec![code]),
        // What the exporter left out may have said anything.
        None if response.body.state == BodyState::Dropped => return None,
        None => (ErrorPlace::Body, entra_error::codes_in(&response.body.text())),
    };
    Some(OAuthError {
        error: String::new(),
        description: String::new(),
        codes,
        suberror: String::new(),
        place,
        correlation_id: None,
    })
}

/// The field in which Entra ID repeats the error for the client's telemetry (the names of its parts: MSAL's source).
pub const TELEMETRY: &str = "x-ms-clitelem";

/// The code in `1,50173,0,604800000.0000,`; 0 stands for none.
fn telemetry_code(value: &str) -> Option<u32> {
    let mut parts = value.split(',').map(str::trim);
    parts.next().filter(|version| *version == "1")?;
    parts.next()?.parse().ok().filter(|code| *code > 0)
}

/// A sign-in page tells its error inside the script object `$Config`, or has the browser post it to the application
/// (OAuth 2.0 Form Post Response Mode).
fn page_error(session: &Session) -> Option<OAuthError> {
    let response = session.response.as_ref()?;
    let text = response.body.text();
    if let Some(error) = error_of_fields(&form_post::fields(&text), ErrorPlace::Page) {
        return Some(error);
    }
    let code = script_value(&text, "sErrorCode").or_else(|| script_value(&text, "iErrorCode"));
    let exception = script_value(&text, "strServiceExceptionMessage").unwrap_or_default();
    let mut codes = entra_error::codes_in(&exception);
    if let Some(code) = code.and_then(|c| c.parse().ok()).filter(|c| *c > 0)
        && !codes.contains(&code)
    {
        codes.push(code);
    }
    (!codes.is_empty()).then(|| OAuthError {
        error: String::new(),
        description: one_line(&exception),
        codes,
        suberror: String::new(),
        place: ErrorPlace::Page,
        correlation_id: script_value(&text, "correlationId")
            .or_else(|| script_value(&text, "sCorrelationId")),
    })
}

/// The value of `"name":"…"` or `"name":123` in a script; empty values count as absent.
fn script_value(text: &str, name: &str) -> Option<String> {
    let (_, after) = text.split_once(&format!("\"{name}\""))?;
    let after = after.trim_start().strip_prefix(':')?.trim_start();
    let value = match after.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => after.split([',', '}', ' ']).next()?,
    };
    (!value.is_empty() && value != "null").then(|| value.to_owned())
}

fn error_of_fields(fields: &[(String, String)], place: ErrorPlace) -> Option<OAuthError> {
    let error = field(fields, "error")?;
    let description = field(fields, "error_description").unwrap_or_default();
    Some(OAuthError {
        codes: entra_error::codes_in(&description),
        description: one_line(&description),
        suberror: field(fields, "error_subcode")
            .or_else(|| field(fields, "suberror"))
            .unwrap_or_default(),
        error,
        place,
        correlation_id: None,
    })
}

/// Parameters of a redirect, from its query and its fragment; works for `urn:` and custom schemes too.
pub fn redirect_fields(location: &str) -> Vec<(String, String)> {
    let (rest, fragment) = location.split_once('#').unwrap_or((location, ""));
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    [query, fragment]
        .iter()
        .flat_map(|part| url::form_urlencoded::parse(part.as_bytes()).into_owned())
        .collect()
}

fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(n, value)| n.eq_ignore_ascii_case(name) && !value.is_empty())
        .map(|(_, value)| value.clone())
}

/// The resource inside a v2 scope: `https://mail.contoso.com//.default offline_access` → `https://mail.contoso.com/`.
fn resource_of_scope(scope: &str) -> Option<String> {
    let item = scope.split_whitespace().find(|item| item.contains("://"))?;
    let (base, _) = item.rsplit_once('/')?;
    Some(if base.ends_with(':') || base.ends_with('/') && base.matches('/').count() < 3 {
        item.to_owned()
    } else {
        base.to_owned()
    })
}

fn host_of(resource: &str) -> Option<String> {
    let target = Target::new(resource);
    (!target.host().is_empty()).then(|| target.host().to_owned())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{ErrorPlace, TokenRequest, error_of, redirect_fields, resource_of_scope};
    use crate::capture::{Response, Session, SessionId};
    use crate::flow::Endpoint;
    use crate::http::{Body, Target};

    fn session(url: &str, status: u16, header: Option<(&str, &str)>, body: &str) -> Session {
        let mut session = Session::new(SessionId(1));
        session.request.target = Target::new(url);
        let mut response = Response { status, body: Body::new(body), ..Response::default() };
        if let Some((name, value)) = header {
            response.headers.push(name, value);
        }
        session.response = Some(response);
        session
    }

    #[test]
    fn errors_are_found_in_bodies_redirects_and_pages() {
        let s = session(
            "https://login.windows.net/common/oauth2/token",
            400,
            None,
            r#"{"error":"invalid_grant","error_description":"AADSTS70002: Error. AADSTS50173: The grant\r\nwas revoked.","error_codes":[70002,50173],"correlation_id":"c1"}"#,
        );
        let error = error_of(&s, Endpoint::of(&s)).unwrap();
        assert_eq!((error.codes.as_slice(), error.code()), (&[70002, 50173][..], Some(50173)));
        assert_eq!(error.name(), "invalid_grant (AADSTS50173)");

        let s = session(
            "https://login.windows.net/common/oauth2/authorize?resource=x",
            302,
            Some((
                "Location",
                "urn:ietf:wg:oauth:2.0:oob?error=invalid_resource&error_description=AADSTS500011%3a+The+resource",
            )),
            "",
        );
        let error = error_of(&s, Endpoint::of(&s)).unwrap();
        assert_eq!(
            (error.error.as_str(), error.codes.as_slice(), error.place),
            ("invalid_resource", &[500_011][..], ErrorPlace::Location)
        );

        let s = session(
            "https://login.microsoftonline.com/common/login",
            200,
            None,
            r#"<script>$Config={"sErrorCode":"50126","sErrTxt":"","correlationId":"c2"}</script>"#,
        );
        let error = error_of(&s, Endpoint::of(&s)).unwrap();
        assert_eq!(
            (error.code(), error.place, error.correlation_id.as_deref()),
            (Some(50126), ErrorPlace::Page, Some("c2"))
        );
    }

    #[test]
    fn a_code_in_a_header_stands_for_a_body_that_is_gone() {
        let url = "https://login.windows.net/common/oauth2/token";
        let with = |status, value| session(url, status, Some(("x-ms-clitelem", value)), "");
        let s = with(400, "1,50173,0,604800000.0000,");
        let error = error_of(&s, Endpoint::of(&s)).unwrap();
        assert_eq!((error.name().as_str(), error.place), ("AADSTS50173", ErrorPlace::Telemetry));
        for (status, value) in [(200, "1,50173,0,,"), (200, "1,0,0,,"), (200, "")] {
            let s = with(status, value);
            assert_eq!(error_of(&s, Endpoint::of(&s)), None, "{value}");
        }
        for value in ["1,0,0,,", "2,50173", "x", ""] {
            let s = with(400, value);
            assert_eq!(error_of(&s, Endpoint::of(&s)).unwrap().code(), None, "{value}");
        }
    }

    #[test]
    fn an_answer_nobody_understands_is_an_error_without_a_name() {
        let s = session(
            "https://login.windows.net/common/oauth2/token",
            502,
            None,
            "<html>gateway</html>",
        );
        let error = error_of(&s, Endpoint::of(&s)).unwrap();
        assert!(error.error.is_empty() && error.codes.is_empty());
        let s = session(
            "https://login.windows.net/common/oauth2/token",
            200,
            None,
            r#"{"access_token":"x"}"#,
        );
        assert_eq!(error_of(&s, Endpoint::of(&s)), None);
    }

    #[test]
    fn the_resource_is_read_from_v1_and_v2_requests() {
        assert_eq!(
            resource_of_scope("openid https://mail.contoso.com//.default").as_deref(),
            Some("https://mail.contoso.com/")
        );
        assert_eq!(
            resource_of_scope("https://mail.contoso.com/EWS.AccessAsUser.All").as_deref(),
            Some("https://mail.contoso.com")
        );
        assert_eq!(resource_of_scope("openid offline_access"), None);
        let mut s = session("https://login.windows.net/common/oauth2/token", 200, None, "");
        s.request.body = Body::new(
            "grant_type=refresh_token&resource=https%3A%2F%2FMail.contoso.com%2F&refresh_token=r",
        );
        assert_eq!(TokenRequest::of(&s).resource_host().as_deref(), Some("mail.contoso.com"));
    }

    #[test]
    fn redirects_to_custom_schemes_are_read() {
        assert_eq!(redirect_fields("msauth.com.microsoft.Outlook://auth?code=a#state=b").len(), 2);
    }
}
