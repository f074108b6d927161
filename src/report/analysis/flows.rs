//! The flows and how far each of them got.

use crate::flow::{Flow, Step};
use crate::report::document::{Block, Cell, Document, Line, Look};
use crate::report::words;

/// Every flow with its five steps.
pub(super) fn flows(page: &mut Document, flows: &[Flow]) {
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
