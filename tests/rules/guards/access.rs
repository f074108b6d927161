//! What happens behind a token that is in order.

use hma_trace::flow::Step;

use super::analyse;
use crate::told;

/// A request with the token, answered as told.
fn used(second: u32, status: &str, headers: &str) -> String {
    format!(
        "### 09:14:{second} +40ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 {status}
Date: Mon, 02 Mar 2026 09:14:{second} GMT
{headers}
"
    )
}

fn by(server: &str) -> String {
    format!("X-FEServer: {server}\nrequest-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca\n")
}

fn refused_by(second: u32, server: &str) -> String {
    let headers = format!("{}WWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM\n", by(server));
    used(second, "401 Unauthorized", &headers)
}

#[test]
fn a_mailbox_that_no_server_knows_is_the_back_ends_affair() {
    let headers = format!("{}X-CasErrorCode: MailboxGuidWithDomainNotFound\n", by("EX1"));
    let analysis = analyse(&format!("PROBE\nISSUED\n{}", used(40, "404 Not Found", &headers)));
    assert_eq!(told(&analysis), "backend-refused error @3");
    assert!(analysis.findings[0].message.contains("MailboxGuidWithDomainNotFound"));
    let analysis = analyse(&format!("PROBE\nISSUED\n{}", used(40, "404 Not Found", &by("EX1"))));
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_front_end_that_fails_alone_is_suspected_only() {
    let fails = used(40, "503 Service Unavailable", &by("EX1"));
    let analysis = analyse(&format!("PROBE\nISSUED\n{fails}"));
    assert_eq!(told(&analysis), "backend-refused error @3");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
}

#[test]
fn a_server_that_is_busy_now_and_then_breaks_nothing() {
    let busy = used(40, "503 Service Unavailable", &format!("{}X-BEServer: EX2\n", by("EX1")));
    for text in [
        format!("PROBE\nISSUED\nACCEPTED\n{busy}"),
        format!("PROBE\nISSUED\n{}ACCEPTED\n", busy.replace("09:14:40", "09:14:31")),
    ] {
        let analysis = analyse(&text);
        assert_eq!(told(&analysis), "");
        assert_eq!(analysis.verdict.key(), "healthy");
    }
}

#[test]
fn ews_that_is_switched_off_is_not_a_broken_back_end() {
    let text = format!(
        "PROBE\nISSUED\n{}<Message>ProtocolDisabled</Message>\n",
        used(40, "403 Forbidden", &format!("{}X-BEServer: EX2\n", by("EX1")))
    );
    let analysis = analyse(&text);
    assert_eq!(told(&analysis), "protocol-disabled warning @3");
    assert_eq!(analysis.verdict.key(), "broken/access/protocol-disabled");
    let analysis = analyse(&format!("{text}{}", used(50, "200 OK", &by("EX1"))));
    assert_eq!(told(&analysis), "");
}

#[test]
fn one_server_of_two_is_named_and_the_flow_may_get_on() {
    let analysis = analyse(&format!(
        "PROBE\nISSUED\nACCEPTED\n{}{}",
        refused_by(40, "EX2"),
        used(41, "200 OK", &by("EX1"))
    ));
    assert_eq!(told(&analysis), "one-server-differs warning @4");
    assert!(analysis.findings[0].message.starts_with("EX2 refused the token that EX1 accepted"));
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_server_that_both_refuses_and_accepts_learns_of_a_change() {
    let analysis = analyse(&format!(
        "PROBE\nISSUED\nACCEPTED\n{}{}{}",
        refused_by(40, "EX2"),
        used(41, "200 OK", &by("EX1")),
        used(42, "200 OK", &by("EX2"))
    ));
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_token_whose_time_is_over_makes_no_server_differ() {
    let over = refused_by(40, "EX2").replace("09:14:40", "11:14:40");
    let renewed = used(41, "200 OK", &by("EX1"))
        .replace("09:14:41", "11:14:41")
        .replace("TOKEN", &super::TOKEN.replace("1772446740", "1772456740"));
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{over}{renewed}"));
    assert_eq!(told(&analysis), "token-expired note @4");
}

#[test]
fn the_failures_that_a_flow_ends_with_begin_where_the_finding_is() {
    let fails = |second| {
        used(second, "503 Service Unavailable", &format!("{}X-BEServer: EX2\n", by("EX1")))
    };
    let analysis = analyse(&format!("PROBE\nISSUED\n{}{}", fails(40), fails(50)));
    let access = analysis.flows.flows[0].steps.iter().find(|s| s.step == Step::Access).unwrap();
    assert_eq!(access.session, analysis.verdict.session);
}

const PHOTO: &str =
    "GET https://mail.contoso.com/EWS/Exchange.asmx/s/GetUserPhoto?email=bob%40contoso.com";
const ADDRESS_BOOK: &str =
    "GET https://mail.contoso.com/OAB/5de110f8-2e0f-4d45-891d-bcf2218e253d/oab.xml";
const DIRECTORY: &str = "POST https://mail.contoso.com/mapi/nspi/?MailboxId=8b4f@contoso.com";
const EWS: &str = "POST https://mail.contoso.com/EWS/Exchange.asmx";

/// Another request with the token, answered as told.
fn asked(request: &str, second: u32, status: &str, headers: &str) -> String {
    used(second, status, headers).replace("POST MAPI", request)
}

#[test]
fn what_is_beside_the_mailbox_does_not_break_it() {
    let back_end = format!("{}X-BEServer: EX2\n", by("EX1"));
    let fault = format!(
        "{back_end}Content-Type: text/xml\n\n<s:Envelope><s:Body><s:Fault><faultcode>a:ErrorNonExistentMailbox</faultcode></s:Fault></s:Body></s:Envelope>"
    );
    for (request, status, headers, tells) in [
        (PHOTO, "403 Forbidden", by("EX1"), ""),
        (PHOTO, "500 Internal Server Error", by("EX1"), "backend-refused warning @4"),
        (ADDRESS_BOOK, "403 Forbidden", by("EX1"), ""),
        (ADDRESS_BOOK, "500 Internal Server Error", by("EX1"), "backend-refused warning @4"),
        (EWS, "500 Internal Server Error", fault, "backend-refused warning @4"),
    ] {
        let beside = asked(request, 40, status, &headers);
        let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{beside}"));
        assert_eq!(told(&analysis), tells, "{request} {status}");
        assert_eq!(analysis.verdict.key(), "healthy", "{request} {status}");
    }
    let ews = asked(EWS, 33, "200 OK", &back_end);
    let photo = asked(PHOTO, 40, "403 Forbidden", &by("EX1"));
    let analysis = analyse(&format!("{ews}{photo}"));
    assert_eq!(analysis.verdict.key(), "healthy", "a photo behind a good answer of EWS");
    let alone = asked(ADDRESS_BOOK, 40, "500 Internal Server Error", &back_end);
    let analysis = analyse(&format!("PROBE\nISSUED\n{alone}"));
    assert_eq!(analysis.verdict.key(), "broken/access/backend-refused", "nothing else works");
}

#[test]
fn what_is_beside_the_mailbox_does_not_stand_for_it() {
    let back_end = format!("{}X-BEServer: EX2\n", by("EX1"));
    let down = format!("{back_end}X-BackEndHttpStatus: 503\n");
    let nobody = "X-FEServer: EX1\nWWW-Authenticate: ENTRA\nx-ms-diagnostics: 2000005;reason=\"The user does not exist.\";error_category=\"invalid_user\"\n";
    let activesync = "POST https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=FolderSync";
    let options = "OPTIONS https://mail.contoso.com/Microsoft-Server-ActiveSync";
    for (request, status, headers, beside, key) in [
        ("POST MAPI", "503 Service Unavailable", &*down, DIRECTORY, "backend-refused"),
        ("POST MAPI", "401 Unauthorized", nobody, DIRECTORY, "user-not-found"),
        (EWS, "500 Internal Server Error", &*down, PHOTO, "backend-refused"),
        (activesync, "403 Forbidden", "X-FEServer: EX1\n", options, "protocol-disabled"),
    ] {
        let fails = |second| asked(request, second, status, headers);
        let works = |second| asked(beside, second, "200 OK", &back_end);
        for order in [[fails(40), works(41)], [works(40), fails(41)]] {
            let analysis = analyse(&format!("PROBE\nISSUED\n{}", order.concat()));
            assert_eq!(analysis.verdict.key(), format!("broken/access/{key}"), "{request}");
        }
    }
}

#[test]
fn an_add_in_that_is_refused_is_not_outlook() {
    let headers = format!("{}WWW-Authenticate: ENTRA, error=\"invalid_token\"\n", by("EX1"));
    let rest = asked("GET https://mail.contoso.com/api/v2.0/me", 40, "401 Unauthorized", &headers);
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{rest}"));
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}
