//! The token is for another service, and Exchange on the own servers refuses it.

use crate::flow::Step;
use crate::knowledge::client_app;
use crate::rules::sign_in::short;
use crate::rules::token::refusal::{Reason, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "audience-other-api",
    title: "The token is for another service",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "A token is good for one audience. This one is for Exchange Online, Microsoft Graph or an application id, and \
        was sent to an Exchange server of the organisation, which accepts tokens for its own address only. The client \
        asked for the wrong resource or took a token of another account from its cache. Programs of other makers do so \
        when they were written for Exchange Online and given another server name.",
    fix: &[
        "Outlook: sign the account out (File > Office Account > Sign out), close all Office programs and sign in \
            again, so that the token cache is built anew",
        "A program of another maker must ask for the address that it talks to: the scope \
            `https://{host}/EWS.AccessAsUser.All` or `https://{host}/.default` in place of one for \
            outlook.office365.com or Microsoft Graph",
        "See that the mailbox is not in both places: `Get-Mailbox {user} | fl RecipientTypeDetails,ExchangeGuid` \
            `Get-RemoteMailbox {user} | fl RemoteRoutingAddress,ExchangeGuid`",
        "See which client asked for the token, by its claim `appid`: `hma-trace explain {appid}`",
    ],
    reference: "Microsoft Learn: Access token claims reference, aud; Microsoft Learn: Instrumenting client requests \
        for EWS and REST in Exchange",
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

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://outlook.office365.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://outlook.office365.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000003;reason="The hostname component of the audience claim value 'https://outlook.office365.com/' is invalid";error_category="invalid_resource"
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
        .filter(|refusal| refusal.reason == Reason::OtherApi)
        .map(|refusal| {
            let session = refusal.token.session.id;
            let audience = refusal.audience().unwrap_or_default();
            let name = client_app::find(audience)
                .map_or_else(|| short(audience), |known| known.name.to_owned());
            let message = format!("The token is for {name}, so {} refused it", refusal.host());
            let finding = refusal.finding(case, message, Evidence::claim(session, "aud", audience));
            // Without Exchange's own word the audience is the likeliest reason.
            if refusal.code().is_some() { finding } else { finding.suspected() }
        })
        .collect()
}
