//! Proof that a written file holds nothing of what was removed: its bytes and its re-opened texts are searched for every
//! value in every encoding.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::sweep::Sweep;
use super::{BLOCK, Redacted, TooManySecrets, encodings, texts};
use crate::capture::{Capture, Session, SessionId};
use crate::cores;

/// What a search found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// How many different values were searched for, secrets and names.
    pub values_searched: usize,
}

/// A removed value stands in the written file. The message does not say which.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Leak {
    /// In the file's bytes. A HAR file has one session in each line, from the second on.
    #[error("a removed value is still in the written file: {part}, line {line}")]
    Bytes {
        /// The member of an archive, or what stands for the whole file.
        part: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// In a session of the re-opened file.
    #[error("a removed value is still in session {0} of the written file")]
    Session(SessionId),
    /// There is too much to search for.
    #[error(transparent)]
    TooMany(#[from] TooManySecrets),
}

/// A part of a file: a member of an archive, or all of it.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// What people call it.
    pub name: String,
    /// What is in it.
    pub bytes: Cow<'a, [u8]>,
}

/// Searches a written file.
///
/// `contents` are the file's bytes and those of the members in it; `skeleton` is what the writer writes for a capture
/// without content, whose words are the writer's own; `reopened` is what an importer makes of the file.
pub fn search(
    redacted: &Redacted,
    contents: &[Part<'_>],
    skeleton: &[Part<'_>],
    reopened: &Capture,
) -> Result<Proof, Leak> {
    let names =
        || redacted.renamed.iter().filter(|name| !name.whole_word).map(|name| name.name.as_str());
    let secrets = redacted.hidden.iter().map(|hidden| hidden.value.reveal());
    let mut exact: Vec<Vec<u8>> = secrets.clone().flat_map(texts_of).collect();
    exact.extend(
        secrets
            .chain(names())
            .flat_map(|value| encodings::base64_pieces(value.as_bytes()))
            .map(String::into_bytes),
    );
    let spelt: Vec<_> = names().flat_map(texts_of).collect();
    let exact = without_own_words(exact, skeleton, false);
    let spelt = without_own_words(spelt, skeleton, true);
    let (exact, spelt) = cores::both(
        || search_bytes(&exact, false, contents),
        || search_bytes(&spelt, true, contents),
    );
    exact.and(spelt)?;
    search_texts(redacted, reopened)?;
    Ok(Proof { values_searched: redacted.hidden.len() + redacted.renamed.len() })
}

/// Searches the file's bytes.
fn search_bytes(
    patterns: &[Vec<u8>],
    ignore_case: bool,
    contents: &[Part<'_>],
) -> Result<(), Leak> {
    let Some(automaton) = automaton(patterns, ignore_case)? else { return Ok(()) };
    for part in contents {
        if let Some(found) = automaton.find(part.bytes.as_ref()) {
            let before = part.bytes.get(..found.start()).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', before).count();
            return Err(Leak::Bytes { part: part.name.clone(), line });
        }
    }
    Ok(())
}

/// Searches the texts as a reader of the file sees them: decoded, and inside base64.
fn search_texts(redacted: &Redacted, reopened: &Capture) -> Result<(), Leak> {
    let sweep = Sweep::new(&redacted.hidden, &redacted.renamed).map_err(TooManySecrets::from)?;
    let (shared, first) = (Mutex::new(sweep), Mutex::new(None::<SessionId>));
    cores::share(reopened.sessions.chunks(BLOCK), || {
        let sweep = shared.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let first = &first;
        move |sessions: &[Session]| {
            let leaks = |session: &&Session| {
                let mut found = false;
                texts::each(session, &mut |text| found = found || sweep.text(text).is_some());
                found
            };
            if let Some(leak) = sessions.iter().find(leaks) {
                let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
                *first = Some(first.map_or(leak.id, |id| id.min(leak.id)));
            }
        }
    });
    let leak = first.into_inner().unwrap_or_else(PoisonError::into_inner);
    leak.map_or(Ok(()), |session| Err(Leak::Session(session)))
}

/// The value as text, in every spelling.
fn texts_of(value: &str) -> impl Iterator<Item = Vec<u8>> {
    encodings::spellings(value).into_iter().map(String::into_bytes).chain([encodings::utf16(value)])
}

/// Leaves out what stands in every file of the writer: a password may be `headers`.
fn without_own_words(
    mut patterns: Vec<Vec<u8>>,
    skeleton: &[Part<'_>],
    ignore_case: bool,
) -> Vec<Vec<u8>> {
    let fold = |bytes: &[u8]| if ignore_case { bytes.to_ascii_lowercase() } else { bytes.to_vec() };
    if ignore_case {
        for pattern in &mut patterns {
            pattern.make_ascii_lowercase();
        }
    }
    let own: Vec<Vec<u8>> = skeleton.iter().map(|part| fold(&part.bytes)).collect();
    patterns.retain(|pattern| {
        let finder = memchr::memmem::Finder::new(pattern.as_slice());
        !own.iter().any(|bytes| finder.find(bytes).is_some())
    });
    patterns
}

fn automaton(
    patterns: &[Vec<u8>],
    ignore_case: bool,
) -> Result<Option<AhoCorasick>, TooManySecrets> {
    if patterns.is_empty() {
        return Ok(None);
    }
    Ok(Some(AhoCorasick::builder().ascii_case_insensitive(ignore_case).build(patterns)?))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Leak, Part, search};
    use crate::capture::{Capture, Format, Session, SessionId};
    use crate::redact::{Options, redact};

    fn capture() -> Capture {
        let mut capture = Capture::new("a.har", Format::Har);
        let mut session = Session::new(SessionId(1));
        session.request.headers.push("Authorization", "Basic YW5uYTpTYW1wbGUtUGFzc3cwcmQtMQ==");
        capture.sessions.push(session);
        capture
    }

    #[test]
    fn a_value_that_stayed_is_found_in_any_encoding() {
        let redacted = redact(&capture(), Options::default()).unwrap();
        let clean = redacted.capture.capture().clone();
        assert!(search(&redacted, &[], &[], &clean).unwrap().values_searched >= 2);
        let utf16: Vec<u8> =
            "xSample-Passw0rd-1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for leak in [
            &b"..Sample-Passw0rd-1.."[..],
            b"Sample%2DPassw0rd%2D1",
            b"eFNhbXBsZS1QYXNzdzByZC0x",
            &utf16,
        ] {
            let part = Part { name: "x".into(), bytes: Cow::Borrowed(leak) };
            let found = search(&redacted, &[part], &[], &clean);
            let plain = leak != b"Sample%2DPassw0rd%2D1";
            assert_eq!(found.is_err(), plain, "{leak:?}");
        }
        let part = Part { name: "x.txt".into(), bytes: Cow::Borrowed(b"1\n2\nSample-Passw0rd-1") };
        let leak = search(&redacted, &[part], &[], &clean).unwrap_err();
        assert!(leak.to_string().ends_with("x.txt, line 3"), "{leak}");
        let found = search(&redacted, &[], &[], &capture());
        assert!(matches!(found, Err(Leak::Session(SessionId(1)))));
    }
}
