//! A request as a command for other places. Secrets stay masked; whoever pastes knows nothing of them.

use std::fmt::Write as _;

use crate::capture::Session;
use crate::http::mask;
use crate::report::ShownBody;

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
    use super::curl;
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
        assert!(!command.contains("Z3Jl") && !command.contains("verysecret"), "{command}");
    }
}
