//! What people add to sessions: a mark and a comment, by the recorder's window or by ours.

use std::collections::HashMap;

use super::{Capture, Session, SessionId};

/// A mark that a person put on a session. The order is that of Fiddler's marks (Ctrl+1 to Ctrl+6 there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// Red.
    Red,
    /// Blue.
    Blue,
    /// Gold.
    Gold,
    /// Green.
    Green,
    /// Orange.
    Orange,
    /// Purple.
    Purple,
}

impl Mark {
    /// All marks in order.
    pub const ALL: [Self; 6] =
        [Self::Red, Self::Blue, Self::Gold, Self::Green, Self::Orange, Self::Purple];

    /// The mark's colour as a word, as Fiddler's session flag `ui-color` spells it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Blue => "blue",
            Self::Gold => "gold",
            Self::Green => "green",
            Self::Orange => "orange",
            Self::Purple => "purple",
        }
    }

    /// The mark's number, from 1.
    pub const fn number(self) -> usize {
        self as usize + 1
    }

    /// Reads a colour or a number.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|m| m.id().eq_ignore_ascii_case(word) || m.number().to_string() == word)
    }
}

/// What a person adds while looking at a capture. It lives as long as the capture is open and is written nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// Sessions whose mark was changed; `None` stands for a recorded mark that was taken away.
    marks: HashMap<SessionId, Option<Mark>>,
    comments: HashMap<SessionId, String>,
}

impl Annotations {
    /// A session's mark: the person's, else the recorder's.
    pub fn mark(&self, session: &Session) -> Option<Mark> {
        self.marks.get(&session.id).copied().unwrap_or(session.mark)
    }

    /// Puts a mark on a session, or takes it away.
    pub fn set_mark(&mut self, session: SessionId, mark: Option<Mark>) {
        self.marks.insert(session, mark);
    }

    /// A session's comment: the person's, else the recorder's; empty without one.
    pub fn comment<'a>(&'a self, session: &'a Session) -> &'a str {
        let own = self.comments.get(&session.id).map(String::as_str);
        own.or(session.comment.as_deref()).unwrap_or_default()
    }

    /// The comment that was added here, if one was.
    pub fn own_comment(&self, session: SessionId) -> Option<&str> {
        self.comments.get(&session).map(String::as_str)
    }

    /// The sessions that were commented on here, in no order.
    pub fn commented(&self) -> impl Iterator<Item = SessionId> {
        self.comments.keys().copied()
    }

    /// Writes a comment in the place of whatever was there.
    pub fn set_comment(&mut self, session: &Session, comment: String) {
        if session.comment.as_deref().unwrap_or_default() == comment {
            self.comments.remove(&session.id);
        } else {
            self.comments.insert(session.id, comment);
        }
    }

    /// How many sessions carry each mark, in the order of the marks.
    pub fn mark_counts(&self, capture: &Capture) -> [usize; 6] {
        let mut counts = [0; 6];
        for mark in capture.sessions.iter().filter_map(|session| self.mark(session)) {
            if let Some(count) = counts.get_mut(mark as usize) {
                *count += 1;
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::{Annotations, Mark};
    use crate::capture::{Session, SessionId};

    #[test]
    fn what_a_person_says_comes_before_what_was_recorded() {
        let mut session = Session::new(SessionId(7));
        session.comment = Some("recorded".to_owned());
        session.mark = Some(Mark::Gold);
        let mut added = Annotations::default();
        assert_eq!((added.comment(&session), added.mark(&session)), ("recorded", Some(Mark::Gold)));
        added.set_comment(&session, "mine".to_owned());
        added.set_mark(session.id, None);
        assert_eq!((added.comment(&session), added.mark(&session)), ("mine", None));
        assert_eq!(added.own_comment(session.id), Some("mine"));
        added.set_comment(&session, "recorded".to_owned());
        assert_eq!(added.own_comment(session.id), None);
    }

    #[test]
    fn marks_are_read_by_colour_and_by_number() {
        assert_eq!((Mark::parse("Red"), Mark::parse("6")), (Some(Mark::Red), Some(Mark::Purple)));
        assert_eq!((Mark::parse("7"), Mark::parse("pink")), (None, None));
    }
}
