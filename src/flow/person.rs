//! Which person a session is for: by the user of its token, by `X-User-Identity`, by the sign-in's `login_hint`, else by
//! whom the same client named last. Shared mailboxes are opened with their owner's token, so the mailbox tells nothing.

use std::collections::{HashMap, HashSet};

use crate::capture::{Capture, Session, SessionId};
use crate::flow::grouping::Tokens;
use crate::flow::program::Programs;
use crate::flow::{Endpoint, IdentityPurpose, Protocol, Purpose, Reading, TokenRole, TrackedToken};
use crate::jwt::TokenKind;

/// A person's number in the capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(u32);

/// Whether two sessions can be for one person. Somebody unknown may be anybody.
pub fn may_be_same(one: Option<PersonId>, other: Option<PersonId>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// The names that a session says itself.
#[derive(Default)]
struct Names {
    /// The user of the token that it sends or brings.
    token: Option<String>,
    /// `X-User-Identity`: often a mail address, which may differ from the name that the user signs in with.
    header: Option<String>,
    /// `login_hint`.
    hint: Option<String>,
}

impl Names {
    fn of(reading: &Reading, session: &Session, issued: &Issued, tokens: Tokens<'_>) -> Self {
        let name = |text: &str| text.contains('@').then(|| text.trim().to_ascii_lowercase());
        match reading.endpoint {
            Endpoint::Exchange { protocol, purpose: Purpose::Client, .. }
                if !is_browsers(protocol) =>
            {
                Self {
                    token: tokens.used_in(session.id).and_then(user_of),
                    header: session.request.headers.get("x-user-identity").and_then(name),
                    hint: None,
                }
            }
            Endpoint::Identity { purpose, .. } if purpose != IdentityPurpose::AccessControl => {
                Self {
                    token: issued.get(&session.id).cloned(),
                    header: None,
                    hint: session.request.target.query("login_hint").as_deref().and_then(name),
                }
            }
            _ => Self::default(),
        }
    }
}

/// Whether a browser comes here: its sessions name nobody, and its cookies tell nothing.
const fn is_browsers(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Owa | Protocol::Ecp)
}

/// The users of the tokens that identity providers issued, by session.
type Issued = HashMap<SessionId, String>;

/// The user of a token with which a person's client comes.
fn user_of(token: &TrackedToken) -> Option<String> {
    let jwt = token.jwt()?;
    let is_persons = matches!(token.role, TokenRole::Access | TokenRole::Id)
        && matches!(jwt.kind(), TokenKind::Access | TokenKind::Id);
    let user = jwt.user().filter(|user| is_persons && user.contains('@'))?;
    Some(user.trim().to_ascii_lowercase())
}

/// Enters for each session with Exchange or with an identity provider whom it is for. The readings stand in the order of
/// time.
pub(super) fn enter(
    capture: &Capture,
    readings: &mut [Reading],
    tokens: Tokens<'_>,
    programs: &Programs<'_>,
) {
    let issued: Issued =
        tokens.all.iter().filter_map(|token| Some((token.issued_in?, user_of(token)?))).collect();
    let said: Vec<Names> = readings
        .iter()
        .map(|reading| {
            let session = capture.session(reading.session);
            session.map_or_else(Names::default, |s| Names::of(reading, s, &issued, tokens))
        })
        .collect();
    let mut people = People::of(capture, readings, &said);
    let mut last_in_exchange: HashMap<&str, PersonId> = HashMap::new();
    let mut last: HashMap<&str, PersonId> = HashMap::new();
    for (reading, names) in readings.iter_mut().zip(&said) {
        let Some(session) = capture.session(reading.session) else { continue };
        let process = session.process.as_deref().unwrap_or_default();
        let named = people.find(names);
        last.extend(named.map(|person| (process, person)));
        reading.behalf.person = match reading.endpoint {
            Endpoint::Exchange { protocol, purpose, .. }
                if !is_browsers(protocol)
                    && !matches!(purpose, Purpose::WsSecurity | Purpose::MrsProxy) =>
            {
                let client = programs.client_of(session);
                last_in_exchange.extend(named.map(|person| (client, person)));
                last_in_exchange.get(client).copied()
            }
            Endpoint::Identity { purpose, .. } if purpose != IdentityPurpose::AccessControl => {
                last.get(process).copied()
            }
            _ => None,
        };
    }
}

/// The people of a capture by their names.
struct People {
    numbers: HashMap<String, PersonId>,
    /// Names of people who sign in with another one.
    aliases: HashMap<String, String>,
}

impl People {
    fn of(capture: &Capture, readings: &[Reading], said: &[Names]) -> Self {
        let users: HashSet<&str> = said.iter().filter_map(|n| n.token.as_deref()).collect();
        let addressed: HashSet<&str> = said.iter().filter_map(|n| n.header.as_deref()).collect();
        let mut aliases: HashMap<String, String> = HashMap::new();
        let mut link = |name: &str, user: &str| {
            if !users.contains(name) && !aliases.contains_key(name) {
                aliases.insert(name.to_owned(), user.to_owned());
            }
        };
        for names in said {
            if let (Some(header), Some(user)) = (&names.header, &names.token) {
                link(header, user);
            }
        }
        // A token whose user nobody named otherwise is most likely the one of whom the client named before.
        let mut headers: HashMap<&str, &str> = HashMap::new();
        let mut hints: HashMap<&str, &str> = HashMap::new();
        for (reading, names) in readings.iter().zip(said) {
            let Some(session) = capture.session(reading.session) else { continue };
            let process = session.process.as_deref().unwrap_or_default();
            headers.extend(names.header.as_deref().map(|name| (process, name)));
            hints.extend(names.hint.as_deref().map(|name| (process, name)));
            if let (Some(user), None) = (names.token.as_deref(), &names.header)
                && !addressed.contains(user)
            {
                for name in [headers.get(process), hints.get(process)].into_iter().flatten() {
                    link(name, user);
                }
            }
        }
        Self { numbers: HashMap::new(), aliases }
    }

    /// The person whom a session names.
    fn find(&mut self, names: &Names) -> Option<PersonId> {
        let name = names.token.as_ref().or(names.header.as_ref()).or(names.hint.as_ref())?;
        let name = self.aliases.get(name).unwrap_or(name);
        let next = PersonId(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
        Some(*self.numbers.entry(name.clone()).or_insert(next))
    }
}
