//! Bodies in a HAR file: `postData` and `content`, mostly decoded by the recorder, sometimes in base64, often left out.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::entry::pairs;
use super::field::{count, take, text};
use crate::capture::NoteKind;
use crate::http::{Body, BodyState, Headers};
use crate::import::gather::Oddities;
use crate::import::{Budget, Recorded, decode_body};

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What stands between the parts of a multipart body whose own boundary was not recorded.
const BOUNDARY: &str = "boundary";

/// The body of a request: `postData.text`, else made from `postData.params`.
pub(super) fn of_request(
    request: &mut Value,
    headers: &Headers,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Body {
    let wire_size = count(request, "bodySize");
    let mut post = take(request, "postData");
    if post.is_string() {
        // `postData` as the text itself.
        post = serde_json::json!({ "text": post });
    }
    if let Some(text) = text(&mut post, "text") {
        let encoding = super::field::text(&mut post, "encoding");
        return recorded(text, encoding.as_deref(), wire_size, headers, budget, oddities);
    }
    let mime = text(&mut post, "mimeType")
        .or_else(|| headers.get("content-type").map(str::to_owned))
        .unwrap_or_default();
    let params = pairs(&mut post, "params");
    if !params.is_empty() {
        return Body { bytes: from_params(params, &mime), state: BodyState::Complete, wire_size };
    }
    absent(wire_size, wire_size.unwrap_or(0) > 0)
}

/// The body of a response: `content.text`. A `bare` response has none, whatever its size says.
pub(super) fn of_response(
    response: &mut Value,
    headers: &Headers,
    bare: bool,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Body {
    let wire_size = count(response, "bodySize");
    let mut content = take(response, "content");
    if let Some(text) = text(&mut content, "text") {
        let encoding = super::field::text(&mut content, "encoding");
        return recorded(text, encoding.as_deref(), wire_size, headers, budget, oddities);
    }
    let size = count(&content, "size").or(wire_size).unwrap_or(0);
    let elsewhere = text(&mut content, "_file").is_some();
    absent(wire_size, !bare && (size > 0 || elsewhere))
}

fn absent(wire_size: Option<u64>, dropped: bool) -> Body {
    let state = if dropped { BodyState::Dropped } else { BodyState::Complete };
    Body { bytes: Vec::new(), state, wire_size }
}

fn recorded(
    text: String,
    encoding: Option<&str>,
    wire_size: Option<u64>,
    headers: &Headers,
    budget: &mut Budget,
    oddities: &mut Oddities,
) -> Body {
    let mut bytes = text.into_bytes();
    // Recorders also write the character set here (`utf-8`), which changes nothing.
    if encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64")) {
        let Some(decoded) = base64(&bytes) else {
            oddities.add(
                NoteKind::BodyUndecodable,
                "A body is said to be base64 and is not; it was taken as it is",
            );
            return Body { bytes, state: BodyState::Coded, wire_size };
        };
        bytes = decoded;
    }
    budget.spend(bytes.len());
    let decoded = decode_body(bytes, headers, Recorded::Decoded, budget);
    for (kind, message) in decoded.oddities {
        oddities.add(kind, message);
    }
    Body { wire_size, ..decoded.body }
}

/// Either alphabet, with or without padding and line breaks.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(text) {
        return Some(bytes);
    }
    let joined: Vec<u8> = text.iter().copied().filter(|byte| !b"\r\n\t".contains(byte)).collect();
    STANDARD.decode(&joined).or_else(|_| URL_SAFE.decode(&joined)).ok()
}

/// A body again as the form says that its parameters were sent.
fn from_params(params: Vec<(String, Value)>, mime: &str) -> Vec<u8> {
    if !mime.to_ascii_lowercase().starts_with("multipart/") {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, mut param) in params {
            form.append_pair(&name, &text(&mut param, "value").unwrap_or_default());
        }
        return form.finish().into_bytes();
    }
    let boundary = mime
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("boundary"))
        .map_or(BOUNDARY, |(_, value)| value.trim_matches('"'));
    let mut body = String::new();
    for (name, mut param) in params {
        body.extend(["--", boundary, "\r\nContent-Disposition: form-data; name=\"", &name, "\""]);
        if let Some(file) = text(&mut param, "fileName") {
            body.extend(["; filename=\"", &file, "\""]);
        }
        if let Some(kind) = text(&mut param, "contentType") {
            body.extend(["\r\nContent-Type: ", &kind]);
        }
        let value = text(&mut param, "value").unwrap_or_default();
        body.extend(["\r\n\r\n", &value, "\r\n"]);
    }
    body.extend(["--", boundary, "--\r\n"]);
    body.into_bytes()
}
