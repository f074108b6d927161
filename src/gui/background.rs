//! One piece of work on a thread of its own, so that the window never waits for it.

use std::sync::atomic::AtomicBool;

use eframe::egui::Context;

use super::job::{Job, News};

/// Work under way. When it is dropped, the work is asked to stop and its outcome is forgotten.
pub(super) struct Background<T>(Job<T>);

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
        Self(Job::start(name, ctx, move |job| job.tell(work(job.cancelled()))))
    }

    /// How the work stands. Once it is done or lost it is not to be asked again.
    pub(super) fn poll(&self) -> Standing<T> {
        match self.0.poll() {
            News::Result(outcome) => Standing::Done(outcome),
            News::None => Standing::Busy,
            News::Ended => Standing::Lost,
        }
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
