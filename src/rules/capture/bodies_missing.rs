//! The exporter left out bodies that the analysis needs.

use crate::capture::Session;
use crate::flow::{Endpoint, IdentityPurpose, Purpose, Reading};
use crate::http::{Body, BodyState, Headers};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "bodies-missing",
    title: "Bodies that matter are not in the file",
    step: None,
    severity: Severity::Note,
    why: "What Entra ID answers to a token request, and what Autodiscover answers to a look-up, stands in the body \
        of the answer: the token, the error code, the address of the mailbox. This file has such sessions without \
        their bodies, because the recorder was told to drop them, wrote only headers, or lost those of pages that \
        were left. What they said cannot be judged, and nothing is concluded from it.",
    fix: &[
        "In Fiddler switch off Rules > Performance > Drop bodies and the option to skip large bodies, and save with \
            File > Save > All Sessions as .saz",
        "In a browser tick Preserve log before you start, and export right after the problem: Export HAR (with \
            sensitive data)",
        "Record again until the problem shows, and open the complete file here",
    ],
    reference: "HAR 1.2 specification, content and postData (both may be left out); Fiddler documentation: Session \
        flags (log-drop-response-body)",
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
Content-Length: 3214

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

struct Gap {
    evidence: Evidence,
    what: &'static str,
}

/// One finding speaks for the file.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let gaps: Vec<Gap> = case.readings().filter_map(|reading| gap(case, reading)).collect();
    let Some((first, others)) = gaps.split_first() else { return Vec::new() };
    let message = match others.len() {
        0 => format!("{} is not in this file", first.what),
        n => format!("{} is not in this file, nor are the bodies of {n} more sessions", first.what),
    };
    let mut finding = Finding::new(first.evidence.clone(), message);
    for gap in others.iter().take(NAMED) {
        finding = finding.and(gap.evidence.clone());
    }
    vec![finding]
}

fn gap(case: &Case<'_>, reading: &Reading) -> Option<Gap> {
    let session = case.session(reading.session)?;
    let response = session.response.as_ref()?;
    let lacks_answer = is_gone(&response.body, &response.headers);
    match reading.endpoint {
        Endpoint::Identity { purpose: IdentityPurpose::Token, .. }
            if is_post(session) && matches!(response.status, 200 | 400 | 401) =>
        {
            let lacks_question = session.request.body.is_empty();
            let what = match (lacks_answer || response.body.is_empty(), lacks_question) {
                (true, _) => "What Entra ID answered to a token request",
                (false, true) => "What a token request asked for",
                (false, false) => return None,
            };
            Some(Gap { evidence: Evidence::status(case, session.id), what })
        }
        Endpoint::Exchange { purpose: Purpose::Anonymous, .. }
            if lacks_answer
                && response.status == 200
                && session
                    .request
                    .target
                    .path()
                    .to_ascii_lowercase()
                    .contains("/autodiscover.json") =>
        {
            let what = "The address that Autodiscover answered";
            Some(Gap { evidence: Evidence::status(case, session.id), what })
        }
        _ => None,
    }
}

fn is_post(session: &Session) -> bool {
    session.request.method.eq_ignore_ascii_case("POST")
}

/// Whether a body was there and is not in the file, or not readable as a whole.
fn is_gone(body: &Body, headers: &Headers) -> bool {
    let announced = headers.get("content-length").and_then(|length| length.parse::<u64>().ok());
    match body.state {
        BodyState::Dropped | BodyState::Coded => true,
        BodyState::Truncated => body.json().is_none(),
        BodyState::Complete => body.is_empty() && announced.is_some_and(|length| length > 0),
    }
}
