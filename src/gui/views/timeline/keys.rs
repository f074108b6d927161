//! The keyboard on the ladder: up and down, in and out of folds, and from a row to the inspector.

use eframe::egui::{Key, Modifiers, Ui};

use super::{Goal, Timeline};
use crate::diagram::{Layout, Mark, Row};
use crate::gui::action::Action;

impl Timeline {
    /// Moves the cursor, unless the keyboard is elsewhere.
    pub(super) fn keys(&mut self, ui: &Ui, actions: &mut Vec<Action>) {
        let elsewhere = ui.memory(|memory| {
            let focused = memory.focused();
            (focused.is_some() && focused != self.focused)
                || !memory.allows_interaction(ui.layer_id())
        });
        if elsewhere || ui.ctx().text_edit_focused() {
            return;
        }
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let at = self.cursor.and_then(|mark| self.layout.row_of(mark));
        let layout = std::sync::Arc::clone(&self.layout);
        if pressed(Key::ArrowDown) {
            self.go_to(layout.next_stop(at, true), actions);
        } else if pressed(Key::ArrowUp) {
            self.go_to(layout.next_stop(at, false), actions);
        } else if pressed(Key::Home) {
            self.go_to(layout.next_stop(None, true), actions);
        } else if pressed(Key::End) {
            self.go_to(layout.next_stop(None, false), actions);
        } else if pressed(Key::PageDown) {
            self.go_to(self.page(&layout, at, true), actions);
        } else if pressed(Key::PageUp) {
            self.go_to(self.page(&layout, at, false), actions);
        } else if pressed(Key::ArrowRight) {
            self.unfold(&layout, at, actions);
        } else if pressed(Key::ArrowLeft) {
            let fold = at.and_then(|row| layout.fold_around(row));
            if let Some(key) = fold.filter(|fold| fold.open).and_then(crate::diagram::Fold::key) {
                self.set_fold(key, false);
            }
        } else if pressed(Key::Enter) || pressed(Key::Space) {
            match at.and_then(|row| layout.rows.get(row)) {
                Some(Row::Fold(fold)) => {
                    if let Some(key) = fold.key() {
                        self.set_fold(key, !fold.open);
                    }
                }
                Some(Row::Session(row)) => {
                    actions.push(Action::SelectSession(row.session));
                    actions.push(Action::ShowInspector);
                }
                _ => {}
            }
        }
    }

    /// Puts the cursor on a row; a session is selected everywhere.
    fn go_to(&mut self, row: Option<usize>, actions: &mut Vec<Action>) {
        let Some(mark) = row.and_then(|row| self.layout.rows.get(row)).and_then(Row::mark) else {
            return;
        };
        self.cursor = Some(mark);
        self.wants_focus = true;
        self.scroll_to = row.map(Goal::Row);
        if let Mark::Session(session) = mark {
            actions.push(Action::SelectSession(session));
        }
    }

    /// Opens the fold that the cursor is on, or steps into it.
    fn unfold(&mut self, layout: &Layout, at: Option<usize>, actions: &mut Vec<Action>) {
        let Some(Row::Fold(fold)) = at.and_then(|row| layout.rows.get(row)) else { return };
        if fold.open {
            self.go_to(layout.next_stop(at, true), actions);
        } else if let Some(key) = fold.key() {
            self.set_fold(key, true);
        }
    }

    /// The row a page further.
    fn page(&self, layout: &Layout, at: Option<usize>, down: bool) -> Option<usize> {
        let page = (self.visible / self.scale - crate::diagram::geometry::HEAD - 60.0).max(60.0);
        let here = at.and_then(|row| self.geometry.row(row)).map_or(0.0, |place| place.start);
        let there = if down { here + page } else { here - page };
        let row = self.geometry.rows_between(there, there + 1.0).start;
        // At a ghost or a pause the next row is meant, at the ends the last.
        let beyond = layout.next_stop(row.checked_sub(1).filter(|_| there > 0.0), true);
        let last = || layout.next_stop(None, false);
        if down { beyond.or_else(last) } else { beyond.filter(|to| Some(*to) < at).or(at) }
    }
}
