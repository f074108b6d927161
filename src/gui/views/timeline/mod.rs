//! Who said what to whom, as a ladder.

mod paint;
mod rows;
mod toolbar;

use std::collections::HashSet;

use eframe::egui::style::ScrollAnimation;
use eframe::egui::{Align, Key, Modifiers, Rect, ScrollArea, Ui, Vec2, pos2, vec2};

use lucide_icons::Icon;

use super::ViewContext;
use crate::capture::SessionId;
use crate::diagram::figure::{Face, Figure, Ink};
use crate::diagram::geometry::{Geometry, HEAD};
use crate::diagram::{Layout, Pen, point};
use crate::flow::FlowId;
use crate::gui::action::Action;
use crate::gui::widgets;

/// The view's own look.
#[derive(Debug)]
pub struct Timeline {
    layout: Layout,
    /// The one flow that the layout is of; `None` for the whole capture.
    flow: Option<FlowId>,
    /// Whether there is a layout at all.
    laid_out: bool,
    /// Whether a fold changed since the layout was made.
    stale: bool,
    /// The folds that are open, by their first sessions.
    open: HashSet<SessionId>,
    zoom: f32,
    /// The session that was scrolled to last.
    seen: Option<SessionId>,
    /// The height that rows can be seen in, as of the last frame.
    visible: f32,
    scroll_to: Option<Goal>,
}

/// A row to be brought into sight.
#[derive(Clone, Copy, Debug)]
struct Goal {
    row: usize,
    /// In the middle, rather than by scrolling as little as possible.
    centered: bool,
}

impl Default for Timeline {
    fn default() -> Self {
        Self {
            layout: Layout::default(),
            flow: None,
            laid_out: false,
            stale: false,
            open: HashSet::new(),
            zoom: 1.0,
            seen: None,
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
        self.keys(ui, context, actions);
        let unfolded = self.ladder(ui, context, actions);
        if let Some(fold) = unfolded {
            if !self.open.remove(&fold) {
                self.open.insert(fold);
            }
            self.stale = true;
        }
    }

    /// Lays out anew when the filter or a fold changed, and finds what to scroll to.
    fn refresh(&mut self, context: &ViewContext<'_>) {
        let selection = context.selection;
        let filtered = !self.laid_out || self.flow != selection.flow;
        if filtered || self.stale {
            self.lay_out(context);
        }
        let chosen = selection.session.filter(|s| filtered || self.seen != Some(*s));
        self.seen = selection.session;
        // A session that was chosen elsewhere may be folded away here.
        if let Some(fold) = chosen.and_then(|session| self.layout.fold_of(session)) {
            self.open.insert(fold);
            self.lay_out(context);
        }
        let row = chosen.and_then(|session| self.layout.row_of(session));
        let row = row.or(self.layout.first_break.filter(|_| filtered));
        if let Some(row) = row.or(filtered.then_some(0)) {
            self.scroll_to = Some(Goal { row, centered: filtered });
        }
    }

    fn lay_out(&mut self, context: &ViewContext<'_>) {
        self.flow = context.selection.flow;
        self.laid_out = true;
        self.stale = false;
        self.layout = Layout::of(context.analysis, context.selection.flow, &self.open);
    }

    /// Moves the selection by the keyboard, unless a text field has it.
    fn keys(&self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        if ui.ctx().text_edit_focused() {
            return;
        }
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let step = if pressed(Key::ArrowDown) {
            1
        } else if pressed(Key::ArrowUp) {
            -1
        } else if pressed(Key::Home) {
            isize::MIN
        } else if pressed(Key::End) {
            isize::MAX
        } else {
            return;
        };
        if let Some(session) = self.layout.neighbour(context.selection.session, step) {
            actions.push(Action::SelectSession(session));
        }
    }

    /// Draws the rows in sight; answers with the fold that was clicked.
    fn ladder(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        actions: &mut Vec<Action>,
    ) -> Option<SessionId> {
        self.visible = ui.available_height();
        let geometry = Geometry::of(&self.layout, ui.available_width(), self.zoom);
        let scroll_to = self.scroll_to.take();
        let area = ScrollArea::both().id_salt("ladder").auto_shrink(false).content_margin(0);
        area.show_viewport(ui, |ui, viewport| {
            ui.set_min_size(vec2(geometry.width, geometry.height()));
            let origin = ui.max_rect().min.to_vec2();
            if let Some((goal, place)) = scroll_to.and_then(|g| Some((g, geometry.row(g.row)?))) {
                let (top, bottom) = (place.start - HEAD - 60.0, place.end + 60.0);
                let rect = Rect::from_min_max(pos2(0.0, top), pos2(1.0, bottom)).translate(origin);
                let align = goal.centered.then_some(Align::Center);
                ui.scroll_to_rect_animation(rect, align, ScrollAnimation::none());
            }
            let painter = ui.painter().clone();
            let measure = |text: &str, face: Face| paint::measure(&painter, text, face);
            let pen = Pen { geometry: &geometry, measure: &measure };
            for (_, x) in geometry.lanes() {
                let (from, to) = (point(x, viewport.top() + HEAD), point(x, viewport.bottom()));
                let lane = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
                paint::paint(&painter, context.theme, origin, &[lane]);
            }
            let head_top = origin + vec2(0.0, viewport.top());
            let mut below = ui.clip_rect();
            below.min.y = below.min.y.max(head_top.y + HEAD - 4.0);
            let mut rows = rows::Rows {
                layout: &self.layout,
                geometry: &geometry,
                pen: &pen,
                context,
                origin,
                unfolded: None,
            };
            ui.scope(|ui| {
                ui.set_clip_rect(below);
                rows.ui(ui, viewport, actions);
            });
            if viewport.top() > 0.0 {
                let (from, to) = (point(0.0, HEAD - 4.0), point(geometry.width, HEAD - 4.0));
                let line = Figure::Line { from, to, ink: Ink::Line, width: 1.0, dashed: false };
                paint::paint(&painter, context.theme, head_top, &[line]);
            }
            self.heads(ui, &pen, context, head_top);
            rows.unfolded
        })
        .inner
    }

    /// The lanes' heads, which stay on top.
    fn heads(&self, ui: &Ui, pen: &Pen<'_>, context: &ViewContext<'_>, origin: Vec2) {
        for lane in &self.layout.lanes {
            let figures = pen.head(lane);
            paint::paint(ui.painter(), context.theme, origin, &figures);
            let Some(Figure::Panel { rect, .. }) = figures.first() else { continue };
            let id = ui.scope_id().with(("lane", lane.actor));
            let response =
                ui.interact(paint::rect(*rect).translate(origin), id, eframe::egui::Sense::hover());
            let label = format!("{} {}", lane.name, lane.detail());
            response.widget_info(|| {
                eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, label.trim())
            });
            if !lane.members.is_empty() {
                response.on_hover_text(lane.members.join("\n"));
            }
        }
    }
}
