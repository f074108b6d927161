//! The list of all lessons, told by what was reported: titles would give away how they end.

use eframe::egui::{
    Align, CursorIcon, Frame, Label, Layout, Margin, Role, Sense, Ui, UiBuilder, WidgetInfo,
};
use lucide_icons::Icon;

use super::page::section;
use super::progress::Progress;
use super::size::Size;
use crate::gui::action::Action;
use crate::gui::theme::{CORNER, Theme, space};
use crate::gui::widgets;
use crate::training::course::{self, Plan};
use crate::training::samples::Sample;

/// Draws the list.
pub(super) fn ui(
    ui: &mut Ui,
    size: Size,
    current: Option<&'static Sample>,
    progress: &Progress,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let response = ui.label(size.title("All lessons"));
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, "All lessons"));
    ui.horizontal_wrapped(|ui| {
        for plan in Plan::ALL {
            let chosen = progress.plan == plan;
            if ui.selectable_label(chosen, size.body(plan.name())).clicked() {
                actions.push(Action::ChoosePlan(plan));
            }
        }
    });
    if progress.plan == Plan::Whole {
        for chapter in course::chapters() {
            ui.add_space(size.points(12.0));
            section(ui, size, &chapter.title);
            ui.label(size.small(chapter.aim).color(theme.dim));
            ui.add_space(space(1));
            for sample in chapter.samples {
                line(ui, size, sample, None, current, progress, actions);
            }
        }
    } else {
        ui.add_space(size.points(10.0));
        for (stop, sample) in progress.plan.stops().iter().zip(progress.plan.samples()) {
            line(ui, size, sample, Some(stop.minutes), current, progress, actions);
        }
    }
}

/// One lesson: its number, what was reported, and how it went.
fn line(
    ui: &mut Ui,
    size: Size,
    sample: &'static Sample,
    minutes: Option<u8>,
    current: Option<&'static Sample>,
    progress: &Progress,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let number = course::number(sample.name).map_or(0, |(number, _)| number);
    let score = progress.score(sample.name);
    let is_current = current.is_some_and(|current| current.name == sample.name);
    let back = ui.painter().add(eframe::egui::Shape::Noop);
    let shown = ui.scope_builder(UiBuilder::new().sense(Sense::click()), |ui| {
        Frame::new().inner_margin(Margin::symmetric(8, 5)).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.scope(|ui| {
                    ui.set_width(size.points(22.0));
                    let number = size.strong(number.to_string()).color(theme.dim);
                    ui.add(Label::new(number).selectable(false));
                });
                ui.scope(|ui| {
                    ui.set_max_width((ui.available_width() - size.points(120.0)).max(80.0));
                    // Whoever did a lesson knows what it was about.
                    let text = score.map_or(sample.reported, |_| sample.title);
                    ui.add(Label::new(size.body(text)).wrap().selectable(false));
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if let Some(score) = score {
                        let told = format!("{} of {} right", score.right, score.asked);
                        ui.add(Label::new(size.small(told).color(theme.dim)).selectable(false));
                        widgets::decoration(ui, size.icon(Icon::Check).color(theme.ok));
                    } else if let Some(minutes) = minutes {
                        let told = format!("{minutes} min");
                        ui.add(Label::new(size.small(told).color(theme.dim)).selectable(false));
                    }
                });
            });
        });
    });
    let response = shown.response;
    let name = match score {
        Some(score) => format!(
            "Lesson {number}: {}, done, {} of {} right",
            sample.title, score.right, score.asked
        ),
        None => format!("Lesson {number}: {}", sample.reported),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_current, &name));
    if is_current || response.hovered() || response.has_focus() {
        let ground = if is_current { theme.selection } else { theme.raised };
        ui.painter().set(back, eframe::egui::Shape::rect_filled(response.rect, CORNER, ground));
    }
    if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        actions.push(Action::StartLesson(sample.name));
    }
}
