//! The token lacks the permission that the protocol needs.

use crate::flow::Step;
use crate::rules::sign_in::short;
use crate::rules::token::refusal::{Reason, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "scope-missing",
    title: "The token lacks the permission for this protocol",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "A token lists what the client may do in the name of the user (scp), or by itself (roles). Exchange accepts \
        the token but not for this protocol, because the permission is not in it. Outlook asks for user_impersonation \
        and gets it; programs of other makers must ask for EAS.AccessAsUser.All or EWS.AccessAsUser.All and need \
        consent for it. An application without a user needs full_access_as_app.",
    fix: &[
        "See what the token holds: `scp`, `roles` and `appid` in the session of the evidence",
        "Give the client the permission in its registration (APIs my organization uses > Office 365 Exchange Online): \
            EWS.AccessAsUser.All for EWS, EAS.AccessAsUser.All for ActiveSync, full_access_as_app for an application \
            without a user",
        "Consent to it for the organisation (Entra ID > Enterprise applications > Permissions > Grant admin consent), \
            and see what was granted: `Connect-MgGraph -Scopes Directory.Read.All` `$x = Get-MgServicePrincipal \
            -Filter \"AppId eq '{appid}'\"` `Get-MgServicePrincipalOauth2PermissionGrant -ServicePrincipalId $x.Id`",
        "The client must ask for the scope by the address that it talks to: `https://{host}/EWS.AccessAsUser.All`",
        "Partner applications (`Set-PartnerApplication`) matter between servers only",
    ],
    reference: "Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange, 2000008; Microsoft Learn: \
        Access token claims reference, scp and roles",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: MacOutlook/16.94.25020927 (Intelx64 Mac OS X Version 15.3)
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

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"6f1d2c3b-4a59-4e78-8d90-a1b2c3d4e5f6","scp":"User.Read","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: MacOutlook/16.94.25020927 (Intelx64 Mac OS X Version 15.3)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"6f1d2c3b-4a59-4e78-8d90-a1b2c3d4e5f6","scp":"User.Read","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000008;reason="The token does not have valid permissions for this request.";error_category="invalid_grant"
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: MacOutlook/16.94.25020927 (Intelx64 Mac OS X Version 15.3)
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

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"6f1d2c3b-4a59-4e78-8d90-a1b2c3d4e5f6","scp":"EWS.AccessAsUser.All","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: MacOutlook/16.94.25020927 (Intelx64 Mac OS X Version 15.3)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"6f1d2c3b-4a59-4e78-8d90-a1b2c3d4e5f6","scp":"EWS.AccessAsUser.All","upn":"meg@contoso.com"}}}

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
        .filter(|refusal| refusal.reason == Reason::Scope)
        .map(|refusal| {
            let session = refusal.token.session.id;
            let held = short(&refusal.permissions());
            let message = format!(
                "The token for {} holds {}, which is not enough for {}",
                refusal.host(),
                if held.is_empty() { "no permission" } else { &held },
                refusal.token.flow.protocol.name()
            );
            match refusal.code() {
                Some(_) => {
                    let said = Evidence::response_header(case, session, "x-ms-diagnostics");
                    refusal.finding(case, message, said).and(Evidence::claim(session, "scp", held))
                }
                None => refusal
                    .finding(case, message, Evidence::claim(session, "scp", held))
                    .suspected(),
            }
        })
        .collect()
}
