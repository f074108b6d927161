//! Exchange said where to get a token, and the client did not go there.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;

use crate::flow::{
    Flow, IdentityPurpose, Reading, RequestMessage, Step, duration, is_good_challenge,
};
use crate::knowledge::identity_host;
use crate::rules::client::{client_name, person};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "challenge-ignored",
    title: "The client does not follow the challenge",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "Exchange answered the empty Bearer as it should: the challenge names Entra ID. But the client neither went \
        there nor came back with a token; it asked again, or turned to Windows authentication or a password. So the \
        servers are right and something on the client is not: the account broker of Windows is damaged or blocked, a \
        policy forbids the sign-in window, or the sign-in hosts cannot be reached from there. A broker works out of \
        the recorder's sight, but a token that it got would show here.",
    fix: &[
        "See that the computer reaches the sign-in hosts, and that the proxy lets them through: `Test-NetConnection \
            login.microsoftonline.com -Port 443` `Test-NetConnection login.windows.net -Port 443`",
        "Register the broker again, as the user: `Add-AppxPackage -Register \
            \"$env:windir\\SystemApps\\Microsoft.AAD.BrokerPlugin_cw5n1h2txyewy\\Appxmanifest.xml\" \
            -DisableDevelopmentMode -ForceApplicationShutdown`",
        "Look for values that keep Outlook from it; `EnableADAL=0`, `DisableAADWAM` and `DisableADALatopWAMOverride` \
            should not be there: `reg query HKCU\\Software\\Microsoft\\Office\\16.0\\Common\\Identity` `reg query \
            HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Common\\Identity`",
        "Look for a sign-in window behind other windows, and in Event Viewer under Applications and Services Logs > \
            Microsoft > Windows > AAD > Operational",
        "Sign {user} out under File > Office Account, restart Outlook, and record again until it connects to {host}",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Client \
        failure; Microsoft Learn: Fix authentication issues in Microsoft 365 apps (WAM)",
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

### 09:14:08 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:16:30 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:16:30 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
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

/// A capture that ends so soon after the challenge does not show what the client did with it.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// One finding for each client: what keeps it from signing in keeps it from that for all protocols.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut told: HashSet<String> = HashSet::new();
    let mut findings = Vec::new();
    for ignored in ignored_challenges(case) {
        if told.insert(person(case, ignored.flow)) {
            findings.push(finding(case, &ignored));
        }
    }
    findings
}

/// A good challenge, and what the client did in place of signing in.
pub(super) struct Ignored<'a> {
    pub(super) flow: &'a Flow,
    challenge: &'a Reading,
    instead: &'a Reading,
    /// How long the client shows that it does not sign in: until the capture's last session where it turned to something
    /// else, until its last question where it only asked again.
    watched: Option<TimeDelta>,
}

/// The flows whose client got a good challenge, and went on without a sign-in.
pub(super) fn ignored_challenges<'a>(case: &Case<'a>) -> Vec<Ignored<'a>> {
    // What is not decrypted may be the sign-in.
    let hides_sign_in = case
        .flows
        .visibility
        .undecrypted
        .iter()
        .any(|(host, _)| identity_host::find(host).is_some());
    if hides_sign_in || case.is_sanitized() {
        return Vec::new();
    }
    let sign_ins = SignIns::of(case);
    let mut found: Vec<Ignored<'a>> =
        case.unhealed_flows().filter_map(|flow| ignored(case, flow, &sign_ins)).collect();
    if !found.is_empty() {
        let able = clients_with_token(case);
        found.retain(|ignored| !able.contains(&person(case, ignored.flow)));
    }
    found
}

/// Where the last sign-in sessions stand: those for a host, and those that name none.
struct SignIns {
    for_host: HashMap<String, usize>,
    for_any: Option<usize>,
}

impl SignIns {
    fn of(case: &Case<'_>) -> Self {
        let mut found = Self { for_host: HashMap::new(), for_any: None };
        for (place, reading) in case.readings().enumerate() {
            let Some(purpose) = reading.endpoint.identity() else { continue };
            let resource = match &reading.request {
                RequestMessage::Authorize(request) => request.resource_host(),
                RequestMessage::TokenRequest(request) => request.resource_host(),
                _ => None,
            };
            match resource {
                Some(host) => _ = found.for_host.insert(host, place),
                None if purpose != IdentityPurpose::AccessControl => found.for_any = Some(place),
                None => {}
            }
        }
        found
    }

    fn any_after(&self, host: &str, place: usize) -> bool {
        self.for_any.is_some_and(|at| at > place)
            || self.for_host.get(host).is_some_and(|at| *at > place)
    }
}

fn ignored<'a>(case: &Case<'a>, flow: &'a Flow, sign_ins: &SignIns) -> Option<Ignored<'a>> {
    let challenge = case.readings_of(flow).find(|r| {
        r.request == RequestMessage::Probe && is_good_challenge(r) && r.diagnostics.is_none()
    })?;
    let place = case.place(challenge.session);
    let after = || case.readings_of(flow).filter(|r| case.place(r.session) > place);
    if sign_ins.any_after(&flow.host, place) {
        return None;
    }
    let other =
        |r: &&Reading| matches!(r.request, RequestMessage::Basic | RequestMessage::Windows(_));
    let started = |r: &Reading| case.session(r.session).and_then(|s| s.started);
    let (instead, end) = if let Some(turned) = after().find(other) {
        (turned, case.flows.readings.iter().rev().find_map(started))
    } else {
        let probes = |r: &&Reading| r.request == RequestMessage::Probe && is_good_challenge(r);
        let last = after().filter(probes).last()?;
        (last, started(last))
    };
    let watched = started(challenge).zip(end).map(|(from, to)| to.signed_duration_since(from));
    Some(Ignored { flow, challenge, instead, watched })
}

fn clients_with_token(case: &Case<'_>) -> HashSet<String> {
    case.flows
        .flows
        .iter()
        .filter(|flow| {
            !flow.online && case.readings_of(flow).any(|r| r.request == RequestMessage::Token)
        })
        .map(|flow| person(case, flow))
        .collect()
}

fn finding(case: &Case<'_>, ignored: &Ignored<'_>) -> Finding {
    let flow = ignored.flow;
    let turned = ignored.instead.request != RequestMessage::Probe;
    let did = if turned {
        format!("turned to {}", ignored.instead.authentication())
    } else {
        match ignored.watched {
            Some(time) if time >= TimeDelta::seconds(1) => {
                format!("asked again for {} without a sign-in", duration(time))
            }
            _ => "asked again without a sign-in".to_owned(),
        }
    };
    let finding = Finding::new(
        Evidence::response_header(case, ignored.challenge.session, "WWW-Authenticate"),
        format!(
            "{} was told by {} to get a token from Entra ID and {did}",
            client_name(flow),
            flow.host
        ),
    )
    .and(Evidence::request_header(case, ignored.instead.session, "Authorization"))
    .flow(flow.id)
    .fact("host", flow.host.as_str())
    .fact("user", flow.user.clone().unwrap_or_default());
    match ignored.watched {
        Some(time) if time >= GRACE && turned => finding,
        // A window may wait for the user while the program asks again.
        Some(time) if time >= GRACE => finding.suspected(),
        _ => finding.suspected().severity(Severity::Note),
    }
}
