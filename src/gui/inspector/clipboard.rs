//! A session as text for other places: a command, a ticket. Secrets stay masked; whoever pastes knows nothing of them.

use std::fmt::Write as _;

use super::body::ShownBody;
use crate::analysis::Analysis;
use crate::capture::Session;
use crate::gui::format;
use crate::http::{Headers, mask};

/// The request as a cURL command. Credentials are masked, so that it does not run as it stands.
pub(in crate::gui) fn curl(session: &Session) -> String {
    let request = &session.request;
    let mut text = format!(
        "curl -X {} {}",
        word(&request.method),
        quoted(&mask::url(request.target.as_str()))
    );
    for header in request.headers.iter().filter(|h| !h.name.eq_ignore_ascii_case("content-length"))
    {
        let value = mask::header_value(&header.name, &header.value);
        // cURL drops a header without a value unless a semicolon ends it.
        let field = if value.is_empty() {
            format!("{};", header.name)
        } else {
            format!("{}: {value}", header.name)
        };
        let _ = write!(text, " \\\n  -H {}", quoted(&field));
    }
    if let Some(body) =
        ShownBody::of(&request.body, &request.headers).text().filter(|_| request.body.is_text())
    {
        let _ = write!(text, " \\\n  --data-raw {}", quoted(&body.replace('\n', "&")));
    }
    text
}

/// The session for a ticket.
pub(in crate::gui) fn markdown(session: &Session, analysis: &Analysis) -> String {
    let mut text = format!("### Session {}", session.id);
    if let Some(reading) = analysis.flows.reading(session.id) {
        let _ = write!(text, ": {} → {}", reading.request_label(session), reading.answer_label());
    }
    text.push('\n');
    if let Some(started) = session.started {
        let _ = writeln!(text, "\n{}", format::instant(started));
    }
    for finding in analysis.findings_at(session.id) {
        let _ = writeln!(
            text,
            "\n**{}** ({}, {})",
            finding.message,
            finding.severity.id(),
            finding.rule
        );
    }
    let _ = write!(text, "\n```http\n{}```\n", message(session));
    text
}

/// Request and answer as HTTP text, without bodies that are not text.
pub(in crate::gui) fn message(session: &Session) -> String {
    let request = &session.request;
    let mut text = format!("{} {}", shown(&request.method), mask::url(request.target.as_str()));
    if !request.version.is_empty() {
        let _ = write!(text, " {}", shown(&request.version));
    }
    text.push('\n');
    fields(&mut text, &request.headers);
    body(&mut text, &ShownBody::of(&request.body, &request.headers));
    match &session.response {
        Some(response) => {
            let version = if response.version.is_empty() { "HTTP/1.1" } else { &response.version };
            let _ = writeln!(
                text,
                "\n{} {} {}",
                shown(version),
                response.status,
                shown(&response.reason)
            );
            fields(&mut text, &response.headers);
            body(&mut text, &ShownBody::of(&response.body, &response.headers));
        }
        None => text.push_str("\n(no answer was recorded)\n"),
    }
    text
}

fn fields(text: &mut String, headers: &Headers) {
    for header in headers {
        let value = shown(&mask::header_value(&header.name, &header.value));
        let _ = writeln!(text, "{}", format!("{}: {value}", shown(&header.name)).trim_end());
    }
}

fn body(text: &mut String, body: &ShownBody) {
    if let Some(body) = body.text() {
        let _ = write!(text, "\n{}\n", body.trim_end());
    }
}

fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Letters only: a method ends up in a shell.
fn word(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// One argument of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", shown(text).replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::{curl, message};
    use crate::import::open_text;

    const TEXT: &str = "POST https://mail.contoso.com/ews/exchange.asmx HTTP/1.1
Authorization: Basic Z3JlZzpodW50ZXIy
User-Agent: it's Outlook

HTTP/1.1 200 OK
Set-Cookie: cadata=verysecret; path=/
";

    #[test]
    fn copies_hold_no_secret_and_stay_one_argument() {
        let capture = open_text("x", TEXT).unwrap();
        let session = &capture.sessions[0];
        let command = curl(session);
        assert!(
            command.starts_with("curl -X POST 'https://mail.contoso.com/ews/exchange.asmx'"),
            "{command}"
        );
        assert!(command.contains("it'\\''s Outlook"), "{command}");
        let text = message(session);
        for copy in [command, text] {
            assert!(!copy.contains("Z3Jl") && !copy.contains("verysecret"), "{copy}");
        }
    }
}
