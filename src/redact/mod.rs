//! A capture that is safe to share. Secrets are taken out where they live, by structure; then every value that was taken
//! out, and every name, is replaced wherever else it stands. What cannot be looked into does not stay.

mod active_sync;
mod address;
mod body;
mod certificate;
mod clues;
mod credential_headers;
mod detector;
mod encodings;
mod header;
mod html;
mod json;
mod judgement;
mod kind;
mod ledger;
mod lookout;
mod mail;
mod markup;
mod memo;
mod multipart;
mod names;
mod needles;
mod people;
mod proof;
mod pseudonym;
mod receipt;
mod script;
mod secrets;
mod sweep;
mod text;
mod texts;
mod token;
mod well_known;
mod xml;

pub use body::shown_text;
pub use detector::Detector;
pub use encodings::ENCODINGS;
pub use judgement::{Judgement, Misjudged};
pub use kind::{Place, Removed, SecretKind};
pub use lookout::{LookAt, Lookout};
pub use proof::{Leak, Proof, Search};
pub(crate) use receipt::Files;
pub use receipt::{Kept, Receipt, RemovedCount, Rescan};

use crate::capture::{Capture, Session};
use crate::cores;
use crate::http::Target;
use ledger::{Hidden, Ledger};
use pseudonym::{Pseudonym, Pseudonyms};
use sweep::{Sweep, Sweeper};

/// What happens to names of people, machines and organisations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// They stay. Secrets go all the same.
    Keep,
    /// The same name gets the same made-up name everywhere.
    #[default]
    Pseudonymize,
}

/// How to redact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What happens to names.
    pub names: Names,
    /// A detector that is left out: for tests that show that each of them is needed. The program never sets it.
    #[doc(hidden)]
    pub without: Option<Detector>,
}

/// A capture without secrets. Only redaction makes one, so that whoever takes it cannot be handed another.
#[derive(Clone, Debug, PartialEq)]
pub struct RedactedCapture(Capture);

impl RedactedCapture {
    /// For captures made by the sample generator, which hold no person's secrets.
    pub fn of_synthetic(capture: Capture) -> Self {
        Self(capture)
    }

    /// The capture, to read.
    pub fn capture(&self) -> &Capture {
        &self.0
    }
}

/// A redacted capture and what is needed to prove it.
#[derive(Debug)]
pub struct Redacted {
    /// The capture to share.
    pub capture: RedactedCapture,
    /// Every removal, without its value.
    pub removed: Vec<Removed>,
    /// How many names were replaced.
    pub pseudonyms: usize,
    /// What happened to names.
    pub names: Names,
    hidden: Vec<Hidden>,
    renamed: Vec<Pseudonym>,
    sweep: Sweep,
}

impl Redacted {
    /// Gives the capture's memory back, once it is written. Its file name stays.
    pub(crate) fn forget_capture(&mut self) -> String {
        let RedactedCapture(capture) = &mut self.capture;
        cores::dispose(std::mem::take(&mut capture.sessions));
        capture.file.clone()
    }
}

/// The capture holds more distinct names than can be searched for at once.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the capture holds too many different names to search for")]
pub struct TooManyNames(#[from] aho_corasick::BuildError);

/// Sessions that a core sweeps or searches at a time.
const BLOCK: usize = 256;

/// Redacts a capture in place.
pub fn redact(mut capture: Capture, options: Options) -> Result<Redacted, TooManyNames> {
    let names = (options.names == Names::Pseudonymize).then(Pseudonyms::default);
    let mut ledger = Ledger::new(names).without(options.without);
    capture.notes.clear();
    ledger.keep_request_ids(capture.sessions.iter().flat_map(names::request_ids));
    for session in &mut capture.sessions {
        walk(session, &mut ledger);
    }
    if let Some(names) = &mut ledger.names {
        names::collect(&capture, names, options.without);
    }
    let (removed, hidden, names) = ledger.close();
    let renamed = names.as_ref().map(|n| n.hunted().to_vec()).unwrap_or_default();
    let sweep = Sweep::new(&hidden, &renamed)?.without(options.without);
    cores::share(capture.sessions.chunks_mut(BLOCK), || {
        let sweeper = Sweeper::new(&sweep);
        move |sessions: &mut [Session]| {
            for session in sessions {
                texts::change(session, &sweeper);
            }
        }
    });
    capture.file = sweep.text(&capture.file).unwrap_or(capture.file);
    capture.creator = capture.creator.map(|creator| sweep.text(&creator).unwrap_or(creator));
    Ok(Redacted {
        capture: RedactedCapture(capture),
        removed,
        pseudonyms: names.map_or(0, |names| names.len()),
        names: options.names,
        hidden,
        renamed,
        sweep,
    })
}

/// Takes the secrets of a session out of the places where they live.
fn walk(session: &mut Session, ledger: &mut Ledger) {
    let id = session.id;
    let path = session.request.target.path().to_owned();
    let request = &mut session.request;
    ledger.at(id, Place::Address);
    if let Some(clean) = address::redacted(request.target.as_str(), ledger) {
        request.target = Target::new(clean);
    }
    ledger.at(id, Place::RequestHeader);
    header::redact(&mut request.headers, ledger);
    ledger.at(id, Place::RequestBody);
    body::redact(&mut request.body, &request.headers, &path, ledger);
    if let Some(response) = &mut session.response {
        if session.tunnel
            && ledger.uses(Detector::Host)
            && let Some(names) = &mut ledger.names
        {
            certificate::redact(&mut response.body, names);
        }
        ledger.at(id, Place::ResponseHeader);
        header::redact(&mut response.headers, ledger);
        ledger.at(id, Place::ResponseBody);
        body::redact(&mut response.body, &response.headers, &path, ledger);
    }
    ledger.at(id, Place::Remark);
    if ledger.uses(Detector::Remark) {
        remarks(session, ledger);
    }
}

/// What recorders add, and what they may have written into the lines of a message.
fn remarks(session: &mut Session, ledger: &mut Ledger) {
    let (reason, version) = match &mut session.response {
        Some(response) => (Some(&mut response.reason), Some(&mut response.version)),
        None => (None, None),
    };
    let lines =
        [Some(&mut session.request.method), Some(&mut session.request.version), reason, version];
    let remarks = [
        session.process.as_mut(),
        session.comment.as_mut(),
        session.error.as_mut(),
        session.server_address.as_mut(),
    ];
    for remark in lines.into_iter().chain(remarks).flatten() {
        if let Some(clean) = text::value(remark, ledger) {
            *remark = clean;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Options, redact};
    use crate::capture::{Capture, Format, Response, Session, SessionId};
    use crate::http::{Body, Target};
    use proptest::prelude::*;

    /// Texts that look like what the walk looks for, cut and joined at random.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            ".{0,12}",
            "[<>{}\\[\\]\"'\\\\:=&;?#@%/ .]{1,8}",
            Just("eyJhbGciOiJub25lIn0.e30.x".to_owned()),
            Just("<input name=code value=".to_owned()),
            Just("<a:Password>".to_owned()),
            Just("\"password\":\"".to_owned()),
            Just("https://é@mail.contoso.com/?code=é%".to_owned()),
            Just("<![CDATA[".to_owned()),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_capture_is_redacted_without_panic(text in hostile(), kind in "(text/html|text/xml|application/json|multipart/x; boundary=B|)") {
            let mut session = Session::new(SessionId(1));
            session.request.target = Target::new(text.clone());
            for name in ["Authorization", "Cookie", "WWW-Authenticate", "Location", "X-Other", "Host"] {
                session.request.headers.push(name, &text);
            }
            session.comment = Some(text.clone());
            session.request.body = Body::new(text.clone());
            let mut response = Response::default();
            response.headers.push("Content-Type", kind);
            response.headers.push("Set-Cookie", &text);
            response.body = Body::new(text);
            session.response = Some(response);
            let mut capture = Capture::new("x", Format::RawText);
            capture.sessions.push(session);
            prop_assert!(redact(capture, Options::default()).is_ok());
        }
    }
}
