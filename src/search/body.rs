//! The search through bodies: block by block on all cores, told as it goes, stopped when nobody wants it any more.

use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aho_corasick::AhoCorasick;

use super::{Bits, Sifted};
use crate::capture::{Capture, Session};
use crate::cores::{self, GoOn};
use crate::http::Body;

/// Sessions between two reports.
const BLOCK: usize = 1024;

/// Sessions that a core takes at a time.
const SHARE: NonZero<usize> = NonZero::new(32).unwrap();

/// Words that are remembered.
const REMEMBERED: usize = 32;

/// Which bodies are known to hold a word, and which not: searching again, or for a longer word, looks at fewer.
#[derive(Debug, Default)]
pub struct BodyMemory(Mutex<Vec<(String, Known)>>);

/// What is known of a word.
#[derive(Clone, Debug)]
struct Known {
    searched: Bits,
    found: Bits,
}

impl BodyMemory {
    fn lock(&self) -> MutexGuard<'_, Vec<(String, Known)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a word, from itself and from shorter ones within it.
    fn recall(&self, word: &str, length: usize) -> Known {
        let mut known = Known { searched: Bits::none(length), found: Bits::none(length) };
        for (other, facts) in self.lock().iter() {
            if other == word {
                known.searched.or(&facts.searched);
                known.found.or(&facts.found);
            } else if word.contains(other.as_str()) {
                let mut ruled_out = facts.searched.clone();
                ruled_out.without(&facts.found);
                known.searched.or(&ruled_out);
            }
        }
        known
    }

    fn keep(&self, words: Vec<(String, Known)>) {
        let mut known = self.lock();
        known.retain(|(word, _)| !words.iter().any(|(new, _)| new == word));
        known.extend(words);
        let surplus = known.len().saturating_sub(REMEMBERED);
        known.drain(..surplus);
    }
}

/// Looks into the bodies that decide. `tell` gets places of sessions and whether they fit, block by block.
pub fn search_bodies<E: Send>(
    sifted: &Sifted,
    capture: &Capture,
    memory: &BodyMemory,
    go_on: GoOn<'_, E>,
    mut tell: impl FnMut(&[(usize, bool)]),
) -> Result<(), E> {
    let length = capture.sessions.len();
    let mut words: Vec<(String, Known)> = Vec::new();
    for (_, word, _) in &sifted.by_body {
        if !words.iter().any(|(known, _)| known == word) {
            words.push((word.clone(), memory.recall(word, length)));
        }
    }
    let places: Vec<usize> = sifted.open.iter().collect();
    let mut ended = Ok(());
    for block in places.chunks(BLOCK) {
        let look = |at: &usize| {
            let Some(session) = capture.sessions.get(*at) else { return Vec::new() };
            found_in(session, *at, &words)
        };
        let found = match cores::map(block, SHARE, go_on, look) {
            Ok(found) => found,
            Err(refusal) => {
                ended = Err(refusal);
                break;
            }
        };
        let mut decided = Vec::with_capacity(block.len());
        for (at, found) in block.iter().zip(found) {
            for ((_, known), found) in words.iter_mut().zip(&found) {
                known.searched.set(*at, true);
                known.found.set(*at, *found);
            }
            let fits = sifted.by_body.iter().all(|(exclude, word, without_body)| {
                let in_body = || words.iter().any(|(w, known)| w == word && known.found.has(*at));
                (without_body.has(*at) || in_body()) != *exclude
            });
            decided.push((*at, fits));
        }
        tell(&decided);
    }
    memory.keep(words);
    ended
}

/// Which of the words stand in a session's bodies.
fn found_in(session: &Session, at: usize, words: &[(String, Known)]) -> Vec<bool> {
    let mut found: Vec<bool> = words.iter().map(|(_, known)| known.found.has(at)).collect();
    let mut wanted: Vec<bool> = words.iter().map(|(_, known)| !known.searched.has(at)).collect();
    for body in
        std::iter::once(&session.request.body).chain(session.response.as_ref().map(|r| &r.body))
    {
        if body.is_empty() || !wanted.contains(&true) {
            continue;
        }
        let texts: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        for ((found, wanted), holds) in found.iter_mut().zip(&mut wanted).zip(holds(body, &texts)) {
            if *wanted && holds {
                *found = true;
                *wanted = false;
            }
        }
    }
    found
}

/// Which words stand in a body. Words are in lower case, the body in any.
fn holds(body: &Body, words: &[&str]) -> Vec<bool> {
    let bytes = body.bytes();
    let utf16 = matches!(bytes.as_ref(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    if utf16 || !words.iter().all(|word| word.is_ascii()) {
        // Letters beyond ASCII change their length with their case.
        let text = body.text().to_lowercase();
        return words.iter().map(|word| text.contains(word)).collect();
    }
    words.iter().map(|word| holds_ascii(&bytes, word)).collect()
}

fn holds_ascii(bytes: &[u8], word: &str) -> bool {
    thread_local! {
        /// The searcher of the word before: building one costs more than a small body.
        static SEARCHERS: std::cell::RefCell<Vec<(String, AhoCorasick)>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    SEARCHERS.with_borrow_mut(|searchers| {
        if let Some((_, searcher)) = searchers.iter().find(|(known, _)| known == word) {
            return searcher.is_match(bytes);
        }
        let Ok(searcher) = AhoCorasick::builder().ascii_case_insensitive(true).build([word]) else {
            return false;
        };
        let found = searcher.is_match(bytes);
        if searchers.len() >= 8 {
            searchers.clear();
        }
        searchers.push((word.to_owned(), searcher));
        found
    })
}
