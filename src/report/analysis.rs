//! An analysis as a report: the answer, its proof, the fix, then everything else.

use super::document::{Block, Cell, Document, Line, Look};
use super::words;
use crate::analysis::Analysis;
use crate::capture::{ImportReport, session_ranges};
use crate::flow::{CheckState, Flow, Step, TrackedToken};
use crate::jwt::{Jwt, Signature, Token};
use crate::knowledge::client_app;
use crate::rules::{self, Finding};

/// Reasons of the import report beyond this number are only counted; the JSON report has them all.
const MOST_REASONS: usize = 20;

/// The same for the numbers and runs of numbers of one reason's sessions.
const MOST_RANGES: usize = 12;

/// The report of an analysis.
pub fn document(analysis: &Analysis) -> Document {
    let mut page = Document::new(format!("HMA trace analysis of {}", analysis.capture.file));
    let verdict = &analysis.verdict;
    let (look, title) = words::verdict_title(verdict);
    page.push(Block::Banner(look, title));
    page.paragraph(verdict.summary.as_str());

    let decisive = analysis
        .findings
        .iter()
        .position(|f| Some(f.rule) == verdict.rule && f.session() == verdict.session);
    if let Some(finding) = decisive.and_then(|at| analysis.findings.get(at)) {
        answer(&mut page, finding);
    } else if let Some(session) = verdict.session {
        page.paragraph(format!("Session {session} shows it"));
    }
    flows(&mut page, &analysis.flows.flows);
    let others: Vec<&Finding> = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(at, _)| Some(*at) != decisive)
        .map(|(_, finding)| finding)
        .collect();
    findings(&mut page, &others, decisive.is_some());
    tokens(&mut page, &analysis.flows.tokens);
    capture(&mut page, analysis);
    page
}

/// Proof and fix of the finding that the verdict rests on.
fn answer(page: &mut Document, finding: &Finding) {
    page.heading("Evidence");
    page.push(Block::Bullets(finding.evidence.iter().map(words::evidence_line).collect()));
    if let Some(rule) = rules::find(finding.rule) {
        page.heading("Why");
        page.paragraph(rule.why);
    }
    fix(page, finding);
    page.push(Block::Facts(vec![
        ("Rule".to_owned(), Line::new().code(finding.rule)),
        ("Certainty".to_owned(), finding.certainty.id().into()),
        ("Reference".to_owned(), reference(finding).into()),
    ]));
}

fn fix(page: &mut Document, finding: &Finding) {
    let steps = finding.fix();
    if !steps.is_empty() {
        page.heading("Fix");
        page.push(Block::Numbered(steps.iter().map(|step| words::fix_item(step)).collect()));
    }
}

fn reference(finding: &Finding) -> &'static str {
    rules::find(finding.rule).map_or("", |rule| rule.reference)
}

fn flows(page: &mut Document, flows: &[Flow]) {
    page.heading("Flows");
    if flows.is_empty() {
        page.paragraph("No session in this file talks to Exchange");
        return;
    }
    let mut titles = vec!["#".to_owned(), "Flow".to_owned()];
    titles.extend(Step::ALL.iter().map(|s| s.name().to_owned()));
    page.push(Block::Table(titles, flows.iter().map(flow_row).collect()));
}

fn flow_row(flow: &Flow) -> Vec<Cell> {
    let (look, outcome) = words::outcome(flow.outcome);
    let mut about = vec![
        Line::new().plain(words::flow_name(flow.protocol, &flow.host)),
        Line::new().look(look, outcome).plain(format!(", {}", flow.mechanism.name())),
    ];
    about.extend(flow.client.as_deref().map(|client| Line::new().look(Look::Quiet, client)));
    let mut row = vec![vec![flow.id.to_string().into()], about];
    row.extend(flow.steps.iter().map(words::step_cell));
    row
}

fn findings(page: &mut Document, findings: &[&Finding], more: bool) {
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

fn tokens(page: &mut Document, tokens: &[TrackedToken]) {
    if tokens.is_empty() {
        return;
    }
    page.heading("Tokens");
    let titles = ["#", "Token", "For", "Valid until", "Issued in", "Used in", "Signature"];
    page.push(Block::Table(
        titles.iter().map(|t| (*t).to_owned()).collect(),
        tokens.iter().map(token_row).collect(),
    ));
    let failed: Vec<Line> = tokens
        .iter()
        .flat_map(|token| token.checks.iter().map(move |check| (token, check)))
        .filter(|(_, check)| check.state == CheckState::Failed)
        .map(|(token, check)| {
            Line::new().look(Look::Bad, "✖ ").plain(format!("{}: {}", token.id, check.message))
        })
        .collect();
    if !failed.is_empty() {
        page.push(Block::Bullets(failed));
    }
}

fn token_row(token: &TrackedToken) -> Vec<Cell> {
    let jwt = token.jwt();
    let kind = match &token.token {
        Token::Jwt(_) => token.role.name().to_owned(),
        Token::Encrypted(_) => format!("{}, encrypted", token.role.name()),
        Token::Opaque(length) => format!("{}, opaque, {length} characters", token.role.name()),
    };
    let signature = match token.signature {
        Signature::Verified => Line::new().look(Look::Good, "✔ verified"),
        Signature::Invalid => Line::new().look(Look::Bad, "✖ invalid"),
        other => other.id().replace('-', " ").into(),
    };
    let text = |text: Option<String>| vec![text.unwrap_or_default().into()];
    vec![
        vec![token.id.to_string().into()],
        vec![kind.into()],
        vec![jwt.and_then(Jwt::audience).map(whom).unwrap_or_default()],
        text(jwt.and_then(Jwt::expires).map(words::readable_instant)),
        text(token.issued_in.map(|id| id.to_string())),
        text(Some(words::sessions(&token.used_in))),
        vec![signature],
    ]
}

/// Whom a token is for: the name of a program, or an address without what all addresses share.
fn whom(audience: &str) -> Line {
    let name = client_app::find(audience).map_or(audience, |app| app.name);
    name.strip_prefix("https://").unwrap_or(name).trim_end_matches('/').into()
}

fn capture(page: &mut Document, analysis: &Analysis) {
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
    let report = ImportReport::of(capture);
    if !report.is_clean() {
        page.heading("Import report");
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

#[cfg(test)]
mod tests {
    use super::document;
    use crate::analysis::Analysis;
    use crate::import::open_text;
    use crate::jwt::{Keys, example};
    use crate::report::{Style, html, markdown, text};

    fn analysis() -> Analysis {
        let capture = open_text(
            "pasted text",
            &example::expand(
                "### 1 outlook.exe:1234\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
                 HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\", \
                 authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n\n\
                 ### 2 outlook.exe:1234\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
                 Authorization: Bearer {{jwt {\"aud\":\"https://mail.contoso.com/\",\"exp\":1772445900}}}\n\n\
                 HTTP/1.1 200 OK\nX-FEServer: EX01\n",
            ),
        );
        Analysis::of(capture.unwrap(), &Keys::default())
    }

    #[test]
    fn says_the_verdict_the_steps_and_the_tokens() {
        let text = text(&document(&analysis()), Style::default());
        assert!(text.starts_with("✔ Healthy\n"), "{text}");
        for words in [
            "MAPI to",
            "mail.contoso.com",
            "outlook.exe:1234",
            "✔ ok",
            "· hidden",
            "t1",
            "pasted text",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn a_name_in_a_table_is_not_broken() {
        let capture = open_text(
            "pasted text",
            &example::expand(
                "### 1 outlook.exe:1234\nPOST https://autodiscover.contoso.com/autodiscover/autodiscover.xml HTTP/1.1\n\
                 Authorization: Bearer {{jwt {\"aud\":\"https://autodiscover.contoso.com/\",\"exp\":1772445900}}}\n\n\
                 HTTP/1.1 200 OK\nX-FEServer: EX01\n",
            ),
        );
        let page = document(&Analysis::of(capture.unwrap(), &Keys::default()));
        for width in [80, 100, 140] {
            let text = text(&page, Style { color: false, width });
            let (_, tokens) = text.split_once("\nTokens\n").unwrap();
            assert!(tokens.contains("  autodiscover.contoso.com  "), "{width}: {text}");
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }

    #[test]
    fn the_import_report_names_reasons_and_sessions() {
        let capture = open_text(
            "pasted text",
            "### 3\nGET https://a.example/ HTTP/1.1\n### 4\nGET https://a.example/ HTTP/1.1\n### 5\nGET https://a.example/ HTTP/1.1\n",
        );
        let text =
            text(&document(&Analysis::of(capture.unwrap(), &Keys::default())), Style::default());
        assert!(text.contains("3 sessions, 3 partial"), "{text}");
        assert!(text.contains("Sessions 3–5, partial: The session has no response"), "{text}");
    }

    #[test]
    fn every_way_of_writing_says_the_same_and_hides_the_token() {
        let analysis = analysis();
        let raw = analysis.flows.tokens[0].jwt().unwrap().raw().to_owned();
        let page = document(&analysis);
        for written in [
            text(&page, Style::default()),
            markdown(&page),
            html(&page),
            crate::report::analysis_json(&analysis),
        ] {
            let line = written.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(line.contains("reached the mailbox with a token"), "{written}");
            assert!(
                !written.contains(&raw) && !written.contains("bm90LWEtc2lnbmF0dXJl"),
                "{written}"
            );
        }
    }
}
