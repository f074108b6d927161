//! The words and signs by which reports name outcomes, steps and places. Every sign stands beside a word: a sign alone
//! is lost on a printer, a screen reader or a reader who does not tell red from green.

use chrono::{DateTime, SecondsFormat, Utc};

use super::document::{Item, Line, Look};
use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::{Outcome, Protocol, Step, StepRecord, StepState};
use crate::rules::{Certainty, Evidence, Finding, FixStep, Part, Piece, Severity};
use crate::verdict::Verdict;

/// The verdict in a few words: `✖ Broken at the challenge step`.
pub(super) fn verdict_title(verdict: &Verdict) -> (Look, String) {
    let (look, words) = outcome(verdict.outcome);
    match (verdict.outcome, verdict.step) {
        (Outcome::Broken, Some(step)) => (look, format!("{words} at the {} step", step_name(step))),
        _ => (look, words.to_owned()),
    }
}

/// An outcome with its sign.
pub(super) const fn outcome(outcome: Outcome) -> (Look, &'static str) {
    match outcome {
        Outcome::Healthy => (Look::Good, "✔ Healthy"),
        Outcome::Broken => (Look::Bad, "✖ Broken"),
        Outcome::NotHma => (Look::Caution, "○ Not HMA"),
        Outcome::NotEnoughEvidence => (Look::Caution, "? Not enough evidence"),
    }
}

/// A step's name inside a sentence.
pub(super) const fn step_name(step: Step) -> &'static str {
    match step {
        Step::Probe => "probe",
        Step::Challenge => "challenge",
        Step::SignIn => "sign-in",
        Step::Token => "token",
        Step::Access => "access",
    }
}

/// How a step went, with its sign.
pub(super) const fn step_state(state: StepState) -> (Look, &'static str) {
    match state {
        StepState::Ok => (Look::Good, "✔ ok"),
        StepState::Failed => (Look::Bad, "✖ failed"),
        StepState::Missing => (Look::Caution, "– missing"),
        StepState::Hidden => (Look::Quiet, "· hidden"),
    }
}

/// How a step went and where: one line, and a second one for the session.
pub(super) fn step_cell(record: &StepRecord) -> Vec<Line> {
    let (look, words) = step_state(record.state);
    let mut cell = vec![Line::new().look(look, words)];
    cell.extend(record.session.map(|id| Line::new().look(Look::Quiet, format!("#{id}"))));
    cell
}

/// The same in one line.
pub(super) fn step_line(record: &StepRecord) -> Line {
    let (look, words) = step_state(record.state);
    let place = record.session.map(|id| format!(" in session {id}")).unwrap_or_default();
    Line::new().look(look, words).look(Look::Quiet, place)
}

/// A severity with its look.
pub(super) const fn severity(severity: Severity) -> (Look, &'static str) {
    match severity {
        Severity::Error => (Look::Bad, "Error"),
        Severity::Warning => (Look::Caution, "Warning"),
        Severity::Note => (Look::Quiet, "Note"),
    }
}

/// `Error: <message>` with what tells where to look it up.
pub(super) fn finding_title(finding: &Finding) -> Line {
    let (look, word) = severity(finding.severity);
    let doubt = if finding.certainty == Certainty::Suspected { " (suspected)" } else { "" };
    Line::new().look(look, format!("{word}{doubt}: ")).plain(finding.message.as_str())
}

/// What a session means: `Session 3: MAPI probe: empty Bearer → 401: Bearer without authorization_uri`.
pub(super) fn session_title(analysis: &Analysis, session: &Session) -> String {
    match analysis.flows.reading(session.id) {
        Some(reading) => format!(
            "Session {}: {} → {}",
            session.id,
            reading.request_label(session),
            reading.answer_label()
        ),
        None => format!("Session {}", session.id),
    }
}

/// Where a piece of evidence stands: `Session 3, response header WWW-Authenticate`.
pub(super) fn evidence_place(evidence: &Evidence) -> String {
    let part = match evidence.part {
        Part::RequestLine => "request line",
        Part::RequestHeader => "request header",
        Part::RequestBody => "request body",
        Part::Status => "status",
        Part::ResponseHeader => "response header",
        Part::ResponseBody => "response body",
        Part::Token => "token claim",
        Part::Capture => "the file as a whole",
    };
    let place = match evidence.session {
        Some(id) => format!("Session {id}, {part}"),
        None if evidence.part == Part::Capture => "The file as a whole".to_owned(),
        None => part.to_owned(),
    };
    if evidence.name.is_empty() { place } else { format!("{place} {}", evidence.name) }
}

/// A piece of evidence in one line.
pub(super) fn evidence_line(evidence: &Evidence) -> Line {
    let place = Line::new().plain(format!("{}: ", evidence_place(evidence)));
    if evidence.value.is_empty() {
        place.look(Look::Quiet, "empty or not there")
    } else {
        place.code(shorten(&evidence.value))
    }
}

/// A step of a fix.
pub(super) fn fix_item(step: &str) -> Item {
    let step = FixStep::read(step);
    let words = step.words.iter().fold(Line::new(), |line, piece| match piece {
        Piece::Words(words) => line.plain(*words),
        Piece::Code(code) => line.code(*code),
    });
    Item { words, commands: step.commands.into_iter().map(str::to_owned).collect() }
}

/// A recorded value of readable length; the whole of it is in the JSON report.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 600;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A protocol and host: `MAPI to mail.contoso.com`.
pub(super) fn flow_name(protocol: Protocol, host: &str) -> String {
    if host.is_empty() {
        protocol.name().to_owned()
    } else {
        format!("{} to {host}", protocol.name())
    }
}

/// Session numbers in a list that stays short: `6, 7, 8 and 12 more`.
pub(super) fn sessions(ids: &[SessionId]) -> String {
    const SHOWN: usize = 6;
    let numbers: Vec<String> = ids.iter().take(SHOWN).map(ToString::to_string).collect();
    match ids.len().saturating_sub(SHOWN) {
        0 => numbers.join(", "),
        more => format!("{} and {more} more", numbers.join(", ")),
    }
}

/// An instant as reports write it: `2026-03-02T09:14:07.120Z`.
pub(super) fn instant(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An instant as people read it: `2026-03-02 09:14:07 UTC`.
pub(super) fn readable_instant(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `1 session`, `2 sessions`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::{count, sessions, shorten};
    use crate::capture::SessionId;

    #[test]
    fn lists_and_values_stay_short() {
        let ids: Vec<SessionId> = (1..=9).map(SessionId).collect();
        assert_eq!(sessions(&ids), "1, 2, 3, 4, 5, 6 and 3 more");
        assert_eq!(sessions(&[SessionId(4)]), "4");
        assert_eq!(shorten(&"ü".repeat(601)).chars().count(), 601);
        assert_eq!(
            (count(1, "flow"), count(0, "flow")),
            ("1 flow".to_owned(), "0 flows".to_owned())
        );
    }
}
