//! A body made ready to be looked at: decoded, named, its secrets marked. Made once per session, off the frame when it is
//! large.

use std::fmt::Write as _;

use super::look::Look;
use super::protocol;
use crate::diagram::words::grouped;
use crate::gui::format;
use crate::http::{
    Body, BodyState, Headers, MediaType, Picture, Secret, body_parts, decode, is_text,
};
use crate::knowledge::entra_error;
use crate::{jwt, redact};

/// The most text that is read, in bytes. More than that nobody reads in a window.
const MOST_TEXT: usize = 16 << 20;

/// The most error codes that are explained.
const MOST_CODES: usize = 3;

/// What one needs to know of the session around a body.
#[derive(Clone, Debug, Default)]
pub(in crate::gui::inspector) struct Around {
    /// The path of the request.
    pub(in crate::gui::inspector) path: String,
    /// `X-RequestType` of a MAPI call.
    pub(in crate::gui::inspector) call: String,
    /// Whether the body is the answer's.
    pub(in crate::gui::inspector) is_answer: bool,
}

/// A body, ready.
#[derive(Debug)]
pub(in crate::gui::inspector) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) media: MediaType,
    pub(super) around: Around,
    /// The whole text as recorded; empty for bytes that are none.
    plain: String,
    /// The text with its secrets hidden, where it has any.
    masked: Option<String>,
    /// Why there is nothing to look at.
    pub(super) nothing: Option<&'static str>,
    /// What it is, what was undone: in the order of reading.
    pub(super) facts: Vec<String>,
    /// What keeps it from being whole.
    pub(super) warning: Option<&'static str>,
    /// The ways to look at it, the best one first.
    pub(super) looks: Vec<Look>,
    /// The error codes of Entra ID that it names.
    pub(super) codes: Vec<u32>,
}

impl Content {
    /// Reads a body.
    pub(in crate::gui::inspector) fn of(body: &Body, headers: &Headers, around: Around) -> Self {
        let media = MediaType::of(headers);
        let mut content = Self {
            bytes: Vec::new(),
            media,
            around,
            plain: String::new(),
            masked: None,
            nothing: None,
            facts: Vec::new(),
            warning: None,
            looks: Vec::new(),
            codes: Vec::new(),
        };
        if body.is_empty() {
            content.nothing = Some(match (body.state, content.around.is_answer) {
                (BodyState::Dropped, _) => {
                    "The recorder left this body out. Save the capture with content to see it"
                }
                (_, true) => "This answer has no body",
                (_, false) => "This request has no body",
            });
            return content;
        }
        let Ok(bytes) = body.read() else {
            content.nothing =
                Some("The file that holds this body has changed or is gone; open it again");
            return content;
        };
        content.bytes = bytes.into_owned();
        content.warning = match body.state {
            BodyState::Truncated => Some("Only the beginning of this body was recorded"),
            BodyState::Coded => Some("Still coded: its compression could not be undone"),
            _ => None,
        };
        content.read(body, headers);
        content
    }

    fn read(&mut self, body: &Body, headers: &Headers) {
        let protocol = protocol::name(self);
        let readable = protocol.is_none_or(|p| !p.is_binary) && body.state != BodyState::Coded;
        let mut charset = None;
        if readable && self.is_textual() {
            let end = self.bytes.len().min(MOST_TEXT);
            let start = self.bytes.get(..end).unwrap_or_default();
            let decoded = decode(start, self.media.parameter("charset"));
            self.plain = decoded.text.replace("\r\n", "\n");
            charset = Some((decoded.charset, decoded.is_guess));
            self.codes = entra_error::codes_in(&self.plain);
            self.codes.dedup();
            self.codes.truncate(MOST_CODES);
            let shown = hidden(&self.plain, headers);
            self.masked = (shown != self.plain).then_some(shown);
            if end < self.bytes.len() {
                self.warning = Some("Only the first 16 MB are shown; the hex view has all of it");
            }
        } else {
            // Bytes hide a credential as well as a text does.
            let text = String::from_utf8_lossy(&self.bytes);
            self.masked = (!jwt::find(&text).is_empty()).then(String::new);
        }
        self.looks = self.possible(protocol.is_some_and(|p| p.has_fields));
        if let Some(protocol) = protocol {
            self.facts.push(protocol.name.to_owned());
        } else {
            self.facts.push(self.kind());
        }
        if let Some((charset, is_guess)) = charset {
            self.facts.push(if is_guess {
                let named = self.media.parameter("charset").unwrap_or_default();
                format!(
                    "read as {charset}: the charset {} is not known here",
                    super::super::shown(named)
                )
            } else {
                charset.to_owned()
            });
        }
        self.facts.push(format::size(self.bytes.len() as u64));
        self.facts.extend(undone(body, headers));
    }

    /// What the bytes are, in a word or two.
    fn kind(&self) -> String {
        if let Some(picture) = Picture::of(&self.bytes) {
            return format!("{} image, {} × {}", picture.format, picture.width, picture.height);
        }
        let look = self.looks.first().copied().unwrap_or_default();
        match (look, self.media.essence()) {
            (Look::Hex, "") => "Bytes".to_owned(),
            (Look::Text | Look::Hex, essence) if !essence.is_empty() => {
                super::super::shown(essence)
            }
            (Look::Parts, _) => {
                let number = self.parts().len();
                if number == 1 { "1 part".to_owned() } else { format!("{} parts", grouped(number)) }
            }
            _ => look.text().to_owned(),
        }
    }

    /// Whether the bytes are a text, whatever the header says.
    fn is_textual(&self) -> bool {
        let essence = self.media.essence();
        let says_text = essence.starts_with("text/")
            || ["json", "xml", "urlencoded", "javascript", "html"]
                .iter()
                .any(|w| essence.contains(w));
        let has_mark = self.bytes.starts_with(b"\xFF\xFE") || self.bytes.starts_with(b"\xFE\xFF");
        let start = self.bytes.get(..self.bytes.len().min(64 * 1024)).unwrap_or_default();
        let wide =
            self.media.parameter("charset").is_some_and(|c| c.to_ascii_lowercase().contains("16"));
        let has_controls = || start.iter().any(|b| *b < 0x20 && !b"\t\n\x0C\r\x1B".contains(b));
        is_text(&self.bytes) || has_mark || (says_text && (wide || !has_controls()))
    }

    fn possible(&self, has_fields: bool) -> Vec<Look> {
        let essence = self.media.essence();
        let mut looks = Vec::new();
        if Picture::of(&self.bytes).is_some() {
            looks.push(Look::Picture);
        }
        if has_fields {
            looks.push(Look::Protocol);
        }
        if self.has_parts() {
            looks.push(Look::Parts);
        }
        let start = self.plain.trim_start();
        if start.starts_with(['{', '[', '"'])
            && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok()
        {
            looks.push(Look::Json);
        }
        if start.starts_with('<') {
            let head: String = start.chars().take(512).collect::<String>().to_ascii_lowercase();
            if essence.contains("html") || head.contains("<html") || head.contains("<!doctype html")
            {
                looks.push(Look::Page);
            } else {
                looks.push(Look::Xml);
            }
        }
        if essence.contains("urlencoded") && !start.is_empty() {
            looks.push(Look::Form);
        }
        if !self.plain.is_empty() {
            looks.push(Look::Text);
        }
        looks.push(Look::Hex);
        looks
    }

    fn has_parts(&self) -> bool {
        self.media.essence().starts_with("multipart/") && !self.parts().is_empty()
    }

    /// The parts of a multipart body.
    pub(super) fn parts(&self) -> Vec<crate::http::BodyPart> {
        let boundary = self.media.parameter("boundary");
        boundary.map(|boundary| body_parts(&self.bytes, boundary)).unwrap_or_default()
    }

    /// The text as it may be shown: with secrets only when they were asked for.
    pub(in crate::gui::inspector) fn text(&self, open: bool) -> &str {
        match &self.masked {
            Some(masked) if !open => masked,
            _ => &self.plain,
        }
    }

    /// Whether something in it is hidden.
    pub(in crate::gui::inspector) const fn has_secrets(&self) -> bool {
        self.masked.is_some()
    }

    /// Whether it has a text.
    pub(in crate::gui::inspector) const fn is_text(&self) -> bool {
        !self.plain.is_empty()
    }

    /// How many bytes there are.
    pub(in crate::gui::inspector) const fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// A text with every credential in it hidden.
pub(in crate::gui::inspector) fn hidden(text: &str, headers: &Headers) -> String {
    let clean = redact::shown_text(text, headers);
    without_tokens(clean.as_deref().unwrap_or(text))
}

/// A text in which every token is hidden, wherever it stands.
pub(in crate::gui::inspector) fn without_tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for (range, _) in jwt::find(text) {
        shown.push_str(text.get(end..range.start).unwrap_or_default());
        let token = text.get(range.clone()).unwrap_or_default();
        let _ = write!(shown, "{}", Secret::new(token));
        end = range.end;
    }
    shown.push_str(text.get(end..).unwrap_or_default());
    shown
}

/// Which codings of the wire were undone, and what that did to the size.
fn undone(body: &Body, headers: &Headers) -> Option<String> {
    let transfer: Vec<&str> = headers.listed("transfer-encoding").collect();
    let content: Vec<&str> = headers.listed("content-encoding").collect();
    // The last named was put on last and comes off first.
    let names: Vec<String> = transfer
        .into_iter()
        .rev()
        .chain(content.into_iter().rev())
        .filter(|name| !name.eq_ignore_ascii_case("identity"))
        .take(6)
        .map(|name| super::super::shown(&name.to_ascii_lowercase()))
        .collect();
    if names.is_empty() || body.state == BodyState::Coded {
        return None;
    }
    let names = names.join(", then ");
    let wire = body.wire_size.filter(|wire| *wire != body.len() as u64);
    Some(match wire {
        Some(wire) => format!("{names} undone: {} on the wire", format::size(wire)),
        None => format!("{names} undone by the recorder"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Around, Content};
    use crate::gui::inspector::body::look::Look;
    use crate::http::{Body, Headers};

    fn content(kind: &str, bytes: &[u8]) -> Content {
        let headers: Headers = [("Content-Type", kind)].into_iter().collect();
        Content::of(&Body::new(bytes), &headers, Around::default())
    }

    #[test]
    fn a_body_is_what_it_looks_like() {
        for (kind, bytes, look) in [
            ("text/plain", &br#"{"a":1}"#[..], Look::Json),
            ("application/x-www-form-urlencoded", b"a=1&b=2", Look::Form),
            ("text/xml", b"<a/>", Look::Xml),
            ("", b"<!DOCTYPE html><p>x", Look::Page),
            ("image/gif", b"GIF89a\x03\0\x04\0", Look::Picture),
            ("multipart/mixed; boundary=B", b"--B\r\n\r\nx\r\n--B--", Look::Parts),
            ("application/octet-stream", b"\0\x01\x02", Look::Hex),
            ("text/plain", b"words", Look::Text),
        ] {
            assert_eq!(content(kind, bytes).looks.first(), Some(&look), "{kind}");
        }
    }

    #[test]
    fn what_was_undone_is_said_in_the_order_of_undoing() {
        let headers: Headers =
            [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")].into_iter().collect();
        let body = Body::new("x".repeat(2000)).with_wire_size(Some(52));
        let content = Content::of(&body, &headers, Around::default());
        assert_eq!(content.facts.last().unwrap(), "chunked, then gzip undone: 52 B on the wire");
    }

    #[test]
    fn secrets_are_hidden_in_any_text() {
        let soap = content("text/xml", b"<a><Password>Sample-Passw0rd</Password><b>x</b></a>");
        assert!(soap.has_secrets() && !soap.text(false).contains("Passw0rd"));
        assert!(soap.text(true).contains("Passw0rd") && soap.text(false).contains("<b>x</b>"));
    }
}
