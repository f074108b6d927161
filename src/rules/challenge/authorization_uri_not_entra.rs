//! The challenge sends the client somewhere else than Entra ID.

use crate::flow::{AnswerMessage, Flow, Mechanism, Step, is_good_challenge};
use crate::http::Target;
use crate::knowledge::identity_host;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "authorization-uri-not-entra",
    title: "The challenge does not lead to Entra ID",
    step: Some(Step::Challenge),
    severity: Severity::Error,
    why: "Hybrid Modern Authentication means that Exchange sends the client to Entra ID for its token. Here \
        authorization_uri names another host. If it is your AD FS (issuer_kind=\"ADFS\" or a path under /adfs/), \
        this is AD FS modern authentication: Exchange 2019 CU13 and later supports that for organisations without \
        hybrid, and it is not HMA. Any other host means that a wrong AuthServer object is the default, or that a \
        device in between answers in place of Exchange.",
    fix: &[
        "See which object is the default: `Get-AuthServer | fl \
            Name,Type,AuthorizationEndpoint,Enabled,IsDefaultAuthorizationEndpoint`",
        "For HMA, take the default from the wrong one: `Set-AuthServer -Identity \"<its name>\" \
            -IsDefaultAuthorizationEndpoint $false`",
        "Then give it to Entra ID: `Get-AuthServer | Where-Object Name -like \"EvoSts*\" | Set-AuthServer \
            -IsDefaultAuthorizationEndpoint $true`",
        "If no object has this address, a proxy or gateway in front of {host} answers: publish `/autodiscover`, \
            `/mapi`, `/EWS`, `/OAB` and `/Microsoft-Server-ActiveSync` without pre-authentication",
        "If AD FS is meant, nothing is wrong with this address; its clients need `EnableExchangeOnPremModernAuth=1` in \
            `HKCU\\Software\\Microsoft\\Office\\16.0\\Common\\Identity`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        Auth_URI failures; Microsoft Learn: Enabling Modern Auth in Exchange on-premises (AD FS)",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://gateway.fabrikam.example/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
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
    let adfs = case.flows.flows.iter().filter(|f| f.mechanism == Mechanism::Adfs && !f.online);
    let findings = case.unhealed_flows().chain(adfs).filter_map(|flow| finding(case, flow));
    findings.collect()
}

fn finding(case: &Case<'_>, flow: &Flow) -> Option<Finding> {
    let readings = || case.flows.readings_of(flow);
    if readings().any(is_good_challenge) {
        return None;
    }
    let (reading, uri) = readings()
        .filter(|r| {
            r.sent_bearer() && r.endpoint.is_hma_candidate() && r.answer == AnswerMessage::Challenge
        })
        .find_map(|r| Some((r, r.challenges.bearer()?.authorization_uri()?)))?;
    let target = Target::new(uri);
    if identity_host::is_entra_authority(target.host()) {
        return None;
    }
    let place = if target.host().is_empty() { "no web address" } else { target.host() };
    let is_adfs = flow.mechanism == Mechanism::Adfs;
    let message = if is_adfs {
        format!(
            "{} sends its clients to AD FS at {place}: this is AD FS modern authentication, not HMA",
            flow.host
        )
    } else {
        format!("{} sends its clients to {place} for a token, not to Entra ID", flow.host)
    };
    let finding =
        Finding::new(Evidence::response_header(case, reading.session, "WWW-Authenticate"), message)
            .flow(flow.id)
            .fact("host", flow.host.as_str());
    Some(if is_adfs { finding.severity(Severity::Warning) } else { finding })
}
