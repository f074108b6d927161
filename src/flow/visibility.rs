//! What a capture cannot show: undecrypted tunnels and exports that were stripped. Rules that conclude from the absence
//! of something ask here first.

use std::collections::{BTreeMap, HashSet};

use crate::capture::{Capture, Session, SessionId};
use crate::flow::{AnswerMessage, Protocol, Reading, RequestMessage, is_neighbour};
use crate::knowledge::microsoft_service::is_microsoft;
use crate::knowledge::public_mail::is_public_mail;
use crate::knowledge::{client_app, exchange_online_host, identity_host};

/// What stays unseen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// Hosts of Exchange or of an identity provider that occur as tunnels only, each with its first session.
    pub undecrypted: Vec<(String, SessionId)>,
    /// Why the file counts as stripped of credentials, with a session that shows it.
    pub sanitized: Option<(SessionId, String)>,
}

/// What sanitizers write in place of a value.
const REDACTION_MARKS: &[&str] = &[
    "redacted]",
    "[redacted",
    "<redacted",
    "***redacted",
    "removed by sanitizer",
    "[sanitized",
    "<sanitized",
];

impl Visibility {
    /// Looks over a capture.
    pub(super) fn of(capture: &Capture, readings: &[Reading]) -> Self {
        Self {
            undecrypted: undecrypted(capture, readings),
            sanitized: sanitized(capture, readings),
        }
    }
}

/// Which hosts belong to the flow where nothing but a tunnel shows them.
#[derive(Clone, Debug, Default)]
pub struct FlowHosts<'a> {
    /// Hosts of the organisation's own Exchange that something readable names, and the domains of its users.
    own: HashSet<String>,
    /// The programs that talk to them.
    programs: HashSet<&'a str>,
}

impl<'a> FlowHosts<'a> {
    /// Looks over a capture.
    pub fn of(capture: &'a Capture, readings: &[Reading]) -> Self {
        let mut found = Self::default();
        for reading in readings {
            match &reading.request {
                RequestMessage::Authorize(request) => {
                    found.asked_for(request.resource_host(), request.client_id.as_deref());
                }
                RequestMessage::TokenRequest(request) if !request.confidential => {
                    found.asked_for(request.resource_host(), request.client_id.as_deref());
                }
                _ if reading.endpoint.is_hma_candidate() => {
                    let Some(session) = capture.session(reading.session) else { continue };
                    let user = session.request.headers.get("x-user-identity");
                    let domain = user.and_then(|user| user.rsplit_once('@')).map(|(_, d)| d);
                    for name in [Some(session.host()), domain].into_iter().flatten() {
                        if !name.is_empty() && !found.own.contains(name) {
                            found.own.insert(name.to_owned());
                        }
                    }
                    found.programs.extend(session.process.as_deref().map(program));
                }
                _ => {}
            }
        }
        found
    }

    /// What a client that reads mail asks a token for is the organisation's own Exchange.
    fn asked_for(&mut self, resource: Option<String>, client: Option<&str>) {
        let is_mail_client = client.is_some_and(client_app::is_mail_client);
        self.own.extend(resource.filter(|host| is_mail_client && !is_microsoft(host)));
    }

    /// Whether the host of a tunnel belongs to the flow.
    pub fn include(&self, tunnel: &Session) -> bool {
        let host = tunnel.host();
        identity_host::find(host).is_some_and(|known| known.role == identity_host::Role::SignIn)
            || exchange_online_host::is_exchange_online(host)
            || ["adfs.", "sts."].iter().any(|p| host.starts_with(p))
            || self.own.contains(host)
            || is_named_like_exchange(host) && !self.is_strangers(tunnel)
    }

    /// Whether another program than those that talk to Exchange goes to another organisation.
    fn is_strangers(&self, tunnel: &Session) -> bool {
        let is_other =
            |process| !self.programs.is_empty() && !self.programs.contains(program(process));
        tunnel.process.as_deref().is_some_and(is_other)
            && !self.own.iter().any(|own| is_neighbour(own, tunnel.host()))
    }
}

/// `outlook.exe` of `outlook.exe:4312`.
fn program(process: &str) -> &str {
    process.split(':').next().unwrap_or(process)
}

/// Whether a host is named as organisations name their Exchange.
pub(super) fn is_named_like_exchange(host: &str) -> bool {
    let is_named = ["autodiscover.", "mail.", "owa.", "exchange.", "outlook.", "webmail."]
        .iter()
        .any(|p| host.starts_with(p));
    is_named && !is_microsoft(host) && !is_public_mail(host)
}

/// OWA and ECP show their sign-in page to anybody, the other virtual directories show nothing.
fn is_access(reading: &Reading) -> bool {
    reading.answer == AnswerMessage::Success
        && !matches!(reading.endpoint.protocol(), Some(Protocol::Owa | Protocol::Ecp))
}

fn undecrypted(capture: &Capture, readings: &[Reading]) -> Vec<(String, SessionId)> {
    let flow_hosts = FlowHosts::of(capture, readings);
    let mut hosts: BTreeMap<&str, (Option<SessionId>, bool)> = BTreeMap::new();
    for session in capture.sessions.iter().filter(|s| !s.host().is_empty()) {
        let entry = hosts.entry(session.host()).or_default();
        // A tunnel that a proxy refused holds nothing to decrypt.
        if session.tunnel && session.status() >= 300 {
            continue;
        }
        if !session.tunnel {
            entry.1 = true;
        } else if entry.0.is_none() && flow_hosts.include(session) {
            entry.0 = Some(session.id);
        }
    }
    let mut found: Vec<_> = hosts
        .into_iter()
        .filter(|(_, (_, decrypted))| !decrypted)
        .filter_map(|(host, (tunnel, _))| Some((host.to_owned(), tunnel?)))
        .collect();
    found.sort_by_key(|(_, session)| *session);
    found
}

fn sanitized(capture: &Capture, readings: &[Reading]) -> Option<(SessionId, String)> {
    const CREDENTIALS: [&str; 3] = ["authorization", "cookie", "set-cookie"];
    let values = || {
        capture.sessions.iter().flat_map(|s| {
            let response = s.response.iter().flat_map(|r| r.headers.iter());
            s.request.headers.iter().chain(response).map(move |h| (s.id, h))
        })
    };
    let is_credential = |name: &str| CREDENTIALS.iter().any(|c| name.eq_ignore_ascii_case(c));
    let is_mark = |value: &str| {
        let value = value.to_ascii_lowercase();
        REDACTION_MARKS.iter().any(|mark| value.contains(mark))
    };
    let credentials: Vec<_> = values().filter(|(_, h)| is_credential(&h.name)).collect();
    // Our own redaction leaves readable tokens, so that a redacted copy still tells what its original told.
    let surviving = credentials.iter().any(|(_, h)| !is_mark(&h.value) && !h.value.is_empty());
    if surviving {
        return None;
    }
    if let Some((session, header)) = credentials.iter().find(|(_, h)| is_mark(&h.value)) {
        return Some((*session, format!("{}: the value was replaced", header.name)));
    }
    // Exchange offers Bearer only to a request that carried Bearer, and lets nobody in without a credential: seeing
    // either on requests without any shows that credentials were taken out of the file.
    let stripped = readings.iter().find(|r| {
        r.endpoint.is_hma_candidate()
            && r.request == RequestMessage::Anonymous
            && (is_access(r) || r.challenges.bearer().is_some() || r.diagnostics.is_some())
    })?;
    Some((
        stripped.session,
        "no Authorization, Cookie or Set-Cookie header in the whole file".to_owned(),
    ))
}
