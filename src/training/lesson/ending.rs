//! The end of a lesson: how it ended, what to do about it, and what looks alike.

use super::answers::{hash, other_rules, question};
use super::kin::are_kin;
use super::walk::{pointer, told_of};
use super::{Ending, Focus, Page, Pointer, Subject};
use crate::analysis::Analysis;
use crate::flow::{Actor, Outcome, Protocol, Step};
use crate::rules::{self, Rule};
use crate::training::course::Plan;
use crate::training::samples::{Sample, find};

/// Look-alikes of one lesson.
const LOOK_ALIKES: usize = 3;

/// A sample that looks like the capture of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookAlike {
    /// The sample.
    pub sample: &'static Sample,
    /// In what the two are alike.
    pub likeness: &'static str,
}

/// What the lesson comes to.
pub(super) fn of(
    analysis: &Analysis,
    focus: &Focus<'_>,
    sample: Option<&'static Sample>,
) -> Ending {
    let verdict = &analysis.verdict;
    let rule = focus.finding.and_then(|finding| rules::find(finding.rule));
    Ending {
        headline: verdict.headline(),
        summary: verdict.summary.clone(),
        rule: rule.map(|rule| rule.id),
        why: rule.map(|rule| rule.why),
        fix: focus.finding.map(crate::rules::Finding::fix).unwrap_or_default(),
        evidence: focus.finding.map(|finding| finding.evidence.clone()).unwrap_or_default(),
        look_alikes: look_alikes(analysis, rule, sample),
    }
}

/// The pages of the verdict and of what to do.
pub(super) fn pages(analysis: &Analysis, focus: &Focus<'_>, ending: &Ending) -> Vec<Page> {
    let verdict = &analysis.verdict;
    let mut told = vec![verdict.summary.clone()];
    told.extend(verdict.session.and_then(|session| told_of(analysis, session)));
    let look: Vec<Pointer> = Vec::new();
    let mut pages = vec![Page {
        subject: Subject::Verdict,
        should: "Say in one sentence how it ended, before you look".to_owned(),
        look,
        question: Some(question(
            "How did it end?",
            &ending.headline,
            other_ends(analysis, focus.seed),
            focus.seed,
        )),
        happened: told,
        why: None,
        evidence: Vec::new(),
    }];
    let rule = focus.finding.and_then(|finding| rules::find(finding.rule));
    if let (Some(finding), Some(rule)) = (focus.finding, rule) {
        pages.push(lesson(analysis, focus, finding, rule));
    }
    pages
}

/// What to do about it, or what is worth knowing.
fn lesson(
    analysis: &Analysis,
    focus: &Focus<'_>,
    finding: &rules::Finding,
    rule: &'static Rule,
) -> Page {
    // As the rule has it: a fix with this capture's names would stand out among the answers.
    let first = telling(rule);
    let is_broken = analysis.verdict.outcome == Outcome::Broken;
    let others = || other_rules(analysis, focus, rule.step, Some(rule.id));
    let (text, right, wrong): (_, String, Vec<String>) = match first {
        Some(right) if is_broken => {
            let other_fixes = others().filter_map(telling);
            ("What helps?", right, other_fixes.collect())
        }
        _ => (
            "What is worth knowing about this capture?",
            rule.title.to_owned(),
            others().map(|other| other.title.to_owned()).collect(),
        ),
    };
    Page {
        subject: Subject::Lesson,
        should: if is_broken {
            "Name the one thing that you would do, and where"
        } else {
            "Name the one thing that you would tell the person who sent the capture"
        }
        .to_owned(),
        look: finding
            .evidence
            .first()
            .filter(|evidence| evidence.session.is_some())
            .map(|evidence| pointer(evidence.clone()))
            .into_iter()
            .collect(),
        question: Some(question(text, &right, wrong, focus.seed)),
        happened: vec![finding.message.clone()],
        why: Some(rule.why),
        evidence: finding.evidence.clone(),
    }
}

/// The first step of a rule's fix that says more than which tool to open.
fn telling(rule: &'static Rule) -> Option<String> {
    const TELLING: usize = 45;
    rule.fix.iter().map(|step| first_words(step)).find(|words| words.chars().count() >= TELLING)
}

/// A step of a fix without its commands, on one line.
fn first_words(step: &str) -> String {
    let read = rules::FixStep::read(step);
    let words: String = read
        .words
        .iter()
        .map(|piece| match piece {
            rules::Piece::Words(text) | rules::Piece::Code(text) => *text,
        })
        .collect();
    let words = words.trim().trim_end_matches(':');
    // Braces are facts that another capture would fill in.
    brief(&words.replace('{', "the ").replace('}', ""))
}

/// A sentence without its later parts, where it is long.
fn brief(text: &str) -> String {
    const LONGEST: usize = 110;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let until = |parts: &mut dyn Iterator<Item = &str>| {
        let mut brief = String::new();
        for part in parts {
            if brief.chars().count() + part.chars().count() > LONGEST {
                break;
            }
            brief.push_str(part);
        }
        brief
    };
    // At the end of a part, else at the end of a word.
    let mut brief = until(&mut text.split_inclusive([',', ';', ':', '(']));
    if brief.is_empty() {
        brief = until(&mut text.split_inclusive(' '));
    }
    format!("{}…", brief.trim_end_matches([',', ';', ':', '(', ' ']))
}

/// Other ways in which it might have ended: the neighbouring steps first.
fn other_ends(analysis: &Analysis, seed: u64) -> Vec<String> {
    let verdict = &analysis.verdict;
    let broken = |step: Step| format!("Broken at the {}", step.name().to_lowercase());
    let mut steps: Vec<Step> =
        Step::ALL.into_iter().filter(|step| Some(*step) != verdict.step).collect();
    let own = verdict.step.map_or(2, |step| step as usize);
    steps.sort_by_key(|step| {
        ((*step as usize).abs_diff(own), hash(&[&seed.to_string(), step.id()]))
    });
    let mut ends: Vec<String> = steps.into_iter().map(broken).take(2).collect();
    let last = match verdict.outcome {
        Outcome::Healthy => "Not modern authentication",
        Outcome::Broken | Outcome::NotHma | Outcome::NotEnoughEvidence => "Healthy",
    };
    ends.push(last.to_owned());
    ends
}

/// Samples to hold beside the capture: kin of its rule, the same step, and a healthy one.
fn look_alikes(
    analysis: &Analysis,
    rule: Option<&'static Rule>,
    sample: Option<&'static Sample>,
) -> Vec<LookAlike> {
    let mut found: Vec<LookAlike> = Vec::new();
    let mut add = |other: &'static Sample, likeness: &'static str| {
        let is_itself = sample.is_some_and(|sample| sample.name == other.name);
        if !is_itself && found.iter().all(|one| one.sample.name != other.name) {
            found.push(LookAlike { sample: other, likeness });
        }
    };
    let course = Plan::Whole.samples();
    let near = |kin: bool| {
        course.iter().copied().filter(move |other| {
            let of = other.expected.rule.and_then(rules::find);
            let Some((of, rule)) = of.zip(rule) else { return false };
            let same_step = of.step == rule.step && of.step.is_some();
            if kin { of.id == rule.id || same_step && are_kin(of.id, rule.id) } else { same_step }
        })
    };
    // Of a general rule everything at the step is kin; the nearest in the course are enough.
    for other in near(true).take(LOOK_ALIKES - 1) {
        add(other, "Looks much like it");
    }
    for other in near(false).take(LOOK_ALIKES) {
        add(other, "Ends at the same step");
    }
    found.truncate(LOOK_ALIKES - 1);
    if let Some(healthy) = closest_healthy(analysis)
        && sample.is_none_or(|sample| sample.name != healthy.name)
    {
        found.push(LookAlike { sample: healthy, likeness: "How it should look" });
    }
    found
}

/// The healthy sample that is most like a capture: by protocol, then by who signs the user in.
pub fn closest_healthy(analysis: &Analysis) -> Option<&'static Sample> {
    let verdict = &analysis.verdict;
    let flow = verdict.session.and_then(|session| analysis.flows.flows_of(session).next());
    let is_mobile = match flow {
        Some(flow) => flow.protocol == Protocol::ActiveSync,
        None => analysis.flows.flows.iter().any(|flow| flow.protocol == Protocol::ActiveSync),
    };
    let is_federated = || {
        analysis.flows.readings.iter().any(|reading| reading.answered_by == Actor::IdentityProvider)
    };
    find(if is_mobile {
        "healthy-mobile-activesync"
    } else if is_federated() {
        "healthy-federated-adfs"
    } else {
        "healthy-outlook-mapi"
    })
}
