//! Bodies as JSON, form, text or hex, masked. Made once per session, not per frame.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::diagram::words::tidy;
use crate::http::{Body, BodyState, Headers, mask};

/// The most text that is laid out, in bytes; the rest is a matter of an export.
const MAX_TEXT: usize = 48 * 1024;

/// The most bytes that are shown in hex.
const MAX_HEX: usize = 2 * 1024;

/// Words that let a text that is neither JSON nor a form be suspected of holding a credential.
const SUSPECT: &[&str] = &[
    "&amp;code=",
    "&code=",
    "?code=",
    "assertion",
    "binarysecret",
    "binarysecuritytoken",
    "canary",
    "credential",
    "eyj",
    "flowtoken",
    "passwd",
    "password",
    "samlrequest",
    "secret",
    "sft",
    "token",
    "wctx",
    "wresult",
];

/// A body, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownBody {
    /// Its form.
    pub form: Form,
    /// What should be said beside it: cut off, still coded.
    pub remark: Option<&'static str>,
}

/// A body's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing to show; the sentence says why.
    Nothing(&'static str),
    /// Masked JSON, indented.
    Json(String),
    /// Names and masked values.
    Fields(Vec<(String, String)>),
    /// Text as it stands.
    Text(String),
    /// Text that may hold credentials: shown on request only.
    Guarded(String),
    /// Bytes with their characters.
    Hex(String),
}

impl ShownBody {
    /// Reads a body.
    pub fn of(body: &Body, headers: &Headers) -> Self {
        let remark = match body.state {
            BodyState::Truncated => Some("Only the beginning of this body was recorded"),
            BodyState::Coded => Some("Still coded: its compression could not be undone"),
            _ => None,
        };
        if body.is_empty() {
            let sentence = match body.state {
                BodyState::Dropped => {
                    "The recorder left this body out. Save the capture with content to see it"
                }
                _ => "No body",
            };
            return Self { form: Form::Nothing(sentence), remark: None };
        }
        let mut body = Cow::Borrowed(body);
        if body.is_distant() {
            if body.read().is_err() {
                let sentence = "The file that holds this body has changed or is gone";
                return Self { form: Form::Nothing(sentence), remark: None };
            }
            body.to_mut().bring();
        }
        let kind = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
        let (form, cut) = shape(&body, &kind);
        Self { form, remark: remark.or(cut.then_some("Only the beginning is shown")) }
    }

    /// The body as text to be copied; nothing of it is secret. `None` when there is no such text.
    pub fn text(&self) -> Option<String> {
        match &self.form {
            Form::Nothing(_) | Form::Guarded(_) => None,
            Form::Json(text) | Form::Text(text) | Form::Hex(text) => Some(text.clone()),
            Form::Fields(fields) => {
                let pairs: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
                Some(pairs.join("\n"))
            }
        }
    }
}

fn shape(body: &Body, kind: &str) -> (Form, bool) {
    if let Some(json) = body.json() {
        let text = serde_json::to_string_pretty(&mask::json(&json)).unwrap_or_default();
        let (text, cut) = limited(&text);
        return (Form::Json(text), cut);
    }
    let form = kind.contains("x-www-form-urlencoded");
    if form && body.is_text() {
        let fields = body
            .form()
            .into_iter()
            .map(|(name, value)| {
                let value = if mask::is_secret_field(&name) && !value.is_empty() {
                    crate::http::Secret::new(value).to_string()
                } else {
                    tidy_value(&mask::text(&value))
                };
                (tidy_value(&name), value)
            })
            .collect();
        return (Form::Fields(fields), false);
    }
    if body.is_text() {
        let text = body.text();
        let lower = text.to_ascii_lowercase();
        let (shown, cut) = limited(&text);
        let form = if SUSPECT.iter().any(|word| lower.contains(word)) {
            Form::Guarded(shown)
        } else {
            Form::Text(shown)
        };
        return (form, cut);
    }
    (Form::Hex(hex(&body.bytes())), body.len() > MAX_HEX)
}

/// A field's name or value on one line, of a length that can be laid out.
fn tidy_value(text: &str) -> String {
    tidy(text, 4000)
}

/// The beginning of a text, without control characters other than line breaks.
fn limited(text: &str) -> (String, bool) {
    let end = text.floor_char_boundary(MAX_TEXT);
    let start = text.get(..end).unwrap_or_default();
    let shown = start
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\n' => '\n',
            '\t' | '\r' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    (shown, end < text.len())
}

/// Offset, bytes and characters, sixteen in a line.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (at, line) in bytes.iter().take(MAX_HEX).collect::<Vec<_>>().chunks(16).enumerate() {
        let _ = write!(text, "{:06x}  ", at * 16);
        for slot in 0..16 {
            match line.get(slot) {
                Some(byte) => {
                    let _ = write!(text, "{byte:02x} ");
                }
                None => text.push_str("   "),
            }
        }
        text.push(' ');
        text.extend(line.iter().map(|b| if b.is_ascii_graphic() { char::from(**b) } else { '.' }));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Form, ShownBody};
    use crate::http::{Body, Headers};

    fn shown(kind: &str, body: &str) -> Form {
        let mut headers = Headers::new();
        headers.push("Content-Type", kind);
        ShownBody::of(&Body::new(body), &headers).form
    }

    #[test]
    fn bodies_are_shown_by_what_they_are_and_without_secrets() {
        let Form::Json(json) = shown("application/json", r#"{"access_token":"abc","scope":"x"}"#)
        else {
            panic!()
        };
        assert!(json.contains("••• 3 characters") && json.contains("\"scope\": \"x\""), "{json}");

        let form = shown(
            "application/x-www-form-urlencoded",
            "grant_type=password&password=hunter2&url=https%3A%2F%2Fa.example%2F%3Fcode%3Dabc",
        );
        let Form::Fields(fields) = form else { panic!() };
        assert_eq!(fields[0].1, "password");
        assert_eq!(fields[1].1, "••• 7 characters");
        assert_eq!(fields[2].1, "https://a.example/?code=••• 3 characters");

        assert!(matches!(shown("text/xml", "<a/>"), Form::Text(_)));
        assert!(matches!(shown("text/xml", "<Password>x</Password>"), Form::Guarded(_)));
        let page = "<a href=\"https://a.example/?code=abc\">back</a>";
        assert!(matches!(shown("text/html", page), Form::Guarded(_)));
        let Form::Hex(hex) = shown("application/mapi-http", "\u{1}ab") else { panic!() };
        assert_eq!(hex, format!("000000  01 61 62 {} .ab\n", "   ".repeat(13)));
    }

    #[test]
    fn a_long_body_is_cut() {
        let body = ShownBody::of(&Body::new("x".repeat(100_000)), &Headers::new());
        assert!(body.remark.is_some());
    }
}
