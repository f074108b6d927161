//! The application: it holds the open captures, and it alone carries actions out.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{
    CentralPanel, Context, Event, Frame, Key, Modifiers, Stroke, Ui, ViewportCommand, vec2,
};

use super::action::Action;
use super::command::Command;
use super::dialog::{self, Choice, FileDialog};
use super::document::Document;
use super::documents::{Content, Documents};
use super::loader::Source;
use super::picture::{self, Outcome, PictureJob};
use super::recent::Recent;
use super::settings::{Settings, ZOOM_STEP};
use super::shell::import_report::ImportDialog;
use super::shell::palette::Palette;
use super::shell::redact::RedactDialog;
use super::shell::report::ReportDialog;
use super::shell::{self, menu_bar};
use super::theme::{self, Appearance, Theme};
use super::toast::Toasts;
use super::views::View;
use super::views::lesson::progress::Progress;
use super::{fonts, inspector, widgets};
use crate::analysis::Analysis;
use crate::http::Secret;
use crate::report;
use crate::training::samples;

const RECENT: &str = "recent";
const SETTINGS: &str = "settings";

/// A dialog inside the window.
enum Dialog {
    Paste(String),
    Palette(Palette),
    Redact(Box<RedactDialog>),
    Report(ReportDialog),
    ImportReport(ImportDialog),
    Settings,
    Shortcuts,
    About,
}

/// The window's state.
pub struct App {
    documents: Documents,
    dialog: Option<Dialog>,
    file_dialog: Option<FileDialog>,
    picture: Option<PictureJob>,
    recent: Recent,
    settings: Settings,
    /// What the wheel turned since the last step of zooming.
    wheel: f32,
    toasts: Toasts,
    course: Progress,
    /// Whether the lesson that is being opened fills the window.
    presents_next: bool,
}

impl App {
    /// The application as eframe starts it; the files are opened, each in a tab.
    pub fn new(creation: &eframe::CreationContext<'_>, files: Vec<PathBuf>) -> Self {
        let ctx = &creation.egui_ctx;
        fonts::install(ctx);
        theme::install(ctx);
        // Zooming is a command like any other.
        ctx.options_mut(|options| options.zoom_with_keyboard = false);
        let kept = |key| creation.storage.and_then(|s| s.get_string(key)).unwrap_or_default();
        let mut app = Self {
            documents: Documents::default(),
            dialog: None,
            file_dialog: None,
            picture: None,
            recent: Recent::of_text(&kept(RECENT)),
            settings: Settings::of_text(&kept(SETTINGS)),
            wheel: 1.0,
            toasts: Toasts::default(),
            course: Progress::default(),
            presents_next: false,
        };
        theme::choose(ctx, app.settings.appearance);
        ctx.set_zoom_factor(f32::from(app.settings.zoom) / 100.0);
        app.documents.open(files.into_iter().map(Source::File).collect(), ctx);
        app
    }

    /// The application with a capture that is analysed already.
    pub fn with_analysis(creation: &eframe::CreationContext<'_>, analysis: Analysis) -> Self {
        let mut app = Self::new(creation, Vec::new());
        let source = Source::Bytes(analysis.capture.file.clone(), Arc::default());
        app.documents.add_open(Document::new(analysis, source));
        app
    }

    fn open(&mut self, source: Source, ctx: &Context) {
        self.documents.open(vec![source], ctx);
    }

    /// Carries an action out: the only place where anything but a view's own look changes.
    fn run_action(&mut self, action: Action, ctx: &Context) {
        match action {
            Action::Run(command) => self.run(command, ctx),
            Action::OpenFile(path) => self.open(Source::File(path), ctx),
            Action::OpenText(text) => self.open(Source::Text(text), ctx),
            Action::OpenSample(name) => {
                if let Some(sample) = samples::find(name) {
                    let source = Source::Bytes(
                        sample.file_name.to_owned(),
                        Arc::new(sample.bytes().to_vec()),
                    );
                    self.open(source, ctx);
                }
            }
            Action::StartLesson(name) => self.start_lesson(name, ctx),
            Action::ChoosePlan(plan) => self.course.plan = plan,
            Action::KeepScore(name, score) => self.course.keep(name, score),
            Action::CompareWith(choice) => {
                let others = self.documents.others();
                if let Some(document) = self.documents.document_mut() {
                    document.compare_with(&choice, &others, ctx);
                }
            }
            Action::SaveComparison(format) => {
                if let Some(document) = self.documents.document_mut() {
                    document.save_comparison(format, ctx);
                }
            }
            Action::ForgetRecent(path) => self.recent.forget(&path),
            Action::ForgetAllRecent => self.recent.clear(),
            Action::ChangeSettings(settings) => self.change(*settings, ctx),
            Action::Remember(key, value) => self.settings.set(key, &value),
            Action::Copy(text) => self.copy(text, ctx),
            Action::Toast(message) => self.toasts.say(message, ctx),
            Action::ShowTab(tab) => self.documents.show(tab),
            Action::CloseTab(tab) => self.documents.close(tab),
            Action::Cancel => self.close_front(),
            Action::SelectSession(_)
            | Action::SelectFlow(_)
            | Action::SelectToken(_)
            | Action::ShowView(_)
            | Action::ShowEvidence(_)
            | Action::ShowInspector
            | Action::SetMark(..)
            | Action::SetComment(..)
            | Action::AddFilter(_)
            | Action::Filter(_)
            | Action::ShowFix(_)
            | Action::BeginLesson
            | Action::EndLesson
            | Action::StopComparing
            | Action::SelectOther(_) => {
                if let Some(document) = self.documents.document_mut() {
                    document.apply(action);
                }
            }
        }
    }

    /// Opens a sample as a lesson; it takes the place of the lesson in front.
    fn start_lesson(&mut self, name: &str, ctx: &Context) {
        let Some(sample) = samples::find(name) else { return };
        // The lesson before gives way, and so does the sample under its own name, which would give it away.
        let before = self.documents.front().filter(|tab| match tab.content.source() {
            Source::Lesson(before) => before.name != sample.name,
            source => source.sample().is_some_and(|shown| shown.name == sample.name),
        });
        let before = before.map(|tab| tab.id);
        let presents = self.documents.document().is_some_and(|d| d.lesson.is_presenting());
        self.open(Source::Lesson(sample), ctx);
        self.presents_next = presents;
        if let Some(before) = before {
            self.documents.close(before);
        }
        if let Some(document) = self.documents.document_mut() {
            document.apply(Action::BeginLesson);
        }
    }

    fn close_front(&mut self) {
        match self.documents.front().map(|tab| tab.id) {
            Some(tab) => self.documents.close(tab),
            None => self.documents.leave_start(),
        }
    }

    fn run(&mut self, command: Command, ctx: &Context) {
        if command.needs_capture() && self.documents.document().is_none() {
            return;
        }
        let tells = matches!(command, Command::CopyVerdict | Command::Report | Command::FirstBreak);
        if tells && self.documents.document().is_some_and(Document::hides) {
            self.toasts.say("The verdict is hidden while the lesson runs", ctx);
            return;
        }
        match command {
            Command::ShowStart => self.documents.show_start(),
            Command::Open => self.file_dialog = Some(FileDialog::open(ctx)),
            Command::PasteText => self.dialog = Some(Dialog::Paste(String::new())),
            Command::Close => self.close_front(),
            Command::NextTab => self.documents.cycle(1),
            Command::PreviousTab => self.documents.cycle(-1),
            Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
            Command::ZoomIn => self.zoom(self.settings.zoomed(1), ctx),
            Command::ZoomOut => self.zoom(self.settings.zoomed(-1), ctx),
            Command::ZoomReset => self.zoom(Settings::DEFAULT.zoom, ctx),
            Command::SystemAppearance => self.look(Appearance::System, ctx),
            Command::DarkAppearance => self.look(Appearance::Dark, ctx),
            Command::LightAppearance => self.look(Appearance::Light, ctx),
            Command::HighContrastAppearance => self.look(Appearance::HighContrast, ctx),
            Command::ToggleSideBar => self.settings.side_bar = !self.settings.side_bar,
            Command::Settings => self.dialog = Some(Dialog::Settings),
            Command::Palette => self.dialog = Some(Dialog::Palette(Palette::default())),
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
            Command::About => self.dialog = Some(Dialog::About),
            Command::Find => {
                self.run_action(Action::ShowView(View::Sessions), ctx);
                ctx.memory_mut(|m| m.request_focus(shell::search_box::id()));
            }
            Command::CopyCurl | Command::CopyMarkdown => self.copy_session(command, ctx),
            Command::CopyVerdict => {
                let document = self.documents.document();
                let told = document.map(|d| report::verdict_document(&d.analysis));
                if let Some(page) = told {
                    self.copy(report::markdown(&page), ctx);
                }
            }
            Command::CopyPicture | Command::CopySvg | Command::SavePicture => {
                self.take_picture(command, ctx);
            }
            Command::Report => {
                let dialog = self.documents.document().map(ReportDialog::new);
                self.dialog = dialog.map(Dialog::Report);
            }
            Command::Redact => {
                self.dialog = self
                    .documents
                    .document()
                    .map(|document| Dialog::Redact(Box::new(RedactDialog::new(document, ctx))));
            }
            Command::ImportReport => {
                self.dialog = self
                    .documents
                    .document()
                    .map(|d| Dialog::ImportReport(ImportDialog::of(&d.analysis.capture)));
            }
            Command::ShowTimeline
            | Command::ShowSessions
            | Command::ShowTokens
            | Command::ShowFindings
            | Command::ShowCompare
            | Command::ShowLesson
            | Command::Present
            | Command::ToggleInspector
            | Command::FirstBreak
            | Command::NextSession
            | Command::PreviousSession
            | Command::NextHit
            | Command::PreviousHit
            | Command::MarkRed
            | Command::MarkBlue
            | Command::MarkGold
            | Command::MarkGreen
            | Command::MarkOrange
            | Command::MarkPurple
            | Command::Comment => {
                if let Some(document) = self.documents.document_mut() {
                    document.run(command);
                }
            }
        }
    }

    /// Takes over what the user chose.
    fn change(&mut self, settings: Settings, ctx: &Context) {
        if settings.appearance != self.settings.appearance {
            theme::choose(ctx, settings.appearance);
        }
        ctx.set_zoom_factor(f32::from(settings.zoom) / 100.0);
        if !settings.remember_files {
            self.recent.clear();
        }
        self.settings = settings;
    }

    fn look(&mut self, appearance: Appearance, ctx: &Context) {
        let mut settings = self.settings.clone();
        settings.appearance = appearance;
        self.change(settings, ctx);
    }

    fn zoom(&mut self, zoom: u16, ctx: &Context) {
        let mut settings = self.settings.clone();
        settings.zoom = zoom;
        self.change(settings, ctx);
        self.toasts.say(format!("{zoom} %"), ctx);
    }

    /// Ctrl and the wheel zoom, step by step; the ladder zooms by itself.
    fn take_wheel(&mut self, ctx: &Context) {
        if self.documents.document().is_some_and(|d| d.view == View::Timeline) {
            return;
        }
        self.wheel *= ctx.input(eframe::egui::InputState::zoom_delta);
        let step = 1.0 + f32::from(ZOOM_STEP) / 100.0;
        if !(1.0 / step..=step).contains(&self.wheel) {
            let steps = if self.wheel > 1.0 { 1 } else { -1 };
            self.wheel = 1.0;
            self.zoom(self.settings.zoomed(steps), ctx);
        }
    }

    fn copy(&mut self, text: String, ctx: &Context) {
        ctx.copy_text(text);
        self.toasts.say("Copied", ctx);
    }

    fn copy_session(&mut self, command: Command, ctx: &Context) {
        let Some(document) = self.documents.document() else { return };
        let analysis = document.shown();
        let Some(session) = document.selection.session.and_then(|id| analysis.capture.session(id))
        else {
            self.toasts.say("Select a session first", ctx);
            return;
        };
        let text = if command == Command::CopyCurl {
            inspector::curl(session)
        } else {
            let added = document.sessions.search.annotations().own_comment(session.id);
            let comment = added.filter(|comment| !comment.is_empty());
            let comment = comment.map(|c| format!("\nComment: {}\n", report::escape(c)));
            let page = report::session_document(analysis, session);
            report::markdown(&page) + &comment.unwrap_or_default()
        };
        self.copy(text, ctx);
    }

    fn take_picture(&mut self, command: Command, ctx: &Context) {
        let Some(document) = self.documents.document_mut() else { return };
        let theme = Theme::of_context(ctx);
        let layout = document.ladder(theme);
        match command {
            Command::CopySvg => self.copy(picture::svg(&layout, theme), ctx),
            Command::SavePicture => {
                let name = dialog::proposed_name(&document.source.name(), "timeline", "png");
                let original = document.source.path().cloned();
                self.picture = Some(PictureJob::save(ctx, layout, theme, name, original));
            }
            _ => self.picture = Some(PictureJob::copy(ctx, layout, theme)),
        }
    }

    fn take_outcome(&mut self, ctx: &Context) {
        let Some(outcome) = self.picture.as_mut().and_then(|job| job.poll(ctx)) else { return };
        self.picture = None;
        let message = match outcome {
            Outcome::Image(image) => {
                ctx.copy_image(image);
                "The timeline was copied as an image".to_owned()
            }
            Outcome::Saved(path) => format!("The timeline was saved: {}", path.display()),
            Outcome::Nothing(Some(message)) => message,
            Outcome::Nothing(None) => return,
        };
        self.toasts.say(message, ctx);
    }

    fn drain(&mut self, ctx: &Context) {
        self.take_outcome(ctx);
        for source in self.documents.poll(ctx) {
            if let Some(path) = source.path().filter(|_| self.settings.remember_files) {
                self.recent.add(path);
            }
        }
        if let Some(document) = self.documents.document_mut() {
            if std::mem::take(&mut self.presents_next) {
                document.lesson.present(true);
            }
            if let Some(told) = document.poll(ctx) {
                self.toasts.say(told, ctx);
            }
        }
        match self.file_dialog.as_ref().map(FileDialog::poll) {
            Some(Choice::File(path)) => {
                self.file_dialog = None;
                self.open(Source::File(path), ctx);
            }
            Some(Choice::Nothing) => self.file_dialog = None,
            Some(Choice::Open) | None => {}
        }
    }

    fn take_dropped(&mut self, ctx: &Context) {
        let dropped = ctx.input_mut(|i| std::mem::take(&mut i.raw.dropped_files));
        let dropped = dropped.iter().map(|file| Source::File(file.path().to_owned()));
        self.documents.open(dropped.collect(), ctx);
    }

    /// Text pasted where no text is typed is HTTP text to be looked at.
    fn take_pasted(&mut self, ctx: &Context) {
        if self.documents.front().is_some() || self.dialog.is_some() || ctx.text_edit_focused() {
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
        let stays = match &mut self.dialog {
            None => true,
            Some(Dialog::Paste(text)) => shell::paste::ui(ctx, text, actions),
            Some(Dialog::Palette(palette)) => {
                palette.ui(ctx, &self.documents, &self.recent, actions)
            }
            Some(Dialog::Redact(redact)) => redact.ui(ctx, actions),
            Some(Dialog::Report(report)) => report.ui(ctx, actions),
            Some(Dialog::ImportReport(report)) => report.ui(ctx, actions),
            Some(Dialog::Settings) => {
                shell::settings::ui(ctx, &self.settings, &self.recent, actions)
            }
            Some(Dialog::Shortcuts) => shell::about::shortcuts(ctx),
            Some(Dialog::About) => shell::about::about(ctx),
        };
        if !stays {
            self.dialog = None;
        }
    }

    fn middle(&mut self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let others = self.documents.others();
        let Some(tab) = self.documents.front_mut() else {
            shell::start::ui(ui, &self.recent, actions);
            return;
        };
        let mut password = None;
        if let Content::Open(document) = &mut tab.content {
            // Two captures never share what their views remember, like how far they are scrolled.
            let sizes = shell::capture::ui(
                ui,
                tab.id,
                document,
                &others,
                &self.settings,
                &self.course,
                actions,
            );
            self.settings.side_bar_width = sizes.side_bar_width;
            self.settings.inspector_height = sizes.inspector_height;
        } else {
            let frame = Frame::new().fill(Theme::of(ui).background);
            CentralPanel::default().frame(frame).show(ui, |ui| match &mut tab.content {
                Content::Waiting(source) => shell::loading::waiting(ui, source, actions),
                Content::Loading(loader) => shell::loading::progress(ui, loader, actions),
                Content::Trouble(trouble) => shell::loading::trouble(ui, trouble, actions),
                Content::Password(question) => {
                    if shell::loading::password(ui, question, actions) {
                        password = Some(Secret::new(std::mem::take(&mut question.typed)));
                    }
                }
                Content::Open(_) => {}
            });
        }
        if let Some(password) = password {
            self.documents.try_password(password, ui.ctx());
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.drain(ctx);
        self.take_wheel(ctx);
        let recorded = self.documents.document().and_then(|d| d.analysis.capture.utc_offset());
        self.settings.times.zone(recorded).show();
        self.take_dropped(ctx);
        self.take_pasted(ctx);
        if self.documents.is_at_start()
            && self.dialog.is_none()
            && ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape))
        {
            self.documents.leave_start();
        }
        if self.dialog.is_none() {
            // The timeline moves by its own rows, which may be folded.
            let own_arrows = inspector::owns_keys(ctx)
                || self.documents.document().is_none_or(|d| d.view != View::Sessions);
            let moves = |c: Command| matches!(c, Command::NextSession | Command::PreviousSession);
            if let Some(command) = Command::pressed(ctx, |c| !(own_arrows && moves(c))) {
                self.run(command, ctx);
            }
        }
        let title = self.documents.front().map_or_else(
            || "HMA Trace Analyzer".to_owned(),
            |tab| {
                let name = tab.content.source().name();
                format!("{} – HMA Trace Analyzer", widgets::tidy(&name, 120))
            },
        );
        if ctx.input(|i| i.viewport().title.as_deref() != Some(&title)) {
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let mut actions = Vec::new();
        // Under a dialog nothing is pointed at: a tooltip would stay open over it.
        let is_behind = self.dialog.is_some();
        let held = is_behind.then(|| ctx.input_mut(|i| std::mem::take(&mut i.pointer)));
        let named = self.documents.tabs().len() < 2 && !self.documents.is_at_start();
        menu_bar::ui(ui, self.documents.document_mut(), named, &self.settings, &mut actions);
        shell::tab_strip::ui(ui, &self.documents, &mut actions);
        self.middle(ui, &mut actions);
        if let Some(held) = held {
            ctx.input_mut(|i| i.pointer = held);
        }
        self.dialogs(&ctx, &mut actions);
        let hovering = ctx.input(|i| !i.raw.hovered_files.is_empty());
        if hovering && self.documents.front().is_some() {
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
        storage.set_string(SETTINGS, self.settings.to_text());
    }

    /// What egui remembers would bring back how another capture was scrolled; the settings say what is worth it.
    fn persist_egui_memory(&self) -> bool {
        false
    }
}
