//! The sample traces end as their definitions say.

use std::collections::BTreeSet;

use hma_trace::analysis::Analysis;
use hma_trace::flow::Step;
use hma_trace::import::{self, Progress};
use hma_trace::jwt::Keys;
use hma_trace::rules::{Severity, find};
use hma_trace::training::samples::{SAMPLES, Sample};

fn analyse(sample: &Sample) -> Analysis {
    let options = import::Options::default();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes, options, &Progress::none()).unwrap();
    Analysis::of(capture, &Keys::default())
}

#[test]
fn every_sample_ends_as_it_says() {
    for sample in SAMPLES {
        let analysis = analyse(sample);
        let (verdict, expected) = (&analysis.verdict, &sample.expected);
        let told = crate::told(&analysis);
        assert_eq!(verdict.outcome.id(), expected.outcome, "{}: {told}", sample.file_name);
        assert_eq!(verdict.step.map(Step::id), expected.step, "{}: {told}", sample.file_name);
        let Some(rule) = expected.rule else { continue };
        let finding = analysis.findings.iter().find(|f| f.rule == rule);
        let Some(finding) = finding else { panic!("{}: no {rule} in {told}", sample.file_name) };
        if let Some(session) = expected.session {
            assert_eq!(finding.session().map(|s| s.0), Some(session), "{}", sample.file_name);
        }
        if expected.step.is_some() {
            assert_eq!(verdict.rule, Some(rule), "{}: {told}", sample.file_name);
        }
    }
}

/// Hygiene speaks of the file, everything else of the flow.
#[test]
fn healthy_samples_get_nothing_but_notes() {
    for sample in SAMPLES.iter().filter(|s| s.expected.outcome == "healthy") {
        let analysis = analyse(sample);
        let loud: Vec<_> = analysis
            .findings
            .iter()
            .filter(|f| f.severity > Severity::Note && f.rule != "basic-credentials-in-capture")
            .collect();
        assert!(loud.is_empty(), "{}: {loud:#?}", sample.file_name);
    }
}

#[test]
fn every_rule_of_a_sample_exists() {
    let named: BTreeSet<_> = SAMPLES.iter().filter_map(|s| s.expected.rule).collect();
    assert!(named.iter().all(|rule| find(rule).is_some()), "{named:?}");
}
