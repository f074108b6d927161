//! What came out for a text that stands in many sessions: host names, servers, versions, a token that is sent with every
//! request.

use std::hash::{BuildHasher as _, RandomState};

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

#[cfg(test)]
mod tests {
    use super::{Memo, PLACES, is_worth_it};

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
