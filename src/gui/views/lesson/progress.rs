//! How far a class or a learner is in the course. It lives as long as the window and is written nowhere.

use std::collections::BTreeMap;

use crate::training::course::Plan;

/// How many questions of a lesson were answered rightly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Right answers.
    pub right: usize,
    /// Questions.
    pub asked: usize,
}

/// The plan that is followed, and the lessons that were done.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// The plan that is followed.
    pub plan: Plan,
    scores: BTreeMap<&'static str, Score>,
}

impl Progress {
    /// Keeps the score of a lesson, by its sample's name; the latest counts.
    pub fn keep(&mut self, name: &'static str, score: Score) {
        self.scores.insert(name, score);
    }

    /// The score of a lesson that was done.
    pub fn score(&self, name: &str) -> Option<Score> {
        self.scores.get(name).copied()
    }

    /// How many lessons of the plan are done, and how many it has.
    pub fn done(&self) -> (usize, usize) {
        let samples = self.plan.samples();
        let done = samples.iter().filter(|sample| self.scores.contains_key(sample.name)).count();
        (done, samples.len())
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress, Score};
    use crate::training::course::Plan;

    #[test]
    fn progress_counts_the_lessons_of_the_plan() {
        let mut progress = Progress { plan: Plan::Short, ..Progress::default() };
        progress.keep("spn-missing", Score { right: 2, asked: 3 });
        progress.keep("token-expired", Score::default());
        assert_eq!(progress.done(), (1, Plan::Short.samples().len()));
        assert_eq!(progress.score("spn-missing").unwrap().right, 2);
        assert!(progress.score("sign-in-loop").is_none());
    }
}
