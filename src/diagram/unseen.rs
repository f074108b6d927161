//! Rows for what the capture does not show: steps that are missing, and steps that need not be visible.

use std::collections::HashMap;

use super::layout::{Ghost, Hidden, Row};
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::flow::{Actor, Flow, FlowId, Mechanism, Outcome, Step, StepState};

/// Rows to put before and after sessions.
#[derive(Default)]
pub(super) struct Unseen {
    /// Rows that stand before a session.
    pub(super) before: HashMap<SessionId, Vec<Row>>,
    /// Rows that stand after a session.
    pub(super) after: HashMap<SessionId, Vec<Row>>,
}

/// The unseen steps of the HMA flows, or of one of them.
pub(super) fn rows(analysis: &Analysis, chosen: Option<FlowId>) -> Unseen {
    let flows: Vec<&Flow> = analysis
        .flows
        .flows
        .iter()
        .filter(|f| f.mechanism == Mechanism::Hma && chosen.is_none_or(|id| f.id == id))
        .collect();
    let mut unseen = Unseen::default();
    for flow in &flows {
        let whose = if flows.len() > 1 { Some(flow.protocol.name()) } else { None };
        enter(&mut unseen, flow, whose);
    }
    unseen
}

fn enter(unseen: &mut Unseen, flow: &Flow, whose: Option<&str>) {
    let mut previous: Option<SessionId> = None;
    let mut steps = flow.steps.iter().peekable();
    while let Some(record) = steps.next() {
        let row = match record.state {
            StepState::Ok | StepState::Failed => {
                previous = record.session.or(previous);
                continue;
            }
            // What did not happen before a flow that went well is of no interest.
            StepState::Missing if flow.outcome == Outcome::Healthy => continue,
            StepState::Missing => Row::Ghost(ghost(record.step, whose)),
            StepState::Hidden => {
                let mut hidden = vec![record.step];
                while let Some(next) = steps.next_if(|s| s.state == StepState::Hidden) {
                    hidden.push(next.step);
                }
                // Among several flows, only the sign-in is worth a band: one flow shows the others the way.
                if whose.is_some() && !hidden.contains(&Step::SignIn) {
                    continue;
                }
                Row::Hidden(band(hidden, whose))
            }
        };
        let next = steps.clone().filter_map(|s| s.session).find(|s| flow.sessions.contains(s));
        let (rows, anchor) = match (previous, next) {
            // Unseen work is done just before its result shows; a missing step is missed right after its cause.
            (_, Some(next)) if matches!(row, Row::Hidden(_)) => (&mut unseen.before, next),
            (Some(previous), _) => (&mut unseen.after, previous),
            (None, Some(next)) => (&mut unseen.before, next),
            (None, None) => continue,
        };
        rows.entry(anchor).or_default().push(row);
    }
}

fn ghost(step: Step, whose: Option<&str>) -> Ghost {
    let (from, to, what) = match step {
        Step::Probe => (Actor::Client, Actor::Exchange, "empty Bearer"),
        Step::Challenge => (Actor::Exchange, Actor::Client, "401 that says where to get a token"),
        Step::SignIn => (Actor::Client, Actor::EntraId, "sign in and get a token"),
        Step::Token => (Actor::Client, Actor::Exchange, "request with token"),
        Step::Access => (Actor::Exchange, Actor::Client, "mailbox access"),
    };
    let label = match whose {
        Some(protocol) => format!("Missing for {protocol}: {what}"),
        None => format!("Missing: {what}"),
    };
    Ghost { step, from, to, label }
}

fn band(steps: Vec<Step>, whose: Option<&str>) -> Hidden {
    let reason = if steps.contains(&Step::SignIn) {
        "a broker or a token from earlier took care of it"
    } else {
        "the client had a token already, or the capture starts later"
    };
    let names: Vec<String> = steps.iter().map(|s| s.name().to_lowercase()).collect();
    let names = match names.as_slice() {
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
        [] => String::new(),
    };
    let verb = if steps.len() == 1 { "is" } else { "are" };
    let subject = match whose {
        Some(protocol) => format!("{protocol} {names}"),
        None => capitalised(&names),
    };
    let until = if steps.contains(&Step::SignIn) { Actor::EntraId } else { Actor::Exchange };
    Hidden { label: format!("{subject} {verb} not in this capture: {reason}"), steps, until }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|c| c.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
