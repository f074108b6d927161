//! The samples as a course: chapters from the healthy flow through the steps, and two plans for those who teach it.

use super::samples::{SAMPLES, Sample, find};
use crate::flow::Step;

/// Samples that belong together, in the order in which to take them.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// Its head, in sentence case.
    pub title: String,
    /// What one learns in it, one sentence.
    pub aim: &'static str,
    /// Its samples, each trace once.
    pub samples: Vec<&'static Sample>,
}

/// Which samples are walked, one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Plan {
    /// Every sample.
    #[default]
    Whole,
    /// What fits into 45 minutes.
    Short,
    /// What fits into two hours.
    Long,
}

/// A sample in a plan.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    /// The sample's name.
    pub name: &'static str,
    /// How long to take, in minutes.
    pub minutes: u8,
    /// What the class should take away.
    pub aim: &'static str,
}

const fn stop(name: &'static str, minutes: u8, aim: &'static str) -> Stop {
    Stop { name, minutes, aim }
}

const SHORT: &[Stop] = &[
    stop("healthy-outlook-mapi", 12, "The five steps, and that a 401 is part of a good flow"),
    stop("authorization-uri-missing", 6, "Read a challenge to its end"),
    stop("spn-missing", 6, "Entra ID answers with a code; the code names the cause"),
    stop("audience-host-mismatch", 7, "A token is for one name; a proxy changes names"),
    stop("user-not-found", 5, "A good token is not yet a mailbox"),
    stop("sign-in-not-visible", 4, "What a capture does not show need not be missing"),
];

const LONG: &[Stop] = &[
    stop("healthy-outlook-mapi", 14, "The five steps, and that a 401 is part of a good flow"),
    stop("healthy-federated-adfs", 7, "Federation is Entra ID's business, not Exchange's"),
    stop("no-empty-bearer", 6, "Whose fault is it: compare two clients on one computer"),
    stop("authorization-uri-missing", 6, "Read a challenge to its end"),
    stop("oauth-not-available", 6, "x-ms-diagnostics beats WWW-Authenticate"),
    stop("not-exchange-answering", 6, "Who answered? Look for what only Exchange sends"),
    stop("spn-missing", 6, "Entra ID answers with a code; the code names the cause"),
    stop("conditional-access-blocked", 6, "A sign-in may go well and still be refused"),
    stop("federation-unreachable", 6, "Entra ID passes the user on; follow the user"),
    stop("audience-host-mismatch", 7, "A token is for one name; a proxy changes names"),
    stop("token-signature-rejected", 6, "One server of several: read X-FEServer"),
    stop("user-not-found", 5, "A good token is not yet a mailbox"),
    stop("protocol-disabled", 5, "403 is not 401: another sign-in will not help"),
    stop("one-server-differs", 6, "It works now and then: the server that answers decides"),
    stop("sign-in-not-visible", 5, "What a capture does not show need not be missing"),
    stop("https-not-decrypted", 4, "Before looking for errors, look at what was recorded"),
];

impl Plan {
    /// All plans.
    pub const ALL: [Self; 3] = [Self::Whole, Self::Short, Self::Long];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "Whole course",
            Self::Short => "45 minutes",
            Self::Long => "2 hours",
        }
    }

    /// The stops of a plan for a class; none for the whole course, which has chapters.
    pub const fn stops(self) -> &'static [Stop] {
        match self {
            Self::Whole => &[],
            Self::Short => SHORT,
            Self::Long => LONG,
        }
    }

    /// Its samples in order.
    pub fn samples(self) -> Vec<&'static Sample> {
        match self {
            Self::Whole => chapters().into_iter().flat_map(|chapter| chapter.samples).collect(),
            Self::Short | Self::Long => {
                self.stops().iter().filter_map(|stop| find(stop.name)).collect()
            }
        }
    }

    /// The sample that comes after one; the first, where the plan does not hold it.
    pub fn after(self, name: &str) -> Option<&'static Sample> {
        let samples = self.samples();
        match samples.iter().position(|sample| sample.name == name) {
            Some(at) => samples.get(at + 1).copied(),
            None => samples.first().copied(),
        }
    }
}

/// The chapters in the order of the course; every sample stands in one of them.
pub fn chapters() -> Vec<Chapter> {
    let mut chapters = vec![Chapter {
        title: "Healthy flows".to_owned(),
        aim: "What good looks like: probe, challenge, sign-in, token, access",
        samples: Vec::new(),
    }];
    chapters.extend(Step::ALL.map(|step| Chapter {
        title: format!("Broken at the {} step", step.name().to_lowercase()),
        aim: aim(step),
        samples: Vec::new(),
    }));
    for (title, aim) in [
        ("Healthy, with something to see", "It works, and the capture still has something to tell"),
        ("Not HMA, or too little to tell", "What a capture cannot say, and what is no fault"),
    ] {
        chapters.push(Chapter { title: title.to_owned(), aim, samples: Vec::new() });
    }
    for sample in SAMPLES {
        let samples = chapters.get_mut(place(sample)).map(|chapter| &mut chapter.samples);
        // One trace may come in two formats; one of them is enough.
        if let Some(samples) = samples.filter(|s| s.iter().all(|one| one.name != sample.name)) {
            samples.push(sample);
        }
    }
    chapters
}

/// A sample's number in the course, from 1, and how many there are.
pub fn number(name: &str) -> Option<(usize, usize)> {
    let samples = Plan::Whole.samples();
    let at = samples.iter().position(|sample| sample.name == name)?;
    Some((at + 1, samples.len()))
}

/// The sample of a number in the course, from 1.
pub fn numbered(number: usize) -> Option<&'static Sample> {
    Plan::Whole.samples().get(number.checked_sub(1)?).copied()
}

/// In which chapter a sample stands: by how it ended, and for a broken flow by the step.
fn place(sample: &Sample) -> usize {
    let expected = sample.expected;
    let step = || Step::ALL.iter().position(|step| Some(step.id()) == expected.step);
    match (expected.outcome, expected.rule) {
        ("healthy", None) => 0,
        ("broken", _) => step().map_or(7, |at| at + 1),
        ("healthy", Some(_)) => 6,
        _ => 7,
    }
}

const fn aim(step: Step) -> &'static str {
    match step {
        Step::Probe => "The client never asks: find out why",
        Step::Challenge => "The client asks, and the answer leads nowhere",
        Step::SignIn => "The way to Entra ID, and what it says to the user and to the client",
        Step::Token => "There is a token, and Exchange does not take it",
        Step::Access => "The token is good, the mailbox stays shut",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Plan, chapters, number, numbered};
    use crate::training::samples::{SAMPLES, find};

    #[test]
    fn every_sample_stands_in_the_course_once() {
        let course: Vec<&str> = Plan::Whole.samples().iter().map(|sample| sample.name).collect();
        let names: BTreeSet<&str> = SAMPLES.iter().map(|sample| sample.name).collect();
        assert_eq!(course.len(), names.len());
        assert_eq!(course.into_iter().collect::<BTreeSet<_>>(), names);
        assert!(chapters().iter().all(|chapter| !chapter.samples.is_empty()));
    }

    #[test]
    fn plans_hold_samples_that_exist_and_keep_their_time() {
        for (plan, longest) in [(Plan::Short, 45), (Plan::Long, 120)] {
            assert!(plan.stops().iter().all(|stop| find(stop.name).is_some()));
            let minutes: u32 = plan.stops().iter().map(|stop| u32::from(stop.minutes)).sum();
            assert!(minutes <= longest && minutes + 20 >= longest, "{plan:?}: {minutes}");
        }
    }

    #[test]
    fn the_course_leads_from_one_sample_to_the_next() {
        let samples = Plan::Whole.samples();
        let mut name = "nothing";
        for (sample, at) in samples.iter().zip(1..) {
            assert_eq!(Plan::Whole.after(name).map(|next| next.name), Some(sample.name));
            assert_eq!(number(sample.name), Some((at, samples.len())));
            assert_eq!(numbered(at).map(|found| found.name), Some(sample.name));
            name = sample.name;
        }
        assert!(Plan::Whole.after(name).is_none());
    }
}
