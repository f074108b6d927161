//! The recorder and the servers do not agree on the time.

use std::collections::BTreeMap;

use chrono::{SecondsFormat, TimeDelta};

use crate::capture::{Session, SessionId};
use crate::flow::{CLOCK_TOLERANCE, Endpoint, duration};
use crate::knowledge::connection_failure;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "capture-clock-off",
    title: "The clocks of recorder and servers differ",
    step: None,
    severity: Severity::Warning,
    why: "Every answer carries the server's own time in its Date header. Here it differs by more than five minutes \
        from the time that the recorder wrote down, so one of the clocks is wrong. Tokens and Kerberos tickets are \
        valid for a span of time and tolerate five minutes: with a wrong clock on the client or the server good ones \
        are refused. This analysis judges tokens by the server's time where an answer tells it.",
    fix: &[
        "On the recording computer compare the time and put it right: `w32tm /stripchart /computer:time.windows.com \
            /samples:3` `w32tm /resync`",
        "If only {host} differs, look there; Exchange servers take their time from the domain: `w32tm /query /status`",
        "If the difference is a whole number of hours and the clocks are right, the recorder wrote local time as if \
            it were UTC: nothing is wrong but the times in this file",
    ],
    reference: "RFC 9110, section 6.6.1 (Date); Microsoft Learn: Access token claims reference (nbf and exp)",
    fires_on: r#"### 09:26:07 +31ms outlook.exe:4312 // empty Bearer
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

### 09:26:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:26:32 +84ms outlook.exe:4312 // token accepted
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

/// Fewer answers than these make no proof.
const ENOUGH: usize = 2;

/// What one server's answers say about the recorder's clock.
struct Clock<'a> {
    host: &'a str,
    /// The server's time less the recorder's, in the middle one of its answers.
    offset: TimeDelta,
    session: &'a Session,
    answers: usize,
}

/// One finding speaks for the file.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let clocks = clocks(case);
    let (off, right): (Vec<&Clock<'_>>, Vec<&Clock<'_>>) =
        clocks.iter().partition(|clock| clock.offset.abs() > CLOCK_TOLERANCE);
    let Some(worst) = off.iter().max_by_key(|clock| (clock.answers, clock.offset.abs())) else {
        return Vec::new();
    };
    let way = if worst.offset > TimeDelta::zero() { "ahead of" } else { "behind" };
    let by = duration(worst.offset);
    let message = match (right.first(), off.len()) {
        (Some(agreeing), _) => format!(
            "The clock of {} is {by} {way} the recorder's, with which {} agrees",
            worst.host, agreeing.host
        ),
        (None, 1) => format!("The clock of {} is {by} {way} the recorder's", worst.host),
        (None, n) => format!("The clocks of all {n} servers are {by} {way} the recorder's"),
    };
    let hint = if is_time_zone(worst.offset) { ", as if a time zone were wrong" } else { "" };
    let mut finding = Finding::new(
        Evidence::response_header(case, worst.session.id, "Date"),
        format!("{message}{hint}"),
    )
    .fact("host", worst.host);
    if let Some(started) = worst.session.started {
        let recorded = started.to_rfc3339_opts(SecondsFormat::Secs, true);
        finding = finding
            .and(Evidence::capture(format!("start of session {}", worst.session.id), recorded));
    }
    let answers: usize = clocks.iter().map(|clock| clock.answers).sum();
    vec![if answers < ENOUGH { finding.suspected() } else { finding }]
}

/// What each host of the flow says, in the order of names.
fn clocks<'a>(case: &Case<'a>) -> Vec<Clock<'a>> {
    let mut hosts: BTreeMap<&str, Vec<(TimeDelta, SessionId)>> = BTreeMap::new();
    for reading in case.readings().filter(|r| r.endpoint != Endpoint::Other) {
        if let Some(session) = case.session(reading.session)
            && let Some(offset) = offset(session)
        {
            hosts.entry(session.host()).or_default().push((offset, session.id));
        }
    }
    hosts
        .into_iter()
        .filter_map(|(host, mut offsets)| {
            offsets.sort_unstable();
            let (offset, id) = *offsets.get(offsets.len() / 2)?;
            Some(Clock { host, offset, session: case.session(id)?, answers: offsets.len() })
        })
        .collect()
}

/// The server's time less the nearest moment of the session: long polls are answered whenever something happens.
fn offset(session: &Session) -> Option<TimeDelta> {
    let response = session.response.as_ref()?;
    // Caches repeat an old date, and a recorder that answers itself has its own clock.
    let is_server = !session.tunnel
        && !response.headers.contains("age")
        && connection_failure::find(&response.reason).is_none();
    let (date, begun, ended) = (session.server_date()?, session.started?, session.ended()?);
    let offset = if date < begun {
        date.signed_duration_since(begun)
    } else if date > ended {
        date.signed_duration_since(ended)
    } else {
        TimeDelta::zero()
    };
    is_server.then_some(offset)
}

/// Whether a difference is a whole number of half hours, give or take the time that an answer needs.
fn is_time_zone(offset: TimeDelta) -> bool {
    let seconds = offset.num_seconds().abs();
    let rest = seconds % 1800;
    (1700..=15 * 3600).contains(&seconds) && (rest <= 90 || rest >= 1710)
}
