//! Every sample trace is judged as its definition says. What the reports say of it, word for word, is in `reports.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use hma_trace::analysis::Analysis;
use hma_trace::import::{Options, Progress, open_bytes};
use hma_trace::jwt::Keys;
use hma_trace::training::samples::{SAMPLES, Sample};

fn analysis(sample: &Sample) -> Analysis {
    let opened =
        open_bytes(sample.file_name, sample.bytes(), Options::default(), &Progress::none());
    Analysis::of(opened.unwrap(), &Keys::default())
}

#[test]
fn every_sample_is_judged_as_its_definition_says() {
    let mut wrong = Vec::new();
    for sample in SAMPLES {
        let analysis = analysis(sample);
        let (verdict, expected) = (&analysis.verdict, &sample.expected);
        let judged = (
            verdict.outcome.id(),
            verdict.step.map(hma_trace::flow::Step::id),
            verdict.session.map(|s| s.0),
        );
        // What a definition leaves open is not compared.
        let session = expected.session.or(judged.2);
        let rule = expected.rule.is_none_or(|rule| {
            verdict.rule == Some(rule) || analysis.findings.iter().any(|f| f.rule == rule)
        });
        let broken = expected.outcome == "broken";
        let place = !broken || judged.2 == session;
        if (judged.0, judged.1) != (expected.outcome, expected.step) || !rule || !place {
            wrong.push(format!("{}: {} instead of {expected:?}", sample.file_name, verdict.key()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
