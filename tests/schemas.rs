//! The published schemas fit what the program writes, and nothing that differs from it in a member.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use hma_trace::analysis::{Analysis, Conclusion};
use hma_trace::capture::{Capture, Format};
use hma_trace::compare::Comparison;
use hma_trace::export::redact_to_bytes;
use hma_trace::import::{Options, Progress, open_bytes, open_text};
use hma_trace::jwt::Keys;
use hma_trace::redact::{self, Judgement, Names};
use hma_trace::report::{self, Style};
use hma_trace::training::samples::SAMPLES;
use jsonschema::Validator;
use serde_json::{Value, json};

fn validator(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.schema.json"));
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let draft = schema.get("$schema").and_then(Value::as_str);
    assert_eq!(draft, Some("https://json-schema.org/draft/2020-12/schema"));
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_fits(validator: &Validator, what: &str, value: &Value) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
}

fn captures() -> Vec<Capture> {
    let progress = Progress::none();
    let opened = SAMPLES
        .iter()
        .map(|s| open_bytes(s.file_name, s.bytes(), Options::default(), &progress).unwrap());
    // Oddities, which no sample has: no answer, no time, no Exchange, nothing at all.
    let text = "### 7\nGET https://mail.contoso.com/ews/ HTTP/1.1\n### 9\nGET /\n";
    let odd = [open_text("pasted text", text).unwrap(), Capture::new("empty.har", Format::Har)];
    opened.chain(odd).collect()
}

fn analysed() -> Vec<(Analysis, Value)> {
    captures()
        .into_iter()
        .map(|capture| {
            let analysis = Analysis::of(capture, &Keys::default());
            let json = serde_json::from_str(&report::analysis_json(&analysis)).unwrap();
            (analysis, json)
        })
        .collect()
}

fn comparison(good: &Analysis, bad: &Analysis) -> Value {
    let compared = Comparison::of(good, bad);
    let text = report::comparison(&compared, good, bad, report::Format::Json, Style::default());
    serde_json::from_str(&text).unwrap()
}

fn receipt(capture: &Capture) -> Option<Value> {
    let (names, format) = (Names::Pseudonymize, capture.format);
    let judge = |capture: &Capture| {
        let conclusion = Conclusion::of(capture, &Keys::default());
        Judgement { verdict: conclusion.verdict.key(), findings: conclusion.lasting_findings() }
    };
    let options = redact::Options { names, ..redact::Options::default() };
    let digest = "0".repeat(64);
    let written =
        redact_to_bytes(capture, &digest, options, format, &judge, &Progress::none()).ok()?;
    Some(serde_json::from_str(&report::json_text(&written.1)).unwrap())
}

#[test]
fn every_analysis_fits_its_schema() {
    let validator = validator("analysis");
    for (analysis, json) in analysed() {
        assert_fits(&validator, &analysis.capture.file, &json);
    }
}

#[test]
fn every_comparison_fits_its_schema() {
    let validator = validator("comparison");
    let analysed = analysed();
    let (good, _) = &analysed[0];
    for (bad, _) in &analysed {
        assert_fits(&validator, &bad.capture.file, &comparison(good, bad));
        assert_fits(&validator, &bad.capture.file, &comparison(bad, good));
    }
}

#[test]
fn receipts_fit_their_schema() {
    let validator = validator("receipt");
    for sample in SAMPLES.iter().step_by(7) {
        let progress = Progress::none();
        let capture =
            open_bytes(sample.file_name, sample.bytes(), Options::default(), &progress).unwrap();
        assert_fits(&validator, sample.file_name, &receipt(&capture).unwrap());
    }
}

#[test]
fn a_changed_document_fits_no_schema() {
    let analysed = analysed();
    let find = |name: &str| &analysed.iter().find(|(a, _)| a.capture.file == name).unwrap().0;
    let (good, bad) = (find("healthy-outlook-mapi.saz"), find("authorization-uri-missing.saz"));
    let analysis = serde_json::from_str(&report::analysis_json(bad)).unwrap();
    let documents = [
        ("analysis", analysis),
        ("comparison", comparison(good, bad)),
        ("receipt", receipt(&good.capture).unwrap()),
    ];
    for (name, document) in documents {
        let validator = validator(name);
        assert_fits(&validator, name, &document);
        let mut changed = 0;
        for path in paths(&document) {
            for (what, mutant) in mutants(&document, &path) {
                assert!(!validator.is_valid(&mutant), "{name}: {path} {what} still fits");
                changed += 1;
            }
        }
        assert!(changed > 40, "{name}: only {changed} changes were tried");
    }
}

/// Members that hold whatever a token holds.
const OPEN: &[&str] = &["/header", "/claims"];

/// Members that a document may lack.
const OPTIONAL: &[&str] = &[
    "creator",
    "started",
    "ended",
    "session",
    "sessions",
    "client",
    "user_agent",
    "flow",
    "step",
    "rule",
    "issued_in",
    "value",
    "name",
    "incidental",
    "first_difference",
    "remarks",
    "good",
    "bad",
];

/// The places of a document, as JSON pointers, but for those inside tokens.
fn paths(value: &Value) -> Vec<String> {
    let mut paths = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, v)| (name.clone(), v)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, v)| (at.to_string(), v)).collect()
        }
        _ => Vec::new(),
    };
    for (name, child) in children {
        paths.extend(self::paths(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    paths.retain(|path| !OPEN.iter().any(|open| path.contains(&format!("{open}/"))));
    paths
}

/// The document with one place changed: another type, another member, a member less.
fn mutants(document: &Value, path: &str) -> Vec<(&'static str, Value)> {
    let Some(place) = document.pointer(path) else { return Vec::new() };
    let with = |value: Value| {
        let mut mutant = document.clone();
        *mutant.pointer_mut(path).unwrap() = value;
        mutant
    };
    let mut mutants = vec![("as null", with(Value::Null))];
    match place {
        Value::String(_) => mutants.push(("as a number", with(json!(7)))),
        Value::Number(_) => {
            mutants.push(("as text", with(json!("7"))));
            mutants.push(("below zero", with(json!(-1))));
        }
        Value::Object(members) if !OPEN.iter().any(|open| path.ends_with(open)) => {
            let mut more = members.clone();
            more.insert("unknown".to_owned(), json!(1));
            mutants.push(("with another member", with(Value::Object(more))));
            // The two sides of a comparison are optional only in its flows.
            let root = path.is_empty();
            for name in members.keys() {
                let side = root && (name == "good" || name == "bad");
                let needed = !OPTIONAL.contains(&name.as_str()) || side;
                if needed {
                    let mut less = members.clone();
                    less.shift_remove(name);
                    mutants.push(("with a member less", with(Value::Object(less))));
                }
            }
        }
        Value::Array(_) => mutants.push(("as a member", with(json!({})))),
        _ => {}
    }
    // Words of a closed list.
    let closed = ["/outcome", "/state", "/severity", "/certainty", "/part", "/protocol", "/aspect"];
    if closed.iter().any(|end| path.ends_with(end)) {
        mutants.push(("as another word", with(json!("frobnicated"))));
    }
    mutants
}
