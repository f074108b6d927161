//! Many short texts in one piece of memory, to look for a word in all of them at once.

use memchr::memmem::Finder;

use super::Bits;

/// Texts one behind the other.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    text: String,
    /// Where each begins, and behind the last one where it ends.
    starts: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { text: String::new(), starts: vec![0] }
    }
}

impl Texts {
    /// Adds a text, unless that would make more than `most` bytes of all; then it counts as empty.
    pub(super) fn push(&mut self, text: &str, most: usize) {
        if self.text.len() + text.len() <= most.min(u32::MAX as usize) {
            self.text.push_str(text);
        }
        self.starts.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// A text by its place.
    pub(super) fn get(&self, at: usize) -> &str {
        let range = || Some(*self.starts.get(at)? as usize..*self.starts.get(at + 1)? as usize);
        range().and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Which texts hold a word.
    pub(super) fn holding(&self, word: &str) -> Bits {
        let mut found = Bits::none(self.len());
        let finder = Finder::new(word);
        let mut from = 0;
        let mut at = 0;
        while let Some(hit) = self.text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let place = from + hit;
            // Hits ascend: the text is near the one before.
            at = self.text_at(place, at);
            let end = self.starts.get(at + 1).map_or(self.text.len(), |end| *end as usize);
            if place + word.len() <= end {
                found.set(at, true);
                from = end;
            } else {
                // From one text into the next.
                from = place + 1;
            }
        }
        found
    }

    /// Which of some texts hold a word.
    pub(super) fn holding_among(&self, word: &str, among: &Bits) -> Bits {
        let finder = Finder::new(word);
        let mut found = Bits::none(self.len());
        for at in among.iter().filter(|at| finder.find(self.get(*at).as_bytes()).is_some()) {
            found.set(at, true);
        }
        found
    }

    /// The text that a byte stands in; it is not before `from`.
    fn text_at(&self, byte: usize, from: usize) -> usize {
        let rest = self.starts.get(from + 1..).unwrap_or_default();
        let near = rest.iter().take(8).position(|end| *end as usize > byte);
        from + near.unwrap_or_else(|| rest.partition_point(|end| *end as usize <= byte))
    }

    /// Bytes that it takes.
    pub(super) fn memory(&self) -> usize {
        self.text.capacity() + self.starts.capacity() * size_of::<u32>()
    }

    /// Gives back what was reserved and not needed.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, Texts};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_is_found_where_it_stands(texts in prop::collection::vec("[ab]{0,6}", 0..40), word in "[ab]{1,3}") {
            let mut kept = Texts::default();
            for text in &texts {
                kept.push(text, usize::MAX);
            }
            let expected = Bits::of(&texts, |text| text.contains(&word));
            prop_assert_eq!(&kept.holding(&word), &expected);
            prop_assert_eq!(kept.holding_among(&word, &Bits::all(texts.len())), expected);
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut texts = Texts::default();
        for text in ["abc", "defg", "h"] {
            texts.push(text, 5);
        }
        assert_eq!((texts.get(0), texts.get(1), texts.get(2), texts.get(3)), ("abc", "", "h", ""));
    }
}
