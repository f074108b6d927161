//! Nobody talks to Exchange.

use crate::flow::{Endpoint, FlowHosts, server_without_authority};
use crate::rules::case::is_own_exchange_name;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "no-exchange-traffic",
    title: "No session is with Exchange",
    step: None,
    severity: Severity::Note,
    why: "None of the recorded requests goes to an address of Exchange (Autodiscover, MAPI, EWS, OAB, ActiveSync, \
        OWA). Either Outlook was not running, or it does not use the recorder as its proxy, or a filter removed its \
        sessions.",
    fix: &[
        "Start the recorder first, then Outlook, and repeat what fails",
        "Check that no filter hides processes or hosts",
        "Check that Outlook does not bypass the proxy for the Exchange hosts, in Internet Options > Connections and \
            here: `netsh winhttp show proxy`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do \
        I troubleshoot HMA",
    fires_on: "### 09:14:07 +31ms msedge.exe:901
GET https://www.contoso.com/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html></html>
",
    silent_on: r#"### 09:14:07 +31ms msedge.exe:901
GET https://www.contoso.com/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html></html>

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
    let has_exchange = case.readings().any(|r| matches!(r.endpoint, Endpoint::Exchange { .. }));
    if has_exchange || !case.flows.visibility.undecrypted.is_empty() {
        return Vec::new();
    }
    // What a phone learns of its server, and what a proxy refuses, is about Exchange all the same.
    if server_without_authority(case.capture).is_some() {
        return Vec::new();
    }
    let tunnels = || case.capture.sessions.iter().filter(|session| session.tunnel);
    let hosts = FlowHosts::of(case.capture, &case.flows.readings);
    if tunnels().any(|tunnel| is_own_exchange_name(tunnel.host()) && hosts.include(tunnel)) {
        return Vec::new();
    }
    let count = case.capture.sessions.len();
    vec![Finding::new(
        Evidence::capture("sessions", count.to_string()),
        match count {
            0 => "The capture is empty".to_owned(),
            1 => "The one session of the capture is not with Exchange".to_owned(),
            n => format!("None of the {n} sessions is with Exchange"),
        },
    )]
}
