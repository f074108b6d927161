//! What a session says in terms of the flow: the client's message and the answer, typed.

use chrono::{DateTime, Utc};

use crate::capture::{Session, SessionId};
use crate::flow::endpoint::{has_request_id, speaks_as_exchange};
use crate::flow::oauth::{self, AuthorizeRequest, OAuthError, TokenRequest, TokenResponse};
use crate::flow::{Actor, Endpoint, IdentityPurpose, Subject, WebStep, moment_of_use};
use crate::http::{Authorization, Challenges, Diagnostics, Scheme};

/// What the client sent.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestMessage {
    /// An empty Bearer: "I can do OAuth, tell me where to get a token".
    Probe,
    /// A Bearer token.
    Token,
    /// User name and password.
    Basic,
    /// NTLM, Negotiate or Digest.
    Windows(Scheme),
    /// No credential at all.
    Anonymous,
    /// A question to the authorize endpoint.
    Authorize(AuthorizeRequest),
    /// A request for tokens.
    TokenRequest(TokenRequest),
    /// Any other step of signing in or preparing it.
    Identity(IdentityPurpose),
    /// A tunnel whose inside is not decrypted.
    Tunnel,
    /// Nothing to do with the flow.
    Unrelated,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerMessage {
    /// No answer was recorded.
    Missing,
    /// 401 with whatever it offers.
    Challenge,
    /// 403 or another refusal without a challenge.
    Refusal,
    /// 2xx, or 304.
    Success,
    /// 3xx to another address.
    Redirect,
    /// Tokens.
    Tokens(TokenResponse),
    /// An OAuth error, in a body, a redirect or a page.
    OAuthError(OAuthError),
    /// 404, 5xx, and status 0 with a recorded error.
    Failure,
}

/// A session, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The session that was read.
    pub session: SessionId,
    /// What it talks to.
    pub endpoint: Endpoint,
    /// What it is about.
    pub subject: Subject,
    /// Who answered: the endpoint's actor, or a proxy that stood in for it.
    pub answered_by: Actor,
    /// What the client sent.
    pub request: RequestMessage,
    /// What came back.
    pub answer: AnswerMessage,
    /// Status code, 0 without an answer.
    pub status: u16,
    /// When it took place: by the server's clock where the answer tells it, else by the recorder's.
    pub moment: Option<DateTime<Utc>>,
    /// The challenges of the answer.
    pub challenges: Challenges,
    /// `x-ms-diagnostics` of the answer.
    pub diagnostics: Option<Diagnostics>,
    /// Whether the answer carries header fields that only Exchange sends.
    pub spoke_as_exchange: bool,
    /// A probe that did not say for whom it asks, answered with 4000000 about the server's own host name: newer builds
    /// answer any probe without a user so, whether or not users can sign in.
    pub is_inconclusive: bool,
    /// Whether the answer hands the client an authorization code, so that the sign-in itself went well.
    pub grants_code: bool,
    /// What the session means in a browser's sign-in to OWA or ECP.
    pub web: Option<WebStep>,
}

impl Reading {
    /// Reads a session.
    pub fn of(session: &Session) -> Self {
        let endpoint = Endpoint::of(session);
        let (challenges, diagnostics) = session
            .response
            .as_ref()
            .map(|r| (Challenges::of(&r.headers), Diagnostics::of(&r.headers)))
            .unwrap_or_default();
        let proxy_answered =
            session.request.method.eq_ignore_ascii_case("CONNECT") && session.status() >= 300;
        let request = request_message(session, endpoint);
        let is_inconclusive = request == RequestMessage::Probe
            && diagnostics.as_ref().is_some_and(|d| is_about_the_host(session, d, &challenges))
            && challenges.bearer().is_none_or(|b| b.authorization_uri().is_none());
        let grants_code = matches!(endpoint, Endpoint::Identity { .. })
            && session.response_header("location").is_some_and(|location| {
                oauth::redirect_fields(location)
                    .iter()
                    .any(|(name, code)| name == "code" && !code.is_empty())
            });
        Self {
            session: session.id,
            endpoint,
            subject: Subject::of(session, endpoint),
            answered_by: if proxy_answered { Actor::Proxy } else { endpoint.actor() },
            request,
            answer: answer_message(session, endpoint),
            status: session.status(),
            moment: moment_of_use(session),
            challenges,
            diagnostics,
            spoke_as_exchange: speaks_as_exchange(session)
                || matches!(endpoint, Endpoint::Exchange { .. }) && has_request_id(session),
            is_inconclusive,
            grants_code,
            web: WebStep::of(session, endpoint),
        }
    }

    /// Whether the client sent `Bearer`, empty or with a token.
    pub fn sent_bearer(&self) -> bool {
        matches!(self.request, RequestMessage::Probe | RequestMessage::Token)
    }

    /// Whether the answer is a 2xx or 304.
    pub const fn succeeded(&self) -> bool {
        matches!(self.answer, AnswerMessage::Success | AnswerMessage::Tokens(_))
    }

    /// The OAuth error of the answer.
    pub const fn oauth_error(&self) -> Option<&OAuthError> {
        match &self.answer {
            AnswerMessage::OAuthError(error) => Some(error),
            _ => None,
        }
    }

    /// The tokens of the answer.
    pub const fn tokens(&self) -> Option<&TokenResponse> {
        match &self.answer {
            AnswerMessage::Tokens(tokens) => Some(tokens),
            _ => None,
        }
    }

    /// The token request.
    pub const fn token_request(&self) -> Option<&TokenRequest> {
        match &self.request {
            RequestMessage::TokenRequest(request) => Some(request),
            _ => None,
        }
    }
}

/// Whether a 4000000 to a request without `X-User-Identity` quotes nothing but the host that was asked, by the name that
/// the client used or the one that the server knows (its Basic realm).
fn is_about_the_host(
    session: &Session,
    diagnostics: &Diagnostics,
    challenges: &Challenges,
) -> bool {
    let realm = challenges.get(Scheme::Basic).and_then(|basic| basic.parameter("realm"));
    let is_host = |name: &str| {
        name.eq_ignore_ascii_case(session.host())
            || realm.is_some_and(|realm| name.eq_ignore_ascii_case(realm))
    };
    let named = session.request.headers.get("x-user-identity").is_some_and(|user| !user.is_empty());
    let quoted = diagnostics.quoted();
    diagnostics.code == 4_000_000
        && !named
        && !quoted.is_empty()
        && quoted.iter().all(|name| is_host(name))
}

fn request_message(session: &Session, endpoint: Endpoint) -> RequestMessage {
    if session.tunnel {
        return RequestMessage::Tunnel;
    }
    match endpoint {
        Endpoint::Identity { purpose: IdentityPurpose::Authorize, .. } => {
            RequestMessage::Authorize(AuthorizeRequest::of(session))
        }
        Endpoint::Identity {
            purpose: IdentityPurpose::Token | IdentityPurpose::AccessControl,
            ..
        } => RequestMessage::TokenRequest(TokenRequest::of(session)),
        Endpoint::Identity { purpose, .. } => RequestMessage::Identity(purpose),
        Endpoint::Exchange { .. } if session.lacks_request() => unseen_request(session),
        Endpoint::Exchange { .. } => match Authorization::of(&session.request.headers) {
            Authorization::EmptyBearer => RequestMessage::Probe,
            Authorization::Token(_) => RequestMessage::Token,
            Authorization::Basic(_) => RequestMessage::Basic,
            Authorization::Scheme(scheme, _) => RequestMessage::Windows(scheme),
            Authorization::Absent => RequestMessage::Anonymous,
        },
        Endpoint::Other => RequestMessage::Unrelated,
    }
}

/// What an answer without its request says that the client sent: Exchange refuses a token with a code that names what is
/// wrong with it, and offers Bearer to whoever sent an empty one.
fn unseen_request(session: &Session) -> RequestMessage {
    let Some(response) = session.response.as_ref().filter(|r| r.status == 401) else {
        return RequestMessage::Anonymous;
    };
    match Diagnostics::of(&response.headers) {
        Some(said) if (2_000_000..4_000_000).contains(&said.code) => RequestMessage::Token,
        _ if Challenges::of(&response.headers).bearer().is_some() => RequestMessage::Probe,
        _ => RequestMessage::Anonymous,
    }
}

fn answer_message(session: &Session, endpoint: Endpoint) -> AnswerMessage {
    let Some(response) = &session.response else { return AnswerMessage::Missing };
    if let (Endpoint::Identity { .. }, false) = (endpoint, session.tunnel) {
        if let Some(error) = oauth::error_of(session, endpoint) {
            return AnswerMessage::OAuthError(error);
        }
        if let Some(tokens) = TokenResponse::of(session, endpoint) {
            return AnswerMessage::Tokens(tokens);
        }
    }
    match response.status {
        401 | 407 => AnswerMessage::Challenge,
        403 | 456 => AnswerMessage::Refusal,
        200..=299 | 304 => AnswerMessage::Success,
        300..=399 | 451 => AnswerMessage::Redirect,
        0 if session.error.is_none() && response.headers.is_empty() => AnswerMessage::Missing,
        _ => AnswerMessage::Failure,
    }
}
