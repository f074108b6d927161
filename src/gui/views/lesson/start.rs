//! Before a lesson: what it is, and how to begin.

use eframe::egui::{Label, Role, Ui, WidgetInfo};

use super::page::section;
use super::size::Size;
use crate::gui::action::Action;
use crate::gui::theme::{Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets;
use crate::training::samples::Sample;

const ABOUT: &str = "Five steps lead to the mailbox. Each page says what should happen and where to look, and asks what happened here; then it tells. The verdict comes last, and until then the window keeps it to itself";
const KEYS: &[(&str, &str)] = &[
    ("1 to 4, or arrows and Enter", "answer"),
    ("Space, Right or Page Down", "reveal, then go on"),
    ("Left or Page Up", "go back"),
    ("F5", "presenter view: large type, nothing beside it"),
];

/// Draws the page.
pub(super) fn ui(
    ui: &mut Ui,
    size: Size,
    sample: Option<&'static Sample>,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    ui.add_space(space(2));
    let head = match sample {
        Some(_) => "This sample as a lesson",
        None => "This capture as a lesson",
    };
    let response = ui.add(Label::new(size.title(head)).wrap());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, head));
    ui.add_space(space(1));
    ui.add(Label::new(size.body(ABOUT)).wrap());
    ui.add_space(size.points(10.0));
    ui.horizontal_wrapped(|ui| {
        if widgets::primary_button(ui, "Start the lesson").clicked() {
            actions.push(match sample {
                // Under its own name a sample would give itself away.
                Some(sample) => Action::StartLesson(sample.name),
                None => Action::BeginLesson,
            });
        }
        if sample.is_none() {
            let told = "To teach with it, make a redacted copy first: File › Redact and export…";
            ui.label(size.body(told).color(theme.dim));
        }
    });
    if context.analysis.capture.sessions.len() > super::MOST_HIDDEN {
        ui.add_space(space(1));
        let told = "So large a capture is walked without hiding its verdict in the other views";
        ui.label(size.body(told).color(theme.warning));
    }
    ui.add_space(size.points(16.0));
    section(ui, size, "Keys");
    for (keys, what) in KEYS {
        ui.horizontal(|ui| {
            ui.scope(|ui| {
                ui.set_width(size.points(200.0));
                ui.label(size.strong(*keys));
            });
            ui.label(size.body(*what).color(theme.dim));
        });
    }
}
