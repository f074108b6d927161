//! Somebody's password can be read in this file.

use crate::capture::Session;
use crate::flow::Endpoint;
use crate::http::Authorization;
use crate::rules::{Case, Evidence, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    id: "basic-credentials-in-capture",
    title: "The capture holds a readable password",
    step: None,
    severity: Severity::Warning,
    why: "Basic authentication sends user name and password in a form that anybody can decode, and sign-in forms \
        send them in clear inside the encrypted connection that the recorder opened. Whoever gets this file can read \
        them. This says nothing about the flow itself.",
    fix: &[
        "Do not share this file as it is; share a redacted copy, written by Save redacted copy in the window or by the \
            command: `hma-trace redact <file> -o <redacted copy>`",
        "If the file has left your hands already, change the password of {user}",
        "Record with a test account where you can",
        "When modern authentication works, switch Basic off on the virtual directories, or block it with the \
            `-BlockLegacyAuth` switches of `New-AuthenticationPolicy`",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do \
        I troubleshoot HMA (do not share a trace with your password); RFC 7617",
    fires_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:14:40 +52ms svchost.exe:1180 // Basic
GET https://mail.contoso.com/OAB/1f0c6b7a-52d0-4f7e-8a35-6cf0a1d0be11/oab.xml HTTP/1.1
User-Agent: Microsoft BITS/7.8
Authorization: Basic bWVnQGNvbnRvc28uY29tOlNhbXBsZS1QYXNzMQ==

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:40 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    silent_on: r#"### 09:14:07 +31ms outlook.exe:4312 // empty Bearer
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
X-User-Identity: meg@contoso.com
Authorization: Bearer

HTTP/1.1 401 Unauthorized
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
request-id: 5ca2c827-5147-474c-8457-63c4e5099c6e
WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.windows.net/common/oauth2/authorize"
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM

### 09:14:31 +212ms outlook.exe:4312 // token request
POST https://login.windows.net/common/oauth2/token HTTP/1.1
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&code=sample
HTTP/1.1 200 OK
Content-Type: application/json; charset=utf-8

{"token_type":"Bearer","expires_in":"3899","resource":"https://mail.contoso.com/","access_token":"{{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}","refresh_token":"sample"}

### 09:14:32 +84ms outlook.exe:4312 // token accepted
POST https://mail.contoso.com/mapi/emsmdb/?MailboxId=8b4f@contoso.com HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Bearer {{jwt {"aud":"https://mail.contoso.com/","iss":"https://sts.windows.net/7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90/","tid":"7e3a1c52-9d84-4b6f-a1c0-2f5b8e6d4a90","nbf":1772442840,"exp":1772446740,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c","scp":"user_impersonation","upn":"meg@contoso.com"}}}

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:32 GMT
X-FEServer: EX1
X-BEServer: EX2
X-ResponseCode: 0

### 09:14:40 +52ms svchost.exe:1180 // Negotiate
GET https://mail.contoso.com/OAB/1f0c6b7a-52d0-4f7e-8a35-6cf0a1d0be11/oab.xml HTTP/1.1
User-Agent: Microsoft BITS/7.8
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:40 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    check,
};

/// Form fields that hold a password.
const PASSWORD_FIELDS: [&str; 4] = ["passwd", "password", "confirmpassword", "newpassword"];

/// Form fields that name its owner.
const USER_FIELDS: [&str; 3] = ["login", "loginfmt", "username"];

/// So many sessions are named.
const NAMED: usize = 10;

struct Leak {
    evidence: Evidence,
    user: String,
}

/// One finding speaks for the file.
fn check(case: &Case<'_>) -> Vec<Finding> {
    let leaks: Vec<Leak> = case.capture.sessions.iter().filter_map(|s| leak(case, s)).collect();
    let Some(first) = leaks.first() else { return Vec::new() };
    let users: Vec<&str> =
        leaks.iter().map(|l| l.user.as_str()).filter(|u| !u.is_empty()).collect();
    let user = users.first().copied().unwrap_or_default().to_owned();
    let message = match leaks.len() {
        1 => "A password can be read in one session of this capture".to_owned(),
        n => format!("Passwords can be read in {n} sessions of this capture"),
    };
    let mut finding = Finding::new(first.evidence.clone(), message).fact("user", user);
    for leak in leaks.iter().skip(1).take(NAMED) {
        finding = finding.and(leak.evidence.clone());
    }
    vec![finding]
}

/// Whether a value can be Basic credentials; a token is long, and need not be read to tell.
fn is_basic(value: &str) -> bool {
    value.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
}

fn leak(case: &Case<'_>, session: &Session) -> Option<Leak> {
    for name in ["Authorization", "Proxy-Authorization"] {
        if let Some(value) = session.request.headers.get(name)
            && is_basic(value)
            && let Authorization::Basic(basic) = Authorization::parse(value)
            && is_readable(basic.password.reveal())
        {
            let evidence = Evidence::request_header(case, session.id, name);
            return Some(Leak { evidence, user: basic.user });
        }
    }
    if session.request.body.is_empty() {
        return None;
    }
    let kind = session.request.headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    // Bodies to Exchange are mail, which may speak of passwords; there only a logon form holds one.
    let (field, user) = match case.flows.reading(session.id)?.endpoint {
        Endpoint::Identity { .. } if kind.contains("xml") => soap_password(session),
        Endpoint::Identity { .. } => form_password(session),
        _ if kind.contains("urlencoded") => form_password(session),
        Endpoint::Other if kind.contains("xml") => soap_password(session),
        _ => None,
    }?;
    Some(Leak { evidence: Evidence::request_body(session.id, field, "•••"), user })
}

/// The field that holds a password, and the user whose it is.
fn form_password(session: &Session) -> Option<(String, String)> {
    let form = session.request.body.form();
    let find = |fields: &[&str]| {
        form.iter().find(|(name, value)| {
            fields.iter().any(|field| name.eq_ignore_ascii_case(field)) && is_readable(value)
        })
    };
    let (field, _) = find(&PASSWORD_FIELDS)?;
    let user = find(&USER_FIELDS).map(|(_, user)| user.clone()).unwrap_or_default();
    Some((field.clone(), user))
}

/// The password of a WS-Trust user name token: `<o:Password …>…</o:Password>`.
fn soap_password(session: &Session) -> Option<(String, String)> {
    let text = session.request.body.text();
    let (_, token) = text.split_once("UsernameToken")?;
    let element = |name: &str| {
        let (_, after) = token.split_once(name)?;
        let (_, value) = after.split_once('>')?;
        let (value, _) = value.split_once('<')?;
        Some(value.trim())
    };
    is_readable(element(":Password")?)
        .then(|| ("Password".to_owned(), element(":Username").unwrap_or_default().to_owned()))
}

/// Whether a value is there and not already masked.
fn is_readable(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !value.chars().all(|c| matches!(c, '*' | '•' | 'x' | 'X'))
        && !["redacted", "removed", "sanitized", "masked"].iter().any(|mark| lower.contains(mark))
}
