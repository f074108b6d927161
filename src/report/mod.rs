//! An analysis for people and machines. What is said stands once, as a [`Document`]; text, Markdown and HTML only
//! differ in how they write it down. JSON has its own fixed shape for scripts.

mod analysis;
mod body;
mod comparison;
mod document;
mod entry;
mod format;
mod html;
mod json;
mod ladder;
mod markdown;
mod message;
mod plain;
mod rules_page;
mod text;
mod token;
mod words;
mod wrap;

pub use analysis::{finding_document, session_document, verdict_document};
pub use body::{Form, ShownBody};
pub use document::{Block, Cell, Document, Item, Line, Look, Span};
pub use entry::{document as entry_document, rule_document};
pub use format::Format;
pub use html::render as html;
pub use json::{analysis as analysis_json, to_text as json_text};
pub use ladder::Ladder;
pub use markdown::render as markdown;
pub use message::message;
pub use plain::escape;
pub use rules_page::rules_page;
pub use text::{Style, render as text};
pub use token::document as token_document;

use crate::analysis::Analysis;
use crate::compare::Comparison;

/// The report of an analysis. `style` matters for text only.
pub fn analysis(analysis: &Analysis, format: Format, style: Style) -> String {
    match format {
        Format::Json => analysis_json(analysis),
        _ => render(&analysis::document(analysis, format), format, style),
    }
}

/// The report of a comparison. `style` matters for text only.
pub fn comparison(
    comparison: &Comparison,
    good: &Analysis,
    bad: &Analysis,
    format: Format,
    style: Style,
) -> String {
    match format {
        Format::Json => comparison::json(comparison, good, bad),
        _ => render(&comparison::document(comparison, good, bad, format), format, style),
    }
}

/// Writes a document down; JSON is not made from documents.
fn render(document: &Document, format: Format, style: Style) -> String {
    match format {
        Format::Text | Format::Json => text(document, style),
        Format::Markdown => markdown(document),
        Format::Html => html(document),
    }
}

/// The program as reports name it.
pub const TOOL: &str = "hma-trace";

/// The program's version as reports name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(test)]
mod hostile_tests;
