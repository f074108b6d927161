//! A lesson under way: the page in front, and what was answered.

use crate::training::lesson::{Lesson, Page, Subject};
use crate::training::samples::Sample;

use super::progress::Score;

/// What became of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// An answer was chosen, by its place.
    Chosen(usize),
    /// It was shown without an answer.
    Revealed,
}

/// A lesson under way.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    pub(super) lesson: Lesson,
    /// The page in front; behind the last one stands the end.
    pub(super) at: usize,
    replies: Vec<Option<Reply>>,
    /// The answer that the keyboard points at.
    pub(super) cursor: Option<usize>,
    /// Whether something was told that has not been scrolled to.
    pub(super) is_fresh: bool,
}

impl Walk {
    /// Begins at the first page.
    pub(super) fn new(lesson: Lesson) -> Self {
        let replies = vec![None; lesson.pages.len()];
        Self { lesson, at: 0, replies, cursor: None, is_fresh: false }
    }

    /// The page in front; none at the end.
    pub(super) fn page(&self) -> Option<&Page> {
        self.lesson.pages.get(self.at)
    }

    /// What became of a page's question.
    pub(super) fn reply(&self, page: usize) -> Option<Reply> {
        self.replies.get(page).copied().flatten()
    }

    /// Whether a page tells what happened: its question was answered, or there is none.
    pub(super) fn is_told(&self, page: usize) -> bool {
        let has_question = self.lesson.pages.get(page).is_some_and(|p| p.question.is_some());
        !has_question || self.reply(page).is_some()
    }

    /// Whether a page was answered rightly; `None` when it was not answered.
    pub(super) fn is_right(&self, page: usize) -> Option<bool> {
        let question = self.lesson.pages.get(page)?.question.as_ref()?;
        self.reply(page).map(|reply| reply == Reply::Chosen(question.right))
    }

    /// Answers the question in front, once.
    pub(super) fn answer(&mut self, reply: Reply) {
        let answers = self.page().and_then(|p| p.question.as_ref()).map_or(0, |q| q.answers.len());
        let fits = match reply {
            Reply::Chosen(at) => at < answers,
            Reply::Revealed => answers > 0,
        };
        if let Some(slot) = self.replies.get_mut(self.at).filter(|slot| slot.is_none() && fits) {
            *slot = Some(reply);
            self.is_fresh = true;
        }
    }

    /// Whether the verdict is still to be found.
    pub(super) fn hides(&self) -> bool {
        let verdict = self.lesson.pages.iter().position(|p| p.subject == Subject::Verdict);
        verdict.is_some_and(|page| !self.is_told(page))
    }

    /// Reveals what is open, else goes on. Pages without a question are passed by.
    pub(super) fn go_on(&mut self) {
        if !self.is_told(self.at) {
            self.answer(Reply::Revealed);
            return;
        }
        let asks = |page: &Page| page.question.is_some();
        let behind = self.lesson.pages.iter().skip(self.at + 1).position(asks);
        let last = self.lesson.pages.len();
        self.show(behind.map_or(last, |more| self.at + 1 + more));
    }

    /// Goes back to the page before that has a question.
    pub(super) fn go_back(&mut self) {
        let before = self.lesson.pages.iter().take(self.at).rposition(|p| p.question.is_some());
        self.show(before.unwrap_or(0));
    }

    /// Brings a page to the front. The end shows once everything before it was told.
    pub(super) fn show(&mut self, page: usize) {
        let open = (0..self.lesson.pages.len()).find(|at| !self.is_told(*at));
        let is_end = page >= self.lesson.pages.len();
        self.at = match open {
            Some(open) if is_end => open,
            _ => page.min(self.lesson.pages.len()),
        };
        self.cursor = None;
    }

    /// Whether the end is in front.
    pub(super) fn is_over(&self) -> bool {
        self.at >= self.lesson.pages.len()
    }

    /// Right answers so far, of the questions answered so far.
    pub(super) fn score(&self) -> Score {
        let told = (0..self.lesson.pages.len()).filter_map(|page| self.is_right(page));
        told.fold(Score::default(), |score, right| Score {
            right: score.right + usize::from(right),
            asked: score.asked + 1,
        })
    }

    /// Moves the keyboard's mark among the answers.
    pub(super) fn point(&mut self, by: isize) {
        let answers = self.page().and_then(|p| p.question.as_ref()).map_or(0, |q| q.answers.len());
        if answers == 0 || self.is_told(self.at) {
            return;
        }
        let last = answers - 1;
        self.cursor = Some(match self.cursor {
            None if by > 0 => 0,
            None => last,
            Some(at) => at.saturating_add_signed(by).min(last),
        });
    }
}

/// What a lesson is called while its verdict is open.
pub(super) fn name(sample: Option<&'static Sample>, hides: bool) -> String {
    let number = sample.and_then(|sample| crate::training::course::number(sample.name));
    match (sample, number) {
        (Some(sample), _) if !hides => sample.title.to_owned(),
        (_, Some((number, count))) => format!("Lesson {number} of {count}"),
        _ => "This capture".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Reply, Walk};
    use crate::analysis::Analysis;
    use crate::import::open_text;
    use crate::jwt::Keys;
    use crate::training::lesson::Lesson;

    fn walk() -> Walk {
        let text = "### 1\nPOST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                    HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\"\n";
        let analysis = Analysis::of(open_text("test", text).unwrap(), &Keys::default());
        Walk::new(Lesson::of(&analysis, None))
    }

    #[test]
    fn going_on_reveals_and_then_moves_past_what_asks_nothing() {
        let mut walk = walk();
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push((walk.at, walk.is_told(walk.at)));
            if walk.is_over() {
                break;
            }
            walk.go_on();
        }
        // Probe, challenge, verdict, what to do, and the end; nothing is asked behind the break.
        let pages: Vec<usize> = seen.iter().filter(|(_, told)| !told).map(|(at, _)| *at).collect();
        assert_eq!(pages, [0, 1, 5, 6]);
        assert!(walk.is_over() && !walk.hides());
        assert_eq!((walk.score().right, walk.score().asked), (0, 4));
    }

    #[test]
    fn a_question_is_answered_once_and_counts() {
        let mut walk = walk();
        let right = walk.page().unwrap().question.as_ref().unwrap().right;
        walk.answer(Reply::Chosen(9));
        assert!(!walk.is_told(0));
        walk.answer(Reply::Chosen(right));
        walk.answer(Reply::Chosen((right + 1) % 4));
        assert_eq!(walk.is_right(0), Some(true));
        assert!(walk.hides());
        walk.show(99);
        assert_eq!(walk.at, 1, "the end waits");
    }
}
