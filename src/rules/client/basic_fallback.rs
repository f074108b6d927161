//! The client gave up modern authentication and sent a password.

use std::collections::{HashMap, HashSet};

use crate::capture::SessionId;
use crate::flow::{AnswerMessage, Flow, FlowId, RequestMessage, Step};
use crate::rules::client::{challenge_ignored, client_name, person};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "basic-fallback",
    title: "The client fell back to a password",
    step: Some(Step::Probe),
    severity: Severity::Warning,
    why: "The client asked for modern authentication with an empty Bearer, did not get on, and then sent user name \
        and password with Basic authentication to the same host. It may look as if it works, but the password \
        travels with every request, no second factor protects it, and Conditional Access has no say.",
    fix: &[
        "Solve first what broke modern authentication at {host}: the other findings name it",
        "Then take away the way back, on the virtual directories: `Set-WebServicesVirtualDirectory \"<server>\\EWS \
            (Default Web Site)\" -BasicAuthentication $false`",
        "Or block it for users: `New-AuthenticationPolicy -Name \"Block legacy\" -BlockLegacyAuthActiveSync \
            -BlockLegacyAuthAutodiscover -BlockLegacyAuthMapi -BlockLegacyAuthOfflineAddressBook \
            -BlockLegacyAuthWebServices` `Set-User {user} -AuthenticationPolicy \"Block legacy\"`",
        "On a phone remove the account and add it again: an old profile keeps Basic",
        "The password of {user} can be read in this file: share only a redacted copy",
    ],
    reference: "Microsoft Learn: How modern authentication works for Office client apps (table of behaviour); \
        Microsoft Learn: Disable legacy authentication in Exchange Server",
    fires_on: r#"### 09:14:07 +31ms Mail:212 // empty Bearer
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Apple-iPhone12C1/2107.71
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1"
WWW-Authenticate: Basic realm="mail.contoso.com"

### 09:14:20 +52ms Mail:212 // a password
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Apple-iPhone12C1/2107.71
Authorization: Basic bWVnQGNvbnRvc28uY29tOlNhbXBsZS1QYXNzMQ==

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:20 GMT
MS-Server-ActiveSync: 15.2
X-FEServer: EX1
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

/// What a client did at one host so far.
#[derive(Clone, Copy)]
struct Fallback {
    probe: SessionId,
    basic: Option<SessionId>,
    healed: bool,
}

fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut clients: HashMap<(String, &str), Vec<&Flow>> = HashMap::new();
    let mut order = Vec::new();
    for flow in case.flows.flows.iter().filter(|flow| !flow.online) {
        let key = (person(case, flow), flow.host.as_str());
        let flows = clients.entry(key.clone()).or_default();
        if flows.is_empty() {
            order.push(key);
        }
        flows.push(flow);
    }
    // A good challenge that was ignored has a rule of its own.
    let ignored: HashSet<FlowId> =
        challenge_ignored::ignored_challenges(case).iter().map(|one| one.flow.id).collect();
    order
        .iter()
        .filter_map(|key| {
            let flows = clients.get(key)?;
            let is_ignored = flows.iter().any(|flow| ignored.contains(&flow.id));
            if is_ignored { None } else { finding(case, flows) }
        })
        .collect()
}

fn finding(case: &Case<'_>, flows: &[&Flow]) -> Option<Finding> {
    let Fallback { probe, basic, healed } = fallback(case, flows)?;
    let basic = basic?;
    let flow = flows.iter().find(|flow| flow.sessions.contains(&basic))?;
    let user = flows.iter().find_map(|flow| flow.user.clone()).unwrap_or_default();
    let finding = Finding::new(
        Evidence::request_header(case, basic, "Authorization"),
        format!(
            "{} asked {} for modern authentication, was refused, and sent a password instead",
            client_name(flow),
            flow.host
        ),
    )
    .and(Evidence::request_header(case, probe, "Authorization"))
    .and(Evidence::response_header(case, probe, "WWW-Authenticate"))
    .flow(flow.id)
    .fact("host", flow.host.as_str())
    .fact("user", user);
    Some(if healed { finding.severity(Severity::Note) } else { finding })
}

/// Follows the sessions of one client with one host in the order of time.
fn fallback(case: &Case<'_>, flows: &[&Flow]) -> Option<Fallback> {
    let mut readings: Vec<_> = flows.iter().flat_map(|flow| case.readings_of(flow)).collect();
    readings.sort_by_key(|r| case.place(r.session));
    let mut found: Option<Fallback> = None;
    for reading in readings.into_iter().filter(|r| r.endpoint.is_hma_candidate()) {
        match (&reading.request, &reading.answer) {
            (RequestMessage::Probe, AnswerMessage::Challenge | AnswerMessage::Refusal) => {
                found.get_or_insert(Fallback {
                    probe: reading.session,
                    basic: None,
                    healed: false,
                });
            }
            (RequestMessage::Basic, _) => {
                if let Some(found) = &mut found {
                    found.basic.get_or_insert(reading.session);
                }
            }
            (RequestMessage::Token, AnswerMessage::Success) => match &mut found {
                Some(found) if found.basic.is_some() => found.healed = true,
                _ => found = None,
            },
            _ => {}
        }
    }
    found
}
