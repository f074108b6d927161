//! The rows in sight, and the head above them, which follows them sideways.

use eframe::egui::{
    Key, Modifiers, Popup, Rect, Role, ScrollArea, Sense, SetOpenCommand, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use super::cell::{self, Pen, inner};
use super::column::Column;
use super::head::{self, Wish};
use super::line::Line;
use super::{KEPT, Sessions, menu};
use crate::gui::action::Action;
use crate::gui::views::ViewContext;

/// A row's height.
const ROW: f32 = 26.0;

/// Points left of the first column, where a mark shows.
const MARGIN: f32 = 20.0;

/// Rows that a column is fitted to.
const FITTED: usize = 400;

impl Sessions {
    /// Draws the table; answers with what was asked of its columns.
    pub(super) fn table(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        actions: &mut Vec<Action>,
    ) -> Vec<Wish> {
        ui.spacing_mut().item_spacing.y = 0.0;
        let whole = ui.available_rect_before_wrap();
        let head = Rect::from_min_size(whole.min, vec2(whole.width(), head::HEIGHT));
        ui.allocate_rect(head, Sense::hover());
        let count = self.search.shown().len();
        let width = MARGIN + self.columns.shown().map(|place| place.width).sum::<f32>();
        let height = whole.height() - head::HEIGHT;
        let mut area = ScrollArea::both().id_salt("sessions").auto_shrink(false).content_margin(0);
        if let Some(top) = self.scroll_target(context, height) {
            area = area.vertical_scroll_offset(top);
        }
        if std::mem::take(&mut self.reveal_comment) {
            area = area.horizontal_scroll_offset(self.comment_offset(whole.width()));
        }
        let output = area.show_viewport(ui, |ui, viewport| {
            ui.set_min_size(vec2(width.max(viewport.width()), rows_height(count)));
            self.rows(ui, viewport, context, actions);
        });
        self.scroll_top = output.state.clamped_offset().y;
        let left = whole.left() + MARGIN - output.state.clamped_offset().x;
        let mut wishes = head::ui(ui, head, left, &self.columns, self.sort);
        let button = Rect::from_min_max(pos2(head.right() - 36.0, head.top()), head.max);
        head::chooser(ui, button, &self.columns, &mut wishes);
        wishes
    }

    /// Where to scroll so that a newly selected session is in sight.
    fn scroll_target(&mut self, context: &ViewContext<'_>, height: f32) -> Option<f32> {
        let editing = self.editor.as_ref().map(|editor| editor.session);
        if self.seen == context.selection.revision {
            return None;
        }
        self.seen = context.selection.revision;
        let row = self.search.row_of(editing.or(context.selection.session)?)?;
        let (top, bottom) = (rows_height(row), rows_height(row + 1));
        let shown = self.scroll_top..=self.scroll_top + height;
        if shown.contains(&top) && shown.contains(&bottom) {
            None
        } else if top < self.scroll_top && bottom >= self.scroll_top - ROW {
            Some(top)
        } else if bottom > *shown.end() && top <= shown.end() + ROW {
            Some(bottom - height)
        } else {
            // Somewhere else altogether: in the middle, with what surrounds it.
            Some((top - (height - ROW) / 2.0).max(0.0))
        }
    }

    /// How far to scroll sideways to see the comments.
    fn comment_offset(&self, width: f32) -> f32 {
        let mut right = MARGIN;
        for place in self.columns.shown() {
            right += place.width;
            if place.column == Column::Comment {
                break;
            }
        }
        (right - width).max(0.0)
    }

    fn rows(
        &mut self,
        ui: &mut Ui,
        viewport: Rect,
        context: &ViewContext<'_>,
        actions: &mut Vec<Action>,
    ) {
        let first = row_at(viewport.top());
        let fitting = row_at(viewport.height()) + 2;
        self.page = (first, row_at(viewport.height()));
        let origin = ui.max_rect().min;
        // From the viewport's own corner: a row far down has few digits left for fractions of a point.
        let top = origin.y + viewport.top();
        let clip = ui.clip_rect();
        let words = self.search.query().words();
        let painter = ui.painter().clone();
        if self.lines.len() > KEPT {
            self.lines.clear();
        }
        for row in first..(first + fitting).min(self.search.shown().len()) {
            let Some(place) = self.search.shown().get(row).copied() else { break };
            let capture = &context.analysis.capture;
            let Some(session) = capture.sessions.get(place as usize) else { continue };
            let line =
                self.lines.entry(place).or_insert_with(|| Line::of(session, context.analysis));
            let mark = self.search.annotations().mark(session);
            let comment = self.search.annotations().comment(session);
            let y = top + below(row, viewport.top());
            let rect = Rect::from_min_max(pos2(clip.left(), y), pos2(clip.right(), y + ROW));
            let chosen = context.selection.session == Some(session.id);
            let id = ui.scope_id().with(("row", session.id.0));
            let response = ui.interact(rect.intersect(clip), id, Sense::click());
            response.widget_info(|| {
                WidgetInfo::selected(Role::Row, true, chosen, name(line, mark, comment))
            });
            let theme = context.theme;
            if chosen {
                painter.rect_filled(rect, 0.0, theme.selection);
                let edge = Rect::from_min_size(rect.min, vec2(2.0, ROW));
                painter.rect_filled(edge, 0.0, theme.accent);
            } else if response.hovered() || response.context_menu_opened() {
                painter.rect_filled(rect, 0.0, theme.hover());
            }
            if let Some(mark) = mark {
                let stripe = Rect::from_min_size(rect.min, vec2(6.0, ROW));
                painter.rect_filled(stripe, 0.0, theme.mark(mark));
            }
            if response.has_focus() {
                painter.rect_stroke(
                    rect.shrink(1.0),
                    2.0,
                    Stroke::new(1.0, theme.accent),
                    eframe::egui::StrokeKind::Inside,
                );
            }
            let mut x = origin.x + MARGIN;
            for place in self.columns.shown() {
                let cell = inner(x, place.width, y, ROW);
                x += place.width;
                if cell.right() < clip.left() || cell.left() > clip.right() {
                    continue;
                }
                let cut = painter.with_clip_rect(cell.expand2(vec2(2.0, 0.0)).intersect(clip));
                let pen = Pen { painter: &cut, theme, words: &words, span: self.span };
                if place.column == Column::Comment
                    && let Some(editor) =
                        self.editor.as_mut().filter(|editor| editor.session == session.id)
                {
                    if !editor.ui(ui, cell.shrink2(vec2(0.0, 1.0)), actions) {
                        self.editor = None;
                    }
                    continue;
                }
                pen.cell(cell, line, place.column, mark, comment);
            }
            if response.clicked() || response.secondary_clicked() {
                actions.push(Action::SelectSession(session.id));
            }
            if response.double_clicked() {
                actions.push(Action::ShowInspector);
            }
            if chosen {
                // What a right click opens at the pointer, the keyboard opens below the row.
                let asked = wants_menu(ui).then_some(SetOpenCommand::Bool(true));
                Popup::menu(&response)
                    .id(response.id.with("keyboard menu"))
                    .open_memory(asked)
                    .at_position(rect.left_bottom() + vec2(MARGIN, 0.0))
                    .show(|ui| menu::ui(ui, session, line, mark, actions));
            }
            response.context_menu(|ui| menu::ui(ui, session, line, mark, actions));
        }
    }

    /// Makes a column as wide as its head and what its first rows hold.
    pub(super) fn fit(&mut self, ui: &Ui, context: &ViewContext<'_>, column: Column) {
        if matches!(column, Column::Mark | Column::Waterfall) {
            self.columns.resize(column, column.width());
            return;
        }
        let pen = Pen { painter: ui.painter(), theme: context.theme, words: &[], span: self.span };
        let first = self.page.0.saturating_sub(FITTED / 2);
        let places = self.search.shown().iter().skip(first).take(FITTED);
        let widths = places.filter_map(|place| {
            let session = context.analysis.capture.sessions.get(*place as usize)?;
            let comment = self.search.annotations().comment(session);
            Some(pen.width(&Line::of(session, context.analysis), column, comment))
        });
        let head = 24.0 + column.text().len() as f32 * 7.0;
        let width = widths.fold(head, f32::max).min(640.0);
        self.columns.resize(column, width.ceil() + cell::GAP + 4.0);
    }
}

/// Shift+F10 asks for a menu where no key of its own does.
fn wants_menu(ui: &Ui) -> bool {
    !ui.ctx().text_edit_focused() && ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::F10))
}

/// How high so many rows are.
fn rows_height(rows: usize) -> f32 {
    rows as f32 * ROW
}

/// How far a row begins below a place.
#[expect(clippy::cast_possible_truncation, reason = "a few rows' height")]
fn below(row: usize, top: f32) -> f32 {
    (row as f64 * f64::from(ROW) - f64::from(top)) as f32
}

/// The row at a height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "heights are not negative and end with the last row"
)]
fn row_at(height: f32) -> usize {
    (height / ROW).max(0.0) as usize
}

/// What a screen reader says of a row.
fn name(line: &Line, mark: Option<crate::capture::Mark>, comment: &str) -> String {
    let mut name = format!("Session {}: {}", line.session, line.meaning);
    if let Some(severity) = line.finding {
        name.push_str(", ");
        name.push_str(cell::severity_words(severity));
    }
    if let Some(mark) = mark {
        name.push_str(", marked ");
        name.push_str(mark.id());
    }
    if !comment.is_empty() {
        name.push_str(", comment: ");
        name.push_str(&cell::text(line, Column::Comment, comment));
    }
    name
}
