//! A verdict that says "broken" says why: whatever answer of a good flow is replaced by an error.

use hma_trace::capture::{Capture, Session, SessionId};
use hma_trace::flow::{Endpoint, Outcome, Step};
use hma_trace::http::{Body, Headers};

use crate::story::{all, analyse, flows};

/// An error in place of an answer: the status, and who gives it.
struct Fault {
    status: u16,
    /// A device on the way, without a header of Exchange or of the identity provider.
    foreign: bool,
}

const FAULTS: [Fault; 4] = [
    Fault { status: 401, foreign: false },
    Fault { status: 403, foreign: false },
    Fault { status: 500, foreign: false },
    Fault { status: 502, foreign: true },
];

impl Fault {
    fn put(&self, session: &mut Session) {
        let Some(response) = &mut session.response else { return };
        response.status = self.status;
        response.body = Body::empty();
        if self.foreign {
            response.headers = Headers::new();
            response.headers.push("Server", "BigIP");
        }
        response.headers.retain(|h| !h.name.eq_ignore_ascii_case("Location"));
        let is_bare = !response.headers.contains("www-authenticate");
        if self.status == 401 && is_bare && response.headers.contains("x-feserver") {
            response.headers.push("WWW-Authenticate", "Bearer error=\"invalid_token\"");
        }
    }
}

/// What nobody can explain: Exchange answers the probe with an error and no word about it, or does not take a browser's
/// form; and what Exchange Online does.
fn is_unexplained(session: &Session, step: Option<Step>) -> bool {
    let is_form = session.request.headers.get("authorization").is_none();
    step == Some(Step::Challenge) && session.response_header("x-feserver").is_some()
        || step == Some(Step::Token) && is_form
        || matches!(Endpoint::of(session), Endpoint::Exchange { online: true, .. })
}

#[test]
fn a_break_has_a_name() {
    let mut nameless = Vec::new();
    for story in all() {
        let count = story.capture.sessions.len();
        for at in 0..count {
            if matches!(Endpoint::of(&story.capture.sessions[at]), Endpoint::Other) {
                continue;
            }
            for fault in &FAULTS {
                // One answer, or every one from there on.
                for until in [at + 1, count] {
                    let mut sessions = story.capture.sessions.clone();
                    sessions[at..until].iter_mut().for_each(|session| fault.put(session));
                    for (session, number) in sessions.iter_mut().zip(1..) {
                        session.id = SessionId(number);
                    }
                    let analysis = analyse(Capture { sessions, ..story.capture.clone() });
                    let verdict = &analysis.verdict;
                    if verdict.outcome != Outcome::Broken || verdict.rule.is_some() {
                        continue;
                    }
                    let session = verdict.session.and_then(|id| analysis.capture.session(id));
                    if session.is_some_and(|session| is_unexplained(session, verdict.step)) {
                        continue;
                    }
                    nameless.push(format!(
                        "{}: {}{} from {} until {until}: {} {:?}\n{}",
                        story.name,
                        fault.status,
                        if fault.foreign { " foreign" } else { "" },
                        at + 1,
                        verdict.summary,
                        verdict.session.map(|s| s.0),
                        flows(&analysis)
                    ));
                }
            }
        }
    }
    assert!(nameless.is_empty(), "{} nameless\n{}", nameless.len(), nameless.join("\n\n"));
}
