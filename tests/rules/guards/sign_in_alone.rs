//! Sign-ins for an Exchange that the capture does not show, and sign-ins that never end.

use super::{analyse, token_error};
use crate::told;
use hma_trace::analysis::Analysis;
use hma_trace::flow::{Step, StepState};

#[test]
fn a_refused_sign_in_without_any_exchange_traffic_has_its_finding() {
    for (code, rule) in [
        (500_011, "spn-missing"),
        (50_173, "grant-revoked"),
        (53_003, "conditional-access-blocked"),
        (50_105, "sign-in-refused"),
    ] {
        let analysis = analyse(&token_error("refresh_token", "invalid_grant", code));
        assert_eq!(told(&analysis), format!("{rule} error @1\nno-exchange-traffic note @-"));
        assert_eq!(analysis.verdict.key(), format!("broken/sign-in/{rule}"));
        let flow = &analysis.flows.flows[0];
        assert_eq!((flow.host.as_str(), flow.sessions.len()), ("mail.contoso.com", 0));
        let sign_in = flow.steps.iter().find(|s| s.step == Step::SignIn).unwrap();
        assert_eq!(sign_in.state, StepState::Failed);
    }
}

#[test]
fn a_sign_in_that_went_well_says_nothing_about_exchange() {
    let analysis = analyse("ISSUED\n");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence/no-exchange-traffic");
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let analysis = analyse(&format!("{refused}ISSUED\n"));
    assert_eq!(told(&analysis), "no-exchange-traffic note @-");
}

#[test]
fn sign_ins_for_other_services_are_not_ours() {
    for resource in [
        "https%3A%2F%2Fgraph.microsoft.com%2F",
        "https%3A%2F%2Foutlook.office365.com%2F",
        "https%3A%2F%2Fcontoso.sharepoint.com%2F",
    ] {
        let refused = token_error("refresh_token", "invalid_grant", 50_173);
        let analysis = analyse(&refused.replace("https%3A%2F%2Fmail.contoso.com%2F", resource));
        assert_eq!(told(&analysis), "no-exchange-traffic note @-", "{resource}");
    }
    // Nobody knows this application, and its host is named like no Exchange.
    let refused = token_error("refresh_token", "invalid_grant", 50_173)
        .replace("mail.contoso.com", "payroll.contoso.com")
        .replace("d3590ed6-52b3-4102-aeff-aad2292ab01c", "6f1d2c3b-4a59-4e78-8d90-a1b2c3d4e5f6");
    assert_eq!(told(&analyse(&refused)), "no-exchange-traffic note @-");
}

#[test]
fn a_page_belongs_to_what_was_asked_for_before() {
    let analysis = analyse(
        r#"### 09:14:08 +150ms outlook.exe:4312
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fex1.corp.contoso.com%2F&login_hint=meg%40contoso.com HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html>Sign in</html>
### 09:14:20 +150ms outlook.exe:4312
POST https://login.windows.net/common/login HTTP/1.1
Content-Type: application/x-www-form-urlencoded

login=meg%40contoso.com
HTTP/1.1 200 OK
Content-Type: text/html

<script>$Config={"strServiceExceptionMessage":"AADSTS50057: The account is disabled.","sErrorCode":"50057"};</script>
"#,
    );
    assert_eq!(told(&analysis), "sign-in-refused error @2\nno-exchange-traffic note @-");
    assert_eq!(analysis.flows.flows[0].host, "ex1.corp.contoso.com");
    assert_eq!(analysis.flows.flows[0].user.as_deref(), Some("meg@contoso.com"));
}

/// One round of an interactive sign-in, from the probe to the token, and what Exchange says to that.
fn round(minute: u32, then: &str) -> String {
    format!(
        "### 09:{minute}:01 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: ENTRA

### 09:{minute}:05 +150ms outlook.exe:4312
GET https://login.windows.net/common/oauth2/authorize?response_type=code&resource=https%3A%2F%2Fmail.contoso.com%2F HTTP/1.1

HTTP/1.1 302 Found
Location: urn:ietf:wg:oauth:2.0:oob?code=sample

### 09:{minute}:06 +150ms outlook.exe:4312
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json

{{\"access_token\":\"TOKEN\",\"refresh_token\":\"sample\"}}
{then}"
    )
}

fn refused(minute: u32, diagnostics: &str) -> String {
    format!(
        "### 09:{minute}:07 +40ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:{minute}:07 GMT
X-FEServer: EX1
WWW-Authenticate: ENTRA
{diagnostics}
"
    )
}

#[test]
fn two_rounds_are_no_loop() {
    let analysis = analyse(&[round(14, ""), round(15, "")].concat());
    assert_eq!(told(&analysis), "");
}

#[test]
fn tokens_that_are_refused_without_a_word_are_one_loop() {
    let rounds: String = (14..17).map(|m| round(m, &refused(m, ""))).collect();
    let analysis = analyse(&rounds);
    // The second round is the one that should not have been.
    assert_eq!(told(&analysis), "sign-in-loop error @6");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/sign-in-loop");
}

#[test]
fn a_loop_whose_reason_exchange_tells_is_told_by_that_reason() {
    let said = r#"x-ms-diagnostics: 2000005;reason="The user specified by the user-context in the token does not exist.";error_category="invalid_user""#;
    let rounds: String = (14..17).map(|m| round(m, &refused(m, said))).collect();
    assert_eq!(told(&analyse(&rounds)), "user-not-found error @4");
}

#[test]
fn one_window_that_asks_three_times_is_one_round() {
    let window = "### 09:14:05 +150ms outlook.exe:4312
GET https://login.windows.net/common/oauth2/authorize?response_type=code&resource=https%3A%2F%2Fmail.contoso.com%2F HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html>Sign in</html>
";
    let analysis = analyse(&format!("PROBE\n{window}{window}{window}{window}"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn owa_that_sends_the_browser_back_again_and_again_is_a_loop() {
    let round = |second: u32| {
        format!(
            "### 09:20:{second} +20ms msedge.exe:900
GET https://mail.contoso.com/owa/ HTTP/1.1

HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://login.microsoftonline.com/common/oauth2/authorize?redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f

### 09:20:{second} +95ms msedge.exe:900
GET https://login.microsoftonline.com/common/oauth2/authorize?redirect_uri=https%3a%2f%2fmail.contoso.com%2fowa%2f HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html><form></form></html>
### 09:20:{second} +60ms msedge.exe:900
POST https://mail.contoso.com/owa/ HTTP/1.1
Content-Type: application/x-www-form-urlencoded

code=sample&id_token=sample
HTTP/1.1 302 Found
X-FEServer: EX1
Location: https://mail.contoso.com/owa/

"
        )
    };
    let looping: String = (10..13).map(round).collect();
    let analysis = analyse(&looping);
    assert_eq!(told(&analysis), "sign-in-loop error @5");
    let servers = |analysis: &Analysis| {
        let evidence = analysis.findings[0].evidence.iter().filter(|e| e.name == "X-FEServer");
        evidence.map(|e| format!("{} {}", e.session.unwrap(), e.value)).collect::<Vec<_>>()
    };
    // One server that forgets what it took itself tells nothing by its name.
    assert!(servers(&analysis).is_empty());
    let other = looping.replacen(
        "HTTP/1.1 302 Found\nX-FEServer: EX1\nLocation: https://login",
        "HTTP/1.1 302 Found\nX-FEServer: EX2\nLocation: https://login",
        2,
    );
    assert_eq!(servers(&analyse(&other)), ["3 EX1", "4 EX2"]);
    let inside = "### 09:20:30 +60ms msedge.exe:900
GET https://mail.contoso.com/owa/ HTTP/1.1

HTTP/1.1 200 OK
X-FEServer: EX1

";
    assert_eq!(told(&analyse(&format!("{looping}{inside}"))), "");
}

#[test]
fn a_file_without_credentials_proves_no_failure_where_the_mailbox_answers() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let inside = "### 09:14:30 +40ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK

HTTP/1.1 200 OK
X-FEServer: EX1
";
    assert_eq!(told(&analyse(&format!("{refused}{inside}"))), "export-sanitized warning @2");
}

#[test]
fn a_program_that_turned_to_ntlm_after_its_sign_in_failed_is_told_why() {
    let refused = token_error("refresh_token", "invalid_grant", 50_173);
    let inside = "### 09:14:30 +40ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
";
    let analysis = analyse(&format!("{refused}{inside}"));
    assert!(told(&analysis).contains("grant-revoked error @1"), "{}", told(&analysis));
}
