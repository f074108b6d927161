//! Capture → analysis: the whole pipeline on one page.

use std::convert::Infallible;

use crate::capture::{Capture, Session, SessionId};
use crate::cores;
use crate::flow::{Flow, Reading, Reconstruction};
use crate::jwt::Keys;
use crate::rules::{self, Case, Finding, Severity};
use crate::verdict::{Verdict, judge};

/// Everything the program knows about a capture.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The capture itself.
    pub capture: Capture,
    /// Its flows, readings and tokens.
    pub flows: Reconstruction,
    /// What is wrong, in the order of time.
    pub findings: Vec<Finding>,
    /// The one-sentence answer.
    pub verdict: Verdict,
}

impl Analysis {
    /// Analyses a capture. `keys` are issuer keys for signature checks, beside those that the capture holds.
    pub fn of(capture: Capture, keys: &Keys) -> Self {
        let Ok(analysis) = Self::while_wanted(capture, keys, &|| Ok::<(), Infallible>(()));
        analysis
    }

    /// Analyses a capture, asking `go_on` again and again. What it refuses with ends the work.
    pub fn while_wanted<E: Send>(
        capture: Capture,
        keys: &Keys,
        go_on: &(dyn Fn() -> Result<(), E> + Sync),
    ) -> Result<Self, E> {
        let judged = Reconstruction::while_wanted(&capture, keys, go_on).and_then(|mut flows| {
            let findings = rules::check(&Case { capture: &capture, flows: &flows }, go_on)?;
            let verdict = judge(&mut flows, &findings);
            Ok((flows, findings, verdict))
        });
        match judged {
            Ok((flows, findings, verdict)) => Ok(Self { capture, flows, findings, verdict }),
            Err(refusal) => {
                cores::dispose(capture);
                Err(refusal)
            }
        }
    }

    /// A session and what it says.
    pub fn session(&self, id: SessionId) -> Option<(&Session, &Reading)> {
        Some((self.capture.session(id)?, self.flows.reading(id)?))
    }

    /// The findings whose evidence names a session.
    pub fn findings_at(&self, session: SessionId) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.evidence.iter().any(|e| e.session == Some(session)))
    }

    /// The findings of a flow.
    pub fn findings_of<'a>(&'a self, flow: &'a Flow) -> impl Iterator<Item = &'a Finding> + 'a {
        self.findings.iter().filter(move |f| f.flow == Some(flow.id))
    }

    /// The rule and the sessions of each finding that a copy without secrets must show as well. That a password can be
    /// read is a finding of the original only.
    pub fn lasting_findings(&self) -> Vec<(&'static str, Vec<SessionId>)> {
        const OF_THE_ORIGINAL: &str = "basic-credentials-in-capture";
        self.findings
            .iter()
            .filter(|finding| finding.rule != OF_THE_ORIGINAL)
            .map(|finding| {
                (finding.rule, finding.evidence.iter().filter_map(|e| e.session).collect())
            })
            .collect()
    }

    /// The worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}
