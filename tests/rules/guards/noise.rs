//! What looks like a break and is none.

use super::analyse;
use crate::told;

#[test]
fn autodiscover_at_the_root_domain_is_noise() {
    let analysis = analyse(
        "### 09:14:01 +300ms outlook.exe:4312 // the web server of the domain
POST https://contoso.com/autodiscover/autodiscover.xml HTTP/1.1
OUTLOOK
Authorization: Bearer

HTTP/1.1 404 Not Found
Server: nginx
### 09:14:01 +300ms outlook.exe:4312 // the web server of the domain
POST https://contoso.com/autodiscover/autodiscover.xml HTTP/1.1
OUTLOOK
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/10.0
WWW-Authenticate: Negotiate
PROBE
ISSUED
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn windows_sign_in_where_nothing_shows_hma_is_not_hma() {
    let analysis = analyse(
        "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
### 09:14:08 +52ms outlook.exe:4312 // NTLM
POST MAPI HTTP/1.1
OUTLOOK
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
### 09:14:09 +52ms outlook.exe:4312 // NTLM
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
OUTLOOK
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:09 GMT
X-FEServer: EX1
X-BEServer: EX2
",
    );
    assert_eq!(told(&analysis), "no-empty-bearer warning @1");
    assert_eq!(analysis.verdict.key(), "not-hma/no-empty-bearer");
}

#[test]
fn outlook_2013_is_told_about_enable_adal() {
    let analysis = analyse(
        "### 09:14:08 +52ms outlook.exe:4312 // NTLM
POST MAPI HTTP/1.1
User-Agent: Microsoft Office/15.0 (Windows NT 10.0; Microsoft Outlook 15.0.5603; Pro)
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
X-BEServer: EX2
",
    );
    assert_eq!(
        told(&analysis),
        "client-too-old warning @1
no-empty-bearer warning @1"
    );
    assert_eq!(analysis.verdict.key(), "not-hma/client-too-old");
}

#[test]
fn outlook_2013_that_sends_bearer_is_new_enough() {
    let analysis = analyse(
        "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
User-Agent: Microsoft Office/15.0 (Windows NT 10.0; Microsoft Outlook 15.0.5603; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: ENTRA
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
ISSUED
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn exchange_online_gets_no_rule_of_the_own_servers() {
    let analysis = analyse(
        r#"### 09:14:08 +40ms outlook.exe:4312 // Exchange Online has rules of its own
POST https://outlook.office365.com/EWS/Exchange.asmx HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 401 Unauthorized
X-FEServer: AM0PR01CA0001
x-ms-diagnostics: 2000003;reason="The audience claim value is invalid 'aud'.";error_category="invalid_resource"
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", authorization_uri="https://login.windows.net/common/oauth2/authorize", error="invalid_token"
PROBE
ISSUED
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn the_address_book_service_may_use_windows_sign_in() {
    let analysis = analyse(
        "PROBE
ISSUED
ACCEPTED
### 09:15:00 +52ms svchost.exe:1180 // Negotiate
POST https://mail.contoso.com/OAB/1f0c6b7a-52d0-4f7e-8a35-6cf0a1d0be11/oab.xml HTTP/1.1
User-Agent: Microsoft BITS/7.8
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:15:00 GMT
X-FEServer: EX1
X-BEServer: EX2
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_program_that_begins_with_a_token_is_not_at_fault() {
    let analysis = analyse(
        r#"### 09:14:31 +212ms python.exe:99 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"TOKEN","refresh_token":"sample"}
### 09:14:32 +84ms python.exe:99 // token accepted
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: exchangelib/5.4.0 (python-requests/2.32.0)
Authorization: Bearer TOKEN

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
"#,
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_wssecurity_call_gets_no_rule_of_hma() {
    let analysis = analyse(
        "### 09:14:07
POST https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity HTTP/1.1
User-Agent: ASProxy/CrossForest/EmailDomain//15.02.1544.011

HTTP/1.1 401 Unauthorized
X-FEServer: EX1
WWW-Authenticate: Negotiate
### 09:14:08
POST https://mail.contoso.com/EWS/mrsproxy.svc HTTP/1.1
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "server-to-server-refused note @1");
    assert_eq!(analysis.verdict.key(), "not-hma");
}

#[test]
fn a_server_that_calls_a_server_gets_no_rule_of_hma() {
    let analysis = analyse(
        "### 09:14:07 +31ms w3wp.exe:9 // empty Bearer
POST MAPI HTTP/1.1
User-Agent: ASProxy/CrossForest/EmailDomain//15.02.1544.011
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: NO-URI
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "not-hma");
}

#[test]
fn ad_fs_is_a_warning_and_not_hma() {
    let analysis = analyse(
        r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://adfs.contoso.com/adfs/oauth2/authorize", issuer_kind="ADFS"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
"#,
    );
    assert_eq!(told(&analysis), "authorization-uri-not-entra warning @1");
    assert_eq!(analysis.verdict.key(), "not-hma/authorization-uri-not-entra");
}

#[test]
fn a_national_cloud_is_entra() {
    let analysis = analyse(
        r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: NO-URI, authorization_uri="https://login.microsoftonline.us/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "sign-in-not-visible note @2");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn skipping_decryption_for_ad_fs_is_good_practice() {
    let analysis = analyse(
        "### 09:14:06 +9s outlook.exe:4312
CONNECT adfs.contoso.com:443 HTTP/1.1

HTTP/1.1 200 Connection Established
PROBE
ISSUED
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn an_undecrypted_sign_in_that_a_flow_waits_for_is_told() {
    let analysis = analyse(
        "PROBE
### 09:14:08 +9s outlook.exe:4312
CONNECT login.windows.net:443 HTTP/1.1

HTTP/1.1 200 Connection Established
",
    );
    assert_eq!(told(&analysis), "https-not-decrypted warning @2");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence/https-not-decrypted");
}

#[test]
fn a_masked_password_is_no_password() {
    let analysis = analyse(
        "PROBE
ACCEPTED
### 09:14:40 msedge.exe:8
POST https://login.microsoftonline.com/common/login HTTP/1.1
Content-Type: application/x-www-form-urlencoded

login=meg%40contoso.com&passwd=%5Bredacted%5D
HTTP/1.1 200 OK
",
    );
    assert_eq!(told(&analysis), "sign-in-not-visible note @2");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_form_password_is_a_password() {
    let analysis = analyse(
        "PROBE
ACCEPTED
### 09:14:40 msedge.exe:8
POST https://login.microsoftonline.com/common/login HTTP/1.1
Content-Type: application/x-www-form-urlencoded

login=meg%40contoso.com&passwd=Sample-Pass1
HTTP/1.1 200 OK
",
    );
    assert_eq!(
        told(&analysis),
        "sign-in-not-visible note @2
basic-credentials-in-capture warning @3"
    );
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_script_beside_an_outlook_that_works_may_use_windows_sign_in() {
    let analysis = analyse(
        "PROBE
ISSUED
ACCEPTED
### 09:20:00 python.exe:99
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: exchangelib/5.4.0 (python-requests/2.32.0)
Authorization: NTLM TlRMTVNTUAADAAAAGAAYAH4AAAA=

HTTP/1.1 200 OK
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "no-empty-bearer note @4");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_photo_that_is_not_there_breaks_nothing() {
    let analysis = analyse(
        "PROBE
ISSUED
ACCEPTED
### 09:20:00 outlook.exe:4312
GET https://mail.contoso.com/EWS/Exchange.asmx/s/GetUserPhoto?email=meg@contoso.com HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 404 Not Found
X-FEServer: EX1
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_ws_trust_password_is_a_password() {
    let analysis = analyse(
        "PROBE
ACCEPTED
### 09:20:00 outlook.exe:4312
POST https://adfs.contoso.com/adfs/services/trust/13/usernamemixed HTTP/1.1
Content-Type: application/soap+xml

<o:UsernameToken><o:Username>meg@contoso.com</o:Username><o:Password>Sample-Pass1</o:Password></o:UsernameToken>
HTTP/1.1 200 OK
",
    );
    assert!(told(&analysis).ends_with("basic-credentials-in-capture warning @3"));
    assert!(!format!("{:?}", analysis.findings).contains("Sample-Pass1"));
}

#[test]
fn exchange_online_of_the_us_government_is_exchange_online() {
    for host in ["autodiscover-s.office365.us", "outlook-dod.office365.us", "webmail.apps.mil"] {
        let online = |text: &str| text.replace("mail.contoso.com", host);
        let mapi = format!("https://{host}/mapi/emsmdb/?MailboxId=8b4f@contoso.com");
        let accepted = super::ACCEPTED.replace("MAPI", &mapi);
        let analysis = analyse(&[online(super::ISSUED), accepted].concat());
        assert_eq!(analysis.verdict.key(), "not-enough-evidence", "{host}");
        assert!(analysis.verdict.summary.starts_with("Only Exchange Online"), "{host}");
    }
}
