//! Files made to hurt: each ends in an opened capture with notes or in a clear error, in bounded memory and time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use hma_trace::capture::{Capture, NoteKind};
use hma_trace::import::{ImportError, Options, Progress, open_bytes};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The most that any of these may take; generous, for a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

const REQUEST: &str = "GET https://mail.contoso.com/owa/ HTTP/1.1\r\n\r\n";
const META: &str = "<Session BitFlags=\"1\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07Z\"/></Session>";

fn open(bytes: &[u8]) -> Result<Capture, ImportError> {
    let begun = Instant::now();
    let opened = open_bytes("hostile", bytes, Options::default(), &Progress::none());
    assert!(begun.elapsed() < PATIENCE, "took {:?}", begun.elapsed());
    opened
}

fn kinds(capture: &Capture) -> Vec<NoteKind> {
    capture.notes.iter().map(|note| note.kind).collect()
}

fn archive(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn saz(request: &[u8], response: &[u8], meta: &[u8]) -> Vec<u8> {
    let members = [("raw/1_c.txt", request), ("raw/1_s.txt", response), ("raw/1_m.xml", meta)];
    archive(&members, CompressionMethod::Deflated)
}

fn har(entries: &str) -> String {
    format!(r#"{{"log":{{"version":"1.2","entries":[{entries}]}}}}"#)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes of all bodies.
fn held(capture: &Capture) -> usize {
    let of = |s: &hma_trace::capture::Session| {
        s.request.body.len() + s.response.as_ref().map_or(0, |r| r.body.len())
    };
    capture.sessions.iter().map(of).sum()
}

#[test]
fn a_zip_bomb() {
    let mut response = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    response.resize(40 << 20, 0);
    let bytes = saz(REQUEST.as_bytes(), &response, META.as_bytes());
    assert!(bytes.len() < 200_000);
    let capture = open(&bytes).unwrap();
    assert!(held(&capture) <= 17 << 20, "{}", held(&capture));
    assert!(kinds(&capture).contains(&NoteKind::LimitReached), "{:?}", kinds(&capture));
    assert_eq!(capture.counts.partial, 1);
}

#[test]
fn a_gzip_bomb_as_a_body() {
    let bomb = gzip(&vec![0; 40 << 20]);
    let response = [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", bomb.as_slice()].concat();
    let capture = open(&saz(REQUEST.as_bytes(), &response, META.as_bytes())).unwrap();
    assert!(held(&capture) <= 17 << 20, "{}", held(&capture));
    assert_eq!(kinds(&capture), [NoteKind::LimitReached]);

    // Twice compressed, so that what comes out of the first is a bomb again.
    let response =
        [b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\n", gzip(&bomb).as_slice()]
            .concat();
    let capture = open(&saz(REQUEST.as_bytes(), &response, META.as_bytes())).unwrap();
    assert!(held(&capture) <= 17 << 20, "{}", held(&capture));
    assert_eq!(kinds(&capture), [NoteKind::LimitReached]);
}

#[test]
fn a_gzip_bomb_as_the_file() {
    // Blanks, which no capture is made of, and a HAR file behind them.
    let mut text = vec![b' '; 60 << 20];
    text.extend(har("").as_bytes());
    assert_eq!(open(&gzip(&text)).unwrap().sessions, []);
}

#[test]
fn codings_without_end() {
    let many = "gzip, ".repeat(100_000);
    let response = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {many}\r\n\r\nx");
    let capture = open(&saz(REQUEST.as_bytes(), response.as_bytes(), META.as_bytes())).unwrap();
    assert_eq!(kinds(&capture), [NoteKind::BodyUndecodable]);
}

#[test]
fn a_million_headers() {
    let headers = "A: b\r\n".repeat(1_000_000);
    let response = format!("HTTP/1.1 200 OK\r\n{headers}\r\nbody");
    let capture = open(&saz(REQUEST.as_bytes(), response.as_bytes(), META.as_bytes())).unwrap();
    let response = capture.sessions[0].response.as_ref().unwrap();
    assert_eq!((response.status, response.headers.len()), (200, 1_000_000));

    let headers = "A: b\n".repeat(200_000);
    let text = format!("GET https://a.example/ HTTP/1.1\n{headers}\nHTTP/1.1 200 OK\n");
    assert_eq!(open(text.as_bytes()).unwrap().sessions[0].request.headers.len(), 200_000);

    let headers = vec![r#"{"name":"A","value":"b"}"#; 200_000].join(",");
    let text = har(&format!(
        r#"{{"request":{{"method":"GET","url":"https://a.example/","headers":[{headers}]}}}}"#
    ));
    assert_eq!(open(text.as_bytes()).unwrap().sessions[0].request.headers.len(), 200_000);
}

#[test]
fn json_nested_without_end() {
    for depth in [100_000, 400_000] {
        for (open_with, close_with) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}1{}", open_with.repeat(depth), close_with.repeat(depth));
            let good = r#"{"request":{"method":"GET","url":"https://a.example/"},"response":{"status":200}}"#;
            let capture =
                open(har(&format!(r#"{{"request":{nested}}},{good}"#)).as_bytes()).unwrap();
            assert_eq!((capture.sessions.len(), capture.counts.skipped), (1, 1));
            assert!(open(nested.as_bytes()).is_err());
            let elsewhere = format!(r#"{{"log":{{"pages":{nested},"entries":[{good}]}}}}"#);
            assert_eq!(open(elsewhere.as_bytes()).unwrap().sessions.len(), 1);
            // Never closed.
            assert!(open(open_with.repeat(depth).as_bytes()).is_err());
            let unclosed = har(&format!(r#"{good},{{"request":{}"#, open_with.repeat(depth)));
            assert_eq!(open(unclosed.as_bytes()).unwrap().sessions.len(), 1);
        }
    }
}

#[test]
fn one_line_of_many_megabytes() {
    let long = "x".repeat(8 << 20);
    let text = format!("GET https://a.example/{long} HTTP/1.1\nA: {long}\n\nHTTP/1.1 200 OK\n");
    let capture = open(text.as_bytes()).unwrap();
    assert_eq!(capture.sessions[0].status(), 200);
    assert!(open(long.as_bytes()).is_err());
    assert!(open(format!("{{\"{long}").as_bytes()).is_err());
    let entry = format!(
        r#"{{"request":{{"method":"GET","url":"https://a.example/","comment":"{long}"}}}}"#
    );
    assert_eq!(open(har(&entry).as_bytes()).unwrap().sessions.len(), 1);
    // A line that could be split at thousands of places.
    let joined = format!("HTTP/1.1 200 OK {}", "Server: x ".repeat(6_000));
    let capture = open(joined.as_bytes()).unwrap();
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().headers.len(), 6_000);
}

#[test]
fn entities_in_the_session_file() {
    let laughs: String = (1..=9).fold("<!ENTITY l0 \"lol\">".to_owned(), |text, n| {
        let before = format!("&l{};", n - 1).repeat(10);
        format!("{text}<!ENTITY l{n} \"{before}\">")
    });
    let meta = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE Session [{laughs}<!ENTITY file SYSTEM \"file:///etc/passwd\">]>\
         <Session BitFlags=\"1\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07Z\"/><SessionFlags>\
         <SessionFlag N=\"ui-comments\" V=\"&l9;\"/><SessionFlag N=\"x-processinfo\" V=\"&file;\"/></SessionFlags></Session>"
    );
    let capture =
        open(&saz(REQUEST.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\n", meta.as_bytes())).unwrap();
    let session = &capture.sessions[0];
    assert!(session.comment.as_deref().unwrap_or_default().len() < 100);
    assert!(!session.process.as_deref().unwrap_or_default().contains("root"));
    assert_eq!(session.started.unwrap().to_rfc3339(), "2026-03-02T09:14:07+00:00");
    // Elements nested without end, attributes without end.
    let deep = "<a>".repeat(500_000);
    let wide = format!("<Session {}/>", "a=\"1\" ".repeat(300_000));
    for meta in [deep, wide] {
        let capture =
            open(&saz(REQUEST.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\n", meta.as_bytes())).unwrap();
        assert_eq!(kinds(&capture), [NoteKind::TimeUnusable]);
    }
}

#[test]
fn invalid_utf_8_everywhere() {
    let bad: &[u8] = b"\xC3(\xFF\xFE\x80";
    let request = [
        b"GET https://mail.contoso.com/",
        bad,
        b" HTTP/1.1\r\nX-",
        bad,
        b": ",
        bad,
        b"\r\n\r\n",
        bad,
    ]
    .concat();
    let response = [b"HTTP/1.1 200 ", bad, b"\r\nServer: ", bad, b"\r\n\r\n", bad].concat();
    let meta =
        [META.as_bytes(), bad, b"<SessionFlag N=\"ui-comments\" V=\"", bad, b"\"/>"].concat();
    let capture = open(&saz(&request, &response, &meta)).unwrap();
    assert_eq!(capture.sessions[0].status(), 200);
    assert_eq!(capture.sessions[0].response.as_ref().unwrap().body.bytes(), bad);

    let text = [request.as_slice(), b"\r\n\r\n", &response].concat();
    assert_eq!(open(&text).unwrap().sessions[0].status(), 200);

    let json = [
        &b"{\"log\":{\"creator\":{\"name\":\""[..],
        bad,
        b"\"},\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"https://a.example/",
        bad,
        b"\"},\"",
        bad,
        b"\":1}]}}",
    ]
    .concat();
    let capture = open(&json).unwrap();
    assert_eq!((capture.sessions.len(), kinds(&capture)[0]), (1, NoteKind::FieldRepaired));
}

#[test]
fn lengths_and_times_that_overflow() {
    let huge = [
        "18446744073709551615",
        "18446744073709551616",
        "-1",
        "99999999999999999999999999",
        "1e400",
        "0x7fffffffffffffff",
    ];
    for number in huge {
        let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {number}\r\n\r\nbody");
        let meta = format!(
            "<Session SID=\"{number}\" BitFlags=\"{number}\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07Z\" \
             ClientDoneResponse=\"+262142-12-31T23:59:59Z\" DNSTime=\"{number}\" TCPConnectTime=\"{number}\" HTTPSHandshakeTime=\"{number}\"/></Session>"
        );
        let capture = open(&saz(REQUEST.as_bytes(), response.as_bytes(), meta.as_bytes())).unwrap();
        assert_eq!(held(&capture), 4, "{number}");
        let _ = (capture.started(), capture.ended());

        let chunked = format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{number}\r\nbody\r\n0\r\n\r\n"
        );
        assert!(
            held(&open(&saz(REQUEST.as_bytes(), chunked.as_bytes(), META.as_bytes())).unwrap())
                < 100
        );
        for chunk in ["FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFFFF"] {
            let chunked =
                format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}\r\nbody\r\n");
            assert!(
                held(&open(&saz(REQUEST.as_bytes(), chunked.as_bytes(), META.as_bytes())).unwrap())
                    < 100
            );
        }

        let quoted = format!("\"{number}\"");
        for value in [number, &quoted] {
            let text = har(&format!(
                r#"{{"startedDateTime":"9999-12-31T23:59:59Z","time":{value},"timings":{{"blocked":{value},"wait":{value}}},"request":{{"method":"GET","url":"https://a.example/","bodySize":{value}}},"response":{{"status":{value},"bodySize":{value},"content":{{"size":{value},"text":"x"}}}}}}"#
            ));
            // JSON knows numbers that no computer does; then the entry is none, and the file has no other.
            match open(text.as_bytes()) {
                Ok(capture) => {
                    let _ = (capture.started(), capture.ended());
                    assert_eq!(capture.sessions.len() + capture.counts.skipped, 1);
                }
                Err(error) => assert!(matches!(error, ImportError::Json { .. }), "{error:?}"),
            }
        }
        let _ = open(
            format!("### {number} +{number}ms outlook:{number}\nGET https://a.example/ HTTP/1.1\n")
                .as_bytes(),
        );
    }
}

#[test]
fn times_at_the_edge_of_what_can_be_counted() {
    for started in [
        "9999-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z",
        "-262143-01-01T00:00:00Z",
        "+262142-12-31T23:59:59Z",
        "2016-12-31T23:59:60Z",
    ] {
        let text = har(&format!(
            r#"{{"startedDateTime":"{started}","time":2591999999,"request":{{"method":"GET","url":"https://a.example/"}},"response":{{"status":200}}}}"#
        ));
        let capture = open(text.as_bytes()).unwrap();
        let _ = (capture.started(), capture.ended(), capture.chronological().len());
        assert_eq!(capture.sessions.len(), 1);
    }
}

#[test]
fn members_that_overlap() {
    // Two entries of the directory that point to one member, as in bombs that need no nesting.
    let request = REQUEST.as_bytes();
    let mut bytes =
        archive(&[("raw/1_c.txt", request), ("raw/2_c.txt", request)], CompressionMethod::Stored);
    let entries: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == b"PK\x01\x02")
        .map(|(at, _)| at)
        .collect();
    bytes[entries[1] + 42..entries[1] + 46].fill(0);
    let capture = open(&bytes).unwrap();
    assert!(!capture.sessions.is_empty() && capture.sessions.len() <= 2);
    // The directory announces more than there is.
    let end = bytes.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    bytes[end + 8..end + 12].fill(0xFE);
    assert!(!open(&bytes).unwrap().sessions.is_empty());
}

#[test]
fn a_directory_of_nothing_but_headers() {
    // A hundred thousand headers that each announce the whole rest of the file, without a directory.
    let mut header = b"PK\x03\x04\x14\0\x08\0\x08\0\0\0\0\0".to_vec();
    header.extend([0; 12]);
    header.extend(11_u16.to_le_bytes());
    header.extend([0, 0]);
    header.extend(b"raw/1_c.txt");
    assert!(open(&header.repeat(100_000)).is_ok());
    // The same with sizes that are announced and not there.
    let mut liar = header.clone();
    liar[6] = 0;
    liar[18..22].fill(0xFF);
    liar[22..26].fill(0xFF);
    assert!(open(&liar.repeat(100_000)).is_ok());
    // Nothing but the marks of sizes.
    let marks = [header.as_slice(), &b"PK\x07\x08".repeat(1_000_000)].concat();
    assert!(open(&marks).is_ok());
}
