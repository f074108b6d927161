//! What came out for a text that stands in many sessions: a token, say, is sent with every request.

use std::collections::HashMap;

/// Shorter texts are done again as quickly as they are found.
const SHORTEST: usize = 200;
/// Longer texts are bodies, each of which stands once.
const LONGEST: usize = 16 * 1024;
/// So many texts are remembered, then all are forgotten.
const MOST: usize = 1024;

/// Whether it is worth to remember what came out for a text.
pub(super) fn is_worth_it(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
}

/// Results by text.
#[derive(Debug)]
pub(super) struct Memo<T> {
    known: HashMap<String, T>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { known: HashMap::new() }
    }
}

impl<T> Memo<T> {
    /// What came out for a text.
    pub(super) fn get(&self, text: &str) -> Option<&T> {
        self.known.get(text)
    }

    /// Remembers what came out.
    pub(super) fn put(&mut self, text: &str, result: T) {
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(text.to_owned(), result);
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Memo, is_worth_it};

    #[test]
    fn memory_is_bounded() {
        let mut memo = Memo::default();
        for number in 0..=MOST {
            memo.put(&number.to_string(), number);
        }
        assert_eq!((memo.get("0"), memo.get(&MOST.to_string())), (None, Some(&MOST)));
        assert!(!is_worth_it("short") && is_worth_it(&"x".repeat(1000)));
    }
}
