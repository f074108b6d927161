//! Work that may take longer than a frame: small pieces are done at once, large ones on a thread of their own.

use eframe::egui::Context;

use crate::gui::background::{Background, Standing};

/// Something that is ready, or on its way.
pub(super) enum Task<T> {
    Done(T),
    UnderWay(Background<T>),
    /// The thread ended without a result.
    Failed,
}

impl<T: Send + 'static> Task<T> {
    /// Does the work: at once, or, when it is `heavy`, on a thread that asks for a new frame at its end.
    pub(super) fn run(
        heavy: bool,
        ctx: &Context,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Self {
        if !heavy {
            return Self::Done(work());
        }
        Self::UnderWay(Background::start("body", ctx, |_| work()))
    }

    /// The result, once it is there.
    pub(super) fn get(&mut self) -> Option<&mut T> {
        if let Self::UnderWay(work) = self {
            match work.poll() {
                Standing::Done(result) => *self = Self::Done(result),
                Standing::Lost => *self = Self::Failed,
                Standing::Busy => {}
            }
        }
        match self {
            Self::Done(result) => Some(result),
            _ => None,
        }
    }

    /// Whether it will never be there.
    pub(super) const fn has_failed(&self) -> bool {
        matches!(self, Self::Failed)
    }
}
