//! The lanes: one for each actor that takes part.

use std::collections::{BTreeMap, HashSet};

use super::layout::Row;
use super::words::tidy;
use crate::analysis::Analysis;
use crate::flow::Actor;

/// The most letters of a member's name; the longest host name has 253.
const LONGEST: usize = 260;

/// An actor's lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Whose it is.
    pub actor: Actor,
    /// Its name: `Outlook`, `Exchange`.
    pub name: String,
    /// Hosts or processes, in the order of appearance.
    pub members: Vec<String>,
}

impl Lane {
    /// The members in a few words: `mail.contoso.com` or `3 hosts`.
    pub fn detail(&self) -> String {
        match self.members.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [first, rest @ ..] if self.actor != Actor::Client && rest.len() == 1 => {
                format!("{first} +1")
            }
            several => {
                let kind = if self.actor == Actor::Client { "processes" } else { "hosts" };
                format!("{} {kind}", several.len())
            }
        }
    }
}

/// Names in the order of appearance, each once.
#[derive(Default)]
struct Members<'a> {
    names: Vec<&'a str>,
    seen: HashSet<&'a str>,
}

impl<'a> Members<'a> {
    fn enter(&mut self, name: &'a str) {
        if !name.is_empty() && self.seen.insert(name) {
            self.names.push(name);
        }
    }
}

/// The lanes that some rows need, from left to right.
pub(super) fn of(rows: &[Row], analysis: &Analysis) -> Vec<Lane> {
    let mut members: BTreeMap<Actor, Members<'_>> = BTreeMap::new();
    if !rows.is_empty() {
        members.entry(Actor::Client).or_default();
    }
    for row in rows {
        match row {
            Row::Session(row) => {
                let Some(session) = analysis.capture.session(row.session) else { continue };
                members.entry(row.actor).or_default().enter(session.host());
                let process = session.process.as_deref().unwrap_or_default();
                members.entry(Actor::Client).or_default().enter(process);
            }
            Row::Ghost(ghost) => {
                members.entry(ghost.from).or_default();
                members.entry(ghost.to).or_default();
            }
            Row::Hidden(hidden) => {
                members.entry(hidden.until).or_default();
            }
            Row::Gap(_) | Row::Fold(_) => {}
        }
    }
    // A capture of routine sessions alone shows folds only, and folds need something to span.
    if members.len() == 1 {
        members.entry(Actor::Other).or_default();
    }
    let lane = |(actor, members): (Actor, Members<'_>)| {
        let members: Vec<String> = members.names.into_iter().map(|n| tidy(n, LONGEST)).collect();
        Lane { actor, name: name(actor, &members), members }
    };
    members.into_iter().map(lane).collect()
}

/// The client's own name where all its processes share one: `Outlook`.
fn name(actor: Actor, members: &[String]) -> String {
    let given = match actor {
        Actor::Other => return "Other hosts".to_owned(),
        Actor::Client => actor.name(),
        _ => return actor.name().to_owned(),
    };
    let program = |process: &String| {
        let name = process.split(':').next().unwrap_or_default().to_ascii_lowercase();
        name.strip_suffix(".exe").unwrap_or(&name).to_owned()
    };
    let mut programs: Vec<String> = members.iter().map(program).collect();
    programs.dedup();
    match programs.as_slice() {
        [one] if !one.is_empty() => {
            let mut letters = one.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        }
        _ => given.to_owned(),
    }
}
