//! The refresh token was revoked, and nobody signed in again.

use crate::flow::Step;
use crate::rules::sign_in::failure::{Kind, failures, user_of};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "grant-revoked",
    title: "The user's earlier sign-in was revoked",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The client tried to renew its token silently with a refresh token. Entra ID refused it because everything \
        issued before a certain moment was revoked: the password was changed or reset, or an administrator revoked \
        the sessions. This is normal once after such a change, and the client should show a sign-in window. It is a \
        fault only when no new sign-in follows.",
    fix: &[
        "Let {user} sign in once; if no window appears, restart Outlook",
        "If it comes back every time, sign the account out (File > Office Account > Sign out), close all Office \
            programs, and remove the account under Settings > Accounts > Access work or school before signing in \
            again",
        "Look in Entra ID > Sign-in logs for the correlation id in the evidence; see who revoked the sessions in the \
            audit logs (Revoke sign-in sessions, Reset password)",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Unicorn \
        rampage and revoked tokens; Microsoft Learn: Microsoft Entra authentication and authorization error codes",
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

{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed. The grant was issued on '2026-02-10T07:20:13.0000000Z' and the TokensValidFrom date for this user is '2026-03-02T08:27:45.0000000Z'.","error_codes":[50173],"timestamp":"2026-03-02 09:14:08Z","trace_id":"f840b3e7-8740-4698-b252-d759825e0300","correlation_id":"f3fc8b2f-7cf1-4ce8-b34d-5dd41aba0a02"}
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
    failures(case, Kind::GrantRevoked)
        .into_iter()
        .map(|failure| {
            let session = failure.reading.session;
            let user = user_of(case, failure.flow, session);
            let whose = user.as_deref().unwrap_or("the user");
            let message = if failure.healed {
                format!("Entra ID had revoked the earlier sign-in of {whose}, who signed in again")
            } else {
                format!(
                    "Entra ID revoked the earlier sign-in of {whose}, and no new sign-in followed"
                )
            };
            let mut finding = Finding::new(failure.evidence(case), message)
                .flow(failure.flow.id)
                .fact("user", user.unwrap_or_default());
            finding.evidence.extend(failure.request_id(case));
            if let Some(id) = &failure.error.correlation_id {
                finding =
                    finding.and(Evidence::response_body(session, "correlation_id", id.as_str()));
            }
            match failure.lesser_severity() {
                Some(severity) => finding.severity(severity),
                None => finding,
            }
        })
        .collect()
}
