//! Answers to the empty Bearer that are easily taken for one another.

use super::analyse;
use crate::told;

#[test]
fn a_challenge_without_bearer_and_one_without_address_are_two_things() {
    let analysis = analyse(
        "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
### 09:14:08 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:08 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: NO-URI
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
",
    );
    assert_eq!(
        told(&analysis),
        "bearer-not-offered error @1
authorization-uri-missing error @2"
    );
    assert_eq!(analysis.verdict.key(), "broken/challenge/bearer-not-offered");
}

#[test]
fn an_empty_authorization_uri_is_a_missing_one() {
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
WWW-Authenticate: NO-URI, authorization_uri=""
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
"#,
    );
    assert_eq!(told(&analysis), "authorization-uri-missing error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/authorization-uri-missing");
}

#[test]
fn a_request_without_bearer_is_never_offered_bearer() {
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
PROBE
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "sign-in-not-visible note @3");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn one_server_that_lacks_oauth_does_not_break_a_flow_that_gets_on() {
    let analysis = analyse(
        "### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
PROBE
ISSUED
ACCEPTED
",
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn a_token_that_was_refused_is_not_a_challenge_without_address() {
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
WWW-Authenticate: NO-URI, error="invalid_token"
x-ms-diagnostics: 2000005;reason="The user specified by the user-context in the token does not exist.";error_category="invalid_user"
"#,
    );
    assert_eq!(told(&analysis), "user-not-found error @3");
    assert_eq!(analysis.verdict.key(), "broken/access/user-not-found");
}

#[test]
fn flighting_with_an_address_is_the_switch_for_outlook() {
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
WWW-Authenticate: ENTRA, error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'contoso.com'.";error_category="oauth_not_available"
"#,
    );
    assert_eq!(told(&analysis), "oauth-not-available error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/oauth-not-available");
}

#[test]
fn flighting_for_a_user_without_an_address_is_a_policy() {
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
WWW-Authenticate: NO-URI, error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'meg@contoso.com'.";error_category="oauth_not_available"
"#,
    );
    assert_eq!(told(&analysis), "modern-auth-blocked-by-policy error @1");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
    assert_eq!(analysis.verdict.key(), "broken/challenge/modern-auth-blocked-by-policy");
}

#[test]
fn flighting_for_a_domain_without_a_named_user_is_still_an_error() {
    let analysis = analyse(
        r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST MAPI HTTP/1.1
OUTLOOK
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: ENTRA, error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'contoso.com'.";error_category="oauth_not_available"
"#,
    );
    assert_eq!(told(&analysis), "oauth-not-available error @1");
    assert_eq!(analysis.verdict.key(), "broken/challenge/oauth-not-available");
}

#[test]
fn flighting_for_the_host_to_a_bare_probe_says_nothing() {
    let analysis = analyse(
        r#"### 09:14:07 +31ms powershell.exe:771 // empty Bearer
POST MAPI HTTP/1.1
User-Agent: Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.20348.2849
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: NO-URI, error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'mail.contoso.com'.";error_category="oauth_not_available"
"#,
    );
    assert_eq!(told(&analysis), "oauth-not-available note @1");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence");
}

#[test]
fn flighting_that_passes_is_history() {
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
WWW-Authenticate: ENTRA, error="invalid_token"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
x-ms-diagnostics: 4000000;reason="Flighting is not enabled for domain 'contoso.com'.";error_category="oauth_not_available"
PROBE
ISSUED
ACCEPTED
"#,
    );
    assert_eq!(told(&analysis), "");
    assert_eq!(analysis.verdict.key(), "healthy");
}

#[test]
fn the_page_that_owa_sends_browsers_to_is_the_proof_and_not_the_way_back() {
    let web = |time: &str, request: &str, location: &str| {
        format!(
            "### {time} +31ms msedge.exe:901\n{request} HTTP/1.1\nUser-Agent: Mozilla/5.0\n\nHTTP/1.1 302 Found\nX-FEServer: EX1\nLocation: {location}\n"
        )
    };
    let asked = web(
        "09:15:20",
        "GET https://mail.contoso.com/owa/",
        "https://mail.contoso.com/owa/auth/logon.aspx?replaceCurrent=1",
    );
    let posted = web("09:15:30", "POST https://mail.contoso.com/owa/auth.owa", "/owa/");
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{asked}{posted}"));
    assert_eq!(told(&analysis), "owa-uses-forms warning @4");
    let analysis = analyse(&format!("PROBE\nISSUED\nACCEPTED\n{posted}"));
    assert_eq!(told(&analysis), "owa-uses-forms warning @4", "the password alone tells too");
}

#[test]
fn the_policys_parameter_is_named_as_the_cmdlet_has_it() {
    let fires_on = hma_trace::rules::find("modern-auth-blocked-by-policy").unwrap().fires_on;
    let analysis = crate::analyse(fires_on);
    let fix = analysis.findings[0].fix().join("\n");
    assert!(fix.contains("`BlockModernAuthMapi`"), "{fix}");
}

#[test]
fn a_phone_that_is_told_of_no_authority_is_named() {
    let told_so = |rows: &str| {
        format!(
            "### 09:14:07 +31ms
GET https://prod-autodetect.outlookmobile.com/detect?services=office365&protocols=eas HTTP/1.1
X-Email: meg@contoso.com

HTTP/1.1 200 OK
Content-Type: application/json

{{\"email\":\"meg@contoso.com\",\"services\":[],\"protocols\":[{rows}]}}
"
        )
    };
    let lacking = r#"{"protocol":"eas","hostname":"mail.contoso.com","aad":"","onprem":true}"#;
    let analysis = analyse(&told_so(lacking));
    assert_eq!(told(&analysis), "authorization-uri-missing warning @1");
    assert_eq!(analysis.findings[0].certainty.id(), "suspected");
    assert_eq!(analysis.verdict.key(), "not-enough-evidence/authorization-uri-missing");

    let good = lacking
        .replace(r#""aad":"""#, r#""aad":"https://login.windows.net/common/oauth2/authorize""#);
    for harmless in [
        told_so(&good),
        told_so(&format!("{good},{lacking}")),
        [told_so(lacking), told_so(&good)].concat(),
        told_so(&lacking.replace("mail.contoso.com", "m.google.com")),
        told_so(&lacking.replace("eas", "imap")),
    ] {
        assert_eq!(told(&analyse(&harmless)), "no-exchange-traffic note @-", "{harmless}");
    }
}
