//! One opened file: its sessions as recorded, and what was odd while reading it. No judgement, no OAuth.

mod annotation;
mod chronology;
mod import_report;
mod note;
mod session;

pub use annotation::{Annotations, Mark};
pub use import_report::{Affected, Effect, ImportReport, Reason, session_ranges};
pub use note::{Note, NoteKind};
pub use session::{Request, Response, Session, SessionId, Timing};

use chrono::{DateTime, FixedOffset, Utc};

/// How a capture was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// HTTP Archive, JSON.
    Har,
    /// Fiddler's session archive, a ZIP file.
    Saz,
    /// Pasted HTTP text.
    RawText,
}

impl Format {
    /// `har`, `saz` or `raw-text`, as reports spell it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Har => "har",
            Self::Saz => "saz",
            Self::RawText => "raw-text",
        }
    }
}

/// How reading went, counted in sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Read as they stand.
    pub read: usize,
    /// Read after something was put right (a wrong length, an impossible time); nothing is missing.
    pub repaired: usize,
    /// Read, with something missing (a response, a body's end).
    pub partial: usize,
    /// Not readable; not among the sessions.
    pub skipped: usize,
}

/// One opened file.
#[derive(Clone, Debug, PartialEq)]
pub struct Capture {
    /// File name without its folder, or what stands for it (`pasted text`).
    pub file: String,
    /// How it was recorded.
    pub format: Format,
    /// The recorder's name and version, as far as the file tells: `Fiddler 5.0.20253.3311`.
    pub creator: Option<String>,
    /// The sessions in the order of the file. Their numbers are unique.
    pub sessions: Vec<Session>,
    /// Oddities met while reading.
    pub notes: Vec<Note>,
    /// How reading went.
    pub counts: ImportCounts,
}

impl Capture {
    /// An empty capture of a format.
    pub fn new(file: impl Into<String>, format: Format) -> Self {
        Self {
            file: file.into(),
            format,
            creator: None,
            sessions: Vec::new(),
            notes: Vec::new(),
            counts: ImportCounts::default(),
        }
    }

    /// The numbers of the sessions, in the order of the file.
    pub fn numbers(&self) -> Vec<SessionId> {
        self.sessions.iter().map(|session| session.id).collect()
    }

    /// The session of a number.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        // Numbers ascend in every file that a recorder wrote, mostly without gaps; pasted text may number its sessions as
        // it likes.
        let first = self.sessions.first()?.id;
        let likely = id.0.checked_sub(first.0).and_then(|place| self.sessions.get(place as usize));
        if let Some(session) = likely.filter(|session| session.id == id) {
            return Some(session);
        }
        let place = self.sessions.binary_search_by_key(&id, |s| s.id).ok();
        place
            .and_then(|at| self.sessions.get(at))
            .or_else(|| self.sessions.iter().find(|s| s.id == id))
    }

    /// The sessions in the order of time, those without a time where the file has them (HAR writers do not promise an
    /// order). A recorder's clock that was set in between does not count: servers' clocks tell.
    pub fn chronological(&self) -> Vec<&Session> {
        let moments = chronology::moments(&self.sessions);
        let mut keyed: Vec<_> = moments.into_iter().zip(&self.sessions).collect();
        keyed.sort_by_key(|(moment, _)| *moment);
        keyed.into_iter().map(|(_, session)| session).collect()
    }

    /// Start of the earliest session.
    pub fn started(&self) -> Option<DateTime<Utc>> {
        self.sessions.iter().filter_map(|s| s.started).min()
    }

    /// How far the recorder's clock was from UTC, where the file says so. Browsers that write `Z` do not.
    pub fn utc_offset(&self) -> Option<FixedOffset> {
        self.sessions.iter().find_map(|s| s.utc_offset)
    }

    /// End of the latest session.
    pub fn ended(&self) -> Option<DateTime<Utc>> {
        self.sessions.iter().filter_map(Session::ended).max()
    }
}
