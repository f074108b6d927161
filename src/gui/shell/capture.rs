//! An open capture on screen: side bar, tabs with the chosen view, inspector, status bar.

use std::sync::Arc;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, Ui};

use super::status_bar;
use crate::gui::action::Action;
use crate::gui::document::Document;
use crate::gui::documents::Other;
use crate::gui::theme::{Theme, space};
use crate::gui::views::{View, ViewContext};
use crate::gui::widgets;

/// Draws the capture.
pub(in crate::gui) fn ui(
    ui: &mut Ui,
    document: &mut Document,
    others: &[Other],
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let analysis = Arc::clone(&document.analysis);
    status_bar::ui(ui, &document.facts);
    document.side_bar.ui(ui, &analysis, &document.selection, actions);
    let context =
        ViewContext { analysis: &analysis, selection: &document.selection, theme, others };
    // A token's page needs the height, and its links lead to sessions anyway.
    if document.inspector_open && document.view != View::Tokens {
        let height = ui.available_height();
        Panel::bottom("inspector")
            .frame(Frame::new().fill(theme.panel))
            .default_size((height * 0.38).clamp(200.0, 720.0))
            .size_range(120.0..=(height - 160.0).max(120.0))
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
