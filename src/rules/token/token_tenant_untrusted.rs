//! The token comes from a tenant that this Exchange organisation does not trust.

use crate::flow::Step;
use crate::rules::sign_in::short;
use crate::rules::token::refusal::{Reason, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "token-tenant-untrusted",
    title: "The token is from a tenant that Exchange does not trust",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "Exchange says in its challenge which tenants it trusts (trusted_issuers), and this token comes from another \
        one. Somebody signed in with an account of another organisation, as a guest or with a second work account. Or \
        the organisation has several tenants, and Exchange was told of only one of them.",
    fix: &[
        "See in which tenant the user signed in (`tid` and `upn` of the token: tenant {tenant}), and let {user} sign \
            in with the account that the mailbox belongs to",
        "Compare the tenants that Exchange knows: `Get-AuthServer | fl \
            Name,Type,Enabled,IssuerIdentifier,Realm,DomainName`",
        "If the tenant is yours, run the Hybrid Configuration Wizard for it, so that it gets an AuthServer object of \
            its own, and name its domains there: `Set-AuthServer -Identity \"EvoSTS - <GUID>\" -DomainName <domain>`",
        "See that the mail domain is an accepted domain, not by a wildcard: `Get-AcceptedDomain | fl \
            DomainName,DomainType`",
        "After a change, wait a quarter of an hour or restart IIS: `iisreset /noforce`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017); Microsoft \
        Learn: Instrumenting client requests for EWS and REST in Exchange, 2000001, 2000004; Microsoft Learn: \
        Configure Exchange Server on-premises to use Hybrid Modern Authentication",
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

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43/","tid":"b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@fabrikam.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43/","tid":"b1f0c3d2-5a47-4e19-8c6b-0d9e7f6a5b43","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@fabrikam.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000001;reason="The token is invalid.";error_category="invalid_token"
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
    refusals(case)
        .filter(|refusal| refusal.reason == Reason::TenantUntrusted)
        .map(|refusal| {
            let session = refusal.token.session.id;
            let tenant = refusal.jwt().and_then(|jwt| jwt.tenant_id()).unwrap_or_default();
            let message = format!(
                "The token is from tenant {}, which is not among those that {} trusts",
                short(tenant),
                refusal.host()
            );
            let finding = refusal
                .finding(case, message, Evidence::claim(session, "tid", tenant))
                .and(Evidence::response_header(case, session, "WWW-Authenticate"))
                .fact("tenant", tenant);
            // Without Exchange's own word the tenant is the likeliest reason.
            if refusal.code().is_some() { finding } else { finding.suspected() }
        })
        .collect()
}
