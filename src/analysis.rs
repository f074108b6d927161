//! Capture → analysis: the whole pipeline on one page.

use std::convert::Infallible;

use crate::capture::{Capture, Session, SessionId};
use crate::cores::{self, GoOn};
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
    /// Whether what was concluded was taken out of it for a lesson: whoever draws it marks nothing as good or bad.
    pub is_veiled: bool,
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
        go_on: GoOn<'_, E>,
    ) -> Result<Self, E> {
        match conclude(&capture, keys, go_on) {
            Ok((flows, Conclusion { findings, verdict })) => {
                Ok(Self { capture, flows, findings, verdict, is_veiled: false })
            }
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

    /// The worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).max()
    }
}

/// What an analysis comes to, of a capture that stays where it is.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// What is wrong, in the order of time.
    pub findings: Vec<Finding>,
    /// The one-sentence answer.
    pub verdict: Verdict,
}

impl Conclusion {
    /// Analyses a capture.
    pub fn of(capture: &Capture, keys: &Keys) -> Self {
        let Ok((_, conclusion)) = conclude(capture, keys, &|| Ok::<(), Infallible>(()));
        conclusion
    }

    /// The findings that a copy without secrets must show as well; see [`lasting`].
    pub fn lasting_findings(&self) -> Vec<(&'static str, Vec<SessionId>)> {
        lasting(&self.findings)
    }
}

/// The rule and the sessions of each finding that a copy without secrets must show as well. That a password can be read is
/// a finding of the original only.
pub fn lasting(findings: &[Finding]) -> Vec<(&'static str, Vec<SessionId>)> {
    const OF_THE_ORIGINAL: &str = "basic-credentials-in-capture";
    findings
        .iter()
        .filter(|finding| finding.rule != OF_THE_ORIGINAL)
        .map(|finding| (finding.rule, finding.evidence.iter().filter_map(|e| e.session).collect()))
        .collect()
}

fn conclude<E: Send>(
    capture: &Capture,
    keys: &Keys,
    go_on: GoOn<'_, E>,
) -> Result<(Reconstruction, Conclusion), E> {
    let mut flows = Reconstruction::while_wanted(capture, keys, go_on)?;
    let findings = rules::check(&Case { capture, flows: &flows }, go_on)?;
    let verdict = judge(&mut flows, &findings);
    Ok((flows, Conclusion { findings, verdict }))
}
