//! The catalogue of rules as a page: `docs/rules.md`.

use super::document::{Block, Document, Line};
use super::entry::rule_parts;
use super::markdown;
use super::words;
use crate::rules::{self, Rule};

/// Says where the page comes from and how to make it again.
const ORIGIN: &str =
    "Made from the rules themselves: after a change run UPDATE_DOCS=1 cargo test --test tidy";

/// Every rule in Markdown, by the step that it breaks.
pub fn rules_page() -> String {
    let mut page = Document::new("Rules");
    page.paragraph(ORIGIN);
    let titles = ["Rule", "Step", "Severity", "What is wrong"];
    page.push(Block::Table(
        titles.iter().map(|t| (*t).to_owned()).collect(),
        rules::all().map(row).collect(),
    ));
    for rule in rules::all() {
        page.heading(rule.title);
        rule_parts(&mut page, rule);
    }
    markdown(&page)
}

fn row(rule: &'static Rule) -> Vec<super::Cell> {
    vec![
        vec![Line::new().code(rule.id)],
        vec![rule.step.map_or("–", words::step_name).into()],
        vec![rule.severity.id().into()],
        vec![rule.title.into()],
    ]
}
