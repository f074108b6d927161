//! Autodiscover sends clients to the wrong place, or nowhere.

use std::collections::{HashMap, HashSet};

use crate::capture::{Session, SessionId};
use crate::flow::{Endpoint, Flow, Outcome, Protocol, Purpose, Reading, Step};
use crate::http::Target;
use crate::knowledge::exchange_online_host::is_exchange_online;
use crate::rules::connection::is_unreached;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "autodiscover-url-wrong",
    title: "Autodiscover names an address that does not work",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "Phones and newer Outlooks ask Autodiscover by a look-up without sign-in (autodiscover.json) where the \
        mailbox answers. Here the look-up ended with an error, or with an address whose host cannot be reached or \
        does not know it. The client never gets to the point of signing in. The address comes from the external URL \
        of the virtual directory.",
    fix: &[
        "See the addresses: `Get-ActiveSyncVirtualDirectory | fl Server,ExternalUrl,InternalUrl` \
            `Get-MapiVirtualDirectory | fl Server,ExternalUrl,InternalUrl` `Get-WebServicesVirtualDirectory | fl \
            Server,ExternalUrl,InternalUrl`",
        "Correct the external one, for ActiveSync so: `Get-ActiveSyncVirtualDirectory | \
            Set-ActiveSyncVirtualDirectory -ExternalUrl https://<published host>/Microsoft-Server-ActiveSync`",
        "See that the name resolves and answers from where the client is: `Resolve-DnsName {host}` \
            `Test-NetConnection {host} -Port 443`",
        "Ask again: `Invoke-RestMethod \"https://<autodiscover \
            host>/autodiscover/autodiscover.json?Email={user}&Protocol=ActiveSync\"`",
    ],
    reference: "Microsoft Learn: Using hybrid Modern Authentication with Outlook for iOS and Android; microsoft/\
        CSS-Exchange: Test-HMAEAS",
    fires_on: r#"### 09:14:06 +31ms Mail:212 // where is the mailbox?
GET https://autodiscover.contoso.com/autodiscover/autodiscover.json?Email=meg@contoso.com&Protocol=ActiveSync&RedirectCount=1 HTTP/1.1
User-Agent: iOS/17.4 (21E219) accountsd/1.0

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:06 GMT
Content-Type: application/json
X-FEServer: EX1

{"Protocol":"ActiveSync","Url":"https://eas-old.contoso.com/Microsoft-Server-ActiveSync"}

### 09:14:07 +21s Mail:212 // nobody there
OPTIONS https://eas-old.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Apple-iPhone12C1/2107.71
Authorization: Bearer

HTTP/1.1 504 Gateway Timeout
Content-Length: 0
"#,
    silent_on: r#"### 09:14:06 +31ms Mail:212 // where is the mailbox?
GET https://autodiscover.contoso.com/autodiscover/autodiscover.json?Email=meg@contoso.com&Protocol=ActiveSync&RedirectCount=1 HTTP/1.1
User-Agent: iOS/17.4 (21E219) accountsd/1.0

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:06 GMT
Content-Type: application/json
X-FEServer: EX1

{"Protocol":"ActiveSync","Url":"https://mail.contoso.com/Microsoft-Server-ActiveSync"}

### 09:14:07 +31ms Mail:212 // empty Bearer
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Apple-iPhone12C1/2107.71
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Basic realm="mail.contoso.com"

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms Mail:212 // token accepted
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Apple-iPhone12C1/2107.71
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
MS-Server-ActiveSync: 15.2
X-FEServer: EX1
"#,
    check,
};

/// A look-up whose answer leads nowhere.
struct Misdirection<'a> {
    session: &'a Session,
    flow: &'a Flow,
    /// The host that it names, and a session that failed there; or the error that it tells.
    problem: Problem<'a>,
}

enum Problem<'a> {
    Host { host: String, failed: &'a Session },
    Error(String),
}

/// One finding for each host that is named in vain, and one for look-ups that end with an error.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut told: HashSet<String> = HashSet::new();
    let mut wrong = misdirections(case);
    // Exchange Online only repeats what the organisation's own Autodiscover says.
    wrong.sort_by_key(|wrong| wrong.flow.online);
    wrong
        .into_iter()
        .filter(|wrong| {
            told.insert(match &wrong.problem {
                Problem::Host { host, .. } => host.clone(),
                Problem::Error(_) => String::new(),
            })
        })
        .map(|wrong| finding(case, &wrong))
        .collect()
}

fn finding(case: &Case<'_>, wrong: &Misdirection<'_>) -> Finding {
    let asked = wrong.session.host();
    let user = wrong.session.request.target.query("Email").unwrap_or_default();
    let finding = match &wrong.problem {
        Problem::Host { host, failed } => {
            let flow = case.flows.flows_of(failed.id).next().map_or(wrong.flow.id, |flow| flow.id);
            Finding::new(
                Evidence::response_body(wrong.session.id, "Url", host.as_str()),
                format!("Autodiscover at {asked} sends clients to {host}, which does not answer"),
            )
            .and(Evidence::request_line(case, failed.id))
            .and(Evidence::status(case, failed.id))
            .flow(flow)
            .fact("host", host.as_str())
        }
        Problem::Error(code) => Finding::new(
            Evidence::response_body(wrong.session.id, "ErrorCode", code.as_str()),
            format!("Autodiscover at {asked} answers a look-up with the error {code}"),
        )
        .flow(wrong.flow.id)
        .fact("host", asked),
    };
    finding.and(Evidence::request_line(case, wrong.session.id)).fact("user", user)
}

/// The hosts that Autodiscover named in vain: the address is the cause, not the host.
pub(super) fn hosts_named_in_vain(case: &Case<'_>) -> HashSet<String> {
    misdirections(case)
        .into_iter()
        .filter_map(|wrong| match wrong.problem {
            Problem::Host { host, .. } => Some(host),
            Problem::Error(_) => None,
        })
        .collect()
}

fn misdirections<'a>(case: &Case<'a>) -> Vec<Misdirection<'a>> {
    let look_ups: Vec<&Reading> = case.readings().filter(|r| is_look_up(case, r)).collect();
    if look_ups.is_empty() {
        return Vec::new();
    }
    let reached = Reached::of(case);
    look_ups.into_iter().filter_map(|reading| misdirection(case, reading, &reached)).collect()
}

fn is_look_up(case: &Case<'_>, reading: &Reading) -> bool {
    let is_anonymous = matches!(
        reading.endpoint,
        Endpoint::Exchange { protocol: Protocol::Autodiscover, purpose: Purpose::Anonymous, .. }
    );
    is_anonymous
        && case.session(reading.session).is_some_and(|s| {
            s.request.target.path().to_ascii_lowercase().contains("/autodiscover.json")
        })
}

/// What became of the hosts of a capture.
struct Reached<'a> {
    /// Where each host last answered as a server does.
    last_answer: HashMap<&'a str, usize>,
    /// Where each host failed, in the order of time.
    failures: HashMap<&'a str, Vec<(usize, SessionId)>>,
    /// Where Exchange last answered a client that can sign in.
    exchange: Option<usize>,
    healthy: bool,
}

impl<'a> Reached<'a> {
    fn of(case: &Case<'a>) -> Self {
        let healthy = case.flows.flows.iter().any(|flow| flow.outcome == Outcome::Healthy);
        let mut found =
            Self { last_answer: HashMap::new(), failures: HashMap::new(), exchange: None, healthy };
        for (place, reading) in case.readings().enumerate() {
            let Some(session) = case.session(reading.session) else { continue };
            let is_client = matches!(
                reading.endpoint,
                Endpoint::Exchange { purpose: Purpose::Client, online: false, .. }
            );
            if is_client && reading.spoke_as_exchange {
                found.exchange = Some(place);
            }
            let unknown = reading.status == 404 && !reading.spoke_as_exchange && is_client;
            let refused_tunnel = session.tunnel && reading.status >= 400 && reading.status != 407;
            if is_unreached(session) && !reading.spoke_as_exchange || unknown || refused_tunnel {
                found.failures.entry(session.host()).or_default().push((place, session.id));
            } else if session.status() > 0 && !session.tunnel {
                found.last_answer.insert(session.host(), place);
            }
        }
        found
    }
}

fn misdirection<'a>(
    case: &Case<'a>,
    reading: &Reading,
    reached: &Reached<'a>,
) -> Option<Misdirection<'a>> {
    let session = case.session(reading.session)?;
    let flow = case.flows.flows_of(session.id).next()?;
    let place = case.place(session.id);
    let body = session.response.as_ref()?.body.json()?;
    let member = |name: &str| {
        let (_, value) = body.as_object()?.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        value.as_str().filter(|text| !text.is_empty())
    };
    if let Some(url) = member("Url") {
        let target = Target::new(url);
        let host = target.host();
        let failures = reached.failures.get(host)?;
        if reached.last_answer.contains_key(host) || is_exchange_online(host) {
            return None;
        }
        let (_, failed) = failures.get(failures.partition_point(|(at, _)| *at < place))?;
        let failed = case.session(*failed)?;
        let problem = Problem::Host { host: host.to_owned(), failed };
        return Some(Misdirection { session, flow, problem });
    }
    let code: String = member("ErrorCode")?.chars().take(60).collect();
    // Clients ask for protocols that a server does not have, and go on by other ways.
    let is_harmless = code.to_ascii_lowercase().contains("protocol")
        || flow.online
        || reached.healthy
        || reached.exchange.is_some_and(|at| at > place);
    (!is_harmless).then_some(Misdirection { session, flow, problem: Problem::Error(code) })
}
