//! On whose behalf a session takes place: the person and, with an identity provider, the application and what it asks
//! for. Steps and rules ask here which flow a sign-in belongs to and which refusal it heals. What is not known counts as
//! the same.

use std::collections::HashMap;

use crate::capture::{Capture, Session};
use crate::flow::person::{PersonId, may_be_same};
use crate::flow::{Actor, IdentityPurpose, Protocol, Reading, RequestMessage, completes_sign_in};
use crate::http::Target;
use crate::knowledge::identity_host;

/// What a session with an identity provider is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asked {
    /// It does not say.
    #[default]
    Nothing,
    /// A token for a host.
    Resource(String),
    /// A browser's way into OWA or ECP.
    Application(String, Protocol),
    /// Something else that has no address of Exchange: another API, another application's page.
    Foreign,
}

impl Asked {
    /// Whether it can be for a host: for what a browser opens there, or for what a mail client does.
    pub fn may_be_for(&self, host: &str, is_browser: bool) -> bool {
        match self {
            Self::Nothing => true,
            Self::Resource(of) => of == host,
            Self::Application(of, _) => is_browser && of == host,
            Self::Foreign => false,
        }
    }
}

/// On whose behalf a session with Exchange or with an identity provider takes place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behalf {
    /// The person.
    pub person: Option<PersonId>,
    /// What is asked for; pages of a sign-in are for what the same process asked for last.
    pub asked: Asked,
    /// The client application's id.
    pub client_id: Option<String>,
}

impl Behalf {
    /// What a request itself says.
    fn of(reading: &Reading, session: &Session) -> Self {
        match &reading.request {
            RequestMessage::Authorize(request) => {
                let asked = if let Some((host, protocol)) = request.web_application() {
                    Asked::Application(host, protocol)
                } else if let Some(host) = request.resource_host() {
                    Asked::Resource(host)
                } else if request.resource.is_some()
                    || request.redirect_uri.as_deref().is_some_and(is_other_page)
                    || is_bare(session)
                {
                    Asked::Foreign
                } else {
                    Asked::Nothing
                };
                Self { person: None, asked, client_id: request.client_id.clone() }
            }
            RequestMessage::TokenRequest(request) => {
                let asked = match request.resource_host() {
                    Some(host) => Asked::Resource(host),
                    None if request.resource.is_some() => Asked::Foreign,
                    None => Asked::Nothing,
                };
                Self { person: None, asked, client_id: request.client_id.clone() }
            }
            _ => Self::default(),
        }
    }

    /// Whether both can be one application.
    fn may_be_application(&self, other: &Self) -> bool {
        self.client_id.is_none() || other.client_id.is_none() || self.client_id == other.client_id
    }
}

/// Whether an answer goes to a web page of some application, rather than back to a program on the machine.
fn is_other_page(redirect_uri: &str) -> bool {
    let target = Target::new(redirect_uri);
    let is_local = matches!(target.host(), "localhost" | "127.0.0.1" | "[::1]");
    matches!(target.scheme(), "http" | "https")
        && !is_local
        && identity_host::find(target.host()).is_none()
}

/// Whether somebody opened the authorize endpoint without any question, as from a challenge's `authorization_uri`.
fn is_bare(session: &Session) -> bool {
    session.request.method.eq_ignore_ascii_case("GET")
        && session.request.target.query_pairs().is_empty()
}

/// The last question of a process to the authorize endpoint.
struct Question {
    behalf: Behalf,
    /// Whether the sign-in behind it went well.
    done: bool,
}

/// Enters on whose behalf each session with an identity provider takes place; the readings stand in the order of time.
pub(super) fn enter(capture: &Capture, readings: &mut [Reading]) {
    let mut questions: HashMap<&str, Question> = HashMap::new();
    // Questions whose sign-in goes on.
    let mut open = 0_usize;
    for reading in readings {
        let Some(purpose) = reading.endpoint.identity() else { continue };
        let Some(session) = capture.session(reading.session) else { continue };
        if purpose == IdentityPurpose::AccessControl {
            continue;
        }
        let process = session.process.as_deref().unwrap_or_default();
        let said = Behalf::of(reading, session);
        let last = questions.get(process);
        reading.behalf = match &reading.request {
            RequestMessage::Authorize(_) => {
                let question = Question { behalf: said.clone(), done: false };
                let before = questions.insert(process, question);
                open += usize::from(before.is_none_or(|before| before.done));
                said
            }
            // What a code buys was said when it was asked for.
            RequestMessage::TokenRequest(request) if said.asked == Asked::Nothing => {
                let asked_before = last
                    .filter(|_| request.grant_type == "authorization_code")
                    .map(|question| &question.behalf)
                    .filter(|before| before.may_be_application(&said));
                match asked_before {
                    Some(before) => Behalf { asked: before.asked.clone(), ..said },
                    None => said,
                }
            }
            RequestMessage::TokenRequest(_) => said,
            _ => match last.filter(|question| !question.done) {
                Some(question) => question.behalf.clone(),
                None if open == 0 && is_for_other_party(reading, session) => {
                    Behalf { asked: Asked::Foreign, ..said }
                }
                None => said,
            },
        };
        if reading.grants_code
            && let Some(question) = questions.get_mut(process).filter(|question| !question.done)
        {
            question.done = true;
            open -= 1;
        }
    }
}

/// The name under which Entra ID is known to AD FS.
const ENTRA_REALM: &str = "urn:federation:microsoftonline";

/// Whether a sign-in at AD FS, before which Entra ID asked for none, is for another application.
fn is_for_other_party(reading: &Reading, session: &Session) -> bool {
    let target = &session.request.target;
    reading.endpoint.actor() == Actor::IdentityProvider
        && (target.query("SAMLRequest").is_some()
            || target
                .query("wtrealm")
                .is_some_and(|realm| !realm.to_ascii_lowercase().starts_with(ENTRA_REALM)))
}

/// The sign-ins that went well, by what they were for.
#[derive(Default)]
pub struct Completions<'a> {
    /// Of each application and person the place of the last one.
    last: HashMap<&'a Asked, Vec<(&'a Behalf, usize)>>,
}

impl<'a> Completions<'a> {
    /// Looks over readings that come with their places in the capture, in the order of time.
    pub fn of(readings: impl Iterator<Item = (usize, &'a Reading)>) -> Self {
        let mut completions = Self::default();
        let completed = readings.filter(|(_, r)| {
            completes_sign_in(r) && r.endpoint.identity() != Some(IdentityPurpose::AccessControl)
        });
        for (place, reading) in completed {
            let same = completions.last.entry(&reading.behalf.asked).or_default();
            match same.iter_mut().find(|(behalf, _)| **behalf == reading.behalf) {
                Some(known) => known.1 = place,
                None => same.push((&reading.behalf, place)),
            }
        }
        completions
    }

    /// Whether one of them, behind a refusal's place, can be what the refused one wanted for `host`.
    pub fn heal(&self, refused: &Behalf, host: &str, is_browser: bool, place: usize) -> bool {
        self.last.iter().filter(|(asked, _)| asked.may_be_for(host, is_browser)).any(
            |(asked, completed)| {
                let is_named = **asked != Asked::Nothing;
                completed.iter().any(|(behalf, last)| {
                    *last > place
                        && may_be_same(behalf.person, refused.person)
                        && (is_named || behalf.may_be_application(refused))
                })
            },
        )
    }
}
