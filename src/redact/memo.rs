//! What came out for a text that stands in many sessions: host names, servers, versions, a token that is sent with every
//! request.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

/// Shorter texts are done again as quickly as they are found.
const SHORTEST: usize = 4;
/// Longer texts are bodies, each of which stands once.
const LONGEST: usize = 16 * 1024;
/// Texts that are remembered at once.
const PLACES: usize = 1 << 12;

/// Whether it is worth to remember what came out for a text.
pub(super) fn is_worth_it(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
}

/// Whether others share the memory of a text, so that it is worth to remember what came out for it.
pub(super) fn is_shared(text: &Arc<str>) -> bool {
    Arc::strong_count(text) > 1
}

/// Results by text. Each text has one place and gives way to the next that has the same, so that nothing a capture holds
/// can make this slow or large.
#[derive(Debug)]
pub(super) struct Memo<T> {
    places: Vec<Option<(String, T)>>,
    hasher: RandomState,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        let mut places = Vec::new();
        places.resize_with(PLACES, || None);
        Self { places, hasher: RandomState::new() }
    }
}

impl<T> Memo<T> {
    fn place(&self, text: &str) -> usize {
        usize::try_from(self.hasher.hash_one(text) % PLACES as u64).unwrap_or_default()
    }

    /// What came out for a text.
    pub(super) fn get(&self, text: &str) -> Option<&T> {
        let (known, result) = self.places.get(self.place(text))?.as_ref()?;
        (known == text).then_some(result)
    }

    /// Remembers what came out.
    pub(super) fn put(&mut self, text: &str, result: T) {
        let place = self.place(text);
        if let Some(place) = self.places.get_mut(place) {
            *place = Some((text.to_owned(), result));
        }
    }
}

/// Results by texts that share their memory, as header names and values do: the same memory is the same text, which is
/// known without looking at it. Texts are kept as long as they are remembered, so that no other can take their place in
/// memory.
#[derive(Debug)]
pub(super) struct SharedMemo<T> {
    places: Vec<Option<Entry<T>>>,
}

/// Two texts and what came out for them.
type Entry<T> = (Arc<str>, Arc<str>, T);

impl<T> Default for SharedMemo<T> {
    fn default() -> Self {
        let mut places = Vec::new();
        places.resize_with(PLACES, || None);
        Self { places }
    }
}

impl<T> SharedMemo<T> {
    fn place(one: &Arc<str>, other: &Arc<str>) -> usize {
        let address = |text: &Arc<str>| Arc::as_ptr(text).cast::<u8>().addr() as u64;
        let mixed =
            (address(one).rotate_left(32) ^ address(other)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        usize::try_from(mixed >> 40).unwrap_or_default() % PLACES
    }

    /// What came out for a pair of texts.
    pub(super) fn get(&self, one: &Arc<str>, other: &Arc<str>) -> Option<&T> {
        let (first, second, result) = self.places.get(Self::place(one, other))?.as_ref()?;
        (Arc::ptr_eq(first, one) && Arc::ptr_eq(second, other)).then_some(result)
    }

    /// Remembers what came out.
    pub(super) fn put(&mut self, one: &Arc<str>, other: &Arc<str>, result: T) {
        if let Some(place) = self.places.get_mut(Self::place(one, other)) {
            *place = Some((Arc::clone(one), Arc::clone(other), result));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Memo, PLACES, SharedMemo, is_worth_it};
    use std::sync::Arc;

    #[test]
    fn texts_in_the_same_memory_are_known() {
        let mut memo = SharedMemo::default();
        let [name, value, equal] = ["a", "b", "b"].map(Arc::<str>::from);
        memo.put(&name, &value, 7);
        assert_eq!(memo.get(&name, &Arc::clone(&value)), Some(&7));
        assert_eq!((memo.get(&name, &equal), memo.get(&value, &name)), (None, None));
    }

    #[test]
    fn the_last_is_remembered_and_memory_is_bounded() {
        let mut memo = Memo::default();
        for number in 0..3 * PLACES {
            let text = number.to_string();
            memo.put(&text, number);
            assert_eq!(memo.get(&text), Some(&number));
        }
        let known =
            (0..3 * PLACES).filter(|number| memo.get(&number.to_string()).is_some()).count();
        assert!(known > PLACES / 2 && known <= PLACES, "{known}");
        assert!(!is_worth_it("200") && is_worth_it(&"x".repeat(1000)));
    }
}
