//! A large capture, written session by session: nothing but the session at hand is in memory.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use clap::ValueEnum;
use serde_json::{Value, json};
use zip::AesMode;
use zip::unstable::write::FileOptionsExt as _;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Opens what was encrypted.
pub(crate) const PASSWORD: &str = "contoso";

/// Seconds since 1970 of the first session: 2026-03-02T09:00:00Z.
const START: i64 = 1_772_442_000;

/// Sessions of one round: sign-in, then work.
const ROUND: u32 = 12;

/// The kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// HTTP Archive
    Har,
    /// Fiddler's session archive
    Saz,
}

/// How a SAZ is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encryption {
    /// The ZIP format's old encryption
    Zipcrypto,
    /// AES with a key of 128 bits
    Aes128,
    /// AES with a key of 256 bits
    Aes256,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// Number of sessions.
    pub(crate) sessions: u32,
    /// Decoded bytes of the body of each answer that has one.
    pub(crate) body_size: usize,
    /// Kind of file.
    pub(crate) format: Format,
    /// Only for a SAZ.
    pub(crate) encrypt: Option<Encryption>,
}

/// Writes the capture.
pub(crate) fn write(order: &Order, path: &Path) -> io::Result<()> {
    let out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    match order.format {
        Format::Har => har(order, out),
        Format::Saz => saz(order, out).map_err(io::Error::other),
    }
}

struct Session {
    number: u32,
    started: DateTime<Utc>,
    method: &'static str,
    url: String,
    request_headers: Vec<(&'static str, String)>,
    request_body: String,
    status: u16,
    reason: &'static str,
    response_headers: Vec<(&'static str, String)>,
    response_body: Vec<u8>,
}

impl Session {
    fn new(number: u32, body_size: usize) -> Self {
        let (round, place) = (number / ROUND, number % ROUND);
        let started = DateTime::from_timestamp(START, 0).unwrap_or_default()
            + TimeDelta::milliseconds(i64::from(number) * 40);
        let mut session = Self {
            number: number + 1,
            started,
            method: "POST",
            url: String::new(),
            request_headers: Vec::new(),
            request_body: String::new(),
            status: 200,
            reason: "OK",
            response_headers: Vec::new(),
            response_body: Vec::new(),
        };
        match place {
            0 => session.challenge(),
            1 => session.token(round),
            11 => session.elsewhere(body_size),
            5 | 9 => session.web_service(round, body_size),
            _ => session.mailbox(round, body_size),
        }
        session.common();
        session
    }

    fn challenge(&mut self) {
        "https://mail.contoso.com/mapi/emsmdb/?MailboxId=5f2b0000-0000-4000-8000-0000000000aa@contoso.com"
            .clone_into(&mut self.url);
        self.request_headers.push(("Authorization", "Bearer ".to_owned()));
        self.request_headers.push(("X-User-Identity", "user@contoso.com".to_owned()));
        (self.status, self.reason) = (401, "Unauthorized");
        let authority = "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/oauth2/authorize";
        self.response_headers.push((
            "WWW-Authenticate",
            format!("Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", trusted_issuers=\"00000001-0000-0000-c000-000000000000@11111111-2222-4333-8444-555555555555\", token_types=\"app_asserted_user_v1 service_asserted_app_v1\", authorization_uri=\"{authority}\",error=\"invalid_token\""),
        ));
    }

    fn token(&mut self, round: u32) {
        "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/oauth2/token"
            .clone_into(&mut self.url);
        self.request_body = format!(
            "grant_type=refresh_token&client_id=d3590ed6-52b3-4102-aeff-aad2292ab01c&resource=https%3A%2F%2Fmail.contoso.com%2F&refresh_token=0.AAAA{round:08}"
        );
        self.request_headers.push(("Content-Type", "application/x-www-form-urlencoded".to_owned()));
        let answer = json!({
            "token_type": "Bearer", "expires_in": "3599", "resource": "https://mail.contoso.com/",
            "access_token": token(round), "refresh_token": format!("0.AAAB{round:08}"),
        });
        self.response_headers.push(("Content-Type", "application/json; charset=utf-8".to_owned()));
        self.response_body = answer.to_string().into_bytes();
    }

    fn mailbox(&mut self, round: u32, body_size: usize) {
        "https://mail.contoso.com/mapi/emsmdb/?MailboxId=5f2b0000-0000-4000-8000-0000000000aa@contoso.com"
            .clone_into(&mut self.url);
        self.bearer(round);
        self.request_headers.push(("Content-Type", "application/mapi-http".to_owned()));
        self.request_headers.push(("X-RequestType", "Execute".to_owned()));
        self.response_headers.push(("Content-Type", "application/mapi-http".to_owned()));
        self.response_headers.push(("X-ResponseCode", "0".to_owned()));
        self.response_body = binary(self.number, body_size);
    }

    fn web_service(&mut self, round: u32, body_size: usize) {
        "https://mail.contoso.com/EWS/Exchange.asmx".clone_into(&mut self.url);
        self.bearer(round);
        self.request_headers.push(("Content-Type", "text/xml; charset=utf-8".to_owned()));
        self.response_headers.push(("Content-Type", "text/xml; charset=utf-8".to_owned()));
        self.response_body = markup(self.number, body_size);
    }

    fn elsewhere(&mut self, body_size: usize) {
        self.method = "GET";
        self.url = format!("https://www.fabrikam.example/news/{}?lang=en", self.number);
        self.response_headers.push(("Content-Type", "text/html; charset=utf-8".to_owned()));
        self.response_body = markup(self.number, body_size);
    }

    fn bearer(&mut self, round: u32) {
        self.request_headers.push(("Authorization", format!("Bearer {}", token(round))));
    }

    fn common(&mut self) {
        let (_, rest) = self.url.split_once("//").unwrap_or_default();
        let host = rest.split('/').next().unwrap_or_default().to_owned();
        let id = format!("{{8d5f0000-0000-4000-8000-{:012}}}:{}", self.number / ROUND, self.number);
        let agent = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)";
        self.request_headers.splice(
            0..0,
            [
                ("Host", host),
                ("Accept", "*/*".to_owned()),
                ("User-Agent", agent.to_owned()),
                ("X-ClientRequestId", id.clone()),
            ],
        );
        if self.method == "POST" {
            self.request_headers.push(("Content-Length", self.request_body.len().to_string()));
        }
        let common = [
            ("Server", "Microsoft-IIS/10.0".to_owned()),
            ("request-id", format!("6a1e0000-0000-4000-8000-{:012}", self.number)),
            ("X-FEServer", "EX1".to_owned()),
            ("X-BEServer", "EX1".to_owned()),
            ("Date", self.started.format("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            ("Content-Length", self.response_body.len().to_string()),
        ];
        // Only Exchange names its servers.
        let exchange = self.url.contains("mail.contoso.com");
        let own = |name: &str| exchange || !name.starts_with('X') && name != "request-id";
        self.response_headers.extend(common.into_iter().filter(|(name, _)| own(name)));
    }
}

/// A token nobody signed. It outlives some rounds, as real ones do.
fn token(round: u32) -> String {
    let number = round / 16;
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let (begin, end) = (START - 300, START + 86_400);
    let claims = json!({
        "aud": "https://mail.contoso.com/",
        "iss": "https://sts.windows.net/11111111-2222-4333-8444-555555555555/",
        "nbf": begin, "exp": end, "upn": "user@contoso.com", "uti": format!("{number:022}"),
    });
    format!("{}.{}.{:0<43}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims), "c2ln")
}

/// Bytes as MAPI sends them: a preface in text, then numbers and names that compress to about half.
fn binary(seed: u32, size: usize) -> Vec<u8> {
    let mut body = b"PROCESSING\r\nDONE\r\nX-ElapsedTime: 12\r\n\r\n".to_vec();
    if size == 0 {
        return Vec::new();
    }
    let mut state = u64::from(seed) | 0x9E37_79B9_0000_0000;
    while body.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        body.extend_from_slice(&state.to_le_bytes());
        body.extend_from_slice(b"\0\0I\0P\0M\0.\0N\0");
    }
    body.truncate(size);
    body
}

/// Text with markup.
fn markup(seed: u32, size: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(size + 160);
    let mut line = u64::from(seed);
    while body.len() < size {
        line = line.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        body.extend_from_slice(
            format!("<t:Message class=\"item\" id=\"{line:016x}\">Message {} of the folder</t:Message>\r\n", line % 1000)
                .as_bytes(),
        );
    }
    body.truncate(size);
    body
}

fn har(order: &Order, mut out: impl Write) -> io::Result<()> {
    write!(
        out,
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"large_capture\",\"version\":\"1\"}},\"entries\":["
    )?;
    for number in 0..order.sessions {
        let separator = if number == 0 { "\n" } else { ",\n" };
        write!(out, "{separator}{}", entry(&Session::new(number, order.body_size)))?;
    }
    writeln!(out, "\n]}}}}")?;
    out.flush()
}

fn entry(session: &Session) -> Value {
    let headers = |fields: &[(&str, String)]| -> Vec<Value> {
        fields.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
    };
    let kind = session.response_headers.iter().find(|(name, _)| *name == "Content-Type");
    let mut content = json!({
        "size": session.response_body.len(), "mimeType": kind.map_or("", |(_, kind)| kind.as_str()),
    });
    if !session.response_body.is_empty() {
        match std::str::from_utf8(&session.response_body) {
            Ok(text) if !text.starts_with("PROCESSING") => put(&mut content, "text", text.into()),
            _ => {
                put(&mut content, "encoding", "base64".into());
                put(&mut content, "text", STANDARD.encode(&session.response_body).into());
            }
        }
    }
    let mut request = json!({
        "method": session.method, "url": session.url, "httpVersion": "HTTP/1.1",
        "headers": headers(&session.request_headers), "headersSize": -1,
        "bodySize": session.request_body.len(),
    });
    if !session.request_body.is_empty() {
        let post = json!({ "mimeType": "application/x-www-form-urlencoded", "text": session.request_body });
        put(&mut request, "postData", post);
    }
    json!({
        "startedDateTime": session.started.to_rfc3339(), "time": 31.5, "request": request,
        "response": {
            "status": session.status, "statusText": session.reason, "httpVersion": "HTTP/1.1",
            "headers": headers(&session.response_headers), "content": content, "redirectURL": "",
            "headersSize": -1, "bodySize": session.response_body.len(),
        },
        "timings": { "blocked": 1, "dns": -1, "connect": 2, "ssl": 2, "send": 0, "wait": 20.25, "receive": 8.25 },
        "serverIPAddress": "203.0.113.7", "_process": "outlook:1234",
    })
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn saz(order: &Order, out: impl Write + io::Seek) -> zip::result::ZipResult<()> {
    let options = SimpleFileOptions::default();
    let options = match order.encrypt {
        None => options,
        Some(Encryption::Zipcrypto) => options.with_deprecated_encryption(PASSWORD.as_bytes())?,
        Some(Encryption::Aes128) => options.with_aes_encryption(AesMode::Aes128, PASSWORD),
        Some(Encryption::Aes256) => options.with_aes_encryption(AesMode::Aes256, PASSWORD),
    };
    let mut archive = ZipWriter::new(out);
    archive.set_comment("Fiddler (v5.0.20253.3311) Session Archive. See https://fiddler2.com")?;
    for number in 0..order.sessions {
        let session = Session::new(number, order.body_size);
        let path = session.url.splitn(4, '/').nth(3).unwrap_or_default();
        let request = format!("{} /{path} HTTP/1.1\r\n", session.method);
        let response = format!("HTTP/1.1 {} {}\r\n", session.status, session.reason);
        let number = session.number;
        for (suffix, content) in [
            ("c.txt", message(request, &session.request_headers, session.request_body.as_bytes())),
            ("m.xml", meta(&session).into_bytes()),
            ("s.txt", message(response, &session.response_headers, &session.response_body)),
        ] {
            archive.start_file(format!("raw/{number:06}_{suffix}"), options)?;
            archive.write_all(&content)?;
        }
    }
    archive.finish()?.flush()?;
    Ok(())
}

fn message(start: String, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let mut message = start;
    for (name, value) in headers {
        message.extend([name, ": ", value, "\r\n"]);
    }
    message.push_str("\r\n");
    [message.as_bytes(), body].concat()
}

fn meta(session: &Session) -> String {
    let at = |ms: i64| (session.started + TimeDelta::milliseconds(ms)).to_rfc3339();
    let (begin, sent, answered, done) = (at(0), at(3), at(23), at(31));
    format!(
        "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Session xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" SID=\"{}\" BitFlags=\"1\">\r\n  <SessionTimers ClientConnected=\"{begin}\" ClientBeginRequest=\"{begin}\" GotRequestHeaders=\"{begin}\" ClientDoneRequest=\"{begin}\" GatewayTime=\"0\" DNSTime=\"0\" TCPConnectTime=\"2\" HTTPSHandshakeTime=\"0\" ServerConnected=\"{begin}\" FiddlerBeginRequest=\"{begin}\" ServerGotRequest=\"{sent}\" ServerBeginResponse=\"{answered}\" GotResponseHeaders=\"{answered}\" ServerDoneResponse=\"{done}\" ClientBeginResponse=\"{done}\" ClientDoneResponse=\"{done}\" />\r\n  <PipeInfo />\r\n  <SessionFlags>\r\n    <SessionFlag N=\"x-processinfo\" V=\"outlook:1234\" />\r\n    <SessionFlag N=\"x-hostip\" V=\"203.0.113.7\" />\r\n    <SessionFlag N=\"x-egressport\" V=\"50123\" />\r\n    <SessionFlag N=\"x-clientip\" V=\"127.0.0.1\" />\r\n  </SessionFlags>\r\n</Session>",
        session.number
    )
}
