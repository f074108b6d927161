//! Pure work on all cores, its results in the order of the items; and memory given back where nobody waits for it.

use std::convert::identity;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// A question that refuses when nobody wants the work any more.
pub(crate) type GoOn<'a, E> = &'a (dyn Fn() -> Result<(), E> + Sync);

/// Does `work` on every item, taking `block` items at a time. `go_on` is asked before each block; what it refuses with
/// ends the work. A single block stays on this thread.
pub(crate) fn map<T: Sync, R: Send, E: Send>(
    items: &[T],
    block: NonZero<usize>,
    go_on: GoOn<'_, E>,
    work: impl Fn(&T) -> R + Sync,
) -> Result<Vec<R>, E> {
    let mut results: Vec<Option<R>> = Vec::new();
    results.resize_with(items.len(), || None);
    let refusal = Mutex::new(None);
    let refused = || refusal.lock().unwrap_or_else(PoisonError::into_inner);
    share(items.chunks(block.get()).zip(results.chunks_mut(block.get())), || {
        |(items, places): (&[T], &mut [Option<R>])| {
            if refused().is_some() {
                return;
            }
            if let Err(no) = go_on() {
                *refused() = Some(no);
                return;
            }
            for (item, place) in items.iter().zip(places) {
                *place = Some(work(item));
            }
        }
    });
    match refusal.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(no) => Err(no),
        None => Ok(results.into_iter().map_while(identity).collect()),
    }
}

/// Does two things at once.
pub(crate) fn both<A: Send, B>(one: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let started = thread::Builder::new().name("beside".to_owned()).spawn_scoped(scope, &one);
        let second = other();
        let first = match started.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // Where no thread starts, one follows the other.
            Err(_) => one(),
        };
        (first, second)
    })
}

/// Hands out parts to all cores; `worker` makes the one who takes them, on each thread.
pub(crate) fn share<P: Send, W: FnMut(P)>(
    parts: impl ExactSizeIterator<Item = P> + Send,
    worker: impl Fn() -> W + Sync,
) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(parts.len());
    let parts = Mutex::new(parts);
    let work = || {
        let mut take = worker();
        loop {
            let next = parts.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(part) = next else { break };
            take(part);
        }
    };
    // A panic goes on when the scope ends.
    thread::scope(|scope| {
        for number in 1..cores {
            // Where no thread starts, this one does the work.
            let started =
                thread::Builder::new().name(format!("share {number}")).spawn_scoped(scope, work);
            drop(started);
        }
        work();
    });
}

/// Gives back the memory of something large on a thread of its own, where nobody waits for it: a hundred thousand sessions
/// take a tenth of a second.
pub(crate) fn dispose(large: impl Send + 'static) {
    // Where no thread starts, the memory goes here and now.
    let started = thread::Builder::new().name("disposal".to_owned()).spawn(|| drop(large));
    drop(started);
}

#[cfg(test)]
mod tests {
    use super::{map, share};
    use std::convert::Infallible;
    use std::num::NonZero;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const BLOCK: NonZero<usize> = NonZero::new(3).unwrap();

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 3, 4, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let Ok(doubled) = map(&items, BLOCK, &|| Ok::<(), Infallible>(()), |item| item * 2);
            assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_part_is_taken_once() {
        for count in [0, 1, 3, 1000] {
            let mut items = vec![0_u32; count];
            share(items.chunks_mut(3), || |part: &mut [u32]| part.iter_mut().for_each(|n| *n += 1));
            assert_eq!(items, vec![1; count]);
        }
    }

    #[test]
    fn a_refusal_ends_the_work() {
        let asked = AtomicUsize::new(0);
        let done = AtomicUsize::new(0);
        let go_on = || if asked.fetch_add(1, Ordering::Relaxed) < 10 { Ok(()) } else { Err("no") };
        let ended = map(&[(); 1000], BLOCK, &go_on, |()| done.fetch_add(1, Ordering::Relaxed));
        assert_eq!(ended, Err("no"));
        assert_eq!(done.load(Ordering::Relaxed), 30);
    }
}
