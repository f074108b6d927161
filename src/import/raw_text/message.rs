//! One message of HTTP text, gathered line by line.

use crate::capture::NoteKind;
use crate::http::{Body, Headers};
use crate::import::gather::Oddities;
use crate::import::head::{HeaderLines, header_line};

/// A message whose end has not come yet.
#[derive(Debug)]
pub(super) struct Draft {
    /// The request or status line.
    pub(super) start: String,
    fields: HeaderLines,
    /// `None` while the head goes on.
    body: Option<String>,
}

/// A message that is complete.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) start: String,
    pub(super) headers: Headers,
    pub(super) body: Body,
}

impl Draft {
    pub(super) fn new(start: &str) -> Self {
        Self { start: start.trim().to_owned(), fields: HeaderLines::default(), body: None }
    }

    /// Adds a line, its line end included.
    pub(super) fn line(&mut self, line: &str) {
        match &mut self.body {
            Some(body) => body.push_str(line),
            None if line.trim().is_empty() => self.body = Some(String::new()),
            None => self.fields.push(line.trim_end()),
        }
    }

    /// Whether the body could begin here but nothing of it was written.
    pub(super) fn at_body_start(&self) -> bool {
        self.body.as_ref().is_some_and(|body| body.trim().is_empty())
    }

    /// The message. Blank lines at the body's end separate it from what follows and do not belong to it.
    pub(super) fn finish(self, oddities: &mut Oddities) -> Message {
        if self.fields.strays > 0 {
            let message = "Lines among the headers are no headers; they were left out";
            oddities.add(NoteKind::FieldRepaired, message);
        }
        let mut body = self.body.unwrap_or_default();
        body.truncate(body.trim_end().len());
        Message { start: self.start, headers: self.fields.finish(), body: Body::new(body) }
    }
}

/// Which message header lines without a start line belong to.
#[derive(Debug)]
pub(super) enum Headless {
    Request(Message),
    Response(Message),
}

/// Response headers that people paste alone.
const RESPONSE_HEADERS: [&str; 14] = [
    "www-authenticate",
    "x-ms-diagnostics",
    "server",
    "set-cookie",
    "location",
    "request-id",
    "x-feserver",
    "x-beserver",
    "x-calculatedbetarget",
    "x-owa-version",
    "x-powered-by",
    "x-diaginfo",
    "date",
    "proxy-authenticate",
];

/// Request headers that people paste alone.
const REQUEST_HEADERS: [&str; 6] =
    ["authorization", "host", "user-agent", "cookie", "x-anchormailbox", "x-user-identity"];

/// Reads header lines pasted without a request or status line; `None` when none of them is known. A challenge comes with
/// status 401 (RFC 9110 §11.6.1), so that is the status taken for it.
pub(super) fn headless(lines: &[String], oddities: &mut Oddities) -> Option<Headless> {
    let known = |names: &[&str]| {
        lines
            .iter()
            .filter_map(|line| header_line(line.trim()))
            .any(|(name, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
    };
    let is_response = known(&RESPONSE_HEADERS);
    if !is_response && !known(&REQUEST_HEADERS) {
        return None;
    }
    let mut fields = HeaderLines::default();
    for line in lines {
        fields.push(line.trim());
    }
    let headers = fields.finish();
    let challenged = headers.contains("www-authenticate");
    let message = |start: &str| Message { start: start.to_owned(), headers, body: Body::empty() };
    Some(if challenged {
        oddities.add(
            NoteKind::FieldRepaired,
            "The headers have no status line; 401 was taken, since they hold a challenge",
        );
        Headless::Response(message("HTTP/1.1 401"))
    } else if is_response {
        oddities.add(NoteKind::FieldRepaired, "The headers have no status line");
        Headless::Response(message(""))
    } else {
        oddities.add(NoteKind::FieldRepaired, "The headers have no request line");
        Headless::Request(message(""))
    })
}
