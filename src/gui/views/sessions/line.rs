//! What a row says of its session. Nothing of it is secret.

use chrono::{DateTime, TimeDelta, Utc};

use crate::analysis::Analysis;
use crate::capture::{Session, SessionId, Timing};
use crate::flow::{Actor, Step};
use crate::gui::widgets::tidy;
use crate::http::mask;
use crate::rules::Severity;

/// Longest text of a cell in characters.
const LONGEST: usize = 300;

/// What the table shows of a session.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The session.
    pub(super) session: SessionId,
    /// Status code, 0 without an answer.
    pub(super) status: u16,
    /// The step that it reached.
    pub(super) step: Option<Step>,
    /// What request and answer mean.
    pub(super) meaning: String,
    /// Method.
    pub(super) method: String,
    /// Who answered.
    pub(super) actor: Actor,
    /// Exchange's protocol, or nothing.
    pub(super) protocol: &'static str,
    /// Host.
    pub(super) host: String,
    /// Path and masked query.
    pub(super) url: String,
    /// What the client authenticated with.
    pub(super) auth: &'static str,
    /// Content type of the answer.
    pub(super) content_type: String,
    /// Size of the answer's body in bytes; `None` without an answer.
    pub(super) size: Option<u64>,
    /// When it began.
    pub(super) time: Option<DateTime<Utc>>,
    /// Where the time went.
    pub(super) timing: Timing,
    /// The client's process.
    pub(super) process: String,
    /// The worst finding that it proves.
    pub(super) finding: Option<Severity>,
}

impl Line {
    /// Reads a session.
    pub(super) fn of(session: &Session, analysis: &Analysis) -> Self {
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
        Self {
            session: session.id,
            status: session.status(),
            step: reading.and_then(|r| r.steps().last().copied()),
            meaning,
            method: tidy(&session.request.method, 20),
            actor: reading.map_or(Actor::Other, |r| r.answered_by),
            protocol: reading.and_then(|r| r.endpoint.protocol()).map_or("", |p| p.name()),
            host: tidy(session.host(), LONGEST),
            url: tidy(path, LONGEST),
            auth: reading.map_or("", |r| r.authentication()),
            content_type: tidy(content_type.trim(), 80),
            size: response.map(|r| r.body.wire_size.unwrap_or(r.body.len() as u64)),
            time: session.started,
            timing: session.timing,
            process: tidy(session.process.as_deref().unwrap_or_default(), LONGEST),
            finding: analysis.findings_at(session.id).map(|f| f.severity).max(),
        }
    }

    /// How long it took.
    pub(super) fn duration(&self) -> Option<TimeDelta> {
        self.timing.total
    }
}
