//! How far two short words are apart, to guess what was meant.

/// Longest word that is compared, in characters.
const LONGEST: usize = 24;

/// The candidate that a mistyped word is closest to, if it is close: one slip in three letters, at most two.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(LONGEST).collect();
    // Three letters are close to anything.
    let allowed = if word.len() > 3 { (word.len() / 3).min(2) } else { 0 };
    let measured = candidates.into_iter().map(|candidate| (slips(&word, candidate), candidate));
    measured.min_by_key(|(slips, _)| *slips).filter(|(slips, _)| *slips <= allowed).map(|(_, c)| c)
}

/// Letters to insert, drop, change or swap with their neighbour.
fn slips(word: &[char], other: &str) -> usize {
    let other: Vec<char> = other.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(LONGEST);
    for (i, a) in word.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let change = at(&row, j) + usize::from(a != b);
            let mut best = change.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped =
                i > 0 && j > 0 && word.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    at(&row, other.len())
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn slips_are_understood_and_other_words_left_alone() {
        let fields = ["host", "status", "method", "time"];
        assert_eq!(closest("hots", fields), Some("host"));
        assert_eq!(closest("staus", fields), Some("status"));
        assert_eq!(closest("Metod", fields), Some("method"));
        assert_eq!(closest("urn", fields), None);
        assert_eq!(closest("", fields), None);
    }
}
