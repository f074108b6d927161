//! OWA and ECP with HMA: a browser is redirected to Entra ID where a mail client gets a challenge, and brings back a form
//! where a mail client sends a token. From then on cookies speak (Microsoft Learn: Configure Exchange Server on-premises
//! to use Hybrid Modern Authentication, revision of December 2024; the form and its cookies as Exchange Online has them).

use crate::capture::{Session, SessionId};
use crate::flow::oauth::OAuthError;
use crate::flow::steps::is_sign_in_failure;
use crate::flow::{
    AnswerMessage, Endpoint, Protocol, Purpose, Reading, RequestMessage, Step, StepRecord,
    StepState, Subject,
};
use crate::http::Target;
use crate::knowledge::identity_host;

/// What a session means in a browser's sign-in to OWA or ECP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebStep {
    /// Exchange sends the browser to Entra ID.
    SentToEntra,
    /// Exchange sends the browser to AD FS.
    SentToAdfs,
    /// Exchange sends the browser to its own logon page, or the browser posts that page's password.
    Forms,
    /// The browser brings back what Entra ID issued, and is let in or sent on to its page.
    Taken,
    /// The browser brings back what Entra ID issued, and is sent away or shown an error.
    NotTaken,
    /// Exchange sends the browser to its page for errors.
    ErrorPage,
}

impl WebStep {
    /// Reads a session with OWA or ECP.
    pub(super) fn of(session: &Session, endpoint: Endpoint) -> Option<Self> {
        let Endpoint::Exchange {
            protocol: Protocol::Owa | Protocol::Ecp,
            purpose: Purpose::Client,
            ..
        } = endpoint
        else {
            return None;
        };
        let location = session.response_header("location");
        let (sent, is_error_page) =
            (location.and_then(sent_to), location.is_some_and(|l| l.contains("/auth/error")));
        if brings_sign_in(session) {
            let status = session.status();
            let taken = sent.is_none() && !is_error_page && (200..400).contains(&status);
            // A gateway in the server's place has not judged.
            let judged = status != 0 && !matches!(status, 502..=504);
            return judged.then_some(if taken { Self::Taken } else { Self::NotTaken });
        }
        let posts_password = session.request.target.path().eq_ignore_ascii_case("/owa/auth.owa");
        let own_page = if is_error_page { Some(Self::ErrorPage) } else { None };
        sent.or_else(|| posts_password.then_some(Self::Forms)).or(own_page)
    }
}

/// Whose logon page a redirect leads to.
fn sent_to(location: &str) -> Option<WebStep> {
    let target = Target::new(location);
    let path = target.path().to_ascii_lowercase();
    if identity_host::is_entra_authority(target.host()) {
        Some(WebStep::SentToEntra)
    } else if path.starts_with("/adfs/") {
        Some(WebStep::SentToAdfs)
    } else {
        // A redirect within the host may stand without it.
        location.to_ascii_lowercase().contains("/auth/logon.aspx").then_some(WebStep::Forms)
    }
}

fn brings_sign_in(session: &Session) -> bool {
    session.request.method.eq_ignore_ascii_case("POST")
        && session
            .request
            .body
            .form()
            .iter()
            .any(|(name, value)| matches!(name.as_str(), "id_token" | "code") && !value.is_empty())
}

/// Whether Exchange shows a browser that is signed in an error in the mailbox's place.
fn is_failed_page(reading: &Reading) -> bool {
    let is_error = reading.answer == AnswerMessage::Failure && reading.status >= 500;
    reading.subject == Subject::Mailbox
        && (reading.web == Some(WebStep::ErrorPage) || is_error && reading.spoke_as_exchange)
}

/// A browser's latest attempt: its own sessions and those with Entra ID that may belong to it.
pub(super) struct WebAttempt<'a> {
    own: Vec<(usize, &'a Reading)>,
    identity: &'a [(usize, &'a Reading)],
}

impl<'a> WebAttempt<'a> {
    /// Finds the latest attempt among a flow's readings; `identity` can concern its host, and all readings come with their
    /// places in the capture, in order. A browser that was let in and sends its user to sign in again shows a later
    /// attempt: if that is refused, it counts.
    pub(super) fn of(own: &[(usize, &'a Reading)], identity: &'a [(usize, &'a Reading)]) -> Self {
        let entered = own.iter().rposition(|(_, r)| r.web == Some(WebStep::Taken));
        let later = entered.and_then(|at| own.get(at + 1..)).unwrap_or_default();
        let latest = Self::within(later, identity);
        if latest.is_refused() { latest } else { Self::within(own, identity) }
    }

    fn within(own: &[(usize, &'a Reading)], identity: &'a [(usize, &'a Reading)]) -> Self {
        let since = own.iter().find(|(_, r)| r.web.is_some()).map_or(usize::MAX, |(at, _)| *at);
        let until = own.iter().rfind(|(_, r)| r.web == Some(WebStep::Taken)).map(|(at, _)| *at);
        let from = identity.partition_point(|(at, _)| *at < since);
        let to =
            until.map_or(identity.len(), |until| identity.partition_point(|(at, _)| *at < until));
        let identity = identity.get(from..to).unwrap_or_default();
        Self { own: own.to_vec(), identity }
    }

    /// Whether the attempt ended in a refusal, of Entra ID or of Exchange.
    fn is_refused(&self) -> bool {
        self.steps().iter().any(|step| step.state == StepState::Failed)
    }

    /// The sign-in sessions, in the order of time.
    pub(super) fn identity_sessions(&self) -> Vec<SessionId> {
        self.identity.iter().map(|(_, r)| r.session).collect()
    }

    /// The five steps. The redirect is probe and challenge at once, the form that comes back is the token.
    pub(super) fn steps(&self) -> [StepRecord; 5] {
        let first = |wanted: WebStep| self.own.iter().find(|(_, r)| r.web == Some(wanted));
        let sent = first(WebStep::SentToEntra);
        let (entered, refused) = (first(WebStep::Taken), first(WebStep::NotTaken));
        let record = |step, state, at: Option<&(usize, &Reading)>| StepRecord {
            step,
            state,
            session: at.map(|(_, r)| r.session),
        };
        let asked = if sent.is_some() { StepState::Ok } else { StepState::Hidden };
        let sign_in = match (entered.or(refused), self.error()) {
            (Some(_), _) => match self.identity.iter().rfind(|(_, r)| r.succeeded()) {
                Some(seen) => record(Step::SignIn, StepState::Ok, Some(seen)),
                None => record(Step::SignIn, StepState::Hidden, None),
            },
            (None, Some(error)) => record(Step::SignIn, StepState::Failed, Some(error)),
            (None, None) => record(Step::SignIn, StepState::Missing, None),
        };
        let token = match (entered, refused) {
            (Some(form), _) => record(Step::Token, StepState::Ok, Some(form)),
            (None, Some(refused)) => record(Step::Token, StepState::Failed, Some(refused)),
            (None, None) => record(Step::Token, StepState::Missing, None),
        };
        let opened = entered.and_then(|(since, _)| {
            self.own.iter().find(|(at, r)| at >= since && r.opens_mailbox())
        });
        let failed = || {
            let (since, _) = entered?;
            self.own.iter().find(|(at, r)| at > since && is_failed_page(r))
        };
        let access = match opened {
            Some(_) => record(Step::Access, StepState::Ok, opened),
            None => match failed() {
                Some(page) => record(Step::Access, StepState::Failed, Some(page)),
                None => record(Step::Access, StepState::Missing, None),
            },
        };
        [
            record(Step::Probe, asked, sent),
            record(Step::Challenge, asked, sent),
            sign_in,
            token,
            access,
        ]
    }

    /// The last word of Entra ID to this application, if it is a refusal, where it first stands: people try again.
    fn error(&self) -> Option<&(usize, &'a Reading)> {
        let mine = || self.identity.iter().rev().filter(|(_, r)| self.concerns(r));
        let told = mine().find(|(_, r)| r.oauth_error().is_some() || r.grants_code);
        let (_, last) = told.filter(|(_, r)| is_sign_in_failure(r))?;
        let code = |r: &Reading| r.oauth_error().map(OAuthError::code);
        mine().take_while(|(_, r)| !r.grants_code).filter(|(_, r)| code(r) == code(last)).last()
    }

    /// Whether a session with Entra ID can be for this application, rather than for the other one of the host.
    fn concerns(&self, reading: &Reading) -> bool {
        let RequestMessage::Authorize(request) = &reading.request else { return true };
        let mine = self.own.first().and_then(|(_, r)| r.endpoint.protocol());
        request.web_application().is_none_or(|(_, protocol)| Some(protocol) == mine)
    }
}

#[cfg(test)]
mod tests {
    use super::WebStep;
    use crate::capture::{Response, Session, SessionId};
    use crate::flow::Endpoint;
    use crate::http::{Body, Target};

    fn read(request: &str, body: &str, status: u16, location: &str) -> Option<WebStep> {
        let (method, url) = request.split_once(' ')?;
        let mut session = Session::new(SessionId(1));
        session.request.method = method.to_owned();
        session.request.target = Target::new(url);
        session.request.body = Body::new(body);
        let mut response = Response { status, ..Response::default() };
        if !location.is_empty() {
            response.headers.push("Location", location);
        }
        session.response = Some(response);
        WebStep::of(&session, Endpoint::of(&session))
    }

    #[test]
    fn where_a_browser_is_sent_tells_how_it_signs_in() {
        for (location, expected) in [
            (
                "https://login.microsoftonline.com/common/oauth2/authorize?client_id=x",
                Some(WebStep::SentToEntra),
            ),
            ("https://adfs.contoso.com/adfs/ls/?wa=wsignin1.0", Some(WebStep::SentToAdfs)),
            ("https://mail.contoso.com/owa/auth/logon.aspx?url=x", Some(WebStep::Forms)),
            ("/owa/auth/logon.aspx?replaceCurrent=1", Some(WebStep::Forms)),
            ("https://mail.contoso.com/owa/", None),
        ] {
            assert_eq!(read("GET https://mail.contoso.com/owa/", "", 302, location), expected);
        }
        assert_eq!(
            read("GET https://mail.contoso.com/EWS/x", "", 302, "/owa/auth/logon.aspx"),
            None
        );
    }

    #[test]
    fn what_a_browser_brings_back_is_taken_or_not() {
        let form = "code=sample&id_token=sample&state=s";
        let post = "POST https://mail.contoso.com/owa/";
        assert_eq!(read(post, form, 302, "/owa/"), Some(WebStep::Taken));
        assert_eq!(read(post, form, 200, ""), Some(WebStep::Taken));
        assert_eq!(
            read(post, form, 302, "/owa/auth/errorfe.aspx?httpCode=500"),
            Some(WebStep::NotTaken)
        );
        let again = "https://login.windows.net/common/oauth2/authorize";
        assert_eq!(read(post, form, 302, again), Some(WebStep::NotTaken));
        assert_eq!(read(post, form, 500, ""), Some(WebStep::NotTaken));
        assert_eq!(read(post, form, 502, ""), None);
        assert_eq!(read(post, "canary=sample", 200, ""), None);
    }
}
