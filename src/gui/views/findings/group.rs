//! The findings in the order of flows and steps.

use crate::analysis::Analysis;
use crate::flow::{Flow, FlowId, Outcome};
use crate::rules::Finding;

/// The findings of a flow, or of the capture as a whole.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The flow; `None` for the capture as a whole.
    pub(super) flow: Option<&'a Flow>,
    /// The findings by step, each with its place among all findings.
    pub(super) findings: Vec<(usize, &'a Finding)>,
}

/// The groups, broken flows first; what concerns the file as a whole comes last.
pub(super) fn of(analysis: &Analysis) -> Vec<Group<'_>> {
    let flows = analysis.flows.flows.iter();
    let mut groups: Vec<Group<'_>> = flows
        .map(|flow| Group { flow: Some(flow), findings: findings(analysis, Some(flow.id)) })
        .filter(|group| !group.findings.is_empty())
        .collect();
    groups.sort_by_key(|g| g.flow.is_some_and(|f| f.outcome != Outcome::Broken));
    let known = |id: FlowId| analysis.flows.flow(id).is_some();
    let rest: Vec<_> =
        analysis.findings.iter().enumerate().filter(|(_, f)| !f.flow.is_some_and(known)).collect();
    if !rest.is_empty() {
        groups.push(Group { flow: None, findings: sorted(rest) });
    }
    groups
}

fn findings(analysis: &Analysis, flow: Option<FlowId>) -> Vec<(usize, &Finding)> {
    sorted(analysis.findings.iter().enumerate().filter(|(_, f)| f.flow == flow).collect())
}

/// By step, the worst first where several concern one step.
fn sorted(mut findings: Vec<(usize, &Finding)>) -> Vec<(usize, &Finding)> {
    findings.sort_by_key(|(_, f)| (f.step, std::cmp::Reverse(f.severity)));
    findings
}
