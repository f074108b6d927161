//! The table's head: sort by a click, move by dragging, resize at the edge, fit by a double click, choose by the menu.

use eframe::egui::{
    Color32, CursorIcon, FontFamily, FontId, Id, Key, Modifiers, Rect, Role, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::column::{Column, Columns};
use crate::gui::theme::{self, Theme};
use crate::gui::widgets;

/// The head's height.
pub(super) const HEIGHT: f32 = 32.0;

/// How far the edge that resizes reaches to both sides.
const EDGE: f32 = 4.0;

/// What the user asked of the columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wish {
    /// Sort by it, or the other way round.
    Sort(Column),
    /// Make it so wide.
    Resize(Column, f32),
    /// Make it as wide as what it holds.
    Fit(Column),
    /// Make all as wide as what they hold.
    FitAll,
    /// Show or hide it.
    Show(Column, bool),
    /// Move it before another one, or to the end.
    Move(Column, Option<Column>),
    /// Move it one to the left or to the right.
    Shift(Column, bool),
    /// As they were first.
    Reset,
}

/// Draws the head of the columns that are shown; `left` is where the first begins.
pub(super) fn ui(
    ui: &mut Ui,
    rect: Rect,
    left: f32,
    columns: &Columns,
    sort: (Column, bool),
) -> Vec<Wish> {
    let theme = Theme::of(ui);
    let mut wishes = Vec::new();
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect_filled(rect, 0.0, theme.background);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    let mut x = left;
    let mut edges = Vec::new();
    for place in columns.shown() {
        let cell = Rect::from_min_size(pos2(x, rect.top()), vec2(place.width, HEIGHT));
        x += place.width;
        edges.push((place.column, place.width, x));
        if !cell.intersects(rect) {
            continue;
        }
        let id = ui.scope_id().with(("head", place.column));
        let response = ui.interact(cell.intersect(rect), id, Sense::click_and_drag());
        let (sorted, ascending) = (sort.0 == place.column, sort.1);
        let name = place.column.name();
        response.widget_info(|| {
            let order = match (sorted, ascending) {
                (true, true) => ", ascending",
                (true, false) => ", descending",
                _ => "",
            };
            WidgetInfo::labeled(Role::ColumnHeader, true, format!("Sort by {name}{order}"))
        });
        let hot = response.hovered() || response.has_focus();
        let color = if sorted || hot { theme.text } else { theme.dim };
        title(&painter, theme, cell, place.column, color, sorted.then_some(ascending));
        if response.has_focus() {
            painter.rect_stroke(
                cell.shrink(2.0),
                4.0,
                Stroke::new(1.0, theme.accent),
                eframe::egui::StrokeKind::Inside,
            );
            keys(ui, place.column, place.width, &mut wishes);
        }
        if response.clicked() {
            wishes.push(Wish::Sort(place.column));
        }
        if response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            painter.rect_filled(cell, 0.0, theme.selection);
            title(&painter, theme, cell, place.column, theme.text, None);
        }
        if response.drag_stopped()
            && let Some(pointer) = ui.input(|i| i.pointer.latest_pos())
        {
            let target = target(columns, left, pointer.x);
            if target != Some(place.column) {
                wishes.push(Wish::Move(place.column, target));
            }
        }
        response.context_menu(|ui| menu(ui, columns, Some(place.column), &mut wishes));
    }
    // The edges lie above the heads on both sides of them.
    for (column, width, x) in edges {
        edge(ui, rect, (column, width, x), &mut wishes);
    }
    wishes
}

fn title(
    painter: &eframe::egui::Painter,
    theme: &Theme,
    cell: Rect,
    column: Column,
    color: Color32,
    sorted: Option<bool>,
) {
    let painter = painter.with_clip_rect(cell.intersect(painter.clip_rect()));
    let font = FontId::new(theme::SMALL, FontFamily::Proportional);
    let words = painter.layout_no_wrap(column.text().to_owned(), font, color);
    let arrow = sorted.map(|ascending| {
        let icon = if ascending { Icon::ChevronUp } else { Icon::ChevronDown };
        let font = FontId::new(theme::BODY, theme::icons());
        painter.layout_no_wrap(char::from(icon).to_string(), font, theme.accent)
    });
    let arrow_width = arrow.as_ref().map_or(0.0, |arrow| arrow.size().x + 2.0);
    let left = if column.is_number() {
        cell.right() - super::cell::GAP - words.size().x - arrow_width
    } else {
        cell.left()
    };
    let middle = cell.center().y;
    let end = left + words.size().x + 2.0;
    painter.galley(pos2(left, middle - words.size().y / 2.0), words, color);
    if let Some(arrow) = arrow {
        painter.galley(pos2(end, middle - arrow.size().y / 2.0), arrow, theme.accent);
    }
}

/// What the keyboard does to the head that has the focus, beside sorting by Enter: Alt moves, Shift resizes.
fn keys(ui: &Ui, column: Column, width: f32, wishes: &mut Vec<Wish>) {
    let pressed = |modifiers, key| ui.input_mut(|i| i.consume_key(modifiers, key));
    for (key, right) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
        if pressed(Modifiers::ALT, key) {
            wishes.push(Wish::Shift(column, right));
        }
        if pressed(Modifiers::SHIFT, key) {
            wishes.push(Wish::Resize(column, width + if right { 16.0 } else { -16.0 }));
        }
    }
}

fn edge(ui: &Ui, head: Rect, (column, width, x): (Column, f32, f32), wishes: &mut Vec<Wish>) {
    if x < head.left() || x > head.right() + EDGE {
        return;
    }
    let zone = Rect::from_min_max(pos2(x - EDGE - 6.0, head.top()), pos2(x, head.bottom()));
    let id: Id = ui.scope_id().with(("edge", column));
    let response = ui.interact(zone, id, Sense::click_and_drag());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Splitter, true, format!("Width of {}", column.name()))
    });
    let theme = Theme::of(ui);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let color = if active { theme.accent } else { theme.line };
    let line = Stroke::new(if active { 2.0 } else { 1.0 }, color);
    ui.painter().with_clip_rect(head).vline(
        x - super::cell::GAP / 2.0,
        head.top() + 8.0..=head.bottom() - 8.0,
        line,
    );
    if active {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
    }
    if response.has_focus() {
        keys(ui, column, width, wishes);
    }
    if response.double_clicked() {
        wishes.push(Wish::Fit(column));
    } else if response.dragged() && response.drag_delta().x != 0.0 {
        wishes.push(Wish::Resize(column, width + response.drag_delta().x));
    }
}

/// The column that stands where the pointer is.
fn target(columns: &Columns, left: f32, pointer: f32) -> Option<Column> {
    let mut x = left;
    columns.shown().find_map(|place| {
        x += place.width;
        (pointer < x).then_some(place.column)
    })
}

/// The menu that chooses columns.
pub(super) fn menu(ui: &mut Ui, columns: &Columns, column: Option<Column>, wishes: &mut Vec<Wish>) {
    ui.set_min_width(200.0);
    if let Some(column) = column {
        let mut offer = |ui: &mut Ui, text: String, wish: Wish| {
            if ui.button(text).clicked() {
                wishes.push(wish);
                ui.close();
            }
        };
        offer(ui, format!("Sort by {}", column.name()), Wish::Sort(column));
        offer(ui, "Fit to its contents".to_owned(), Wish::Fit(column));
        offer(ui, "Move left".to_owned(), Wish::Shift(column, false));
        offer(ui, "Move right".to_owned(), Wish::Shift(column, true));
        if column != Column::Number {
            offer(ui, format!("Hide {}", column.name()), Wish::Show(column, false));
        }
        ui.separator();
    }
    for place in columns.iter() {
        let mut shown = place.shown;
        let name = match place.column {
            Column::Number => "# number",
            column => column.text(),
        };
        let possible = place.column != Column::Number;
        let check = eframe::egui::Checkbox::new(&mut shown, name);
        if ui.add_enabled(possible, check).changed() {
            wishes.push(Wish::Show(place.column, shown));
        }
    }
    ui.separator();
    for (text, wish) in
        [("Fit all to their contents", Wish::FitAll), ("Reset columns", Wish::Reset)]
    {
        if ui.button(text).clicked() {
            wishes.push(wish);
            ui.close();
        }
    }
}

/// The button that opens the menu of columns, at the head's right end.
pub(super) fn chooser(ui: &mut Ui, rect: Rect, columns: &Columns, wishes: &mut Vec<Wish>) {
    let theme = Theme::of(ui);
    ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), 0.0, theme.background);
    let mut child = ui.new_child(
        eframe::egui::UiBuilder::new()
            .max_rect(rect)
            .layout(eframe::egui::Layout::right_to_left(eframe::egui::Align::Center)),
    );
    let response = widgets::icon_button(&mut child, Icon::Columns3, "Choose columns");
    let close = eframe::egui::PopupCloseBehavior::CloseOnClickOutside;
    eframe::egui::Popup::menu(&response)
        .close_behavior(close)
        .show(|ui| menu(ui, columns, None, wishes));
}
