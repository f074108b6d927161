//! Not all of the organisation's servers name the same authority.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::capture::SessionId;
use crate::flow::{AnswerMessage, FlowId, Mechanism, Protocol, Reading, RequestMessage, Step};
use crate::http::Target;
use crate::knowledge::identity_host::{self, Cloud};
use crate::rules::challenge::{parent_domain, speaks_for_exchange};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "authorities-differ",
    title: "Servers or virtual directories name different authorities",
    step: Some(Step::Challenge),
    severity: Severity::Warning,
    why: "Where to get a token is a setting of the whole organisation, so every host, virtual directory and server \
        should name the same authority in its challenge. Here they differ: some name another one, or none. Clients \
        then work or fail depending on which server the load balancer chose. Usually a change has not reached every \
        server yet, one server was left out of an update or a setting.",
    fix: &[
        "See that exactly one object is the default: `Get-AuthServer | fl \
            Name,Type,Enabled,IsDefaultAuthorizationEndpoint`",
        "Compare the virtual directories of all servers, and not with `-ADPropertiesOnly`: `Get-MapiVirtualDirectory \
            | fl Server,IISAuthenticationMethods` `Get-WebServicesVirtualDirectory | fl Server,OAuthAuthentication` \
            `Get-OabVirtualDirectory | fl Server,OAuthAuthentication` `Get-AutodiscoverVirtualDirectory | fl \
            Server,OAuthAuthentication`",
        "Compare the builds: `Get-ExchangeServer | fl Name,AdminDisplayVersion`",
        "Wait for Active Directory replication, or run `iisreset` on the server that differs (`X-FEServer` in the \
            evidence), and probe {host} again",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        Auth_URI failures (inconsistent servers)",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +31ms outlook.exe:4312 // empty Bearer, another virtual directory
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX2
request-id: 0d4be2a6-8a1d-4be5-9f4e-52a5d6a4e0f7
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +31ms outlook.exe:4312 // empty Bearer, another virtual directory
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX2
request-id: 0d4be2a6-8a1d-4be5-9f4e-52a5d6a4e0f7
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

/// What a challenge names. Entra's hosts of one cloud are one authority under several names. The odder one is greater.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Authority {
    Entra(Cloud),
    Other(String),
    Missing,
}

impl Authority {
    fn of(reading: &Reading) -> Self {
        let Some(uri) = reading.challenges.bearer().and_then(|b| b.authorization_uri()) else {
            return Self::Missing;
        };
        let target = Target::new(uri);
        match identity_host::find(target.host()) {
            Some(known) if identity_host::is_entra_authority(target.host()) => {
                Self::Entra(known.cloud)
            }
            _ => Self::Other(target.host().to_owned()),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Entra(cloud) => format!("Entra ID ({})", cloud.text()),
            Self::Other(host) => host.clone(),
            Self::Missing => "no authority".to_owned(),
        }
    }

    const fn oddity(&self) -> u8 {
        match self {
            Self::Entra(_) => 0,
            Self::Other(_) => 1,
            Self::Missing => 2,
        }
    }
}

/// Who answered: a virtual directory of a front end, under a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Door<'a> {
    host: &'a str,
    protocol: Protocol,
    server: &'a str,
}

struct Answer<'a> {
    door: Door<'a>,
    authority: Authority,
    session: SessionId,
}

fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut organisations: Vec<(&str, Vec<&Answer<'_>>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let answers = latest_answers(case);
    for answer in &answers {
        let domain = parent_domain(answer.door.host);
        let at = *places.entry(domain).or_insert_with(|| {
            organisations.push((domain, Vec::new()));
            organisations.len() - 1
        });
        if let Some((_, members)) = organisations.get_mut(at) {
            members.push(answer);
        }
    }
    organisations.iter().filter_map(|(_, members)| finding(case, members)).collect()
}

/// The latest challenge of each door: a setting that spreads meanwhile is no difference.
fn latest_answers<'a>(case: &Case<'a>) -> Vec<Answer<'a>> {
    let mut answers: Vec<Answer<'a>> = Vec::new();
    let mut places: HashMap<Door<'a>, usize> = HashMap::new();
    // A virtual directory that never offers Bearer has a rule of its own, and its servers do not differ.
    let offering: HashSet<FlowId> = case
        .readings()
        .filter(|r| r.challenges.bearer().is_some())
        .flat_map(|r| case.flows.flows_of(r.session).map(|flow| flow.id))
        .collect();
    let offers = |r: &Reading| {
        r.challenges.bearer().is_some()
            || case.flows.flows_of(r.session).any(|flow| offering.contains(&flow.id))
    };
    // Servers among themselves need no authority.
    let is_server = |r: &Reading| {
        case.flows.flows_of(r.session).any(|flow| flow.mechanism == Mechanism::ServerToServer)
    };
    let probes = case.readings().filter(|r| {
        r.request == RequestMessage::Probe
            && r.endpoint.is_hma_candidate()
            && r.answer == AnswerMessage::Challenge
            && r.diagnostics.is_none()
            && speaks_for_exchange(r)
            && offers(r)
            && !is_server(r)
    });
    for reading in probes {
        let (Some(session), Some(protocol)) =
            (case.session(reading.session), reading.endpoint.protocol())
        else {
            continue;
        };
        let server = session.response_header("x-feserver").unwrap_or_default();
        let door = Door { host: session.host(), protocol, server };
        let answer = Answer { door, authority: Authority::of(reading), session: session.id };
        if let Some(known) = places.get(&door).and_then(|at| answers.get_mut(*at)) {
            *known = answer;
        } else {
            places.insert(door, answers.len());
            answers.push(answer);
        }
    }
    answers
}

fn finding(case: &Case<'_>, members: &[&Answer<'_>]) -> Option<Finding> {
    let usual = members.iter().min_by_key(|answer| answer.authority.oddity())?;
    let odd = members
        .iter()
        .filter(|answer| answer.authority != usual.authority)
        .min_by_key(|answer| Reverse(answer.authority.oddity()))?;
    // The nearest contrast convinces: the same virtual directory of another server.
    let usual = members
        .iter()
        .filter(|answer| answer.authority == usual.authority)
        .min_by_key(|a| (a.door.host != odd.door.host, a.door.protocol != odd.door.protocol))?;
    // Nobody names one: then it is missing, and not different.
    let named = usual.authority != Authority::Missing;
    let flow = case.flows.flows_of(odd.session).next().filter(|_| named)?;
    Some(
        Finding::new(
            Evidence::response_header(case, odd.session, "WWW-Authenticate"),
            format!(
                "{} names {}, but {} names {}",
                door(&odd.door),
                odd.authority.text(),
                door(&usual.door),
                usual.authority.text()
            ),
        )
        .and(Evidence::response_header(case, odd.session, "X-FEServer"))
        .and(Evidence::response_header(case, usual.session, "WWW-Authenticate"))
        .and(Evidence::response_header(case, usual.session, "X-FEServer"))
        .flow(flow.id)
        .fact("host", odd.door.host),
    )
}

fn door(door: &Door<'_>) -> String {
    let server = match door.server {
        "" => String::new(),
        server => format!(", server {server}"),
    };
    format!("{} ({}{server})", door.host, door.protocol.name())
}
