//! Every report of every sample trace, word for word, as files that a person can open: `tests/reports/<sample>/`. After a
//! wanted change: `UPDATE_DOCS=1 cargo test --test reports`, then read the difference.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hma_trace::analysis::Analysis;
use hma_trace::capture::Session;
use hma_trace::compare::Comparison;
use hma_trace::http::mask;
use hma_trace::import::{Options, Progress, open_bytes};
use hma_trace::jwt::Keys;
use hma_trace::report::{self, Format, Style, VERSION};
use hma_trace::rules::Finding;
use hma_trace::training::samples::{self, SAMPLES, Sample};
use serde_json::Value;

/// Pairs of samples, good and bad, whose comparisons are kept.
const COMPARED: &[(&str, &str)] = &[
    ("healthy-outlook-mapi.saz", "authorization-uri-missing.saz"),
    ("healthy-outlook-mapi.saz", "audience-host-mismatch.saz"),
    ("healthy-outlook-mapi.har", "healthy-outlook-mapi.saz"),
    ("healthy-federated-adfs.saz", "basic-credentials-in-capture.saz"),
];

fn analysis(sample: &Sample) -> Analysis {
    let opened =
        open_bytes(sample.file_name, sample.bytes(), Options::default(), &Progress::none());
    Analysis::of(opened.unwrap(), &Keys::default())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports")
}

/// Compares a report with the file that is kept of it; says which file is stale. The program's version is no part of what
/// it says.
fn kept(place: &str, format: Format, written: &str) -> Option<String> {
    let version = format!("\"version\": \"{VERSION}\"");
    let written = written.replace(&version, "\"version\": \"0.0.0\"");
    let path = folder().join(place).join(format!("report.{}", format.extension()));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &written).unwrap();
    }
    let stale = fs::read_to_string(&path).unwrap_or_default() != written;
    stale.then(|| format!("{place}/report.{}", format.extension()))
}

#[test]
fn every_report_stays_as_it_is() {
    let mut stale = Vec::new();
    for sample in SAMPLES {
        let analysis = analysis(sample);
        for format in Format::ALL {
            let written = report::analysis(&analysis, format, Style::default());
            stale.extend(kept(sample.file_name, format, &written));
        }
    }
    for (good, bad) in COMPARED {
        let of = |name| analysis(samples::find(name).unwrap());
        let (one, other) = (of(good), of(bad));
        let comparison = Comparison::of(&one, &other);
        for format in Format::ALL {
            let written = report::comparison(&comparison, &one, &other, format, Style::default());
            stale.extend(kept(&compared(good, bad), format, &written));
        }
    }
    assert!(
        stale.is_empty(),
        "stale, run UPDATE_DOCS=1 cargo test --test reports:\n{}",
        stale.join("\n")
    );
}

fn compared(good: &str, bad: &str) -> String {
    format!("{good}--{bad}")
}

#[test]
fn every_kept_report_has_its_sample() {
    let expected: BTreeSet<String> = SAMPLES
        .iter()
        .map(|sample| sample.file_name.to_owned())
        .chain(COMPARED.iter().map(|(good, bad)| compared(good, bad)))
        .collect();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == ".gitattributes" {
            continue;
        }
        assert!(expected.contains(&name), "tests/reports/{name}: no sample is called so");
    }
}

#[test]
fn text_fits_a_terminal_of_80_columns() {
    for sample in SAMPLES {
        let analysis = analysis(sample);
        // Commands stand on lines of their own, whole, so that they can be copied.
        let steps: Vec<String> = analysis.findings.iter().flat_map(Finding::fix).collect();
        let written = report::analysis(&analysis, Format::Text, Style::default());
        for line in written.lines().filter(|line| line.chars().count() > 80) {
            let command = line.trim_start();
            assert!(
                steps.iter().any(|step| step.contains(command)),
                "{}: {line}",
                sample.file_name
            );
        }
        assert!(!written.contains('\u{1b}'), "{}", sample.file_name);
    }
}

#[test]
fn a_page_stands_alone_and_shows_the_ladder() {
    for sample in SAMPLES {
        let page = report::analysis(&analysis(sample), Format::Html, Style::default());
        assert!(page.contains("<svg width="), "{}", sample.file_name);
        for active in
            ["<script", "<link", "<img", "<iframe", "<object", "@import", "url(", " src=", " href="]
        {
            assert!(!page.contains(active), "{}: {active}", sample.file_name);
        }
    }
}

#[test]
fn a_ticket_quotes_the_messages_that_prove_the_verdict() {
    for sample in SAMPLES.iter().filter(|sample| sample.expected.session.is_some()) {
        let analysis = analysis(sample);
        let Some(session) = analysis.verdict.session.and_then(|id| analysis.capture.session(id))
        else {
            continue;
        };
        let page = report::analysis(&analysis, Format::Markdown, Style::default());
        let first = format!("```http\n{} ", session.request.method);
        assert!(page.contains(&first), "{}: {first}", sample.file_name);
        let version = session.response.as_ref().map_or("HTTP/1.1", |answer| &answer.version);
        let status = format!("{version} {}", session.status());
        assert!(page.contains(&status), "{}: {status}", sample.file_name);
        assert!(page.contains("## Import report"), "{}", sample.file_name);
    }
}

/// Values of a session that no report may show.
fn secrets(session: &Session) -> Vec<String> {
    let (request, response) = (&session.request, session.response.clone().unwrap_or_default());
    let mut fields = request.target.query_pairs();
    fields.extend(request.body.form());
    for body in [&request.body, &response.body] {
        members(&body.json().unwrap_or_default(), &mut fields);
    }
    let mut secrets: Vec<String> = fields
        .into_iter()
        .filter(|(name, _)| mask::is_secret_field(name))
        .map(|(_, value)| value)
        .collect();
    for value in request.headers.get_all("authorization") {
        secrets.extend(value.split_once(' ').map(|(_, credential)| credential.to_owned()));
    }
    let cookies = request.headers.get_all("cookie").flat_map(|value| value.split(';'));
    let set = response.headers.get_all("set-cookie").filter_map(|value| value.split(';').next());
    let values = cookies.chain(set).filter_map(|pair| pair.split_once('='));
    secrets.extend(values.map(|(_, value)| value.to_owned()));
    // Shorter ones would be found by chance.
    secrets.retain(|secret| secret.len() >= 12);
    secrets
}

/// The text members of a JSON value, at any depth.
fn members(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                found.extend(member.as_str().map(|text| (name.clone(), text.to_owned())));
                self::members(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        _ => {}
    }
}

#[test]
fn no_report_shows_a_secret() {
    let mut searched = 0;
    for sample in SAMPLES {
        let analysis = analysis(sample);
        let mut written: Vec<String> = Format::ALL
            .iter()
            .map(|format| report::analysis(&analysis, *format, Style::default()))
            .collect();
        written.push(report::markdown(&report::verdict_document(&analysis)));
        for finding in &analysis.findings {
            written.push(report::markdown(&report::finding_document(&analysis, finding)));
        }
        for session in &analysis.capture.sessions {
            written.push(report::markdown(&report::session_document(&analysis, session)));
        }
        let all = written.concat();
        for session in &analysis.capture.sessions {
            for secret in secrets(session) {
                assert!(!all.contains(&secret), "{}, session {}", sample.file_name, session.id);
                searched += 1;
            }
        }
    }
    assert!(searched > 500, "{searched} secrets");
}
