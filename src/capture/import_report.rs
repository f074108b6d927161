//! How reading went, session by session: nothing is dropped or mended without a word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Capture, NoteKind, SessionId};

/// What an oddity means for the session it concerns, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// Something was put right; nothing is missing.
    Repaired,
    /// Something is missing.
    Partial,
    /// It could not be read and is not among the sessions.
    Skipped,
}

impl Effect {
    /// `repaired`, `partial` or `skipped`, as reports spell it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::Partial => "partial",
            Self::Skipped => "skipped",
        }
    }
}

impl NoteKind {
    /// What an oddity of this kind means for its session.
    pub const fn effect(self) -> Effect {
        match self {
            Self::FieldRepaired | Self::TimeUnusable | Self::NumberChanged => Effect::Repaired,
            Self::ResponseMissing
            | Self::RequestMissing
            | Self::BodyTruncated
            | Self::BodyUndecodable
            | Self::MemberUnreadable
            | Self::FileTruncated
            | Self::LimitReached => Effect::Partial,
            Self::SessionSkipped => Effect::Skipped,
        }
    }
}

/// A session that was not read as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// The session.
    pub session: SessionId,
    /// The gravest of what happened to it.
    pub effect: Effect,
    /// What happened, each kind once, in the order it was met.
    pub reasons: Vec<NoteKind>,
}

/// One reason and every session it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// The kind of oddity.
    pub kind: NoteKind,
    /// One sentence for a person.
    pub message: &'a str,
    /// The sessions in the order of the file; empty when it concerns the file as a whole.
    pub sessions: Vec<SessionId>,
}

/// How reading a capture went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport<'a> {
    /// The sessions that were not read as they stand, by number.
    pub affected: Vec<Affected>,
    /// Why, the gravest effects first, then those that concern most sessions.
    pub reasons: Vec<Reason<'a>>,
}

impl<'a> ImportReport<'a> {
    /// Reads a capture's notes.
    pub fn of(capture: &'a Capture) -> Self {
        let mut affected: BTreeMap<SessionId, Affected> = BTreeMap::new();
        let mut reasons: BTreeMap<(NoteKind, &str), Vec<SessionId>> = BTreeMap::new();
        for note in &capture.notes {
            let sessions = reasons.entry((note.kind, &note.message)).or_default();
            let Some(session) = note.session else { continue };
            sessions.push(session);
            let effect = note.kind.effect();
            let known = affected.entry(session).or_insert_with(|| Affected {
                session,
                effect,
                reasons: Vec::new(),
            });
            known.effect = known.effect.max(effect);
            if !known.reasons.contains(&note.kind) {
                known.reasons.push(note.kind);
            }
        }
        let mut reasons: Vec<Reason<'a>> = reasons
            .into_iter()
            .map(|((kind, message), sessions)| Reason { kind, message, sessions })
            .collect();
        reasons.sort_by_key(|reason| {
            let of_sessions = !reason.sessions.is_empty();
            (of_sessions, std::cmp::Reverse((reason.kind.effect(), reason.sessions.len())))
        });
        Self { affected: affected.into_values().collect(), reasons }
    }

    /// Whether every session was read as it stands, and nothing was odd about the file.
    pub fn is_clean(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Session numbers for a person, runs joined: `3, 7–9, 12`. At most so many numbers and runs, then how many more sessions.
pub fn session_ranges(sessions: &[SessionId], most: usize) -> String {
    let mut text = String::new();
    let runs: Vec<&[SessionId]> =
        sessions.chunk_by(|a, b| a.0.checked_add(1) == Some(b.0)).collect();
    for (at, run) in runs.iter().take(most).enumerate() {
        let comma = if at > 0 { ", " } else { "" };
        // Writing to a string cannot fail.
        let _ = match run {
            [one] => write!(text, "{comma}{one}"),
            [one, other] => write!(text, "{comma}{one}, {other}"),
            [first, .., last] => write!(text, "{comma}{first}–{last}"),
            [] => Ok(()),
        };
    }
    let more: usize = runs.iter().skip(most).map(|run| run.len()).sum();
    if more > 0 {
        let _ = write!(text, " and {more} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Effect, ImportReport, session_ranges};
    use crate::capture::{Capture, Format, Note, NoteKind, SessionId};

    fn ids(numbers: &[u32]) -> Vec<SessionId> {
        numbers.iter().copied().map(SessionId).collect()
    }

    #[test]
    fn sessions_are_counted_once_and_reasons_joined() {
        let mut capture = Capture::new("a.har", Format::Har);
        for (kind, session, message) in [
            (NoteKind::FieldRepaired, Some(7), "mended"),
            (NoteKind::ResponseMissing, Some(3), "no answer"),
            (NoteKind::FieldRepaired, Some(3), "mended"),
            (NoteKind::FieldRepaired, Some(3), "mended otherwise"),
            (NoteKind::SessionSkipped, Some(9), "not JSON"),
            (NoteKind::FileTruncated, None, "cut off"),
        ] {
            let session = session.map(SessionId);
            capture.notes.push(Note { kind, session, message: message.to_owned() });
        }
        let report = ImportReport::of(&capture);
        let affected: Vec<_> =
            report.affected.iter().map(|a| (a.session.0, a.effect, a.reasons.as_slice())).collect();
        assert_eq!(
            affected,
            [
                (3, Effect::Partial, &[NoteKind::ResponseMissing, NoteKind::FieldRepaired][..]),
                (7, Effect::Repaired, &[NoteKind::FieldRepaired]),
                (9, Effect::Skipped, &[NoteKind::SessionSkipped]),
            ]
        );
        let reasons: Vec<_> =
            report.reasons.iter().map(|r| (r.message, session_ranges(&r.sessions, 9))).collect();
        let text = |s: &str| s.to_owned();
        assert_eq!(
            reasons,
            [
                ("cut off", text("")),
                ("not JSON", text("9")),
                ("no answer", text("3")),
                ("mended", text("7, 3")),
                ("mended otherwise", text("3")),
            ]
        );
        assert!(!report.is_clean() && ImportReport::default().is_clean());
    }

    #[test]
    fn runs_of_numbers_are_short() {
        assert_eq!(session_ranges(&ids(&[1, 2, 3, 5, 6, 9]), 9), "1–3, 5, 6, 9");
        assert_eq!(session_ranges(&ids(&[1, 2, 3, 5, 7, 8]), 2), "1–3, 5 and 2 more");
        assert_eq!(session_ranges(&[], 2), "");
        assert_eq!(session_ranges(&ids(&[u32::MAX, 1]), 2), format!("{}, 1", u32::MAX));
    }
}
