//! One piece of work on a thread of its own, so that the window never waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use eframe::egui::Context;

/// Work under way. When it is dropped, the work is asked to stop and its outcome is forgotten.
pub(super) struct Background<T> {
    outcome: Receiver<T>,
    cancel: Arc<AtomicBool>,
}

/// How work stands.
pub(super) enum Standing<T> {
    /// It goes on.
    Busy,
    /// This came of it.
    Done(T),
    /// It ended without an outcome: there was no thread for it, or it panicked.
    Lost,
}

impl<T: Send + 'static> Background<T> {
    /// Starts work on a thread of a name. The window is woken when it is done. The work may look now and then whether it
    /// is still wanted.
    pub(super) fn start(
        name: &str,
        ctx: &Context,
        work: impl FnOnce(&AtomicBool) -> T + Send + 'static,
    ) -> Self {
        let (sender, outcome) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let (ctx, flag) = (ctx.clone(), Arc::clone(&cancel));
        // Without a thread the sender is dropped, and the work counts as lost.
        let _ = thread::Builder::new().name(name.to_owned()).spawn(move || {
            if sender.send(work(&flag)).is_ok() {
                ctx.request_repaint();
            }
        });
        Self { outcome, cancel }
    }

    /// How the work stands. Once it is done or lost it is not to be asked again.
    pub(super) fn poll(&self) -> Standing<T> {
        match self.outcome.try_recv() {
            Ok(outcome) => Standing::Done(outcome),
            Err(TryRecvError::Empty) => Standing::Busy,
            Err(TryRecvError::Disconnected) => Standing::Lost,
        }
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use eframe::egui::Context;

    use super::{Background, Standing};

    #[test]
    fn work_that_is_dropped_learns_that_nobody_waits() {
        let (tell, told) = channel();
        let work = Background::start("test", &Context::default(), move |cancel| {
            while !cancel.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
            tell.send(()).unwrap();
        });
        assert!(matches!(work.poll(), Standing::Busy));
        drop(work);
        told.recv_timeout(Duration::from_secs(30)).unwrap();
    }

    #[test]
    fn an_outcome_arrives() {
        let work = Background::start("test", &Context::default(), |_| 7);
        loop {
            match work.poll() {
                Standing::Busy => std::thread::sleep(Duration::from_millis(1)),
                Standing::Done(outcome) => break assert_eq!(outcome, 7),
                Standing::Lost => panic!(),
            }
        }
    }
}
