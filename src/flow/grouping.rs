//! Which sessions belong to one flow, and how far each flow got.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::{DateTime, Utc};

use crate::capture::{Capture, SessionId};
use crate::cores::GoOn;
use crate::flow::accepted::Accepted;
use crate::flow::autodetect;
use crate::flow::by_session::BySession;
use crate::flow::steps::{self, Attempt};
use crate::flow::web::{WebAttempt, WebStep};
use crate::flow::{
    Endpoint, IdentityPurpose, Protocol, Purpose, Reading, RequestMessage, Step, StepRecord,
    StepState, TokenId, TokenRole, TrackedToken,
};
use crate::http::Scheme;
use crate::jwt::TokenKind;
use crate::knowledge::identity_host;
use crate::knowledge::outlook_version::{self, MailClient};

/// A flow's number in the capture, from 1 in the order of first sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowId(pub u32);

impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a client authenticates in a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// Hybrid Modern Authentication: Bearer, with Entra ID as the authority.
    Hma,
    /// Modern authentication with AD FS as the authority (Exchange 2019 CU13 and later, organisations without hybrid).
    Adfs,
    /// User name and password.
    Basic,
    /// NTLM.
    Ntlm,
    /// Kerberos or NTLM by Negotiate.
    Negotiate,
    /// SOAP messages with their own security (`DAuth`).
    WsSecurity,
    /// OAuth between servers.
    ServerToServer,
    /// No credential was sent.
    Anonymous,
    /// It cannot be told.
    Unknown,
}

impl Mechanism {
    /// The mechanism's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Hma => "hma",
            Self::Adfs => "adfs",
            Self::Basic => "basic",
            Self::Ntlm => "ntlm",
            Self::Negotiate => "negotiate",
            Self::WsSecurity => "wssecurity",
            Self::ServerToServer => "server-to-server",
            Self::Anonymous => "anonymous",
            Self::Unknown => "unknown",
        }
    }

    /// The mechanism's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hma => "HMA",
            Self::Adfs => "AD FS modern authentication",
            Self::Basic => "Basic",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
            Self::WsSecurity => "WS-Security",
            Self::ServerToServer => "server to server",
            Self::Anonymous => "anonymous",
            Self::Unknown => "unknown",
        }
    }
}

/// How a flow, or a whole capture, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The client reached the mailbox with HMA.
    Healthy,
    /// HMA broke and did not recover.
    Broken,
    /// The client used something else, and HMA was not tried or not meant.
    NotHma,
    /// The capture does not tell.
    NotEnoughEvidence,
}

impl Outcome {
    /// The outcome's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Broken => "broken",
            Self::NotHma => "not-hma",
            Self::NotEnoughEvidence => "not-enough-evidence",
        }
    }
}

/// One client's attempt to reach one Exchange host over one protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its number.
    pub id: FlowId,
    /// The client's process, or the product its user agent names.
    pub client: Option<String>,
    /// The client's user agent as recorded.
    pub user_agent: Option<String>,
    /// The user as the client named them (`X-User-Identity`, `X-AnchorMailbox`).
    pub user: Option<String>,
    /// The Exchange host; `<host>` where the capture does not name it, as fixes write what a person has to fill in.
    pub host: String,
    /// Exchange Online rather than the organisation's own servers.
    pub online: bool,
    /// The protocol.
    pub protocol: Protocol,
    /// How the client authenticates.
    pub mechanism: Mechanism,
    /// How the flow ended.
    pub outcome: Outcome,
    /// The five steps.
    pub steps: [StepRecord; 5],
    /// The sessions with Exchange, in the order of time.
    pub sessions: Vec<SessionId>,
    /// The sessions with identity providers that served this flow, in the order of time.
    pub identity_sessions: Vec<SessionId>,
}

impl Flow {
    /// `MAPI to mail.contoso.com`
    pub fn name(&self) -> String {
        if self.host.is_empty() {
            self.protocol.name().to_owned()
        } else {
            format!("{} to {}", self.protocol.name(), self.host)
        }
    }
}

/// The capture's tokens, and which session sent which.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub(super) all: &'a [TrackedToken],
    pub(super) uses: &'a BySession<TokenId>,
    /// The newest tokens that Exchange accepted.
    pub(super) accepted: &'a Accepted,
    /// When the capture ends.
    pub(super) end: Option<DateTime<Utc>>,
}

impl<'a> Tokens<'a> {
    /// The token that a session sent.
    pub(super) fn used_in(&self, session: SessionId) -> Option<&'a TrackedToken> {
        self.all.get((self.uses.get(session)?.0 as usize).checked_sub(1)?)
    }

    /// Whether Exchange accepted a newer token than the one that a session sent, for the same user and host.
    pub(super) fn is_replaced(&self, session: SessionId) -> bool {
        let newest = || {
            let jwt = self.used_in(session)?.jwt()?;
            Some(self.accepted.until(jwt)? > jwt.expires()?)
        };
        newest() == Some(true)
    }
}

/// In place of a host that the capture does not name.
const UNNAMED_HOST: &str = "<host>";

/// What the sessions of a flow have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key<'a> {
    client: &'a str,
    host: &'a str,
    protocol: Protocol,
    apart: Option<Purpose>,
}

/// Groups the readings, which stand in the order of time, into flows.
pub(super) fn group<E>(
    capture: &Capture,
    readings: &[Reading],
    tokens: Tokens<'_>,
    go_on: GoOn<'_, E>,
) -> Result<Vec<Flow>, E> {
    let mut order: Vec<Key<'_>> = Vec::new();
    let mut members: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, reading) in readings.iter().enumerate() {
        go_on()?;
        let Endpoint::Exchange { protocol, purpose, .. } = reading.endpoint else { continue };
        let Some(session) = capture.session(reading.session) else { continue };
        let user_agent = session.request.headers.get("user-agent").unwrap_or_default();
        let client = session.process.as_deref().unwrap_or_else(|| {
            outlook_version::outlook_of(user_agent).map_or(user_agent, |known| known.name)
        });
        let apart = matches!(purpose, Purpose::WsSecurity | Purpose::MrsProxy).then_some(purpose);
        let key = Key { client, host: session.host(), protocol, apart };
        members
            .entry(key)
            .or_insert_with_key(|key| {
                order.push(*key);
                Vec::new()
            })
            .push(at);
    }
    let identity = identity_by_host(readings, order.iter().map(|key| key.host));
    let scene =
        Scene { capture, readings, identity, tokens, phone: autodetect::finds_own_server(capture) };
    let mut flows = Vec::new();
    for key in order {
        go_on()?;
        let Some(places) = members.remove(&key) else { continue };
        let number = u32::try_from(flows.len() + 1).unwrap_or(u32::MAX);
        flows.push(scene.flow(FlowId(number), key, &places));
    }
    Ok(flows)
}

/// The sessions with identity providers that ask for each host, or for nothing in particular, in the order of time.
fn identity_by_host<'a, 'h>(
    readings: &'a [Reading],
    hosts: impl Iterator<Item = &'h str>,
) -> HashMap<String, Vec<(usize, &'a Reading)>> {
    let mut unspecific: Vec<(usize, &Reading)> = Vec::new();
    let mut specific: HashMap<String, Vec<(usize, &Reading)>> = HashMap::new();
    for (at, reading) in readings.iter().enumerate() {
        let Endpoint::Identity { purpose, .. } = reading.endpoint else { continue };
        match steps::resource_host(reading) {
            _ if purpose == IdentityPurpose::AccessControl => {}
            Some(host) => specific.entry(host).or_default().push((at, reading)),
            None => unspecific.push((at, reading)),
        }
    }
    let mut by_host: HashMap<String, Vec<(usize, &Reading)>> = HashMap::new();
    for host in hosts {
        if !by_host.contains_key(host) {
            let mut all = unspecific.clone();
            all.extend(specific.get(host).into_iter().flatten());
            all.sort_by_key(|(at, _)| *at);
            by_host.insert(host.to_owned(), all);
        }
    }
    by_host
}

/// The capture around a flow.
struct Scene<'a> {
    capture: &'a Capture,
    readings: &'a [Reading],
    /// The sessions with identity providers that can concern each host, with their places.
    identity: HashMap<String, Vec<(usize, &'a Reading)>>,
    tokens: Tokens<'a>,
    /// Whether the capture shows a phone whose mailbox is on the organisation's own server.
    phone: bool,
}

impl Scene<'_> {
    fn flow(&self, id: FlowId, key: Key<'_>, places: &[usize]) -> Flow {
        let &Self { capture, readings, tokens, phone, .. } = self;
        let identity = self.identity.get(key.host).map(Vec::as_slice).unwrap_or_default();
        let own: Vec<(usize, &Reading)> =
            places.iter().filter_map(|at| readings.get(*at).map(|r| (*at, r))).collect();
        let sessions: Vec<SessionId> = own.iter().map(|(_, r)| r.session).collect();
        let header = |name: &str| {
            sessions
                .iter()
                .filter_map(|id| capture.session(*id))
                .find_map(|s| s.request.headers.get(name))
                .map(str::to_owned)
        };
        let user_agent = header("user-agent");
        let mechanism = mechanism(&own, tokens, user_agent.as_deref(), phone);
        let (steps, identity_sessions) = match mechanism {
            // These never meant to take the five steps.
            Mechanism::Unknown
            | Mechanism::Anonymous
            | Mechanism::WsSecurity
            | Mechanism::ServerToServer => (
                Step::ALL.map(|step| StepRecord { step, state: StepState::Hidden, session: None }),
                Vec::new(),
            ),
            Mechanism::Hma if own.iter().any(|(_, r)| r.web.is_some()) => {
                let attempt = WebAttempt::of(&own, identity);
                (attempt.steps(), attempt.identity_sessions())
            }
            Mechanism::Hma | Mechanism::Adfs => {
                let attempt = Attempt::of(&own, identity, tokens);
                (attempt.steps(), attempt.identity_sessions())
            }
            _ => (Attempt::of(&own, identity, tokens).steps(), Vec::new()),
        };
        let outcome = match mechanism {
            Mechanism::Hma => steps::outcome(&steps),
            Mechanism::Unknown | Mechanism::Anonymous => Outcome::NotEnoughEvidence,
            _ => Outcome::NotHma,
        };
        let online = own
            .first()
            .is_some_and(|(_, r)| matches!(r.endpoint, Endpoint::Exchange { online: true, .. }));
        Flow {
            id,
            client: (!key.client.is_empty()).then(|| key.client.to_owned()),
            user_agent,
            user: header("x-user-identity")
                .or_else(|| header("x-anchormailbox"))
                .filter(|u| u.contains('@')),
            host: if key.host.is_empty() { UNNAMED_HOST } else { key.host }.to_owned(),
            online,
            protocol: key.protocol,
            mechanism,
            outcome,
            steps,
            sessions,
            identity_sessions,
        }
    }
}

/// User agents of Exchange servers that call other Exchange servers (Microsoft: "Resolve free/busy errors").
const SERVER_AGENTS: &[&str] = &[
    "asproxy/",
    "asautodiscover/",
    "exchange/15.",
    "microsoft.exchange.",
    "exchangeservicesclient/crosssite",
];

/// How a flow's client authenticates. `phone`: the capture shows a phone whose mailbox is on the organisation's own server.
fn mechanism(
    own: &[(usize, &Reading)],
    tokens: Tokens<'_>,
    user_agent: Option<&str>,
    phone: bool,
) -> Mechanism {
    let any = |wanted: &dyn Fn(&Reading) -> bool| own.iter().any(|(_, r)| wanted(r));
    if any(&|r| matches!(r.endpoint, Endpoint::Exchange { purpose: Purpose::WsSecurity, .. })) {
        return Mechanism::WsSecurity;
    }
    if any(&Reading::sent_bearer) {
        let agent = user_agent.unwrap_or_default().to_ascii_lowercase();
        // A token is used again and again.
        let used: BTreeMap<TokenId, &TrackedToken> = own
            .iter()
            .filter_map(|(_, r)| tokens.used_in(r.session))
            .map(|token| (token.id, token))
            .collect();
        let server_token = used.values().any(|t| {
            t.role == TokenRole::Access
                && t.jwt().is_some_and(|jwt| {
                    matches!(jwt.kind(), TokenKind::ActorOuter | TokenKind::AppOrActor)
                })
        });
        if server_token || SERVER_AGENTS.iter().any(|a| agent.starts_with(a)) {
            return Mechanism::ServerToServer;
        }
        let issued_by_adfs = used
            .values()
            .filter_map(|t| t.jwt()?.issuer())
            .any(|issuer| issuer.to_ascii_lowercase().contains("/adfs/"));
        if issued_by_adfs {
            return Mechanism::Adfs;
        }
        let authority = own
            .iter()
            .find_map(|(_, r)| r.challenges.bearer()?.authorization_uri().map(|uri| (r, uri)));
        if let Some((reading, uri)) = authority {
            let bearer = reading.challenges.bearer();
            let says_adfs = bearer
                .and_then(|b| b.parameter("issuer_kind"))
                .is_some_and(|k| k.eq_ignore_ascii_case("ADFS"));
            let target = crate::http::Target::new(uri);
            let adfs_path = target.path().to_ascii_lowercase().starts_with("/adfs/");
            if (says_adfs || adfs_path) && !identity_host::is_entra_authority(target.host()) {
                return Mechanism::Adfs;
            }
        }
        let online = any(&|r| matches!(r.endpoint, Endpoint::Exchange { online: true, .. }));
        // A redirect on port 80 or an address that does no OAuth says nothing about Bearer.
        let exchange_answers = any(&|r| {
            r.endpoint.is_hma_candidate()
                && (r.challenges.bearer().is_some()
                    || r.diagnostics.is_some()
                    || r.spoke_as_exchange)
        });
        let is_phone = outlook_version::outlook_of(user_agent.unwrap_or_default())
            .is_some_and(|outlook| outlook.client == MailClient::Mobile);
        return match (online, exchange_answers) {
            // Exchange Online syncs the phone with the organisation's own server: the phone's half of HMA.
            (true, _) if phone && is_phone => Mechanism::Hma,
            (false, true) => Mechanism::Hma,
            _ => Mechanism::Unknown,
        };
    }
    let web = |wanted: WebStep| any(&|r| r.web == Some(wanted));
    if web(WebStep::SentToEntra) || web(WebStep::Taken) || web(WebStep::NotTaken) {
        return Mechanism::Hma;
    }
    if web(WebStep::SentToAdfs) {
        return Mechanism::Adfs;
    }
    if web(WebStep::Forms) {
        return Mechanism::Basic;
    }
    if any(&|r| r.request == RequestMessage::Basic) {
        Mechanism::Basic
    } else if any(&|r| r.request == RequestMessage::Windows(Scheme::Negotiate)) {
        Mechanism::Negotiate
    } else if any(&|r| r.request == RequestMessage::Windows(Scheme::Ntlm)) {
        Mechanism::Ntlm
    } else if any(&|r| matches!(r.request, RequestMessage::Windows(_) | RequestMessage::Tunnel)) {
        Mechanism::Unknown
    } else {
        Mechanism::Anonymous
    }
}
