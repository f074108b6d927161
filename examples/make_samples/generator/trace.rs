//! A told story becomes a capture, and the capture a file.

use hma_trace::{
    capture::{Capture, Session},
    export,
    http::{Body, Headers},
    import,
    redact::RedactedCapture,
};

use super::{Mistake, definition::Definition, template::Told};

/// Writes one trace; the extension of the file name is the format.
pub(crate) fn write(file: &str, told: &Told, definition: &Definition) -> Result<Vec<u8>, Mistake> {
    let wrong = |message: String| Mistake::new(&definition.source, message);
    let capture =
        RedactedCapture::of_synthetic(capture(&definition.source, told, &definition.without)?);
    match file.rsplit_once('.') {
        Some((_, "har")) => Ok(export::har::write(&capture)),
        Some((_, "saz")) => export::saz::write(&capture).map_err(|error| wrong(error.to_string())),
        _ => Err(wrong(format!("`{file}` is neither .har nor .saz"))),
    }
}

/// A told story as a recorder would have it.
pub(crate) fn capture(source: &str, told: &Told, without: &[String]) -> Result<Capture, Mistake> {
    let wrong = |message: String| Mistake::new(source, message);
    let mut capture =
        import::open_text(source, &told.text).map_err(|error| wrong(error.to_string()))?;
    check(&capture, told).map_err(wrong)?;
    for session in &mut capture.sessions {
        finish(session, without);
    }
    Ok(capture)
}

/// The notation must have been read as it was meant: a sample has no oddities.
fn check(capture: &Capture, told: &Told) -> Result<(), String> {
    if capture.sessions.len() != told.sessions {
        return Err(format!("{} sessions became {}", told.sessions, capture.sessions.len()));
    }
    match capture.notes.first() {
        Some(note) => Err(format!("session {:?}: {}", note.session, note.message)),
        None => Ok(()),
    }
}

/// What the notation abbreviates is written out: bytes, lengths; what the recorder left out goes.
fn finish(session: &mut Session, without: &[String]) {
    let request = &mut session.request;
    finish_message(&mut request.headers, &mut request.body, without);
    if let Some(response) = &mut session.response {
        finish_message(&mut response.headers, &mut response.body, without);
    }
}

fn finish_message(headers: &mut Headers, body: &mut Body, without: &[String]) {
    let bytes = unescape(&body.bytes());
    body.replace(bytes);
    for header in &mut *headers {
        if header.name.eq_ignore_ascii_case("content-length") && &*header.value == "*" {
            header.value = body.len().to_string().into();
        }
    }
    headers.retain(|header| !without.iter().any(|name| header.name.eq_ignore_ascii_case(name)));
}

/// `\x1f` in a body is that byte.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after
            .strip_prefix(b"x")
            .and_then(|hex| hex.split_at_checked(2))
            .filter(|_| first == b'\\')
            .and_then(|(hex, after)| {
                let hex = std::str::from_utf8(hex).ok()?;
                Some((u8::from_str_radix(hex, 16).ok()?, after))
            });
        let (byte, after) = escaped.unwrap_or((first, after));
        bytes.push(byte);
        rest = after;
    }
    bytes
}
