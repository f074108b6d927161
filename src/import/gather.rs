//! Gathers sessions into a capture: keeps their numbers unique and counts how reading went.

use std::collections::HashSet;

use crate::capture::{Capture, Effect, Format, Note, NoteKind, Session, SessionId};
use crate::cores;

/// What was odd about one session, gathered while it is read.
#[derive(Debug, Default)]
pub(super) struct Oddities(Vec<(NoteKind, String)>);

impl Oddities {
    /// Adds one. The message must not hold anything secret: no header value, body or query.
    pub(super) fn add(&mut self, kind: NoteKind, message: impl Into<String>) {
        self.0.push((kind, message.into()));
    }
}

/// A capture in the making.
#[derive(Debug)]
pub(super) struct Gather {
    capture: Capture,
    /// The numbers given, once one was not above all others.
    taken: Option<HashSet<u32>>,
    highest: u32,
}

impl Gather {
    pub(super) fn new(file_name: &str, format: Format) -> Self {
        let file = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        Self { capture: Capture::new(file, format), taken: None, highest: 0 }
    }

    /// Number of sessions so far.
    pub(super) fn len(&self) -> usize {
        self.capture.sessions.len()
    }

    /// The recorder's name and version.
    pub(super) fn creator(&mut self, creator: Option<String>) {
        self.capture.creator = creator;
    }

    /// An oddity of the whole file.
    pub(super) fn note(&mut self, kind: NoteKind, message: impl Into<String>) {
        self.capture.notes.push(Note { kind, session: None, message: message.into() });
    }

    /// A session that could not be read at all.
    pub(super) fn skip(&mut self, id: Option<SessionId>, message: impl Into<String>) {
        self.capture.counts.skipped += 1;
        let note = Note { kind: NoteKind::SessionSkipped, session: id, message: message.into() };
        self.capture.notes.push(note);
    }

    /// Adds a session. A number that is taken gives way to the next free one.
    pub(super) fn session(&mut self, mut session: Session, mut oddities: Oddities) {
        // Numbers that ascend need no list.
        if session.id.0 <= self.highest && self.is_taken(session.id.0) {
            let old = session.id;
            session.id = SessionId(self.next_number());
            let message =
                format!("Two sessions had the number {old}; this one became {}", session.id);
            oddities.add(NoteKind::NumberChanged, message);
        }
        if let Some(taken) = &mut self.taken {
            taken.insert(session.id.0);
        }
        self.highest = self.highest.max(session.id.0);

        let counts = &mut self.capture.counts;
        match oddities.0.iter().map(|(kind, _)| kind.effect()).max() {
            None => counts.read += 1,
            Some(Effect::Repaired) => counts.repaired += 1,
            Some(Effect::Partial | Effect::Skipped) => counts.partial += 1,
        }
        let id = Some(session.id);
        let notes =
            oddities.0.into_iter().map(|(kind, message)| Note { kind, session: id, message });
        self.capture.notes.extend(notes);
        self.capture.sessions.push(session);
    }

    fn is_taken(&mut self, number: u32) -> bool {
        self.taken().contains(&number)
    }

    fn taken(&mut self) -> &HashSet<u32> {
        let sessions = &self.capture.sessions;
        self.taken.get_or_insert_with(|| sessions.iter().map(|session| session.id.0).collect())
    }

    /// The lowest number above all that were given, or any free one when those are used up.
    pub(super) fn next_number(&mut self) -> u32 {
        if let Some(next) = self.highest.checked_add(1) {
            return next;
        }
        let taken = self.taken();
        (1..u32::MAX).find(|number| !taken.contains(number)).unwrap_or(u32::MAX)
    }

    pub(super) fn finish(mut self) -> Capture {
        let nothing = Capture::new("", self.capture.format);
        std::mem::replace(&mut self.capture, nothing)
    }
}

/// Whoever stops the reading does not wait until what was read is given back.
impl Drop for Gather {
    fn drop(&mut self) {
        if !self.capture.sessions.is_empty() {
            cores::dispose(std::mem::take(&mut self.capture.sessions));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gather, Oddities};
    use crate::capture::{Format, NoteKind, Session, SessionId};

    #[test]
    fn numbers_stay_unique_and_every_session_is_counted_once() {
        let mut gather = Gather::new("C:\\traces\\a.saz", Format::Saz);
        let mut odd = Oddities::default();
        odd.add(NoteKind::FieldRepaired, "a");
        odd.add(NoteKind::BodyTruncated, "b");
        gather.session(Session::new(SessionId(7)), odd);
        gather.session(Session::new(SessionId(7)), Oddities::default());
        gather.session(Session::new(SessionId(u32::MAX)), Oddities::default());
        gather.session(Session::new(SessionId(u32::MAX)), Oddities::default());
        let capture = gather.finish();
        let numbers: Vec<_> = capture.sessions.iter().map(|s| s.id.0).collect();
        assert_eq!((capture.file.as_str(), numbers), ("a.saz", vec![7, 8, u32::MAX, 1]));
        let counts = capture.counts;
        assert_eq!((counts.read, counts.repaired, counts.partial), (1, 2, 1));
    }
}
