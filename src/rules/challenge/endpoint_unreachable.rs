//! The client does not get through to Exchange at all.

use std::collections::{HashMap, HashSet};

use crate::capture::Session;
use crate::flow::{
    AnswerMessage, Endpoint, Flow, FlowHosts, Outcome, Protocol, Purpose, Reading, Step,
    is_neighbour,
};
use crate::knowledge::connection_failure::{ConnectionFailure, Reason};
use crate::rules::case::is_own_exchange_name;
use crate::rules::challenge::autodiscover_url_wrong::hosts_named_in_vain;
use crate::rules::challenge::{RootDomains, finders, is_client_address};
use crate::rules::client::person;
use crate::rules::connection::{failure_of, is_unreached};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "endpoint-unreachable",
    title: "The Exchange host cannot be reached",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "The client's requests never got an answer of Exchange: the name has no address, the connection or its TLS \
        handshake fails, a proxy does not let the client through, or a gateway in between says that nobody answers \
        behind it. Modern authentication has not \
        even begun. Outlook tries several addresses for Autodiscover, and some of them are meant to fail; this one \
        is not among those.",
    fix: &[
        "From the client resolve and reach the host: `Resolve-DnsName {host}` `Test-NetConnection {host} -Port 443`",
        "If a proxy refuses the connection, let the users' machines through to {host} without a sign-in at the proxy; see \
            which one is set: `netsh winhttp show proxy`",
        "Look at its certificate on the server: every name that clients use must be in it, and its issuer be trusted: \
            `Get-ExchangeCertificate | fl Subject,CertificateDomains,Services,NotAfter`",
        "At the load balancer or reverse proxy see that it finds healthy servers: each answers \
            `https://<server>/mapi/healthcheck.htm` with 200",
        "On the servers see that the application pools run, and start what has stopped: `Get-WebAppPoolState | fl \
            Value,ItemXPath`",
        "From outside run the Microsoft Remote Connectivity Analyzer for {host}",
    ],
    reference: "RFC 9110, sections 15.6.3 to 15.6.5 (gateway errors); Exchange Team Blog: Announcing Hybrid Modern \
        Authentication for Exchange On-Premises (2017), How do I troubleshoot HMA; Microsoft Learn: Using hybrid \
        Modern Authentication with Outlook for iOS and Android",
    fires_on: "### 09:14:07 +21s outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 502 Bad Gateway
Date: Mon, 02 Mar 2026 09:14:28 GMT
Server: nginx
Content-Type: text/html

<html><head><title>502 Bad Gateway</title></head></html>
",
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

fn check(case: &Case<'_>) -> Vec<Finding> {
    let suspects: Vec<(&Flow, &Session)> =
        case.flows.flows.iter().filter_map(|flow| Some((flow, unreached(case, flow)?))).collect();
    let tunnels = refused_tunnels(case);
    if suspects.is_empty() && tunnels.is_empty() {
        return Vec::new();
    }
    let (roots, misdirected) = (RootDomains::of(case), hosts_named_in_vain(case));
    let finders = finders(case, case.flows.flows.iter());
    let mut findings = Vec::new();
    let mut told: HashSet<&str> = HashSet::new();
    for (flow, session) in suspects {
        let is_tried_only = flow.protocol == Protocol::Autodiscover
            && (roots.tries(flow) || finders.contains(&person(case, flow)));
        if !is_tried_only && !misdirected.contains(&flow.host) {
            told.insert(flow.host.as_str());
            let finding = finding(case, session, Some(flow));
            let is_spare = case.flows.flows.iter().any(|other| replaces(case, other, flow));
            findings.push(if is_spare { finding.severity(Severity::Warning) } else { finding });
        }
    }
    for session in tunnels {
        let host = session.host();
        let is_tried_only = host.starts_with("autodiscover.") && !finders.is_empty();
        if !is_tried_only && !misdirected.contains(host) && told.insert(host) {
            let finding = finding(case, session, None);
            let is_spare =
                case.flows.flows.iter().any(|other| serves_program(case, other, session));
            findings.push(if is_spare { finding.severity(Severity::Warning) } else { finding });
        }
    }
    findings
}

fn finding(case: &Case<'_>, session: &Session, flow: Option<&Flow>) -> Finding {
    let host = session.host();
    let why = match (failure_of(session), session.status()) {
        (Some(ConnectionFailure { reason, .. }), _) => reason.text().to_owned(),
        (None, 0) => "the connection failed".to_owned(),
        (None, 407) => "the proxy wants credentials of its own first".to_owned(),
        (None, status) if session.tunnel => {
            format!("the proxy refuses the connection with {status}")
        }
        (None, status) => format!("a gateway answers {status} in its place"),
    };
    let over = flow.map(|flow| format!(" over {}", flow.protocol.name())).unwrap_or_default();
    let mut finding = Finding::new(
        Evidence::status(case, session.id),
        format!("{host} cannot be reached{over}: {why}"),
    )
    .and(Evidence::request_line(case, session.id))
    .fact("host", host);
    if session.response.is_some() {
        finding = finding.and(Evidence::response_header(case, session.id, "Server"));
    }
    match flow {
        Some(flow) => finding.flow(flow.id),
        None => finding,
    }
}

/// The first session of the run of failures that a flow ends with, if nothing in it ever went well.
fn unreached<'a>(case: &Case<'a>, flow: &Flow) -> Option<&'a Session> {
    if flow.online || flow.outcome == Outcome::Healthy {
        return None;
    }
    let is_web = matches!(flow.protocol, Protocol::Owa | Protocol::Ecp);
    let mut first = None;
    // What is broken off before an answer says nothing, unless the recorder tells why.
    let is_told = |r: &Reading| case.session(r.session).is_some_and(|s| failure_of(s).is_some());
    let asks = |r: &&Reading| {
        matches!(r.endpoint, Endpoint::Exchange { purpose: Purpose::Client, .. })
            && (r.answer != AnswerMessage::Missing || is_told(r))
    };
    for reading in case.readings_of(flow).filter(asks) {
        let session = case.session(reading.session)?;
        if reading.succeeded() {
            return None;
        }
        let known = failure_of(session);
        let path = session.request.target.path();
        let is_asked = if is_web {
            // Browsers break off what the user leaves, and call that an error too.
            is_web_address(path) && (session.status() > 0 || known.is_some())
        } else {
            is_client_address(path)
        };
        let fails = is_unreached(session)
            && !reading.spoke_as_exchange
            && is_asked
            && known.is_none_or(|known| known.reason != Reason::ClientDistrust);
        first = if fails { first.or(Some(session)) } else { None };
    }
    first
}

/// Whether a browser opens OWA or ECP itself, and not merely a part of a page or another program's path of that name.
fn is_web_address(path: &str) -> bool {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    ["/owa", "/ecp", "/owa/auth/logon.aspx", "/ecp/default.aspx"].contains(&path.as_str())
}

/// CONNECT requests for hosts of Exchange that were refused, and never got through.
fn refused_tunnels<'a>(case: &Case<'a>) -> Vec<&'a Session> {
    let mut refused: HashMap<&str, &Session> = HashMap::new();
    let mut reached: HashSet<&str> = HashSet::new();
    let mut asked: HashSet<&str> = HashSet::new();
    for session in &case.capture.sessions {
        let host = session.host();
        let fails = match session.status() {
            0 => session.error.is_some(),
            // A proxy asks for a sign-in of its own, once: a client that sends none again has none.
            407 if session.tunnel => {
                if session.request.headers.contains("proxy-authorization") || asked.insert(host) {
                    continue;
                }
                true
            }
            status => status >= 400,
        };
        if !session.tunnel || !fails {
            reached.insert(host);
        } else if is_own_exchange_name(host) {
            refused.entry(host).or_insert(session);
        }
    }
    refused.retain(|host, _| !reached.contains(host));
    if refused.is_empty() {
        return Vec::new();
    }
    let hosts = FlowHosts::of(case.capture, &case.flows.readings);
    let mut refused: Vec<_> =
        refused.into_values().filter(|tunnel| hosts.include(tunnel)).collect();
    refused.sort_by_key(|tunnel| case.place(tunnel.id));
    refused
}

/// Whether a client reaches by `other` what it needs, so that it can do without the host of `flow`: its own mailbox by
/// another name, or the mailbox beside what another organisation has (free/busy, a shared folder).
fn replaces(case: &Case<'_>, other: &Flow, flow: &Flow) -> bool {
    let users = flow.user.as_deref().zip(other.user.as_deref());
    let is_same_user = users.map(|(one, other)| one.eq_ignore_ascii_case(other));
    let is_near = is_neighbour(&flow.host, &other.host);
    let users_domain = flow.user.as_deref().and_then(|user| user.rsplit_once('@'));
    let is_home = users_domain.is_some_and(|(_, domain)| is_neighbour(domain, &flow.host));
    let is_mailbox = matches!(other.protocol, Protocol::Mapi | Protocol::ActiveSync);
    other.outcome == Outcome::Healthy
        && !other.online
        && other.host != flow.host
        && is_same_user != Some(false)
        && (other.protocol == flow.protocol || is_mailbox && !is_near)
        && (is_near || !is_home || is_same_user == Some(true))
        && person(case, other) == person(case, flow)
}

/// Whether a flow reaches the mailbox for the program, as far as it is known, that a tunnel was refused to.
fn serves_program(case: &Case<'_>, flow: &Flow, tunnel: &Session) -> bool {
    let process =
        flow.sessions.first().and_then(|id| case.session(*id)).and_then(|s| s.process.as_ref());
    let is_other = process.zip(tunnel.process.as_ref()).is_some_and(|(one, other)| one != other);
    flow.outcome == Outcome::Healthy
        && !flow.online
        && matches!(flow.protocol, Protocol::Mapi | Protocol::ActiveSync | Protocol::Ews)
        && !is_other
}
