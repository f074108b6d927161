//! An oddity met while reading a capture: seen by the user, counted by reports, never a reason to lose the file.

use super::SessionId;

/// What was odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NoteKind {
    /// A session has no response.
    ResponseMissing,
    /// A session has no readable request.
    RequestMissing,
    /// A body is shorter than announced, or its coding ends early.
    BodyTruncated,
    /// A body's transfer or content coding could not be undone.
    BodyUndecodable,
    /// A text or a number is not what the format promises; the nearest reading was taken.
    FieldRepaired,
    /// A start time is missing or impossible.
    TimeUnusable,
    /// Two sessions had one number.
    NumberChanged,
    /// A member of the archive could not be read.
    MemberUnreadable,
    /// The file ends in the middle.
    FileTruncated,
    /// A session could not be read at all.
    SessionSkipped,
    /// Something was left out because it is too large.
    LimitReached,
}

impl NoteKind {
    /// The kind's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ResponseMissing => "response-missing",
            Self::RequestMissing => "request-missing",
            Self::BodyTruncated => "body-truncated",
            Self::BodyUndecodable => "body-undecodable",
            Self::FieldRepaired => "field-repaired",
            Self::TimeUnusable => "time-unusable",
            Self::NumberChanged => "number-changed",
            Self::MemberUnreadable => "member-unreadable",
            Self::FileTruncated => "file-truncated",
            Self::SessionSkipped => "session-skipped",
            Self::LimitReached => "limit-reached",
        }
    }
}

/// One oddity. The message never holds a header value, a body or a URL's query: captures carry secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was odd.
    pub kind: NoteKind,
    /// The session it concerns.
    pub session: Option<SessionId>,
    /// One sentence for a person.
    pub message: String,
}
