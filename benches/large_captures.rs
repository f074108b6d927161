//! How long large captures take, and how much memory, beside work that anybody can repeat:
//! `cargo bench --bench large_captures [-- FACTOR]`.
//!
//! Makes the captures in a temporary folder (about 2 GB at the factor 1, its default), runs the release binary on each
//! and prints a table; the last columns are the seconds for reading and for the analysis behind it, and the longest that a
//! user waits who stops the work, at any of twenty moments.
//! The factor scales the number of sessions: with 0.05 the whole takes some thirty seconds.
//! Peak memory needs `/usr/bin/time` (GNU), the references of SAZ files need `unzip`; what is missing is left out.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may stop")]

use std::ffi::OsStr;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hma_trace::analysis::Analysis;
use hma_trace::http::Secret;
use hma_trace::import::{ImportError, Options, Progress, open_file};
use hma_trace::jwt::Keys;
use serde::de::IgnoredAny;

#[path = "../examples/large_capture/generator.rs"]
mod generator;

use generator::{Encryption, Format, Order, PASSWORD};

/// Runs of each work; the fastest counts.
const RUNS: usize = 3;

/// Moments of the work at which it is stopped.
const STOPS: u32 = 20;

/// What the time is measured against.
#[derive(Clone, Copy)]
enum Reference {
    /// `serde_json` passing over the same bytes, which are in memory.
    Json,
    /// `unzip` writing every member to nowhere.
    Unzip,
    /// Deriving the keys of every member and nothing else, on all cores.
    Keys,
}

/// What the program does.
#[derive(Clone, Copy)]
enum Task {
    Analyze,
    /// Writes a redacted copy, proven.
    Redact,
}

struct Work {
    name: &'static str,
    task: Task,
    order: Order,
    reference: Reference,
    /// At most so many times the reference.
    ratio: f64,
    /// At most so much memory, in MiB.
    memory: Option<u64>,
}

fn works() -> [Work; 6] {
    let har =
        |sessions, body_size| Order { sessions, body_size, format: Format::Har, encrypt: None };
    let saz = |sessions, body_size| Order { format: Format::Saz, ..har(sessions, body_size) };
    let encrypted = Order { encrypt: Some(Encryption::Aes256), ..saz(5_000, 0) };
    let work = |name, order, reference, ratio, memory| Work {
        name,
        task: Task::Analyze,
        order,
        reference,
        ratio,
        memory,
    };
    [
        work("HAR, 100,000 sessions", har(100_000, 0), Reference::Json, 3.0, Some(250)),
        work("HAR, 20,000 of 50 KB", har(20_000, 50 << 10), Reference::Json, 2.0, Some(200)),
        work("SAZ, 100,000 sessions", saz(100_000, 0), Reference::Unzip, 0.7, Some(300)),
        work("SAZ, 20,000 of 25 KB", saz(20_000, 25 << 10), Reference::Unzip, 0.4, Some(200)),
        work("SAZ, 5,000, AES-256", encrypted, Reference::Keys, 1.2, None),
        Work {
            task: Task::Redact,
            ..work("redacting HAR, 100,000 sessions", har(100_000, 0), Reference::Json, 6.0, None)
        },
    ]
}

fn main() {
    let factor = std::env::args().skip(1).find_map(|word| word.parse::<f64>().ok()).unwrap_or(1.0);
    let folder = tempfile::tempdir().unwrap();
    println!(
        "| work | MB | reference s | seconds | ratio | goal | peak MiB | goal | reading s | analysis s | stops in ms |\n|---|---|---|---|---|---|---|---|---|---|---|"
    );
    for Work { name, task, mut order, reference, ratio, memory } in works() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of sessions"
        )]
        {
            order.sessions = (f64::from(order.sessions) * factor).max(1.0) as u32;
        }
        let path = folder.path().join("capture");
        generator::write(&order, &path).unwrap();
        let megabytes = path.metadata().unwrap().len() / 1_000_000;
        let base = fastest(|| reference.run(&path));
        let (mut time, mut peak) = (Duration::MAX, None);
        for _ in 0..RUNS {
            let (took, kib) = task.run(&path);
            time = time.min(took);
            peak = peak.max(kib);
        }
        let (reading, analysis) = (0..RUNS).map(|_| phases(&path)).min().unwrap();
        let seconds = |time: Option<Duration>| {
            time.map_or("–".to_owned(), |time| format!("{:.2}", time.as_secs_f64()))
        };
        println!(
            "| {name} | {megabytes} | {} | {} | {} | {ratio} | {} | {} | {} | {} | {} |",
            seconds(base),
            seconds(Some(time)),
            base.map_or("–".to_owned(), |base| format!("{:.2}", time.div_duration_f64(base))),
            peak.map_or("–".to_owned(), |kib| (kib / 1024).to_string()),
            memory.map_or("–".to_owned(), |mib| mib.to_string()),
            seconds(Some(reading)),
            seconds(Some(analysis)),
            longest_stop(&path, time).as_millis(),
        );
    }
}

fn fastest(mut work: impl FnMut() -> Option<Duration>) -> Option<Duration> {
    (0..RUNS).map(|_| work()).min().flatten()
}

impl Task {
    /// The whole program on a capture: how long it took, and its peak memory in KiB.
    fn run(self, path: &Path) -> (Duration, Option<u64>) {
        let copy = path.with_file_name("copy.har");
        let arguments: Vec<&OsStr> = match self {
            Self::Analyze => {
                ["analyze", "--format", "json", "--fail-on", "never", "-o", "/dev/null"]
                    .map(OsStr::new)
                    .to_vec()
            }
            Self::Redact => vec![OsStr::new("redact"), OsStr::new("-o"), copy.as_os_str()],
        };
        let program = env!("CARGO_BIN_EXE_hma-trace");
        let timer = Path::new("/usr/bin/time");
        let mut command = if timer.exists() {
            let mut command = Command::new(timer);
            command.args(["-f", "%M", program]);
            command
        } else {
            Command::new(program)
        };
        command.args(arguments).arg(path).env("HMA_TRACE_PASSWORD", PASSWORD);
        let begun = Instant::now();
        let done = command.output().unwrap();
        let took = begun.elapsed();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{said}");
        (took, said.trim().parse().ok())
    }
}

/// How long reading takes, and how long the analysis.
fn phases(path: &Path) -> (Duration, Duration) {
    let password = Secret::new(PASSWORD);
    let options = Options { password: Some(&password) };
    let begun = Instant::now();
    let capture = open_file(path, options, &Progress::none()).unwrap();
    let read = begun.elapsed();
    let analysis = Analysis::of(capture, &Keys::default());
    let whole = begun.elapsed();
    drop(black_box(analysis));
    (read, whole.saturating_sub(read))
}

/// How long the work goes on after it was told to stop, at worst, when it is stopped at moments all over its time.
fn longest_stop(path: &Path, whole: Duration) -> Duration {
    let password = Secret::new(PASSWORD);
    let options = Options { password: Some(&password) };
    let stop = |at: Duration| {
        let cancel = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let clock = std::thread::Builder::new().name("clock".to_owned());
            let told = clock
                .spawn_scoped(scope, || {
                    std::thread::sleep(at);
                    cancel.store(true, Ordering::Relaxed);
                    Instant::now()
                })
                .unwrap();
            let go_on = || {
                if cancel.load(Ordering::Relaxed) { Err(ImportError::Cancelled) } else { Ok(()) }
            };
            let progress = Progress::new(&|_, _, _| (), &cancel);
            let done = open_file(path, options, &progress)
                .and_then(|capture| Analysis::while_wanted(capture, &Keys::default(), &go_on));
            let ended = Instant::now();
            drop(done);
            ended.saturating_duration_since(told.join().unwrap())
        })
    };
    (0..STOPS).map(|number| stop(whole * number / STOPS)).max().unwrap_or_default()
}

impl Reference {
    fn run(self, path: &Path) -> Option<Duration> {
        match self {
            Self::Json => {
                let bytes = std::fs::read(path).unwrap();
                let begun = Instant::now();
                black_box(serde_json::from_slice::<IgnoredAny>(&bytes).unwrap());
                Some(begun.elapsed())
            }
            Self::Unzip => {
                let begun = Instant::now();
                let done = Command::new("unzip")
                    .args(["-qq", "-p"])
                    .arg(path)
                    .stdout(Stdio::null())
                    .status();
                done.ok().filter(std::process::ExitStatus::success).map(|_| begun.elapsed())
            }
            Self::Keys => Some(keys(path)),
        }
    }
}

/// Opening a member with a wrong password derives its key and finds out; nothing else is done.
fn keys(path: &Path) -> Duration {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for core in 0..cores {
            let members = (core..archive.len()).step_by(cores);
            let work = move || {
                let file = std::fs::File::open(path).unwrap();
                let mut archive = zip::ZipArchive::new(file).unwrap();
                for index in members {
                    // One wrong password in 65,536 passes.
                    let _ = black_box(archive.by_index_decrypt(index, b"not the password").is_ok());
                }
            };
            std::thread::Builder::new()
                .name(format!("keys {core}"))
                .spawn_scoped(scope, work)
                .unwrap();
        }
    });
    begun.elapsed()
}
