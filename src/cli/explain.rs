//! `hma-trace explain`

use super::args::ExplainArgs;
use super::failure::Failure;
use super::output;
use crate::knowledge::explain::lookup;
use crate::report;
use crate::rules;

pub(super) fn run(arguments: &ExplainArgs) -> Result<u8, Failure> {
    let word = arguments.word.trim();
    let rule = rules::find(&word.to_ascii_lowercase());
    let entries = lookup(word);
    if rule.is_none() && entries.is_empty() {
        return Err(Failure::new(format!(
            "nothing is known of this word; known are rule ids, AADSTS and x-ms-diagnostics codes, claims, app ids, \
             OAuth errors, hosts, Exchange builds, X-ResponseCode, X-CasErrorCode and client settings: {word}"
        )));
    }
    let mut pages: Vec<report::Document> = rule.map(report::rule_document).into_iter().collect();
    pages.extend(entries.iter().map(report::entry_document));
    for (at, page) in pages.iter().enumerate() {
        if at > 0 {
            output::bytes(None, b"\n")?;
        }
        output::show(page)?;
    }
    Ok(0)
}
