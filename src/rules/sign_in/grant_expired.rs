//! The refresh token ran out, and nobody signed in again.

use crate::flow::Step;
use crate::rules::sign_in::failure::{Kind, failures, user_of};
use crate::rules::{Case, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "grant-expired",
    title: "The user's earlier sign-in ran out",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The client tried to renew its token silently with a refresh token. Entra ID refused it because the earlier \
        sign-in is too old: the refresh token was not used for a long time, or a Conditional Access policy limits how \
        long a sign-in counts (sign-in frequency). That is part of normal life, and the client should show a sign-in \
        window. It is a fault only when no new sign-in follows.",
    fix: &[
        "Let {user} sign in once; if no window appears, restart Outlook",
        "If people are asked too often, look for a sign-in frequency among the session controls of Conditional Access: \
            `Connect-MgGraph -Scopes Policy.Read.All` `Get-MgIdentityConditionalAccessPolicy | Where-Object {$_.SessionControls.SignInFrequency.IsEnabled} | Select-Object DisplayName,Id`",
        "Find the attempt in Entra ID > Sign-in logs by the request id or correlation id in the evidence: its details \
            say how old the sign-in was",
        "If no window ever appears, sign the account out (File > Office Account > Sign out), close all Office programs \
            and sign in again",
    ],
    reference: "Microsoft Learn: Microsoft Entra authentication and authorization error codes, 70008, 70043, 700082, \
        700084; Microsoft Learn: Configure adaptive session lifetime policies",
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

{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired due to inactivity. The token was issued on 2025-11-20T08:00:00.0000000Z and was inactive for 90.00:00:00.","error_codes":[700082],"timestamp":"2026-03-02 09:14:08Z","trace_id":"f840b3e7-8740-4698-b252-d759825e0300","correlation_id":"f3fc8b2f-7cf1-4ce8-b34d-5dd41aba0a02"}
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
    failures(case, Kind::GrantExpired)
        .into_iter()
        .map(|failure| {
            let user = user_of(case, failure.flow, failure.reading.session);
            let whose = user.as_deref().unwrap_or("the user");
            let end =
                if failure.healed { "who signed in again" } else { "and no new sign-in followed" };
            let code = failure.error.code().unwrap_or_default();
            let message =
                format!("The earlier sign-in of {whose} had run out (AADSTS{code}), {end}");
            failure.finding(case, message)
        })
        .collect()
}
