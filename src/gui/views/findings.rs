//! What is wrong, why, and how to fix it.

use eframe::egui::Ui;

use super::ViewContext;
use crate::gui::action::Action;

/// The view's own look.
#[derive(Debug, Default)]
pub struct Findings {}

impl Findings {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let _ = (context, actions);
        ui.label("What is wrong, why, and how to fix it.");
    }
}
