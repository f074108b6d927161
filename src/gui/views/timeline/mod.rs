//! Who said what to whom, as a ladder.

use eframe::egui::Ui;

use super::ViewContext;
use crate::gui::action::Action;

/// The view's own look.
#[derive(Debug, Default)]
pub struct Timeline {}

impl Timeline {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let _ = (context, actions);
        ui.label("Who said what to whom, as a ladder.");
    }
}
