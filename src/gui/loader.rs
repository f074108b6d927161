//! Opens and analyses a capture on a thread of its own, so that the window never waits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use eframe::egui::Context;

use crate::analysis::Analysis;
use crate::capture::Capture;
use crate::export;
use crate::http::Secret;
use crate::import::{self, ImportError, Options, Progress, Stage};
use crate::jwt::Keys;
use crate::training::course;
use crate::training::samples::{SAMPLES, Sample};

/// Where a capture comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A file.
    File(PathBuf),
    /// Bytes with a name: a sample, or a file without a path.
    Bytes(String, Arc<Vec<u8>>),
    /// Pasted HTTP text.
    Text(String),
    /// A sample that is walked as a lesson: under its own name it would give itself away.
    Lesson(&'static Sample),
}

impl Source {
    /// The name to show while it opens.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path
                .file_name()
                .map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned()),
            Self::Bytes(name, _) => name.clone(),
            Self::Text(_) => "Pasted text".to_owned(),
            Self::Lesson(sample) => match course::number(sample.name) {
                Some((number, _)) => format!("Lesson {number}"),
                None => "Lesson".to_owned(),
            },
        }
    }

    /// The SHA-256 of the original, read again for a receipt.
    pub(super) fn digest(&self) -> std::io::Result<String> {
        match self {
            Self::File(path) if path.is_dir() => {
                let packed = import::folder_as_saz(path, &Progress::none());
                export::sha256_of(packed.map_err(std::io::Error::other)?.as_slice())
            }
            Self::File(path) => export::sha256_of(std::fs::File::open(path)?),
            Self::Bytes(_, bytes) => export::sha256_of(bytes.as_slice()),
            Self::Text(text) => export::sha256_of(text.as_bytes()),
            Self::Lesson(sample) => export::sha256_of(sample.bytes()),
        }
    }

    /// Whether two sources are the same capture: one file under whatever path, one sample, one text.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        let whole = |path: &Path| path.canonicalize().ok();
        match (self, other) {
            (Self::File(a), Self::File(b)) => {
                a == b || whole(a).is_some_and(|path| whole(b) == Some(path))
            }
            (Self::Bytes(a, x), Self::Bytes(b, y)) => a == b && x == y,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Lesson(a), Self::Lesson(b)) => a.name == b.name,
            _ => false,
        }
    }

    /// The sample that it is, under whatever name.
    pub(super) fn sample(&self) -> Option<&'static Sample> {
        match self {
            Self::Lesson(sample) => Some(sample),
            Self::Bytes(name, _) => SAMPLES.iter().find(|sample| sample.file_name == name),
            Self::File(path) => {
                let name = path.file_name()?.to_str()?;
                let sample = SAMPLES.iter().find(|sample| sample.file_name == name)?;
                let length = std::fs::metadata(path).ok()?.len();
                (u64::try_from(sample.bytes().len()) == Ok(length)).then_some(sample)
            }
            Self::Text(_) => None,
        }
    }

    /// The path to remember among the recent files.
    pub(super) fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::File(path) => Some(path),
            _ => None,
        }
    }
}

/// What the loader tells.
pub(super) enum LoadEvent {
    /// How far it is.
    Progress {
        /// What it does.
        stage: &'static str,
        /// How much of it is done.
        done: u64,
        /// How much there is; 0 when unknown.
        total: u64,
    },
    /// The capture is ready.
    Done(Box<Analysis>),
    /// An encrypted SAZ wants a password; `wrong` when one was given.
    PasswordWanted {
        /// Whether a password was tried.
        wrong: bool,
    },
    /// It did not work; one sentence says why.
    Failed(String),
    /// The user stopped it.
    Cancelled,
}

/// A capture being opened.
pub(super) struct Loader {
    /// Where it comes from.
    pub(super) source: Source,
    events: Receiver<LoadEvent>,
    cancel: Arc<AtomicBool>,
    /// What it does, how much of it is done, and how much there is.
    pub(super) progress: (&'static str, u64, u64),
}

impl Loader {
    /// Starts opening. The window is woken after each event.
    pub(super) fn start(source: Source, password: Option<Secret>, ctx: &Context) -> Self {
        let (sender, events) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let work = Work { sender, ctx: ctx.clone(), cancel: Arc::clone(&cancel) };
        let failed = work.sender.clone();
        let from = source.clone();
        let started = thread::Builder::new()
            .name("loader".to_owned())
            .spawn(move || work.run(&from, password.as_ref()));
        if let Err(error) = started {
            // The receiver is held just below, so that this cannot fail.
            let _ = failed
                .send(LoadEvent::Failed(format!("no thread to open the capture on: {error}")));
        }
        Self { source, events, cancel, progress: ("Opening", 0, 0) }
    }

    /// The next event, if there is one. A thread that ended without a word counts as failed.
    pub(super) fn poll(&mut self) -> Option<LoadEvent> {
        use std::sync::mpsc::TryRecvError;
        loop {
            match self.events.try_recv() {
                Ok(LoadEvent::Progress { stage, done, total }) => {
                    self.progress = (stage, done, total);
                }
                Ok(event) => return Some(event),
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    return Some(LoadEvent::Failed(
                        "this capture made the analysis stop; please report it with a redacted copy".to_owned(),
                    ));
                }
            }
        }
    }

    /// Asks the thread to stop.
    pub(super) fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.cancel();
    }
}

struct Work {
    sender: Sender<LoadEvent>,
    ctx: Context,
    cancel: Arc<AtomicBool>,
}

impl Work {
    fn run(&self, source: &Source, password: Option<&Secret>) {
        let event = match self.open(source, password) {
            Ok(capture) => {
                self.tell(LoadEvent::Progress { stage: "Rebuilding the flows", done: 0, total: 0 });
                let go_on = || if self.cancel.load(Ordering::Relaxed) { Err(()) } else { Ok(()) };
                match Analysis::while_wanted(capture, &Keys::default(), &go_on) {
                    Ok(analysis) => LoadEvent::Done(Box::new(analysis)),
                    Err(()) => LoadEvent::Cancelled,
                }
            }
            Err(ImportError::Cancelled) => LoadEvent::Cancelled,
            Err(ImportError::PasswordRequired) => LoadEvent::PasswordWanted { wrong: false },
            Err(ImportError::WrongPassword) => LoadEvent::PasswordWanted { wrong: true },
            Err(error) => LoadEvent::Failed(error.to_string()),
        };
        self.tell(event);
    }

    fn open(&self, source: &Source, password: Option<&Secret>) -> Result<Capture, ImportError> {
        let report = |stage: Stage, done: u64, total: u64| {
            self.tell(LoadEvent::Progress { stage: stage.label(), done, total });
        };
        let progress = Progress::new(&report, &self.cancel);
        let options = Options { password };
        match source {
            Source::File(path) => import::open_file(path, options, &progress),
            Source::Bytes(name, bytes) => {
                import::open_shared(name, Arc::clone(bytes), options, &progress)
            }
            Source::Text(text) => import::open_text("pasted text", text),
            Source::Lesson(sample) => import::open_shared(
                &source.name(),
                Arc::new(sample.bytes().to_vec()),
                options,
                &progress,
            ),
        }
    }

    /// Nobody listens any more once the window went on to something else; that is no error.
    fn tell(&self, event: LoadEvent) {
        if self.sender.send(event).is_ok() {
            self.ctx.request_repaint();
        }
    }
}
