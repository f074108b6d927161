//! A session as a recorder would write it, and the two kinds of files that hold it.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Har,
    Saz,
}

/// What a recorder saw, and what it added on its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) request_headers: Vec<(String, String)>,
    pub(crate) request_body: Vec<u8>,
    pub(crate) status: u16,
    pub(crate) response_headers: Vec<(String, String)>,
    pub(crate) response_body: Vec<u8>,
    /// Members of a HAR entry beside those made of the above: JSON pointer of the parent, name, value.
    pub(crate) har: Vec<(&'static str, &'static str, Value)>,
    /// Flags of a SAZ session.
    pub(crate) flags: Vec<(&'static str, String)>,
    /// Members of a SAZ session beside `_c`, `_s` and `_m`: `w.txt`.
    pub(crate) members: Vec<(&'static str, Vec<u8>)>,
    /// A recorder that leaves the sent form out and writes its parameters only.
    pub(crate) params: Vec<(String, String)>,
}

impl Recorded {
    pub(crate) fn new() -> Self {
        Self {
            method: "POST".into(),
            url: "https://mail.contoso.com/other/".into(),
            status: 200,
            ..Self::default()
        }
    }

    pub(crate) fn sent(&mut self, name: &str, value: impl Into<String>) {
        self.request_headers.push((name.to_owned(), value.into()));
    }

    pub(crate) fn got(&mut self, name: &str, value: impl Into<String>) {
        self.response_headers.push((name.to_owned(), value.into()));
    }

    pub(crate) fn send(&mut self, content_type: &str, body: impl Into<Vec<u8>>) {
        self.sent("Content-Type", content_type);
        self.request_body = body.into();
    }

    pub(crate) fn get(&mut self, content_type: &str, body: impl Into<Vec<u8>>) {
        self.got("Content-Type", content_type);
        self.response_body = body.into();
    }
}

/// The file of a recorder.
pub(crate) fn file(sessions: &[Recorded], kind: Kind) -> Vec<u8> {
    match kind {
        Kind::Har => har(sessions),
        Kind::Saz => saz(sessions),
    }
}

fn har(sessions: &[Recorded]) -> Vec<u8> {
    let entries: Vec<Value> = sessions.iter().map(entry).collect();
    let log = json!({"log": {
        "version": "1.2", "creator": {"name": "WebInspector", "version": "537.36"}, "pages": [], "entries": entries,
    }});
    let mut log = log;
    for (session, number) in sessions.iter().zip(0..) {
        for (parent, name, value) in &session.har {
            let at = match *parent {
                "/pages" => {
                    let page = json!({"startedDateTime": "2026-03-02T09:14:07.120Z", "id": format!("page_{number}"),
                        "title": "x", "pageTimings": {}, *name: value});
                    log["log"]["pages"].as_array_mut().unwrap().push(page);
                    continue;
                }
                parent => format!("/log/entries/{number}{parent}"),
            };
            log.pointer_mut(&at).unwrap()[*name] = value.clone();
        }
    }
    log.to_string().into_bytes()
}

fn entry(session: &Recorded) -> Value {
    let headers = |headers: &[(String, String)]| {
        headers.iter().map(|(n, v)| json!({"name": n, "value": v})).collect::<Vec<_>>()
    };
    let mut request = json!({
        "method": session.method, "url": session.url, "httpVersion": "HTTP/1.1", "cookies": [], "queryString": [],
        "headers": headers(&session.request_headers), "headersSize": -1, "bodySize": session.request_body.len(),
    });
    let mime =
        session.request_headers.iter().find(|(n, _)| n == "Content-Type").map_or("", |(_, v)| v);
    if !session.params.is_empty() {
        let params: Vec<_> =
            session.params.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
        request["postData"] = json!({"mimeType": mime, "params": params});
    } else if !session.request_body.is_empty() {
        request["postData"] = text(&session.request_body);
        request["postData"]["mimeType"] = mime.into();
    }
    let mut content = text(&session.response_body);
    content["size"] = session.response_body.len().into();
    content["mimeType"] = "".into();
    json!({
        "startedDateTime": "2026-03-02T09:14:07.120Z", "time": 31.5, "request": request,
        "response": {
            "status": session.status, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(&session.response_headers), "content": content, "redirectURL": "",
            "headersSize": -1, "bodySize": session.response_body.len(),
        },
        "cache": {}, "timings": {"send": 1, "wait": 30, "receive": 0.5},
    })
}

fn text(body: &[u8]) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({"text": STANDARD.encode(body), "encoding": "base64"}),
    }
}

fn saz(sessions: &[Recorded]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    };
    for (session, number) in sessions.iter().zip(1..) {
        let line = format!("{} {} HTTP/1.1", session.method, session.url);
        add(
            &format!("raw/{number}_c.txt"),
            &message(&line, &session.request_headers, &session.request_body),
        );
        let line = format!("HTTP/1.1 {} OK", session.status);
        add(
            &format!("raw/{number}_s.txt"),
            &message(&line, &session.response_headers, &session.response_body),
        );
        let flags = session.flags.iter().fold(String::new(), |mut flags, (name, value)| {
            let value = quick_xml::escape::escape(value.as_str());
            let _ = write!(flags, "<SessionFlag N=\"{name}\" V=\"{value}\" />");
            flags
        });
        let meta = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Session SID=\"{number}\" BitFlags=\"1\"><SessionTimers ClientBeginRequest=\"2026-03-02T09:14:07.12Z\" ClientDoneResponse=\"2026-03-02T09:14:07.15Z\" /><SessionFlags>{flags}</SessionFlags></Session>"
        );
        add(&format!("raw/{number}_m.xml"), meta.as_bytes());
        for (ending, bytes) in &session.members {
            add(&format!("raw/{number}_{ending}"), bytes);
        }
    }
    let rows = sessions.iter().fold(String::new(), |mut rows, session| {
        let _ = write!(rows, "<tr><td>{}</td></tr>", session.url);
        rows
    });
    add("_index.htm", format!("<html>{rows}</html>").as_bytes());
    add("[Content_Types].xml", b"<Types />");
    zip.finish().unwrap().into_inner()
}

fn message(line: &str, headers: &[(String, String)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{line}\r\n");
    for (name, value) in headers {
        for value in value.lines() {
            text.extend([name, ": ", value, "\r\n"]);
        }
        if value.is_empty() {
            text.extend([name, ":\r\n"]);
        }
    }
    if !body.is_empty() {
        let _ = write!(text, "Content-Length: {}\r\n", body.len());
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}
