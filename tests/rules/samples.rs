//! The analysis of every sample trace says what its definition expects: the whole program, judged by its own lessons.

use std::collections::BTreeSet;

use hma_trace::{
    analysis::Analysis,
    flow::{Outcome, Step, StepState},
    import::{self, Progress},
    jwt::Keys,
    rules::{Severity, all, find},
    training::samples::{SAMPLES, Sample},
};

fn analysis(sample: &Sample) -> Analysis {
    let options = import::Options::default();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes(), options, &Progress::none()).unwrap();
    Analysis::of(capture, &Keys::default())
}

/// `warning authorization-uri-not-entra 9`, one a line.
fn findings(analysis: &Analysis) -> String {
    let lines = analysis.findings.iter().map(|finding| {
        let session = finding.session().map_or_else(|| "–".to_owned(), |id| id.to_string());
        format!("{} {} {session}", finding.severity.id(), finding.rule)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_rule_fires_on_its_sample() {
    for rule in all() {
        let sample = SAMPLES.iter().find(|sample| sample.expected.rule == Some(rule.id));
        let sample = sample.unwrap_or_else(|| panic!("{} has no sample trace", rule.id));
        let fired = analysis(sample).findings.iter().any(|finding| finding.rule == rule.id);
        assert!(fired, "{} does not fire on {}", rule.id, sample.file_name);
    }
}

#[test]
fn a_broken_sample_breaks_where_its_definition_says() {
    let mut broken = 0;
    for sample in SAMPLES.iter().filter(|sample| sample.expected.outcome == "broken") {
        let analysis = analysis(sample);
        let verdict = &analysis.verdict;
        let expected = sample.expected;
        // A story about a warning or a note may break by something else, which the warning accompanies.
        let accompanies = expected.rule.filter(|rule| {
            find(rule).is_some_and(|known| known.severity < Severity::Error)
                && analysis.findings.iter().any(|finding| finding.rule == *rule)
        });
        assert_eq!(
            (
                verdict.outcome.id(),
                verdict.step.map(Step::id),
                accompanies.or(verdict.rule),
                verdict.session.map(|id| id.0)
            ),
            ("broken", expected.step, expected.rule, expected.session),
            "{}: {}\n{}",
            sample.file_name,
            verdict.summary,
            findings(&analysis)
        );
        broken += 1;
    }
    assert!(broken > 10, "{broken} broken samples");
}

#[test]
fn every_other_sample_has_its_outcome_and_the_finding_it_is_about() {
    for sample in SAMPLES.iter().filter(|sample| sample.expected.outcome != "broken") {
        let analysis = analysis(sample);
        let (verdict, expected) = (&analysis.verdict, sample.expected);
        let context = format!(
            "{}: {} {:?}\n{}",
            sample.file_name,
            verdict.key(),
            verdict.session,
            findings(&analysis)
        );
        assert_eq!((verdict.outcome.id(), verdict.step), (expected.outcome, None), "{context}");
        assert!(verdict.rule.is_none() || verdict.rule == expected.rule, "{context}");
        if let Some(rule) = expected.rule {
            let sessions: Vec<_> = analysis
                .findings
                .iter()
                .filter(|finding| finding.rule == rule)
                .map(|finding| finding.session().map(|id| id.0))
                .collect();
            assert!(!sessions.is_empty(), "{context}");
            assert!(
                expected.session.is_none() || sessions.contains(&expected.session),
                "{context}"
            );
        }
    }
}

#[test]
fn a_healthy_sample_raises_nothing_above_a_note_but_what_it_is_about() {
    for sample in SAMPLES.iter().filter(|sample| sample.expected.outcome == "healthy") {
        let analysis = analysis(sample);
        let loud: Vec<_> = analysis
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
            .map(|finding| finding.rule)
            .collect();
        let rule = sample.expected.rule.and_then(find);
        let warns = rule.filter(|known| known.severity == Severity::Warning);
        let mut expected: Vec<_> = warns.iter().map(|known| known.id).collect();
        if sample.name == "owa-uses-forms" {
            // What is typed into that page is a password.
            expected.push("basic-credentials-in-capture");
        }
        assert_eq!(loud, expected, "{}: {}", sample.file_name, findings(&analysis));
        for flow in &analysis.flows.flows {
            assert_ne!(flow.outcome, Outcome::Broken, "{}: {}", sample.file_name, flow.name());
            let failed = flow.steps.iter().find(|step| step.state == StepState::Failed);
            assert_eq!(failed, None, "{}: {}", sample.file_name, flow.name());
        }
    }
}

#[test]
fn the_formats_of_one_sample_give_the_same_verdict_and_findings() {
    for sample in SAMPLES {
        let first = SAMPLES.iter().find(|other| other.name == sample.name).unwrap();
        let (one, other) = (analysis(first), analysis(sample));
        assert_eq!(one.verdict, other.verdict, "{}", sample.file_name);
        assert_eq!(findings(&one), findings(&other), "{}", sample.file_name);
    }
}

#[test]
fn every_rule_of_a_sample_exists() {
    let named: BTreeSet<_> = SAMPLES.iter().filter_map(|sample| sample.expected.rule).collect();
    assert!(named.iter().all(|rule| find(rule).is_some()), "{named:?}");
}
