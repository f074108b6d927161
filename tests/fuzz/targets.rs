//! What is fed: one function a parser, shared by the mutator of this folder and by cargo-fuzz (`fuzz/`).

use std::io::{Cursor, Write as _};

use hma_trace::analysis::Analysis;
use hma_trace::http::{
    Authorization, Challenges, Diagnostics, Headers, mask, request_cookies, response_cookies,
};
use hma_trace::import::{Budget, Options, Progress, Recorded, decode_body, open_bytes};
use hma_trace::jwt::{Keys, Token, find, verify};
use hma_trace::report;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Opens a capture and takes it through the whole analysis.
pub(crate) fn capture(bytes: &[u8]) {
    if let Ok(capture) = open_bytes("fuzz", bytes, Options::default(), &Progress::none()) {
        let counts = capture.counts;
        assert_eq!(counts.read + counts.repaired + counts.partial, capture.sessions.len());
        let analysis = Analysis::of(capture, &Keys::default());
        assert!(report::analysis_json(&analysis).ends_with("}\n"));
    }
}

/// Opens a SAZ whose members are the pieces between zero bytes: requests, responses and session files in turn.
pub(crate) fn members(bytes: &[u8]) {
    capture(&archive(bytes.split(|byte| *byte == 0).take(60).enumerate().map(|(at, content)| {
        let kind = ["c.txt", "s.txt", "m.xml"][at % 3];
        (format!("raw/{}_{kind}", at / 3 + 1), content)
    })));
}

/// A ZIP file of stored members.
pub(crate) fn archive<C: AsRef<[u8]>>(members: impl Iterator<Item = (String, C)>) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(name, stored).unwrap();
        writer.write_all(content.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Decodes a body in every coding.
pub(crate) fn content(bytes: &[u8]) {
    for coding in ["gzip", "deflate", "br", "zstd", "gzip, br", "identity"] {
        for transfer in ["", "chunked", "gzip, chunked"] {
            let mut headers = Headers::new();
            headers.push("Content-Encoding", coding);
            headers.push("Transfer-Encoding", transfer);
            for recorded in [Recorded::OnTheWire, Recorded::Decoded] {
                let decoded = decode_body(bytes.to_vec(), &headers, recorded, &Budget::default());
                assert!(decoded.body.len() <= 32 << 20);
            }
        }
    }
}

/// Reads header values as challenges, diagnostics, credentials and cookies, and masks them.
pub(crate) fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut headers = Headers::new();
    for name in ["WWW-Authenticate", "x-ms-diagnostics", "Authorization", "Cookie", "Set-Cookie"] {
        headers.push(name, text.as_ref());
        let _ = mask::header_value(name, &text);
    }
    for challenge in &Challenges::of(&headers) {
        let _ = (challenge.authorization_uri(), challenge.trusted_issuers());
    }
    if let Some(diagnostics) = Diagnostics::of(&headers) {
        let _ = diagnostics.quoted();
    }
    let _ = (Authorization::of(&headers), request_cookies(&headers), response_cookies(&headers));
    let _ = (mask::url(&text), mask::parameters(&text));
}

/// Reads tokens and keys.
pub(crate) fn tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let keys = Keys::from_jwks(&text).unwrap_or_default();
    let tokens = find(&text).into_iter().map(|(_, token)| token).chain([Token::read(&text)]);
    for token in tokens {
        if let Token::Jwt(jwt) = token {
            let _ = (jwt.actor_token(), jwt.audience(), jwt.expires(), verify(&jwt, &keys));
        }
    }
}
