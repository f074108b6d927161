//! What a capture cannot show: undecrypted tunnels and exports that were stripped. Rules that conclude from the absence
//! of something ask here first.

use std::collections::BTreeMap;

use crate::capture::{Capture, SessionId};
use crate::flow::{AnswerMessage, Protocol, Reading, RequestMessage};
use crate::knowledge::{exchange_online_host, identity_host};

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
        Self { undecrypted: undecrypted(capture), sanitized: sanitized(capture, readings) }
    }
}

/// Whether a host name alone tells that it belongs to the flow.
pub fn is_flow_host(host: &str) -> bool {
    identity_host::find(host).is_some_and(|known| known.role == identity_host::Role::SignIn)
        || exchange_online_host::is_exchange_online(host)
        || is_named_like_exchange(host)
        || ["adfs.", "sts."].iter().any(|p| host.starts_with(p))
}

/// Whether a host is named as organisations name their Exchange.
pub(super) fn is_named_like_exchange(host: &str) -> bool {
    ["autodiscover.", "mail.", "owa.", "exchange.", "outlook.", "webmail."]
        .iter()
        .any(|p| host.starts_with(p))
}

/// OWA and ECP show their sign-in page to anybody, the other virtual directories show nothing.
fn is_access(reading: &Reading) -> bool {
    reading.answer == AnswerMessage::Success
        && !matches!(reading.endpoint.protocol(), Some(Protocol::Owa | Protocol::Ecp))
}

fn undecrypted(capture: &Capture) -> Vec<(String, SessionId)> {
    let mut hosts: BTreeMap<&str, (Option<SessionId>, bool)> = BTreeMap::new();
    for session in capture.sessions.iter().filter(|s| !s.host().is_empty()) {
        let entry = hosts.entry(session.host()).or_default();
        // A tunnel that a proxy refused holds nothing to decrypt.
        if session.tunnel && session.status() >= 300 {
            continue;
        }
        if session.tunnel {
            entry.0.get_or_insert(session.id);
        } else {
            entry.1 = true;
        }
    }
    let mut found: Vec<_> = hosts
        .into_iter()
        .filter(|(host, (_, decrypted))| !decrypted && is_flow_host(host))
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
