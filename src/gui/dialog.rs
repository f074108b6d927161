//! The file dialogs of the system. They run on a thread of their own: the window goes on while one is open.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use eframe::egui::Context;

/// A file dialog that is open.
pub(super) struct FileDialog(Receiver<Option<PathBuf>>);

/// What became of a file dialog.
pub(super) enum Choice {
    /// It is still open.
    Open,
    /// A file was chosen.
    File(PathBuf),
    /// It was closed, or the system has none.
    Nothing,
}

impl FileDialog {
    /// Asks for a capture to open.
    pub(super) fn open(ctx: &Context) -> Self {
        Self::start(ctx, || {
            rfd::FileDialog::new()
                .set_title("Open capture")
                .add_filter("Captures (HAR, SAZ)", &["har", "saz", "HAR", "SAZ"])
                .add_filter("All files", &["*"])
                .pick_file()
        })
    }

    /// Asks where to write a copy.
    pub(super) fn save(ctx: &Context, name: String) -> Self {
        Self::start(ctx, move || {
            rfd::FileDialog::new().set_title("Save redacted copy").set_file_name(name).save_file()
        })
    }

    /// Asks where to write a report.
    pub(super) fn save_report(ctx: &Context, name: String) -> Self {
        Self::start(ctx, move || {
            rfd::FileDialog::new().set_title("Save report").set_file_name(name).save_file()
        })
    }

    fn start(ctx: &Context, ask: impl FnOnce() -> Option<PathBuf> + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        // Without a thread the sender is dropped, and the dialog counts as closed.
        let _ = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            if sender.send(ask()).is_ok() {
                ctx.request_repaint();
            }
        });
        Self(receiver)
    }

    /// Whether something was chosen.
    pub(super) fn poll(&self) -> Choice {
        use std::sync::mpsc::TryRecvError;
        match self.0.try_recv() {
            Ok(Some(path)) => Choice::File(path),
            Ok(None) | Err(TryRecvError::Disconnected) => Choice::Nothing,
            Err(TryRecvError::Empty) => Choice::Open,
        }
    }
}
