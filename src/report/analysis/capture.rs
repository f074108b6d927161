//! The file: where it comes from, and how reading it went.

use crate::analysis::Analysis;
use crate::capture::{ImportReport, session_ranges};
use crate::report::document::{Block, Document, Line, Look};
use crate::report::words;

/// Reasons of the import report beyond this number are only counted; the JSON report has them all.
const MOST_REASONS: usize = 20;

/// The same for the numbers and runs of numbers of one reason's sessions.
const MOST_RANGES: usize = 12;

/// The file, and how reading it went.
pub(super) fn capture(page: &mut Document, analysis: &Analysis) {
    let capture = &analysis.capture;
    page.heading("Capture");
    let mut facts = vec![
        ("File".to_owned(), Line::from(capture.file.as_str())),
        ("Format".to_owned(), capture.format.id().into()),
    ];
    if let Some(creator) = &capture.creator {
        facts.push(("Creator".to_owned(), creator.as_str().into()));
    }
    let counts = capture.counts;
    let odd =
        [(counts.repaired, "repaired"), (counts.partial, "partial"), (counts.skipped, "skipped")];
    let sessions: Vec<String> = std::iter::once(words::count(capture.sessions.len(), "session"))
        .chain(odd.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")))
        .collect();
    facts.push(("Sessions".to_owned(), sessions.join(", ").into()));
    if let (Some(started), Some(ended)) = (capture.started(), capture.ended()) {
        let time =
            format!("{} to {}", words::readable_instant(started), words::readable_instant(ended));
        facts.push(("Time".to_owned(), time.into()));
    }
    page.push(Block::Facts(facts));
    page.heading("Import report");
    let report = ImportReport::of(capture);
    if report.is_clean() {
        page.paragraph("Every session was read as it stands in the file");
    } else {
        page.push(Block::Bullets(reasons(&report)));
    }
}

/// Each reason with its sessions: `Sessions 3, 7–9, partial: The session has no response`.
fn reasons(report: &ImportReport<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = report
        .reasons
        .iter()
        .take(MOST_REASONS)
        .map(|reason| {
            let (effect, message) = (reason.kind.effect().id(), reason.message);
            let numbers = session_ranges(&reason.sessions, MOST_RANGES);
            match reason.sessions.as_slice() {
                [] => message.into(),
                [_] => format!("Session {numbers}, {effect}: {message}").into(),
                _ => format!("Sessions {numbers}, {effect}: {message}").into(),
            }
        })
        .collect();
    let more = report.reasons.len().saturating_sub(MOST_REASONS);
    if more > 0 {
        lines.push(
            Line::new()
                .look(Look::Quiet, format!("and {more} more; the JSON report has all of them")),
        );
    }
    lines
}
