use super::json_start;
use crate::capture::{Capture, NoteKind, Session};
use crate::http::BodyState;
use crate::import::source::Source;
use crate::import::{ImportError, Progress};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;

fn open(name: &str, json: &[u8], progress: &Progress<'_>) -> Result<Capture, ImportError> {
    super::open(name, &Arc::new(Source::copied(json)), 0, progress)
}

fn har(entries: &Value) -> Capture {
    let file = json!({ "log": { "creator": { "name": "Recorder", "version": "1.2" }, "entries": entries } });
    open("a.har", file.to_string().as_bytes(), &Progress::none()).unwrap()
}

/// The one session of a HAR with this request and response, and the kinds of its notes.
fn read(request: Value, response: Value) -> (Session, Vec<NoteKind>) {
    let mut entry = json!({ "startedDateTime": "2026-03-02T09:14:07.1234567Z" });
    entry["request"] = request;
    entry["response"] = response;
    let capture = har(&json!([entry]));
    let kinds = capture.notes.iter().map(|note| note.kind).collect();
    (capture.sessions.into_iter().next().unwrap(), kinds)
}

fn get() -> Value {
    json!({ "method": "GET", "url": "https://mail.contoso.com/owa/" })
}

fn ok_with(content: Value) -> Value {
    let mut response = json!({ "status": 200, "headers": [] });
    response["content"] = content;
    response
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_plain_entry_is_read_whole() {
    let capture = har(&json!([{
        "startedDateTime": "2026-03-02T10:14:07.1234567+01:00", "time": 31.5, "serverIPAddress": "203.0.113.7",
        "comment": "first", "_process": "outlook:1234",
        "timings": { "blocked": 1, "dns": -1, "connect": "2", "ssl": 2, "send": 0, "wait": 20.25, "receive": null },
        "request": {
            "method": "POST", "url": "https://mail.contoso.com/EWS/Exchange.asmx", "httpVersion": "HTTP/1.1",
            "headers": [{ "name": "Authorization", "value": "Bearer " }, { "name": ":authority", "value": "x" }],
            "postData": { "mimeType": "text/xml", "text": "<soap/>" }, "bodySize": 7
        },
        "response": {
            "status": "401", "statusText": "Unauthorized", "httpVersion": "HTTP/1.1",
            "headers": [{ "name": "Set-Cookie", "value": "a=1\nb=2" }, { "name": "X", "value": ["1", "2"] }],
            "content": { "size": 2, "text": "no" }
        }
    }]));
    assert_eq!(
        (capture.creator.as_deref(), capture.notes.as_slice()),
        (Some("Recorder 1.2"), &[][..])
    );
    let session = &capture.sessions[0];
    assert_eq!(session.started.unwrap().to_rfc3339(), "2026-03-02T09:14:07.123456700+00:00");
    let ms = |d: Option<chrono::TimeDelta>| d.map(|d| d.as_seconds_f64() * 1000.0);
    let timing = session.timing;
    assert_eq!(
        (ms(timing.total), ms(timing.connect), ms(timing.wait), timing.receive),
        (Some(31.5), Some(3.0), Some(20.25), None)
    );
    assert_eq!(
        (session.request.headers.len(), session.request.headers.get("authorization")),
        (1, Some("Bearer"))
    );
    assert_eq!((session.request.body.text().as_ref(), session.status()), ("<soap/>", 401));
    let response = session.response.as_ref().unwrap();
    assert_eq!(response.headers.get_all("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert_eq!(response.headers.get_all("x").collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(
        (session.process.as_deref(), session.comment.as_deref()),
        (Some("outlook:1234"), Some("first"))
    );
    assert_eq!((session.server_address.as_deref(), capture.counts.read), (Some("203.0.113.7"), 1));
}

#[test]
fn missing_and_odd_fields_become_notes() {
    let capture = har(&json!([
        {},
        { "startedDateTime": "NaN-NaN-NaNTNaN:NaN:NaN.NaN+NaN:", "request": get(), "response": { "status": 200 } },
        7,
        { "request": [], "response": "x", "startedDateTime": 5, "timings": [], "time": "x" },
    ]));
    let notes: Vec<_> = capture.notes.iter().map(|n| (n.session.unwrap().0, n.kind)).collect();
    let missing = |n| {
        [(n, NoteKind::RequestMissing), (n, NoteKind::ResponseMissing), (n, NoteKind::TimeUnusable)]
    };
    let expected = [
        &missing(1)[..],
        &[(2, NoteKind::TimeUnusable), (3, NoteKind::SessionSkipped)],
        &missing(4),
    ]
    .concat();
    assert_eq!(notes, expected);
    let counts = capture.counts;
    assert_eq!((counts.read, counts.repaired, counts.partial, counts.skipped), (0, 1, 2, 1));
    assert_eq!(capture.sessions.iter().map(|s| s.id.0).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn a_failed_request_keeps_its_error_and_has_no_response() {
    let failed = json!({ "status": 0, "_error": "net::ERR_CONNECTION_REFUSED", "headers": [], "content": { "size": 0 } });
    let (session, notes) = read(get(), failed);
    assert_eq!(
        (session.response, session.error.as_deref()),
        (None, Some("net::ERR_CONNECTION_REFUSED"))
    );
    assert_eq!(notes, [NoteKind::ResponseMissing]);
    let (session, _) =
        read(get(), json!({ "status": 0, "_error": { "message": "Max redirects", "code": "X" } }));
    assert_eq!(session.error.as_deref(), Some("Max redirects"));
}

#[test]
fn addresses_are_completed() {
    let headers = json!([{ "name": "Host", "value": "mail.contoso.com" }]);
    let (session, notes) = read(
        json!({ "method": "GET", "url": "/owa/", "headers": headers }),
        json!({ "status": 200 }),
    );
    assert_eq!(
        (session.request.target.as_str(), notes),
        ("https://mail.contoso.com/owa/", vec![NoteKind::FieldRepaired])
    );

    let pseudo = json!([
        { "name": ":method", "value": "PUT" }, { "name": ":scheme", "value": "http" },
        { "name": ":authority", "value": "mail.contoso.com" }, { "name": ":path", "value": "/x" }
    ]);
    let (session, _) = read(json!({ "headers": pseudo }), json!({ "status": 200 }));
    assert_eq!(
        (session.request.method.as_str(), session.request.target.as_str()),
        ("PUT", "http://mail.contoso.com/x")
    );

    let (session, _) = read(
        json!({ "method": "CONNECT", "url": "mail.contoso.com:443" }),
        json!({ "status": 200 }),
    );
    assert!(session.tunnel && session.host() == "mail.contoso.com");
}

#[test]
fn bodies_come_out_decoded() {
    let encoded =
        |bytes: &[u8]| json!({ "text": STANDARD.encode(bytes), "encoding": "base64", "size": 1 });
    let (session, notes) = read(get(), ok_with(encoded(b"\x00\xFFx")));
    assert_eq!(
        (session.response.unwrap().body.bytes().into_owned(), notes),
        (b"\x00\xFFx".to_vec(), vec![])
    );

    let still_gzip = json!({ "status": 200, "headers": [{ "name": "content-encoding", "value": "gzip" }], "content": encoded(&gzip("hello")) });
    let (session, notes) = read(get(), still_gzip);
    assert_eq!((session.response.unwrap().body.text().as_ref(), notes), ("hello", vec![]));

    for header in ["gzip", "br", "deflate", "zstd"] {
        let response = json!({ "status": 200, "headers": [{ "name": "content-encoding", "value": header }], "content": { "text": "hello" } });
        let (session, notes) = read(get(), response);
        assert_eq!(
            (session.response.unwrap().body.text().as_ref(), notes),
            ("hello", vec![]),
            "{header}"
        );
    }

    let (session, notes) =
        read(get(), ok_with(json!({ "text": "MANUALLY REMOVED", "encoding": "base64" })));
    let body = session.response.unwrap().body;
    assert_eq!(
        (body.text().as_ref(), body.state, notes),
        ("MANUALLY REMOVED", BodyState::Coded, vec![NoteKind::BodyUndecodable])
    );
}

#[test]
fn a_body_left_out_is_told_from_none() {
    let state = |request: Value, response: Value| {
        let (session, notes) = read(request, response);
        assert_eq!(notes, []);
        (session.request.body.state, session.response.unwrap().body.state)
    };
    let post = json!({ "method": "POST", "url": "https://a.example/", "bodySize": 59 });
    assert_eq!(
        state(post, ok_with(json!({ "size": 12 }))),
        (BodyState::Dropped, BodyState::Dropped)
    );
    assert_eq!(
        state(get(), ok_with(json!({ "size": 0 }))),
        (BodyState::Complete, BodyState::Complete)
    );
    let head = json!({ "method": "HEAD", "url": "https://a.example/" });
    assert_eq!(state(head, ok_with(json!({ "size": 12 }))).1, BodyState::Complete);
    assert_eq!(state(get(), ok_with(json!({ "_file": "x.bin" }))).1, BodyState::Dropped);
}

#[test]
fn parameters_become_a_body_again() {
    let body = |mime: &str, params: Value| {
        let post = json!({ "method": "POST", "url": "https://a.example/", "postData": { "mimeType": mime, "params": params } });
        read(post, json!({ "status": 200 })).0.request.body.text().into_owned()
    };
    assert_eq!(
        body(
            "application/x-www-form-urlencoded",
            json!([{ "name": "resource", "value": "https://a/" }, { "name": "b" }])
        ),
        "resource=https%3A%2F%2Fa%2F&b="
    );
    assert_eq!(
        body(
            "multipart/form-data; boundary=XX",
            json!([{ "name": "f", "value": "v", "fileName": "a.txt", "contentType": "text/plain" }])
        ),
        "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nv\r\n--XX--\r\n"
    );
}

#[test]
fn an_entry_without_a_file_around_it_is_a_session() {
    let entry =
        r#"{"request":{"method":"GET","url":"https://a.example/owa/"},"response":{"status":401}}"#;
    let capture = open("a.har", entry.as_bytes(), &Progress::none()).unwrap();
    let session = &capture.sessions[0];
    assert_eq!((session.host(), session.status(), session.id.0), ("a.example", 401, 1));
    assert_eq!(capture.counts.repaired, 1);
    for other in [r#"{"request":{},"response":{}}"#, r#"{"request":{"url":"x"}}"#, "{}"] {
        assert!(open("a.har", other.as_bytes(), &Progress::none()).is_err(), "{other}");
    }
}

#[test]
fn one_broken_entry_loses_no_other() {
    let deep = "[".repeat(500) + &"]".repeat(500);
    let text = format!(
        r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"https://a.example/\ud800"}},"startedDateTime":"2026-03-02T09:00:00Z"}},{{"x":{deep}}},{{"a":tru}},{{"request":{{"method":"GET","url":"https://b.example/"}}}}]}}}}"#
    );
    let capture = open("a.har", text.as_bytes(), &Progress::none()).unwrap();
    let hosts: Vec<_> = capture.sessions.iter().map(|s| (s.id.0, s.host())).collect();
    assert_eq!(hosts, [(1, "a.example"), (4, "b.example")]);
    assert_eq!(capture.counts.skipped, 2);
    assert_eq!(capture.notes[0].kind, NoteKind::FieldRepaired);
}

#[test]
fn a_file_cut_off_anywhere_keeps_every_complete_entry() {
    let entry = json!({ "startedDateTime": "2026-03-02T09:00:00Z", "request": get(), "response": ok_with(json!({ "text": "]}\"" })) });
    let text =
        json!({ "log": { "version": "1.2", "entries": [entry, entry, entry], "pages": [] } })
            .to_string();
    let one = entry.to_string().len();
    let first = text.find('[').unwrap() + 1;
    for cut in 1..text.len() {
        let complete = (1..=3).filter(|n| first + n * one + (n - 1) <= cut).count();
        match open("a.har", &text.as_bytes()[..cut], &Progress::none()) {
            Ok(capture) => {
                assert_eq!(capture.sessions.len(), complete, "cut at {cut}");
                assert!(
                    capture.notes.iter().any(|n| n.kind == NoteKind::FileTruncated),
                    "cut at {cut}"
                );
            }
            Err(error) => {
                assert_eq!(complete, 0, "cut at {cut}");
                assert!(matches!(error, ImportError::Json { .. }), "{error:?}");
            }
        }
    }
}

#[test]
fn a_log_without_entries_opens_empty() {
    for text in [r#"{"log":{}}"#, r#"{"log":{"entries":[]}}"#, r#"{"log":{"entries":null}}"#] {
        assert_eq!(open("a.har", text.as_bytes(), &Progress::none()).unwrap().sessions, []);
    }
    let broken = open("a.har", br#"{"log":{"creator":{"name":"x" "y"}"#, &Progress::none());
    assert!(matches!(broken, Err(ImportError::Json { line: 1, .. })));
}

#[test]
fn script_around_the_json_is_ignored() {
    assert_eq!(json_start(b"onInputData({ \"log\": 1})"), Some(12));
    assert_eq!(json_start(b" \n[1]"), Some(2));
    assert_eq!(json_start(b"var har = {\"log\": 1};"), Some(10));
    for http in [&b"POST /a={\"x\" HTTP/1.1"[..], b"GET /{id} HTTP/1.1"] {
        assert_eq!(json_start(http), None);
    }
}

#[test]
fn large_bodies_stay_in_the_file() {
    let text = "Grüße \"du\" \\ \n".repeat(3_000);
    let binary: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
    let coded = |bytes: &[u8]| json!({ "text": STANDARD.encode(bytes), "encoding": "base64" });
    for (content, header, expected) in [
        (json!({ "text": text }), "identity", text.as_bytes()),
        (json!({ "text": text }), "gzip, chunked", text.as_bytes()),
        (json!({ "text": text }), "br", text.as_bytes()),
        (coded(&binary), "identity", &binary),
        (coded(&gzip(&text)), "gzip", text.as_bytes()),
    ] {
        let headers = json!([{ "name": "content-encoding", "value": header }]);
        let (session, notes) =
            read(get(), json!({ "status": 200, "headers": headers, "content": content }));
        let body = session.response.unwrap().body;
        assert!(body.is_distant(), "{header}");
        assert_eq!((body.len(), notes), (expected.len(), vec![]), "{header}");
        assert!(body.read().unwrap() == expected && body.intact().is_ok(), "{header}");
    }
}

#[test]
fn what_is_not_as_promised_is_read_the_same() {
    let plain = json!({ "method": "POST", "url": "https://a.example/?x=1", "headers": [{ "name": "A", "value": "1\n2" }],
        "bodySize": 3, "postData": { "mimeType": "text/plain", "text": "a\"b", "params": [] } });
    let response = json!({ "status": 200, "statusText": "OK", "headers": [], "content": { "text": "", "size": 5 } });
    let (one, notes) = read(plain.clone(), response.clone());
    // A field of another type sends the entry the other way.
    let mut odd = plain;
    odd["bodySize"] = json!("3");
    odd["headers"] = json!({ "A": ["1", "2"] });
    let (other, other_notes) = read(odd, response);
    assert_eq!((one, notes), (other, other_notes));
}

proptest! {
    #[test]
    fn any_json_is_opened_without_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"request\"", "\"response\"", "\"headers\"", "\"url\"", "\"content\"",
            "\"text\"", "null", "1e999", "-1", "\"\\ud800\"", "\"postData\"", "\"params\"", "true",
        ]), 0..60)
    ) {
        let text = format!("{{\"log\":{{\"entries\":[{}", pieces.concat());
        let _ = open("a.har", text.as_bytes(), &Progress::none());
    }
}
