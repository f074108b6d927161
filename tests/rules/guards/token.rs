//! Refused tokens that are easily taken for one another, and refusals that healed.

use hma_trace::analysis::Analysis;

use super::{ACCEPTED, TOKEN, analyse};
use crate::told;

#[test]
fn an_older_answer_quotes_the_audience_and_basic_names_the_host_that_exchange_saw() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
WWW-Authenticate: Basic realm="ex1.contoso.local"
x-ms-diagnostics: 2000003;reason="The hostname component of the audience claim value 'https://mail.contoso.com' is invalid";error_category="invalid_resource"
"#,
    );
    assert_eq!(told(&analysis), "audience-host-mismatch error @3");
    assert_eq!(analysis.verdict.key(), "broken/token/audience-host-mismatch");
}

#[test]
fn which_address_is_expected_and_which_actual_does_not_matter() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000003;reason="The hostname component of the audience claim value is invalid. Expected 'http://mail.contoso.com'. Actual 'https://mail.contoso.com'.";error_category="invalid_resource"
"#,
    );
    assert_eq!(told(&analysis), "audience-scheme-mismatch error @3");
    assert_eq!(analysis.verdict.key(), "broken/token/audience-scheme-mismatch");
}

#[test]
fn hosts_that_differ_outweigh_schemes_that_differ() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000003;reason="The hostname component of the audience claim value is invalid. Expected 'https://mail.contoso.com'. Actual 'http://ex1.contoso.local'.";error_category="invalid_resource"
"#,
    );
    assert_eq!(told(&analysis), "audience-host-mismatch error @3");
    assert_eq!(analysis.verdict.key(), "broken/token/audience-host-mismatch");
}

#[test]
fn an_audience_that_the_answer_does_not_explain_is_a_refusal_by_code() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000003;reason="The hostname component of the audience claim value is invalid.";error_category="invalid_resource"
"#,
    );
    assert_eq!(told(&analysis), "token-rejected error @3");
    assert_eq!(analysis.verdict.key(), "broken/token/token-rejected");
}

#[test]
fn an_ambiguous_user_is_not_an_unknown_one() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000005;reason="The user specified by the user-context in the token is ambiguous.";error_category="invalid_user"
"#,
    );
    assert_eq!(told(&analysis), "user-ambiguous error @3");
    assert_eq!(analysis.verdict.key(), "broken/access/user-ambiguous");
}

#[test]
fn a_token_refused_once_and_replaced_is_daily_life() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:32 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000002;reason="The token has expired.";error_category="token_expired"
### 09:14:40 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"TOKEN","refresh_token":"sample"}
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "token-expired note @3");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_break_after_a_good_time_counts() {
    let analysis = analyse(
        r#"PROBE
ISSUED
ACCEPTED
### 09:20:00 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:20:00 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000000;reason="The token has an invalid signature.";error_category="invalid_signature"
"#,
    );
    assert_eq!(told(&analysis), "token-signature-rejected error @4");
    assert_eq!(analysis.verdict.key(), "broken/token/token-signature-rejected");
}

/// A token's last use, refused for its age, an hour after the first.
const OLD: &str = r#"### 10:20:00 +40ms outlook.exe:4312 // token refused
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 10:20:00 GMT
X-FEServer: EX1
request-id: 5fdfec03-2389-42b9-bab9-c787a49d09ca
WWW-Authenticate: ENTRA, error="invalid_token"
x-ms-diagnostics: 2000002;reason="The token has expired.";error_category="token_expired"
"#;

/// The refresh token buys a new one.
const RENEWED: &str = r#"### 10:20:01 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"NEWER","refresh_token":"sample"}
"#;

/// Another program, a minute later.
const LATER: &str = "### 10:21:00 +40ms updater.exe:77
GET https://www.example.com/ HTTP/1.1

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 10:21:00 GMT
";

/// The first token's successor.
fn newer() -> String {
    TOKEN.replace("1772442840", "1772446740").replace("1772446740,\"appid", "1772450640,\"appid")
}

fn hour(sessions: &[&str]) -> Analysis {
    analyse(&sessions.concat().replace("NEWER", &newer()))
}

#[test]
fn a_capture_may_end_while_an_old_token_is_renewed() {
    let good = "PROBE\nISSUED\nACCEPTED\n";
    for rest in [&[OLD][..], &[OLD, OLD], &[OLD, RENEWED], &[OLD, RENEWED, LATER]] {
        let analysis = hour(&[&[good], rest].concat());
        assert_eq!(told(&analysis), "", "{rest:?}");
        assert_eq!(analysis.verdict.key(), "healthy", "{rest:?}");
    }
    let analysis = hour(&[good, OLD, LATER]);
    assert_eq!(told(&analysis), "token-expired error @4", "the client never came back");
    assert_eq!(analysis.verdict.key(), "broken/token/token-expired");
}

#[test]
fn a_server_that_finds_every_token_too_old_is_told_of_its_clock() {
    let again = OLD.replace("10:20:00", "10:20:02").replace("TOKEN", "NEWER");
    let third = RENEWED.replace("10:20:01", "10:20:03").replace("NEWER", "opaque");
    for rest in [&[OLD, RENEWED, &again][..], &[OLD, RENEWED, &again, &third]] {
        let analysis = hour(&[&["PROBE\nISSUED\nACCEPTED\n"], rest].concat());
        assert_eq!(analysis.verdict.key(), "broken/token/token-expired", "{}", rest.len());
    }
}

#[test]
fn a_token_that_another_flow_has_replaced_is_renewed() {
    let ews =
        |text: &str| text.replace("POST MAPI", "POST https://mail.contoso.com/EWS/Exchange.asmx");
    let old = ews(OLD);
    let accepted = ACCEPTED.replace("09:14:32", "10:20:02").replace("TOKEN", "NEWER");
    let analysis = hour(&["PROBE\nISSUED\nACCEPTED\n", &ews(ACCEPTED), &old, &accepted, LATER]);
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
    // The request was under way when the client had the new token already.
    let late = OLD.replace("10:20:00", "10:20:03");
    let analysis = hour(&["PROBE\nISSUED\nACCEPTED\n", &accepted, &late, LATER]);
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn an_old_token_for_which_a_new_one_was_issued_is_no_break() {
    let analysis = hour(&[OLD, RENEWED, LATER]);
    assert_eq!(told(&analysis), "starts-mid-session note @1");
    assert_eq!(analysis.verdict.outcome.id(), "not-enough-evidence");
}
