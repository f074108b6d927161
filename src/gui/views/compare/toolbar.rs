//! Above a comparison: swap, another one, copy, save.

use eframe::egui::{Align, Frame, Layout, Margin, Ui};
use lucide_icons::Icon;

use super::{Choice, Compare};
use crate::gui::action::Action;
use crate::gui::theme::space;
use crate::gui::views::ViewContext;
use crate::gui::widgets::{self, tidy};
use crate::report::Format;

impl Compare {
    pub(super) fn toolbar(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        actions: &mut Vec<Action>,
    ) {
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 16, top: 6, bottom: 4 });
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                if widgets::secondary_button(ui, "Swap sides").clicked() {
                    self.is_good = !self.is_good;
                    self.compare(context.analysis);
                }
                ui.menu_button("Compare with…", |ui| {
                    ui.set_min_width(240.0);
                    if ui.button("The healthy sample closest to this one").clicked() {
                        actions.push(Action::CompareWith(Choice::Healthy));
                        ui.close();
                    }
                    if ui.button("Another capture from a file…").clicked() {
                        actions.push(Action::CompareWith(Choice::File));
                        ui.close();
                    }
                    for other in context.others {
                        let text = format!("Open capture: {}", tidy(&other.name, 60));
                        if ui.button(text).clicked() {
                            actions.push(Action::CompareWith(Choice::Tab(other.tab)));
                            ui.close();
                        }
                    }
                });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space(1);
                    if widgets::icon_button(ui, Icon::X, "End the comparison").clicked() {
                        self.clear();
                    }
                    ui.menu_button("Report", |ui| self.reports(ui, context, actions));
                    if widgets::icon_button(ui, Icon::Copy, "Copy comparison as Markdown").clicked()
                        && let Some(text) = self.report(context.analysis, Format::Markdown)
                    {
                        actions.push(Action::Copy(text));
                    }
                });
            });
        });
    }

    fn reports(&self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        ui.set_min_width(200.0);
        for (format, name) in [
            (Format::Html, "HTML"),
            (Format::Markdown, "Markdown"),
            (Format::Text, "text"),
            (Format::Json, "JSON"),
        ] {
            if ui.button(format!("Save as {name}…")).clicked() {
                actions.push(Action::SaveComparison(format));
                ui.close();
            }
        }
        ui.separator();
        for (format, name) in [
            (Format::Html, "HTML"),
            (Format::Markdown, "Markdown"),
            (Format::Text, "text"),
            (Format::Json, "JSON"),
        ] {
            if ui.button(format!("Copy as {name}")).clicked()
                && let Some(text) = self.report(context.analysis, format)
            {
                actions.push(Action::Copy(text));
                ui.close();
            }
        }
    }
}
