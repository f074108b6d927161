//! A comment being written, where it stands.

use eframe::egui::{Id, Key, Rect, TextEdit, Ui};

use crate::capture::SessionId;
use crate::gui::action::Action;

/// A comment being written.
#[derive(Debug)]
pub(super) struct Editor {
    pub(super) session: SessionId,
    text: String,
    /// Whether it has had the cursor.
    begun: bool,
}

impl Editor {
    /// Begins with the comment that is there.
    pub(super) fn new(session: SessionId, text: String) -> Self {
        Self { session, text, begun: false }
    }

    /// Draws the field; false when it is done. Enter keeps the comment, and so does going elsewhere; Esc does not.
    pub(super) fn ui(&mut self, ui: &mut Ui, rect: Rect, actions: &mut Vec<Action>) -> bool {
        let id = Id::unique(("comment", self.session.0));
        let field = TextEdit::singleline(&mut self.text).id(id).hint_text("Comment");
        let name = format!("Comment on session {}", self.session);
        let response = ui.put(rect, field).accessible_name(&name);
        if !self.begun {
            response.request_focus();
            self.begun = true;
            return true;
        }
        if !response.lost_focus() && response.has_focus() {
            return true;
        }
        if !ui.input(|i| i.key_pressed(Key::Escape)) {
            actions.push(Action::SetComment(self.session, self.text.trim().to_owned()));
        }
        false
    }
}
