//! What a file shows, and what it does not.

use hma_trace::analysis::Analysis;
use hma_trace::import::{Options, Progress, open_bytes};
use hma_trace::jwt::Keys;
use hma_trace::rules::Certainty;

use super::analyse;
use crate::told;

fn message(analysis: &Analysis, rule: &str) -> String {
    let finding = analysis.findings.iter().find(|f| f.rule == rule);
    finding.map(|f| f.message.clone()).unwrap_or_default()
}

#[test]
fn a_server_whose_clock_alone_is_wrong_is_named() {
    let analysis = analyse(
        "PROBE
### 09:14:20 +80ms outlook.exe:4312
GET https://login.windows.net/common/UserRealm/meg@contoso.com?api-version=1.0 HTTP/1.1

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:27:40 GMT
ACCEPTED
",
    );
    assert_eq!(
        message(&analysis, "capture-clock-off"),
        "The clock of login.windows.net is 13 min ahead of the recorder's, with which mail.contoso.com agrees"
    );
}

#[test]
fn whole_hours_look_like_a_time_zone() {
    let analysis = analyse(
        "### 11:14:07 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
",
    );
    assert_eq!(
        message(&analysis, "capture-clock-off"),
        "The clock of mail.contoso.com is 2 h behind the recorder's, as if a time zone were wrong"
    );
    let certainty = analysis.findings.iter().find(|f| f.rule == "capture-clock-off");
    assert_eq!(certainty.map(|f| f.certainty), Some(Certainty::Suspected));
}

#[test]
fn five_minutes_long_polls_and_caches_are_no_wrong_clock() {
    for session in [
        // Within the tolerance.
        "### 09:10:00 +31ms outlook.exe:4312\nPOST MAPI HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nDate: Mon, 02 Mar 2026 09:14:30 GMT\n",
        // Answered when something happened.
        "### 09:10:00 +900s outlook.exe:4312\nPOST MAPI HTTP/1.1\n\nHTTP/1.1 401 Unauthorized\nX-FEServer: EX1\nDate: Mon, 02 Mar 2026 09:20:00 GMT\n",
        // From a cache.
        "### 09:10:00 +31ms outlook.exe:4312\nGET https://login.windows.net/common/discovery/keys HTTP/1.1\n\nHTTP/1.1 200 OK\nAge: 7200\nDate: Mon, 02 Mar 2026 07:10:00 GMT\n",
        // Not a host of the flow.
        "### 09:10:00 +31ms outlook.exe:4312\nGET https://www.contoso.com/ HTTP/1.1\n\nHTTP/1.1 200 OK\nDate: Mon, 02 Mar 2026 07:10:00 GMT\n",
    ] {
        assert!(!told(&analyse(session)).contains("capture-clock-off"), "{session}");
    }
}

#[test]
fn a_dropped_answer_of_the_token_endpoint_is_no_unknown_error() {
    let har = r#"{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[
        {"startedDateTime":"2026-03-02T09:14:07Z","time":31,
         "request":{"method":"POST","url":"https://mail.contoso.com/mapi/emsmdb/","headers":[{"name":"Authorization","value":"Bearer"}]},
         "response":{"status":401,"headers":[{"name":"X-FEServer","value":"EX1"},{"name":"WWW-Authenticate","value":"Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\""}],"content":{"size":0}}},
        {"startedDateTime":"2026-03-02T09:14:31Z","time":31,
         "request":{"method":"POST","url":"https://login.windows.net/common/oauth2/token","headers":[],"postData":{"mimeType":"application/x-www-form-urlencoded","text":"grant_type=refresh_token"}},
         "response":{"status":400,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"size":812,"mimeType":"application/json"}}}]}}"#;
    let capture =
        open_bytes("x.har", har.as_bytes(), Options::default(), &Progress::none()).unwrap();
    let analysis = Analysis::of(capture, &Keys::default());
    assert_eq!(told(&analysis), "bodies-missing note @2");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence");
}

#[test]
fn a_recorder_that_steps_aside_is_history() {
    let analysis = analyse(
        "PROBE
### 09:14:09 +21s outlook.exe:4312
GET https://login.windows.net/common/UserRealm/meg@contoso.com?api-version=1.0 HTTP/1.1

HTTP/1.1 504 Fiddler - Receive Failure
Content-Type: text/html

[Fiddler] ReadResponse() failed: The server did not return a response for this request.
ISSUED
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_failure_that_the_server_tells_is_not_the_recorders() {
    let analysis = analyse(
        "PROBE
### 09:14:09 +21s outlook.exe:4312
GET https://login.windows.net/common/UserRealm/meg@contoso.com?api-version=1.0 HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: text/html

<html>Service unavailable</html>
",
    );
    assert!(!told(&analysis).contains("capture-tool-interfered"), "{}", told(&analysis));
}

#[test]
fn a_token_between_programs_of_one_machine_stays_there() {
    for host in ["localhost:8400", "127.0.0.1:8400", "[::1]:8400", "169.254.169.254"] {
        let analysis = analyse(&format!(
            "### 09:14:40 app.exe:1\nGET http://{host}/metadata HTTP/1.1\nAuthorization: Bearer TOKEN\n\nHTTP/1.1 200 OK\n"
        ));
        assert!(!told(&analysis).contains("token-over-http"), "{host}");
    }
}

#[test]
fn an_empty_bearer_over_http_is_no_token() {
    let analysis = analyse(
        "### 09:14:40 outlook.exe:4312
GET http://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
Authorization: Bearer

HTTP/1.1 301 Moved Permanently
Location: https://mail.contoso.com/EWS/Exchange.asmx
",
    );
    assert!(!told(&analysis).contains("token-over-http"), "{}", told(&analysis));
}
