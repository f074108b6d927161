//! HTTP text: pasted by a person, or written by hand as the example of a rule or a sample trace.
//!
//! ```text
//! ### 12 09:14:07.120 +31ms outlook.exe:1234 // empty Bearer
//! POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
//! Authorization: Bearer
//!
//! HTTP/1.1 401 Unauthorized
//! WWW-Authenticate: Bearer client_id="…"
//! ```
//!
//! Sessions are separated by lines that start with `###`; the words behind it are described at
//! [`marker::Marker`]. Header lines are `Name: value` or Postman's `Name →value`. Bodies are literal: whatever the headers
//! say, nothing is decoded. Session numbers count from 1.
//!
//! Text without any `###` was pasted. There a request line behind a response begins the next session, and so does a rule of
//! dashes; what `curl -v`, mail programs, PowerShell and web pages do to HTTP text is undone ([`pasted`], [`joined`],
//! [`headless`], [`alternate`]).

mod alternate;
mod headless;
mod joined;
mod marker;
mod message;
mod names;
mod pasted;

use chrono::{DateTime, Utc};

use super::gather::{Gather, Oddities};
use super::head::{self, RequestLine, StatusLine};
use super::{ImportError, Progress, Stage};
use crate::capture::{Capture, Format, NoteKind, Request, Response, Session, SessionId};
use crate::http::Target;
use headless::Headless;
use marker::Marker;
use message::Draft;
use pasted::Pasted;

/// Lines read between two looks at the cancel flag.
const BLOCK: usize = 4096;

/// Opens HTTP text.
pub(super) fn open(
    name: &str,
    text: &str,
    progress: &Progress<'_>,
) -> Result<Capture, ImportError> {
    let marked = text.lines().any(|line| line.starts_with("###"));
    let mut parser = Parser {
        gather: Gather::new(name, Format::RawText),
        pasted: Pasted::of(text),
        marked,
        marker: Marker::default(),
        last_start: None,
        request: None,
        response: None,
        strays: Vec::new(),
        repeated_head: false,
    };
    let mut done = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number.is_multiple_of(BLOCK) {
            progress.step(Stage::Sessions, done, text.len() as u64)?;
        }
        done += line.len() as u64;
        parser.line(line);
    }
    parser.finish_session();
    if parser.gather.len() == 0 {
        return Err(ImportError::NotACapture { found: "text without a request or status line" });
    }
    Ok(parser.gather.finish())
}

struct Parser {
    gather: Gather,
    /// Whether the text separates its sessions by `###`.
    marked: bool,
    pasted: Pasted,
    marker: Marker,
    last_start: Option<DateTime<Utc>>,
    request: Option<Draft>,
    response: Option<Draft>,
    /// Lines before any request or status line.
    strays: Vec<String>,
    /// Whether a head that was there already goes by: `curl -v -i` shows it twice.
    repeated_head: bool,
}

impl Parser {
    fn line(&mut self, line: &str) {
        if self.marked {
            if line.starts_with("###") {
                self.finish_session();
                self.marker = Marker::parse(line, self.last_start);
                self.last_start = self.marker.started.or(self.last_start);
            } else {
                self.content(line);
            }
            return;
        }
        let Some(line) = self.pasted.line(line) else { return };
        if self.repeats_head(&line) {
            return;
        }
        self.content(&line.text);
    }

    /// A head without marks where the body should begin is the one that was read with marks.
    fn repeats_head(&mut self, line: &pasted::Plain<'_>) -> bool {
        if line.marked {
            self.repeated_head = false;
        } else if self.repeated_head {
            self.repeated_head = !line.text.trim().is_empty();
            return true;
        } else if self.pasted.has_marks() && StatusLine::parse(&line.text).is_some() {
            let read = self
                .response
                .as_ref()
                .is_some_and(|r| r.at_body_start() && same_status(&r.start, &line.text));
            self.repeated_head = read;
        }
        self.repeated_head
    }

    fn content(&mut self, line: &str) {
        if self.begins_request(line) {
            if self.request.is_some() || self.response.is_some() {
                self.finish_session();
            }
            self.request = Some(self.draft(line));
        } else if self.begins_response(line) {
            self.response = Some(self.draft(line));
        } else if let Some(message) = self.response.as_mut().or(self.request.as_mut()) {
            message.line(line);
        } else if !line.trim().is_empty() {
            self.strays.push(line.to_owned());
        }
    }

    fn draft(&self, line: &str) -> Draft {
        if self.marked { Draft::literal(line) } else { Draft::pasted(line) }
    }

    /// The line up to the first header that ended up on it.
    fn start_line<'a>(&self, line: &'a str) -> &'a str {
        if self.marked { line } else { joined::pieces(line).into_iter().next().unwrap_or(line) }
    }

    fn begins_request(&self, line: &str) -> bool {
        if RequestLine::recognise(self.start_line(line)).is_none() {
            return false;
        }
        match (&self.request, &self.response) {
            (None, None) => true,
            (_, Some(_)) => !self.marked,
            // A request without response, then the next one: only where no body has begun.
            (Some(request), None) => {
                !self.marked && (request.at_body_start() || request.ends_with_rule())
            }
        }
    }

    /// A status line ends the request, whatever its body holds. Behind a response it counts only if that was an interim
    /// one (RFC 9110 §15.2) or, without markers, has no body so far.
    fn begins_response(&mut self, line: &str) -> bool {
        if StatusLine::parse(self.start_line(line)).is_none() {
            return false;
        }
        let Some(response) = &self.response else { return true };
        if !response.at_body_start() && !response.ends_with_rule() {
            return false;
        }
        let interim =
            StatusLine::parse(&response.start).is_some_and(|l| matches!(l.status, 100..200));
        if !interim && !self.marked {
            self.finish_session();
        }
        interim || !self.marked
    }

    fn finish_session(&mut self) {
        let marker = std::mem::take(&mut self.marker);
        let strays = std::mem::take(&mut self.strays);
        let mut oddities = Oddities::default();
        let mut request = self.request.take().map(|draft| draft.finish(&mut oddities));
        let mut response = self.response.take().map(|draft| draft.finish(&mut oddities));
        let mut address = None;
        if request.is_none() && response.is_none() {
            match headless::read(&strays, &mut oddities) {
                Some(Headless::Request(fields)) => request = Some(fields),
                Some(Headless::Response(fields, said)) => {
                    response = Some(fields);
                    address = said;
                }
                Some(Headless::Both(asked, answer)) => {
                    request = Some(asked);
                    response = Some(answer);
                }
                None => return,
            }
        } else if !strays.is_empty() {
            oddities.add(
                NoteKind::FieldRepaired,
                "Lines before the first request or status line were left out",
            );
        }

        let mut session =
            Session::new(SessionId(marker.number.unwrap_or_else(|| self.gather.next_number())));
        match request {
            Some(message) => {
                let line = RequestLine::parse(&message.start);
                let (method, target, version) =
                    line.map_or(("", "", ""), |line| (line.method, line.target, line.version));
                let scheme = head::likely_scheme(&message.headers);
                session.request = Request {
                    method: method.to_owned(),
                    target: head::absolute(target, &message.headers, scheme),
                    version: version.to_owned(),
                    headers: message.headers,
                    body: message.body,
                };
            }
            None => match address {
                Some(address) => {
                    session.request.target = Target::new(address);
                    let text = "The session has no request; its address is the one that the text before the headers names";
                    oddities.add(NoteKind::RequestMissing, text);
                }
                None => oddities.add(NoteKind::RequestMissing, "The session has no request"),
            },
        }
        match response {
            Some(message) => {
                let line = StatusLine::parse(&message.start);
                let (status, reason, version) =
                    line.map_or((0, "", ""), |line| (line.status, line.reason, line.version));
                session.response = Some(Response {
                    status,
                    reason: reason.to_owned(),
                    version: version.to_owned(),
                    headers: message.headers,
                    body: message.body,
                });
            }
            None => oddities.add(NoteKind::ResponseMissing, "The session has no response"),
        }
        session.tunnel = session.request.method == "CONNECT";
        session.started = marker.started;
        session.timing.total = marker.total;
        session.process = marker.process;
        session.comment = marker.comment;
        self.gather.session(session, oddities);
    }
}

/// Whether two status lines say the same; curl shows an `HTTP/2 401 ` once with and once without its blank.
fn same_status(one: &str, other: &str) -> bool {
    let status = |line| StatusLine::parse(line).map(|line| line.status);
    status(one) == status(other)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod pasted_tests;
