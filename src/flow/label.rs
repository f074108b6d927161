//! What a session means, in a few words for a timeline.

use crate::capture::Session;
use crate::flow::{
    AnswerMessage, Endpoint, IdentityPurpose, Purpose, Reading, RequestMessage, WebStep,
};
use crate::http::Scheme;

impl Reading {
    /// What the client wants, in a few words: `Probe: empty Bearer`.
    pub fn request_label(&self, session: &Session) -> String {
        let protocol = self.endpoint.protocol().map_or("", |p| p.name());
        if session.lacks_request() {
            return "Request not recorded".to_owned();
        }
        match &self.request {
            RequestMessage::Probe => format!("{protocol} probe: empty Bearer"),
            RequestMessage::Token => match session.request.headers.get("x-requesttype") {
                Some(kind) => format!("{protocol} {} with token", plain(kind)),
                None => format!("{protocol} request with token"),
            },
            RequestMessage::Basic => format!("{protocol} request with Basic password"),
            RequestMessage::Windows(scheme) => format!("{protocol} request with {}", scheme.name()),
            RequestMessage::Anonymous => match self.endpoint {
                Endpoint::Exchange { purpose: Purpose::Anonymous, .. } => {
                    format!("{protocol} look-up")
                }
                _ if matches!(self.web, Some(WebStep::Taken | WebStep::NotTaken)) => {
                    format!("{protocol} sign-in brought back")
                }
                _ if self.web == Some(WebStep::Forms) => format!("{protocol} logon page"),
                _ => format!("{protocol} request without credentials"),
            },
            RequestMessage::Authorize(request) => match request.resource_host() {
                Some(host) => format!("Sign in for {host}"),
                None => "Sign in".to_owned(),
            },
            RequestMessage::TokenRequest(request) => {
                let grant = match request.grant_type.as_str() {
                    "authorization_code" => "code for token",
                    "refresh_token" => "refresh token",
                    "password" => "password for token",
                    _ => "token request",
                };
                match request.resource_host() {
                    Some(host) => format!("{} for {host}", capitalised(grant)),
                    None => capitalised(grant),
                }
            }
            RequestMessage::Identity(purpose) => match purpose {
                IdentityPurpose::Discovery => "Discovery",
                IdentityPurpose::Keys => "Signing keys",
                IdentityPurpose::UserRealm => "Which account type?",
                IdentityPurpose::SignIn => "Sign-in page",
                IdentityPurpose::WsTrust => "WS-Trust sign-in",
                IdentityPurpose::Device => "Device registration",
                _ => "Sign-in traffic",
            }
            .to_owned(),
            RequestMessage::Tunnel => "Tunnel, not decrypted".to_owned(),
            RequestMessage::Unrelated => format!(
                "{} {}",
                plain(&session.request.method),
                plain(session.request.target.path())
            ),
        }
    }

    /// What the answer means, in a few words: `401: get a token at login.windows.net`.
    pub fn answer_label(&self) -> String {
        let status = self.status;
        match &self.answer {
            AnswerMessage::Missing => "no answer".to_owned(),
            AnswerMessage::Challenge => {
                if let Some(diagnostics) = &self.diagnostics {
                    let category = if diagnostics.category.is_empty() {
                        "refused"
                    } else {
                        &diagnostics.category
                    };
                    return format!("{status}: {} {}", diagnostics.code, plain(category));
                }
                match self.challenges.bearer() {
                    Some(bearer) => match bearer.authorization_uri() {
                        Some(uri) => format!(
                            "{status}: get a token at {}",
                            plain(crate::http::Target::new(uri).host())
                        ),
                        None => format!("{status}: Bearer without authorization_uri"),
                    },
                    None if self.challenges.is_empty() => format!("{status}"),
                    None => format!("{status}: offers {}", plain(&self.challenges.words())),
                }
            }
            AnswerMessage::Refusal => format!("{status}: refused"),
            AnswerMessage::Success => match (&self.request, self.endpoint) {
                (RequestMessage::Tunnel, _) => "tunnel open".to_owned(),
                (RequestMessage::Token, Endpoint::Exchange { .. }) => format!("{status}: access"),
                _ => format!("{status}"),
            },
            AnswerMessage::Redirect => match self.web {
                Some(WebStep::SentToEntra) => format!("{status}: sign in at Entra ID"),
                Some(WebStep::SentToAdfs) => format!("{status}: sign in at AD FS"),
                Some(WebStep::Forms) => format!("{status}: logon page"),
                Some(WebStep::Taken) => format!("{status}: taken"),
                Some(WebStep::NotTaken) => format!("{status}: sent away"),
                Some(WebStep::ErrorPage) => format!("{status}: error page"),
                None => format!("{status}: redirect"),
            },
            AnswerMessage::Tokens(_) => format!("{status}: token issued"),
            AnswerMessage::OAuthError(error) => format!("{status}: {}", plain(&error.name())),
            AnswerMessage::Failure if status == 0 => "failed".to_owned(),
            AnswerMessage::Failure => format!("{status}: {}", failure(status)),
        }
    }

    /// What the client authenticated with: `none`, `empty Bearer`, `token`, `Basic`, `NTLM`, …
    pub const fn authentication(&self) -> &'static str {
        match &self.request {
            RequestMessage::Probe => "empty Bearer",
            RequestMessage::Token => "token",
            RequestMessage::Basic => "Basic",
            RequestMessage::Windows(Scheme::Other) => "other",
            RequestMessage::Windows(scheme) => scheme.name(),
            RequestMessage::Tunnel => "not decrypted",
            _ => "none",
        }
    }
}

/// What a status code says that is neither success nor about signing in. 440 and 449 are Exchange's own: forms sign-in
/// expired, ActiveSync wants its policies first ([MS-ASHTTP] 2.2.2.1.1, [MS-ASPROV] 3.1.5.2).
const fn failure(status: u16) -> &'static str {
    match status {
        400 => "bad request",
        404 => "not found",
        405 => "method not allowed",
        408 => "timeout",
        410 => "gone",
        413 => "too large",
        429 => "too many requests",
        440 => "sign-in expired",
        449 => "policies first",
        451 => "use another server",
        500 => "server error",
        501 => "not implemented",
        502 => "bad gateway",
        503 => "unavailable",
        504 => "gateway timeout",
        507 => "out of space",
        _ => "failure",
    }
}

/// Recorded text on one line and of a readable length.
fn plain(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
