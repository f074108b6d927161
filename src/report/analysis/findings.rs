//! Findings: what proves them, why they matter, how to fix them.

use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::report::document::{Block, Document, Line, Look};
use crate::report::{message, words};
use crate::rules::{self, Finding, Part};

/// Sessions of one finding that are quoted as messages.
const MOST_MESSAGES: usize = 2;

/// What proves a finding, place by place.
pub(super) fn evidence(page: &mut Document, finding: &Finding) {
    page.heading("Evidence");
    page.push(Block::Bullets(finding.evidence.iter().map(words::evidence_line).collect()));
}

/// Why a finding matters, what to do, and where to look it up.
pub(super) fn advice(page: &mut Document, finding: &Finding) {
    if let Some(rule) = rules::find(finding.rule) {
        page.heading("Why");
        page.paragraph(rule.why);
    }
    let steps = finding.fix();
    if !steps.is_empty() {
        page.heading("Fix");
        page.push(Block::Numbered(steps.iter().map(|step| words::fix_item(step)).collect()));
    }
    let reference = rules::find(finding.rule).map_or("", |rule| rule.reference);
    page.push(Block::Facts(vec![
        ("Rule".to_owned(), Line::new().code(finding.rule)),
        ("Certainty".to_owned(), finding.certainty.id().into()),
        ("Reference".to_owned(), reference.into()),
    ]));
}

/// The sessions that prove a finding, as they went over the wire.
pub(super) fn messages(page: &mut Document, analysis: &Analysis, finding: &Finding) {
    let mut sessions: Vec<SessionId> = Vec::new();
    for id in finding.evidence.iter().filter_map(|e| e.session) {
        if !sessions.contains(&id) && sessions.len() < MOST_MESSAGES {
            sessions.push(id);
        }
    }
    for id in sessions {
        let in_part =
            |part| finding.evidence.iter().any(|e| e.session == Some(id) && e.part == part);
        quote(page, analysis, id, in_part(Part::RequestBody), in_part(Part::ResponseBody));
    }
}

/// A session's request and answer, with the bodies that are asked for.
pub(super) fn quote(
    page: &mut Document,
    analysis: &Analysis,
    id: SessionId,
    request_body: bool,
    answer_body: bool,
) {
    let Some(session) = analysis.capture.session(id) else { return };
    page.heading(words::session_title(analysis, session));
    page.push(Block::Verbatim(message::excerpt(session, request_body, answer_body)));
}

/// The findings that the verdict does not rest on, the gravest first as the analysis has them.
pub(super) fn further(page: &mut Document, findings: &[&Finding], more: bool) {
    if findings.is_empty() {
        return;
    }
    page.heading(if more { "Further findings" } else { "Findings" });
    for finding in findings {
        page.push(Block::Subheading(words::finding_title(finding)));
        page.push(Block::Bullets(finding.evidence.iter().map(words::evidence_line).collect()));
        let steps = finding.fix();
        if !steps.is_empty() {
            page.push(Block::Numbered(steps.iter().map(|step| words::fix_item(step)).collect()));
        }
        page.paragraph(Line::new().look(Look::Quiet, "Rule ").code(finding.rule).look(
            Look::Quiet,
            finding.flow.map(|flow| format!(", flow {flow}")).unwrap_or_default(),
        ));
    }
}
