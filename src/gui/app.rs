//! The application: it holds the open capture, and it alone carries actions out.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{
    CentralPanel, Context, Event, Frame, Margin, Panel, Stroke, Ui, ViewportCommand, gui_zoom, vec2,
};

use super::action::Action;
use super::command::Command;
use super::dialog::{Choice, FileDialog};
use super::document::Document;
use super::loader::{LoadEvent, Loader, Source};
use super::recent::Recent;
use super::shell::import_report::ImportDialog;
use super::shell::loading::{PasswordQuestion, Trouble};
use super::shell::palette::Palette;
use super::shell::redact::RedactDialog;
use super::shell::report::ReportDialog;
use super::shell::{self, menu_bar};
use super::theme::{self, Appearance, Theme, space};
use super::toast::Toasts;
use super::views::{View, ViewContext};
use super::{fonts, inspector, widgets};
use crate::analysis::Analysis;
use crate::cores;
use crate::http::Secret;
use crate::report;
use crate::training::samples;

const RECENT: &str = "recent";
const APPEARANCE: &str = "appearance";

/// A dialog inside the window.
enum Dialog {
    Paste(String),
    Palette(Palette),
    Redact(Box<RedactDialog>),
    Report(ReportDialog),
    ImportReport(ImportDialog),
    Shortcuts,
    About,
}

/// The window's state.
pub struct App {
    document: Option<Document>,
    loader: Option<Loader>,
    trouble: Option<Trouble>,
    password: Option<PasswordQuestion>,
    dialog: Option<Dialog>,
    file_dialog: Option<FileDialog>,
    recent: Recent,
    appearance: Appearance,
    toasts: Toasts,
}

impl App {
    /// The application as eframe starts it; the first of the files is opened.
    pub fn new(creation: &eframe::CreationContext<'_>, files: Vec<PathBuf>) -> Self {
        let ctx = &creation.egui_ctx;
        fonts::install(ctx);
        theme::install(ctx);
        // Zooming is a command like any other.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let kept = |key| creation.storage.and_then(|s| s.get_string(key)).unwrap_or_default();
        let mut app = Self {
            document: None,
            loader: None,
            trouble: None,
            password: None,
            dialog: None,
            file_dialog: None,
            recent: Recent::of_text(&kept(RECENT)),
            appearance: Appearance::of_id(&kept(APPEARANCE)),
            toasts: Toasts::default(),
        };
        theme::choose(ctx, app.appearance);
        if let Some(path) = files.into_iter().next() {
            app.open(Source::File(path), None, ctx);
        }
        app
    }

    /// The application with a capture that is analysed already.
    pub fn with_analysis(creation: &eframe::CreationContext<'_>, analysis: Analysis) -> Self {
        let mut app = Self::new(creation, Vec::new());
        let source = Source::Bytes(analysis.capture.file.clone(), Arc::default());
        app.document = Some(Document::new(analysis, source));
        app
    }

    /// Shows a document, or none. The one before is given back where no frame waits for it.
    fn show_document(&mut self, document: Option<Document>) {
        if let Some(before) = std::mem::replace(&mut self.document, document) {
            cores::dispose(before);
        }
    }

    fn open(&mut self, source: Source, password: Option<Secret>, ctx: &Context) {
        self.trouble = None;
        self.password = None;
        self.loader = Some(Loader::start(source, password, ctx));
    }

    /// Carries an action out: the only place where anything but a view's own look changes.
    fn run_action(&mut self, action: Action, ctx: &Context) {
        match action {
            Action::Run(command) => self.run(command, ctx),
            Action::OpenFile(path) => self.open(Source::File(path), None, ctx),
            Action::OpenText(text) => self.open(Source::Text(text), None, ctx),
            Action::OpenSample(name) => {
                if let Some(sample) = samples::find(name) {
                    let source =
                        Source::Bytes(sample.file_name.to_owned(), Arc::new(sample.bytes.to_vec()));
                    self.open(source, None, ctx);
                }
            }
            Action::ForgetRecent(path) => self.recent.forget(&path),
            Action::SetAppearance(appearance) => {
                self.appearance = appearance;
                theme::choose(ctx, appearance);
            }
            Action::Copy(text) => self.copy(text, ctx),
            Action::Toast(message) => self.toasts.say(message, ctx),
            Action::Cancel => {
                self.loader = None;
                self.trouble = None;
                self.password = None;
            }
            Action::SelectSession(_)
            | Action::SelectFlow(_)
            | Action::SelectToken(_)
            | Action::ShowView(_)
            | Action::ShowEvidence(_)
            | Action::ShowFix(_) => {
                if let Some(document) = &mut self.document {
                    document.apply(action);
                }
            }
        }
    }

    fn run(&mut self, command: Command, ctx: &Context) {
        if command.needs_capture() && self.document.is_none() {
            return;
        }
        match command {
            Command::Open => self.file_dialog = Some(FileDialog::open(ctx)),
            Command::PasteText => self.dialog = Some(Dialog::Paste(String::new())),
            Command::Close => self.show_document(None),
            Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::ZoomIn => gui_zoom::zoom_in(ctx),
            Command::ZoomOut => gui_zoom::zoom_out(ctx),
            Command::ZoomReset => ctx.set_zoom_factor(1.0),
            Command::SystemAppearance => {
                self.run_action(Action::SetAppearance(Appearance::System), ctx);
            }
            Command::DarkAppearance => {
                self.run_action(Action::SetAppearance(Appearance::Dark), ctx);
            }
            Command::LightAppearance => {
                self.run_action(Action::SetAppearance(Appearance::Light), ctx);
            }
            Command::Palette => self.dialog = Some(Dialog::Palette(Palette::default())),
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
            Command::About => self.dialog = Some(Dialog::About),
            Command::Find => {
                self.run_action(Action::ShowView(View::Sessions), ctx);
                ctx.memory_mut(|m| m.request_focus(menu_bar::filter_id()));
            }
            Command::CopyCurl | Command::CopyMarkdown => self.copy_session(command, ctx),
            Command::CopyVerdict => {
                let told = self.document.as_ref().map(|d| report::verdict_document(&d.analysis));
                if let Some(page) = told {
                    self.copy(report::markdown(&page), ctx);
                }
            }
            Command::Report => {
                let dialog = self.document.as_ref().map(ReportDialog::new);
                self.dialog = dialog.map(Dialog::Report);
            }
            Command::Redact => {
                self.dialog = self
                    .document
                    .as_ref()
                    .map(|document| Dialog::Redact(Box::new(RedactDialog::new(document, ctx))));
            }
            Command::ImportReport => {
                self.dialog = self
                    .document
                    .as_ref()
                    .map(|d| Dialog::ImportReport(ImportDialog::of(&d.analysis.capture)));
            }
            Command::ShowTimeline
            | Command::ShowSessions
            | Command::ShowTokens
            | Command::ShowFindings
            | Command::ToggleInspector
            | Command::FirstBreak
            | Command::NextSession
            | Command::PreviousSession => {
                if let Some(document) = &mut self.document {
                    document.run(command);
                }
            }
        }
    }

    fn copy(&mut self, text: String, ctx: &Context) {
        ctx.copy_text(text);
        self.toasts.say("Copied", ctx);
    }

    fn copy_session(&mut self, command: Command, ctx: &Context) {
        let Some(document) = &self.document else { return };
        let analysis = &document.analysis;
        let Some(session) = document.selection.session.and_then(|id| analysis.capture.session(id))
        else {
            self.toasts.say("Select a session first", ctx);
            return;
        };
        let text = match command {
            Command::CopyCurl => inspector::curl(session),
            _ => report::markdown(&report::session_document(analysis, session)),
        };
        self.copy(text, ctx);
    }

    fn drain(&mut self, ctx: &Context) {
        if let Some(event) = self.loader.as_mut().and_then(Loader::poll)
            && let Some(loader) = self.loader.take()
        {
            let source = loader.source.clone();
            match event {
                LoadEvent::Done(analysis) => {
                    if let Some(path) = source.path() {
                        self.recent.add(path);
                    }
                    self.show_document(Some(Document::new(*analysis, source)));
                }
                LoadEvent::PasswordWanted { wrong } => {
                    self.password = Some(PasswordQuestion { source, typed: String::new(), wrong });
                }
                LoadEvent::Failed(message) => self.trouble = Some(Trouble { source, message }),
                LoadEvent::Cancelled | LoadEvent::Progress { .. } => {}
            }
        }
        match self.file_dialog.as_ref().map(FileDialog::poll) {
            Some(Choice::File(path)) => {
                self.file_dialog = None;
                self.open(Source::File(path), None, ctx);
            }
            Some(Choice::Nothing) => self.file_dialog = None,
            Some(Choice::Open) | None => {}
        }
    }

    fn take_dropped(&mut self, ctx: &Context) {
        let dropped = ctx.input_mut(|i| std::mem::take(&mut i.raw.dropped_files));
        let Some(first) = dropped.first() else { return };
        self.open(Source::File(first.path().to_owned()), None, ctx);
        if dropped.len() > 1 {
            self.toasts.say("One capture at a time: the first one opens", ctx);
        }
    }

    /// Text pasted where no text is typed is HTTP text to be looked at.
    fn take_pasted(&mut self, ctx: &Context) {
        if self.document.is_some() || self.dialog.is_some() || ctx.text_edit_focused() {
            return;
        }
        let pasted = ctx.input(|i| {
            i.events.iter().find_map(|event| match event {
                Event::Paste(text) => Some(text.clone()),
                _ => None,
            })
        });
        if let Some(text) = pasted {
            self.dialog = Some(Dialog::Paste(text));
        }
    }

    fn dialogs(&mut self, ctx: &Context, actions: &mut Vec<Action>) {
        let has_capture = self.document.is_some();
        let stays = match &mut self.dialog {
            None => true,
            Some(Dialog::Paste(text)) => shell::paste::ui(ctx, text, actions),
            Some(Dialog::Palette(palette)) => palette.ui(ctx, has_capture, actions),
            Some(Dialog::Redact(redact)) => redact.ui(ctx, actions),
            Some(Dialog::Report(report)) => report.ui(ctx, actions),
            Some(Dialog::ImportReport(report)) => report.ui(ctx, actions),
            Some(Dialog::Shortcuts) => shell::about::shortcuts(ctx),
            Some(Dialog::About) => shell::about::about(ctx),
        };
        if !stays {
            self.dialog = None;
        }
    }

    fn middle(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let busy = self.loader.is_some() || self.trouble.is_some() || self.password.is_some();
        if busy {
            let frame = Frame::new().fill(Theme::of(ui).background);
            CentralPanel::default().frame(frame).show(ui, |ui| {
                if let Some(loader) = &self.loader {
                    shell::loading::progress(ui, loader, actions);
                } else if let Some(trouble) = &self.trouble {
                    shell::loading::trouble(ui, trouble, actions);
                } else if let Some(mut question) = self.password.take() {
                    if shell::loading::password(ui, &mut question, actions) {
                        let password = Secret::new(std::mem::take(&mut question.typed));
                        self.open(question.source, Some(password), ui.ctx());
                    } else {
                        self.password = Some(question);
                    }
                }
            });
            return;
        }
        match &mut self.document {
            Some(document) => document_ui(ui, document, actions),
            None => shell::start::ui(ui, &self.recent, actions),
        }
    }
}

/// Draws an open capture: side bar, tabs with the chosen view, inspector, status bar.
fn document_ui(ui: &mut Ui, document: &mut Document, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let analysis = Arc::clone(&document.analysis);
    shell::status_bar::ui(ui, &document.facts);
    document.side_bar.ui(ui, &analysis, &document.selection, actions);
    let context = ViewContext { analysis: &analysis, selection: &document.selection, theme };
    // A token's page needs the height, and its links lead to sessions anyway.
    if document.inspector_open && document.view != View::Tokens {
        Panel::bottom("inspector")
            .frame(Frame::new().fill(theme.panel))
            .default_size(310.0)
            .size_range(120.0..=620.0)
            .resizable(true)
            .show(ui, |ui| document.inspector.ui(ui, &context, actions));
    }
    let tabs = Frame::new().fill(theme.background).inner_margin(Margin::symmetric(20, 0));
    Panel::top("tabs").frame(tabs).exact_size(38.0).resizable(false).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space(6);
            for view in View::ALL {
                let count = match view {
                    View::Timeline => None,
                    View::Sessions => Some(analysis.capture.sessions.len()),
                    View::Tokens => Some(analysis.flows.tokens.len()),
                    View::Findings => Some(analysis.findings.len()),
                };
                if widgets::tab(ui, view.text(), count, document.view == view, 38.0).clicked() {
                    actions.push(Action::ShowView(view));
                }
            }
        });
    });
    let frame = Frame::new().fill(theme.background);
    CentralPanel::default().frame(frame).show(ui, |ui| match document.view {
        View::Timeline => document.timeline.ui(ui, &context, actions),
        View::Sessions => {
            Frame::new().inner_margin(Margin { left: 20, right: 4, top: 0, bottom: 0 }).show(
                ui,
                |ui| {
                    document.sessions.ui(ui, &context, actions);
                },
            );
        }
        View::Tokens => document.tokens.ui(ui, &context, actions),
        View::Findings => document.findings.ui(ui, &context, actions),
    });
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.drain(ctx);
        self.take_dropped(ctx);
        self.take_pasted(ctx);
        if self.dialog.is_none() {
            // The timeline moves by its own rows, which may be folded.
            let own_arrows = self.document.as_ref().is_none_or(|d| d.view != View::Sessions);
            let moves = |c: Command| matches!(c, Command::NextSession | Command::PreviousSession);
            if let Some(command) = Command::pressed(ctx, |c| !(own_arrows && moves(c))) {
                self.run(command, ctx);
            }
        }
        let title = self.document.as_ref().map_or_else(
            || "HMA Trace Analyzer".to_owned(),
            |d| format!("{} – HMA Trace Analyzer", widgets::tidy(&d.source.name(), 120)),
        );
        if ctx.input(|i| i.viewport().title.as_deref() != Some(&title)) {
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let mut actions = Vec::new();
        let shown = self.document.as_mut().filter(|_| self.loader.is_none());
        menu_bar::ui(ui, shown, self.appearance, &mut actions);
        self.middle(ui, &mut actions);
        self.dialogs(&ctx, &mut actions);
        let hovering = ctx.input(|i| !i.raw.hovered_files.is_empty());
        if hovering && self.document.is_some() {
            let theme = Theme::of(ui);
            let rect = ctx.content_rect().shrink2(vec2(6.0, 6.0));
            let stroke = Stroke::new(2.0, theme.accent);
            let painter = ctx.layer_painter(eframe::egui::LayerId::new(
                eframe::egui::Order::Foreground,
                eframe::egui::Id::unique("drop"),
            ));
            painter.rect_stroke(rect, theme::CARD_CORNER, stroke, eframe::egui::StrokeKind::Inside);
        }
        self.toasts.ui(&ctx);
        for action in actions {
            self.run_action(action, &ctx);
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        storage.set_string(RECENT, self.recent.to_text());
        storage.set_string(APPEARANCE, self.appearance.id().to_owned());
    }
}
