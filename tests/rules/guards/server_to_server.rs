//! Servers that call servers: told when refused, and never part of the verdict.

use super::analyse;
use crate::told;

#[test]
fn a_refused_server_token_is_explained_beside_a_healthy_flow() {
    let analysis = analyse(
        r#"PROBE
ISSUED
ACCEPTED
### 09:15:00 +40ms w3wp.exe:9 // actor token
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: ASProxy/CrossForest/EmailDomain//15.02.1544.011
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
x-ms-diagnostics: 2000004;reason="The tenant for tenant guid 'contoso.com' does not exist.";error_category="invalid_tenant"
WWW-Authenticate: NO-URI, error="invalid_token"
"#,
    );
    assert_eq!(told(&analysis), "server-to-server-refused note @4");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn the_first_answers_of_a_handshake_are_as_they_should_be() {
    let analysis = analyse(
        "### 09:14:07
POST https://mail.contoso.com/EWS/mrsproxy.svc HTTP/1.1

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: NTLM
### 09:14:08
POST https://mail.contoso.com/EWS/mrsproxy.svc HTTP/1.1
Authorization: NTLM TlRMTVNTUAABAAAAB4IIogAAAAA=

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: NTLM TlRMTVNTUAACAAAADAAMADgAAAA=
### 09:14:09
POST https://mail.contoso.com/EWS/mrsproxy.svc HTTP/1.1
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_mailbox_move_whose_proxy_is_off_is_told() {
    let analysis = analyse(
        "### 09:14:09
POST https://mail.contoso.com/EWS/mrsproxy.svc HTTP/1.1
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 400 Bad Request
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "server-to-server-refused note @1");
    assert_eq!(analysis.verdict.key(), "not-hma");
}

#[test]
fn a_call_that_goes_through_in_the_end_is_history() {
    let analysis = analyse(
        "### 09:14:07
POST https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity HTTP/1.1

HTTP/1.1 500 Internal Server Error
X-FEServer: EX1
### 09:14:09
POST https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity HTTP/1.1

HTTP/1.1 200 OK
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_server_that_gets_no_token_is_told_by_the_errors_name() {
    let analysis = analyse(
        r#"### 09:14:07 w3wp.exe:9
POST https://accounts.accesscontrol.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/tokens/OAuth/2 HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=http%3A%2F%2Foauth.net%2Fgrant_type%2Fjwt%2F1.0%2Fbearer
HTTP/1.1 401 Unauthorized
Content-Type: application/json

{"error":"invalid_client","error_description":"AADSTS50012: The key was not found."}
"#,
    );
    assert!(told(&analysis).contains("server-to-server-refused note @1"), "{}", told(&analysis));
    let shown = format!("{:?}", analysis.findings);
    assert!(shown.contains("invalid_client (AADSTS50012)"), "{shown}");
}

#[test]
fn a_servers_refused_sign_in_is_told_where_it_begins() {
    let sign_in = |second: u32, answer: &str| {
        format!(
            "### 09:15:{second} +40ms w3wp.exe:9
POST https://accounts.accesscontrol.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/tokens/OAuth/2 HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=http%3a%2f%2foauth.net%2fgrant_type%2fjwt%2f1.0%2fbearer&assertion=sample
HTTP/1.1 401 Unauthorized
Content-Type: application/json

{answer}
"
        )
    };
    let unknown = r#"{"error":"invalid_client","error_description":"AADSTS700027: Sample."}"#;
    let busy = r#"{"error":"temporarily_unavailable"}"#;
    let text = [sign_in(10, busy), sign_in(20, unknown), sign_in(30, unknown)];
    let told = told(&analyse(&text.concat()));
    assert!(told.starts_with("server-to-server-refused note @2\n"), "{told}");
}
