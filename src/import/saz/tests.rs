use crate::capture::{Capture, NoteKind};
use crate::http::{BodyState, Secret};
use crate::import::source::Source;
use crate::import::{ImportError, Options, Progress};
use proptest::prelude::*;
use std::io::{Cursor, Write as _};
use std::sync::Arc;
use zip::unstable::write::FileOptionsExt as _;
use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{AesMode, CompressionMethod};

const REQUEST: &str =
    "GET https://mail.contoso.com/owa/ HTTP/1.1\r\nHost: mail.contoso.com\r\n\r\n";
const RESPONSE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const META: &str = "<Session BitFlags=\"1\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07Z\"/></Session>";

fn archive_with(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .set_comment("Fiddler (v5.0.20253.3311) Session Archive. See https://example.com")
        .unwrap();
    for (name, content) in members {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn archive(members: &[(&str, &str)]) -> Vec<u8> {
    let members: Vec<_> =
        members.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    archive_with(&members, SimpleFileOptions::default())
}

fn try_read(bytes: &[u8], password: Option<&str>) -> Result<Capture, ImportError> {
    let secret = password.map(Secret::new);
    let source = Arc::new(Source::copied(bytes));
    super::open("a.saz", &source, Options { password: secret.as_ref() }, &Progress::none())
}

fn read(members: &[(&str, &str)]) -> Capture {
    try_read(&archive(members), None).unwrap()
}

fn kinds(capture: &Capture) -> Vec<NoteKind> {
    capture.notes.iter().map(|note| note.kind).collect()
}

/// The response of a session with these messages, and the kinds of its notes.
fn body(request: &str, response: &str) -> (BodyState, String, Vec<NoteKind>) {
    let capture =
        read(&[("raw/1_c.txt", request), ("raw/1_s.txt", response), ("raw/1_m.xml", META)]);
    let body = &capture.sessions[0].response.as_ref().unwrap().body;
    (body.state, body.text().into_owned(), kinds(&capture))
}

#[test]
fn deflated_and_stored_archives_open() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let members: [(&str, &[u8]); 4] = [
            ("raw/012_c.txt", REQUEST.as_bytes()),
            ("raw/012_s.txt", RESPONSE.as_bytes()),
            ("raw/012_m.xml", META.as_bytes()),
            ("_index.htm", b"<html>"),
        ];
        let bytes = archive_with(&members, SimpleFileOptions::default().compression_method(method));
        let capture = try_read(&bytes, None).unwrap();
        assert_eq!(
            (capture.creator.as_deref(), kinds(&capture)),
            (Some("Fiddler 5.0.20253.3311"), vec![])
        );
        let session = &capture.sessions[0];
        assert_eq!(
            (session.id.0, session.request.method.as_str(), session.host()),
            (12, "GET", "mail.contoso.com")
        );
        assert_eq!(
            (session.status(), session.response.as_ref().unwrap().body.text().as_ref()),
            (200, "ok")
        );
        assert_eq!(session.started.unwrap().to_rfc3339(), "2026-03-02T09:14:07+00:00");
    }
}

#[test]
fn odd_member_names_and_line_ends_are_understood() {
    let capture = read(&[
        ("RAW\\1_C.TXT", "GET /owa/ HTTP/1.1\nHost: mail.contoso.com\n\n"),
        ("raw\\1_s.txt", "HTTP/1.1 100 Continue\n\nHTTP/1.1 401\nX: 1\n\n"),
        (
            "raw/1_m.xml",
            "<Session BitFlags=\"0\"><SessionTimers ClientConnected=\"2026-03-02T09:14:07Z\"/></Session>",
        ),
    ]);
    let session = &capture.sessions[0];
    assert_eq!(
        (session.request.target.as_str(), session.status()),
        ("http://mail.contoso.com/owa/", 401)
    );
    assert_eq!(kinds(&capture), []);
}

#[test]
fn missing_parts_become_notes() {
    let capture = read(&[
        ("raw/1_c.txt", REQUEST),
        ("raw/2_s.txt", RESPONSE),
        ("raw/3_c.txt", ""),
        ("raw/1_m.xml", META),
        ("raw/4_m.xml", META),
    ]);
    let notes: Vec<_> = capture.notes.iter().map(|n| (n.session.map(|id| id.0), n.kind)).collect();
    assert_eq!(
        notes,
        [
            (Some(1), NoteKind::ResponseMissing),
            (Some(2), NoteKind::RequestMissing),
            (Some(2), NoteKind::TimeUnusable),
            (Some(3), NoteKind::RequestMissing),
            (Some(3), NoteKind::ResponseMissing),
            (Some(3), NoteKind::TimeUnusable),
        ]
    );
    // Nobody recorded times at all: said once.
    assert_eq!(
        kinds(&read(&[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE)])),
        [NoteKind::TimeUnusable]
    );
}

#[test]
fn a_number_met_twice_is_changed() {
    let capture = read(&[
        ("raw/1_c.txt", REQUEST),
        ("raw/1_s.txt", RESPONSE),
        ("raw/01_c.txt", REQUEST),
        ("raw/01_s.txt", RESPONSE),
        ("raw/2_c.txt", REQUEST),
        ("raw/2_s.txt", RESPONSE),
        ("raw/99999999999_c.txt", REQUEST),
        ("raw/99999999999_s.txt", RESPONSE),
    ]);
    assert_eq!(capture.sessions.iter().map(|s| s.id.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(kinds(&capture)[1..], [NoteKind::NumberChanged, NoteKind::NumberChanged]);
}

#[test]
fn lengths_and_codings_that_lie_are_put_right() {
    let text = |s: &str| s.to_owned();
    for (request, response, expected) in [
        (
            REQUEST,
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
            (BodyState::Truncated, text("abc"), vec![NoteKind::BodyTruncated]),
        ),
        (
            REQUEST,
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc",
            (BodyState::Complete, text("abc"), vec![]),
        ),
        (
            REQUEST,
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
            (BodyState::Complete, text(""), vec![]),
        ),
        (
            "HEAD https://mail.contoso.com/ HTTP/1.1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
            (BodyState::Complete, text(""), vec![]),
        ),
        (
            REQUEST,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            (BodyState::Complete, text("abc"), vec![]),
        ),
        (
            REQUEST,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nabc",
            (BodyState::Complete, text("abc"), vec![NoteKind::FieldRepaired]),
        ),
        (
            REQUEST,
            "HTTP/1.1 200 OK\r\nnonsense\r\n\r\nabc",
            (BodyState::Complete, text("abc"), vec![NoteKind::FieldRepaired]),
        ),
    ] {
        assert_eq!(body(request, response), expected, "{response}");
    }
}

#[test]
fn a_tunnel_keeps_the_recorders_text() {
    let (state, text, notes) = body(
        "CONNECT mail.contoso.com:443 HTTP/1.1\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nThis is a CONNECT tunnel",
    );
    assert_eq!(
        (state, text.as_str(), notes),
        (BodyState::Complete, "This is a CONNECT tunnel", vec![])
    );
    let capture = read(&[("raw/1_c.txt", "CONNECT mail.contoso.com:443 HTTP/1.1\r\n\r\n")]);
    assert!(capture.sessions[0].tunnel && capture.sessions[0].host() == "mail.contoso.com");
}

#[test]
fn an_encrypted_archive_needs_its_password() {
    let members: [(&str, &[u8]); 2] =
        [("raw/1_c.txt", REQUEST.as_bytes()), ("raw/1_s.txt", RESPONSE.as_bytes())];
    let aes = SimpleFileOptions::default().with_aes_encryption(AesMode::Aes256, "Winter2026!");
    let zip_crypto =
        SimpleFileOptions::default().with_deprecated_encryption(b"Winter2026!").unwrap();
    for options in [aes, zip_crypto] {
        let bytes = archive_with(&members, options);
        assert!(matches!(try_read(&bytes, None), Err(ImportError::PasswordRequired)));
        for n in 0..3 {
            let wrong = try_read(&bytes, Some(&format!("wrong{n}")));
            assert!(matches!(wrong, Err(ImportError::WrongPassword)), "{wrong:?}");
        }
        assert_eq!(try_read(&bytes, Some("Winter2026!")).unwrap().sessions.len(), 1);
    }
}

#[test]
fn a_damaged_member_loses_no_other() {
    let mut bytes = archive_with(
        &[
            ("raw/1_c.txt", REQUEST.as_bytes()),
            ("raw/1_s.txt", RESPONSE.as_bytes()),
            ("raw/2_c.txt", REQUEST.as_bytes()),
            ("raw/2_s.txt", RESPONSE.as_bytes()),
        ],
        SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
    );
    let at = bytes.windows(4).position(|window| window == b"owa/").unwrap();
    bytes[at] = b'O';
    let capture = try_read(&bytes, None).unwrap();
    assert_eq!(capture.sessions.len(), 2);
    assert!(kinds(&capture).contains(&NoteKind::MemberUnreadable));
    assert_eq!((capture.counts.partial, capture.counts.read), (1, 1));
}

#[test]
fn an_archive_cut_off_is_read_as_far_as_it_goes() {
    let whole = archive(&[
        ("raw/1_c.txt", REQUEST),
        ("raw/1_s.txt", RESPONSE),
        ("raw/2_c.txt", REQUEST),
        ("raw/2_s.txt", RESPONSE),
    ]);
    for cut in 0..whole.len() {
        if let Ok(capture) = try_read(&whole[..cut], None) {
            assert_eq!(capture.notes[0].kind, NoteKind::FileTruncated, "cut at {cut}");
        }
    }
    let directory = whole.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    assert_eq!(try_read(&whole[..directory], None).unwrap().sessions.len(), 2);
}

#[test]
fn an_archive_of_something_else_is_told() {
    assert!(matches!(
        try_read(&archive(&[("word/document.xml", "<x/>")]), None),
        Err(ImportError::NoSessions)
    ));
    assert!(matches!(try_read(b"PK\x03\x04 and then nothing", None), Err(ImportError::Zip(_))));
}

proptest! {
    #[test]
    fn any_messages_are_read_without_panic(
        request in prop::collection::vec(any::<u8>(), 0..100),
        response in prop::collection::vec(any::<u8>(), 0..100),
        meta in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let response = [b"HTTP/1.1 200 OK\r\n", response.as_slice()].concat();
        let members: [(&str, &[u8]); 3] = [("raw/1_c.txt", &request), ("raw/1_s.txt", &response), ("raw/1_m.xml", &meta)];
        let bytes = archive_with(&members, SimpleFileOptions::default());
        prop_assert_eq!(try_read(&bytes, None).unwrap().sessions.len(), 1);
    }

    #[test]
    fn a_flipped_byte_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = archive(&[("raw/1_c.txt", REQUEST), ("raw/1_s.txt", RESPONSE), ("raw/1_m.xml", META)]);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = try_read(&bytes, None);
    }
}

#[test]
fn large_bodies_stay_in_the_archive() {
    let text = "Message of the folder\r\n".repeat(2_000);
    let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
    let interim = format!("HTTP/1.1 100 Continue\r\n\r\n{response}");
    let members: Vec<(&str, &[u8])> = vec![
        ("raw/1_c.txt", REQUEST.as_bytes()),
        ("raw/1_s.txt", response.as_bytes()),
        ("raw/2_c.txt", REQUEST.as_bytes()),
        ("raw/2_s.txt", interim.as_bytes()),
    ];
    let plain = SimpleFileOptions::default();
    for (options, password) in
        [(plain, None), (plain.with_aes_encryption(AesMode::Aes256, "secret"), Some("secret"))]
    {
        let capture = try_read(&archive_with(&members, options), password).unwrap();
        for session in &capture.sessions {
            let body = &session.response.as_ref().unwrap().body;
            assert!(body.is_distant() && body.read().unwrap() == text.as_bytes());
            assert_eq!((body.len(), body.wire_size), (text.len(), Some(text.len() as u64)));
        }
    }
}
