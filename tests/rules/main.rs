//! The rules, text in and findings out: what holds for every rule, the guards against false alarms, and the sample
//! traces.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its own text must stop")]

mod catalogue;
mod facts;
mod guards;
mod samples;

use hma_trace::analysis::Analysis;
use hma_trace::import::open_text;
use hma_trace::jwt::{Keys, example};

/// Analyses a small capture in raw-text notation.
fn analyse(text: &str) -> Analysis {
    let capture = open_text("example", &example::expand(text)).unwrap();
    Analysis::of(capture, &Keys::default())
}

/// `rule-id severity @session`, one finding a line.
fn told(analysis: &Analysis) -> String {
    analysis
        .findings
        .iter()
        .map(|finding| {
            let session = finding.session().map_or_else(|| "-".to_owned(), |s| s.to_string());
            format!("{} {} @{session}", finding.rule, finding.severity.id())
        })
        .collect::<Vec<_>>()
        .join("\n")
}
