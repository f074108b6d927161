//! Work on all cores, its results in the order in which the work was given.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::{ImportError, Progress};

/// Jobs given to each worker before results must come back, so that a fast giver does not fill the memory.
const AHEAD: usize = 3;

/// How often somebody who waits looks whether the user still wants the work.
const PATIENCE: Duration = Duration::from_millis(20);

/// Gives out jobs.
pub(super) struct Jobs<'a, J, R> {
    to: Option<SyncSender<(usize, J)>>,
    from: Receiver<(usize, R)>,
    /// Does the work where there are no threads.
    alone: &'a mut dyn FnMut(J) -> R,
    take: &'a mut dyn FnMut(R) -> Result<(), ImportError>,
    early: BTreeMap<usize, R>,
    given: usize,
    taken: usize,
    most: usize,
    progress: &'a Progress<'a>,
    /// Whether a worker ended although there may be work: its panic is about to be passed on.
    broken: &'a dyn Fn() -> bool,
}

impl<J, R> Jobs<'_, J, R> {
    /// Gives a job, taking results meanwhile.
    pub(super) fn give(&mut self, job: J) -> Result<(), ImportError> {
        let Some(to) = &self.to else {
            let result = (self.alone)(job);
            return (self.take)(result);
        };
        // The channel holds as many as may be under way, so that sending never waits.
        if to.send((self.given, job)).is_err() {
            return Err(ImportError::Cancelled);
        }
        self.given += 1;
        while let Ok(result) = self.from.try_recv() {
            self.place(result)?;
        }
        self.wait_until(self.most)
    }

    fn wait_until(&mut self, most: usize) -> Result<(), ImportError> {
        while self.given - self.taken > most {
            match self.from.recv_timeout(PATIENCE) {
                Ok(result) => self.place(result)?,
                Err(RecvTimeoutError::Timeout) if !(self.broken)() => {}
                Err(_) => return Err(ImportError::Cancelled),
            }
            if self.progress.cancelled() {
                return Err(ImportError::Cancelled);
            }
        }
        Ok(())
    }

    fn place(&mut self, (number, result): (usize, R)) -> Result<(), ImportError> {
        self.early.insert(number, result);
        while let Some(result) = self.early.remove(&self.taken) {
            self.taken += 1;
            (self.take)(result)?;
        }
        Ok(())
    }
}

/// Runs `give`, which gives out jobs, works on them on all cores and passes each result to `take` in the order of the
/// jobs. Each worker is made by `worker`, on its own thread.
pub(super) fn in_order<J, R, W, T>(
    progress: &Progress<'_>,
    worker: impl Fn() -> W + Sync,
    mut take: impl FnMut(R) -> Result<(), ImportError>,
    give: impl FnOnce(&mut Jobs<'_, J, R>) -> Result<T, ImportError>,
) -> Result<T, ImportError>
where
    J: Send,
    R: Send,
    W: FnMut(J) -> R,
{
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let most = cores * AHEAD;
    let (to, jobs) = sync_channel::<(usize, J)>(most + 1);
    let (results, from) = channel();
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for number in 0..if cores > 1 { cores } else { 0 } {
            let (jobs, results, worker) = (&jobs, results.clone(), &worker);
            let started = thread::Builder::new().name(format!("import {number}")).spawn_scoped(
                scope,
                move || {
                    let mut work = worker();
                    loop {
                        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                        // No more jobs, or nobody who wants their results.
                        let Ok((number, job)) = job else { break };
                        if results.send((number, work(job))).is_err() {
                            break;
                        }
                    }
                },
            );
            threads.extend(started);
        }
        drop(results);
        let mut alone = worker();
        let mut jobs = Jobs {
            to: (!threads.is_empty()).then_some(to),
            from,
            alone: &mut alone,
            take: &mut take,
            early: BTreeMap::new(),
            given: 0,
            taken: 0,
            most,
            progress,
            broken: &|| threads.iter().any(thread::ScopedJoinHandle::is_finished),
        };
        // The channel closes when this ends, and with it the workers.
        give(&mut jobs).and_then(|given| jobs.wait_until(0).map(|()| given))
    })
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use crate::import::{ImportError, Progress};
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let mut seen = Vec::new();
        let given = in_order(
            &Progress::none(),
            || {
                |job: u64| {
                    std::thread::sleep(std::time::Duration::from_micros(job % 7 * 100));
                    job
                }
            },
            |result| {
                seen.push(result);
                Ok(())
            },
            |jobs| (0..200).try_for_each(|job| jobs.give(job)),
        );
        assert!(given.is_ok());
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
    }

    #[test]
    fn a_user_who_stops_does_not_wait_for_the_rest() {
        let stop = AtomicBool::new(false);
        let progress = Progress::new(&|_, _, _| (), &stop);
        let ended = in_order(
            &progress,
            || |job: u32| job,
            |job| {
                stop.store(job > 10, Ordering::Relaxed);
                Ok(())
            },
            |jobs| (0..u32::MAX).try_for_each(|job| jobs.give(job)),
        );
        assert!(matches!(ended, Err(ImportError::Cancelled)));
    }
}
