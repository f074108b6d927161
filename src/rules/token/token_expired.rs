//! The token was too old when it was sent, and no new one followed.

use std::collections::HashSet;

use crate::flow::{AnswerMessage, Outcome, RequestMessage, Step, duration, moment_of_use};
use crate::jwt::Jwt;
use crate::rules::token::refusal::{Reason, Refusal, has_expired, refusals};
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "token-expired",
    title: "The token had expired",
    step: Some(Step::Token),
    severity: Severity::Error,
    why: "A token lives for about an hour. The client should get a new one in time, silently, and if Exchange refuses \
        an old one it should get a new one and try again; a single refusal of that kind is part of normal life. Here \
        the client kept to an old token and no new one followed. Or the token was fresh and the clock of the Exchange \
        server is wrong, so that the server takes it for old.",
    fix: &[
        "Compare the times: `exp` of the token, the answer's `Date` and the time of the session; a fresh token that \
            counts as expired means that the clock of the server is wrong: `w32tm /query /status` `w32tm /stripchart \
            /computer:{host} /samples:3 /dataonly`",
        "See why the client got no new token: a refused sign-in or token request has a finding of its own; no request \
            at all hints at the broker",
        "Let {user} sign out (File > Office Account > Sign out), close all Office programs and sign in again",
        "If many users are affected at the same time, look at the time synchronisation of the Exchange servers and of \
            their hypervisors",
    ],
    reference: "Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange, 2000002; Microsoft Learn: \
        Access token claims reference, exp",
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

### 09:14:08 +84ms outlook.exe:4312 // token refused
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772435640,"exp":1772439540,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
x-ms-diagnostics: 2000002;reason="The token has expired.";error_category="token_expired"
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

### 09:14:08 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    check,
};

fn check(case: &Case<'_>) -> Vec<Finding> {
    let lasting: Vec<Refusal<'_>> =
        refusals(case).filter(|refusal| refusal.reason == Reason::Expired).collect();
    let mut findings: Vec<Finding> = lasting.iter().map(|refusal| error(case, refusal)).collect();
    findings.extend(renewed(case));
    findings
}

fn error(case: &Case<'_>, refusal: &Refusal<'_>) -> Finding {
    let session = refusal.token.session;
    let used = moment_of_use(session);
    let expires = refusal.jwt().and_then(Jwt::expires);
    let message = match (expires, used) {
        (Some(expires), Some(used)) if expires >= used => format!(
            "{} calls a token expired that is good for another {}: the clock of the server is wrong",
            refusal.host(),
            duration(expires - used)
        ),
        (Some(expires), Some(used)) => format!(
            "The token had expired {} before it was sent to {}, and no new one followed",
            duration(used - expires),
            refusal.host()
        ),
        _ => format!("{} refused the token as expired, and no new one followed", refusal.host()),
    };
    let evidence = match expires {
        Some(expires) => Evidence::claim(session.id, "exp", expires.to_rfc3339()),
        None => Evidence::response_header(case, session.id, "x-ms-diagnostics"),
    };
    let finding = refusal.finding(case, message, evidence);
    let date = Evidence::response_header(case, session.id, "Date");
    if date.value.is_empty() { finding } else { finding.and(date) }
}

/// Refusals of an old token that the client answered with a new one: history, told once for each flow.
fn renewed(case: &Case<'_>) -> Vec<Finding> {
    let mut told = HashSet::new();
    let mut findings = Vec::new();
    for flow in case.hma_flows().filter(|flow| flow.outcome == Outcome::Healthy) {
        let mut expired = None;
        for reading in case.readings_of(flow).filter(|r| r.request == RequestMessage::Token) {
            match (&reading.answer, expired) {
                (AnswerMessage::Challenge, None) if has_expired(case, reading) => {
                    expired = Some(reading.session);
                }
                (AnswerMessage::Success, Some(session)) if told.insert(flow.id) => findings.push(
                    Finding::new(
                        Evidence::status(case, session),
                        format!(
                            "{} refused an expired token once; the client brought a new one",
                            flow.host
                        ),
                    )
                    .and(Evidence::response_header(case, session, "x-ms-diagnostics"))
                    .flow(flow.id)
                    .severity(Severity::Note)
                    .fact("host", flow.host.as_str())
                    .fact("user", flow.user.clone().unwrap_or_default()),
                ),
                _ => {}
            }
        }
    }
    findings
}
