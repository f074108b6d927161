//! The mutation matrix: every good flow of the left column, with exactly one thing broken, gets exactly the rule that names
//! it. A row whose rule the catalogue does not have waits until it has.

mod access;
mod challenge;
mod change;
mod file;
mod probe;
mod sign_in;
mod token;

use hma_trace::rules::{Severity, find};

use crate::story::{analyse, flows, named};
use change::Sessions;

/// One thing that breaks.
struct Row {
    /// What happens, in words.
    breaks: &'static str,
    /// To which stories.
    on: &'static [&'static str],
    /// How it is done.
    change: fn(&mut Sessions),
    /// What must be said.
    expected: Expected,
}

/// What must be said.
enum Expected {
    /// The verdict: broken, by this rule, and no other rule finds an error.
    Broken(&'static str),
    /// This rule warns, or notes, and nothing is broken.
    Told(&'static str, Severity),
}

impl Expected {
    const fn rule(&self) -> &'static str {
        match self {
            Self::Broken(rule) | Self::Told(rule, _) => rule,
        }
    }
}

/// What is wrong with the analysis of a story that the row broke.
fn complaint(row: &Row, name: &str) -> Option<String> {
    let mut story = named(name);
    (row.change)(&mut story.capture.sessions);
    for (session, number) in story.capture.sessions.iter_mut().zip(1..) {
        session.id = hma_trace::capture::SessionId(number);
    }
    let analysis = analyse(story.capture);
    let verdict = &analysis.verdict;
    let mut errors: Vec<_> = analysis
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .map(|f| f.rule)
        .collect();
    errors.dedup();
    let is_as_expected = match row.expected {
        Expected::Broken(rule) => {
            verdict.outcome.id() == "broken"
                && verdict.rule == Some(rule)
                && verdict.step == find(rule).and_then(|r| r.step)
                && errors.iter().all(|error| *error == rule)
        }
        Expected::Told(rule, severity) => {
            verdict.outcome.id() != "broken"
                && errors.is_empty()
                && analysis.findings.iter().any(|f| f.rule == rule && f.severity == severity)
        }
    };
    if is_as_expected {
        return None;
    }
    let told: Vec<String> = analysis
        .findings
        .iter()
        .map(|f| format!("{} {}: {}", f.rule, f.severity.id(), f.message))
        .collect();
    Some(format!(
        "{}, {name}: {} instead of {}\n{}\n{}",
        row.breaks,
        verdict.key(),
        row.expected.rule(),
        told.join("\n"),
        flows(&analysis)
    ))
}

#[test]
fn every_error_that_a_rule_can_find_has_a_row() {
    let rows = [probe::ROWS, challenge::ROWS, sign_in::ROWS, token::ROWS, access::ROWS, file::ROWS];
    let has_row = |id| rows.iter().copied().flatten().any(|row| row.expected.rule() == id);
    let missing: Vec<_> = hma_trace::rules::all()
        .filter(|rule| rule.severity == Severity::Error)
        .map(|rule| rule.id)
        .filter(|id| !has_row(*id))
        .collect();
    assert!(missing.is_empty(), "rules without a mutation: {missing:?}");
}

fn check(rows: &[Row]) {
    let complaints: Vec<String> = rows
        .iter()
        .filter(|row| find(row.expected.rule()).is_some())
        .flat_map(|row| row.on.iter().filter_map(move |name| complaint(row, name)))
        .collect();
    assert!(complaints.is_empty(), "{} complaints\n{}", complaints.len(), complaints.join("\n\n"));
}
