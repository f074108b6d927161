//! How far opening has come, and whether the user still wants it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::ImportError;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading the file; counted in bytes.
    Reading,
    /// Making sessions from the content; counted in bytes of a HAR file, in sessions otherwise.
    Sessions,
}

impl Stage {
    /// The stage in words for a progress bar.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reading => "Reading file",
            Self::Sessions => "Reading sessions",
        }
    }
}

/// Listens to progress and says whether to stop.
#[derive(Clone, Copy, Default)]
pub struct Progress<'a> {
    report: Option<&'a dyn Fn(Stage, u64, u64)>,
    cancel: Option<&'a AtomicBool>,
}

impl<'a> Progress<'a> {
    /// Nobody listens, nobody cancels.
    pub const fn none() -> Self {
        Self { report: None, cancel: None }
    }

    /// Calls `report` with a stage, how much of it is done and how much there is; stops soon after `cancel` is set.
    pub fn new(report: &'a dyn Fn(Stage, u64, u64), cancel: &'a AtomicBool) -> Self {
        Self { report: Some(report), cancel: Some(cancel) }
    }

    /// Tells how far a stage has come.
    pub fn report(&self, stage: Stage, done: u64, total: u64) {
        if let Some(report) = self.report {
            report(stage, done, total);
        }
    }

    /// The flag alone, for other threads.
    pub(super) const fn stop(&self) -> Stop<'a> {
        Stop(self.cancel)
    }

    /// Whether the user asked to stop.
    pub fn cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// Reports, then stops with [`ImportError::Cancelled`] if the user asked for it.
    pub(super) fn step(&self, stage: Stage, done: u64, total: u64) -> Result<(), ImportError> {
        self.report(stage, done, total);
        if self.cancelled() { Err(ImportError::Cancelled) } else { Ok(()) }
    }
}

/// Says whether to stop, on any thread.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stop<'a>(Option<&'a AtomicBool>);

impl Stop<'_> {
    /// Whether the user asked to stop.
    pub(super) fn asked(self) -> bool {
        self.0.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("cancelled", &self.cancelled()).finish_non_exhaustive()
    }
}
