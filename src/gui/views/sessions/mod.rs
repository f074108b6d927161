//! Every session in a table: only the rows in sight are read and drawn.

mod cell;
mod column;
mod editor;
mod head;
mod line;
mod menu;
mod table;

use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui::{Key, Modifiers, Ui};
use lucide_icons::Icon;

pub use column::{Column, Columns};

use super::ViewContext;
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::gui::action::Action;
use crate::gui::search::Search;
use crate::gui::widgets;
use editor::Editor;
use head::Wish;
use line::Line;

/// Rows that are kept read.
const KEPT: usize = 1_000;

/// Under which the columns are remembered.
const COLUMNS: &str = "sessions.columns";

/// The table's own look.
#[derive(Debug)]
pub struct Sessions {
    /// What is searched for, and what fits.
    pub search: Search,
    columns: Columns,
    /// The columns as they were last remembered.
    kept: String,
    sort: (Column, bool),
    /// Rows that were read, by their places in the capture.
    lines: HashMap<u32, Line>,
    /// When the capture began and ended, in milliseconds since 1970.
    span: (i64, i64),
    seen: u64,
    /// The first row in sight and how many fit.
    page: (usize, usize),
    scroll_top: f32,
    editor: Option<Editor>,
    /// Whether to scroll sideways to the comment that is being written.
    reveal_comment: bool,
}

impl Sessions {
    /// The table of a capture.
    pub fn of(analysis: Arc<Analysis>) -> Self {
        let capture = &analysis.capture;
        let ms = |time: Option<chrono::DateTime<chrono::Utc>>| {
            time.map_or(0, |time| time.timestamp_millis())
        };
        let span = (ms(capture.started()), ms(capture.ended()));
        Self {
            search: Search::of(analysis),
            columns: Columns::default(),
            kept: Columns::default().to_text(),
            sort: (Column::Number, true),
            lines: HashMap::new(),
            span,
            seen: 0,
            page: (0, 1),
            scroll_top: 0.0,
            editor: None,
            reveal_comment: false,
        }
    }

    /// The session `by` rows from the selected one in the order of the table.
    pub fn neighbour(&self, selected: Option<SessionId>, by: isize) -> Option<SessionId> {
        let last = self.search.shown().len().checked_sub(1)?;
        let at = selected.and_then(|id| self.search.row_of(id));
        let next = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
        self.search.session_at(next)
    }

    /// The next session that fits, or the one before; behind the last comes the first.
    pub fn next_hit(&self, selected: Option<SessionId>, back: bool) -> Option<SessionId> {
        let count = self.search.shown().len();
        let last = count.checked_sub(1)?;
        let next = match (selected.and_then(|id| self.search.row_of(id)), back) {
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => at.checked_sub(1).unwrap_or(last),
            (None, false) => 0,
            (None, true) => last,
        };
        self.search.session_at(next)
    }

    /// Begins to write a comment on a session.
    pub fn edit_comment(&mut self, analysis: &Analysis, session: SessionId) {
        self.columns.show(Column::Comment, true);
        if self.search.row_of(session).is_none() {
            self.search.set_text(String::new());
        }
        let known = analysis.capture.session(session);
        let text = known.map_or("", |s| self.search.annotations().comment(s)).to_owned();
        self.editor = Some(Editor::new(session, text));
        self.reveal_comment = true;
    }

    /// Draws the table.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        self.search.prepare(ui.ctx());
        self.search.refresh(ui.ctx());
        if let Some(kept) = context.settings.get(COLUMNS).filter(|kept| *kept != self.kept) {
            self.columns = Columns::of_text(kept);
            kept.clone_into(&mut self.kept);
        }
        if context.analysis.capture.sessions.is_empty() {
            widgets::empty(
                ui,
                Icon::Inbox,
                "No sessions",
                "The capture is empty: start the capture first, then start Outlook, and save when its error shows",
            );
            return;
        }
        if self.search.shown().is_empty() {
            self.nothing(ui, actions);
            return;
        }
        self.keys(ui, context, actions);
        let wishes = self.table(ui, context, actions);
        for wish in wishes {
            self.grant(ui, context, wish);
        }
        let columns = self.columns.to_text();
        if columns != self.kept {
            self.kept.clone_from(&columns);
            actions.push(Action::Remember(COLUMNS, columns));
        }
    }

    /// Says why the table is empty, and what to do.
    fn nothing(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        if self.search.is_busy() {
            widgets::empty(
                ui,
                Icon::Search,
                "Searching the bodies…",
                "No address and no header field fits. Sessions appear here as soon as a body does",
            );
            return;
        }
        let terms = self.search.query().terms.len();
        let sentence = match self.search.query().hint() {
            Some(hint) => hint.text().to_owned(),
            None if terms > 1 => {
                "Every word must fit. Take one away above, or clear the filter to see all sessions"
                    .to_owned()
            }
            None => "Shorten the filter or clear it to see all sessions".to_owned(),
        };
        widgets::empty(ui, Icon::SearchX, "No session fits the filter", &sentence);
        ui.vertical_centered(|ui| {
            if widgets::secondary_button(ui, "Clear filter").clicked() {
                actions.push(Action::Filter(String::new()));
            }
        });
    }

    /// Moves by the keyboard, unless something is typed elsewhere. Up and down are commands.
    fn keys(&self, ui: &Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        if ui.ctx().text_edit_focused() || eframe::egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let page = self.page.1.saturating_sub(1).max(1).cast_signed();
        let by = if pressed(Key::Home) {
            isize::MIN
        } else if pressed(Key::End) {
            isize::MAX
        } else if pressed(Key::PageUp) {
            -page
        } else if pressed(Key::PageDown) {
            page
        } else {
            // Enter belongs to the control that has the focus, if one has.
            let free = ui.memory(|m| m.focused().is_none());
            if free && pressed(Key::Enter) {
                actions.push(Action::ShowInspector);
            }
            return;
        };
        if let Some(session) = self.neighbour(context.selection.session, by) {
            actions.push(Action::SelectSession(session));
        }
    }

    fn grant(&mut self, ui: &Ui, context: &ViewContext<'_>, wish: Wish) {
        match wish {
            Wish::Sort(column) => {
                self.sort = (column, self.sort.0 != column || !self.sort.1);
                self.search.set_sort(column.sort_key(), self.sort.1);
            }
            Wish::Resize(column, width) => self.columns.resize(column, width),
            Wish::Fit(column) => self.fit(ui, context, column),
            Wish::FitAll => {
                let shown: Vec<Column> = self.columns.shown().map(|place| place.column).collect();
                for column in shown {
                    self.fit(ui, context, column);
                }
            }
            Wish::Show(column, shown) => self.columns.show(column, shown),
            Wish::Move(column, before) => self.columns.move_before(column, before),
            Wish::Shift(column, right) => self.columns.shift(column, right),
            Wish::Reset => self.columns = Columns::default(),
        }
    }
}
