//! The lanes: one for each actor that takes part.

use std::collections::BTreeMap;

use super::layout::Row;
use crate::analysis::Analysis;
use crate::flow::Actor;

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

/// The lanes that some rows need, from left to right.
pub(super) fn of(rows: &[Row], analysis: &Analysis) -> Vec<Lane> {
    let mut members: BTreeMap<Actor, Vec<String>> = BTreeMap::new();
    if !rows.is_empty() {
        members.entry(Actor::Client).or_default();
    }
    for row in rows {
        match row {
            Row::Session(row) => {
                let Some(session) = analysis.capture.session(row.session) else { continue };
                enter(members.entry(row.actor).or_default(), session.host());
                let process = session.process.as_deref().unwrap_or_default();
                enter(members.entry(Actor::Client).or_default(), process);
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
    members
        .into_iter()
        .map(|(actor, members)| Lane { actor, name: name(actor, &members), members })
        .collect()
}

fn enter(members: &mut Vec<String>, member: &str) {
    if !member.is_empty() && !members.iter().any(|m| m == member) {
        members.push(member.to_owned());
    }
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
