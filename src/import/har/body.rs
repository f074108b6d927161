//! Bodies in a HAR file: `postData` and `content`, mostly decoded by the recorder, sometimes in base64, often left out.

use std::borrow::Cow;
use std::sync::Arc;

use super::distant::{HarBody, Outline, Unescaped, string};
use super::fields::{BodyText, Param, Post, Request, Response, filled};
use crate::capture::NoteKind;
use crate::http::{Body, BodyState, Headers};
use crate::import::gather::Oddities;
use crate::import::shared::SharedTexts;
use crate::import::source::Source;
use crate::import::{Budget, Recorded, content, decode_body, kept_in_memory};

/// What stands between the parts of a multipart body whose own boundary was not recorded.
const BOUNDARY: &str = "boundary";

/// What is at hand while an entry is read.
pub(super) struct Reader<'a> {
    pub(super) texts: &'a mut SharedTexts,
    pub(super) budget: &'a Budget,
    pub(super) oddities: Oddities,
    /// The piece of the file that the entry stands in.
    pub(super) piece: Piece<'a>,
}

/// A piece of the file.
#[derive(Clone, Copy)]
pub(super) struct Piece<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) base: u64,
    pub(super) bytes: &'a [u8],
}

impl Piece<'_> {
    /// Where a part of the piece lies in the file.
    fn place_of(&self, part: &str) -> Option<u64> {
        let offset = part.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr())?;
        (offset <= self.bytes.len()).then_some(self.base + offset as u64)
    }
}

/// The body of a request: `postData.text`, else made from `postData.params`.
pub(super) fn of_request(request: Request<'_>, headers: &Headers, reader: &mut Reader<'_>) -> Body {
    let wire_size = request.body_size.0;
    let Post { text, encoding, mime, params } = request.post.unwrap_or_default();
    if !matches!(text, BodyText::Absent) {
        return recorded(text, filled(encoding).as_deref(), wire_size, headers, reader);
    }
    if params.iter().any(|param| !param.name.0.is_empty()) {
        let mime = filled(mime)
            .or_else(|| headers.get("content-type").map(Cow::Borrowed))
            .unwrap_or_default();
        return Body::new(from_params(params, &mime)).with_wire_size(wire_size);
    }
    absent(wire_size, wire_size.unwrap_or(0) > 0)
}

/// The body of a response: `content.text`. A `bare` response has none, whatever its size says.
pub(super) fn of_response(
    response: Response<'_>,
    headers: &Headers,
    bare: bool,
    reader: &mut Reader<'_>,
) -> Body {
    let wire_size = response.body_size.0;
    let content = response.content.unwrap_or_default();
    if !matches!(content.text, BodyText::Absent) {
        let encoding = filled(content.encoding);
        return recorded(content.text, encoding.as_deref(), wire_size, headers, reader);
    }
    let size = content.size.0.or(wire_size).unwrap_or(0);
    let elsewhere = filled(content.file).is_some();
    absent(wire_size, !bare && (size > 0 || elsewhere))
}

fn absent(wire_size: Option<u64>, dropped: bool) -> Body {
    let state = if dropped { BodyState::Dropped } else { BodyState::Complete };
    Body::empty().with_state(state).with_wire_size(wire_size)
}

fn recorded(
    text: BodyText<'_>,
    encoding: Option<&str>,
    wire_size: Option<u64>,
    headers: &Headers,
    reader: &mut Reader<'_>,
) -> Body {
    // Recorders also write the character set here (`utf-8`), which changes nothing.
    let is_base64 = encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"));
    let (place, text) = match text {
        BodyText::Absent => return absent(wire_size, false),
        BodyText::Read(text) => (None, text),
        BodyText::Raw(raw) => {
            let place = reader.piece.place_of(raw).map(|at| HarBody {
                source: Arc::clone(reader.piece.source),
                at,
                length: raw.len(),
                is_base64,
                codings: content::codings(headers),
            });
            if !kept_in_memory(raw.len())
                && let Some(place) = &place
                && let Some(Outline { length, start }) = Outline::of(raw, is_base64)
                && !kept_in_memory(length)
                && content::leaves_alone(&start, headers)
            {
                return Body::distant(length, Arc::new(place.clone())).with_wire_size(wire_size);
            }
            // The entry was parsed: the string is one.
            let Unescaped { text, repaired } =
                string(raw.as_bytes()).unwrap_or(Unescaped { text: String::new(), repaired: true });
            if repaired {
                let message = "A body holds broken characters; they were replaced";
                reader.oddities.add(NoteKind::FieldRepaired, message);
            }
            (place, text)
        }
    };
    let mut bytes = text.into_bytes();
    if is_base64 {
        let Some(decoded) = super::distant::base64(&bytes) else {
            reader.oddities.add(
                NoteKind::BodyUndecodable,
                "A body is said to be base64 and is not; it was taken as it is",
            );
            return Body::new(bytes).with_state(BodyState::Coded).with_wire_size(wire_size);
        };
        bytes = decoded;
    }
    reader.budget.spend(bytes.len());
    let decoded = decode_body(bytes, headers, Recorded::Decoded, reader.budget);
    for (kind, message) in decoded.oddities {
        reader.oddities.add(kind, message);
    }
    let mut body = decoded.body;
    if let (false, Some(place)) = (kept_in_memory(body.len()), place) {
        body = Body::distant(body.len(), Arc::new(place)).with_state(body.state);
    }
    body.with_wire_size(wire_size)
}

/// A body again as the form says that its parameters were sent.
fn from_params(params: Vec<Param<'_>>, mime: &str) -> Vec<u8> {
    let params = params.into_iter().filter(|param| !param.name.0.is_empty());
    if !mime.to_ascii_lowercase().starts_with("multipart/") {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for param in params {
            form.append_pair(&param.name.0, &filled(param.value).unwrap_or_default());
        }
        return form.finish().into_bytes();
    }
    let boundary = mime
        .split(';')
        .filter_map(|part| part.trim().split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("boundary"))
        .map_or(BOUNDARY, |(_, value)| value.trim_matches('"'));
    let mut body = String::new();
    for Param { name, value, file, kind } in params {
        let name = &*name.0;
        body.extend(["--", boundary, "\r\nContent-Disposition: form-data; name=\"", name, "\""]);
        if let Some(file) = filled(file) {
            body.extend(["; filename=\"", &file, "\""]);
        }
        if let Some(kind) = filled(kind) {
            body.extend(["\r\nContent-Type: ", &kind]);
        }
        body.extend(["\r\n\r\n", &filled(value).unwrap_or_default(), "\r\n"]);
    }
    body.extend(["--", boundary, "--\r\n"]);
    body.into_bytes()
}
