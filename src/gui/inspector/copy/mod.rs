//! A session as text for other places. Secrets stay masked; whoever pastes it knows nothing of them.

mod cmd;
mod curl;
mod powershell;

pub(in crate::gui) use cmd::curl as curl_for_cmd;
pub(in crate::gui) use curl::curl;
pub(in crate::gui) use powershell::powershell;

use std::fmt::Write as _;

use super::body::{hidden, without_tokens};
use crate::capture::Request;
use crate::http::{Headers, decode, is_active, is_text, mask};

/// Longer bodies are left out of a command, in bytes.
const LONGEST_BODY: usize = 256 * 1024;

/// What a command is made of; nothing in it is secret and nothing in it acts.
struct Call {
    /// Letters, digits, `_` and `-`, beginning with a letter.
    method: String,
    address: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Call {
    fn of(request: &Request) -> Self {
        let bytes = request.body.len().le(&LONGEST_BODY).then(|| request.body.bytes());
        let body = bytes.filter(|bytes| !bytes.is_empty() && is_text(bytes)).map(|bytes| {
            let text = decode(&bytes, None).text;
            plain(&hidden(&text, &request.headers), true)
        });
        let fields = request.headers.iter().filter(|field| {
            !["content-length", "transfer-encoding", "content-encoding"]
                .iter()
                .any(|name| field.name.eq_ignore_ascii_case(name))
        });
        Self {
            method: method(&request.method),
            address: plain(&without_tokens(&mask::url(request.target.as_str())), false),
            headers: fields.map(|f| (plain(&f.name, false), value(&f.name, &f.value))).collect(),
            body,
        }
    }
}

fn value(name: &str, value: &str) -> String {
    plain(&without_tokens(&mask::header_value(name, value)), false)
}

/// The header fields of a message as they stand on the wire, masked.
pub(super) fn headers(headers: &Headers) -> String {
    headers.iter().fold(String::new(), |mut text, field| {
        let _ =
            writeln!(text, "{}: {}", plain(&field.name, false), value(&field.name, &field.value));
        text
    })
}

/// A method ends up in a shell.
fn method(text: &str) -> String {
    let word = text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    word.skip_while(|c| *c == '-').take(40).collect()
}

/// A text without characters that act; line ends may stay.
fn plain(text: &str, keeps_lines: bool) -> String {
    let text = text.replace("\r\n", "\n");
    text.chars()
        .map(|c| if is_active(c) && !(keeps_lines && c == '\n') { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests;
