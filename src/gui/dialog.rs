//! The file dialogs of the system. They run on a thread of their own: the window goes on while one is open.

use std::path::PathBuf;

use eframe::egui::Context;

use super::background::{Background, Standing};

/// A file dialog that is open.
pub(super) struct FileDialog(Background<Option<PathBuf>>);

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

    /// Asks where to write a file.
    pub(super) fn save(ctx: &Context, title: &'static str, name: String) -> Self {
        Self::start(ctx, move || {
            rfd::FileDialog::new().set_title(title).set_file_name(name).save_file()
        })
    }

    /// Asks where to write a picture.
    pub(super) fn save_picture(ctx: &Context, name: String) -> Self {
        Self::start(ctx, move || {
            rfd::FileDialog::new()
                .set_title("Save timeline as picture")
                .add_filter("PNG picture", &["png"])
                .add_filter("SVG picture", &["svg"])
                .set_file_name(name)
                .save_file()
        })
    }

    fn start(ctx: &Context, ask: impl FnOnce() -> Option<PathBuf> + Send + 'static) -> Self {
        Self(Background::start("file dialog", ctx, |_| ask()))
    }

    /// Whether something was chosen.
    pub(super) fn poll(&self) -> Choice {
        match self.0.poll() {
            Standing::Done(Some(path)) => Choice::File(path),
            // Without a thread the dialog counts as closed.
            Standing::Done(None) | Standing::Lost => Choice::Nothing,
            Standing::Busy => Choice::Open,
        }
    }
}

/// The name that a file made of a capture gets unless the user says otherwise: `outlook-redacted.saz` of `outlook.saz`.
pub(super) fn proposed_name(source: &str, what: &str, extension: &str) -> String {
    let stem = source.rsplit_once('.').map_or(source, |(stem, _)| stem);
    format!("{}-{what}.{extension}", stem.replace(' ', "-"))
}
