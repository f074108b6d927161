//! Where a fact comes from.

use std::fmt;

/// Day on which the tables were last compared with their documents.
const CHECKED: &str = "2026-11-21";

/// Where a fact comes from, when that was last looked at, and how far to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The document, in words: "Microsoft Learn: …", "RFC 6749".
    pub document: &'static str,
    /// Day of the last comparison, `2026-11-21`.
    pub checked: &'static str,
    /// How sure the fact is.
    pub confidence: Confidence,
}

impl Source {
    /// Stated by a primary source: Microsoft, or the specification.
    pub(super) const fn confirmed(document: &'static str) -> Self {
        Self { document, checked: CHECKED, confidence: Confidence::Confirmed }
    }

    /// Seen in recordings, forums or other tools.
    pub(super) const fn seen(document: &'static str) -> Self {
        Self { document, checked: CHECKED, confidence: Confidence::SeenInTheWild }
    }

    /// Concluded from other facts.
    pub(super) const fn inferred(document: &'static str) -> Self {
        Self { document, checked: CHECKED, confidence: Confidence::Inferred }
    }

    /// Commonly known, not compared with a document.
    pub(super) const fn unverified(document: &'static str) -> Self {
        Self { document, checked: CHECKED, confidence: Confidence::Unverified }
    }
}

/// How sure a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// A primary source says so.
    Confirmed,
    /// Recordings, forums or other tools show it.
    SeenInTheWild,
    /// It follows from other facts.
    Inferred,
    /// Commonly known, not checked.
    Unverified,
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Confirmed => "confirmed",
            Self::SeenInTheWild => "seen in the wild",
            Self::Inferred => "inferred",
            Self::Unverified => "not verified",
        })
    }
}
