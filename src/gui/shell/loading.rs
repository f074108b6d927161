//! What is shown while a capture opens, and when it does not.

use eframe::egui::{
    Align, Frame, Key, Label, Layout, Margin, ProgressBar, RichText, Role, Stroke, TextEdit, Ui,
    WidgetInfo,
};
use lucide_icons::Icon;

use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::format;
use crate::gui::loader::{Loader, Source};
use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::widgets;
use crate::import::Stage;

/// Why a capture did not open.
pub(in crate::gui) struct Trouble {
    /// What was to be opened.
    pub(in crate::gui) source: Source,
    /// One sentence.
    pub(in crate::gui) message: String,
}

/// The password that an encrypted SAZ wants.
pub(in crate::gui) struct PasswordQuestion {
    /// What is to be opened.
    pub(in crate::gui) source: Source,
    /// What is typed so far. It is dropped with the question and never stored.
    pub(in crate::gui) typed: String,
    /// Whether one was tried already.
    pub(in crate::gui) wrong: bool,
}

impl PasswordQuestion {
    /// Asks for the first time, or again.
    pub(in crate::gui) const fn new(source: Source, wrong: bool) -> Self {
        Self { source, typed: String::new(), wrong }
    }
}

fn card(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.26).max(space(6)));
        ui.set_max_width(520.0);
        Frame::new()
            .fill(theme.panel)
            .stroke(Stroke::new(1.0, theme.line))
            .corner_radius(CARD_CORNER)
            .inner_margin(Margin::same(24))
            .show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                ui.with_layout(Layout::top_down(Align::LEFT), content);
            });
    });
}

/// Draws that other captures are opened first.
pub(in crate::gui) fn waiting(ui: &mut Ui, source: &Source, actions: &mut Vec<Action>) {
    card(ui, |ui| {
        let theme = Theme::of(ui);
        let name = widgets::tidy(&source.name(), 60);
        ui.add(Label::new(theme::heading(format!("{name} opens next"))).wrap());
        ui.add_space(space(1));
        let text = "Captures are opened one after the other; this one waits for the one before it";
        ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
        ui.add_space(space(3));
        if widgets::secondary_button(ui, "Cancel").clicked() {
            actions.push(Action::Cancel);
        }
    });
}

/// Draws how far opening is, with a button that stops it.
pub(in crate::gui) fn progress(ui: &mut Ui, loader: &Loader, actions: &mut Vec<Action>) {
    card(ui, |ui| {
        let theme = Theme::of(ui);
        let (stage, done, total) = loader.progress;
        let name = widgets::tidy(&loader.source.name(), 60);
        ui.add(Label::new(theme::heading(format!("Opening {name}"))).wrap());
        ui.add_space(space(2));
        let part = if total > 0 { (done as f32 / total as f32).min(1.0) } else { 0.0 };
        let bar = ProgressBar::new(part).desired_height(6.0).corner_radius(3).fill(theme.accent);
        let bar = ui.add(bar.animate(total == 0));
        bar.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, stage);
            info.value = Some(f64::from(part));
            info
        });
        ui.add_space(space(1));
        let amount = match total {
            0 => String::new(),
            _ if stage == Stage::Reading.label() => {
                format!(" · {} of {}", format::size(done), format::size(total))
            }
            _ => format!(" · {} %", (part * 100.0).round()),
        };
        ui.label(RichText::new(format!("{stage}{amount}")).color(theme.dim));
        ui.add_space(space(3));
        if widgets::secondary_button(ui, "Cancel").clicked() {
            actions.push(Action::Cancel);
        }
    });
}

/// Draws why a capture did not open and what to do.
pub(in crate::gui) fn trouble(ui: &mut Ui, trouble: &Trouble, actions: &mut Vec<Action>) {
    const ADVICE: &str = "Save the capture again and open that file: in Fiddler with File › Save › All Sessions, in a browser’s developer tools with Save all as HAR with content";
    card(ui, |ui| {
        let theme = Theme::of(ui);
        ui.horizontal_top(|ui| {
            widgets::glyph(ui, Icon::CircleX, theme.error, "Error");
            let name = widgets::tidy(&trouble.source.name(), 60);
            ui.add(Label::new(theme::heading(format!("{name} could not be opened"))).wrap());
        });
        ui.add_space(space(1));
        ui.add(Label::new(sentence(&trouble.message)).wrap());
        ui.add_space(space(1));
        ui.add(Label::new(RichText::new(ADVICE).color(theme.dim)).wrap());
        ui.add_space(space(3));
        ui.horizontal(|ui| {
            if widgets::primary_button(ui, "Open another…").clicked() {
                actions.push(Action::Run(Command::Open));
            }
            if widgets::secondary_button(ui, "Back").clicked() {
                actions.push(Action::Cancel);
            }
        });
    });
}

/// An error's message with a capital first letter.
fn sentence(message: &str) -> String {
    let message = widgets::tidy(message, 600);
    let mut letters = message.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Asks for the password of an encrypted SAZ. True when it was given.
pub(in crate::gui) fn password(
    ui: &mut Ui,
    question: &mut PasswordQuestion,
    actions: &mut Vec<Action>,
) -> bool {
    let mut given = false;
    card(ui, |ui| {
        let theme = Theme::of(ui);
        ui.horizontal_top(|ui| {
            widgets::glyph(ui, Icon::Lock, theme.note, "Encrypted");
            let name = widgets::tidy(&question.source.name(), 60);
            ui.add(Label::new(theme::heading(format!("{name} is encrypted"))).wrap());
        });
        ui.add_space(space(2));
        let label = ui.label("Password");
        let field =
            TextEdit::singleline(&mut question.typed).password(true).desired_width(f32::INFINITY);
        let response = ui.add(field).labelled_by(label.id);
        if question.wrong {
            ui.label(theme::small("That password does not open this file").color(theme.error));
        }
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        if question.typed.is_empty() && !response.has_focus() {
            response.request_focus();
        }
        ui.add_space(space(3));
        ui.horizontal(|ui| {
            given = widgets::primary_button(ui, "Open").clicked() || entered;
            if widgets::secondary_button(ui, "Cancel").clicked() {
                actions.push(Action::Cancel);
            }
        });
    });
    given && !question.typed.is_empty()
}
