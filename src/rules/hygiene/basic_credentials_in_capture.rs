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
    why: "Basic authentication sends user name and password in a form that anybody can decode, and sign-in forms send them in clear inside the encrypted connection that the recorder opened. Whoever gets this file can read them. This says nothing about the flow itself.",
    fix: &[
        "Do not share this file as it is: save a redacted copy (Save redacted copy, or hma-trace redact) and share that",
        "If the file has left your hands already, change the password of {user}",
        "Record with a test account where you can",
        "When modern authentication works, switch Basic off on the virtual directories, or block it by New-AuthenticationPolicy with the -BlockLegacyAuth switches",
    ],
    reference: "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises (2017), How do I troubleshoot HMA (do not share a trace with your password); RFC 7617",
    fires_on: r#"### 09:14:07 +52ms outlook.exe:4312 // Basic
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Basic bWVnQGNvbnRvc28uY29tOlNhbXBsZS1QYXNzMQ==

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    silent_on: r#"### 09:14:07 +52ms outlook.exe:4312 // Negotiate
POST https://mail.contoso.com/EWS/Exchange.asmx HTTP/1.1
User-Agent: Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)
Authorization: Negotiate YIIGhgYGKwYBBQUCoIIGej

HTTP/1.1 200 OK
Date: Mon, 02 Mar 2026 09:14:07 GMT
X-FEServer: EX1
X-BEServer: EX2
"#,
    check,
};

/// Form fields that hold a password.
const PASSWORD_FIELDS: [&str; 4] = ["passwd", "password", "confirmpassword", "newpassword"];

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

fn leak(case: &Case<'_>, session: &Session) -> Option<Leak> {
    for name in ["Authorization", "Proxy-Authorization"] {
        if let Some(value) = session.request.headers.get(name)
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
    // Bodies to Exchange are mail, which may speak of passwords; only its logon form holds one.
    let field = match case.flows.reading(session.id)?.endpoint {
        Endpoint::Identity { .. } if kind.contains("xml") => soap_password(session),
        Endpoint::Identity { .. } => form_password(session),
        Endpoint::Exchange { .. } if kind.contains("urlencoded") => form_password(session),
        _ => None,
    }?;
    Some(Leak {
        evidence: Evidence::request_body(session.id, field, "•••"), user: String::new()
    })
}

fn form_password(session: &Session) -> Option<String> {
    session
        .request
        .body
        .form()
        .into_iter()
        .find(|(name, value)| {
            PASSWORD_FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field))
                && is_readable(value)
        })
        .map(|(name, _)| name)
}

/// The password of a WS-Trust user name token: `<o:Password …>…</o:Password>`.
fn soap_password(session: &Session) -> Option<String> {
    let text = session.request.body.text();
    let (_, after) = text.split_once(":Password")?;
    let (_, value) = after.split_once('>')?;
    let (value, _) = value.split_once('<')?;
    is_readable(value.trim()).then(|| "Password".to_owned())
}

/// Whether a value is there and not already masked.
fn is_readable(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !value.is_empty()
        && !value.chars().all(|c| matches!(c, '*' | '•' | 'x' | 'X'))
        && !["redacted", "removed", "sanitized", "masked"].iter().any(|mark| lower.contains(mark))
}
