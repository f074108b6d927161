//! Who said what to whom, as a ladder.

mod keys;
mod overview;
mod rows;
mod toolbar;

use std::sync::Arc;

use eframe::egui::scroll_area::ScrollBarVisibility;
use eframe::egui::{Id, Rect, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

use self::overview::Overview;
use super::ViewContext;
use crate::diagram::figure::{Face, Figure, Ink};
use crate::diagram::geometry::{Geometry, HEAD};
use crate::diagram::{Clock, Folds, Lane, Layout, Mark, Pen, point};
use crate::flow::FlowId;
use crate::gui::action::Action;
use crate::gui::figures::Brush;
use crate::gui::format;
use crate::gui::widgets;

/// How far the ladder may be reduced and enlarged.
const SCALE: std::ops::RangeInclusive<f32> = 0.5..=2.5;

/// The largest scale that fitting to the window chooses: a ladder of five rows need not fill a screen.
const LARGEST_FIT: f32 = 1.5;

/// Room left above and below a row that was gone to, in points of the diagram.
const AROUND: f32 = 60.0;

/// The view's own look.
#[derive(Debug)]
pub struct Timeline {
    layout: Arc<Layout>,
    /// The one flow that the layout is of; `None` for the whole capture.
    flow: Option<FlowId>,
    /// Whether there is a layout at all.
    laid_out: bool,
    /// Whether a fold changed since the layout was made.
    stale: bool,
    folds: Folds,
    geometry: Geometry,
    /// The width that the geometry was made for, unless the layout changed since.
    placed: Option<f32>,
    overview: Overview,
    scale: f32,
    /// The row that the keyboard is on.
    cursor: Option<Mark>,
    /// Whether the cursor's row wants the focus when it is drawn.
    wants_focus: bool,
    /// The row that had the focus in the last frame.
    focused: Option<Id>,
    /// The selection that was followed last.
    seen: Option<Mark>,
    /// How far the ladder is scrolled, and how high the place is that it is seen in, as of the last frame.
    offset: f32,
    visible: f32,
    scroll_to: Option<Goal>,
}

/// What to bring into sight.
#[derive(Clone, Copy, Debug)]
enum Goal {
    /// A row, by scrolling as little as possible.
    Row(usize),
    /// A row, in the middle.
    Center(usize),
    /// A distance from the top, in points of the screen.
    Offset(f32),
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            layout: Arc::default(),
            flow: None,
            laid_out: false,
            stale: false,
            folds: Folds::default(),
            geometry: Geometry::default(),
            placed: None,
            overview: Overview::default(),
            scale: 1.0,
            cursor: None,
            wants_focus: false,
            focused: None,
            seen: None,
            offset: 0.0,
            visible: 0.0,
            scroll_to: None,
        }
    }
}

impl Timeline {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        self.refresh(context);
        toolbar::ui(self, ui, context, actions);
        if self.layout.rows.is_empty() {
            let sentence =
                "Open another capture with File › Open…, or record again while Outlook connects";
            widgets::empty(ui, Icon::Rows3, "No sessions", sentence);
            return;
        }
        self.keys(ui, actions);
        self.ladder(ui, context, actions);
        if self.stale {
            ui.ctx().request_repaint();
        }
    }

    /// The ladder as it is folded and filtered now, for a picture of it.
    pub fn shown(&mut self, context: &ViewContext<'_>) -> Arc<Layout> {
        self.refresh(context);
        Arc::clone(&self.layout)
    }

    /// Lays out anew when the filter or a fold changed, and finds what to scroll to.
    fn refresh(&mut self, context: &ViewContext<'_>) {
        let selection = context.selection;
        let filtered = !self.laid_out || self.flow != selection.flow;
        if filtered || self.stale {
            self.lay_out(context);
        }
        let selected = selection.session.map(Mark::Session);
        let chosen = selected.filter(|_| filtered || self.seen != selected);
        self.seen = selected;
        let Some(mark) = chosen else {
            if filtered {
                self.scroll_to = Some(Goal::Center(self.layout.first_break.unwrap_or(0)));
            }
            return;
        };
        // A session that was chosen elsewhere may be folded away here.
        if let Some(fold) = selection.session.and_then(|session| self.layout.fold_of(session)) {
            self.folds.set(fold, true);
            self.lay_out(context);
        }
        self.cursor = Some(mark);
        let row = self.layout.row_of(mark).or(self.layout.first_break.filter(|_| filtered));
        self.scroll_to = match (row, filtered) {
            (row, true) => Some(Goal::Center(row.unwrap_or(0))),
            (Some(row), false) => Some(Goal::Row(row)),
            (None, false) => self.scroll_to,
        };
    }

    fn lay_out(&mut self, context: &ViewContext<'_>) {
        self.flow = context.selection.flow;
        self.laid_out = true;
        self.stale = false;
        self.placed = None;
        self.layout = Arc::new(Layout::of(context.analysis, self.flow, &self.folds));
    }

    /// Opens or closes a fold; the cursor stays on it.
    fn set_fold(&mut self, fold: crate::capture::SessionId, open: bool) {
        if self.folds.set(fold, open) {
            self.stale = true;
            self.cursor = Some(Mark::Fold(fold));
            self.wants_focus = true;
        }
    }

    fn set_all_folds(&mut self, open: bool) {
        self.folds = if open { Folds::all_open() } else { Folds::default() };
        self.stale = true;
    }

    /// Enlarges or reduces the ladder; what stands `below_top` points below the upper edge of the view stays there.
    fn rescale(&mut self, scale: f32, below_top: f32) {
        let scale = scale.clamp(*SCALE.start(), *SCALE.end());
        let before = std::mem::replace(&mut self.scale, scale);
        let offset = (self.offset + below_top) * scale / before - below_top;
        self.scroll_to = Some(Goal::Offset(offset));
    }

    /// Chooses the scale at which all rows are in sight, within what is readable.
    fn fit(&mut self) {
        let scale = self.visible / self.geometry.height().max(1.0);
        self.rescale(scale.min(LARGEST_FIT), 0.0);
    }

    /// Draws the heads, the rows in sight and the overview.
    fn ladder(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let whole = ui.available_rect_before_wrap();
        let layout = Arc::clone(&self.layout);
        let mut place = whole;
        self.visible = place.height();
        self.zoom_by_wheel(ui, place);
        if self.placed.is_none() {
            self.geometry = Geometry::of(&layout, place.width() / self.scale);
            self.overview = Overview::of(&layout, &self.geometry);
        }
        let crowded = self.geometry.height() * self.scale > self.visible * 1.2;
        if crowded {
            place.max.x -= overview::WIDTH;
        }
        let width = place.width() / self.scale;
        if self.placed != Some(width) {
            self.geometry = Geometry::of(&layout, width);
            self.placed = Some(width);
        }
        let geometry = std::mem::take(&mut self.geometry);
        let size = vec2(geometry.width, geometry.height()) * self.scale;
        let mut area = ScrollArea::both().id_salt("ladder").auto_shrink(false).content_margin(0);
        if crowded && size.x <= place.width() + 1.0 {
            // The overview is a scroll bar that says more.
            area = area.scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden);
        }
        if let Some(offset) = self.scroll_to.take().and_then(|g| self.offset_of(g, &geometry)) {
            area = area.vertical_scroll_offset(offset.clamp(0.0, (size.y - self.visible).max(0.0)));
        }
        let painter = ui.painter().clone();
        let brush = Brush { painter: &painter, theme: context.theme, scale: self.scale };
        let measure = |text: &str, face: Face| brush.measure(text, face);
        let clock = Clock { full: format::clock, short: format::seconds };
        let pen = Pen { geometry: &geometry, measure: &measure, clock };
        let shown = ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
            area.show_viewport(ui, |ui, viewport| {
                ui.set_min_size(size);
                // Far down a long ladder the content's own origin is too far away to be exact.
                let corner = pos2(place.left() - viewport.left(), place.top());
                let painter = ui.painter().clone();
                let brush = Brush { painter: &painter, ..brush };
                for (_, x) in geometry.lanes() {
                    let (from, to) = (point(x, HEAD), point(x, viewport.height() / self.scale));
                    let lane = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
                    brush.paint(corner.to_vec2(), &[lane]);
                }
                let mut below = ui.clip_rect();
                below.min.y = below.min.y.max(corner.y + (HEAD - 4.0) * self.scale);
                ui.scope(|ui| {
                    ui.set_clip_rect(below);
                    let painter = ui.painter().clone();
                    let brush = Brush { painter: &painter, ..brush };
                    let mut rows = rows::Rows {
                        layout: &layout,
                        geometry: &geometry,
                        pen: &pen,
                        brush: &brush,
                        context,
                        cursor: self.cursor.filter(|_| self.wants_focus),
                        focused: None,
                        toggled: None,
                    };
                    rows.ui(ui, viewport, corner, actions);
                    let (focused, toggled) = (rows.focused, rows.toggled);
                    self.wants_focus &= focused.is_none();
                    self.focused = focused;
                    if let Some((fold, open)) = toggled {
                        self.set_fold(fold, open);
                    }
                });
                if viewport.top() > 0.0 {
                    let (from, to) = (point(0.0, HEAD - 4.0), point(geometry.width, HEAD - 4.0));
                    let line = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
                    brush.paint(corner.to_vec2(), &[line]);
                }
                heads(ui, &layout.lanes, &pen, &brush, corner);
            })
        });
        self.offset = shown.inner.state.clamped_offset().y;
        if crowded {
            let strip = Rect::from_min_max(pos2(place.right(), whole.top()), whole.max);
            let window = self.offset / size.y..(self.offset + self.visible) / size.y;
            if let Some(at) = self.overview.ui(ui, strip, window, context.theme) {
                self.scroll_to = Some(Goal::Offset(at * size.y - self.visible / 2.0));
                ui.ctx().request_repaint();
            }
        }
        self.geometry = geometry;
    }

    /// Ctrl and the wheel enlarge and reduce; what is under the pointer stays there.
    fn zoom_by_wheel(&mut self, ui: &Ui, place: Rect) {
        let factor = ui.input(eframe::egui::InputState::zoom_delta);
        let pointer = ui.input(|i| i.pointer.hover_pos()).filter(|at| place.contains(*at));
        if let Some(pointer) = pointer
            && (factor - 1.0).abs() > f32::EPSILON
            && ui.rect_contains_pointer(place)
        {
            self.rescale(self.scale * factor, pointer.y - place.top());
        }
    }

    /// How far to scroll for a goal.
    fn offset_of(&self, goal: Goal, geometry: &Geometry) -> Option<f32> {
        let place = |row| {
            let place = geometry.row(row)?;
            Some((place.start * self.scale, place.end * self.scale))
        };
        let (head, around) = (HEAD * self.scale, AROUND * self.scale);
        match goal {
            Goal::Offset(offset) => Some(offset),
            Goal::Center(row) => {
                let (top, bottom) = place(row)?;
                Some(top.midpoint(bottom) - head - (self.visible - head) / 2.0)
            }
            Goal::Row(row) => {
                let (top, bottom) = place(row)?;
                let highest = top - head - around;
                let lowest = bottom + around - self.visible;
                // In a very low window the upper edge counts.
                Some(self.offset.max(lowest).min(highest.max(0.0)))
            }
        }
    }
}

/// The lanes' heads, which stay on top.
fn heads(ui: &Ui, lanes: &[Lane], pen: &Pen<'_>, brush: &Brush<'_>, corner: eframe::egui::Pos2) {
    const MOST_NAMES: usize = 24;
    for lane in lanes {
        let figures = pen.head(lane);
        brush.paint(corner.to_vec2(), &figures);
        let Some(Figure::Panel { rect, .. }) = figures.first() else { continue };
        let id = ui.scope_id().with(("lane", lane.actor));
        let response = ui.interact(brush.rect(*rect, corner.to_vec2()), id, Sense::hover());
        let label = format!("{} {}", lane.name, lane.detail());
        response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Label, true, label.trim()));
        if !lane.members.is_empty() {
            response.on_hover_ui(|ui| {
                ui.set_max_width(420.0);
                ui.label(crate::gui::theme::strong(&lane.name));
                for name in lane.members.iter().take(MOST_NAMES) {
                    ui.label(name);
                }
                if lane.members.len() > MOST_NAMES {
                    ui.label(format!("and {} more", lane.members.len() - MOST_NAMES));
                }
            });
        }
    }
}
