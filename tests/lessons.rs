//! Every sample is a lesson: it walks the steps, asks with one right answer, and ends with what the sample is about.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{fs, path::Path};

use hma_trace::analysis::Analysis;
use hma_trace::import::{self, Options, Progress};
use hma_trace::jwt::Keys;
use hma_trace::rules;
use hma_trace::training::course::{self, Plan};
use hma_trace::training::lesson::{Lesson, Subject};
use hma_trace::training::samples::{SAMPLES, Sample};

fn analysis(sample: &Sample) -> Analysis {
    let options = Options::default();
    let capture =
        import::open_bytes(sample.file_name, sample.bytes(), options, &Progress::none()).unwrap();
    Analysis::of(capture, &Keys::default())
}

fn lessons() -> impl Iterator<Item = (&'static Sample, Analysis, Lesson)> {
    SAMPLES.iter().map(|sample| {
        let analysis = analysis(sample);
        let lesson = Lesson::of(&analysis, Some(sample));
        (sample, analysis, lesson)
    })
}

#[test]
fn every_lesson_walks_the_steps_and_ends_with_the_verdict() {
    for (sample, analysis, lesson) in lessons() {
        let subjects: Vec<Subject> = lesson.pages.iter().map(|page| page.subject).collect();
        let steps = subjects.iter().filter(|s| matches!(s, Subject::Step(_))).count();
        let expected = if analysis.flows.flows.is_empty() { 0 } else { 5 };
        assert_eq!(steps, expected, "{}", sample.name);
        assert!(subjects.contains(&Subject::Verdict), "{}", sample.name);
        // Whoever is to learn something gets told what.
        let tells = subjects.contains(&Subject::Lesson);
        assert_eq!(tells, sample.expected.rule.is_some(), "{}", sample.name);
        assert!(lesson.questions() >= 2 || steps == 5, "{}", sample.name);
        for page in &lesson.pages {
            assert!(!page.should.is_empty() && !page.happened.is_empty(), "{}", sample.name);
            let is_step = matches!(page.subject, Subject::Step(_));
            assert!(!is_step || !page.look.is_empty(), "{} {:?}", sample.name, page.subject);
            for pointer in &page.look {
                let session = pointer.evidence.session.unwrap();
                assert!(analysis.capture.session(session).is_some(), "{}", sample.name);
            }
        }
    }
}

#[test]
fn every_question_has_one_right_answer_and_no_wrong_one_that_could_be_defended() {
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    for (sample, analysis, lesson) in lessons() {
        for question in lesson.pages.iter().filter_map(|page| page.question.as_ref()) {
            let name = sample.name;
            assert!((3..=4).contains(&question.answers.len()), "{name}: {question:?}");
            let mut answers = question.answers.clone();
            answers.sort_unstable();
            answers.dedup();
            assert_eq!(answers.len(), question.answers.len(), "{name}: {question:?}");
            assert!(question.right < answers.len());
            *places.entry(question.right).or_default() += 1;
            for (at, answer) in question.answers.iter().enumerate() {
                assert!(answer.chars().count() < 160, "{name}: {answer}");
                assert!(!answer.contains(['{', '`']), "{name}: {answer}");
                let found = analysis
                    .findings
                    .iter()
                    .filter_map(|finding| rules::find(finding.rule))
                    .any(|rule| rule.title == answer);
                assert!(at == question.right || !found, "{name}: {answer} is true as well");
            }
        }
    }
    // The right answer stands everywhere about as often.
    let all: usize = places.values().sum();
    assert!(places.values().all(|times| times * 8 > all), "{places:?}");
}

#[test]
fn the_end_names_what_the_sample_is_about() {
    for (sample, analysis, lesson) in lessons() {
        let name = sample.name;
        assert_eq!(lesson.ending.headline, analysis.verdict.headline(), "{name}");
        assert_eq!(lesson.ending.rule, sample.expected.rule, "{name}");
        if sample.expected.outcome == "broken" {
            let headline = format!("Broken at the {}", sample.expected.step.unwrap());
            assert_eq!(lesson.ending.headline, headline, "{name}");
            assert!(!lesson.ending.fix.is_empty() && lesson.ending.why.is_some(), "{name}");
            assert!(!lesson.ending.evidence.is_empty(), "{name}");
            assert!(!lesson.ending.look_alikes.is_empty(), "{name}");
        }
        assert!(lesson.ending.look_alikes.iter().all(|one| one.sample.name != name));
    }
}

#[test]
fn what_stands_before_the_questions_gives_nothing_away() {
    for (sample, analysis, lesson) in lessons() {
        let mut told = vec![sample.reported, &lesson.scene];
        for page in &lesson.pages {
            told.push(&page.should);
            told.extend(page.look.iter().map(|pointer| pointer.label.as_str()));
        }
        let told = told.join("\n").to_lowercase();
        for finding in &analysis.findings {
            let rule = rules::find(finding.rule).unwrap();
            assert!(!told.contains(&rule.title.to_lowercase()), "{}: {}", sample.name, rule.title);
            assert!(!told.contains(rule.id), "{}: {}", sample.name, rule.id);
        }
        for word in ["broken", "healthy", "verdict:"] {
            assert!(!told.contains(word), "{}: {word}", sample.name);
        }
        assert!(!told.contains(&analysis.verdict.summary.to_lowercase()), "{}", sample.name);
    }
}

/// The part of the trainer's guide that is made of the samples.
fn plans() -> String {
    let mut text = String::new();
    for plan in [Plan::Short, Plan::Long] {
        let minutes: u32 = plan.stops().iter().map(|stop| u32::from(stop.minutes)).sum();
        let (name, samples) = (plan.name(), plan.stops().len());
        let _ = writeln!(
            text,
            "### {name}\n\n{samples} samples, {minutes} minutes; the rest is for questions.\n"
        );
        let _ =
            writeln!(text, "| lesson | minutes | sample | take away |\n| --- | --- | --- | --- |");
        for (stop, sample) in plan.stops().iter().zip(plan.samples()) {
            let (number, _) = course::number(stop.name).unwrap();
            let file = sample.file_name;
            let _ = writeln!(
                text,
                "| {number} | {} | [{}](../sample-traces/{file}) | {} |",
                stop.minutes, sample.title, stop.aim
            );
        }
        text.push('\n');
    }
    text.push_str("### Whole course\n");
    for chapter in course::chapters() {
        let _ = write!(text, "\n**{}.** {}.\n\n", chapter.title, chapter.aim);
        for sample in chapter.samples {
            let (number, _) = course::number(sample.name).unwrap();
            let (title, file) = (sample.title, sample.file_name);
            let _ = writeln!(
                text,
                "- Lesson {number}: [{title}](../sample-traces/{file}). Point at: {}",
                sample.point_at
            );
        }
    }
    text
}

#[test]
fn the_trainers_guide_is_fresh() {
    const BEGIN: &str = "<!-- lists: begin -->\n";
    const END: &str = "<!-- lists: end -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/training.md");
    let written = fs::read_to_string(&path).unwrap();
    let (before, rest) = written.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let fresh = format!("{before}{BEGIN}\n{}\n{END}{after}", plans());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &fresh).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == fresh,
        "docs/training.md is stale: run UPDATE_DOCS=1 cargo test --test lessons"
    );
}
