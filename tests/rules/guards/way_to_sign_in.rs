//! The way to the identity providers: what stands on it, and what fails behind it.

use super::analyse;
use crate::told;

const TO_AD_FS: &str = "### 09:14:08 +150ms outlook.exe:4312 // Entra ID sends the user to AD FS
GET https://login.windows.net/common/oauth2/authorize?response_type=code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F HTTP/1.1

HTTP/1.1 302 Found
x-ms-request-id: 9a41d1c5-0b34-4c1a-8b43-1d6a1f1c0e00
Location: https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline

";

fn connect(host: &str, at: &str, answer: &str) -> String {
    format!(
        "### {at} +15ms outlook.exe:4312
CONNECT {host}:443 HTTP/1.1
Host: {host}:443

HTTP/1.1 {answer}
Via: 1.1 proxy.contoso.com

"
    )
}

fn ad_fs(at: &str, path: &str, answer: &str) -> String {
    format!(
        "### {at} +15ms outlook.exe:4312
GET https://sts.contoso.com{path} HTTP/1.1

HTTP/1.1 {answer}

"
    )
}

/// A token request that is answered as told.
fn asked(answer: &str) -> String {
    format!(
        "### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=refresh_token&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 {answer}
"
    )
}

#[test]
fn a_proxy_that_asks_for_its_password_and_gets_it_is_no_obstacle() {
    let asks = connect("login.windows.net", "09:14:08", "407 Proxy Authentication Required");
    let opens = connect("login.windows.net", "09:14:09", "200 Connection established");
    let analysis = analyse(&format!("PROBE\n{asks}{opens}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
    let analysis = analyse(&format!("PROBE\n{asks}"));
    assert_eq!(told(&analysis), "identity-blocked error @2");
    assert!(analysis.findings[0].message.contains("credentials of its own"));
}

#[test]
fn a_proxy_that_does_not_reach_entra_id_blocks_it_too() {
    let fails = connect("login.microsoftonline.com", "09:14:08", "502 Bad Gateway");
    let analysis = analyse(&format!("PROBE\n{fails}"));
    assert_eq!(told(&analysis), "identity-blocked error @2");
    assert_eq!(analysis.verdict.key(), "broken/sign-in/identity-blocked");
}

#[test]
fn a_refused_host_that_the_sign_in_did_not_need_is_no_obstacle() {
    let pictures = connect("aadcdn.msftauth.net", "09:14:08", "403 Forbidden");
    let analysis = analyse(&format!("PROBE\n{pictures}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
    let other = connect("login.microsoftonline.com", "09:14:08", "403 Forbidden");
    let analysis = analyse(&format!("PROBE\n{other}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn a_block_page_is_a_proxys_where_it_says_so_and_unknown_where_it_does_not() {
    let page = "Content-Type: text/html\n\n<html>Blocked by Fabrikam Gateway</html>\n";
    for (answer, rule) in [
        (format!("403 Forbidden\n{page}"), "identity-blocked"),
        (format!("200 OK\nVia: 1.1 proxy.contoso.com\n{page}"), "identity-blocked"),
        (format!("503 Service Unavailable\nServer: squid/6.6\n{page}"), "identity-blocked"),
        (format!("200 OK\n{page}"), "unknown-token-error"),
        (format!("502 Bad Gateway\n{page}"), "unknown-token-error"),
        (format!("403 Forbidden\nx-ms-request-id: 1\n{page}"), "unknown-token-error"),
    ] {
        let analysis = analyse(&format!("PROBE\n{}", asked(&answer)));
        assert_eq!(told(&analysis), format!("{rule} error @2"), "{answer}");
    }
}

#[test]
fn ad_fs_that_recovers_is_history() {
    let down = ad_fs("09:14:09", "/adfs/ls/?wa=wsignin1.0", "503 Service Unavailable");
    let up = ad_fs("09:14:12", "/adfs/ls/?wa=wsignin1.0", "200 OK");
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{down}{up}"));
    assert_eq!(told(&analysis), "");
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{down}ISSUED\nACCEPTED\n"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn windows_sign_in_at_ad_fs_and_its_missing_page_are_no_failure() {
    let asks = ad_fs("09:14:09", "/adfs/ls/wia", "401 Unauthorized\nWWW-Authenticate: Negotiate");
    let missing = ad_fs("09:14:10", "/common/sso/final", "404 Not Found");
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{asks}{missing}"));
    assert_eq!(told(&analysis), "");
}

#[test]
fn windows_sign_in_that_ad_fs_refuses_again_and_again_is_suspected() {
    let asks = "401 Unauthorized\nWWW-Authenticate: Negotiate\nWWW-Authenticate: NTLM";
    let half = "401 Unauthorized\nWWW-Authenticate: NTLM TlRMTVNTUAACAAAAGAAYAH4AAAA=";
    let asked = ad_fs("09:14:09", "/adfs/ls/wia", asks);
    let sent = |answer: &str| {
        ad_fs("09:14:10", "/adfs/ls/wia", answer).replace(
            "HTTP/1.1\n\n",
            "HTTP/1.1\nAuthorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=\n\n",
        )
    };
    let twice = [asked.clone(), sent(asks), asked.clone(), sent(asks)].concat();
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{twice}"));
    assert_eq!(told(&analysis), "federation-unreachable error @4");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
    assert!(analysis.verdict.summary.contains("refused Windows sign-in"));

    let page = sent("200 OK");
    for harmless in [
        [asked.clone(), sent(asks)].concat(),
        [asked, sent(half), sent(half)].concat(),
        [twice, page].concat(),
    ] {
        assert_eq!(told(&analyse(&format!("PROBE\n{TO_AD_FS}{harmless}"))), "", "{harmless}");
    }
}

#[test]
fn ad_fs_names_its_own_errors() {
    let named = ad_fs("09:14:09", "/adfs/ls/", "200 OK\n\n<p>MSIS7065: There are no handlers.</p>");
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{named}"));
    assert_eq!(told(&analysis), "federation-unreachable error @3");
    assert!(analysis.findings[0].message.contains("MSIS7065"));
    let cookies =
        ad_fs("09:14:09", "/adfs/ls/", "200 OK\n\n<p>MSISAuth and MSIS are no errors.</p>");
    assert_eq!(told(&analyse(&format!("PROBE\n{TO_AD_FS}{cookies}"))), "");
}

#[test]
fn a_tunnel_to_ad_fs_that_fails_is_known_by_the_redirect_to_it() {
    let tunnel = connect("sts.contoso.com", "09:14:09", "504 Gateway Timeout");
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{tunnel}"));
    assert_eq!(told(&analysis), "federation-unreachable error @3");
    let other = connect("www.contoso.com", "09:14:09", "504 Gateway Timeout");
    assert_eq!(told(&analyse(&format!("PROBE\n{TO_AD_FS}{other}"))), "");
}

#[test]
fn a_password_that_ad_fs_refuses_over_ws_trust_is_told() {
    let analysis = analyse(
        "PROBE
### 09:14:09 +30ms outlook.exe:4312
POST https://sts.contoso.com/adfs/services/trust/13/usernamemixed HTTP/1.1
Content-Type: application/soap+xml

<s:Envelope/>
HTTP/1.1 500 Internal Server Error
Content-Type: application/soap+xml

<s:Fault><s:Value>a:FailedAuthentication</s:Value><s:Text>ID3242: The security token could not be authenticated</s:Text></s:Fault>
",
    );
    assert_eq!(told(&analysis), "federation-unreachable error @2");
    assert!(analysis.findings[0].message.contains("did not accept name and password"));
}

#[test]
fn an_answer_that_is_not_recorded_at_the_end_proves_nothing() {
    let asked = "### 09:14:09 outlook.exe:4312
GET https://sts.contoso.com/adfs/ls/ HTTP/1.1

";
    assert_eq!(told(&analyse(&format!("PROBE\n{TO_AD_FS}{asked}"))), "");
    let later = "### 09:15:30 +10ms other.exe:1
GET https://www.contoso.com/ HTTP/1.1

HTTP/1.1 200 OK

";
    let analysis = analyse(&format!("PROBE\n{TO_AD_FS}{asked}{later}"));
    assert_eq!(told(&analysis), "federation-unreachable error @3");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
}

#[test]
fn a_proxy_that_lets_questions_pass_and_tokens_not_blocks_all_the_same() {
    let page = "Content-Type: text/html\n\n<html>Uploads are not allowed</html>\n";
    let discovery = "### 09:14:40 +10ms outlook.exe:4312
GET https://login.windows.net/common/.well-known/openid-configuration HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
x-ms-request-id: 1

{}
";
    let analysis =
        analyse(&format!("PROBE\n{}{discovery}", asked(&format!("403 Forbidden\n{page}"))));
    assert_eq!(told(&analysis), "identity-blocked error @2");
}
