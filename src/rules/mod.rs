//! What can be wrong: one file per rule, one folder per topic. A rule is data plus one function; the data is the
//! explanation, the fix, the test and the lesson.

mod access;
mod capture;
mod case;
mod challenge;
mod client;
mod connection;
mod finding;
mod fix_step;
mod hygiene;
mod known;
mod server_to_server;
mod sign_in;
mod token;

pub use case::{Case, RefusedToken};
pub use finding::{Certainty, Evidence, Finding, Part, Severity};
pub use fix_step::{FixStep, Piece};

use std::collections::HashSet;
use std::num::NonZero;

use crate::cores::{self, GoOn};
use crate::flow::Step;

/// What can be wrong, and everything a person needs to know about it.
#[derive(Debug)]
pub struct Rule {
    /// Its fixed name in kebab-case: the file's name, what reports and `explain` quote.
    pub id: &'static str,
    /// One line for lists.
    pub title: &'static str,
    /// The step of the flow that it breaks; `None` for rules about the file.
    pub step: Option<Step>,
    /// How bad it is unless a finding says otherwise.
    pub severity: Severity,
    /// One paragraph for an admin who has not read the OAuth specification.
    pub why: &'static str,
    /// Ordered steps with the exact cmdlets, to be read as [`FixStep`]s. `{host}`, `{user}` and other braces stand for facts of the finding; a fact
    /// that the capture does not tell stays as `<host>`.
    pub fix: &'static [&'static str],
    /// The document and section that the rule rests on.
    pub reference: &'static str,
    /// A small capture in raw-text notation on which the rule fires once.
    pub fires_on: &'static str,
    /// The same capture, healthy, differing in as little as possible.
    pub silent_on: &'static str,
    /// Finds it.
    pub check: fn(&Case<'_>) -> Vec<Finding>,
}

/// Every rule, by the step that it breaks, those about the file first.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        capture::RULES,
        client::RULES,
        challenge::RULES,
        sign_in::RULES,
        token::RULES,
        access::RULES,
        hygiene::RULES,
        server_to_server::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of an id.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// Runs every rule. Findings stand in the order of their first evidence's session, those about the whole file last.
/// `go_on` is asked before each rule; what it refuses with ends the work.
pub fn check<E: Send>(case: &Case<'_>, go_on: GoOn<'_, E>) -> Result<Vec<Finding>, E> {
    let rules: Vec<&Rule> = all().collect();
    let found = cores::map(&rules, NonZero::<usize>::MIN, go_on, |rule| findings(rule, case))?;
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    findings.sort_by_key(|f| f.session().and_then(|s| case.flows.place(s)).unwrap_or(usize::MAX));
    Ok(findings)
}

/// What one rule finds, everything once.
fn findings(rule: &Rule, case: &Case<'_>) -> Vec<Finding> {
    let whole = |mut finding: Finding| {
        finding.adopt(rule);
        let mut finding = known::complete(case, finding);
        let session = finding.session().and_then(|id| case.session(id));
        if let Some(session) = session.filter(|session| session.lacks_request()) {
            finding.rest_on_answer_alone(session.id);
        }
        finding
    };
    let mut told = HashSet::new();
    (rule.check)(case)
        .into_iter()
        .filter(|finding| told.insert(finding.told()))
        .map(whole)
        .collect()
}
