//! Exchange answers a Bearer request as if it had never heard of OAuth.

use crate::flow::{AnswerMessage, Reading, RequestMessage, Step};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "bearer-not-offered",
    title: "Exchange does not offer Bearer on this virtual directory",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "The client sent Authorization: Bearer, so Exchange should answer with a Bearer challenge. It listed other \
        methods only, which means that OAuth is switched off on this virtual directory of the server that answered. \
        One server of many that differs is enough to break some connections and not others. A 401 to a request \
        without Bearer never lists Bearer; that is normal and not what is reported here.",
    fix: &[
        "See which server answered (`X-FEServer` in the evidence) and compare all servers, without \
            `-ADPropertiesOnly`: `Get-MapiVirtualDirectory | fl Server,*auth*` `Get-WebServicesVirtualDirectory | fl \
            Server,*oauth*` `Get-OabVirtualDirectory | fl Server,*oauth*` `Get-AutodiscoverVirtualDirectory | fl \
            Server,*oauth*` `Get-ActiveSyncVirtualDirectory | fl Server,*auth*`",
        "MAPI takes the whole list: `Get-MapiVirtualDirectory | Set-MapiVirtualDirectory -IISAuthenticationMethods \
            Ntlm,OAuth,Negotiate`",
        "EWS, OAB and Autodiscover have a switch: `Get-WebServicesVirtualDirectory | Set-WebServicesVirtualDirectory \
            -OAuthAuthentication $true` `Get-OabVirtualDirectory | Set-OabVirtualDirectory -OAuthAuthentication $true` \
            `Get-AutodiscoverVirtualDirectory | Set-AutodiscoverVirtualDirectory -OAuthAuthentication $true`",
        "ActiveSync has no such switch: add `OAuth` to `-InternalAuthenticationMethods` and \
            `-ExternalAuthenticationMethods` of `Set-ActiveSyncVirtualDirectory`",
        "Run `iisreset` on the server that answered, and record the {protocol} connection to {host} again",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        Auth_URI failures and How do I enable HMA; Microsoft Learn: Configure Exchange Server on-premises to use \
        Hybrid Modern Authentication",
    fires_on: "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +52ms outlook.exe:4312 // NTLM
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
",
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
    case.unhealed_flows()
        .filter_map(|flow| {
            let reading = case.readings_of(flow).find(|r| {
                r.sent_bearer()
                    && r.endpoint.is_hma_candidate()
                    && r.answer == AnswerMessage::Challenge
                    && r.challenges.bearer().is_none()
                    && !r.challenges.is_empty()
                    && r.spoke_as_exchange
                    && !is_of_back_end(case, r)
                    // Diagnostics come from the OAuth module: it is there and speaks for itself.
                    && r.diagnostics.is_none()
            })?;
            let offered_later = case.readings_of(flow).any(|r| r.challenges.bearer().is_some());
            if offered_later {
                return None;
            }
            Some(
                Finding::new(
                    Evidence::response_header(case, reading.session, "WWW-Authenticate"),
                    format!(
                        "Exchange answered Bearer on {} ({}) with {} only: OAuth is off there",
                        flow.host,
                        flow.protocol.name(),
                        super::offered(reading)
                    ),
                )
                .and(Evidence::request_header(case, reading.session, "Authorization"))
                .and(Evidence::response_header(case, reading.session, "X-FEServer"))
                .flow(flow.id)
                .fact("host", flow.host.as_str())
                .fact("protocol", flow.protocol.name()),
            )
        })
        .collect()
}

/// Whether a token got past the front end, so that the answer is a back end's and nothing about what is offered.
fn is_of_back_end(case: &Case<'_>, reading: &Reading) -> bool {
    reading.request == RequestMessage::Token
        && case.session(reading.session).is_some_and(|session| {
            ["x-beserver", "x-calculatedbetarget", "x-backendhttpstatus"]
                .iter()
                .any(|name| session.response_header(name).is_some())
        })
}
