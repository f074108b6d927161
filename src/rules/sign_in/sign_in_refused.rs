//! Entra ID refuses the sign-in, for a reason that it names.

use crate::flow::Step;
use crate::rules::sign_in::failure::{Failure, Kind, failures};
use crate::rules::{Case, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "sign-in-refused",
    title: "Entra ID refused the sign-in",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The client was sent to Entra ID, which issued no token and said why with an AADSTS code. Errors that \
        belong to every sign-in (a second factor, a consent, a mistyped password that was then corrected) are not \
        reported; this one was the last word in the capture. The message explains its code.",
    fix: &[
        "Look up the code at `https://login.microsoftonline.com/error?code={code}` or with the command: `hma-trace \
            explain {code}`",
        "Find the attempt in Entra ID > Sign-in logs by the request id or correlation id in the evidence; the tab \
            Conditional Access names the policy that decided, if one did",
        "Correct what the code names, then let {user} sign in again",
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

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50105: Your administrator has configured the application Microsoft Office to block users unless they are specifically granted access.","error_codes":[50105],"correlation_id":"0d7b3e7c-93a1-4a3c-8d7e-7ad0c2b7f5a1"}
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
    failures(case, Kind::Refused)
        .into_iter()
        // A round of the interactive sign-in that the user got through.
        .filter(|failure| !failure.healed)
        .map(|failure| finding(case, &failure))
        .collect()
}

fn finding(case: &Case<'_>, failure: &Failure<'_>) -> Finding {
    let message = format!(
        "{} refused the sign-in for {} with {}{}",
        failure.reading.endpoint.actor().name(),
        failure.flow.host,
        failure.name(),
        failure.meaning()
    );
    let finding = failure.finding(case, message);
    match failure.known() {
        Some(known) => finding.advice(known.fix),
        None => finding,
    }
}
