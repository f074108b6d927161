//! Questions: the right answer comes from the analysis, the wrong ones from rules of the same step and its neighbours. The
//! order is the same each time.

use std::hash::Hasher as _;

use super::kin::are_kin;
use super::{Focus, Question};
use crate::analysis::Analysis;
use crate::flow::Step;
use crate::rules::{self, Rule};

/// Answers of a question, the right one among them.
const ANSWERS: usize = 4;

/// A question of the right answer and of wrong ones, of which the first that differ are taken.
pub(super) fn question(
    text: impl Into<String>,
    right: &str,
    wrong: impl IntoIterator<Item = String>,
    seed: u64,
) -> Question {
    let text = text.into();
    let mut answers = vec![right.to_owned()];
    for answer in wrong {
        if answers.len() < ANSWERS && !answers.contains(&answer) {
            answers.push(answer);
        }
    }
    answers.sort_by_key(|answer| (hash(&[&seed.to_string(), &text, answer]), answer.clone()));
    let right = answers.iter().position(|answer| answer == right).unwrap_or_default();
    Question { text, answers, right }
}

/// Titles of rules that do not apply here and could not be defended: those of a step first, then those of its neighbours.
pub(super) fn other_rules<'a>(
    analysis: &'a Analysis,
    focus: &'a Focus<'_>,
    step: Option<Step>,
    right: Option<&'a str>,
) -> impl Iterator<Item = &'static Rule> + 'a {
    let far = move |rule: &Rule| match (step, rule.step) {
        (Some(asked), Some(own)) => (asked as usize).abs_diff(own as usize),
        (None, None) => 0,
        _ => 9,
    };
    let mut others: Vec<&'static Rule> = rules::all()
        .filter(|rule| far(rule) <= 1)
        .filter(|rule| right.is_none_or(|right| !are_kin(right, rule.id)))
        .filter(|rule| analysis.findings.iter().all(|f| !are_kin(f.rule, rule.id)))
        .collect();
    others.sort_by_key(|rule| (far(rule), hash(&[&focus.seed.to_string(), rule.id])));
    others.into_iter()
}

/// A number of some texts, the same on every computer and in every version (FNV-1a).
pub(super) fn hash(texts: &[&str]) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write_u8(0);
    }
    hasher.finish()
}

struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn finish(&self) -> u64 {
        // Texts that differ in their last letter only shall differ everywhere (the finalizer of SplitMix64).
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::question;

    #[test]
    fn a_question_has_its_right_answer_once_and_four_in_all() {
        for seed in 0..20 {
            let wrong = ["a", "right", "b", "a", "c", "d"].map(str::to_owned);
            let question = question("Why?", "right", wrong, seed);
            assert_eq!(question.answers.len(), 4);
            assert_eq!(question.answers[question.right], "right");
            assert_eq!(question.answers.iter().filter(|a| *a == "right").count(), 1);
        }
    }

    #[test]
    fn the_right_answer_stands_in_every_place() {
        let mut places = [0; 4];
        for seed in 0..200 {
            let wrong = ["a", "b", "c"].map(str::to_owned);
            places[question("Why?", "right", wrong, seed).right] += 1;
        }
        assert!(places.iter().all(|times| *times > 20), "{places:?}");
    }
}
