//! Before a comparison: with what?

use eframe::egui::{Align, Label, Layout, RichText, Ui};
use lucide_icons::Icon;

use super::Choice;
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{self, tidy};

const ABOUT: &str = "Put another capture beside this one: the steps stand side by side, and the first place where the two part is marked";

/// Draws the choices.
pub(super) fn ui(ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height * 0.18).clamp(space(4), 140.0));
        ui.set_max_width(520.0);
        widgets::decoration(ui, theme::icon_sized(Icon::GitCompareArrows, 28.0).color(theme.dim));
        ui.label(theme::heading("Compare with what?"));
        ui.add(Label::new(RichText::new(ABOUT).color(theme.dim)).wrap());
        ui.add_space(space(4));
        let size = eframe::egui::vec2(ui.available_width(), 0.0);
        ui.allocate_ui_with_layout(size, Layout::top_down_justified(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.y = space(2);
            if widgets::primary_button(ui, "The healthy sample closest to this one").clicked() {
                actions.push(Action::CompareWith(Choice::Healthy));
            }
            if widgets::secondary_button(ui, "Another capture from a file…").clicked() {
                actions.push(Action::CompareWith(Choice::File));
            }
            for other in context.others {
                let text = format!("Open capture: {}", tidy(&other.name, 60));
                if widgets::secondary_button(ui, &text).clicked() {
                    actions.push(Action::CompareWith(Choice::Tab(other.tab)));
                }
            }
        });
        ui.add_space(space(2));
        let told =
            "Two captures of the same client are best: one where it works, one where it does not";
        ui.add(Label::new(theme::small(told).color(theme.dim)).wrap());
    });
}
