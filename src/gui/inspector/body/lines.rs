//! A long text: broken into rows once, of which only those in sight are made.

use std::ops::Range;

use eframe::egui::{
    Align, Label, Rect, Sense, TextStyle, TextWrapMode, Ui, UiBuilder, WidgetText, pos2, vec2,
};

use super::wrap::{self, Row};
use crate::gui::inspector::row::{Pen, highlighted};
use crate::gui::theme::space;
use crate::http::is_active;

/// Texts up to this size, in bytes, are broken anew when the width changes.
const ELASTIC: usize = 512 * 1024;
/// Columns of a larger text, whatever the width.
const FIXED: usize = 200;
/// The most rows. More could not be scrolled exactly.
const MOST: usize = 400_000;
/// Room above and below a row's characters.
const LEADING: f32 = 4.0;

/// A text in rows.
pub(in crate::gui::inspector) struct Lines {
    text: String,
    columns: usize,
    rows: Vec<Row>,
    /// What was looked for last, and where it stands.
    found: (String, Vec<Range<usize>>),
    /// What a finding led to, and whether it is still to be scrolled to.
    led: Option<(Range<usize>, bool)>,
}

impl Lines {
    /// Breaks a text. Characters that act become blanks.
    pub(in crate::gui::inspector) fn new(text: String) -> Self {
        let text = if text.chars().any(|c| c != '\n' && is_active(c)) {
            text.chars()
                .flat_map(|c| match c {
                    '\t' => [Some(' '), Some(' ')],
                    c if c != '\n' && is_active(c) => [Some(' '), None],
                    c => [Some(c), None],
                })
                .flatten()
                .collect()
        } else {
            text
        };
        let rows = wrap::rows(&text, FIXED, MOST);
        Self { text, columns: FIXED, rows, found: Default::default(), led: None }
    }

    /// Leads to a value, or else to a name.
    pub(in crate::gui::inspector) fn lead_to(&mut self, name: &str, value: &str) {
        let place = |what: &str| {
            let at = self.text.find(what).filter(|_| !what.is_empty())?;
            Some((at..at + what.len(), true))
        };
        self.led = place(value).or_else(|| place(name));
    }

    /// Draws the rows in sight.
    pub(in crate::gui::inspector) fn ui(&mut self, ui: &mut Ui, pen: &mut Pen<'_>, name: &str) {
        if self.text.len() <= ELASTIC {
            let columns = columns(ui, ui.available_width());
            if columns != self.columns {
                self.columns = columns;
                self.rows = wrap::rows(&self.text, columns, MOST);
            }
        }
        if self.found.0 != pen.find.needle() {
            self.found = (pen.find.needle().to_owned(), pen.find.ranges(&self.text));
        }
        let hits = pen.find.take(self.found.1.len());
        let current = hits.current.and_then(|at| self.found.1.get(at)).cloned();
        let row_of = |at: usize| self.rows.partition_point(|row| row.start <= at).saturating_sub(1);
        let mut goal = current.as_ref().filter(|_| hits.jump).map(|range| row_of(range.start));
        if let Some((range, fresh)) = &mut self.led
            && std::mem::take(fresh)
        {
            goal = Some(row_of(range.start));
        }
        let font = TextStyle::Monospace.resolve(ui.style());
        rows_ui(ui, self.rows.len(), goal, |ui, at, rect| {
            let Some(row) = self.rows.get(at) else { return };
            let text = self.text.get(row.clone()).unwrap_or_default();
            let mut marks = within(&self.found.1, row);
            let is_current = current.as_ref().and_then(|current| {
                let here = within(std::slice::from_ref(current), row);
                marks.iter().position(|mark| Some(mark) == here.first())
            });
            if let Some((led, _)) = &self.led {
                marks.extend(within(std::slice::from_ref(led), row));
            }
            let pieces = [(0..text.len(), pen.theme.text)];
            let job = highlighted(text, &pieces, &marks, is_current, &font, pen.theme);
            label(ui, rect, job, &format!("{name}/row/{at}"));
        });
    }
}

/// The parts of ranges that lie in a row, seen from its start.
fn within(ranges: &[Range<usize>], row: &Row) -> Vec<Range<usize>> {
    let first = ranges.partition_point(|range| range.end <= row.start);
    let near = ranges.iter().skip(first).take_while(|range| range.start < row.end);
    near.map(|r| r.start.max(row.start) - row.start..r.end.min(row.end) - row.start).collect()
}

/// How many characters of recorded text stand side by side in so many points.
pub(super) fn columns(ui: &Ui, width: f32) -> usize {
    let font = TextStyle::Monospace.resolve(ui.style());
    let letter = ui.ctx().fonts_mut(|fonts| fonts.glyph_width(&font, '0')).max(1.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small positive number"
    )]
    let columns = ((width - space(2)) / letter).clamp(16.0, 2000.0) as usize;
    columns
}

/// The height of a row.
pub(super) fn height(ui: &Ui) -> f32 {
    (ui.text_style_height(&TextStyle::Monospace) + LEADING).round()
}

/// Takes the room of so many rows and makes those in sight. `goal` is a row to scroll to.
pub(super) fn rows_ui(
    ui: &mut Ui,
    rows: usize,
    goal: Option<usize>,
    mut row_ui: impl FnMut(&mut Ui, usize, Rect),
) {
    let height = height(ui);
    let size = vec2(ui.available_width(), height * rows as f32);
    let (whole, _) = ui.allocate_exact_size(size, Sense::empty());
    let rect = |at: usize| {
        let top = whole.top() + height * at as f32;
        Rect::from_min_max(pos2(whole.left(), top), pos2(whole.right(), top + height))
    };
    if let Some(goal) = goal {
        ui.scroll_to_rect(rect(goal), Some(Align::Center));
    }
    let seen = ui.clip_rect().intersect(whole);
    if !seen.is_positive() {
        return;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of rows"
    )]
    let row_at = |y: f32| ((y - whole.top()) / height).max(0.0) as usize;
    for at in row_at(seen.top())..rows.min(row_at(seen.bottom()) + 1) {
        row_ui(ui, at, rect(at));
    }
}

/// A row's text, which can be selected.
pub(super) fn label(
    ui: &mut Ui,
    rect: Rect,
    text: impl Into<WidgetText>,
    place: &str,
) -> eframe::egui::Response {
    let builder = UiBuilder::new().max_rect(rect).id_salt(place.to_owned());
    let mut child = ui.new_child(builder);
    child.add(Label::new(text).wrap_mode(TextWrapMode::Extend))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_mark_goes_on_in_the_next_row() {
        let marks = [2..4, 8..12];
        assert_eq!(within(&marks, &(0..10)), [2..4, 8..10]);
        assert_eq!(within(&marks, &(10..20)).first(), Some(&(0..2)));
    }
}
