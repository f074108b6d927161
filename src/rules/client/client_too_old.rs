//! The client is from before modern authentication.

use crate::flow::{Endpoint, Flow, Mechanism, Purpose, Step};
use crate::knowledge::outlook_version::outlook_of;
use crate::rules::client::{bearer_clients, is_older_than_2013, person};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "client-too-old",
    title: "This Outlook cannot do modern authentication",
    step: Some(Step::Probe),
    severity: Severity::Error,
    why: "Outlook 2010 and older do not know OAuth: they never send the empty Bearer header and can only use \
        passwords or Windows authentication. Outlook 2013 can do it, but only when two registry values switch it \
        on.",
    fix: &[
        "Outlook 2010 or older: replace it with a supported version of Outlook; no setting helps",
        "Outlook 2013: set `EnableADAL=1` and `Version=1` (both DWORD) in \
            `HKCU\\Software\\Microsoft\\Office\\15.0\\Common\\Identity`, install its latest updates and restart it",
        "Record again: the first request to {host} should carry Authorization: Bearer",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Client \
        failure; Microsoft Learn: How modern authentication works for Office client apps",
    fires_on: "### 09:14:07 +22ms outlook.exe:4312 // no Authorization, so no Bearer is offered
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
User-Agent: Microsoft Office/14.0 (Windows NT 6.1; Microsoft Outlook 14.0.7268; Pro)

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +52ms outlook.exe:4312 // NTLM
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
User-Agent: Microsoft Office/14.0 (Windows NT 6.1; Microsoft Outlook 14.0.7268; Pro)
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
    // A user agent may lie: who sends Bearer can do it.
    let able = bearer_clients(case);
    let mut seen: Vec<&'static str> = Vec::new();
    let mut findings = Vec::new();
    for flow in case.flows.flows.iter().filter(|f| !f.online && signs_in(case, f)) {
        let Some(outlook) = flow.user_agent.as_deref().and_then(outlook_of) else { continue };
        let is_2013 = outlook.name == "Outlook 2013";
        if !is_older_than_2013(flow) && !is_2013
            || seen.contains(&outlook.name)
            || able.contains(&person(case, flow))
            || is_2013 && (case.is_sanitized() || !falls_back(flow))
        {
            continue;
        }
        let Some(session) = flow.sessions.first() else { continue };
        seen.push(outlook.name);
        let message = if is_2013 {
            format!(
                "Outlook 2013 talks to {} without modern authentication: it needs EnableADAL",
                flow.host
            )
        } else {
            format!("{} talks to {} and cannot do modern authentication", outlook.name, flow.host)
        };
        let finding = Finding::new(Evidence::request_header(case, *session, "User-Agent"), message)
            .flow(flow.id)
            .fact("host", flow.host.as_str());
        findings.push(if is_2013 { finding.severity(Severity::Warning) } else { finding });
    }
    findings
}

fn signs_in(case: &Case<'_>, flow: &Flow) -> bool {
    case.readings_of(flow)
        .any(|r| matches!(r.endpoint, Endpoint::Exchange { purpose: Purpose::Client, .. }))
}

fn falls_back(flow: &Flow) -> bool {
    matches!(flow.mechanism, Mechanism::Basic | Mechanism::Ntlm | Mechanism::Negotiate)
}
