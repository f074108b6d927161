//! Fiddler's session archive: a ZIP file with the messages as text, `raw/NN_c.txt` and `raw/NN_s.txt`, and what Fiddler
//! knows of them, `raw/NN_m.xml`. Bodies are written decoded, so the headers that announce a coding are left out. Numbers
//! stay. The same capture gives the same bytes.

use std::fmt::Write as _;
use std::io::{Cursor, Seek, Write};

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use quick_xml::escape::escape;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, DateTime as ZipTime, System, ZipWriter};

use super::VERSION;
use crate::capture::{Capture, Response, Session};
use crate::http::{Body, BodyState, Headers, Secret};
use crate::redact::RedactedCapture;

/// How Fiddler writes a time that is not known.
const UNSET: &str = "0001-01-01T00:00:00";
/// Fiddler's flag for a session over TLS.
const IS_HTTPS: u32 = 1;
/// Headers that announce a coding which is undone.
const CODINGS: [&str; 3] = ["transfer-encoding", "content-encoding", "content-length"];

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\r\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\r\n\
<Default Extension=\"htm\" ContentType=\"text/html\" />\r\n\
<Default Extension=\"xml\" ContentType=\"application/xml\" />\r\n\
<Default Extension=\"txt\" ContentType=\"text/plain\" />\r\n</Types>";

/// The capture as a SAZ file.
pub fn write(redacted: &RedactedCapture) -> Result<Vec<u8>, ZipError> {
    write_encrypted(redacted, None)
}

/// The capture as a SAZ file, encrypted (AES-256) if there is a password. Encryption makes the bytes differ each time.
pub fn write_encrypted(
    redacted: &RedactedCapture,
    password: Option<&Secret>,
) -> Result<Vec<u8>, ZipError> {
    Ok(write_to(redacted, password, Cursor::new(Vec::new()))?.into_inner())
}

/// Writes the capture as a SAZ file.
pub(super) fn write_to<W: Write + Seek>(
    redacted: &RedactedCapture,
    password: Option<&Secret>,
    out: W,
) -> Result<W, ZipError> {
    let capture = redacted.capture();
    let mut zip = ZipWriter::new(out);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(ZipTime::default())
        // Whatever system this is: the same capture gives the same bytes.
        .system(System::Unix);
    let file = match password {
        Some(password) => options.with_aes_encryption(AesMode::Aes256, password.reveal()),
        None => options,
    };
    let width = capture.sessions.iter().map(|s| s.id.0.to_string().len()).max().unwrap_or(1);
    zip.add_directory("raw/", options.compression_method(CompressionMethod::Stored))?;
    for session in &capture.sessions {
        for (kind, bytes) in [
            ("c.txt", request(session)),
            ("m.xml", meta(session).into_bytes()),
            ("s.txt", session.response.as_ref().map(|r| response(session, r)).unwrap_or_default()),
        ] {
            zip.start_file(format!("raw/{:0width$}_{kind}", session.id.0), file)?;
            zip.write_all(&bytes)?;
        }
    }
    for (name, text) in
        [("[Content_Types].xml", CONTENT_TYPES), ("_index.htm", &index(capture, width))]
    {
        zip.start_file(name, file)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.set_comment(comment(capture))?;
    zip.finish()
}

/// The archive's comment, from which readers learn the recorder: `Fiddler (v5.0.20253.3311) Session Archive. …`.
fn comment(capture: &Capture) -> String {
    let (name, version) = capture
        .creator
        .as_deref()
        .and_then(|creator| creator.rsplit_once(' '))
        .filter(|(name, version)| {
            version.starts_with(|c: char| c.is_ascii_digit())
                && !name.contains('(')
                && version.len() + name.len() < 100
        })
        .unwrap_or(("hma-trace", VERSION));
    format!("{name} (v{version}) Session Archive. See https://fiddler2.com")
}

fn request(session: &Session) -> Vec<u8> {
    let request = &session.request;
    let target = request.target.as_str();
    let line = format!(
        "{} {} {}",
        or(&one_word(&request.method), "GET"),
        or(&one_word(target), "/"),
        version(&request.version)
    );
    message(&line, &request.headers, &request.body, false)
}

fn response(session: &Session, response: &Response) -> Vec<u8> {
    let line = format!(
        "{} {:03} {}",
        version(&response.version),
        response.status,
        one_line(&response.reason)
    );
    // Answers that never have a body say what length it would have.
    let bare = matches!(session.request.method.as_str(), "HEAD" | "CONNECT")
        || matches!(response.status, 100..200 | 204 | 304);
    message(line.trim_end(), &response.headers, &response.body, bare)
}

fn message(line: &str, headers: &Headers, body: &Body, bare: bool) -> Vec<u8> {
    let mut head = format!("{line}\r\n");
    for field in headers {
        let name = field.name.to_ascii_lowercase();
        if !bare && CODINGS.contains(&name.as_str()) {
            continue;
        }
        // Several cookies in one value, line by line, are several fields.
        for value in field.value.split(['\r', '\n']).map(str::trim) {
            if !value.is_empty() || field.value.is_empty() {
                let _ = write!(head, "{}: {value}\r\n", one_line(&field.name));
            }
        }
    }
    let announced = headers.get("content-length").and_then(|length| length.parse::<u64>().ok());
    let length = body.len() as u64;
    let told = match body.state {
        BodyState::Truncated | BodyState::Dropped => announced.unwrap_or(length).max(length),
        _ => length,
    };
    let was_announced = announced.is_some() || headers.contains("transfer-encoding") || told > 0;
    if !bare && was_announced {
        let _ = write!(head, "Content-Length: {told}\r\n");
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(&body.bytes());
    bytes
}

fn meta(session: &Session) -> String {
    let https = session.request.target.scheme() == "https";
    let mut flags = Vec::new();
    let mut flag = |name: &str, value: &str| {
        flags.push(format!(
            "    <SessionFlag N=\"{name}\" V=\"{}\" />\r\n",
            escape(one_line(value).as_str())
        ));
    };
    for (name, value) in [
        ("x-processinfo", &session.process),
        ("x-hostip", &session.server_address),
        ("ui-comments", &session.comment),
    ] {
        if let Some(value) = value {
            flag(name, value);
        }
    }
    if let Some(mark) = session.mark {
        flag("ui-color", mark.id());
    }
    if let Some(error) = &session.error {
        flag("x-aborted-when", error.strip_prefix("aborted: ").unwrap_or(error));
    }
    if session.request.body.state == BodyState::Dropped {
        flag("log-drop-request-body", "1");
    }
    if session.response.as_ref().is_some_and(|r| r.body.state == BodyState::Dropped) {
        flag("log-drop-response-body", "1");
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session SID=\"{}\" BitFlags=\"{:x}\">\r\n  {}\r\n  <PipeInfo />\r\n  <SessionFlags>\r\n{}  </SessionFlags>\r\n</Session>",
        session.id,
        if https { IS_HTTPS } else { 0 },
        timers(session),
        flags.concat()
    )
}

/// The times, so that a reader gets the same durations back.
fn timers(session: &Session) -> String {
    let timing = &session.timing;
    let start = session.started;
    let after = |parts: &[Option<TimeDelta>]| {
        let sum =
            parts.iter().flatten().try_fold(TimeDelta::zero(), |sum, part| sum.checked_add(part));
        start.and_then(|start| start.checked_add_signed(sum?))
    };
    let told = |known: bool, at: Option<DateTime<Utc>>| {
        at.filter(|_| known).map_or_else(|| UNSET.into(), instant)
    };
    let (connect, send, wait, receive) = (timing.connect, timing.send, timing.wait, timing.receive);
    let mut text = "<SessionTimers".to_owned();
    for (name, time) in [
        ("ClientConnected", told(true, start)),
        ("ClientBeginRequest", told(true, start)),
        ("GotRequestHeaders", told(true, start)),
        ("ClientDoneRequest", told(true, start)),
        ("FiddlerBeginRequest", told(send.is_some(), after(&[connect]))),
        ("ServerGotRequest", told(send.is_some() || wait.is_some(), after(&[connect, send]))),
        (
            "ServerBeginResponse",
            told(wait.is_some() || receive.is_some(), after(&[connect, send, wait])),
        ),
        ("ServerDoneResponse", told(receive.is_some(), after(&[connect, send, wait, receive]))),
        ("ClientDoneResponse", told(timing.total.is_some(), after(&[timing.total]))),
    ] {
        let _ = write!(text, " {name}=\"{time}\"");
    }
    let ms = |part: Option<TimeDelta>| part.map_or(0, |part| part.num_milliseconds().max(0));
    let (dns, tls) = (ms(timing.dns), ms(timing.tls));
    let connect = (ms(connect) - dns - tls).max(0);
    let _ = write!(
        text,
        " GatewayTime=\"0\" DNSTime=\"{dns}\" TCPConnectTime=\"{connect}\" HTTPSHandshakeTime=\"{tls}\" />"
    );
    text
}

/// An instant with the seven digits of Fiddler.
fn instant(at: DateTime<Utc>) -> String {
    format!("{}.{:07}Z", at.format("%Y-%m-%dT%H:%M:%S"), at.nanosecond() % 1_000_000_000 / 100)
}

fn index(capture: &Capture, width: usize) -> String {
    let mut page = "<html><head><style>body,thead,td,a,p{font-family:verdana,sans-serif;font-size: 10px;}</style></head><body><table cols=12><thead><tr><th>&nbsp;</th><th>#</th><th>Result</th><th>Protocol</th><th>Host</th><th>URL</th><th>Body</th><th>Caching</th><th>Content-Type</th><th>Process</th><th>Comments</th><th>Custom</th></tr></thead><tbody>".to_owned();
    for session in &capture.sessions {
        let number = session.id.0;
        let _ = write!(page, "<tr><td>");
        for (letter, file) in [("C", "c.txt"), ("S", "s.txt"), ("M", "m.xml")] {
            let _ = write!(page, "<a href='raw\\{number:0width$}_{file}'>{letter}</a>&nbsp;");
        }
        let target = &session.request.target;
        let length = session.response.as_ref().map_or(0, |r| r.body.len());
        let cells = [
            number.to_string(),
            session.status().to_string(),
            target.scheme().to_ascii_uppercase(),
            session.host().to_owned(),
            target.path().to_owned(),
            length.to_string(),
            session.response_header("cache-control").unwrap_or_default().to_owned(),
            session.response_header("content-type").unwrap_or_default().to_owned(),
            session.process.clone().unwrap_or_default(),
            session.comment.clone().unwrap_or_default(),
            String::new(),
        ];
        page.push_str("</td>");
        for cell in cells {
            let _ = write!(page, "<td>{}</td>", escape(cell.as_str()));
        }
        page.push_str("</tr>");
    }
    page.push_str("</tbody></table></body></html>");
    page
}

/// A version as a message's first line must have it, or readers take it for a part of the address: browsers write `h2`,
/// `http/2.0`, `unknown`.
fn version(recorded: &str) -> String {
    let upper = one_word(recorded).to_ascii_uppercase();
    match upper.as_str() {
        "H2" | "SPDY" => "HTTP/2".to_owned(),
        "H3" | "QUIC" => "HTTP/3".to_owned(),
        _ if upper.starts_with("HTTP/") => upper,
        _ => "HTTP/1.1".to_owned(),
    }
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn one_word(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::capture::{Capture, Format, Response, Session, SessionId};
    use crate::http::{Body, Target};
    use crate::redact::RedactedCapture;
    use std::io::{Cursor, Read as _};

    fn capture() -> Capture {
        let mut capture = Capture::new("a.saz", Format::Saz);
        capture.creator = Some("Fiddler 5.0.20253.3311".into());
        for number in [3, 12] {
            let mut session = Session::new(SessionId(number));
            session.request.method = "POST".into();
            session.request.target = Target::new("https://mail.contoso.com/mapi/emsmdb/");
            session.request.headers.push("Authorization", "Bearer");
            session.started = Some("2026-03-02T09:14:07.1204567Z".parse().unwrap());
            session.timing.total = Some(chrono::TimeDelta::milliseconds(31));
            session.process = Some("outlook:<1>".into());
            let mut response =
                Response { status: 401, reason: "Unauthorized".into(), ..Response::default() };
            response.headers.push("Transfer-Encoding", "chunked");
            response.headers.push("Set-Cookie", "a=1\nb=2");
            response.body = Body::new("hello");
            session.response = Some(response);
            capture.sessions.push(session);
        }
        capture
    }

    fn member(bytes: &[u8], name: &str) -> String {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn members_are_named_and_written_like_fiddlers() {
        let redacted = RedactedCapture::of_synthetic(capture());
        let bytes = write(&redacted).unwrap();
        assert_eq!(bytes, write(&redacted).unwrap(), "the same bytes each time");
        assert_eq!(
            member(&bytes, "raw/03_s.txt"),
            "HTTP/1.1 401 Unauthorized\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 5\r\n\r\nhello"
        );
        assert_eq!(
            member(&bytes, "raw/12_c.txt"),
            "POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\r\nAuthorization: Bearer\r\n\r\n"
        );
        let meta = member(&bytes, "raw/12_m.xml");
        assert!(
            meta.contains("SID=\"12\" BitFlags=\"1\"") && meta.contains("V=\"outlook:&lt;1&gt;\"")
        );
        assert!(meta.contains("ClientBeginRequest=\"2026-03-02T09:14:07.1204567Z\""));
        assert!(meta.contains("ServerGotRequest=\"0001-01-01T00:00:00\""));
        let zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert!(zip.comment().starts_with(b"Fiddler (v5.0.20253.3311) Session Archive."));
    }
}
