use crate::capture::{Capture, NoteKind};
use crate::http::Authorization;
use crate::import::{ImportError, open_text};
use proptest::prelude::*;

fn open(text: &str) -> Capture {
    open_text("pasted text", text).unwrap()
}

fn kinds(capture: &Capture) -> Vec<NoteKind> {
    capture.notes.iter().map(|note| note.kind).collect()
}

#[test]
fn marked_sessions_are_read() {
    let capture = open(
        "### 3 09:14:07.120 +31ms outlook:1234 // empty Bearer\n\
         POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
         Authorization: Bearer \n\
         \n\
         body line 1\n\
         GET /not/a/request HTTP/1.1\n\
         \n\
         HTTP/1.1 401 Unauthorized\n\
         WWW-Authenticate: Bearer client_id=\"x\"\n\
         WWW-Authenticate: Basic realm=\"mail.contoso.com\"\n\
         \n\
         GET https://also.not/one HTTP/1.1\n\
         \n\
         ###\n\
         GET /owa/\n\
         Host: mail.contoso.com\n\
         HTTP/2 200\n\
         \n",
    );
    assert_eq!((kinds(&capture), capture.counts.read), (vec![], 2));
    let first = &capture.sessions[0];
    assert_eq!(
        (first.id.0, first.process.as_deref(), first.comment.as_deref()),
        (3, Some("outlook:1234"), Some("empty Bearer"))
    );
    assert_eq!(first.started.unwrap().to_rfc3339(), "2026-03-02T09:14:07.120+00:00");
    assert_eq!(first.timing.total.unwrap().num_milliseconds(), 31);
    assert_eq!(Authorization::of(&first.request.headers), Authorization::EmptyBearer);
    assert_eq!(first.request.body.text(), "body line 1\nGET /not/a/request HTTP/1.1");
    let response = first.response.as_ref().unwrap();
    assert_eq!(
        (response.status, response.reason.as_str(), response.headers.len()),
        (401, "Unauthorized", 2)
    );
    assert_eq!(response.body.text(), "GET https://also.not/one HTTP/1.1");
    let second = &capture.sessions[1];
    assert_eq!(
        (second.id.0, second.request.target.as_str(), second.status()),
        (4, "https://mail.contoso.com/owa/", 200)
    );
    assert_eq!(
        (second.request.version.as_str(), second.response.as_ref().unwrap().version.as_str()),
        ("", "HTTP/2")
    );
}

#[test]
fn without_markers_a_request_line_begins_the_next_session() {
    let capture = open(
        "GET https://a.contoso.com/ HTTP/1.1\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\r\nworld\r\n\r\n\
         POST https://b.contoso.com/ HTTP/1.1\r\n\r\n{\"a\":1}\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\
         \r\nGET https://c.contoso.com/ HTTP/1.1\r\n\r\nGET https://d.contoso.com/ HTTP/1.1\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404 Not Found\r\n",
    );
    let seen: Vec<_> = capture.sessions.iter().map(|s| (s.id.0, s.host(), s.status())).collect();
    assert_eq!(
        seen,
        [
            (1, "a.contoso.com", 200),
            (2, "b.contoso.com", 204),
            (3, "c.contoso.com", 0),
            (4, "d.contoso.com", 200),
            (5, "", 404)
        ]
    );
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().body.text(), "hello\r\nworld");
    assert_eq!(capture.sessions[1].request.body.text(), "{\"a\":1}");
    assert_eq!(kinds(&capture), [NoteKind::ResponseMissing, NoteKind::RequestMissing]);
}

#[test]
fn arrows_stand_for_colons() {
    let capture = open(
        "HTTP/1.1 401 Unauthorized\nContent-Length →0\nWww-Authenticate →Basic realm=\"mail.contoso.com\"\n",
    );
    let session = &capture.sessions[0];
    assert_eq!(
        session.response_header("www-authenticate"),
        Some("Basic realm=\"mail.contoso.com\"")
    );
    assert_eq!(kinds(&capture), [NoteKind::RequestMissing]);
}

#[test]
fn headers_alone_are_a_message() {
    let capture =
        open("WWW-Authenticate →Bearer client_id=\"x\"\nDate →Mon, 29 Jan 2018 19:51:46 GMT\n");
    assert_eq!(capture.sessions[0].status(), 401);
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().headers.len(), 2);
    assert_eq!(kinds(&capture), [NoteKind::FieldRepaired, NoteKind::RequestMissing]);

    let capture = open("x-ms-diagnostics: 2000003;reason=\"x\"");
    assert_eq!((capture.sessions[0].response.is_some(), capture.sessions[0].status()), (true, 0));
    let capture = open("Authorization: Bearer eyJ");
    assert_eq!(Authorization::of(&capture.sessions[0].request.headers).token(), Some("eyJ"));
    assert!(matches!(
        open_text("x", "Dear reader: hello\nall is well"),
        Err(ImportError::NotACapture { .. })
    ));
}

#[test]
fn bodies_are_literal() {
    let capture = open(
        "### \nGET https://a/\nContent-Encoding: gzip\n\nplain\n\nHTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 99\n\nalso plain\n\n\n",
    );
    let session = &capture.sessions[0];
    assert_eq!(session.request.body.text(), "plain");
    assert_eq!(session.response.as_ref().unwrap().body.text(), "also plain");
    assert_eq!(capture.notes, []);
}

#[test]
fn numbers_given_twice_stay_unique() {
    let capture = open(
        "### 5\nGET https://a/\n\nHTTP/1.1 200 OK\n### 5\nGET https://b/\n\nHTTP/1.1 200 OK\n### // nothing\n",
    );
    assert_eq!(capture.sessions.iter().map(|s| s.id.0).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(kinds(&capture), [NoteKind::NumberChanged]);
}

#[test]
fn a_tunnel_is_told() {
    let capture = open("CONNECT mail.contoso.com:443 HTTP/1.1\n\nHTTP/1.1 200 OK\n");
    assert!(capture.sessions[0].tunnel && capture.sessions[0].host() == "mail.contoso.com");
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(
        lines in prop::collection::vec(prop::sample::select(vec![
            "###", "### 1 // x", "GET https://a/ HTTP/1.1", "HTTP/1.1 200 OK", "HTTP/1.1 100", "A: b", ":p: q", " folded", "", "→", "é→ü",
        ]), 0..30),
        noise in ".{0,40}",
    ) {
        let _ = open_text("x", &lines.join("\n"));
        let _ = open_text("x", &noise);
    }
}
