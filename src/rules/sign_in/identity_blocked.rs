//! Something on the way keeps the client from Entra ID.

use std::collections::{HashMap, HashSet};

use crate::capture::SessionId;
use crate::flow::{Actor, IdentityPurpose, Outcome, Reading, Step};
use crate::rules::sign_in::failure::JUDGED;
use crate::rules::sign_in::foreign_answer::{self, Foreign};
use crate::rules::sign_in::waiting::Waiting;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "identity-blocked",
    title: "A proxy keeps the client from Entra ID",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "Exchange sent the client to Entra ID, but the client did not get there: a proxy or firewall refused the \
        connection, asked for credentials of its own that the client did not send, could not reach the host, or \
        answered with a page of its own. Without the sign-in hosts no token can be had. Outlook often signs in through \
        Windows in the name of the system, which proxies with user sign-in refuse although the browser works.",
    fix: &[
        "Let the machines of the users reach the sign-in hosts of Microsoft 365 without proxy sign-in: \
            `login.microsoftonline.com`, `login.microsoft.com`, `login.windows.net`, \
            `autologon.microsoftazuread-sso.com`, `aadcdn.msftauth.net`",
        "Exclude these hosts from TLS inspection as well, because device certificates do not pass through it",
        "Test from the machine of the user, as the user and as the system: `Test-NetConnection {identity} -Port 443` \
            `Invoke-WebRequest https://{identity}/common/.well-known/openid-configuration -UseBasicParsing` `netsh \
            winhttp show proxy`",
        "Look into the log of the proxy at the time of the session in the evidence; the answer usually names the \
            product and the policy",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), \
        prerequisites; Microsoft Learn: Microsoft 365 URLs and IP address ranges",
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

### 09:14:08 +15ms outlook.exe:4312 // the way to Entra ID
CONNECT login.windows.net:443 HTTP/1.1
Host: login.windows.net:443

HTTP/1.1 403 Forbidden
Via: 1.1 proxy.contoso.com
Content-Type: text/html

<html><h1>Access to login.windows.net is not allowed by policy</h1></html>
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

### 09:14:08 +15ms outlook.exe:4312 // the way to Entra ID
CONNECT login.windows.net:443 HTTP/1.1
Host: login.windows.net:443

HTTP/1.1 200 Connection established
Via: 1.1 proxy.contoso.com

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
    let blocked = blocked(case);
    if blocked.is_empty() {
        return Vec::new();
    }
    let waiting = Waiting::of(case);
    let mut findings: Vec<Finding> = Vec::new();
    for (reading, foreign) in blocked {
        let waits = waiting.flow_for(case, reading);
        let Some((flow, false)) = waits else { continue };
        if flow.outcome == Outcome::Healthy || findings.iter().any(|f| f.flow == Some(flow.id)) {
            continue;
        }
        let host = case.session(reading.session).map_or("", |s| s.host());
        let message = match foreign {
            Foreign::Refused => {
                format!("A proxy refused {host}, where the client must sign in for {}", flow.host)
            }
            Foreign::AsksForCredentials => format!(
                "A proxy wants credentials of its own before {host}, and the client sent none"
            ),
            Foreign::Unreachable => {
                format!(
                    "{host}, where the client must sign in for {}, could not be reached",
                    flow.host
                )
            }
            Foreign::Page => {
                format!("Something else answered in place of {host}, and no sign-in followed")
            }
        };
        let finding = Finding::new(Evidence::status(case, reading.session), message)
            .and(Evidence::request_line(case, reading.session))
            .flow(flow.id)
            .fact("identity", host)
            .fact("host", flow.host.as_str());
        let finding = mark(case, reading.session).into_iter().fold(finding, Finding::and);
        let is_told = foreign != Foreign::Unreachable || reading.answered_by == Actor::Proxy;
        findings.push(if is_told { finding } else { finding.suspected() });
    }
    findings
}

/// The header field that tells who answered.
fn mark(case: &Case<'_>, session: SessionId) -> Option<Evidence> {
    let answer = case.session(session)?.response.as_ref()?;
    ["Proxy-Authenticate", "Via", "Server"]
        .into_iter()
        .find(|name| answer.headers.contains(name))
        .map(|name| Evidence::response_header(case, session, name))
}

/// Of each kind of address of a sign-in host the first answer of a stranger behind which no answer of its own follows.
fn blocked<'a>(case: &Case<'a>) -> Vec<(&'a Reading, Foreign)> {
    // Without a purpose the way to the host itself is meant.
    let mut last: HashMap<(&str, Option<IdentityPurpose>), (&Reading, Foreign)> = HashMap::new();
    let mut reached: HashSet<&str> = HashSet::new();
    for reading in case.readings().filter(|r| r.endpoint.actor() == Actor::EntraId) {
        let Some(session) = case.session(reading.session) else { continue };
        let (host, way) = (session.host(), (session.host(), None));
        let purpose = reading.endpoint.identity().filter(|_| !session.tunnel);
        match foreign_answer::of(session, reading) {
            // A window that was closed leaves such sessions behind.
            Some(_) if reading.status == 0 && reached.contains(host) => {}
            Some(foreign) => {
                last.entry((host, purpose)).or_insert((reading, foreign));
            }
            None if reading.status > 0 => {
                last.remove(&(host, purpose));
                last.remove(&way);
                if !session.tunnel {
                    reached.insert(host);
                }
            }
            None => {}
        }
    }
    let mut blocked: Vec<_> = last.into_values().collect();
    blocked.sort_by_key(|(reading, _)| case.place(reading.session));
    blocked.truncate(JUDGED);
    blocked
}
