//! What recorders write into HAR files that the format does not foresee: one small file per habit, and what becomes of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod entries;
mod messages;

use std::io::Write as _;

use hma_trace::capture::{Capture, NoteKind, Session};
use hma_trace::http::BodyState;
use hma_trace::import::{ImportError, Options, Progress, open_bytes};

/// What of a capture is compared.
type Look = fn(&Capture) -> String;

/// One habit.
struct Dialect {
    name: &'static str,
    har: Vec<u8>,
    /// Kinds of the notes, in order.
    notes: &'static [NoteKind],
    look: Look,
    expected: &'static str,
}

/// A row of the table, for a file that is text.
fn row(
    name: &'static str,
    har: impl Into<Vec<u8>>,
    notes: &'static [NoteKind],
    look: Look,
    expected: &'static str,
) -> Dialect {
    Dialect { name, har: har.into(), notes, look, expected }
}

const REQUEST: &str = r#"{"method":"GET","url":"https://mail.contoso.com/owa/","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"queryString":[]}"#;
const RESPONSE: &str = r#"{"status":200,"statusText":"OK","httpVersion":"HTTP/1.1","headers":[],"cookies":[],"content":{"size":2,"text":"ok"}}"#;
const TIMES: &str = r#""startedDateTime":"2026-03-02T09:14:07.120Z","time":31,"timings":{"send":1,"wait":20,"receive":10}"#;

/// A file with these entries.
fn har(entries: &str) -> String {
    format!(
        r#"{{"log":{{"version":"1.2","creator":{{"name":"Recorder","version":"7"}},"entries":[{entries}]}}}}"#
    )
}

/// A file with one entry of these messages.
fn entry(request: &str, response: &str) -> String {
    har(&format!(r#"{{{TIMES},"request":{request},"response":{response}}}"#))
}

/// A file with one healthy entry, its times replaced.
fn timed(times: &str) -> String {
    har(&format!(r#"{{{times},"request":{REQUEST},"response":{RESPONSE}}}"#))
}

fn request(fields: &str) -> String {
    entry(
        &format!(
            r#"{{"method":"POST","url":"https://mail.contoso.com/mapi/","headers":[],{fields}}}"#
        ),
        RESPONSE,
    )
}

fn response(fields: &str) -> String {
    entry(REQUEST, &format!(r#"{{"status":200,{fields}}}"#))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn first(capture: &Capture) -> &Session {
    capture.sessions.first().unwrap()
}

/// Number, method, address, status.
fn lines(capture: &Capture) -> String {
    let line = |s: &Session| {
        format!("{} {} {} {}", s.id, s.request.method, s.request.target.as_str(), s.status())
    };
    capture.sessions.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn start(capture: &Capture) -> String {
    first(capture).started.map_or_else(|| "none".to_owned(), |at| at.to_rfc3339())
}

fn total(capture: &Capture) -> String {
    first(capture)
        .timing
        .total
        .map_or_else(|| "none".to_owned(), |t| t.num_microseconds().unwrap().to_string())
}

fn request_headers(capture: &Capture) -> String {
    headers(&first(capture).request.headers)
}

fn response_headers(capture: &Capture) -> String {
    headers(&first(capture).response.as_ref().unwrap().headers)
}

fn headers(headers: &hma_trace::http::Headers) -> String {
    headers.iter().map(|h| format!("{}={}", h.name, h.value)).collect::<Vec<_>>().join("; ")
}

fn request_body(capture: &Capture) -> String {
    body(&first(capture).request.body)
}

fn response_body(capture: &Capture) -> String {
    body(&first(capture).response.as_ref().unwrap().body)
}

fn body(body: &hma_trace::http::Body) -> String {
    let state = match body.state {
        BodyState::Complete => "complete",
        BodyState::Truncated => "truncated",
        BodyState::Coded => "coded",
        BodyState::Dropped => "dropped",
    };
    format!("{state}: {}", body.text())
}

fn versions(capture: &Capture) -> String {
    let session = first(capture);
    format!("{}, {}", session.request.version, session.response.as_ref().unwrap().version)
}

fn error(capture: &Capture) -> String {
    let session = first(capture);
    format!("{} {}", session.response.is_some(), session.error.as_deref().unwrap_or("none"))
}

fn creator(capture: &Capture) -> String {
    capture.creator.clone().unwrap_or_else(|| "none".to_owned())
}

const GOOD: &str = "1 GET https://mail.contoso.com/owa/ 200";

fn open(har: &[u8]) -> Result<Capture, ImportError> {
    open_bytes("trace.har", har, Options::default(), &Progress::none())
}

#[test]
fn every_dialect_is_understood() {
    let mut wrong = Vec::new();
    let tables = [
        entries::files(),
        entries::missing(),
        entries::numbers(),
        messages::header_lists(),
        messages::lines_and_failures(),
        messages::bodies(),
    ];
    for dialect in tables.into_iter().flatten() {
        let capture = match open(&dialect.har) {
            Ok(capture) => capture,
            Err(error) => {
                wrong.push(format!("{}: {error}", dialect.name));
                continue;
            }
        };
        let notes: Vec<_> = capture.notes.iter().map(|note| note.kind).collect();
        let seen = (dialect.look)(&capture);
        if (notes.as_slice(), seen.as_str()) != (dialect.notes, dialect.expected) {
            wrong.push(format!(
                "{}: {notes:?} {seen:?}\n    expected {:?} {:?}",
                dialect.name, dialect.notes, dialect.expected
            ));
        }
        let counts = capture.counts;
        if counts.read + counts.repaired + counts.partial != capture.sessions.len() {
            wrong.push(format!(
                "{}: {counts:?} for {} sessions",
                dialect.name,
                capture.sessions.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_cut_off_says_where() {
    let one = format!(r#"{{{TIMES},"request":{REQUEST},"response":{RESPONSE}}}"#);
    let whole = har(&format!("{one},{one},{one}"));
    let third = whole.rfind(r#"{"startedDateTime"#).unwrap();
    let capture = open(whole.as_bytes().get(..third + 50).unwrap()).unwrap();
    assert_eq!((capture.sessions.len(), capture.counts.skipped), (2, 1));
    let messages: Vec<_> = capture.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(
        messages,
        ["The file ends inside this entry", "The file breaks off after 2 complete entries"]
    );
    // The same in a gzip file, of which the last bytes are missing.
    let zipped = gzip(whole.as_bytes());
    let (cut, _) = zipped.split_at(zipped.len() - 9);
    let capture = open(cut).unwrap();
    assert!(capture.sessions.len() >= 2, "{}", capture.sessions.len());
}
