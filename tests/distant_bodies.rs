//! Large bodies stay in the capture's file: they are there when somebody looks, and missed when the file has changed.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use hma_trace::capture::{Capture, Format};
use hma_trace::export::{RedactError, redact_to_bytes};
use hma_trace::import::{self, Progress};
use hma_trace::redact;

/// Long enough to stay in the file, with an escape and a secret far behind its beginning.
fn body() -> String {
    format!(
        "{}\"token\"\nhunter2-in-the-body {}",
        "a page about mail, ".repeat(3000),
        "x".repeat(20_000)
    )
}

fn har() -> String {
    let body = serde_json::to_string(&body()).unwrap();
    format!(
        r#"{{"log":{{"version":"1.2","entries":[{{"startedDateTime":"2026-03-02T09:14:07Z","time":1,
        "request":{{"method":"GET","url":"https://mail.contoso.com/owa/","httpVersion":"HTTP/1.1",
            "headers":[{{"name":"Authorization","value":"Basic Z3JlZzpodW50ZXIyLWluLXRoZS1ib2R5"}}]}},
        "response":{{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1",
            "headers":[{{"name":"X-FEServer","value":"EX01"}}],
            "content":{{"size":9,"mimeType":"text/plain","text":{body}}}}}}}]}}}}"#
    )
}

fn saz() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let request = "GET https://mail.contoso.com/owa/ HTTP/1.1\r\nAuthorization: Basic \
                   Z3JlZzpodW50ZXIyLWluLXRoZS1ib2R5\r\n\r\n";
    let answer = format!("HTTP/1.1 200 OK\r\nX-FEServer: EX01\r\n\r\n{}", body());
    for (name, content) in [("raw/1_c.txt", request), ("raw/1_s.txt", &answer)] {
        writer.start_file(name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(path: &Path) -> Capture {
    import::open_file(path, import::Options::default(), &Progress::none()).unwrap()
}

fn redacted(capture: &Capture) -> Result<Vec<u8>, RedactError> {
    let options = redact::Options::default();
    let judge = |_: &Capture| redact::Judgement::default();
    redact_to_bytes(capture, "", options, Format::Har, &judge, &Progress::none())
        .map(|(bytes, _)| bytes)
}

fn stays_and_is_missed(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let capture = open(&path);
    let answer = capture.sessions[0].response.as_ref().unwrap();
    assert!(answer.body.is_distant(), "{name}");
    assert_eq!(answer.body.text(), body(), "{name}");
    assert_eq!(answer.body.len(), body().len(), "{name}");
    let copy = String::from_utf8(redacted(&capture).unwrap()).unwrap();
    assert!(copy.contains("a page about mail") && !copy.contains("hunter2"), "{name}");

    OpenOptions::new().append(true).open(&path).unwrap().write_all(b" ").unwrap();
    let answer = capture.sessions[0].response.as_ref().unwrap();
    assert!(answer.body.read().is_err() && answer.body.text().is_empty(), "{name}");
    let error = redacted(&capture).unwrap_err();
    assert!(matches!(error, RedactError::Original(_)), "{name}: {error}");
    assert!(!error.to_string().contains("hunter2"));
}

#[test]
fn a_body_in_a_har_file_stays_there() {
    stays_and_is_missed("capture.har", har().as_bytes());
}

#[test]
fn a_body_in_a_saz_file_stays_there() {
    stays_and_is_missed("capture.saz", &saz());
}
