//! Which runs of routine sessions are unfolded.

use std::collections::HashSet;

use crate::capture::SessionId;

/// The folds that are open: some of them, or all but some. A fold is named by its first session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folds {
    /// Whether a fold is open unless it was toggled.
    all_open: bool,
    toggled: HashSet<SessionId>,
}

impl Folds {
    /// Every fold open.
    pub fn all_open() -> Self {
        Self { all_open: true, toggled: HashSet::new() }
    }

    /// These folds open, the others closed.
    pub fn open_at(folds: impl IntoIterator<Item = SessionId>) -> Self {
        Self { all_open: false, toggled: folds.into_iter().collect() }
    }

    /// Whether a fold is open.
    pub fn is_open(&self, fold: SessionId) -> bool {
        self.all_open != self.toggled.contains(&fold)
    }

    /// Opens or closes a fold; true when that changes anything.
    pub fn set(&mut self, fold: SessionId, open: bool) -> bool {
        let changes = self.is_open(fold) != open;
        if changes && !self.toggled.remove(&fold) {
            self.toggled.insert(fold);
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::Folds;
    use crate::capture::SessionId;

    #[test]
    fn a_fold_is_opened_among_closed_ones_and_closed_among_open_ones() {
        for mut folds in [Folds::default(), Folds::all_open()] {
            for open in [true, false, false, true] {
                folds.set(SessionId(7), open);
                assert_eq!(folds.is_open(SessionId(7)), open);
            }
            let others = folds.is_open(SessionId(8));
            assert_eq!(others, folds.all_open);
            assert!(!folds.set(SessionId(8), others));
        }
        assert!(Folds::open_at([SessionId(3)]).is_open(SessionId(3)));
    }
}
