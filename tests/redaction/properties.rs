//! What holds for every capture: redacted and opened again it has as many sessions, the same verdict and the same
//! findings, and redacting it again changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use hma_trace::analysis::Conclusion;
use hma_trace::capture::{Capture, Format, Session, SessionId};
use hma_trace::export::redact_to_bytes;
use hma_trace::import::{self, Progress};
use hma_trace::jwt::Keys;
use hma_trace::redact::{Judgement, Names, Options};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

fn judge(capture: &Capture) -> Judgement {
    let conclusion = Conclusion::of(capture, &Keys::default());
    Judgement { verdict: conclusion.verdict.key(), findings: conclusion.lasting_findings() }
}

fn open(bytes: &[u8]) -> Option<Capture> {
    import::open_bytes("trace", bytes, import::Options::default(), &Progress::none()).ok()
}

fn judge_nothing(_: &Capture) -> Judgement {
    Judgement::default()
}

fn shared(
    capture: &Capture,
    names: Names,
    format: Format,
    judge: &(dyn Fn(&Capture) -> Judgement + Sync),
) -> Result<Capture, String> {
    let options = Options { names, ..Options::default() };
    let (bytes, receipt) =
        redact_to_bytes(capture, "00", options, format, judge, &Progress::none())
            .map_err(|error| error.to_string())?;
    if receipt.verdict_before != receipt.verdict_after || receipt.rescan.found != 0 {
        return Err(format!("the receipt says {receipt:?}"));
    }
    open(&bytes).ok_or_else(|| "does not open again".to_owned())
}

/// What is wrong with the redacted copies of a capture.
fn faults(original: &Capture, names: Names, format: Format) -> Result<(), String> {
    // The judgement of this test, not what the program says of it.
    let judged = Mutex::new(Vec::new());
    let once = shared(original, names, format, &|capture| {
        judged.lock().unwrap().push(judge(capture));
        judge_nothing(capture)
    })?;
    let judged = judged.into_inner().unwrap();
    let [before, after] = judged.as_slice() else { return Err("judged other than twice".into()) };
    if once.sessions.len() != original.sessions.len() {
        return Err(format!("{} of {} sessions", once.sessions.len(), original.sessions.len()));
    }
    before
        .compare(&original.numbers(), after, &once.numbers())
        .map_err(|difference| difference.to_string())?;
    let twice = shared(&once, names, format, &judge_nothing)?;
    match once.sessions.iter().zip(&twice.sessions).find(|(a, b)| a != b) {
        Some((a, b)) => Err(format!("a second time changes session {}: {}", a.id, changed(a, b))),
        None => Ok(()),
    }
}

/// Where two sessions begin to differ.
fn changed(a: &Session, b: &Session) -> String {
    let bodies = |s: &Session| {
        let answer = s.response.as_ref().map(|r| r.body.text().into_owned());
        format!("{s:?} {} {}", s.request.body.text(), answer.unwrap_or_default())
    };
    let (a, b) = (bodies(a), bodies(b));
    let at = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| text.bytes().skip(at.saturating_sub(60)).take(160).collect::<Vec<_>>();
    format!("{:?} {:?}", String::from_utf8_lossy(&part(&a)), String::from_utf8_lossy(&part(&b)))
}

fn captures(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "har" || e == "saz"));
    files.sort();
    files
}

fn faults_of(files: &[PathBuf]) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in files {
        let Some(capture) = open(&std::fs::read(path).unwrap()) else { continue };
        for (names, format) in [(Names::Pseudonymize, Format::Har), (Names::Keep, Format::Saz)] {
            // An archive without sessions is no SAZ file.
            if capture.sessions.is_empty() && format == Format::Saz {
                continue;
            }
            if let Err(fault) = faults(&capture, names, format) {
                wrong.push(format!("{} as {format:?}: {fault}", path.display()));
            }
        }
    }
    wrong
}

#[test]
fn every_sample_stays_what_it_is() {
    let wrong = faults_of(&captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-traces")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[expect(clippy::print_stdout, reason = "says why nothing was tested")]
fn every_capture_of_the_corpus_stays_what_it_is() {
    let Ok(folder) = std::env::var("HMA_TRACE_CORPUS") else {
        println!("HMA_TRACE_CORPUS is not set: no corpus");
        return;
    };
    for kind in ["har", "saz"] {
        let wrong = faults_of(&captures(&Path::new(&folder).join(kind)));
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Sessions of all samples, put together at random, stay what they are.
#[test]
fn any_choice_of_sessions_stays_what_it_is() {
    let files = captures(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-traces"));
    let pool: Vec<_> = files
        .iter()
        .filter_map(|path| open(&std::fs::read(path).unwrap()))
        .flat_map(|capture| capture.sessions)
        .collect();
    let strategy = (
        proptest::collection::vec(0..pool.len(), 1..20),
        prop_oneof![Just(Names::Keep), Just(Names::Pseudonymize)],
        prop_oneof![Just(Format::Har), Just(Format::Saz)],
    );
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&strategy, |(choice, names, format)| {
            let mut capture = Capture::new("trace", Format::Saz);
            for (at, number) in choice.into_iter().zip(1..) {
                let mut session = pool[at].clone();
                session.id = SessionId(number * 2);
                capture.sessions.push(session);
            }
            prop_assert_eq!(faults(&capture, names, format), Ok(()));
            Ok(())
        })
        .unwrap();
}
