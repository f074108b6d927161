//! The stories of this folder, in the notation of `sample-traces/definitions/NOTATION.md`, told with its fragments.

use std::fs;
use std::path::Path;

use hma_trace::analysis::Analysis;
use hma_trace::capture::Capture;
use hma_trace::jwt::Keys;
use hma_trace::rules::Severity;

use crate::generator::template::Story;
use crate::generator::{Material, trace};

/// A good flow and what an analysis must say of it.
#[derive(Clone)]
pub(crate) struct GoodFlow {
    /// File name without extension.
    pub(crate) name: String,
    /// `healthy` or `not-hma`.
    pub(crate) outcome: String,
    /// Mechanism and protocol of each flow, in order.
    pub(crate) flows: String,
    /// The rules that may warn all the same.
    pub(crate) warns: String,
    /// How many sessions it takes until a refusal has healed that belongs to the story; 0 where there is none.
    pub(crate) heals: usize,
    /// The capture.
    pub(crate) capture: Capture,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good_flows/stories")
}

/// Every story of the folder, by name.
pub(crate) fn all() -> Vec<GoodFlow> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names.iter().map(|name| named(name.trim_end_matches(".http"))).collect()
}

/// The story of a name.
pub(crate) fn named(name: &str) -> GoodFlow {
    let file = format!("{name}.http");
    let text = fs::read_to_string(folder().join(&file)).unwrap();
    let (front, story) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    let field = |key: &str| {
        let value = front.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        value.unwrap_or_default().to_owned()
    };
    let story = Story { source: &file, first_line: front.lines().count() + 3, text: story };
    let material = Material::of(Path::new(env!("CARGO_MANIFEST_DIR"))).map_err(|m| m.to_string());
    let told = material.unwrap().tell(story).map_err(|m| m.to_string()).unwrap();
    let capture = trace::capture(&file, &told, &[]).map_err(|m| m.to_string()).unwrap();
    GoodFlow {
        name: name.to_owned(),
        outcome: field("outcome"),
        flows: field("flows"),
        warns: field("warns"),
        heals: field("heals").parse().unwrap_or(0),
        capture,
    }
}

/// The analysis of a capture.
pub(crate) fn analyse(capture: Capture) -> Analysis {
    Analysis::of(capture, &Keys::default())
}

/// The findings above a note, one a line: `rule-id severity @session: message`.
pub(crate) fn alarms(analysis: &Analysis) -> String {
    let alarms = analysis
        .findings
        .iter()
        // A password in a sign-in form is a matter of the file, not of the flow.
        .filter(|f| f.severity > Severity::Note && f.rule != "basic-credentials-in-capture");
    lines(alarms.map(|f| {
        let session = f.session().map_or_else(|| "-".to_owned(), |s| s.to_string());
        format!("{} {} @{session}: {}", f.rule, f.severity.id(), f.message)
    }))
}

/// How each flow went, one a line, for the message of a test that fails.
pub(crate) fn flows(analysis: &Analysis) -> String {
    lines(analysis.flows.flows.iter().map(|flow| {
        let steps: Vec<_> = flow.steps.iter().map(|s| s.state.id()).collect();
        let (mechanism, outcome) = (flow.mechanism.id(), flow.outcome.id());
        format!("{mechanism} {}: {} = {outcome}", flow.name(), steps.join(" "))
    }))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}
