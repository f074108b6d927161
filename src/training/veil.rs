//! An analysis that gives nothing away, for the time that a question is open.

use crate::analysis::Analysis;
use crate::flow::{Outcome, StepState};
use crate::verdict::Verdict;

/// What stands in place of the verdict.
const HIDDEN: &str = "The verdict is hidden while a lesson runs";

/// A copy without findings, without comments and without a verdict: what was recorded stays, what was concluded goes. Steps
/// keep their sessions and look alike. It takes time and memory in proportion to the capture.
pub fn veiled(analysis: &Analysis) -> Analysis {
    let mut veiled = Analysis {
        capture: analysis.capture.clone(),
        flows: analysis.flows.clone(),
        findings: Vec::new(),
        verdict: Verdict {
            outcome: Outcome::NotEnoughEvidence,
            step: None,
            rule: None,
            session: None,
            summary: HIDDEN.to_owned(),
        },
        is_veiled: true,
    };
    for session in &mut veiled.capture.sessions {
        session.comment = None;
    }
    for flow in &mut veiled.flows.flows {
        flow.outcome = Outcome::NotEnoughEvidence;
        for record in &mut flow.steps {
            record.state = StepState::Ok;
        }
    }
    veiled
}

#[cfg(test)]
mod tests {
    use super::veiled;
    use crate::analysis::Analysis;
    use crate::flow::{Outcome, StepState};
    use crate::import::open_text;
    use crate::jwt::Keys;

    #[test]
    fn a_veiled_analysis_keeps_what_was_recorded_and_nothing_that_was_concluded() {
        let text = "### 3 // look here\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                    HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\"\n";
        let open = Analysis::of(open_text("test", text).unwrap(), &Keys::default());
        assert!(!open.findings.is_empty() && open.verdict.outcome == Outcome::Broken);
        let veiled = veiled(&open);
        assert!(veiled.is_veiled && veiled.findings.is_empty() && veiled.verdict.session.is_none());
        assert!(veiled.capture.sessions.iter().all(|session| session.comment.is_none()));
        let flow = veiled.flows.flows.first().unwrap();
        assert_eq!(flow.outcome, Outcome::NotEnoughEvidence);
        assert!(flow.steps.iter().all(|step| step.state == StepState::Ok));
        assert_eq!(flow.sessions, open.flows.flows.first().unwrap().sessions);
    }
}
