//! A row of the table, made once per capture.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::Actor;
use crate::gui::widgets::tidy;
use crate::http::mask;
use crate::rules::Severity;

/// Longest text of a cell in characters.
const LONGEST: usize = 300;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The recorder's number.
    Number,
    /// Status code.
    Result,
    /// What it means.
    Meaning,
    /// Who answered.
    Actor,
    /// Exchange's protocol.
    Protocol,
    /// Host.
    Host,
    /// Path and masked query.
    Url,
    /// What the client authenticated with.
    Auth,
    /// Content type of the answer.
    Type,
    /// Size of the answer's body.
    Size,
    /// When it began.
    Time,
    /// How long it took.
    Duration,
    /// The client's process.
    Process,
}

impl Column {
    /// All columns in order.
    pub const ALL: [Self; 13] = [
        Self::Number,
        Self::Result,
        Self::Meaning,
        Self::Actor,
        Self::Protocol,
        Self::Host,
        Self::Url,
        Self::Auth,
        Self::Type,
        Self::Size,
        Self::Time,
        Self::Duration,
        Self::Process,
    ];

    /// The column's head.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Number => "#",
            Self::Result => "Result",
            Self::Meaning => "Meaning",
            Self::Actor => "Actor",
            Self::Protocol => "Protocol",
            Self::Host => "Host",
            Self::Url => "URL",
            Self::Auth => "Auth",
            Self::Type => "Type",
            Self::Size => "Size",
            Self::Time => "Time",
            Self::Duration => "Duration",
            Self::Process => "Process",
        }
    }

    /// The column's name for screen readers and sorting hints.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Result => "result",
            Self::Meaning => "meaning",
            Self::Actor => "actor",
            Self::Protocol => "protocol",
            Self::Host => "host",
            Self::Url => "URL",
            Self::Auth => "authentication",
            Self::Type => "type",
            Self::Size => "size",
            Self::Time => "time",
            Self::Duration => "duration",
            Self::Process => "process",
        }
    }

    /// Its first width in points.
    pub const fn width(self) -> f32 {
        match self {
            Self::Number => 58.0,
            Self::Result => 52.0,
            Self::Meaning => 370.0,
            Self::Actor | Self::Size | Self::Duration => 72.0,
            Self::Protocol | Self::Auth => 92.0,
            Self::Host => 170.0,
            Self::Url => 230.0,
            Self::Type => 130.0,
            Self::Time => 96.0,
            Self::Process => 110.0,
        }
    }

    /// Whether its cells are numbers, which stand at the right.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Size | Self::Duration)
    }
}

/// What the table shows of a session. Nothing here is secret.
#[derive(Clone, Debug)]
pub struct Line {
    /// The session.
    pub session: SessionId,
    /// Status code, 0 without an answer.
    pub status: u16,
    /// What request and answer mean.
    pub meaning: String,
    /// Who answered.
    pub actor: Actor,
    /// Exchange's protocol, or nothing.
    pub protocol: &'static str,
    /// Host.
    pub host: String,
    /// Path and masked query.
    pub url: String,
    /// What the client authenticated with.
    pub auth: &'static str,
    /// Content type of the answer.
    pub content_type: String,
    /// Size of the answer's body in bytes.
    pub size: u64,
    /// When it began.
    pub time: Option<DateTime<Utc>>,
    /// How long it took.
    pub duration: Option<TimeDelta>,
    /// The client's process.
    pub process: String,
    /// The worst finding that it proves.
    pub finding: Option<Severity>,
    /// What free words are searched in, in lower case.
    pub haystack: String,
}

impl Line {
    /// Reads a session.
    pub fn of(session: &Session, analysis: &Analysis) -> Self {
        let reading = analysis.flows.reading(session.id);
        let meaning = reading
            .map(|r| format!("{} → {}", r.request_label(session), r.answer_label()))
            .unwrap_or_default();
        let masked = mask::url(session.request.target.as_str());
        let path = masked
            .split_once("://")
            .and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)))
            .unwrap_or(&masked);
        let response = session.response.as_ref();
        let content_type = response
            .and_then(|r| r.headers.get("content-type"))
            .and_then(|t| t.split(';').next())
            .unwrap_or_default();
        let host = tidy(session.host(), LONGEST);
        let process = tidy(session.process.as_deref().unwrap_or_default(), LONGEST);
        let haystack = format!(
            "{} {} {} {meaning} {process}",
            session.request.method,
            tidy(&masked, 4 * LONGEST),
            session.status()
        )
        .to_lowercase();
        Self {
            session: session.id,
            status: session.status(),
            meaning,
            actor: reading.map_or(Actor::Other, |r| r.answered_by),
            protocol: reading.and_then(|r| r.endpoint.protocol()).map_or("", |p| p.name()),
            host,
            url: tidy(path, LONGEST),
            auth: reading.map_or("", |r| r.authentication()),
            content_type: tidy(content_type.trim(), 80),
            size: response.map_or(0, |r| r.body.wire_size.unwrap_or(r.body.len() as u64)),
            time: session.started,
            duration: session.timing.total,
            process,
            finding: analysis.findings_at(session.id).map(|f| f.severity).max(),
            haystack,
        }
    }

    /// The order of two rows by a column.
    pub fn compare(&self, other: &Self, column: Column) -> Ordering {
        match column {
            Column::Number => self.session.cmp(&other.session),
            Column::Result => self.status.cmp(&other.status),
            Column::Meaning => self.meaning.cmp(&other.meaning),
            Column::Actor => self.actor.cmp(&other.actor),
            Column::Protocol => self.protocol.cmp(other.protocol),
            Column::Host => self.host.cmp(&other.host),
            Column::Url => self.url.cmp(&other.url),
            Column::Auth => self.auth.cmp(other.auth),
            Column::Type => self.content_type.cmp(&other.content_type),
            Column::Size => self.size.cmp(&other.size),
            Column::Time => self.time.cmp(&other.time),
            Column::Duration => self.duration.cmp(&other.duration),
            Column::Process => self.process.cmp(&other.process),
        }
    }
}
