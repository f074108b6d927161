//! Where the ladder says: here it broke.

use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::flow::{FlowId, Outcome, Step, StepState};
use crate::rules::Severity;

/// What broke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakPoint {
    /// `First break: the challenge`
    pub title: String,
    /// What is wrong, in one sentence.
    pub message: String,
}

impl BreakPoint {
    /// The first break of the capture or, when one is chosen, of a flow, with the session that shows it.
    pub fn of(analysis: &Analysis, flow: Option<FlowId>) -> Option<(SessionId, Self)> {
        match flow {
            None => Self::of_capture(analysis),
            Some(flow) => Self::of_flow(analysis, flow),
        }
    }

    fn of_capture(analysis: &Analysis) -> Option<(SessionId, Self)> {
        let verdict = &analysis.verdict;
        if verdict.outcome != Outcome::Broken {
            return None;
        }
        Some((verdict.session?, Self::new(verdict.step, &verdict.summary)))
    }

    fn of_flow(analysis: &Analysis, id: FlowId) -> Option<(SessionId, Self)> {
        let flow = analysis.flows.flow(id).filter(|f| f.outcome == Outcome::Broken)?;
        let place = |session: SessionId| analysis.flows.place(session);
        let finding = analysis
            .findings_of(flow)
            .filter(|f| f.severity == Severity::Error && f.step.is_some())
            .filter_map(|f| Some((f.session()?, f)))
            .min_by_key(|(session, f)| (place(*session), f.step));
        if let Some((session, finding)) = finding {
            return Some((session, Self::new(finding.step, &finding.message)));
        }
        let failed = flow.steps.iter().find(|s| s.state == StepState::Failed)?;
        Some((failed.session?, Self::new(Some(failed.step), failed.step.meaning())))
    }

    /// Whether the message gets two lines.
    pub fn is_long(&self) -> bool {
        const LINE: usize = 72;
        self.message.chars().nth(LINE).is_some()
    }

    fn new(step: Option<Step>, message: &str) -> Self {
        let title = match step {
            Some(Step::Access) => "First break: mailbox access".to_owned(),
            Some(step) => format!("First break: the {}", step.name().to_lowercase()),
            None => "First break".to_owned(),
        };
        Self { title, message: message.to_owned() }
    }
}
