//! Programs that were started again while the capture ran: the process has a new number, and the client is the same.

use std::collections::{BTreeMap, HashMap};

use crate::capture::{Capture, Session};
use crate::flow::Reading;
use crate::knowledge::outlook_version;

/// The processes of a capture, each with the first process of the same program behind whose end it began.
pub(super) struct Programs<'a> {
    first_runs: HashMap<&'a str, &'a str>,
}

impl<'a> Programs<'a> {
    /// Looks over the readings, which stand in the order of time.
    pub(super) fn of(capture: &'a Capture, readings: &[Reading]) -> Self {
        let mut spans: HashMap<&str, (usize, usize)> = HashMap::new();
        let mut order: Vec<&Session> = Vec::new();
        for (at, reading) in readings.iter().enumerate() {
            let Some(session) = capture.session(reading.session) else { continue };
            let Some(process) = session.process.as_deref() else { continue };
            let span = spans.entry(process).or_insert_with(|| {
                order.push(session);
                (at, at)
            });
            span.1 = at;
        }
        // Of each program the places where a run ended, with the first run of its line.
        let mut ended: HashMap<String, BTreeMap<usize, &str>> = HashMap::new();
        let mut first_runs = HashMap::new();
        for session in order {
            let (Some(process), Some(name)) = (session.process.as_deref(), session.process_name())
            else {
                continue;
            };
            let Some((begun, end)) = spans.get(process).copied() else { continue };
            let lines = ended.entry(name).or_default();
            let before = lines.range(..begun).next_back().map(|(at, first)| (*at, *first));
            if let Some((at, _)) = before {
                lines.remove(&at);
            }
            let first = before.map_or(process, |(_, first)| first);
            lines.insert(end, first);
            first_runs.insert(process, first);
        }
        Self { first_runs }
    }

    /// The client of a session: its process as it was called first, else the product that its user agent names.
    pub(super) fn client_of(&self, session: &'a Session) -> &'a str {
        if let Some(process) = session.process.as_deref() {
            return self.first_runs.get(process).copied().unwrap_or(process);
        }
        let user_agent = session.request.headers.get("user-agent").unwrap_or_default();
        outlook_version::outlook_of(user_agent).map_or(user_agent, |known| known.name)
    }
}
