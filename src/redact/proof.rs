//! Proof that a written file holds nothing of what was removed: its bytes and its re-opened texts are searched for every
//! value in every encoding.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use aho_corasick::AhoCorasick;

use super::needles::Needles;
use super::sweep::{Sweep, Sweeper};
use super::{BLOCK, Redacted, TooManyNames, encodings, texts};
use crate::capture::{Capture, Session, SessionId};
use crate::cores;

/// Bytes of a file that are searched at a time.
const CHUNK: u64 = 1 << 20;

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
        line: u64,
    },
    /// In a session of the re-opened file.
    #[error("a removed value is still in session {0} of the written file")]
    Session(SessionId),
}

/// The search for everything that was removed.
#[derive(Debug)]
pub struct Search<'a> {
    redacted: &'a Redacted,
    /// All of redaction's own looks, whatever a test left out there.
    sweep: Sweep,
    /// The secrets in UTF-16.
    wide: Needles,
    /// The names, which have no case, as they are spelt and in UTF-16.
    names: Option<AhoCorasick>,
    longest: usize,
    /// What the writer writes for a capture without content: a password may be `headers`.
    skeleton: &'a [Vec<u8>],
}

impl<'a> Search<'a> {
    /// Prepares the search. `skeleton` holds what the writer writes for a capture without content, whose words are the
    /// writer's own.
    pub fn new(redacted: &'a Redacted, skeleton: &'a [Vec<u8>]) -> Result<Self, TooManyNames> {
        let wide = Needles::new(redacted.hidden.iter().map(|h| encodings::utf16(h.value.reveal())));
        let own: Vec<Vec<u8>> = skeleton.iter().map(|part| part.to_ascii_lowercase()).collect();
        let names: Vec<Vec<u8>> = redacted
            .renamed
            .iter()
            .filter(|name| !name.whole_word)
            .flat_map(|name| spelt(&name.name))
            .filter(|name| !holds(&own, name))
            .collect();
        let sweep = redacted.sweep.clone().without(None);
        let longest = [sweep.secrets().longest(), sweep.pieces().longest(), wide.longest()]
            .into_iter()
            .chain(names.iter().map(Vec::len))
            .max()
            .unwrap_or(0);
        let names = match names.as_slice() {
            [] => None,
            names => Some(AhoCorasick::builder().ascii_case_insensitive(true).build(names)?),
        };
        Ok(Self { redacted, sweep, wide, names, longest, skeleton })
    }

    /// The longest value in bytes. Who cuts a file into pieces must let them overlap by one byte less.
    pub const fn longest(&self) -> usize {
        self.longest
    }

    /// Reads to the end and says where the first value begins, in bytes.
    pub fn bytes(&self, mut from: impl Read) -> io::Result<Option<u64>> {
        let overlap = self.longest.saturating_sub(1);
        let chunk = CHUNK.max(4 * overlap as u64);
        let (mut text, mut passed) = (Vec::new(), 0_u64);
        loop {
            if from.by_ref().take(chunk).read_to_end(&mut text)? == 0 {
                return Ok(None);
            }
            if let Some(at) = self.first(&text) {
                return Ok(Some(passed + at as u64));
            }
            let done = text.len().saturating_sub(overlap);
            text.drain(..done);
            passed += done as u64;
        }
    }

    fn first(&self, text: &[u8]) -> Option<usize> {
        let secrets = [self.sweep.secrets(), self.sweep.pieces(), &self.wide];
        let name = self.names.as_ref().and_then(|names| Some(names.find(text)?.start()));
        secrets.into_iter().filter_map(|needles| self.first_of(needles, text)).chain(name).min()
    }

    fn first_of(&self, needles: &Needles, text: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let range = needles.find(text, from)?.range;
            if !holds(self.skeleton, text.get(range.clone())?) {
                return Some(range.start);
            }
            from = range.start + 1;
        }
    }

    /// Searches the texts of the re-opened file as a reader sees them: decoded, and inside base64.
    pub fn texts(&self, reopened: &Capture) -> Result<(), Leak> {
        let first = Mutex::new(None::<SessionId>);
        cores::share(reopened.sessions.chunks(BLOCK), || {
            let sweeper = Sweeper::new(&self.sweep);
            let first = &first;
            move |sessions: &[Session]| {
                let leaks = |session: &&Session| {
                    let mut found = false;
                    texts::each(session, &mut |text| found = found || sweeper.finds_in(text));
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

    /// What it means that nothing was found.
    pub const fn proof(&self) -> Proof {
        Proof { values_searched: self.redacted.hidden.len() + self.redacted.renamed.len() }
    }
}

/// A name as text, in every spelling.
fn spelt(name: &str) -> impl Iterator<Item = Vec<u8>> {
    let spellings = encodings::spellings(name).into_iter().map(|(spelt, _)| spelt.into_bytes());
    spellings.chain([encodings::utf16(name)])
}

fn holds(texts: &[Vec<u8>], word: &[u8]) -> bool {
    texts.iter().any(|text| memchr::memmem::find(text, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Leak, Search};
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
        let redacted = redact(capture(), Options::default()).unwrap();
        let search = Search::new(&redacted, &[]).unwrap();
        assert!(search.proof().values_searched >= 2);
        assert!(search.texts(redacted.capture.capture()).is_ok());
        let utf16: Vec<u8> =
            "xSample-Passw0rd-1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (leak, found) in [
            (&b"..Sample-Passw0rd-1.."[..], Some(2)),
            (b"Sample%2DPassw0rd%2D1", None),
            (b"eFNhbXBsZS1QYXNzdzByZC0x", Some(2)),
            (&utf16, Some(2)),
        ] {
            assert_eq!(search.bytes(leak).unwrap(), found, "{leak:?}");
        }
        let leak = search.texts(&capture());
        assert!(matches!(leak, Err(Leak::Session(SessionId(1)))));
    }

    #[test]
    fn a_value_is_found_wherever_a_long_file_is_cut() {
        let redacted = redact(capture(), Options::default()).unwrap();
        let search = Search::new(&redacted, &[]).unwrap();
        for at in [0, CHUNK - 18, CHUNK - 17, CHUNK - 16, CHUNK - 1, CHUNK, 2 * CHUNK - 9] {
            let mut file = vec![b'.'; usize::try_from(at).unwrap()];
            file.extend_from_slice(b"Sample-Passw0rd-1...");
            assert_eq!(search.bytes(file.as_slice()).unwrap(), Some(at));
        }
    }

    #[test]
    fn the_writers_own_words_are_no_leak() {
        let redacted = redact(capture(), Options::default()).unwrap();
        let skeleton = [b"{Sample-Passw0rd-1}".to_vec()];
        let search = Search::new(&redacted, &skeleton).unwrap();
        assert_eq!(search.bytes(&b"Sample-Passw0rd-1"[..]).unwrap(), None);
        assert_eq!(
            search.bytes(&b"anna:Sample-Passw0rd-1 YW5uYTpTYW1wbGUtUGFzc3cwcmQtMQ=="[..]).unwrap(),
            Some(23)
        );
    }
}
