//! One server accepts the token, another refuses it.

use std::collections::BTreeMap;

use crate::capture::SessionId;
use crate::flow::{AnswerMessage, Flow, Reading, RequestMessage, Step, TokenId};
use crate::rules::sign_in::short;
use crate::rules::token::{has_expired, is_time_over};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "one-server-differs",
    title: "One Exchange server differs from the others",
    step: Some(Step::Access),
    severity: Severity::Warning,
    why: "The same token was sent to the same address and accepted by one server and refused by another: the load \
        balancer spreads requests over servers that are not alike. Users see that Outlook connects now and then, or \
        asks for a password out of nothing. One server has OAuth switched off in a virtual directory, old keys of \
        Entra ID, another build or a wrong clock.",
    fix: &[
        "Take the server that refused ({server}) out of the load balancer until it is mended",
        "Compare the virtual directories of all servers: `Get-MapiVirtualDirectory | fl Server,*auth*` \
            `Get-WebServicesVirtualDirectory | fl Server,*auth*` `Get-OabVirtualDirectory | fl Server,*auth*` \
            `Get-AutodiscoverVirtualDirectory | fl Server,*auth*` `Get-ActiveSyncVirtualDirectory | fl Server,*auth*`",
        "Compare builds and proxies, and that every server reaches the metadata of Entra ID: `Get-ExchangeServer | fl \
            Name,AdminDisplayVersion,InternetWebProxy`",
        "Compare the clocks: `w32tm /monitor /computers:{server}`",
        "Restart IIS on the server that refused, in case it has not learned of a change: `iisreset {server} /noforce`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Auth_URI \
        failures; microsoft/CSS-Exchange HealthChecker",
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

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // refused by EX2
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX2
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:33 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:33 GMT
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
X-FEServer: EX2
X-BEServer: EX2
X-ResponseCode: 0

### 09:14:33 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:33 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

/// What the servers of one address said to one token.
#[derive(Default)]
struct Answers<'a> {
    accepted: BTreeMap<&'a str, SessionId>,
    refused: BTreeMap<&'a str, SessionId>,
}

/// A header field that names a server, and the answers by its value.
type ByServer<'a> = BTreeMap<(TokenId, &'a str), Answers<'a>>;

fn check(case: &Case<'_>) -> Vec<Finding> {
    case.hma_flows().filter_map(|flow| finding(case, flow)).collect()
}

fn finding(case: &Case<'_>, flow: &Flow) -> Option<Finding> {
    // Most flows refuse nothing.
    case.readings_of(flow).find(|r| {
        r.request == RequestMessage::Token
            && matches!(r.answer, AnswerMessage::Challenge | AnswerMessage::Refusal)
    })?;
    ["X-FEServer", "X-BEServer"].into_iter().find_map(|field| {
        answers(case, flow, field).into_values().find_map(|answers| {
            // A server that does both learns of a change, or the token's time is over.
            let refused =
                answers.refused.iter().find(|(name, _)| !answers.accepted.contains_key(*name));
            let (bad, refused) = refused?;
            let (good, accepted) = answers.accepted.first_key_value()?;
            let message = format!(
                "{} refused the token that {} accepted on {} ({})",
                short(bad),
                short(good),
                flow.host,
                flow.protocol.name()
            );
            let finding = Finding::new(Evidence::response_header(case, *refused, field), message)
                .and(Evidence::status(case, *refused))
                .and(Evidence::response_header(case, *accepted, field))
                .and(Evidence::status(case, *accepted))
                .flow(flow.id)
                .fact("server", *bad)
                .fact("host", flow.host.as_str());
            Some(finding)
        })
    })
}

fn answers<'a>(case: &Case<'a>, flow: &'a Flow, field: &str) -> ByServer<'a> {
    let mut answers: ByServer<'_> = BTreeMap::new();
    for reading in case.readings_of(flow).filter(|r| r.request == RequestMessage::Token) {
        let Some(session) = case.session(reading.session) else { continue };
        let Some(server) = session.response_header(field).filter(|s| !s.is_empty()) else {
            continue;
        };
        let Some(token) = case.flows.token_used_in(session.id) else { continue };
        let said = answers.entry((token.id, session.request.target.path())).or_default();
        match reading.answer {
            AnswerMessage::Success => {
                said.accepted.entry(server).or_insert(session.id);
            }
            AnswerMessage::Challenge | AnswerMessage::Refusal
                if is_about_the_server(case, reading) =>
            {
                said.refused.entry(server).or_insert(session.id);
            }
            _ => {}
        }
    }
    answers
}

/// Whether a refusal is not merely the end of the token's time.
fn is_about_the_server(case: &Case<'_>, reading: &Reading) -> bool {
    !has_expired(case, reading) && !is_time_over(case, reading)
}
