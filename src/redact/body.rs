//! Bodies: by what they say they are, and by what they look like.

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, Spot};
use super::xml::{self, About};
use super::{address, html, json, mail, multipart, text};
use crate::http::{Body, BodyState, Headers};

/// Content types whose bytes are mail, policies or address books even when they look like text.
const BINARY: &[&str] = &["mapi-http", "wbxml", "octet-stream", "rpc", "vnd.ms-sync"];
/// Content types that are text in some encoding.
const TEXTUAL: &[&str] = &["text/", "json", "xml", "urlencoded", "javascript", "html"];
/// How the words of a removed body's stand-in end: `[512 bytes redacted]`.
const STAND_IN_END: &str = " bytes redacted]";

/// Redacts a body in place. `path` is the path of the request it belongs to.
pub(super) fn redact(body: &mut Body, headers: &Headers, path: &str, ledger: &mut Ledger) {
    if body.is_empty() {
        return;
    }
    let content_type = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
    let original = body.is_distant().then(|| body.clone());
    body.bring();
    let is_binary = body.state == BodyState::Coded || is_binary(body, &content_type);
    if is_binary && ledger.uses(Detector::BinaryBody) {
        remove(body, ledger);
        return;
    }
    let is_mail = mail::is_mail(path);
    let text = body.text();
    // The boundary of a multipart body is told apart by case.
    let full_type = headers.get("content-type").unwrap_or_default();
    let clean = redacted(&text, full_type, &content_type, is_mail, ledger);
    let is_utf8 = std::str::from_utf8(&body.bytes()).is_ok();
    match clean {
        Some(clean) => replace(body, clean),
        // The writers need text; what was in another encoding becomes UTF-8.
        None if !is_utf8 => {
            let text = text.into_owned();
            replace(body, text);
        }
        // What stays as it is may stay where it is.
        None => *body = original.unwrap_or_else(|| std::mem::take(body)),
    }
}

fn redacted(
    text: &str,
    full_type: &str,
    content_type: &str,
    is_mail: bool,
    ledger: &mut Ledger,
) -> Option<String> {
    let start = text.trim_start();
    if content_type.starts_with("multipart/") {
        return multipart::redacted(text, full_type, is_mail, ledger);
    }
    if start.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    {
        let letters = is_mail.then(|| mail::json(text, ledger)).flatten();
        return json::redacted(letters.as_deref().unwrap_or(text), ledger).or(letters);
    }
    if start.starts_with('<') {
        let head: String = start.chars().take(512).collect::<String>().to_ascii_lowercase();
        let is_page = content_type.contains("html")
            || head.contains("<html")
            || head.contains("<!doctype html");
        return if is_page && !is_mail {
            html::redacted(text, ledger)
        } else {
            xml::redacted(text, if is_mail { About::Mail } else { About::Anything }, ledger)
        };
    }
    if let Some(clean) = json::called(text, ledger) {
        return Some(clean);
    }
    if content_type.contains("javascript") || content_type.contains("css") {
        return text::program(text, ledger);
    }
    if let Some(clean) = text::base64(text.trim(), ledger) {
        return Some(clean);
    }
    let is_form = content_type.contains("urlencoded")
        || (text.contains('=')
            && !text.trim().contains(char::is_whitespace)
            && !start.starts_with(['{', '[']));
    let is_form = is_form && (content_type.contains("urlencoded") || !text.contains("://"));
    if is_form && ledger.uses(Detector::Form) {
        return address::parameters(text, ledger, Spot::Parameter);
    }
    text::prose(text, ledger)
}

/// A body's text as people may see it: without the secrets that redaction would take out, every name kept. Where one stood
/// stands `•••`. `None` when nothing in it is secret.
pub fn shown_text(text: &str, headers: &Headers) -> Option<String> {
    let full_type = headers.get("content-type").unwrap_or_default();
    let mut ledger = Ledger::new(None);
    let lower = full_type.to_ascii_lowercase();
    let clean = redacted(text, full_type, &lower, false, &mut ledger)?;
    let mut shown = String::with_capacity(clean.len());
    let mut rest = clean.as_str();
    while let Some((before, after)) = rest.split_once("redacted") {
        let opened = ["(", "%28"].into_iter().find_map(|mark| before.strip_suffix(mark));
        let tail = after.trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
        let closed = [")", "%29"].into_iter().find_map(|mark| tail.strip_prefix(mark));
        rest = if let (Some(opened), Some(closed)) = (opened, closed) {
            shown.push_str(opened);
            shown.push_str("•••");
            closed
        } else {
            shown.push_str(before);
            shown.push_str("redacted");
            after
        };
    }
    shown.push_str(rest);
    Some(shown)
}

fn is_binary(body: &Body, content_type: &str) -> bool {
    if is_stand_in(&body.text()) {
        return false;
    }
    if BINARY.iter().any(|word| content_type.contains(word)) {
        return !body.is_text() || !content_type.contains("octet-stream");
    }
    let bytes = body.bytes();
    let has_mark = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let is_textual = TEXTUAL.iter().any(|word| content_type.contains(word));
    let has_controls = || bytes.iter().any(|b| *b < 0x20 && !b"\t\n\x0C\r\x1B".contains(b));
    !(body.is_text() || has_mark || (is_textual && !has_controls()))
}

/// Puts words in the place of the bytes. MAPI over HTTP begins with lines of text that tell how the call went
/// (\[MS-OXCMAPIHTTP\] §2.2.7); they stay.
fn remove(body: &mut Body, ledger: &mut Ledger) {
    ledger.count(SecretKind::BinaryBody);
    let preface = preface(&body.bytes()).to_owned();
    let length = body.len() - preface.len();
    body.wire_size.get_or_insert(body.len() as u64);
    body.state = BodyState::Complete;
    body.replace(format!("{preface}[{length}{STAND_IN_END}"));
}

fn preface(bytes: &[u8]) -> &str {
    if !(bytes.starts_with(b"PROCESSING\r\n") || bytes.starts_with(b"DONE\r\n")) {
        return "";
    }
    let end =
        bytes.windows(4).take(4096).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
    bytes.get(..end).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default()
}

/// Whether a body is already words in the place of bytes.
fn is_stand_in(text: &str) -> bool {
    let last = text.rsplit("\r\n\r\n").next().unwrap_or_default();
    last.strip_suffix(STAND_IN_END)
        .and_then(|head| head.strip_prefix('['))
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Writes a new text, as UTF-8.
pub(super) fn replace(body: &mut Body, text: String) {
    body.replace(text);
}

#[cfg(test)]
mod tests {
    use super::{redact, shown_text};
    use crate::http::{Body, Headers};
    use crate::redact::ledger::Ledger;

    fn clean(content_type: &str, path: &str, bytes: &[u8]) -> String {
        let headers: Headers = [("Content-Type", content_type)].into_iter().collect();
        let mut body = Body::new(bytes);
        redact(&mut body, &headers, path, &mut Ledger::new(None));
        let once = body.text().into_owned();
        redact(&mut body, &headers, path, &mut Ledger::new(None));
        assert_eq!(body.text(), once, "twice");
        once
    }

    #[test]
    fn a_shown_text_has_marks_where_secrets_stood() {
        let shown = |kind: &str, text: &str| {
            shown_text(text, &[("Content-Type", kind)].into_iter().collect())
        };
        assert_eq!(
            shown("application/x-www-form-urlencoded", "a=redacted&password=Sample-Passw0rd&b=2")
                .unwrap(),
            "a=redacted&password=•••&b=2"
        );
        let soap = "<o:Password>Sample-Passw0rd</o:Password><x>greg@contoso.com</x>";
        assert_eq!(
            shown("text/xml", soap).unwrap(),
            "<o:Password>•••</o:Password><x>greg@contoso.com</x>"
        );
        assert_eq!(shown("text/xml", "<a>plain</a>"), None);
    }

    #[test]
    fn binary_bodies_leave_their_length() {
        assert_eq!(
            clean("application/vnd.ms-sync.wbxml", "/", b"\x03\x01j\0"),
            "[4 bytes redacted]"
        );
        assert_eq!(
            clean(
                "application/mapi-http",
                "/mapi/emsmdb/",
                b"PROCESSING\r\nDONE\r\nX-ResponseCode: 0\r\n\r\n\0\x01\x02"
            ),
            "PROCESSING\r\nDONE\r\nX-ResponseCode: 0\r\n\r\n[3 bytes redacted]"
        );
        assert_eq!(clean("", "/", b"\x89PNG\0\0"), "[6 bytes redacted]");
    }

    #[test]
    fn what_a_body_is_is_told_by_its_look() {
        for (content_type, body) in [
            (
                "application/x-www-form-urlencoded",
                "grant_type=password&password=Sample-Passw0rd&x=1",
            ),
            ("", "grant_type=password&password=Sample-Passw0rd"),
            ("text/plain", r#"{"password":"Sample-Passw0rd"}"#),
            ("application/json", r#"{"password":"Sample-Passw0rd","#),
            ("application/soap+xml", "<Password>Sample-Passw0rd</Password>"),
        ] {
            assert!(!clean(content_type, "/", body.as_bytes()).contains("Passw0rd"), "{body}");
        }
        let utf16: Vec<u8> =
            "\u{FEFF}password=Sample-Passw0rd".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(clean("text/plain", "/", &utf16), "password=%28redacted%29");
    }
}
