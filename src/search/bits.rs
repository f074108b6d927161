//! A set of places in a list, a bit for each.

/// A set of places in a list of known length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    length: usize,
}

impl Bits {
    /// No place of so many.
    pub fn none(length: usize) -> Self {
        Self { words: vec![0; length.div_ceil(64)], length }
    }

    /// All places of so many.
    pub fn all(length: usize) -> Self {
        let mut bits = Self { words: vec![u64::MAX; length.div_ceil(64)], length };
        bits.trim();
        bits
    }

    /// The places of a list that satisfy a condition.
    pub fn of<T>(items: &[T], fits: impl Fn(&T) -> bool) -> Self {
        let mut bits = Self::none(items.len());
        for (word, items) in bits.words.iter_mut().zip(items.chunks(64)) {
            for (at, item) in items.iter().enumerate() {
                *word |= u64::from(fits(item)) << at;
            }
        }
        bits
    }

    /// The length of the list.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// Whether a place is in the set.
    pub fn has(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Puts a place into the set, or takes it out.
    pub fn set(&mut self, at: usize, is_in: bool) {
        if at < self.length
            && let Some(word) = self.words.get_mut(at / 64)
        {
            let bit = 1 << (at % 64);
            *word = if is_in { *word | bit } else { *word & !bit };
        }
    }

    /// How many places are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no place is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps what is in both sets.
    pub fn and(&mut self, other: &Self) {
        self.join(other, |a, b| a & b);
    }

    /// Adds what is in the other set.
    pub fn or(&mut self, other: &Self) {
        self.join(other, |a, b| a | b);
    }

    /// Takes out what is in the other set.
    pub fn without(&mut self, other: &Self) {
        self.join(other, |a, b| a & !b);
    }

    /// Everything that was not in the set.
    pub fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
    }

    /// The places in the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros();
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    at * 64 + bit as usize
                })
            })
        })
    }

    fn join(&mut self, other: &Self, join: impl Fn(u64, u64) -> u64) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word = join(*word, other.words.get(at).copied().unwrap_or_default());
        }
    }

    /// Clears what lies behind the end of the list.
    fn trim(&mut self) {
        let beyond = self.length % 64;
        if let Some(last) = self.words.last_mut().filter(|_| beyond != 0) {
            *last &= (1 << beyond) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_behave_like_lists(one in prop::collection::vec(any::<bool>(), 0..200), seed in any::<u64>()) {
            let other: Vec<bool> = (0..one.len()).map(|at| seed >> (at % 64) & 1 == 1).collect();
            let (a, b) = (Bits::of(&one, |is| *is), Bits::of(&other, |is| *is));
            let places = |f: &dyn Fn(bool, bool) -> bool| -> Vec<usize> {
                (0..one.len()).filter(|at| f(one[*at], other[*at])).collect()
            };
            let mut and = a.clone();
            and.and(&b);
            prop_assert_eq!(and.iter().collect::<Vec<_>>(), places(&|x, y| x && y));
            let mut or = a.clone();
            or.or(&b);
            prop_assert_eq!(or.iter().collect::<Vec<_>>(), places(&|x, y| x || y));
            let mut without = a.clone();
            without.without(&b);
            prop_assert_eq!(without.iter().collect::<Vec<_>>(), places(&|x, y| x && !y));
            let mut not = a.clone();
            not.invert();
            prop_assert_eq!(not.count() + a.count(), one.len());
            prop_assert_eq!(Bits::all(one.len()).count(), one.len());
        }
    }
}
