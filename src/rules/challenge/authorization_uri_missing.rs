//! A Bearer challenge that names no place to get a token.

use crate::flow::{
    AnswerMessage, RequestMessage, Step, is_good_challenge, server_without_authority,
};
use crate::rules::challenge::{OAUTH_NOT_AVAILABLE, speaks_for_exchange};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "authorization-uri-missing",
    title: "Exchange's challenge names no place to get a token",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "Exchange answered the empty Bearer with a Bearer challenge, so OAuth is on for this virtual directory, but \
        the challenge has no authorization_uri. The client learns that it may bring a token and not where to get \
        one, so it gives up or falls back to a password. The address comes from the AuthServer object that is the \
        default authorization endpoint: none is, or the change has not reached this server yet.",
    fix: &[
        "Look at the authorization servers: `Get-AuthServer | Where-Object Name -like \"EvoSts*\" | fl \
            Name,Realm,Enabled,IsDefaultAuthorizationEndpoint,DomainName`",
        "If there is none, run the latest Hybrid Configuration Wizard; it creates the object",
        "If there is one, make it the default: `Get-AuthServer | Where-Object Name -like \"EvoSts*\" | Set-AuthServer \
            -IsDefaultAuthorizationEndpoint $true`",
        "If there are several, make only the one of your tenant {tenant} the default, and name the mail domain with \
            it: `Set-AuthServer -Identity \"<its name>\" -IsDefaultAuthorizationEndpoint $true -DomainName \
            \"<domain>\"`",
        "Check that exactly one object is the default: `Get-AuthServer | fl Name,IsDefaultAuthorizationEndpoint`",
        "Wait for Active Directory replication or run `iisreset`, then send the empty Bearer to {host} again",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        Auth_URI failures; Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern \
        Authentication (revision of December 2024)",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
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
    let mut findings = challenged(case);
    findings.extend(told_to_phone(case));
    findings
}

/// What a phone is told comes from a challenge that Microsoft's service saw. An organisation that does without modern
/// authentication, and a server that is not Exchange, look the same from there.
fn told_to_phone(case: &Case<'_>) -> Option<Finding> {
    let (session, host) = server_without_authority(case.capture)?;
    let message = format!(
        "AutoDetect names no place to get a token for {host}, so the phone asks for a password"
    );
    Some(
        Finding::new(Evidence::response_body(session, "aad", ""), message)
            .and(Evidence::response_body(session, "hostname", host.as_str()))
            .fact("host", host)
            .suspected()
            .severity(Severity::Warning),
    )
}

fn challenged(case: &Case<'_>) -> Vec<Finding> {
    case.unhealed_flows()
        .filter_map(|flow| {
            let readings = || case.readings_of(flow);
            if readings().any(is_good_challenge) {
                return None;
            }
            let reading = readings().find(|r| {
                r.request == RequestMessage::Probe
                    && r.endpoint.is_hma_candidate()
                    && r.answer == AnswerMessage::Challenge
                    && r.challenges.bearer().is_some_and(|b| b.authorization_uri().is_none())
                    && r.diagnostics.as_ref().is_none_or(|d| d.code != OAUTH_NOT_AVAILABLE)
                    && speaks_for_exchange(r)
            })?;
            if case.sends_token_after(flow, reading.session) {
                return None;
            }
            let message = format!(
                "Exchange answered the empty Bearer on {} ({}) without saying where to get a token",
                flow.host,
                flow.protocol.name()
            );
            Some(
                Finding::new(
                    Evidence::response_header(case, reading.session, "WWW-Authenticate"),
                    message,
                )
                .and(Evidence::request_header(case, reading.session, "Authorization"))
                .and(Evidence::response_header(case, reading.session, "X-FEServer"))
                .flow(flow.id)
                .fact("host", flow.host.as_str()),
            )
        })
        .collect()
}
