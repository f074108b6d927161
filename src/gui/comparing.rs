//! The other capture of a comparison on its way, and the comparison's report on its way to a file.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{Context, Ui};

use super::action::Action;
use super::background::{Background, Standing};
use super::command::Command;
use super::dialog::{Choice as Chosen, FileDialog, proposed_name};
use super::loader::{LoadEvent, Loader, Source};
use super::shell::loading::{self, PasswordQuestion, Trouble};
use super::views::compare::{Choice, Reference};
use crate::analysis::Analysis;
use crate::export::write_whole;
use crate::http::Secret;
use crate::report::Format;
use crate::training::{lesson, samples};

/// Where the other capture is.
enum Stage {
    Choosing(FileDialog),
    Loading(Loader),
    Password(PasswordQuestion),
    Trouble(Trouble),
}

/// What a comparison waits for.
#[derive(Default)]
pub(super) struct Comparing {
    stage: Option<Stage>,
    saving: Option<Saving>,
}

/// A report on its way to a file.
struct Saving {
    format: Format,
    text: String,
    dialog: Option<FileDialog>,
    /// One sentence about how it went.
    done: Option<Background<String>>,
}

impl Comparing {
    /// Begins to fetch a capture. Open captures need no fetching.
    pub(super) fn start(&mut self, choice: &Choice, analysis: &Analysis, ctx: &Context) {
        let of_sample = |sample: &samples::Sample| {
            Source::Bytes(sample.file_name.to_owned(), Arc::new(sample.bytes().to_vec()))
        };
        let source = match choice {
            Choice::File => {
                self.stage = Some(Stage::Choosing(FileDialog::open(ctx)));
                return;
            }
            Choice::Healthy => lesson::closest_healthy(analysis).map(of_sample),
            Choice::Sample(name) => samples::find(name).map(of_sample),
            Choice::Tab(_) => None,
        };
        self.stage = source.map(|source| Stage::Loading(Loader::start(source, None, ctx)));
    }

    /// Gives up what is under way.
    pub(super) fn stop(&mut self) {
        self.stage = None;
    }

    /// Whether something is to be shown in place of the comparison. A file dialog stands beside the window.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.stage, Some(Stage::Loading(_) | Stage::Password(_) | Stage::Trouble(_)))
    }

    /// What arrived, once.
    pub(super) fn poll(&mut self, ctx: &Context) -> Option<Reference> {
        let next = match self.stage.as_mut()? {
            Stage::Choosing(dialog) => match dialog.poll() {
                Chosen::Open => return None,
                Chosen::Nothing => None,
                Chosen::File(path) => {
                    Some(Stage::Loading(Loader::start(Source::File(path), None, ctx)))
                }
            },
            Stage::Loading(loader) => {
                let event = loader.poll()?;
                let source = loader.source.clone();
                match event {
                    LoadEvent::Progress { .. } => return None,
                    LoadEvent::Done(analysis) => {
                        self.stage = None;
                        let name = source.name();
                        return Some(Reference { name, analysis: Arc::new(*analysis) });
                    }
                    LoadEvent::PasswordWanted { wrong } => {
                        Some(Stage::Password(PasswordQuestion::new(source, wrong)))
                    }
                    LoadEvent::Failed(message) => Some(Stage::Trouble(Trouble { source, message })),
                    LoadEvent::Cancelled => None,
                }
            }
            Stage::Password(_) | Stage::Trouble(_) => return None,
        };
        self.stage = next;
        None
    }

    /// Draws what is under way.
    pub(super) fn ui(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let mut asked = Vec::new();
        let mut password = None;
        match &mut self.stage {
            Some(Stage::Loading(loader)) => loading::progress(ui, loader, &mut asked),
            Some(Stage::Trouble(trouble)) => loading::trouble(ui, trouble, &mut asked),
            Some(Stage::Password(question)) => {
                if loading::password(ui, question, &mut asked) {
                    let typed = Secret::new(std::mem::take(&mut question.typed));
                    password = Some((question.source.clone(), typed));
                }
            }
            Some(Stage::Choosing(_)) | None => {}
        }
        if let Some((source, typed)) = password {
            self.stage = Some(Stage::Loading(Loader::start(source, Some(typed), ui.ctx())));
        }
        // Here both speak of the other capture, not of the one in front.
        actions.extend(asked.into_iter().map(|action| match action {
            Action::Cancel => Action::StopComparing,
            Action::Run(Command::Open) => Action::CompareWith(Choice::File),
            other => other,
        }));
    }

    /// Asks where to write a report.
    pub(super) fn save(&mut self, name: &str, format: Format, text: String, ctx: &Context) {
        let name = proposed_name(name, "comparison", format.extension());
        let dialog = Some(FileDialog::save(ctx, "Save comparison", name));
        self.saving = Some(Saving { format, text, dialog, done: None });
    }

    /// One sentence about the report, once it is written or not. `sources` are captures, which no report may replace.
    pub(super) fn saved(&mut self, sources: &[PathBuf], ctx: &Context) -> Option<String> {
        let saving = self.saving.as_mut()?;
        if let Some(done) = &saving.done {
            let told = match done.poll() {
                Standing::Busy => return None,
                Standing::Done(told) => told,
                Standing::Lost => "The comparison could not be written".to_owned(),
            };
            self.saving = None;
            return Some(told);
        }
        match saving.dialog.as_ref()?.poll() {
            Chosen::Open => return None,
            Chosen::Nothing => self.saving = None,
            Chosen::File(path) => {
                saving.dialog = None;
                let whole = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
                if sources.iter().any(|source| whole(source) == whole(&path)) {
                    self.saving = None;
                    return Some("Nothing was written: that is the capture itself".to_owned());
                }
                let text = std::mem::take(&mut saving.text);
                saving.done = Some(write(path, text, saving.format, ctx));
            }
        }
        None
    }
}

/// Writes a report on a thread of its own.
fn write(path: PathBuf, text: String, format: Format, ctx: &Context) -> Background<String> {
    Background::start("comparison", ctx, move |_| match write_whole(&path, text.as_bytes()) {
        Ok(()) => format!("The comparison is written as {}", format.name()),
        Err(error) => format!("The comparison could not be written: {error}"),
    })
}
