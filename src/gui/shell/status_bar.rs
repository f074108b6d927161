//! The bar at the bottom: what is open, in numbers.

use eframe::egui::{Align, Frame, Label, Layout, Margin, Panel, Ui};
use lucide_icons::Icon;

use crate::analysis::Analysis;
use crate::gui::format::{self, count};
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// Draws the bar.
pub(in crate::gui) fn ui(ui: &mut Ui, facts: &[String]) {
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.panel).inner_margin(Margin::symmetric(14, 0));
    Panel::bottom("status bar").frame(frame).exact_size(28.0).resizable(false).show(ui, |ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space(1);
            ui.label(theme::small("Secrets masked").color(theme.dim)).on_hover_text(
                "Passwords, tokens and cookies are hidden until you ask for one of them in the inspector",
            );
            widgets::glyph(ui, Icon::ShieldCheck, theme.ok, "Protected");
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space(4);
                for text in facts {
                    ui.add(Label::new(theme::small(text).color(theme.dim)).truncate());
                }
            });
        });
    });
}

/// What the bar says of a capture.
pub(in crate::gui) fn facts(analysis: &Analysis) -> Vec<String> {
    let capture = &analysis.capture;
    let mut facts =
        vec![count(capture.sessions.len(), "session"), count(analysis.flows.flows.len(), "flow")];
    facts.extend(capture.creator.as_deref().map(|c| widgets::tidy(c, 60)));
    if let (Some(start), Some(end)) = (capture.started(), capture.ended()) {
        facts.push(format!(
            "{} to {} UTC",
            start.format("%-d %b %Y, %H:%M:%S"),
            end.format("%H:%M:%S")
        ));
        facts.push(format::duration(end - start));
    }
    if capture.counts.skipped > 0 {
        facts.push(format!("{} could not be read", count(capture.counts.skipped, "session")));
    }
    facts
}
