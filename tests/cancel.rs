//! A user who stops does not wait: at whatever moment of loading and analysing a large capture.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hma_trace::analysis::Analysis;
use hma_trace::import::{ImportError, Options, Progress, open_shared};
use hma_trace::jwt::Keys;

#[path = "../examples/large_capture/generator.rs"]
mod generator;

/// What a person takes for at once. The dev profile and a busy machine are slower than a release on an idle one.
const AT_ONCE: Duration = Duration::from_millis(400);

fn stops_at_once(format: generator::Format) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("capture");
    let order = generator::Order { sessions: 6_000, body_size: 2_000, format, encrypt: None };
    generator::write(&order, &path).unwrap();
    let bytes: std::sync::Arc<Vec<u8>> = std::fs::read(&path).unwrap().into();
    let mut stopped = 0;
    for wait in [0, 5, 20, 60, 150, 300, 500, 800] {
        let cancel = AtomicBool::new(false);
        let set = std::thread::scope(|scope| {
            let setter = std::thread::Builder::new().spawn_scoped(scope, || {
                std::thread::sleep(Duration::from_millis(wait));
                cancel.store(true, Ordering::Relaxed);
                Instant::now()
            });
            let progress = Progress::new(&|_, _, _| (), &cancel);
            let go_on = || {
                if cancel.load(Ordering::Relaxed) { Err(ImportError::Cancelled) } else { Ok(()) }
            };
            let done = open_shared("capture", bytes.clone(), Options::default(), &progress)
                .and_then(|capture| Analysis::while_wanted(capture, &Keys::default(), &go_on));
            let ended = Instant::now();
            stopped += u32::from(matches!(done, Err(ImportError::Cancelled)));
            ended.saturating_duration_since(setter.unwrap().join().unwrap())
        });
        assert!(set < AT_ONCE, "{format:?}: {set:?} after {wait} ms");
    }
    assert!(stopped > 0);
}

#[test]
fn a_har_stops_at_once() {
    stops_at_once(generator::Format::Har);
}

#[test]
fn a_saz_stops_at_once() {
    stops_at_once(generator::Format::Saz);
}
