//! Exchange cannot verify the signature of the token.

use crate::flow::Step;
use crate::jwt::Signature;
use crate::rules::token::refusal::{Reason, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "token-signature-rejected",
    title: "Exchange cannot verify the token's signature",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "Entra ID signs its tokens with keys that it changes from time to time, and Exchange keeps a copy of the \
        public keys. The copy of the server that answered is old: it could not fetch the new keys, because it does not \
        reach the internet or its proxy is not set. Often one server of several is affected. A token that was changed \
        on its way would look the same, which is rare.",
    fix: &[
        "Fetch the keys again, then wait a quarter of an hour or restart IIS on every server: `Get-AuthServer | \
            Where-Object Name -like \"EvoSts*\" | Set-AuthServer -RefreshAuthMetadata` `iisreset /noforce`",
        "See that every Exchange server reaches the metadata, and by which proxy: `Get-ExchangeServer | fl \
            Name,InternetWebProxy` `Invoke-WebRequest \
            https://login.windows.net/common/federationmetadata/2007-06/federationmetadata.xml -UseBasicParsing`",
        "If a proxy is needed, tell Exchange: `Set-ExchangeServer {server} -InternetWebProxy http://<proxy>:<port>`",
        "The keys are renewed by the server that hosts the arbitration mailbox with OrganizationCapabilityManagement; \
            look at its events of MSExchange AuthAdmin: `Get-Mailbox -Arbitration | Where-Object {$_.PersistedCapabilities -like \"*OrganizationCapabilityManagement*\"} \
            | fl Name,ServerName`",
        "The server that answered stands in `X-FEServer` of the evidence; compare it with the others",
    ],
    reference: "Microsoft Learn: Using hybrid Modern Authentication with Outlook for iOS and Android; Microsoft Learn: \
        Resolve free/busy errors; Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange, 2000000",
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

### 09:14:32 +84ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000000;reason="The token has an invalid signature.";error_category="invalid_signature"
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
        .filter(|refusal| refusal.reason == Reason::Signature)
        .map(|refusal| {
            let session = refusal.token.session.id;
            let who = match refusal.token.session.response_header("x-feserver") {
                Some(server) => format!("{} ({server})", refusal.host()),
                None => refusal.host().to_owned(),
            };
            let message = format!(
                "{who} cannot verify the signature of the token, most likely because its keys of Entra ID are old"
            );
            let evidence = Evidence::response_header(case, session, "x-ms-diagnostics");
            let finding = refusal.finding(case, message, evidence);
            // With the issuer's keys at hand the token itself can be cleared.
            let token = case.flows.token_used_in(session);
            if token.is_some_and(|token| token.signature == Signature::Verified) {
                finding.and(Evidence::claim(session, "signature", "fits the issuer's keys"))
            } else {
                finding
            }
        })
        .collect()
}
