//! Refused sign-ins: whose they are, and which of them are history.

use super::{analyse, token_error};
use crate::told;

#[test]
fn a_refusal_whose_body_is_gone_is_known_by_its_header() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let (head, _) = refused.rsplit_once("\n\n").unwrap();
    let gone = format!("{head}\nx-ms-clitelem: 1,50173,0,604800000.0000,\n\n");
    let analysis = analyse(&format!("PROBE\n{gone}"));
    assert_eq!(told(&analysis), "bodies-missing note @2\ngrant-revoked error @2");
    let finding = analysis.findings.iter().find(|f| f.rule == "grant-revoked").unwrap();
    assert_eq!(finding.evidence[0].name, "x-ms-clitelem");
}

#[test]
fn a_revoked_sign_in_that_the_user_repeats_is_a_note() {
    let analysis = analyse(
        r#"PROBE
### 09:14:08 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired due to it being revoked.","error_codes":[50173]}
ISSUED
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "grant-revoked note @2");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_revoked_sign_in_that_nobody_repeats_is_an_error_once() {
    let analysis = analyse(
        r#"PROBE
### 09:14:08 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired due to it being revoked.","error_codes":[50173]}
### 09:14:09 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50173: The provided grant has expired due to it being revoked.","error_codes":[50173]}
"#,
    );
    assert_eq!(told(&analysis), "grant-revoked error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/grant-revoked");
}

#[test]
fn a_page_in_place_of_json_is_an_unknown_error() {
    let analysis = analyse(
        "PROBE
### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: text/html

<html>Blocked by Fabrikam Gateway</html>
",
    );
    assert_eq!(told(&analysis), "unknown-token-error error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/unknown-token-error");
}

#[test]
fn a_wrong_password_that_was_corrected_is_a_note() {
    let analysis = analyse(
        r#"PROBE
### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50126: Error validating credentials due to invalid username or password.","error_codes":[50126]}
ISSUED
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "sign-in-interrupted note @2");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_wrong_password_as_the_last_word_is_an_error() {
    let analysis = analyse(
        r#"PROBE
### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_grant","error_description":"AADSTS50126: Error validating credentials due to invalid username or password.","error_codes":[50126]}
"#,
    );
    assert_eq!(told(&analysis), "sign-in-refused error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/sign-in-refused");
}

#[test]
fn polling_for_a_device_code_is_no_failure() {
    let analysis = analyse(
        r#"PROBE
### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"authorization_pending","error_description":"AADSTS70016: OAuth 2.0 device flow error. Authorization is pending.","error_codes":[70016]}
ISSUED
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_refusal_for_another_service_is_not_ours() {
    let analysis = analyse(
        r#"PROBE
ISSUED
### 09:14:31 +212ms ms-teams.exe:77 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&resource=https%3A%2F%2Fgraph.microsoft.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{"error":"invalid_resource","error_description":"AADSTS500011: The resource principal was not found.","error_codes":[500011]}
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_name_that_nobody_registered_may_be_another_than_the_host() {
    let analysis = analyse(
        r#"PROBE
### 09:14:09 outlook.exe:4312
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&resource=https%3A%2F%2Fex1.corp.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json

{"error":"invalid_resource","error_description":"AADSTS500011: The resource principal was not found.","error_codes":[500011]}
"#,
    );
    assert_eq!(told(&analysis), "spn-missing error @2");
    assert!(analysis.findings[0].fix().iter().any(|s| s.contains("https://ex1.corp.contoso.com/")));
    assert_eq!(analysis.verdict.key(), "broken/sign-in/spn-missing");
}

#[test]
fn what_helps_against_the_code_stands_first_in_the_fix() {
    let first = |code| {
        let analysis =
            analyse(&format!("PROBE\n{}", token_error("refresh_token", "invalid_grant", code)));
        assert_eq!(told(&analysis), "sign-in-refused error @2");
        analysis.findings[0].fix().remove(0)
    };
    assert!(first(50_057).contains("shared mailbox is disabled by design"), "{}", first(50_057));
    // It is known that there is nothing to do.
    assert!(first(50_078).starts_with("Look up the code"), "{}", first(50_078));
}

#[test]
fn what_follows_from_a_refusal_or_passes_does_not_hide_it() {
    let cause = token_error("refresh_token", "invalid_resource", 500_011);
    for (error, code) in
        [("invalid_grant", 50_196), ("invalid_grant", 54_005), ("temporarily_unavailable", 90_033)]
    {
        let passing = token_error("refresh_token", error, code);
        for text in [format!("PROBE\n{cause}{passing}"), format!("PROBE\n{passing}{cause}")] {
            let analysis = analyse(&text);
            assert_eq!(analysis.verdict.key(), "broken/sign-in/spn-missing", "{code}");
            assert_eq!(analysis.findings.len(), 1, "{code}");
        }
        let alone = analyse(&format!("PROBE\n{passing}"));
        assert_eq!(alone.verdict.key(), "broken/sign-in/sign-in-refused", "{code}");
    }
}
