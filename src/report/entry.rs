//! What a word means, as a report: an entry of the tables, or a rule.

use super::document::{Block, Document, Line, Look};
use super::words;
use crate::knowledge::explain::Entry;
use crate::rules::Rule;

/// The report of a table's entry.
pub fn document(entry: &Entry) -> Document {
    let mut page = Document::new(entry.title());
    page.push(Block::Banner(Look::Strong, entry.title()));
    let mut facts: Vec<(String, Line)> =
        entry.lines().into_iter().map(|line| (line.label.to_owned(), line.text.into())).collect();
    let source = entry.source();
    facts.push((
        "Source".to_owned(),
        format!("{} ({}, checked {})", source.document, source.confidence, source.checked).into(),
    ));
    page.push(Block::Facts(facts));
    page
}

/// The report of a rule.
pub fn rule_document(rule: &Rule) -> Document {
    let mut page = Document::new(rule.id);
    page.push(Block::Banner(Look::Strong, rule.title.to_owned()));
    rule_parts(&mut page, rule);
    page
}

/// Everything that a rule says of itself, below its title.
pub(super) fn rule_parts(page: &mut Document, rule: &Rule) {
    let step = rule.step.map_or("none, it is about the file", |step| words::step_name(step));
    page.push(Block::Facts(vec![
        ("Rule".to_owned(), Line::new().code(rule.id)),
        ("Step".to_owned(), step.into()),
        ("Severity".to_owned(), rule.severity.id().into()),
        ("Reference".to_owned(), rule.reference.into()),
    ]));
    page.paragraph(rule.why);
    page.push(Block::Subheading("Fix".into()));
    page.push(Block::Numbered(rule.fix.iter().map(|step| words::fix_item(step)).collect()));
    page.push(Block::Subheading("It fires on".into()));
    page.push(Block::Verbatim(rule.fires_on.trim().to_owned()));
    page.push(Block::Subheading("It is silent on".into()));
    page.push(Block::Verbatim(rule.silent_on.trim().to_owned()));
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::knowledge::explain::lookup;
    use crate::report::{Style, text};

    #[test]
    fn an_entry_tells_meaning_and_source() {
        let entry = lookup("AADSTS50173").pop().unwrap();
        let text = text(&document(&entry), Style::default());
        assert!(text.starts_with("AADSTS50173, an error of Entra ID\n"), "{text}");
        assert!(text.contains("Meaning") && text.contains("Source"), "{text}");
    }
}
