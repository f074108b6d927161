//! What to do about what the selected session shows.

use eframe::egui::{Frame, Label, Margin, RichText, ScrollArea, Stroke, Ui};

use crate::gui::action::Action;
use crate::gui::theme::{self, CARD_CORNER, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets;
use crate::rules::{self, Finding};

/// Draws a finding's message and fix as a card.
pub(super) fn ui(
    ui: &mut Ui,
    finding: &Finding,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    let theme = context.theme;
    let color = theme.severity(finding.severity);
    ScrollArea::vertical().id_salt("fix").auto_shrink(false).show(ui, |ui| {
        let frame = Frame::new()
            .fill(theme.background)
            .stroke(Stroke::new(1.0, theme.line))
            .corner_radius(CARD_CORNER)
            .inner_margin(Margin::same(14));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_top(|ui| {
                widgets::glyph(
                    ui,
                    theme::severity_icon(finding.severity),
                    color,
                    finding.severity.id(),
                );
                let title = rules::find(finding.rule).map_or("Finding", |r| r.title);
                ui.add(Label::new(theme::strong(title)).wrap());
            });
            ui.add(Label::new(RichText::new(&finding.message).color(theme.dim)).wrap());
            ui.add_space(space(2));
            widgets::fix_steps(ui, &finding.fix(), actions);
            ui.add_space(space(1));
            ui.horizontal_wrapped(|ui| {
                if widgets::link(ui, "Why and reference").clicked() {
                    actions.push(Action::ShowFix(finding.rule));
                }
                let certainty =
                    theme::small(format!("· {}", finding.certainty.id())).color(theme.dim);
                ui.label(certainty);
            });
        });
    });
}
