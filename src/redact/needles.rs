//! Many values searched for at once. A capture may hold a new cookie in every session: an automaton over them all would
//! take gigabytes, this takes little more than the values themselves.

use std::ops::Range;

/// Bytes at a value's begin by which most of a text is passed over.
const WINDOW: usize = 8;
/// Bits of the filter for each value.
const BITS_PER_VALUE: usize = 64;
/// The filter's size in bits, at least and at most: 4 KiB and 16 MiB.
const FILTER_BITS: Range<u32> = 15..27;

/// A set of byte strings to find.
#[derive(Debug)]
pub(super) struct Needles {
    /// All values, joined.
    bytes: Vec<u8>,
    /// The values in the order of their bytes, each once.
    sorted: Vec<Needle>,
    filter: Filter,
    longest: usize,
}

#[derive(Clone, Copy, Debug)]
struct Needle {
    start: usize,
    length: u32,
    /// Its place in the order in which the values were given.
    given: u32,
    /// The longest other needle that this one begins with.
    within: Option<u32>,
}

/// A value found: where, and which of those given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) range: Range<usize>,
    pub(super) given: usize,
}

impl Needles {
    /// Prepares the search. Empty values are left out; of equal ones the first counts.
    pub(super) fn new<T: AsRef<[u8]>>(values: impl IntoIterator<Item = T>) -> Self {
        let mut bytes = Vec::new();
        let mut sorted = Vec::new();
        for (given, value) in (0..).zip(values) {
            let value = value.as_ref();
            let (start, Ok(length)) = (bytes.len(), u32::try_from(value.len())) else { continue };
            if length > 0 {
                bytes.extend_from_slice(value);
                sorted.push(Needle { start, length, given, within: None });
            }
        }
        sorted.sort_unstable_by(|a: &Needle, b: &Needle| {
            (a.of(&bytes), a.given).cmp(&(b.of(&bytes), b.given))
        });
        sorted.dedup_by(|later, first| later.of(&bytes) == first.of(&bytes));
        link(&mut sorted, &bytes);
        let filter = Filter::new(&sorted, &bytes);
        let longest = sorted.iter().map(|needle| needle.length as usize).max().unwrap_or(0);
        Self { bytes, sorted, filter, longest }
    }

    /// The length of the longest value in bytes; 0 when there is none.
    pub(super) const fn longest(&self) -> usize {
        self.longest
    }

    /// The first value at or behind `from`, and of several that begin there the longest.
    pub(super) fn find(&self, text: &[u8], from: usize) -> Option<Found> {
        let mut at = from;
        while let Some(rest) = text.get(at..) {
            let start = at + self.filter.candidate(rest)?;
            if let Some(found) = self.longest_at(text, start) {
                return Some(found);
            }
            at = start + 1;
        }
        None
    }

    /// The longest value that begins at `start`. The greatest needle that is not greater than the text begins with every
    /// needle that the text begins with.
    fn longest_at(&self, text: &[u8], start: usize) -> Option<Found> {
        let rest = text.get(start..)?;
        let not_greater = self.sorted.partition_point(|needle| needle.of(&self.bytes) <= rest);
        let mut at = not_greater.checked_sub(1);
        while let Some(needle) = at.and_then(|at| self.sorted.get(at)) {
            if rest.starts_with(needle.of(&self.bytes)) {
                let range = start..start + needle.length as usize;
                return Some(Found { range, given: needle.given as usize });
            }
            at = needle.within.map(|within| within as usize);
        }
        None
    }

    /// The text with every value replaced by what `replacement` writes for it; `None` when it holds none.
    pub(super) fn replace(
        &self,
        text: &str,
        replacement: impl Fn(usize) -> String,
    ) -> Option<String> {
        let mut found = self.find(text.as_bytes(), 0)?;
        let mut clean = String::with_capacity(text.len());
        let mut copied = 0;
        loop {
            // A value is text: it begins and ends where characters do.
            clean.push_str(text.get(copied..found.range.start)?);
            clean.push_str(&replacement(found.given));
            copied = found.range.end;
            match self.find(text.as_bytes(), copied) {
                Some(next) => found = next,
                None => break,
            }
        }
        clean.push_str(text.get(copied..)?);
        Some(clean)
    }
}

impl Needle {
    fn of<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.start..self.start + self.length as usize).unwrap_or_default()
    }
}

/// Links every needle with the longest one that it begins with.
fn link(sorted: &mut [Needle], bytes: &[u8]) {
    let mut open: Vec<(u32, Needle)> = Vec::new();
    for (place, needle) in (0..).zip(sorted) {
        while open.pop_if(|(_, outer)| !needle.of(bytes).starts_with(outer.of(bytes))).is_some() {}
        needle.within = open.last().map(|(place, _)| *place);
        open.push((place, *needle));
    }
}

/// Tells most places where no value begins from those where one may.
#[derive(Debug)]
struct Filter {
    bits: Vec<u64>,
    shift: u32,
    /// The bytes that count: the shortest value may be shorter than a window.
    mask: u64,
}

impl Filter {
    fn new(sorted: &[Needle], bytes: &[u8]) -> Self {
        let shortest = sorted.iter().map(|needle| needle.length as usize).min().unwrap_or(0);
        let mask = match WINDOW.saturating_sub(shortest) {
            0 => u64::MAX,
            missing => u64::MAX.checked_shr(8 * u32::try_from(missing).unwrap_or(8)).unwrap_or(0),
        };
        let size = sorted.len().saturating_mul(BITS_PER_VALUE).next_power_of_two().ilog2();
        let size = size.clamp(FILTER_BITS.start, FILTER_BITS.end);
        let mut filter = Self { bits: vec![0; (1 << size) / 64], shift: 64 - size, mask };
        if sorted.is_empty() {
            filter.bits.clear();
        }
        for needle in sorted {
            let (word, bit) = filter.place(begin(needle.of(bytes)));
            if let Some(word) = filter.bits.get_mut(word) {
                *word |= bit;
            }
        }
        filter
    }

    fn place(&self, begin: u64) -> (usize, u64) {
        let hash = (begin & self.mask).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift;
        (usize::try_from(hash / 64).unwrap_or(usize::MAX), 1 << (hash % 64))
    }

    fn has(&self, begin: u64) -> bool {
        let (word, bit) = self.place(begin);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The first place where a value may begin.
    fn candidate(&self, text: &[u8]) -> Option<usize> {
        if self.bits.is_empty() {
            return None;
        }
        let whole = text.array_windows::<WINDOW>();
        let count = whole.len();
        whole.map(|window| u64::from_le_bytes(*window)).position(|begin| self.has(begin)).or_else(
            || {
                // Behind the last whole window.
                let tail = text.get(count..)?;
                (0..tail.len())
                    .find(|at| self.has(begin(tail.get(*at..).unwrap_or_default())))
                    .map(|at| count + at)
            },
        )
    }
}

/// The first bytes of a value as a number; zeros stand for what is missing.
fn begin(bytes: &[u8]) -> u64 {
    let mut window = [0; WINDOW];
    for (place, byte) in window.iter_mut().zip(bytes) {
        *place = *byte;
    }
    u64::from_le_bytes(window)
}

#[cfg(test)]
mod tests {
    use super::{Found, Needles};
    use proptest::prelude::*;

    fn found(range: std::ops::Range<usize>, given: usize) -> Found {
        Found { range, given }
    }

    #[test]
    fn the_first_is_found_and_of_those_the_longest() {
        let needles = Needles::new(["", "secret", "secret-2", "secret-1-long", "other secret"]);
        assert_eq!(needles.longest(), 13);
        assert_eq!(needles.find(b"a secret-1-lost", 0), Some(found(2..8, 1)));
        assert_eq!(needles.find(b"a secret-1-long", 0), Some(found(2..15, 3)));
        assert_eq!(needles.find(b"another secret-2", 0), Some(found(2..14, 4)));
        assert_eq!(needles.find(b"another secret-2", 3), Some(found(8..16, 2)));
        assert_eq!(needles.find(b"secre", 0), None);
        assert_eq!(Needles::new([""; 0]).find(b"anything", 0), None);
    }

    #[test]
    fn all_are_replaced() {
        let needles = Needles::new(["sécret", "hunter2"]);
        let clean = needles.replace("é sécretsécret hunter22", |given| format!("<{given}>"));
        assert_eq!(clean.as_deref(), Some("é <0><0> <1>2"));
        assert_eq!(needles.replace("secret", |_| String::new()), None);
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_plain_search_finds(
            values in proptest::collection::vec("[ab]{0,12}", 0..12),
            text in "[abc]{0,60}",
            from in 0_usize..8,
        ) {
            let plain = (from..text.len()).find_map(|start| {
                let rest = &text.as_bytes()[start..];
                values
                    .iter()
                    .enumerate()
                    .filter(|(_, value)| !value.is_empty() && rest.starts_with(value.as_bytes()))
                    .max_by_key(|(at, value)| (value.len(), std::cmp::Reverse(*at)))
                    .map(|(given, value)| found(start..start + value.len(), given))
            });
            prop_assert_eq!(Needles::new(&values).find(text.as_bytes(), from), plain);
        }
    }
}
