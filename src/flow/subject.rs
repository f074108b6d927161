//! What a session with Exchange is about, so that nobody takes a photo for the mailbox, or a missing photo for a break.

use crate::capture::Session;
use crate::flow::{AnswerMessage, Endpoint, Protocol, Purpose, Reading, RequestMessage};

/// What a session with Exchange is about: which answers prove access, and which refusals break it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The mailbox, or the settings that lead to it: the answer decides.
    Mailbox,
    /// Something that works without the mailbox, and without which the mailbox works: the address book, a photo, what the
    /// server can do, one request that EWS declines. An answer shows that the token is good, where a flow asks for nothing
    /// else; a refusal breaks nothing.
    Aside,
    /// What anybody gets: pages and pictures around the sign-in, and everything that is not Exchange.
    Public,
}

/// `x-ms-diagnostics` code that speaks about the mailbox user, not about the token (Microsoft Learn: "Instrumenting client
/// requests for EWS and REST in Exchange").
const INVALID_USER: u32 = 2_000_005;

/// Of a body so much is looked at, in bytes; a fault stands at its beginning.
const LOOKED_AT: usize = 4096;

impl Subject {
    /// Reads a session.
    pub(super) fn of(session: &Session, endpoint: Endpoint) -> Self {
        let Endpoint::Exchange { protocol, purpose, .. } = endpoint else { return Self::Public };
        if purpose == Purpose::Anonymous {
            return Self::Public;
        }
        let path = session.request.target.path().to_ascii_lowercase();
        let is_aside = match protocol {
            // The directory answers when the mailbox's database is gone ([MS-OXCMAPIHTTP], its two endpoints).
            Protocol::Mapi => path.starts_with("/mapi/nspi"),
            Protocol::Ews => path.ends_with("/getuserphoto") || is_fault(session),
            // A device that is not let in hears it here first.
            Protocol::ActiveSync => {
                session.request.method.eq_ignore_ascii_case("OPTIONS") && session.status() < 400
            }
            Protocol::Oab => true,
            Protocol::Owa | Protocol::Ecp if is_public(&path) => return Self::Public,
            _ => false,
        };
        if is_aside { Self::Aside } else { Self::Mailbox }
    }
}

impl Reading {
    /// Whether Exchange answered with the mailbox: to a token, or to a browser by its session.
    pub fn opens_mailbox(&self) -> bool {
        let by_session = matches!(self.endpoint.protocol(), Some(Protocol::Owa | Protocol::Ecp));
        self.answer == AnswerMessage::Success
            && self.subject == Subject::Mailbox
            && (by_session || self.request == RequestMessage::Token)
    }

    /// Whether Exchange took the token and refused the user behind it.
    pub fn refuses_user(&self) -> bool {
        self.answer == AnswerMessage::Challenge
            && self.diagnostics.as_ref().is_some_and(|said| said.code == INVALID_USER)
    }
}

/// Whether OWA or ECP gives a page to anybody: what belongs to signing in, and whatever is no page.
fn is_public(path: &str) -> bool {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    path.starts_with("/owa/auth/")
        || path.starts_with("/ecp/auth/")
        || extension.is_some_and(|(_, extension)| {
            matches!(
                extension,
                "ico"
                    | "png"
                    | "gif"
                    | "jpg"
                    | "svg"
                    | "css"
                    | "js"
                    | "woff"
                    | "woff2"
                    | "ttf"
                    | "eot"
            )
        })
}

/// Whether EWS itself declines the request: 500 with a SOAP fault.
fn is_fault(session: &Session) -> bool {
    let Some(response) = session.response.as_ref().filter(|r| r.status == 500) else {
        return false;
    };
    if response.body.is_distant() {
        return false;
    }
    let body = response.body.bytes();
    let start = body.get(..LOOKED_AT).unwrap_or(&body);
    start.windows(6).any(|window| window == b"Fault>")
}

#[cfg(test)]
mod tests {
    use super::Subject;
    use crate::capture::{Response, Session, SessionId};
    use crate::flow::Endpoint;
    use crate::http::{Body, Target};

    fn of(request: &str, status: u16, body: &str) -> Subject {
        let (method, path) = request.split_once(' ').unwrap();
        let mut session = Session::new(SessionId(1));
        session.request.method = method.to_owned();
        session.request.target = Target::new(format!("https://mail.contoso.com{path}"));
        session.response = Some(Response { status, body: Body::new(body), ..Response::default() });
        Subject::of(&session, Endpoint::of(&session))
    }

    #[test]
    fn what_a_request_is_about_stands_in_its_path() {
        for (request, subject) in [
            ("POST /mapi/emsmdb/?MailboxId=x", Subject::Mailbox),
            ("POST /mapi/nspi/?MailboxId=x", Subject::Aside),
            ("POST /EWS/Exchange.asmx", Subject::Mailbox),
            ("GET /EWS/Exchange.asmx/s/GetUserPhoto?email=bob%40contoso.com", Subject::Aside),
            ("GET /OAB/guid/oab.xml", Subject::Aside),
            ("OPTIONS /Microsoft-Server-ActiveSync", Subject::Aside),
            ("POST /Microsoft-Server-ActiveSync?Cmd=Sync", Subject::Mailbox),
            ("POST /autodiscover/autodiscover.xml", Subject::Mailbox),
            ("GET /autodiscover/autodiscover.json?Email=x", Subject::Public),
            ("GET /owa/", Subject::Mailbox),
            ("POST /owa/service.svc?action=FindItem", Subject::Mailbox),
            ("GET /ecp/default.aspx", Subject::Mailbox),
            ("GET /owa/auth/15.2.1544/themes/resources/favicon.ico", Subject::Public),
            ("GET /owa/auth/errorfe.aspx?httpCode=500", Subject::Public),
            ("GET /owa/prem/15.2.1544.4/scripts/boot.js", Subject::Public),
            ("GET /favicon.ico", Subject::Public),
        ] {
            assert_eq!(of(request, 200, ""), subject, "{request}");
        }
    }

    #[test]
    fn a_fault_is_the_answer_of_ews_to_one_request() {
        let fault = "<s:Envelope><s:Body><s:Fault><faultcode>a:ErrorNonExistentMailbox</faultcode></s:Fault></s:Body></s:Envelope>";
        let ews = "POST /EWS/Exchange.asmx";
        assert_eq!(of(ews, 500, fault), Subject::Aside);
        assert_eq!(of(ews, 500, "<html>Runtime Error</html>"), Subject::Mailbox);
        assert_eq!(of("POST /autodiscover/autodiscover.xml", 500, fault), Subject::Mailbox);
    }

    #[test]
    fn what_activesync_can_do_is_told_to_whoever_it_lets_in() {
        let options = "OPTIONS /Microsoft-Server-ActiveSync";
        assert_eq!(
            [200, 403].map(|status| of(options, status, "")),
            [Subject::Aside, Subject::Mailbox]
        );
    }
}
