//! What the recorder did is taken for what a server did.

use std::collections::HashMap;

use crate::capture::Session;
use crate::flow::{Endpoint, Reading, RequestMessage};
use crate::knowledge::connection_failure::{ConnectionFailure, Reason};
use crate::knowledge::identity_host;
use crate::rules::connection::failure_of;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "capture-tool-interfered",
    title: "The recorder answered, or broke a connection",
    step: None,
    severity: Severity::Note,
    why: "A recorder stands between client and server. When it cannot reach a server it writes an answer of its own, \
        and when it opens an encrypted connection the client may not trust its certificate and hang up. Such \
        sessions do not show what the server would have said. Windows sign-in with extended protection and broker \
        apps fail under a recorder although they work without it.",
    fix: &[
        "Repeat what fails without the recorder: if it works then, the recorder is the cause",
        "Let the recorder's root certificate be trusted for the whole computer (Fiddler: Tools > Options > HTTPS > \
            Actions > Trust Root Certificate), and allow the loopback for `Microsoft.AAD.BrokerPlugin` (WinConfig)",
        "Put {host} on the recorder's list of hosts that are not decrypted if it still hangs up there",
        "Where Windows sign-in at AD FS fails only under the recorder, switch extended protection off for the test: \
            `Set-AdfsProperties -ExtendedProtectionTokenCheck None`",
        "Switch it on again afterwards: `Set-AdfsProperties -ExtendedProtectionTokenCheck Allow`",
    ],
    reference: "Fiddler documentation: Session flags, and Windows apps and the loopback; Exchange Team Blog: \
        Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do I troubleshoot HMA",
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

### 09:14:09 +21s outlook.exe:4312 // Fiddler's own answer
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F HTTP/1.1

HTTP/1.1 504 Fiddler - Receive Failure
Content-Type: text/html; charset=UTF-8
Connection: close

[Fiddler] ReadResponse() failed: The server did not return a response for this request.
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

/// So many sessions are named.
const NAMED: usize = 10;

struct Interference<'a> {
    session: &'a Session,
    message: String,
}

/// One finding speaks for the file. A host that answers by itself afterwards shows what it has to say.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found: Vec<Interference<'_>> = Vec::new();
    let mut last_answer: HashMap<&str, usize> = HashMap::new();
    let intercepts =
        case.capture.sessions.iter().any(|s| s.request.target.scheme() == "https" && !s.tunnel);
    for (place, reading) in case.readings().enumerate() {
        let Some(session) = case.session(reading.session) else { continue };
        if let Some(message) = interference(reading, session, intercepts) {
            found.push(Interference { session, message });
        } else if !session.tunnel && session.status() > 0 {
            last_answer.insert(session.host(), place);
        }
    }
    found.retain(|one| {
        last_answer.get(one.session.host()).is_none_or(|at| *at < case.place(one.session.id))
    });
    let Some((first, others)) = found.split_first() else { return Vec::new() };
    let more = match others.len() {
        0 => String::new(),
        1 => ", and so in one more session".to_owned(),
        n => format!(", and so in {n} more sessions"),
    };
    let evidence = Evidence::status(case, first.session.id);
    let mut finding = Finding::new(evidence, format!("{}{more}", first.message))
        .fact("host", first.session.host());
    finding = finding.and(Evidence::request_line(case, first.session.id));
    for one in others.iter().take(NAMED) {
        finding = finding.and(Evidence::status(case, one.session.id));
    }
    vec![finding]
}

fn interference(reading: &Reading, session: &Session, intercepts: bool) -> Option<String> {
    let host = session.host();
    if reading.endpoint == Endpoint::Other && reading.request != RequestMessage::Tunnel {
        return None;
    }
    match failure_of(session) {
        Some(ConnectionFailure { recorder: Some(recorder), reason, .. })
            if session.status() >= 400 =>
        {
            Some(format!("{recorder} answered in place of {host}: {}", reason.text()))
        }
        Some(ConnectionFailure { reason: Reason::ClientDistrust, .. }) => Some(format!(
            "The client hung up on {host}, because it does not trust the recorder's certificate"
        )),
        _ => {
            let hung_up = session.tunnel
                && session.error.is_some()
                && intercepts
                && identity_host::find(host).is_some();
            hung_up.then(|| {
                format!("The encrypted connection to {host} was broken off under the recorder")
            })
        }
    }
}
