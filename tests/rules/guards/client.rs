//! What clients do that looks alike and is not the same.

use super::analyse;
use crate::told;

const WINDOWS: &str = "HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:16:30 GMT
X-FEServer: EX1
X-BEServer: EX2
";

/// A Windows sign-in so long after the beginning.
fn windows(time: &str, url: &str) -> String {
    format!(
        "### {time} +52ms outlook.exe:4312\nPOST {url} HTTP/1.1\nOUTLOOK\nAuthorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=\n\n{WINDOWS}"
    )
}

#[test]
fn outlook_anywhere_beside_a_mailbox_with_a_token_is_a_note() {
    let rpc = "### 09:15:08 +52ms outlook.exe:4312
RPC_OUT_DATA https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001 HTTP/1.1
User-Agent: MSRPC
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 Success
X-FEServer: EX1
";
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{rpc}"));
    assert_eq!(told(&analysis), "rpc-over-http note @4");
    assert_eq!(analysis.verdict.key(), "healthy");

    let autodiscover =
        windows("09:14:00", "https://autodiscover.contoso.com/autodiscover/autodiscover.xml");
    let analysis = analyse(&format!("{autodiscover}{rpc}"));
    assert_eq!(told(&analysis), "rpc-over-http error @2", "the cause, not its consequence");
    assert_eq!(analysis.verdict.key(), "broken/probe/rpc-over-http");
}

#[test]
fn outlook_2010_on_outlook_anywhere_is_too_old() {
    let analysis = analyse(
        "### 09:14:08 +52ms outlook.exe:4312
POST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1
User-Agent: Microsoft Office/14.0 (Windows NT 6.1; Microsoft Outlook 14.0.7268; Pro)
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
### 09:14:09 +52ms outlook.exe:4312
RPC_IN_DATA https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001 HTTP/1.1
User-Agent: MSRPC
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 Success
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "client-too-old error @1");
}

const REFUSED: &str = "### 09:14:07 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: NO-URI
WWW-Authenticate: Basic realm=\"mail.contoso.com\"
";
const BASIC: &str = "### 09:14:20 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Basic bWVnQGNvbnRvc28uY29tOlNhbXBsZS1QYXNzMQ==

HTTP/1.1 200 OK
X-FEServer: EX1
";

#[test]
fn a_password_after_a_refused_probe_is_a_fallback_and_one_without_is_none() {
    let analysis = analyse(&format!("{REFUSED}{BASIC}"));
    assert!(told(&analysis).contains("basic-fallback warning @2"), "{}", told(&analysis));
    assert_eq!(analysis.verdict.key(), "broken/challenge/authorization-uri-missing");

    let analysis = analyse(BASIC);
    assert!(!told(&analysis).contains("basic-fallback"), "{}", told(&analysis));
}

#[test]
fn a_fallback_that_healed_is_a_note() {
    let analysis = analyse(&format!("{REFUSED}{BASIC}PROBE\nISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "basic-fallback note @2\nbasic-credentials-in-capture warning @2");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn another_programs_password_is_no_fallback() {
    let other = BASIC.replace("outlook.exe:4312", "svchost.exe:1180").replace("OUTLOOK\n", "");
    let analysis = analyse(&format!("{REFUSED}{other}"));
    assert!(!told(&analysis).contains("basic-fallback"), "{}", told(&analysis));
}

#[test]
fn a_capture_that_ends_right_after_the_challenge_only_suspects() {
    let analysis = analyse(&format!("PROBE\n{}", windows("09:14:09", "MAPI")));
    assert_eq!(told(&analysis), "challenge-ignored note @1");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence");
}

#[test]
fn a_probe_that_is_only_repeated_is_suspected() {
    let again = "### 09:15:07 +31ms outlook.exe:4312
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: ENTRA
";
    let analysis = analyse(&format!("PROBE\n{again}"));
    assert_eq!(told(&analysis), "challenge-ignored error @1");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
    // Probes side by side, and then other programs' sessions while the window of the broker is open.
    let beside = again.replace("09:15:07", "09:14:07");
    let other = "### 09:16:00 +31ms telemetry.exe:7\nGET https://www.contoso.com/ HTTP/1.1\n\nHTTP/1.1 200 OK\n";
    let analysis = analyse(&format!("PROBE\n{beside}{other}"));
    assert_eq!(told(&analysis), "challenge-ignored note @1");
    assert!(analysis.findings[0].message.ends_with("asked again without a sign-in"));
    assert_eq!(analysis.verdict.key(), "not-enough-evidence");
}

#[test]
fn a_client_that_turns_to_entra_or_brings_a_token_does_not_ignore() {
    let later = windows("09:16:30", "MAPI");
    let tunnel = "### 09:14:08 +9s outlook.exe:4312
CONNECT login.windows.net:443 HTTP/1.1

HTTP/1.1 200 Connection Established
";
    let page = "### 09:14:08 +9s outlook.exe:4312
GET https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Fmail.contoso.com%2F HTTP/1.1

HTTP/1.1 200 OK
";
    let elsewhere = "### 09:14:20 +9s outlook.exe:4312
POST https://mail2.contoso.com/EWS/Exchange.asmx HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 200 OK
X-FEServer: EX1
";
    for signs in [tunnel, page, elsewhere] {
        let analysis = analyse(&format!("PROBE\n{signs}{later}"));
        assert!(!told(&analysis).contains("challenge-ignored"), "{signs}{}", told(&analysis));
    }
}

#[test]
fn sign_ins_for_other_programs_do_not_count_as_following() {
    let teams = "### 09:14:08 +9s teams.exe:9
GET https://login.windows.net/common/oauth2/authorize?resource=https%3A%2F%2Fapi.spaces.skype.com%2F HTTP/1.1

HTTP/1.1 200 OK
";
    let analysis = analyse(&format!("PROBE\n{teams}{}", windows("09:16:30", "MAPI")));
    assert_eq!(told(&analysis), "challenge-ignored error @1");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/challenge-ignored");
}

const CLOUD: &str = r#"### 09:14:01 +120ms outlook.exe:4312
GET https://outlook.office365.com/autodiscover/autodiscover.json/v1.0/meg@contoso.com?Protocol=AutodiscoverV1 HTTP/1.1
OUTLOOK

HTTP/1.1 200 OK
Content-Type: application/json

{"Protocol":"AutodiscoverV1","Url":"https://outlook.office365.com/autodiscover/autodiscover.xml"}
"#;

#[test]
fn the_cloud_may_be_asked_first() {
    let analysis = analyse(&format!("{CLOUD}PROBE\nISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
    let phone = CLOUD.replace("OUTLOOK", "User-Agent: Outlook-iOS/2.0");
    assert!(!told(&analyse(&phone)).contains("autodiscover-from-cloud"));
}

#[test]
fn outlook_anywhere_is_an_error_where_only_autodiscover_and_ews_take_a_token() {
    let rpc = "### 09:15:08 +52ms outlook.exe:4312
RPC_IN_DATA https://mail.contoso.com/rpc/rpcproxy.dll?8b4f@contoso.com:6001 HTTP/1.1
User-Agent: MSRPC
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 Success
X-FEServer: EX1
";
    let ews = "PROBE\nISSUED\nACCEPTED\n"
        .replace("PROBE\n", super::PROBE)
        .replace("ACCEPTED\n", super::ACCEPTED)
        .replace("MAPI", "https://mail.contoso.com/EWS/Exchange.asmx");
    let analysis = analyse(&format!("{ews}{rpc}"));
    assert_eq!(told(&analysis), "rpc-over-http error @4");
    let finding = &analysis.findings[0];
    assert!(finding.message.starts_with("Outlook 2016 or later reaches"), "{}", finding.message);
    let fix = finding.fix().join("\n");
    assert!(fix.contains("Get-CASMailbox meg@contoso.com"), "{fix}");
}
