//! The client never says that it can do OAuth.

use crate::capture::SessionId;
use crate::flow::{
    Actor, Asked, Flow, IdentityPurpose, Mechanism, Outcome, Protocol, Reading, RequestMessage,
    Step,
};
use crate::knowledge::client_app;
use crate::rules::client::{
    bearer_clients, client_name, is_older_than_2013, person, rpc_over_http::is_outlook_anywhere,
};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "no-empty-bearer",
    title: "The client does not try modern authentication",
    step: Some(Step::Probe),
    severity: Severity::Error,
    why: "A client that can do modern authentication says so with an empty Authorization: Bearer header; only then \
        does Exchange tell it where to get a token. This client signed in with Windows authentication or a password \
        and never sent Bearer, so the server was never asked. Usually a registry value or a group policy has \
        switched modern authentication off in Outlook.",
    fix: &[
        "Look for `EnableADAL` with the value 0 in `HKCU\\Software\\Microsoft\\Office\\16.0\\Common\\Identity` and in \
            `HKCU\\Software\\Policies\\Microsoft\\Office\\16.0\\Common\\Identity`, and remove it or set it to 1; \
            Outlook 2013 needs `EnableADAL=1` and `Version=1` under `15.0`",
        "Set `AlwaysUseMSOAuthForAutoDiscover` (DWORD) to 1 in `HKCU\\Software\\Microsoft\\Exchange`, so that \
            Autodiscover uses modern authentication too",
        "On a Mac run: `defaults write com.microsoft.Outlook DisableModernAuth -bool NO`",
        "Check that MAPI over HTTP is on: `Get-OrganizationConfig | fl MapiHttpEnabled` `Get-CASMailbox {user} | fl \
            MapiHttpEnabled`",
        "On a phone remove the account and add it again: an old profile keeps Basic",
        "Restart the client and record again: the first request to {host} should carry Authorization: Bearer",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Client \
        failure; Microsoft Learn: How modern authentication works for Office client apps",
    fires_on: r#"### 09:13:20 +31ms powershell.exe:771 // Test-HMAEAS.ps1: the server offers HMA
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.20348.2849
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:13:20 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Basic realm="mail.contoso.com"

### 09:14:07 +22ms outlook.exe:4312 // no Authorization, so no Bearer is offered
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +52ms outlook.exe:4312 // Negotiate
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2

### 09:14:09 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:09 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    silent_on: r#"### 09:13:20 +31ms powershell.exe:771 // Test-HMAEAS.ps1: the server offers HMA
OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.20348.2849
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:13:20 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Basic realm="mail.contoso.com"

### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
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
    // Bearer may stand where this file does not show it.
    if case.is_sanitized() || case.hides_exchange() {
        return Vec::new();
    }
    let mut settled = bearer_clients(case);
    // Outlook Anywhere is the cause then, and has a rule of its own.
    let anywhere = case.flows.flows.iter().filter(|flow| is_outlook_anywhere(flow));
    settled.extend(anywhere.map(|flow| person(case, flow)));
    let meant = meant(case);
    let works = case.hma_flows().any(|f| f.outcome == Outcome::Healthy);
    let mut findings = Vec::new();
    for flow in case.flows.flows.iter().filter(|f| falls_back(f)) {
        let client = person(case, flow);
        if !is_older_than_2013(flow) && !settled.contains(&client) {
            findings.extend(finding(case, flow, meant, works));
            settled.insert(client);
        }
    }
    findings
}

fn finding(case: &Case<'_>, flow: &Flow, meant: Option<SessionId>, works: bool) -> Option<Finding> {
    let asks = |r: &&Reading| r.endpoint.is_hma_candidate();
    let first = case.readings_of(flow).find(asks)?;
    let signed_in = case
        .readings_of(flow)
        .filter(asks)
        .find(|r| matches!(r.request, RequestMessage::Basic | RequestMessage::Windows(_)))?;
    let mut finding = Finding::new(
        Evidence::request_header(case, first.session, "Authorization"),
        format!(
            "{} signed in to {} with {} and never offered modern authentication",
            client_name(flow),
            flow.host,
            flow.mechanism.name()
        ),
    )
    .flow(flow.id)
    .fact("host", flow.host.as_str())
    .fact("user", flow.user.clone().unwrap_or_default());
    if signed_in.session != first.session {
        finding = finding.and(Evidence::request_header(case, signed_in.session, "Authorization"));
    }
    match (is_mail_app(case, flow), meant) {
        (true, Some(session)) => finding = finding.and(Evidence::request_line(case, session)),
        // A program of its own beside a client that works may have its reasons.
        (false, _) if works => finding = finding.severity(Severity::Note),
        // Nothing shows that this organisation uses HMA, or that this program should.
        _ => finding = finding.severity(Severity::Warning),
    }
    Some(finding)
}

fn falls_back(flow: &Flow) -> bool {
    !flow.online
        && matches!(
            flow.protocol,
            Protocol::Autodiscover | Protocol::Mapi | Protocol::Ews | Protocol::ActiveSync
        )
        && matches!(flow.mechanism, Mechanism::Basic | Mechanism::Ntlm | Mechanism::Negotiate)
}

/// Outlook, or a mail app on a phone; scripts and services over EWS may have their reasons for NTLM.
fn is_mail_app(case: &Case<'_>, flow: &Flow) -> bool {
    flow.protocol == Protocol::ActiveSync || person(case, flow).starts_with("outlook")
}

/// What shows that this organisation uses HMA: a Bearer challenge of its Exchange, or a sign-in for it. Other programs
/// of the machine sign in to Entra ID too, for resources of their own.
fn meant(case: &Case<'_>) -> Option<SessionId> {
    let offered =
        case.readings().find(|r| r.endpoint.is_hma_candidate() && r.challenges.bearer().is_some());
    let hosts: Vec<&str> =
        case.flows.flows.iter().filter(|f| !f.online).map(|f| f.host.as_str()).collect();
    let is_for_us = |r: &Reading| match &r.behalf.asked {
        Asked::Resource(host) | Asked::Application(host, _) => hosts.contains(&host.as_str()),
        Asked::Nothing | Asked::Foreign => false,
    };
    let is_foreign = |r: &Reading| r.behalf.asked != Asked::Nothing && !is_for_us(r);
    let others = case.readings().any(is_foreign);
    let signs_in = |r: &Reading| {
        r.endpoint.actor() == Actor::EntraId
            && r.request != RequestMessage::Tunnel
            && r.endpoint.identity().is_some_and(IdentityPurpose::is_sign_in)
            && r.behalf.asked == Asked::Nothing
            && match r.behalf.client_id.as_deref() {
                Some(client) => client_app::is_mail_client(client),
                None => !others,
            }
    };
    offered
        .or_else(|| case.readings().find(|r| is_for_us(r)))
        .or_else(|| case.readings().find(|r| signs_in(r)))
        .map(|r| r.session)
}
