//! A session as HTTP text: request and answer as they went over the wire, decoded, secrets masked, nothing in it acting.

use std::fmt::Write as _;

use super::body::{Form, ShownBody};
use super::escape;
use crate::capture::Session;
use crate::http::{Header, Headers, Secret, mask};
use crate::jwt;

/// Words in the name of a header field that let its value be suspected of being a credential, beyond the fields whose
/// meaning is known. Products invent such fields.
const SUSPECT: &[&str] =
    &["apikey", "api-key", "auth-key", "credential", "passw", "secret", "session-id", "token"];

/// Fields whose names sound so and which hold no credential.
const HARMLESS: &[&str] = &["access-control-allow-credentials", "token-binding"];

/// The most of a body that a report quotes, in characters.
const QUOTED: usize = 2000;

/// Request and answer with their bodies, those left out that may hold credentials.
pub fn message(session: &Session) -> String {
    written(session, None, true, true)
}

/// The heads of request and answer, and the beginning of the bodies that are asked for, if they are text.
pub(super) fn excerpt(session: &Session, request_body: bool, answer_body: bool) -> String {
    written(session, Some(QUOTED), request_body, answer_body)
}

fn written(
    session: &Session,
    most: Option<usize>,
    request_body: bool,
    answer_body: bool,
) -> String {
    let request = &session.request;
    let address = mask::url(request.target.as_str());
    let line = format!("{} {address} {}", request.method, request.version);
    let mut text = String::new();
    push(&mut text, line.trim());
    fields(&mut text, &request.headers);
    if request_body {
        body(&mut text, &ShownBody::of(&request.body, &request.headers), most);
    }
    text.push('\n');
    match &session.response {
        Some(response) => {
            let version = if response.version.is_empty() { "HTTP/1.1" } else { &response.version };
            let line = format!("{version} {} {}", response.status, response.reason);
            push(&mut text, line.trim());
            fields(&mut text, &response.headers);
            if answer_body {
                body(&mut text, &ShownBody::of(&response.body, &response.headers), most);
            }
        }
        None => text.push_str("(no answer was recorded)\n"),
    }
    text
}

fn fields(text: &mut String, headers: &Headers) {
    for header in headers {
        let value = value(header);
        // A HAR joins repeated cookies by line ends. In any other field a line end is an attempt to forge a field.
        if header.name.eq_ignore_ascii_case("set-cookie") {
            for one in value.lines() {
                push(text, format!("{}: {one}", header.name).trim());
            }
        } else {
            push(text, format!("{}: {value}", header.name).trim());
        }
    }
}

/// A field's value as people may see it.
fn value(header: &Header) -> String {
    let name = header.name.to_ascii_lowercase();
    let suspect =
        SUSPECT.iter().any(|word| name.contains(word)) && !HARMLESS.contains(&name.as_str());
    if suspect && !header.value.is_empty() && !mask::is_secret_header(&name) {
        Secret::new(&*header.value).to_string()
    } else {
        mask::header_value(&header.name, &header.value)
    }
}

fn body(text: &mut String, body: &ShownBody, most: Option<usize>) {
    let quoted = most.is_none() || !matches!(body.form, Form::Hex(_));
    let Some(body) = body.text().filter(|body| quoted && !body.trim().is_empty()) else { return };
    text.push('\n');
    let end = most.and_then(|most| body.char_indices().nth(most)).map_or(body.len(), |(at, _)| at);
    for line in body.get(..end).unwrap_or_default().trim_end().lines() {
        push(text, line);
    }
    if end < body.len() {
        text.push_str("…\n");
    }
}

/// Adds a line, whatever tokens are in it hidden.
fn push(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", escape(&without_tokens(line)));
}

/// A line in which every token is masked, wherever it stands.
fn without_tokens(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut end = 0;
    for (range, _) in jwt::find(line) {
        shown.push_str(line.get(end..range.start).unwrap_or_default());
        let token = line.get(range.clone()).unwrap_or_default();
        shown.push_str(&Secret::new(token).to_string());
        end = range.end;
    }
    shown.push_str(line.get(end..).unwrap_or_default());
    shown
}

#[cfg(test)]
mod tests {
    use super::{excerpt, message};
    use crate::capture::{Session, SessionId};
    use crate::http::{Body, Headers};
    use crate::import::open_text;
    use crate::jwt::example;

    const TEXT: &str = "POST https://mail.contoso.com/ews/exchange.asmx?code=grant-secret HTTP/1.1
Authorization: Basic Z3JlZzpodW50ZXIy
X-Vendor-Token: vendor-secret
X-Odd: before {{jwt {\"aud\":\"x\"}}} behind

HTTP/1.1 200 OK
Set-Cookie: cadata=verysecret; path=/
Content-Type: application/json

{\"access_token\":\"body-secret\",\"error\":\"invalid_grant\"}
";

    #[test]
    fn a_message_shows_its_fields_and_no_secret() {
        let capture = open_text("x", &example::expand(TEXT)).unwrap();
        let text = message(&capture.sessions[0]);
        for shown in [
            "POST https://mail.contoso.com/ews/exchange.asmx?code=•••",
            "Authorization: Basic •••",
            "X-Odd: before ••• ",
            "characters behind",
            "Set-Cookie: cadata=•••",
            "invalid_grant",
        ] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        for secret in ["grant-secret", "Z3Jl", "vendor-secret", "eyJ", "verysecret", "body-secret"]
        {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let heads = excerpt(&capture.sessions[0], false, false);
        assert!(heads.contains("Set-Cookie") && !heads.contains("invalid_grant"), "{heads}");
    }

    #[test]
    fn a_recorded_line_end_forges_no_field() {
        let mut session = Session::new(SessionId(1));
        session.request.method = "GET\nX: 1".to_owned();
        session.request.headers = [("A\nB", "c\r\nForged: yes")].into_iter().collect::<Headers>();
        session.request.body = Body::new("text");
        let text = message(&session);
        assert_eq!(
            text,
            "GET\\nX: 1\nA\\nB: c\\r\\nForged: yes\n\ntext\n\n(no answer was recorded)\n"
        );
    }
}
