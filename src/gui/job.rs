//! Work on a thread of its own, so that no frame waits for it. What it tells arrives over a channel; dropping it stops it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread;

use eframe::egui::Context;

/// Work under way.
#[derive(Debug)]
pub(super) struct Job<T> {
    results: Receiver<T>,
    cancel: Arc<AtomicBool>,
}

/// What the thread itself holds.
pub(super) struct Work<T> {
    results: Sender<T>,
    cancel: Arc<AtomicBool>,
    ctx: Context,
}

/// What a job has to say.
#[derive(Debug)]
pub(super) enum News<T> {
    /// A result; more may follow.
    Result(T),
    /// Nothing yet.
    None,
    /// It has ended.
    Ended,
}

impl<T: Send + 'static> Job<T> {
    /// Starts work. Where no thread starts, the job counts as ended.
    pub(super) fn start(
        name: &str,
        ctx: &Context,
        work: impl FnOnce(&Work<T>) + Send + 'static,
    ) -> Self {
        let (sender, results) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let own = Work { results: sender, cancel: Arc::clone(&cancel), ctx: ctx.clone() };
        let run = move || {
            work(&own);
            own.ctx.request_repaint();
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(run);
        drop(started);
        Self { results, cancel }
    }

    /// What it has to say now.
    pub(super) fn poll(&self) -> News<T> {
        match self.results.try_recv() {
            Ok(result) => News::Result(result),
            Err(TryRecvError::Empty) => News::None,
            Err(TryRecvError::Disconnected) => News::Ended,
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl<T> Work<T> {
    /// Refuses when nobody wants the work any more.
    pub(super) fn go_on(&self) -> Result<(), ()> {
        if self.cancel.load(Ordering::Relaxed) { Err(()) } else { Ok(()) }
    }

    /// The flag that is set when nobody wants the work any more.
    pub(super) fn cancelled(&self) -> &AtomicBool {
        &self.cancel
    }

    /// Tells a result and wakes the window. Nobody listening is no error.
    pub(super) fn tell(&self, result: T) {
        if self.results.send(result).is_ok() {
            self.ctx.request_repaint();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Job, News};
    use eframe::egui::Context;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn dropping_a_job_stops_it() {
        let (sender, stopped) = channel();
        let job = Job::start("test", &Context::default(), move |work: &super::Work<u8>| {
            work.tell(7);
            while work.go_on().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            sender.send(()).unwrap();
        });
        let first = loop {
            match job.poll() {
                News::None => std::thread::sleep(Duration::from_millis(1)),
                news => break news,
            }
        };
        assert!(matches!(first, News::Result(7)), "{first:?}");
        drop(job);
        stopped.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}
