//! The first request to Exchange already carries a token.

use crate::flow::{Endpoint, Mechanism, Purpose, RequestMessage, Step};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "starts-mid-session",
    title: "The capture starts after the sign-in",
    step: Some(Step::Probe),
    severity: Severity::Note,
    why: "Outlook asks for a token only when it has none. This capture begins when the client already had one, so \
        probe, challenge and sign-in happened before. Nothing is wrong with that; it only means that those steps \
        cannot be judged here.",
    fix: &[
        "Nothing to repair. To see the whole flow, close Outlook, start the recorder, then start Outlook; to force a \
            sign-in sign the account out first (File > Office Account > Sign out)",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do \
        I troubleshoot HMA",
    fires_on: r#"### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
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

fn check(case: &Case<'_>) -> Vec<Finding> {
    let first = case.readings().find(|r| {
        matches!(r.endpoint, Endpoint::Exchange { online: false, purpose: Purpose::Client, .. })
            && r.request != RequestMessage::Anonymous
            && r.request != RequestMessage::Tunnel
    });
    let Some(first) = first.filter(|r| r.request == RequestMessage::Token) else {
        return Vec::new();
    };
    let flow = case.hma_flows().find(|f| f.sessions.contains(&first.session));
    let Some(flow) = flow.filter(|f| f.mechanism == Mechanism::Hma) else { return Vec::new() };
    // A program that fetches its token before it turns to Exchange shows all of its flow.
    let was_issued_here =
        case.flows.token_used_in(first.session).is_some_and(|token| token.issued_in.is_some());
    if was_issued_here {
        return Vec::new();
    }
    vec![
        Finding::new(
            Evidence::request_header(case, first.session, "Authorization"),
            format!("The first request to {} already carries a token: the sign-in happened before the capture", flow.host),
        )
        .flow(flow.id),
    ]
}
