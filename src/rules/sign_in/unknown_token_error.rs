//! The token endpoint fails in words that nobody knows.

use crate::capture::Response;
use crate::flow::{AnswerMessage, Flow, Outcome, Reading, RequestMessage, Step};
use crate::http::BodyState;
use crate::rules::sign_in::failure::{JUDGED, Kind, failures, short};
use crate::rules::sign_in::foreign_answer;
use crate::rules::sign_in::waiting::Waiting;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "unknown-token-error",
    title: "The token endpoint failed in an unknown way",
    step: Some(Step::SignIn),
    severity: Severity::Error,
    why: "The client asked for a token and got a failure that is neither a known OAuth error nor a known AADSTS \
        code, or an answer that is not JSON at all. Often something between client and Entra ID answered in its \
        place (a proxy with its own error page), or the service itself was in trouble.",
    fix: &[
        "Read the whole answer of the session in the evidence: a product name or a company logo tells who wrote it",
        "If a proxy wrote it, let `login.microsoftonline.com` and `login.windows.net` pass without inspection and \
            without sign-in to the proxy",
        "If Entra ID wrote it (`x-ms-request-id` is there), look at Entra ID > Sign-in logs and at the service health \
            page, and give Microsoft support the request id and the time",
        "Record again: an unknown error that does not come back needs no repair",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), Unicorn \
        rampage; RFC 6749 section 5.2",
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
HTTP/1.1 400 Bad Unicorn
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"unicorn_rampage","error_description":"The Unicorns are on a rampage. It is time to go home.","error_codes":[50173],"correlation_id":"f3fc8b2f-7cf1-4ce8-b34d-5dd41aba0a02"}
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
    let named = failures(case, Kind::Unknown).into_iter().filter(|f| !f.healed).map(|failure| {
        let answer = failure.session.response.as_ref();
        let holds_body = answer.is_some_and(|r| !r.body.is_empty());
        let what = if !holds_body && answer.is_some_and(announces_body) {
            format!(
                "status {}, and the body that tells why is not in this file",
                failure.reading.status
            )
        } else if failure.error.error.is_empty() {
            format!("status {} and no OAuth error", failure.reading.status)
        } else {
            format!("the unknown error {}", short(&failure.error.error))
        };
        let mut finding = Finding::new(failure.evidence(case), message(failure.flow, &what))
            .and(Evidence::status(case, failure.reading.session))
            .flow(failure.flow.id);
        finding.evidence.extend(failure.request_id(case));
        if !holds_body {
            finding = finding.suspected();
        }
        match failure.lesser_severity() {
            Some(severity) => finding.severity(severity),
            None => finding,
        }
    });
    let mut findings: Vec<Finding> = named.collect();
    for (flow, reading) in foreign_pages(case) {
        if findings.iter().all(|known| known.flow != Some(flow.id)) {
            let what = format!("status {} and a body that is not JSON", reading.status);
            findings.push(
                Finding::new(Evidence::status(case, reading.session), message(flow, &what))
                    .and(Evidence::response_header(case, reading.session, "Content-Type"))
                    .flow(flow.id),
            );
        }
    }
    findings
}

/// Whether an answer had a body that the recorder did not keep.
fn announces_body(answer: &Response) -> bool {
    let length = answer.headers.get("content-length").and_then(|length| length.parse::<u64>().ok());
    answer.body.state == BodyState::Dropped || length.is_some_and(|length| length > 0)
}

fn message(flow: &Flow, what: &str) -> String {
    format!("The token request for {} was answered with {what}", flow.host)
}

/// Token requests that were answered by success and something that no token endpoint writes. A proxy that gives its name
/// is told of by `identity-blocked`.
fn foreign_pages<'a>(case: &Case<'a>) -> Vec<(&'a Flow, &'a Reading)> {
    let pages: Vec<&Reading> = case
        .readings()
        .filter(|r| {
            matches!(r.request, RequestMessage::TokenRequest(_))
                && r.answer == AnswerMessage::Success
        })
        .filter(|r| {
            case.session(r.session).is_some_and(|session| {
                foreign_answer::of(session, r).is_none()
                    && session.response.as_ref().is_some_and(|answer| {
                        answer.body.state == BodyState::Complete
                            && !answer.body.is_empty()
                            && answer.body.json().is_none()
                    })
            })
        })
        .take(JUDGED)
        .collect();
    if pages.is_empty() {
        return Vec::new();
    }
    let waiting = Waiting::of(case);
    pages
        .into_iter()
        .filter_map(|r| match waiting.flow_for(case, r)? {
            (flow, false) if flow.outcome != Outcome::Healthy => Some((flow, r)),
            _ => None,
        })
        .collect()
}
