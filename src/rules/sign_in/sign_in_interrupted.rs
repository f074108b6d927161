//! Entra ID asked the user for more, and the user got on.

use crate::flow::Step;
use crate::rules::sign_in::failure::overcome;
use crate::rules::{Case, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "sign-in-interrupted",
    title: "The sign-in was interrupted and went on",
    step: Some(Step::SignIn),
    severity: Severity::Note,
    why: "A sign-in is often not done in one go: Entra ID asks for a second factor, for consent, for a registered \
        device or for the password again. It says so with an AADSTS code, the client shows a window, and the user goes \
        on. This capture shows such an interruption that the user got through, so nothing is broken. It explains a \
        window that somebody asks about.",
    fix: &[
        "Nothing has to be done: {user} got a token afterwards",
        "If the question comes too often, look up what asks for it, and review the \
            Conditional Access policies that apply: `hma-trace explain {code}` `Connect-MgGraph -Scopes \
            Policy.Read.All` `Get-MgIdentityConditionalAccessPolicy | Select-Object DisplayName,State,Id`",
    ],
    reference: "Microsoft Learn: Microsoft Entra authentication and authorization error codes",
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

### 09:14:08 +212ms outlook.exe:4312 // silent renewal
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"interaction_required","error_description":"AADSTS50076: Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000002-0000-0ff1-ce00-000000000000'.","error_codes":[50076],"correlation_id":"f3fc8b2f-7cf1-4ce8-b34d-5dd41aba0a02"}

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

### 09:14:08 +212ms outlook.exe:4312 // silent renewal
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:09 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:09 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

fn check(case: &Case<'_>) -> Vec<Finding> {
    overcome(case)
        .into_iter()
        .map(|failure| {
            let message = format!(
                "{} interrupted the sign-in for {} with {}{}; the user got on",
                failure.reading.endpoint.actor().name(),
                failure.flow.host,
                failure.name(),
                failure.meaning()
            );
            failure.finding(case, message).severity(Severity::Note)
        })
        .collect()
}
