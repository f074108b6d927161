//! The client speaks Outlook Anywhere, which knows no OAuth.

use std::collections::HashSet;

use crate::capture::SessionId;
use crate::flow::{Flow, Mechanism, Outcome, Protocol, Step};
use crate::knowledge::outlook_version::outlook_of;
use crate::rules::client::{client_name, is_older_than_2013, person};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "rpc-over-http",
    title: "Outlook Anywhere cannot do modern authentication",
    step: Some(Step::Probe),
    severity: Severity::Error,
    why: "The client reaches its mailbox by RPC over HTTP (Outlook Anywhere, /rpc/rpcproxy.dll). That protocol knows \
        passwords and Windows authentication only: whatever is configured elsewhere, it never carries a token. Modern \
        authentication needs MAPI over HTTP, which is switched off for the organisation, for this mailbox or on this \
        computer.",
    fix: &[
        "See whether MAPI over HTTP is on: `Get-OrganizationConfig | fl MapiHttpEnabled` `Get-CASMailbox {user} | fl \
            MapiHttpEnabled`",
        "Switch it on for the organisation, and let the mailbox follow: `Set-OrganizationConfig -MapiHttpEnabled \
            $true` `Set-CASMailbox {user} -MapiHttpEnabled $null`",
        "On the computer remove `MapiHttpDisabled` under `HKCU\\Software\\Microsoft\\Exchange`, also where a group \
            policy sets it",
        "See that clients find the address: `Get-MapiVirtualDirectory | fl Server,InternalUrl,ExternalUrl`",
        "Restart Outlook twice: Autodiscover tells it about MAPI over HTTP, and it asks for a restart; then record \
            again: requests to {host} should go to `/mapi/emsmdb`",
    ],
    reference: "Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication \
        (prerequisites: MAPI over HTTP); Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange \
        On-Premises (2017), Client failure",
    fires_on: "### 09:14:07 +31ms outlook.exe:4312 // Outlook Anywhere
RPC_IN_DATA https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001 HTTP/1.1
User-Agent: MSRPC

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:08 +52ms outlook.exe:4312 // NTLM
RPC_OUT_DATA https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001 HTTP/1.1
User-Agent: MSRPC
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 Success
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
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

/// One finding for each client.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let flows: Vec<&Flow> =
        case.flows.flows.iter().filter(|flow| is_outlook_anywhere(flow)).collect();
    if flows.is_empty() {
        return Vec::new();
    }
    let clients = |wanted: &dyn Fn(&Flow) -> bool| -> HashSet<String> {
        case.flows.flows.iter().filter(|f| wanted(f)).map(|f| person(case, f)).collect()
    };
    // For an older Outlook there is no remedy but another Outlook.
    let mut settled = clients(&is_older_than_2013);
    // Autodiscover and EWS take a token from such a client too; its mailbox counts.
    let works = clients(&|f| {
        let is_mailbox = f.protocol == Protocol::Mapi && f.mechanism == Mechanism::Hma;
        is_mailbox && f.outcome == Outcome::Healthy
    });
    let mut findings = Vec::new();
    for flow in flows {
        let client = person(case, flow);
        if settled.insert(client.clone()) {
            findings.extend(finding(case, flow, works.contains(&client)));
        }
    }
    findings
}

/// Whether a flow goes by Outlook Anywhere to the organisation's own servers.
pub(super) fn is_outlook_anywhere(flow: &Flow) -> bool {
    flow.protocol == Protocol::Rpc && !flow.online
}

fn is_outlook(flow: &Flow) -> bool {
    flow.user_agent.as_deref().is_some_and(|agent| outlook_of(agent).is_some())
}

fn finding(case: &Case<'_>, flow: &Flow, works: bool) -> Option<Finding> {
    // By this protocol the client says neither its name nor its user's.
    let client = person(case, flow);
    let others = || case.flows.flows.iter().filter(|other| person(case, other) == client);
    let named = others().find(|other| is_outlook(other)).unwrap_or(flow);
    let user = others().find_map(|other| other.user.clone());
    // Servers ping the proxy by other methods.
    let speaks = |id: &&SessionId| {
        case.session(**id).is_some_and(|s| {
            let method = s.request.method.to_ascii_uppercase();
            matches!(method.as_str(), "RPC_IN_DATA" | "RPC_OUT_DATA")
        })
    };
    let session = *flow.sessions.iter().find(speaks)?;
    let message = format!(
        "{} reaches {} by Outlook Anywhere (RPC over HTTP), which cannot carry a token",
        client_name(named),
        flow.host
    );
    let finding = Finding::new(Evidence::request_line(case, session), message)
        .and(Evidence::request_header(case, session, "Authorization"))
        .flow(flow.id)
        .fact("host", flow.host.as_str())
        .fact("user", user.unwrap_or_default());
    // Beside a mailbox that it reaches with a token it may open another one the old way.
    Some(if works { finding.severity(Severity::Note) } else { finding })
}
