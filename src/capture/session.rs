//! One request with its answer: Fiddler's word, and our users' word.

use std::{fmt, io};

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use super::Mark;
use crate::http::{Body, Headers, Target};

/// The recorder's own number of a session: a SAZ's file number, a HAR's entry position counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u32);

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What the client sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method as recorded: `POST`.
    pub method: String,
    /// Where it went.
    pub target: Target,
    /// `HTTP/1.1` as recorded; may be empty or garbled.
    pub version: String,
    /// Header fields.
    pub headers: Headers,
    /// Body, decoded.
    pub body: Body,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code; 0 when the recorder saw no HTTP answer.
    pub status: u16,
    /// Reason phrase as recorded; may be empty.
    pub reason: String,
    /// `HTTP/1.1` as recorded.
    pub version: String,
    /// Header fields.
    pub headers: Headers,
    /// Body, decoded.
    pub body: Body,
}

/// Where a session's time went, as far as the recorder tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// From the start of the request to the end of the answer.
    pub total: Option<TimeDelta>,
    /// Waiting for a connection, resolving, connecting and the TLS handshake.
    pub connect: Option<TimeDelta>,
    /// Of connecting: finding the host's address.
    pub dns: Option<TimeDelta>,
    /// Of connecting: the TLS handshake.
    pub tls: Option<TimeDelta>,
    /// Sending the request.
    pub send: Option<TimeDelta>,
    /// From the request's last byte to the answer's first.
    pub wait: Option<TimeDelta>,
    /// Receiving the answer.
    pub receive: Option<TimeDelta>,
}

/// One request with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The recorder's number, unique in the capture.
    pub id: SessionId,
    /// What the client sent.
    pub request: Request,
    /// What came back, if anything did.
    pub response: Option<Response>,
    /// When the request began.
    pub started: Option<DateTime<Utc>>,
    /// How far the recorder's clock was from UTC, where it says so.
    pub utc_offset: Option<FixedOffset>,
    /// Where the time went.
    pub timing: Timing,
    /// The client's process: `outlook.exe:1234` or `outlook:1234`, where the recorder tells.
    pub process: Option<String>,
    /// The server's address, where the recorder tells.
    pub server_address: Option<String>,
    /// The recorder's comment on the session.
    pub comment: Option<String>,
    /// The mark that was put on the session in the recorder's window.
    pub mark: Option<Mark>,
    /// Whether this is a CONNECT request, which opens a tunnel. What went through it, if the recorder decrypted it, stands
    /// in sessions of its own.
    pub tunnel: bool,
    /// What the recorder says went wrong when there is no usable answer.
    pub error: Option<String>,
}

impl Session {
    /// A session with nothing but a number.
    pub fn new(id: SessionId) -> Self {
        Self {
            id,
            request: Request::default(),
            response: None,
            started: None,
            utc_offset: None,
            timing: Timing::default(),
            process: None,
            server_address: None,
            comment: None,
            mark: None,
            tunnel: false,
            error: None,
        }
    }

    /// Status code, or 0 without an answer.
    pub fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |r| r.status)
    }

    /// Whether the request was not recorded, or not pasted: it has neither a method nor header fields.
    pub fn lacks_request(&self) -> bool {
        self.request.method.is_empty() && self.request.headers.is_empty()
    }

    /// Whether its bodies are in memory, or can still be read from the file as they were.
    pub fn intact(&self) -> io::Result<()> {
        self.request.body.intact()?;
        self.response.as_ref().map_or(Ok(()), |response| response.body.intact())
    }

    /// Host the request went to, in lower case.
    pub fn host(&self) -> &str {
        self.request.target.host()
    }

    /// When the answer was complete.
    pub fn ended(&self) -> Option<DateTime<Utc>> {
        self.started.map(|start| {
            self.timing.total.and_then(|t| start.checked_add_signed(t)).unwrap_or(start)
        })
    }

    /// The server's own clock: the answer's `Date` header.
    pub fn server_date(&self) -> Option<DateTime<Utc>> {
        let value = self.response.as_ref()?.headers.get("date")?;
        fixdate(value).or_else(|| Some(DateTime::parse_from_rfc2822(value).ok()?.to_utc()))
    }

    /// The process without its number and extension, in lower case: `outlook`.
    pub fn process_name(&self) -> Option<String> {
        let process = self.process.as_deref()?;
        let name = process.split(':').next().unwrap_or(process).trim().to_ascii_lowercase();
        let name = name.strip_suffix(".exe").unwrap_or(&name);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// A header of the answer.
    pub fn response_header(&self, name: &str) -> Option<&str> {
        self.response.as_ref().and_then(|r| r.headers.get(name))
    }
}

/// Reads `Mon, 02 Mar 2026 09:14:07 GMT`, as nearly every server writes it (RFC 9110 §5.6.7). The general reader of mail
/// dates takes ten times as long.
fn fixdate(value: &str) -> Option<DateTime<Utc>> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, rest) = value.strip_suffix(" GMT")?.split_once(", ")?;
    let mut parts = rest.split(' ');
    let day = parts.next()?.parse().ok()?;
    let month = parts.next()?;
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if parts.next().is_some() || clock.next().is_some() {
        return None;
    }
    Some(NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(hour, minute, second)?.and_utc())
}

#[cfg(test)]
mod tests {
    use super::fixdate;
    use chrono::DateTime;

    #[test]
    fn the_usual_date_is_read_as_any_other() {
        let usual = "Mon, 02 Mar 2026 09:14:07 GMT";
        let known = DateTime::parse_from_rfc2822(usual).unwrap().to_utc();
        assert_eq!(fixdate(usual), Some(known));
        for other in [
            "Mon, 02 Mar 2026 09:14:07 +0100",
            "Mon, 02 Mar 26 09:14:07 GMT",
            "Mon, 32 Mar 2026 09:14:07 GMT",
            "Mon, 02 Mar 2026 09:14 GMT",
            "Mon, 02 Mar 2026 09:14:07 x GMT",
            "GMT",
            "",
        ] {
            assert_eq!(fixdate(other), None, "{other}");
        }
    }
}
