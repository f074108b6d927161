//! A capture walked step by step: what should happen, what to look at, a question, what happened, and in the end the
//! verdict with its reason, its fix and its look-alikes. Made from the analysis alone, so that any capture can be taught
//! with; a sample adds its own words.

mod answers;
mod ending;
mod kin;
mod walk;

pub use ending::{LookAlike, closest_healthy};

use crate::analysis::Analysis;
use crate::flow::{Flow, FlowId, Step};
use crate::rules::{Evidence, Finding};
use crate::training::samples::Sample;

/// A capture as a lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The flow that is walked; `None` when the capture holds none.
    pub flow: Option<FlowId>,
    /// What was recorded, in a sentence that gives nothing away.
    pub scene: String,
    /// The pages in order: a step each, then the end.
    pub pages: Vec<Page>,
    /// What it all comes to.
    pub ending: Ending,
}

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A step of the flow.
    Step(Step),
    /// How it ended.
    Verdict,
    /// What helps, or what is worth knowing.
    Lesson,
}

impl Subject {
    /// Its name, short enough for a list.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Step(step) => step.name(),
            Self::Verdict => "Verdict",
            Self::Lesson => "What to do",
        }
    }
}

/// One page of a lesson.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it is about.
    pub subject: Subject,
    /// What should happen, or what is asked for.
    pub should: String,
    /// Where to look before answering.
    pub look: Vec<Pointer>,
    /// The question; `None` where there is nothing to ask.
    pub question: Option<Question>,
    /// What happened here, told after the answer.
    pub happened: Vec<String>,
    /// Why that matters, told after the answer.
    pub why: Option<&'static str>,
    /// What proves it, shown after the answer.
    pub evidence: Vec<Evidence>,
}

/// A place to look at, told without what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The place; its value is not to be shown before the answer.
    pub evidence: Evidence,
    /// `Session 9, WWW-Authenticate in the answer`
    pub label: String,
}

/// A question with one right answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// Three or four answers.
    pub answers: Vec<String>,
    /// Place of the right one.
    pub right: usize,
}

/// What a lesson comes to.
#[derive(Clone, Debug)]
pub struct Ending {
    /// `Broken at the challenge`
    pub headline: String,
    /// The verdict in one sentence.
    pub summary: String,
    /// The rule that the lesson is about.
    pub rule: Option<&'static str>,
    /// Why, for somebody who has not read the specifications.
    pub why: Option<&'static str>,
    /// What to do, in order, to be read as [`FixStep`](crate::rules::FixStep)s.
    pub fix: Vec<String>,
    /// What proves it.
    pub evidence: Vec<Evidence>,
    /// Samples that look alike, each with what tells it apart.
    pub look_alikes: Vec<LookAlike>,
}

impl Lesson {
    /// Makes a lesson of an analysis; `sample` when the capture is one.
    pub fn of(analysis: &Analysis, sample: Option<&'static Sample>) -> Self {
        let focus = Focus::of(analysis, sample);
        let mut pages = walk::pages(analysis, &focus);
        let ending = ending::of(analysis, &focus, sample);
        pages.extend(ending::pages(analysis, &focus, &ending));
        Self {
            flow: focus.flow.map(|flow| flow.id),
            scene: walk::scene(analysis, focus.flow),
            pages,
            ending,
        }
    }

    /// How many questions it asks.
    pub fn questions(&self) -> usize {
        self.pages.iter().filter(|page| page.question.is_some()).count()
    }
}

/// What a lesson is about: the one finding that matters most, and its flow.
pub(super) struct Focus<'a> {
    finding: Option<&'a Finding>,
    flow: Option<&'a Flow>,
    /// What decides the order of answers: the same capture always asks the same way.
    seed: u64,
}

impl<'a> Focus<'a> {
    fn of(analysis: &'a Analysis, sample: Option<&'static Sample>) -> Self {
        let verdict = &analysis.verdict;
        let rule = sample.and_then(|s| s.expected.rule).or(verdict.rule);
        let session =
            sample.and_then(|s| s.expected.session).or_else(|| verdict.session.map(|id| id.0));
        let of_rule = || analysis.findings.iter().filter(|f| Some(f.rule) == rule);
        let finding =
            of_rule().find(|f| f.session().map(|id| id.0) == session).or_else(|| of_rule().next());
        let by_finding = finding.and_then(|f| analysis.flows.flow(f.flow?));
        let by_verdict = || analysis.flows.flows_of(verdict.session?).next();
        let flow = by_finding.or_else(by_verdict).or_else(|| {
            // What a person would look at: the flow that does most.
            analysis.flows.flows.iter().rev().max_by_key(|flow| flow.sessions.len())
        });
        let seed = answers::hash(&[&verdict.key(), &analysis.capture.sessions.len().to_string()]);
        Self { finding, flow, seed }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lesson, Subject};
    use crate::analysis::Analysis;
    use crate::flow::Step;
    use crate::import::open_text;
    use crate::jwt::{Keys, example};

    const WITHOUT_PLACE: &str = "
### 1 outlook.exe:7
POST https://mail.contoso.com/mapi/emsmdb/
Authorization: Bearer

HTTP/1.1 401 Unauthorized
X-FEServer: EX01
WWW-Authenticate: Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\"
";

    fn lesson(text: &str) -> Lesson {
        let capture = open_text("test", &example::expand(text)).unwrap();
        Lesson::of(&Analysis::of(capture, &Keys::default()), None)
    }

    #[test]
    fn a_capture_of_ones_own_is_walked_too() {
        let lesson = lesson(WITHOUT_PLACE);
        let subjects: Vec<Subject> = lesson.pages.iter().map(|page| page.subject).collect();
        let mut expected: Vec<Subject> = Step::ALL.map(Subject::Step).to_vec();
        expected.extend([Subject::Verdict, Subject::Lesson]);
        assert_eq!(subjects, expected);
        let challenge = lesson.pages[1].question.as_ref().unwrap();
        assert_eq!(
            challenge.answers[challenge.right],
            "Exchange's challenge names no place to get a token"
        );
        assert_eq!(lesson.pages[1].look[0].label, "Session 1, WWW-Authenticate in the answer");
        assert!(lesson.pages[2].question.is_none(), "nothing to ask behind the break");
        assert_eq!(lesson.ending.headline, "Broken at the challenge");
        assert!(!lesson.ending.fix.is_empty() && !lesson.ending.look_alikes.is_empty());
    }

    #[test]
    fn a_capture_without_exchange_is_a_short_lesson() {
        let lesson = lesson("### 1\nGET https://www.contoso.com/\n\nHTTP/1.1 200 OK\n");
        let subjects: Vec<Subject> = lesson.pages.iter().map(|page| page.subject).collect();
        assert_eq!(subjects, [Subject::Verdict, Subject::Lesson]);
        assert_eq!(lesson.ending.headline, "Not enough evidence");
    }

    #[test]
    fn the_same_capture_asks_the_same_way() {
        let answers = || -> Vec<Vec<String>> {
            let pages = lesson(WITHOUT_PLACE).pages;
            pages.into_iter().filter_map(|page| Some(page.question?.answers)).collect()
        };
        assert_eq!(answers(), answers());
    }
}
