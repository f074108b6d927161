//! Work that may take longer than a frame: small pieces are done at once, large ones on a thread of their own.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use eframe::egui::Context;

/// Something that is ready, or on its way.
pub(super) enum Task<T> {
    Done(T),
    UnderWay(Receiver<T>),
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
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        let started = thread::Builder::new().name("body".to_owned()).spawn(move || {
            let result = work();
            // Nobody listens any more when another session was selected.
            let _ = sender.send(result);
            ctx.request_repaint();
        });
        started.map_or(Self::Failed, |_| Self::UnderWay(receiver))
    }

    /// The result, once it is there.
    pub(super) fn get(&mut self) -> Option<&mut T> {
        if let Self::UnderWay(receiver) = self {
            match receiver.try_recv() {
                Ok(result) => *self = Self::Done(result),
                Err(TryRecvError::Disconnected) => *self = Self::Failed,
                Err(TryRecvError::Empty) => {}
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
