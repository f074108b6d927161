//! What stands in place of verdict and findings while a lesson hides them.

use eframe::egui::{Frame, Label, Margin, RichText, Role, ScrollArea, Stroke, Ui, WidgetInfo};
use lucide_icons::Icon;

use crate::analysis::Analysis;
use crate::gui::action::Action;
use crate::gui::selection::Selection;
use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::views::View;
use crate::gui::widgets;

/// What stands in a place that would give the verdict away.
const HIDDEN: (Icon, &str, &str) = (
    Icon::EyeOff,
    "Hidden while the lesson runs",
    "Answer the lesson's questions, reveal the verdict there, or end the lesson to see everything",
);

/// Draws the side bar without a verdict.
pub(super) fn side_bar(
    ui: &mut Ui,
    analysis: &Analysis,
    selection: &Selection,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        Frame::new()
            .fill(theme.note_surface)
            .stroke(Stroke::new(1.0, theme.line))
            .corner_radius(CARD_CORNER)
            .inner_margin(Margin::same(14))
            .show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                let (icon, head, sentence) = HIDDEN;
                ui.horizontal_top(|ui| {
                    widgets::decoration(ui, theme::icon(icon).color(theme.note));
                    let response = ui.add(Label::new(theme::heading(head)).wrap());
                    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, head));
                });
                ui.add(Label::new(RichText::new(sentence).color(theme.dim)).wrap());
                ui.add_space(space(2));
                ways_out(ui, actions);
            });
        ui.add_space(space(4));
        ui.label(theme::overline("Flows").color(theme.dim));
        for flow in &analysis.flows.flows {
            let chosen = selection.flow == Some(flow.id);
            let name = widgets::tidy(&flow.name(), 80);
            if ui.selectable_label(chosen, name).clicked() {
                actions.push(Action::SelectFlow((!chosen).then_some(flow.id)));
            }
        }
    });
}

/// Draws a view that would give the verdict away.
pub(super) fn view(ui: &mut Ui, actions: &mut Vec<Action>) {
    let (icon, head, sentence) = HIDDEN;
    widgets::empty(ui, icon, head, sentence);
    ui.vertical_centered(|ui| {
        ui.add_space(space(2));
        if widgets::primary_button(ui, "Back to the lesson").clicked() {
            actions.push(Action::ShowView(View::Lesson));
        }
    });
}

fn ways_out(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        if widgets::primary_button(ui, "To the lesson").clicked() {
            actions.push(Action::ShowView(View::Lesson));
        }
        if widgets::secondary_button(ui, "End it").clicked() {
            actions.push(Action::EndLesson);
        }
    });
}
