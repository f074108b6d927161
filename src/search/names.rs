//! Names that sessions share: each once, with how many sessions bear it.

use std::collections::HashMap;

use crate::http::is_active;

/// Longest name that is kept, in characters. Host names have at most 253.
const LONGEST: usize = 300;

/// Names in the order of their first session.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// As shown, and in lower case.
    texts: Vec<(String, String)>,
    counts: Vec<usize>,
    places: HashMap<String, u32>,
}

impl Names {
    /// Counts a session's name; answers with its place.
    pub(super) fn add(&mut self, name: &str) -> u32 {
        let place = if let Some(place) = self.places.get(name) {
            *place
        } else {
            let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            let plain = |c| if is_active(c) { ' ' } else { c };
            let shown: String = name.chars().take(LONGEST).map(plain).collect();
            let lower = shown.to_lowercase();
            self.texts.push((shown, lower));
            self.counts.push(0);
            self.places.insert(name.to_owned(), place);
            place
        };
        if let Some(count) = self.counts.get_mut(place as usize) {
            *count += 1;
        }
        place
    }

    /// A name as shown.
    pub fn get(&self, place: u32) -> &str {
        self.texts.get(place as usize).map_or("", |(shown, _)| shown)
    }

    /// The names with how many sessions bear them; the empty one is none.
    pub fn counted(&self) -> impl Iterator<Item = (&str, usize)> {
        let names = self.texts.iter().map(|(shown, _)| shown.as_str());
        names.zip(self.counts.iter().copied()).filter(|(name, _)| !name.is_empty())
    }

    /// Which names satisfy a condition, by place. They are compared in lower case.
    pub(super) fn which(&self, fits: impl Fn(&str) -> bool) -> Vec<bool> {
        self.texts.iter().map(|(_, lower)| fits(lower)).collect()
    }

    /// Every name's place in the order of the alphabet.
    pub(super) fn ranks(&self) -> Vec<u64> {
        let mut sorted: Vec<usize> = (0..self.texts.len()).collect();
        sorted.sort_by_key(|at| self.texts.get(*at).map(|(_, lower)| lower));
        let mut ranks = vec![0; sorted.len()];
        for (rank, at) in (0..).zip(sorted) {
            if let Some(place) = ranks.get_mut(at) {
                *place = rank;
            }
        }
        ranks
    }

    /// Bytes that it takes, about.
    pub(super) fn memory(&self) -> usize {
        self.texts.iter().map(|(shown, lower)| 2 * shown.len() + lower.len() + 100).sum()
    }
}
