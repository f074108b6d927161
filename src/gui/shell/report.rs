//! The dialog that writes a report: the format, then a file or the clipboard. The files are those of the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eframe::egui::{Context, Label, RichText, Ui};
use lucide_icons::Icon;

use super::modal;
use crate::analysis::Analysis;
use crate::export::write_whole;
use crate::gui::action::Action;
use crate::gui::background::{Background, Standing};
use crate::gui::dialog::{self, Choice, FileDialog};
use crate::gui::document::Document;
use crate::gui::loader::Source;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;
use crate::report::{self, Format, Style};

const ABOUT: &str = "Passwords, token signatures and cookies are masked; names of people and servers stay. Redact the capture first to share the report outside your organisation";

enum Stage {
    Choosing,
    Writing(Background<Result<Made, String>>),
    Done(PathBuf),
    Failed(String),
}

/// What the work came to.
enum Made {
    /// The report is in this file.
    File(PathBuf),
    /// The report is to be copied.
    Text(String),
}

/// The dialog's state.
pub(in crate::gui) struct ReportDialog {
    analysis: Arc<Analysis>,
    source: Source,
    format: Format,
    stage: Stage,
    save: Option<FileDialog>,
}

impl ReportDialog {
    /// Opens the dialog for a capture.
    pub(in crate::gui) fn new(document: &Document) -> Self {
        Self {
            analysis: Arc::clone(&document.analysis),
            source: document.source.clone(),
            format: Format::Html,
            stage: Stage::Choosing,
            save: None,
        }
    }

    /// Shows the dialog; false when it is done.
    pub(in crate::gui) fn ui(&mut self, ctx: &Context, actions: &mut Vec<Action>) -> bool {
        match self.save.as_ref().map(FileDialog::poll) {
            Some(Choice::File(path)) => {
                self.save = None;
                self.stage = self.write(path, ctx);
            }
            Some(Choice::Nothing) => self.save = None,
            Some(Choice::Open) | None => {}
        }
        self.poll(actions);
        let mut open = true;
        let stays = modal::show(ctx, "Report", 520.0, |ui| {
            let theme = Theme::of(ui);
            match &self.stage {
                Stage::Choosing => self.choose(ui, &mut open),
                Stage::Writing(_) => {
                    ui.horizontal(|ui| {
                        ui.spinner();
                        ui.label("Writing the report");
                    });
                    ui.add_space(space(3));
                    if widgets::secondary_button(ui, "Cancel").clicked() {
                        self.stage = Stage::Choosing;
                    }
                }
                Stage::Done(path) => {
                    ui.horizontal_top(|ui| {
                        widgets::glyph(ui, Icon::CircleCheck, theme.ok, "Done");
                        ui.add(Label::new(theme::strong("The report is written")).wrap());
                    });
                    let path = theme::mono(path.display().to_string()).color(theme.dim);
                    ui.add(Label::new(path).wrap());
                }
                Stage::Failed(message) => {
                    if modal::failure(ui, message) {
                        self.stage = Stage::Choosing;
                    }
                }
            }
        });
        open && stays
    }

    /// Writes the report into a file; a large one takes its time.
    fn write(&self, path: PathBuf, ctx: &Context) -> Stage {
        let (analysis, source, format) =
            (Arc::clone(&self.analysis), self.source.clone(), self.format);
        Stage::Writing(Background::start("report", ctx, move |cancel| {
            write(&analysis, &source, &path, format, cancel).map(|()| Made::File(path))
        }))
    }

    /// Writes the report to be copied.
    fn copy(&self, ctx: &Context) -> Stage {
        let (analysis, format) = (Arc::clone(&self.analysis), self.format);
        Stage::Writing(Background::start("report", ctx, move |_| {
            Ok(Made::Text(report::analysis(&analysis, format, Style::default())))
        }))
    }

    fn poll(&mut self, actions: &mut Vec<Action>) {
        let Stage::Writing(work) = &self.stage else { return };
        self.stage = match work.poll() {
            Standing::Busy => return,
            Standing::Done(Ok(Made::File(path))) => Stage::Done(path),
            Standing::Done(Ok(Made::Text(text))) => {
                actions.push(Action::Copy(text));
                Stage::Choosing
            }
            Standing::Done(Err(message)) => Stage::Failed(message),
            Standing::Lost => {
                Stage::Failed("nothing was written: the work on the report stopped".to_owned())
            }
        };
    }

    fn choose(&mut self, ui: &mut Ui, open: &mut bool) {
        let theme = Theme::of(ui);
        ui.add(Label::new(RichText::new(ABOUT).color(theme.dim)).wrap());
        widgets::rule(ui, "Format");
        for format in Format::ALL {
            ui.radio_value(&mut self.format, format, purpose(format));
        }
        ui.add_space(space(4));
        ui.horizontal(|ui| {
            if widgets::primary_button(ui, "Save as…").clicked() && self.save.is_none() {
                let name =
                    dialog::proposed_name(&self.source.name(), "report", self.format.extension());
                self.save = Some(FileDialog::save(ui.ctx(), "Save report", name));
            }
            if widgets::secondary_button(ui, "Copy report").clicked() {
                self.stage = self.copy(ui.ctx());
            }
            if widgets::secondary_button(ui, "Cancel").clicked() {
                *open = false;
            }
        });
    }
}

const fn purpose(format: Format) -> &'static str {
    match format {
        Format::Html => "HTML: one page with the timeline, for a browser or a printer",
        Format::Markdown => "Markdown: for a ticket or a wiki",
        Format::Text => "Text: for a mail",
        Format::Json => "JSON: for scripts",
    }
}

/// Writes a report in the format that the file's name asks for, else in the chosen one. The original is never replaced.
fn write(
    analysis: &Analysis,
    source: &Source,
    path: &Path,
    chosen: Format,
    cancel: &AtomicBool,
) -> Result<(), String> {
    let same = |original: &PathBuf| {
        let whole = |path: &Path| path.canonicalize().ok();
        original == path || whole(original).is_some_and(|o| whole(path) == Some(o))
    };
    if source.path().is_some_and(same) {
        return Err(
            "nothing was written: that is the capture itself; choose another name".to_owned()
        );
    }
    let format = Format::of_path(path).unwrap_or(chosen);
    let text = report::analysis(analysis, format, Style::default());
    if cancel.load(Ordering::Relaxed) {
        return Err("nothing was written: you stopped it".to_owned());
    }
    write_whole(path, text.as_bytes())
        .map_err(|error| format!("the report could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::write;
    use crate::analysis::Analysis;
    use crate::gui::dialog::proposed_name;
    use crate::gui::loader::Source;
    use crate::import::open_text;
    use crate::jwt::Keys;
    use crate::report::{Format, Style, analysis};

    #[test]
    fn a_report_is_written_as_its_name_asks() {
        let capture = open_text("a.har", "GET https://mail.contoso.com/ews/ HTTP/1.1\n").unwrap();
        let read = Analysis::of(capture, &Keys::default());
        let folder = tempfile::tempdir().unwrap();
        let source = Source::File(folder.path().join("a.har"));
        let go_on = AtomicBool::new(false);
        for (name, format) in [
            ("a.html", Format::Html),
            ("a.md", Format::Markdown),
            ("a.txt", Format::Text),
            ("a.json", Format::Json),
            ("a", Format::Markdown),
        ] {
            let path = folder.path().join(name);
            write(&read, &source, &path, Format::Markdown, &go_on).unwrap();
            let written = std::fs::read_to_string(&path).unwrap();
            assert_eq!(written, analysis(&read, format, Style::default()), "{name}");
        }
        let original = folder.path().join("a.har");
        assert!(write(&read, &source, &original, Format::Html, &go_on).is_err());
        assert!(!original.exists());
        let stopped = folder.path().join("stopped.md");
        let stop = AtomicBool::new(true);
        assert!(write(&read, &source, &stopped, Format::Markdown, &stop).is_err());
        assert!(!stopped.exists());
        assert_eq!(
            proposed_name("my trace.saz", "report", Format::Markdown.extension()),
            "my-trace-report.md"
        );
    }
}
