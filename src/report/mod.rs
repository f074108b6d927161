//! An analysis for people and machines. What is said stands once, as a [`Document`]; text, Markdown and HTML only
//! differ in how they write it down. JSON has its own fixed shape for scripts.

mod analysis;
mod comparison;
mod document;
mod entry;
mod html;
mod json;
mod markdown;
mod plain;
mod rules_page;
mod text;
mod token;
mod words;
mod wrap;

pub use analysis::document as analysis_document;
pub use comparison::{document as comparison_document, json as comparison_json};
pub use document::{Block, Cell, Document, Item, Line, Look, Span};
pub use entry::{document as entry_document, rule_document};
pub use html::render as html;
pub use json::{analysis as analysis_json, to_text as json_text};
pub use markdown::render as markdown;
pub use plain::escape;
pub use rules_page::rules_page;
pub use text::{Style, render as text};
pub use token::document as token_document;

/// The program as reports name it.
pub const TOOL: &str = "hma-trace";

/// The program's version as reports name it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
