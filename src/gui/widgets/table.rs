//! Rows of name, value and meaning, with thin lines between them.

use eframe::egui::{Align, Color32, Label, Layout, RichText, Stroke, Ui, UiBuilder, pos2, vec2};

use crate::gui::theme::{self, Theme, space};

/// A cell of a [`row`].
pub struct Cell {
    text: RichText,
    notes: Vec<RichText>,
    width: f32,
}

impl Cell {
    /// A cell of a width in points; the last cell of a row gets what is left.
    pub fn new(text: RichText, width: f32) -> Self {
        Self { text, notes: Vec::new(), width }
    }

    /// Adds a sentence under the text and what was added before.
    #[must_use]
    pub fn note(mut self, note: RichText) -> Self {
        self.notes.push(note);
        self
    }
}

/// A row of wrapping cells, as high as its highest, then a thin line. `ground` is painted behind it. What `tail` adds
/// stands at the right end.
pub fn row(
    ui: &mut Ui,
    cells: Vec<Cell>,
    ground: Option<Color32>,
    tail_width: f32,
    tail: impl FnOnce(&mut Ui),
) {
    let theme = Theme::of(ui);
    let background = ui.painter().add(eframe::egui::Shape::Noop);
    let whole = ui.available_rect_before_wrap();
    let top = whole.top();
    let right = whole.right() - tail_width;
    let mut left = whole.left();
    let mut bottom = top + 24.0;
    let last = cells.len().saturating_sub(1);
    for (at, cell) in cells.into_iter().enumerate() {
        let end = if at == last { right } else { (left + cell.width).min(right) };
        let rect = eframe::egui::Rect::from_min_max(
            pos2(left, top + 5.0),
            pos2((end - space(3)).max(left + 20.0), top + 5.0),
        );
        let mut child =
            ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::LEFT)));
        child.spacing_mut().item_spacing.y = 2.0;
        child.add(Label::new(cell.text).wrap());
        for note in cell.notes {
            child.add(Label::new(note).wrap());
        }
        bottom = bottom.max(child.min_rect().bottom() + 5.0);
        left = end;
    }
    if tail_width > 0.0 {
        let rect = eframe::egui::Rect::from_min_max(
            pos2(right, top + 1.0),
            pos2(whole.right(), top + 25.0),
        );
        let mut child = ui.new_child(
            UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)),
        );
        child.spacing_mut().item_spacing.x = 0.0;
        tail(&mut child);
        bottom = bottom.max(child.min_rect().bottom() + 1.0);
    }
    let rect = eframe::egui::Rect::from_min_max(whole.min, pos2(whole.right(), bottom));
    if let Some(ground) = ground {
        ui.painter().set(background, eframe::egui::Shape::rect_filled(rect, 0.0, ground));
    }
    ui.painter().hline(rect.x_range(), bottom, Stroke::new(1.0, theme.line));
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    ui.allocate_space(vec2(whole.width(), bottom - top + 1.0));
    ui.spacing_mut().item_spacing.y = spacing;
}

/// A head above rows.
pub fn rule(ui: &mut Ui, text: &str) {
    ui.add_space(space(2));
    ui.label(theme::overline(text).color(Theme::of(ui).dim));
    ui.add_space(2.0);
}
