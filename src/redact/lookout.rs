//! Texts in a redacted capture that look like the output of a random generator and that nobody could name: for a person
//! to look at before the file is shared.

use std::collections::HashMap;

use serde::Serialize;

use super::ledger::is_mask;
use super::{secrets, token, well_known};
use crate::capture::{Capture, SessionId};
use crate::http::{Body, Headers};

/// As many are listed; the rest is counted.
const LISTED: usize = 50;
/// Shorter texts are words and numbers of versions.
const SHORTEST: usize = 20;
/// Longer texts are documents in base64.
const LONGEST: usize = 8 * 1024;
/// As much of a text is shown, in characters.
const SHOWN: usize = 4;

/// Fields whose random values are names of requests, of content or of code, and open nothing.
const HARMLESS: &[&str] = &[
    "request-id",
    "client-request-id",
    "x-ms-request-id",
    "x-ms-correlation-id",
    "x-requestid",
    "x-clientapplication",
    "etag",
    "if-none-match",
    "content-md5",
    "digest",
    "ms-cv",
    "x-ms-ests-server",
    "x-ms-clitelem",
    "x-azure-ref",
    "x-msedge-ref",
    "x-diaginfo",
    "content-security-policy",
    "content-security-policy-report-only",
    "report-to",
    "nel",
    "p3p",
    "user-agent",
    "public-key-pins",
    "sec-websocket-key",
    "sec-websocket-accept",
    "traceparent",
];

/// A text that stayed and looks random.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookAt {
    /// The first session it stands in, under the number that the written file gives it.
    #[serde(serialize_with = "number")]
    pub session: SessionId,
    /// Where: `address`, `request body`, or the name of a header.
    pub place: String,
    /// Its beginning.
    pub begins: String,
    /// Its length in characters.
    pub length: usize,
    /// In how many places it stands.
    pub count: usize,
}

/// What a person should look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lookout {
    /// The first of them, in the order of the file.
    pub texts: Vec<LookAt>,
    /// How many more there are.
    pub more: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn number<S: serde::Serializer>(id: &SessionId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(id.0)
}

impl Lookout {
    /// Looks through a redacted capture.
    pub fn of(capture: &Capture) -> Self {
        let mut search = Search { session: SessionId(0), found: Vec::new(), known: HashMap::new() };
        for session in &capture.sessions {
            search.session = session.id;
            search.text("address", session.request.target.as_str());
            search.headers(&session.request.headers);
            search.body("request body", &session.request.body, &session.request.headers);
            if let Some(response) = &session.response {
                search.headers(&response.headers);
                search.body("response body", &response.body, &response.headers);
            }
            for remark in [&session.comment, &session.process, &session.error] {
                search.text("remark", remark.as_deref().unwrap_or_default());
            }
        }
        let more = search.found.len().saturating_sub(LISTED);
        search.found.truncate(LISTED);
        Self { texts: search.found, more }
    }

    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

struct Search {
    session: SessionId,
    found: Vec<LookAt>,
    known: HashMap<String, usize>,
}

impl Search {
    fn headers(&mut self, headers: &Headers) {
        for field in headers {
            if !HARMLESS.iter().any(|name| field.name.eq_ignore_ascii_case(name)) {
                self.text(&field.name, &field.value);
            }
        }
    }

    /// Programs and style sheets are everybody's.
    fn body(&mut self, place: &str, body: &Body, headers: &Headers) {
        let kind = headers.get("content-type").unwrap_or_default().to_ascii_lowercase();
        if !["javascript", "css", "font", "image"].iter().any(|word| kind.contains(word)) {
            self.text(place, &body.text());
        }
    }

    fn text(&mut self, place: &str, text: &str) {
        let is_part =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '.' | '~');
        for run in text.split(|c| !is_part(c)).filter(|run| run.len() >= SHORTEST) {
            if token::is_token(run) {
                continue;
            }
            for word in run.split(['/', '.']).filter(|word| looks_unknown(word)) {
                self.add(place, word);
            }
        }
    }

    fn add(&mut self, place: &str, word: &str) {
        if let Some(found) = self.known.get(word).and_then(|at| self.found.get_mut(*at)) {
            found.count += 1;
            return;
        }
        self.known.insert(word.to_owned(), self.found.len());
        self.found.push(LookAt {
            session: self.session,
            place: place.to_owned(),
            begins: word.chars().take(SHOWN).collect(),
            length: word.chars().count(),
            count: 1,
        });
    }
}

/// Whether letters, capitals and digits follow each other as by chance.
fn looks_unknown(word: &str) -> bool {
    let known = is_mask(word) || well_known::is_guid(word);
    if known || !(SHORTEST..=LONGEST).contains(&word.len()) || !secrets::looks_random(word) {
        return false;
    }
    let class = |b: u8| match b {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        _ => 2,
    };
    // A capital before a small letter begins a word; words are also joined by hyphens.
    let joined: Vec<u8> = word.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let switches = joined.windows(2).filter(|pair| match pair {
        [a, b] => class(*a) != class(*b) && (class(*a), class(*b)) != (2, 1),
        _ => false,
    });
    // Dates are digits and what stands between them.
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    letters * 4 >= word.len() && switches.count() * 4 >= word.len()
}

#[cfg(test)]
mod tests {
    use super::{LookAt, Lookout, looks_unknown};
    use crate::capture::{Capture, Format, Session, SessionId};
    use crate::http::Target;

    #[test]
    fn random_texts_are_listed_once_with_their_place() {
        let mut capture = Capture::new("x", Format::Har);
        for number in [1, 2] {
            let mut session = Session::new(SessionId(number));
            session.request.target = Target::new("https://a.example/r/x7Kq9ZbT4mW2pL8vN3cR/");
            session.request.headers.push("ETag", "x7Kq9ZbT4mW2pL8vN3cR0");
            session.request.headers.push("X-Any", "id=5de110f8-2e0f-4d45-891d-bcf2218e253d");
            capture.sessions.push(session);
        }
        let expected = LookAt {
            session: SessionId(1),
            place: "address".into(),
            begins: "x7Kq".into(),
            length: 20,
            count: 2,
        };
        assert_eq!(Lookout::of(&capture), Lookout { texts: vec![expected], more: 0 });
    }

    #[test]
    fn words_and_versions_are_known() {
        for word in [
            "InteractiveSignInRequired2",
            "2026-03-02T09-14-07-1204567Z",
            "00000002-0000-0ff1-ce00-000000000000",
            "microsoft-office-outlook-16",
            "app_asserted_user_v1",
            "(redacted-1)",
        ] {
            assert!(!looks_unknown(word), "{word}");
        }
        assert!(looks_unknown("0AXkA3f2b1c9d8e7f6a5b4c3d"));
    }
}
