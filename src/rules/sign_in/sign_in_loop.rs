//! The user signs in again and again and never gets in.

use std::collections::BTreeMap;

use crate::capture::SessionId;
use crate::flow::{Flow, Outcome, Protocol, Reading, RequestMessage, Step, WebStep};
use crate::rules::sign_in::failure::ended;
use crate::rules::sign_in::waiting::Waiting;
use crate::rules::{Case, Evidence, Finding, Rule, Severity, token};

pub(super) const RULE: Rule = Rule {
    id: "sign-in-loop",
    title: "The user signs in again and again",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The sign-in for one and the same Exchange host went through its window three times or more, and the mailbox \
        was not reached in between. Entra ID is content each time, so the fault lies behind it: the client loses the \
        token (a damaged broker, cookies that are blocked), or Exchange does not keep the session (OWA and ECP: Auth \
        certificate, Download Domains, publishing by an application proxy). The user sees a window that always comes \
        back.",
    fix: &[
        "See what happens behind each sign-in: no session with a token means that the client lost it; a token that is \
            refused has a finding of its own",
        "Outlook: sign the account out (File > Office Account > Sign out), close all Office programs, and register the \
            Windows broker again as {user}: `Add-AppxPackage -RegisterByFamilyName -MainPackage \
            Microsoft.AAD.BrokerPlugin_cw5n1h2txyewy`",
        "OWA and ECP: check that the Auth certificate is valid on every server, and that cookies of {host} are kept: \
            `Get-AuthConfig | fl CurrentCertificateThumbprint,NextCertificateThumbprint` `Get-ExchangeCertificate | fl \
            Thumbprint,NotAfter,Services`",
        "OWA with Download Domains needs a setting override for modern authentication, and publishing OWA by Entra \
            application proxy is not supported together with it: `Get-OwaVirtualDirectory | fl \
            Server,*DownloadHostName*` `Get-SettingOverride | fl Name,ComponentName,SectionName,Parameters`",
    ],
    reference: "Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication, OWA and \
        ECP; Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017)",
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

### 09:14:09 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:10 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:17 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:17 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:19 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:27 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:27 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:29 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:30 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}
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

### 09:14:09 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:10 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:11 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:11 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:14:17 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:17 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:19 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:21 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:21 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:14:27 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:27 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:29 +700ms outlook.exe:4312 // interactive sign-in
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&redirect_uri=urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: urn:ietf:wg:oauth:2.0:oob?code=sample&session_state=sample

### 09:14:30 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:31 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:31 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

/// So many rounds are a loop; two may be a mistyped password.
const ROUNDS: usize = 3;

/// What a sign-in window is opened for: a host, and for a browser its application.
type Goal = (String, Option<Protocol>);

/// A goal that the user signed in for again and again.
pub(in crate::rules) struct Loop<'a> {
    /// The flow that was not reached.
    pub(in crate::rules) flow: &'a Flow,
    rounds: Vec<SessionId>,
}

fn check(case: &Case<'_>) -> Vec<Finding> {
    loops(case)
        .into_iter()
        .filter_map(|found| {
            // The first sign-in was in order; the second one should not have been.
            let (again, last) = (*found.rounds.get(1)?, *found.rounds.last()?);
            let finding = Finding::new(
                Evidence::request_line(case, again),
                format!(
                    "The user signed in {} times for {} and never reached the mailbox",
                    found.rounds.len(),
                    found.flow.host
                ),
            )
            .flow(found.flow.id)
            .fact("host", found.flow.host.as_str())
            .fact("user", found.flow.user.clone().unwrap_or_default());
            let servers = servers(case, found.flow, again);
            let finding = servers.into_iter().fold(finding, Finding::and);
            Some(finding.and(Evidence::request_line(case, last)))
        })
        .collect()
}

/// The server that took a browser's sign-in and the other one that did not know of it, just before a new round.
fn servers(case: &Case<'_>, flow: &Flow, again: SessionId) -> Vec<Evidence> {
    let before = |step: WebStep| {
        let place = case.place(again);
        let earlier = case.readings_of(flow).filter(|r| case.place(r.session) < place);
        let at = earlier.filter(|r| r.web == Some(step)).last()?.session;
        Some((at, case.session(at)?.response_header("x-feserver")?))
    };
    match (before(WebStep::Taken), before(WebStep::SentToEntra)) {
        (Some((taken, one)), Some((sent, other))) if one != other => [taken, sent]
            .map(|session| Evidence::response_header(case, session, "X-FEServer"))
            .into(),
        _ => Vec::new(),
    }
}

/// The loops that nothing else explains: no refusal of Entra ID, and no reason that Exchange gave.
pub(in crate::rules) fn loops<'a>(case: &Case<'a>) -> Vec<Loop<'a>> {
    // Access may stand where this file does not show it.
    if case.is_sanitized() {
        return Vec::new();
    }
    let mut windows: BTreeMap<Goal, Vec<&Reading>> = BTreeMap::new();
    for reading in case.readings() {
        if let Some(goal) = goal(reading) {
            windows.entry(goal).or_default().push(reading);
        }
    }
    windows.retain(|_, readings| readings.len() >= ROUNDS);
    if windows.is_empty() {
        return Vec::new();
    }
    let (waiting, ended, explained) = (Waiting::of(case), ended(case), token::explained(case));
    let mut loops: Vec<Loop<'a>> = Vec::new();
    for readings in windows.into_values() {
        let flow = readings.last().and_then(|last| Some(waiting.flow_for(case, last)?.0));
        let Some(flow) = flow.filter(|f| f.outcome != Outcome::Healthy) else { continue };
        if ended.contains_key(&flow.id) || explained.contains(&flow.id) {
            continue;
        }
        let rounds = rounds(case, &waiting, flow, &readings);
        if rounds.len() >= ROUNDS {
            loops.push(Loop { flow, rounds });
        }
    }
    loops.sort_by_key(|found| found.flow.id);
    loops
}

/// What a question to the authorize endpoint is for, unless it hopes that no page is needed.
fn goal(reading: &Reading) -> Option<Goal> {
    let RequestMessage::Authorize(request) = &reading.request else { return None };
    if request.silent {
        return None;
    }
    match request.web_application() {
        Some((host, protocol)) => Some((host, Some(protocol))),
        None => Some((request.resource_host()?, None)),
    }
}

/// The questions behind the last access that began a round of their own: a window asks several times for one sign-in.
fn rounds(
    case: &Case<'_>,
    waiting: &Waiting<'_>,
    flow: &Flow,
    readings: &[&Reading],
) -> Vec<SessionId> {
    let access =
        case.readings_of(flow).filter(|r| r.opens_mailbox()).map(|r| case.place(r.session)).max();
    let mut rounds: Vec<SessionId> = Vec::new();
    let mut before: Option<usize> = None;
    for reading in readings {
        let place = case.place(reading.session);
        if access.is_some_and(|access| place < access) {
            continue;
        }
        // The window's own answer may be the end of its round.
        let is_new = before
            .is_none_or(|before| waiting.rests_between(flow.id, before.saturating_sub(1), place));
        if is_new {
            rounds.push(reading.session);
        }
        before = Some(place);
    }
    rounds
}
