//! Finds the entries of a HAR file without parsing the whole: walks the outermost objects through a window that moves
//! over the file, and hands over the entries that lie whole in it.

use std::ops::Range;

use super::skip::{skip_string, skip_value};
use crate::import::ImportError;
use crate::import::source::Source;

/// Bytes read at once.
const BLOCK: usize = 512 << 10;

/// The largest entry that is read, in bytes.
const MAX_ENTRY: usize = 768 << 20;

/// Entries that lie in one piece of the file.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The piece. Behind the last entry it may hold anything.
    pub(super) bytes: Vec<u8>,
    /// Where it lies in the file.
    pub(super) base: u64,
    /// Where each entry lies in the piece.
    pub(super) entries: Vec<Range<usize>>,
    /// Position of the first entry in the file, counted from 1.
    pub(super) first: u32,
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    /// Where the file breaks off, between entries.
    #[default]
    Cut,
    /// Where the file breaks off, in an entry.
    CutInEntry,
    /// At something larger than [`MAX_ENTRY`].
    TooLarge,
    /// Every bracket up to the end of `log` was closed.
    Whole,
}

/// What a walk found besides entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// Whether this is a HAR file: an object `log`, or a bare list of entries.
    pub(super) found_log: bool,
    /// How the walk ended.
    pub(super) end: End,
    /// Number of complete entries.
    pub(super) entries: u32,
    /// JSON of `log.creator`.
    pub(super) creator: Option<Vec<u8>>,
    /// JSON of `log.browser`.
    pub(super) browser: Option<Vec<u8>>,
}

/// Takes full batches and gives empty ones, whose memory was used before.
pub(super) trait Batches {
    /// Takes a batch; the file was read up to `read`.
    fn full(&mut self, batch: Batch, read: u64) -> Result<(), ImportError>;
    /// Gives a batch.
    fn empty(&mut self) -> Batch;
    /// Hears how far the file was read, and may end the walk.
    fn on_the_way(&mut self, read: u64) -> Result<(), ImportError>;
}

/// Walks the JSON that begins at `start`.
pub(super) fn walk(
    source: &Source,
    start: u64,
    batches: &mut impl Batches,
) -> Result<Scan, ImportError> {
    let batch = Batch { base: start, first: 1, ..batches.empty() };
    let mut walker =
        Walker { source, batches, batch, filled: 0, at: 0, ended: false, scan: Scan::default() };
    walker.blanks()?;
    let complete = match walker.peek()? {
        Some(b'[') => {
            walker.at += 1;
            walker.scan.found_log = walker.is_bare_list()?;
            if walker.scan.found_log { walker.items()? } else { None }
        }
        _ => walker.members(Level::Top)?,
    };
    if complete.is_some() {
        walker.scan.end = End::Whole;
    }
    walker.hand_over(0)?;
    Ok(walker.scan)
}

struct Walker<'a, B> {
    source: &'a Source,
    batches: &'a mut B,
    /// The window: `batch.bytes` up to `filled`.
    batch: Batch,
    filled: usize,
    at: usize,
    /// Whether the window reaches the end of the file.
    ended: bool,
    scan: Scan,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Log,
}

#[derive(Clone, Copy)]
enum Key {
    Log,
    Entries,
    Creator,
    Browser,
    Other,
}

/// `Ok(None)` in these methods means that the file breaks off (or is garbled) here.
type Walk = Result<Option<()>, ImportError>;

impl<B: Batches> Walker<'_, B> {
    /// Walks an object: the outermost one, which holds `log` or the content of `log` itself, or `log`.
    fn members(&mut self, level: Level) -> Walk {
        if !self.eat(b'{')? {
            return Ok(None);
        }
        loop {
            self.blanks()?;
            match self.peek()? {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Some(()));
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(b'"') => {}
                _ => return Ok(None),
            }
            let Some(key) = self.key()? else { return Ok(None) };
            self.blanks()?;
            if !self.eat(b':')? {
                return Ok(None);
            }
            self.blanks()?;
            if self.member(level, key)?.is_none() {
                return Ok(None);
            }
        }
    }

    fn member(&mut self, level: Level, key: Key) -> Walk {
        let value = self.peek()?;
        match (level, key) {
            (Level::Top, Key::Log) if value == Some(b'{') => {
                self.scan.found_log = true;
                self.members(Level::Log)
            }
            (_, Key::Entries) if value == Some(b'[') => {
                self.scan.found_log = true;
                self.entries()
            }
            _ => {
                let Some(range) = self.value(skip_value)? else { return Ok(None) };
                let json = || self.batch.bytes.get(range).map(<[u8]>::to_vec);
                match (level, key) {
                    (Level::Log, Key::Creator) => self.scan.creator = json(),
                    (Level::Log, Key::Browser) => self.scan.browser = json(),
                    _ => {}
                }
                Ok(Some(()))
            }
        }
    }

    fn key(&mut self) -> Result<Option<Key>, ImportError> {
        let Some(range) = self.value(skip_string)? else { return Ok(None) };
        Ok(Some(match self.batch.bytes.get(range).unwrap_or_default() {
            b"\"log\"" => Key::Log,
            b"\"entries\"" => Key::Entries,
            b"\"creator\"" => Key::Creator,
            b"\"browser\"" => Key::Browser,
            _ => Key::Other,
        }))
    }

    /// Walks the list of entries.
    fn entries(&mut self) -> Walk {
        if self.eat(b'[')? { self.items() } else { Ok(None) }
    }

    /// Walks what stands in the list of entries.
    fn items(&mut self) -> Walk {
        loop {
            self.blanks()?;
            match self.peek()? {
                Some(b']') => {
                    self.at += 1;
                    return Ok(Some(()));
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let Some(range) = self.value(skip_value)? else {
                        if self.scan.end == End::Cut {
                            self.scan.end = End::CutInEntry;
                        }
                        return Ok(None);
                    };
                    self.batch.entries.push(range);
                    self.scan.entries = self.scan.entries.saturating_add(1);
                }
                None => return Ok(None),
            }
        }
    }

    /// Whether the outermost list, whose bracket was passed, looks like one of entries: its first element is an object
    /// with a request.
    fn is_bare_list(&mut self) -> Result<bool, ImportError> {
        self.blanks()?;
        let range = self.value(skip_value)?.unwrap_or(self.at..self.filled);
        self.at = range.start;
        let first = self.batch.bytes.get(range).unwrap_or_default();
        Ok(first.starts_with(b"{") && memchr::memmem::find(first, b"\"request\"").is_some())
    }

    /// Passes over a value, which is then whole in the window; `None` when the file ends before it does, or no value
    /// starts here.
    fn value(
        &mut self,
        skip: fn(&[u8], usize) -> Option<usize>,
    ) -> Result<Option<Range<usize>>, ImportError> {
        loop {
            let window = self.batch.bytes.get(..self.filled).unwrap_or_default();
            match skip(window, self.at) {
                Some(end) => {
                    let start = std::mem::replace(&mut self.at, end);
                    return Ok(Some(start..end));
                }
                None if self.filled - self.at > MAX_ENTRY => {
                    self.scan.end = End::TooLarge;
                    return Ok(None);
                }
                None if !self.more()? => return Ok(None),
                None => {}
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ImportError> {
        if self.at >= self.filled && !self.more()? {
            return Ok(None);
        }
        Ok(self.batch.bytes.get(self.at).copied())
    }

    fn eat(&mut self, byte: u8) -> Result<bool, ImportError> {
        let eaten = self.peek()? == Some(byte);
        self.at += usize::from(eaten);
        Ok(eaten)
    }

    fn blanks(&mut self) -> Result<(), ImportError> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
        Ok(())
    }

    /// Moves the window on: what stands before `at` is done with. `false` at the end of the file.
    fn more(&mut self) -> Result<bool, ImportError> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.hand_over(self.at)?;
        }
        let room = self.filled + BLOCK.max(self.filled);
        if self.batch.bytes.len() < room {
            self.batch.bytes.resize(room, 0);
        }
        let window = self.batch.bytes.get_mut(self.filled..).unwrap_or_default();
        let from = self.batch.base + self.filled as u64;
        let read = self.source.fill_at(from, window).map_err(ImportError::Read)?;
        self.ended = read < window.len();
        self.filled += read;
        self.batches.on_the_way(from)?;
        Ok(read > 0)
    }

    /// Hands over the batch; the next one begins with what stands in the window from `from` on.
    fn hand_over(&mut self, from: usize) -> Result<(), ImportError> {
        let keep = from..self.filled;
        self.filled -= from;
        self.at -= from.min(self.at);
        if self.batch.entries.is_empty() {
            // Nobody looks at this piece.
            self.batch.bytes.copy_within(keep, 0);
            self.batch.base += from as u64;
            return Ok(());
        }
        let mut next = self.batches.empty();
        let kept = self.batch.bytes.get(keep).unwrap_or_default();
        if next.bytes.len() < kept.len() {
            next.bytes.resize(kept.len(), 0);
        }
        if let Some(start) = next.bytes.get_mut(..kept.len()) {
            start.copy_from_slice(kept);
        }
        next.base = self.batch.base + from as u64;
        next.first = self.scan.entries.saturating_add(1);
        let full = std::mem::replace(&mut self.batch, next);
        let read = self.batch.base;
        self.batches.full(full, read)
    }
}

#[cfg(test)]
mod tests {
    use super::{Batch, Batches, End, Scan, walk};
    use crate::import::ImportError;
    use crate::import::source::Source;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Found(Vec<String>);

    impl Batches for Found {
        fn full(&mut self, batch: Batch, _: u64) -> Result<(), ImportError> {
            let texts = batch.entries.iter().map(|range| &batch.bytes[range.clone()]);
            self.0.extend(texts.map(|entry| String::from_utf8_lossy(entry).into_owned()));
            Ok(())
        }

        fn empty(&mut self) -> Batch {
            Batch::default()
        }

        fn on_the_way(&mut self, _: u64) -> Result<(), ImportError> {
            Ok(())
        }
    }

    fn entries(json: &str) -> (Vec<String>, Scan) {
        let mut found = Found::default();
        let source = Source::copied(json.as_bytes());
        let scan = walk(&source, 0, &mut found).unwrap();
        (found.0, scan)
    }

    #[test]
    fn entries_are_found_wherever_they_stand() {
        for json in [
            r#"{"log":{"entries":[{"request":"]}\"{"},{"b":[1,{}]}],"creator":{"name":"x"}}}"#,
            r#" {"x":[{}],"log":{"creator":{"name":"x"},"y":null,"entries":[{"request":"]}\"{"} , {"b":[1,{}]}]}}"#,
            r#"{"entries":[{"request":"]}\"{"},{"b":[1,{}]}]}"#,
            r#"[{"request":"]}\"{"},{"b":[1,{}]}]"#,
        ] {
            let (found, scan) = entries(json);
            assert_eq!(found, [r#"{"request":"]}\"{"}"#, r#"{"b":[1,{}]}"#], "{json}");
            assert!(scan.found_log && scan.end == End::Whole, "{json}");
        }
        assert_eq!(
            entries(r#"{"log":{"creator":{"name":"x"}}}"#).1.creator.as_deref(),
            Some(&br#"{"name":"x"}"#[..])
        );
    }

    #[test]
    fn entries_elsewhere_do_not_count() {
        for json in [r#"{"a":{"log":{"entries":[{}]}}}"#, "[]", "[1,2]", r#"{"log":[{}]}"#, "{}"] {
            let (found, scan) = entries(json);
            assert!(found.is_empty() && !scan.found_log, "{json}");
        }
    }

    #[test]
    fn entries_larger_and_smaller_than_the_window_are_found() {
        let sizes = [10, 3 << 20, 700_000, 700_000, 2 << 20, 5, 1 << 20];
        let list: Vec<String> =
            sizes.iter().map(|size| format!("{{\"a\":\"{}\"}}", "x".repeat(*size))).collect();
        let (found, scan) =
            entries(&format!("{{\"log\":{{\"entries\":[{}]}}}}", list.join(" ,\n")));
        assert!(found == list && scan.end == End::Whole);
    }

    proptest! {
        #[test]
        fn any_text_is_walked_without_panic(text in r#"[\{\}\[\]":,\\ a1]{0,80}"#) {
            let _ = entries(&text);
            let _ = entries(&format!("{{\"log\":{{\"entries\":[{text}"));
        }
    }
}
