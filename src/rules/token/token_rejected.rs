//! Exchange refuses the token and says why by a code.

use std::collections::HashSet;

use crate::flow::{FlowId, Step};
use crate::knowledge::diagnostics_code;
use crate::rules::sign_in::loops;
use crate::rules::token::refusal::{Reason, refusals};
use crate::rules::{Case, Evidence, Finding, RefusedToken, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "token-rejected",
    title: "Exchange refused the token",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "The client brought a token from Entra ID and Exchange answered 401. x-ms-diagnostics carries a number and \
        a reason that say what Exchange did not like about the token; the message explains the number. A single \
        refusal that is followed by a new token and access is part of normal life and is not reported.",
    fix: &[
        "Look up the code: `hma-trace explain {code}`",
        "Signature or issuer (2000000, 2000001, 2000009): renew what Exchange knows of Entra ID, then wait a quarter \
            of an hour or restart IIS: `Get-AuthServer | Where-Object Name -like \"EvoSts*\" | Set-AuthServer \
            -RefreshAuthMetadata` `iisreset /noforce`",
        "If that fails, see that the servers reach login.windows.net, and by which proxy: `Get-ExchangeServer | fl \
            Name,InternetWebProxy`",
        "Lifetime (2000002): compare the clocks of the Exchange servers with the time in the token; they may differ by \
            five minutes",
        "Tenant (2000004): compare what Exchange knows with the `tid` of the token and the domain of the user: \
            `Get-AuthServer | fl Name,Realm,IssuerIdentifier,DomainName` `Get-AcceptedDomain | fl DomainName`",
        "Find the request in the HttpProxy logs of the server in `X-FEServer` by its `request-id`",
    ],
    reference: "Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange; Microsoft Learn: \
        Resolve free/busy errors",
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

### 09:14:32 +40ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000007;reason="The token could not be validated because of an internal error.";error_category="internal_error"
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
    let looping: HashSet<FlowId> = loops(case).iter().map(|found| found.flow.id).collect();
    refusals(case)
        .filter(|refusal| match refusal.reason {
            Reason::Coded => true,
            // A user who signs in again and again is told of that.
            Reason::Untold => !looping.contains(&refusal.token.flow.id),
            _ => false,
        })
        .filter_map(|refusal| finding(case, &refusal.token))
        .collect()
}

fn finding(case: &Case<'_>, refused: &RefusedToken<'_>) -> Option<Finding> {
    let (flow, session) = (refused.flow, refused.session.id);
    let Some(diagnostics) = &refused.reading.diagnostics else {
        // Without a Bearer challenge the answer is about the virtual directory, not about the token.
        refused.reading.challenges.bearer()?;
        return Some(
            Finding::new(
                Evidence::response_header(case, session, "WWW-Authenticate"),
                format!("{} refused the token without saying why", flow.host),
            )
            .and(Evidence::response_header(case, session, "X-FEServer"))
            .flow(flow.id)
            .suspected(),
        );
    };
    if !(2_000_000..2_001_000).contains(&diagnostics.code) {
        return None;
    }
    let known = diagnostics_code::find(diagnostics.code);
    let meaning = known
        .map_or_else(String::new, |known| format!(": {}", known.meaning.trim_end_matches('.')));
    let finding = Finding::new(
        Evidence::response_header(case, session, "x-ms-diagnostics"),
        format!("{} refused the token with {}{meaning}", flow.host, diagnostics.code),
    )
    .and(Evidence::response_header(case, session, "X-FEServer"))
    .and(Evidence::response_header(case, session, "request-id"))
    .flow(flow.id)
    .fact("code", diagnostics.code.to_string())
    .fact("host", flow.host.as_str());
    Some(match known {
        Some(known) => finding.advice(known.fix),
        None => finding,
    })
}
