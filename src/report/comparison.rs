//! A comparison as a report and as JSON.

use serde::Serialize;

use super::document::{Block, Cell, Document, Line, Look};
use super::json::{ToolJson, VerdictJson, to_text, verdict};
use super::ladder::Ladder;
use super::{Format, words};
use crate::analysis::Analysis;
use crate::compare::{Comparison, Difference, FlowPair, Seen};
use crate::flow::{Flow, Step};

const SCHEMA: &str = "hma-trace/comparison/1";

/// The report of a comparison.
pub(super) fn document(
    comparison: &Comparison,
    good: &Analysis,
    bad: &Analysis,
    format: Format,
) -> Document {
    let mut page =
        Document::new(format!("{} compared with {}", bad.capture.file, good.capture.file));
    match comparison.first_difference() {
        Some((pair, difference)) => {
            let step = words::step_name(difference.step);
            page.push(Block::Banner(Look::Bad, format!("✖ They part at the {step} step")));
            page.paragraph(format!("{}:", flow_name(pair, bad)));
            let here = pair.differences.iter().filter(|d| d.step == difference.step);
            let told = here.filter(|d| !d.incidental).map(|d| sentence(d, good, bad));
            page.push(Block::Bullets(told.collect()));
        }
        None if comparison.is_same() => {
            page.push(Block::Banner(Look::Good, "✔ No difference in any step".to_owned()));
        }
        None => {
            let words = "○ The flows that both have do not differ".to_owned();
            page.push(Block::Banner(Look::Caution, words));
        }
    }
    page.push(Block::Facts(vec![("Good".to_owned(), side(good)), ("Bad".to_owned(), side(bad))]));
    if let (Format::Html, Some((pair, _))) = (format, comparison.first_difference()) {
        for (title, analysis, flow) in [("good", good, pair.good), ("bad", bad, pair.bad)] {
            if let Some(ladder) = flow.and_then(|flow| Ladder::of(analysis, Some(flow))) {
                page.heading(format!("In the {title} capture, {}", analysis.capture.file));
                page.push(Block::Ladder(ladder));
            }
        }
    }
    page.heading("Flows side by side");
    if comparison.pairs.is_empty() {
        page.paragraph("Neither file talks to Exchange");
    }
    // First the flow that parts first, then the others that differ, then those that say nothing.
    let first = comparison.first_difference().map(|(pair, _)| pair);
    let rank = |pair: &&FlowPair| match pair {
        pair if first.is_some_and(|first| std::ptr::eq(first, *pair)) => 0,
        pair if pair.first_difference().is_some() => 1,
        pair if pair.good.is_none() || pair.bad.is_none() => 2,
        _ => 3,
    };
    let mut pairs: Vec<&FlowPair> = comparison.pairs.iter().collect();
    pairs.sort_by_key(rank);
    for pair in pairs {
        flow(&mut page, pair, good, bad);
    }
    page
}

fn side(analysis: &Analysis) -> Line {
    let (look, title) = words::verdict_title(&analysis.verdict);
    Line::new()
        .plain(format!("{}: ", analysis.capture.file))
        .look(look, title)
        .plain(format!(" – {}", analysis.verdict.summary))
}

fn flow_name(pair: &FlowPair, analysis: &Analysis) -> String {
    pair.bad
        .and_then(|id| analysis.flows.flow(id))
        .map_or_else(|| pair.protocol.name().to_owned(), |f| words::flow_name(f.protocol, &f.host))
}

fn sentence(difference: &Difference, good: &Analysis, bad: &Analysis) -> Line {
    let line = Line::new().plain(format!("{}: ", difference.title()));
    line.look(Look::Good, value(&difference.good))
        .plain(format!(" in {} ({}), ", good.capture.file, place(&difference.good)))
        .look(Look::Bad, value(&difference.bad))
        .plain(format!(" in {} ({})", bad.capture.file, place(&difference.bad)))
}

fn value(seen: &Seen) -> String {
    seen.value.as_deref().map_or_else(|| "none".to_owned(), words::shorten)
}

fn place(seen: &Seen) -> String {
    seen.session.map_or_else(|| "no session".to_owned(), |id| format!("session {id}"))
}

fn flow(page: &mut Document, pair: &FlowPair, good: &Analysis, bad: &Analysis) {
    let good_flow = pair.good.and_then(|id| good.flows.flow(id));
    let bad_flow = pair.bad.and_then(|id| bad.flows.flow(id));
    let host = good_flow.or(bad_flow).map_or("", |f| f.host.as_str());
    let other = bad_flow.map_or(host, |f| f.host.as_str());
    let name = words::flow_name(pair.protocol, host);
    let name = if other == host { name } else { format!("{name}, in the bad capture to {other}") };
    page.push(Block::Subheading(name.into()));
    match (good_flow, bad_flow) {
        (Some(_), Some(_)) if pair.differences.is_empty() => {
            page.paragraph("No difference");
            return;
        }
        (Some(flow), None) => return page.paragraph(alone(flow, good)),
        (None, Some(flow)) => return page.paragraph(alone(flow, bad)),
        _ => {}
    }
    let rows = Step::ALL.iter().map(|step| -> Vec<Cell> {
        let cell = |flow: Option<&Flow>| {
            flow.and_then(|f| f.steps.iter().find(|s| s.step == *step))
                .map(|record| vec![words::step_line(record)])
                .unwrap_or_default()
        };
        vec![vec![step.name().into()], cell(good_flow), cell(bad_flow)]
    });
    page.push(table(["Step", "Good", "Bad"], rows.collect()));
    if !pair.differences.is_empty() {
        let rows = pair.differences.iter().map(difference_row);
        page.push(table(["Step", "What differs", "Good", "Bad"], rows.collect()));
    }
}

/// What is to say of a flow that the other capture does not have.
fn alone(flow: &Flow, analysis: &Analysis) -> Line {
    let (look, outcome) = words::outcome(flow.outcome);
    Line::new()
        .plain(format!("Only in {}: ", analysis.capture.file))
        .look(look, outcome)
        .plain(format!(", {}", flow.mechanism.name()))
}

fn table<const COLUMNS: usize>(titles: [&str; COLUMNS], rows: Vec<Vec<Cell>>) -> Block {
    Block::Table(titles.map(str::to_owned).to_vec(), rows)
}

fn difference_row(difference: &Difference) -> Vec<Cell> {
    let mut what = vec![Line::from(difference.title())];
    if difference.incidental {
        what.push(Line::new().look(Look::Quiet, "differs between people and places"));
    }
    let seen = |seen: &Seen| match &seen.value {
        Some(value) => vec![Line::new().code(words::shorten(value))],
        None => vec![Line::new().look(Look::Quiet, "none")],
    };
    vec![vec![difference.step.name().into()], what, seen(&difference.good), seen(&difference.bad)]
}

#[derive(Serialize)]
struct ComparisonJson<'a> {
    schema: &'static str,
    tool: ToolJson,
    good: SideJson<'a>,
    bad: SideJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_difference: Option<FirstJson<'a>>,
    flows: Vec<PairJson<'a>>,
}

#[derive(Serialize)]
struct SideJson<'a> {
    file: &'a str,
    verdict: VerdictJson<'a>,
}

#[derive(Serialize)]
struct FirstJson<'a> {
    protocol: &'static str,
    #[serde(flatten)]
    difference: DifferenceJson<'a>,
}

#[derive(Serialize)]
struct PairJson<'a> {
    protocol: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    good: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bad: Option<u32>,
    differences: Vec<DifferenceJson<'a>>,
}

#[derive(Serialize)]
struct DifferenceJson<'a> {
    step: &'static str,
    aspect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    good: SeenJson<'a>,
    bad: SeenJson<'a>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    incidental: bool,
}

#[derive(Serialize)]
struct SeenJson<'a> {
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

/// The comparison as JSON text, in the manner of the analysis' JSON.
pub(super) fn json(comparison: &Comparison, good: &Analysis, bad: &Analysis) -> String {
    to_text(&ComparisonJson {
        schema: SCHEMA,
        tool: ToolJson::THIS,
        good: side_json(good),
        bad: side_json(bad),
        first_difference: comparison.first_difference().map(|(pair, first)| FirstJson {
            protocol: pair.protocol.id(),
            difference: difference(first),
        }),
        flows: comparison
            .pairs
            .iter()
            .map(|pair| PairJson {
                protocol: pair.protocol.id(),
                good: pair.good.map(|id| id.0),
                bad: pair.bad.map(|id| id.0),
                differences: pair.differences.iter().map(difference).collect(),
            })
            .collect(),
    })
}

fn side_json(analysis: &Analysis) -> SideJson<'_> {
    SideJson { file: &analysis.capture.file, verdict: verdict(&analysis.verdict) }
}

fn difference(difference: &Difference) -> DifferenceJson<'_> {
    DifferenceJson {
        step: difference.step.id(),
        aspect: difference.aspect.id(),
        name: difference.name.as_deref(),
        good: seen(&difference.good),
        bad: seen(&difference.bad),
        incidental: difference.incidental,
    }
}

fn seen(seen: &Seen) -> SeenJson<'_> {
    SeenJson {
        state: seen.state.id(),
        session: seen.session.map(|s| s.0),
        value: seen.value.as_deref(),
    }
}

#[cfg(test)]
mod tests {
    use super::{document, json};
    use crate::analysis::Analysis;
    use crate::compare::Comparison;
    use crate::import::open_text;
    use crate::jwt::Keys;
    use crate::report::{Format, Style, text};

    fn analysis(name: &str, challenge: &str) -> Analysis {
        let capture = format!(
            "POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\"{challenge}\n"
        );
        Analysis::of(open_text(name, &capture).unwrap(), &Keys::default())
    }

    #[test]
    fn names_the_step_and_both_sessions() {
        let uri = ", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"";
        let (good, bad) = (analysis("good.har", uri), analysis("bad.har", ""));
        let comparison = Comparison::of(&good, &bad);
        let written = text(&document(&comparison, &good, &bad, Format::Text), Style::default());
        assert!(written.starts_with("✖ They part at the challenge step"), "{written}");
        assert!(written.contains("authorization_uri"), "{written}");

        let value: serde_json::Value =
            serde_json::from_str(&json(&comparison, &good, &bad)).unwrap();
        assert_eq!(value["first_difference"]["step"], "challenge");
        assert_eq!(value["first_difference"]["good"]["session"], 1);
        assert_eq!(value["schema"], "hma-trace/comparison/1");
    }
}
