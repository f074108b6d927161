//! The guards against false alarms and mistaken causes. Texts are captures in raw-text notation, in which a word in
//! capitals stands for a healthy piece: `PROBE`, `ISSUED` and `ACCEPTED` are whole sessions.

mod access;
mod bare_answer;
mod capture;
mod challenge;
mod client;
mod noise;
mod policy;
mod reach;
mod reason;
mod server_to_server;
mod sign_in;
mod sign_in_alone;
mod spare_host;
mod token;
mod way_to_sign_in;
mod web;

use hma_trace::analysis::Analysis;

const PROBE: &str = "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: ENTRA
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
";
const ISSUED: &str = r#"### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"TOKEN","refresh_token":"sample"}
"#;
const ACCEPTED: &str = "### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer TOKEN

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0
";
const TOKEN: &str = r#"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}"#;
const NO_URI: &str = r#"Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1""#;
const AUTHORITY: &str =
    r#", authorization_uri="https://login.windows.net/common/oauth2/authorize""#;
const MAPI: &str = "https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com";
const OUTLOOK: &str =
    "User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)";

fn analyse(text: &str) -> Analysis {
    let sessions =
        text.replace("PROBE\n", PROBE).replace("ISSUED\n", ISSUED).replace("ACCEPTED\n", ACCEPTED);
    let filled = sessions
        .replace("TOKEN", TOKEN)
        .replace("ENTRA", &format!("{NO_URI}{AUTHORITY}"))
        .replace("NO-URI", NO_URI)
        .replace("MAPI", MAPI)
        .replace("OUTLOOK", OUTLOOK);
    crate::analyse(&filled)
}

/// A token request for mail.contoso.com that Entra ID refuses with a code.
fn token_error(grant: &str, error: &str, code: u32) -> String {
    format!(
        "### 09:14:20 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type={grant}&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=sample
HTTP/1.1 400 Bad Request
Content-Type: application/json; charset=utf-8
x-ms-request-id: f840b3e7-8740-4698-b252-d759825e0300

{{\"error\":\"{error}\",\"error_description\":\"AADSTS{code}: Refused.\",\"error_codes\":[{code}]}}
"
    )
}
