//! The network lets nobody sign in to this tenant.

use crate::flow::Step;
use crate::rules::sign_in::failure::{Kind, failures};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "tenant-restricted",
    title: "The network does not allow this tenant",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The network between client and Entra ID adds a header to every sign-in that lists the tenants which people \
        may use from here (tenant restrictions). Entra ID obeys and refuses this one. That is right for a foreign \
        tenant and wrong for the one that the mailbox belongs to: then the list is incomplete, or somebody signed in \
        with an account of another organisation.",
    fix: &[
        "See which tenant the sign-in was for, and whether it is yours: the error text in the session names it",
        "If it is yours, add its domain or id to the header `Restrict-Access-To-Tenants` that the proxy adds to \
            `login.microsoftonline.com`, `login.microsoft.com` and `login.windows.net`, or to the tenant restrictions \
            policy behind `sec-Restrict-Tenant-Access-Policy`",
        "If it is not, let {user} sign out and sign in with the account of the organisation that the mailbox belongs \
            to",
        "Read the cross-tenant settings of your own tenant: `Connect-MgGraph -Scopes Policy.Read.All` \
            `Get-MgPolicyCrossTenantAccessPolicyDefault | Select-Object -ExpandProperty TenantRestrictions`",
    ],
    reference: "Microsoft Learn: Microsoft Entra authentication and authorization error codes, 500021, 500022; \
        Microsoft Learn: Use tenant restrictions to manage access to SaaS apps",
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

{"error":"access_denied","error_description":"AADSTS500021: Access to 'Contoso' tenant is denied.","error_codes":[500021],"correlation_id":"0d7b3e7c-93a1-4a3c-8d7e-7ad0c2b7f5a1"}
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

/// Header fields by which a network lists the tenants that it allows (Microsoft Learn: tenant restrictions v1 and v2).
const RESTRICTIONS: &[&str] =
    &["Restrict-Access-To-Tenants", "Restrict-Access-Context", "sec-Restrict-Tenant-Access-Policy"];

fn check(case: &Case<'_>) -> Vec<Finding> {
    failures(case, Kind::TenantRestricted)
        .into_iter()
        // What healed is another account, or a repair seen as it took effect.
        .filter(|failure| !failure.healed)
        .map(|failure| {
            let session = failure.reading.session;
            let message = format!(
                "Tenant restrictions of the network refused the sign-in for {} with {}",
                failure.flow.host,
                failure.name()
            );
            let mut finding = failure.finding(case, message);
            for name in RESTRICTIONS {
                if case.request_header(session, name).is_some() {
                    finding = finding.and(Evidence::request_header(case, session, name));
                }
            }
            finding
        })
        .collect()
}
