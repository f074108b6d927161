//! The rows in sight, and what the pointer does with them.

use eframe::egui::{EventFilter, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::paint;
use crate::capture::SessionId;
use crate::diagram::geometry::Geometry;
use crate::diagram::{Fold, Layout, Pen, Row, SessionRow, State};
use crate::flow::duration;
use crate::gui::action::Action;
use crate::gui::views::ViewContext;
use crate::gui::widgets::tidy;
use crate::gui::{format, theme};
use crate::http::mask;

/// Draws the rows of a ladder.
pub(super) struct Rows<'a> {
    pub(super) layout: &'a Layout,
    pub(super) geometry: &'a Geometry,
    pub(super) pen: &'a Pen<'a>,
    pub(super) context: &'a ViewContext<'a>,
    pub(super) origin: Vec2,
    /// The fold that was clicked.
    pub(super) unfolded: Option<SessionId>,
}

impl Rows<'_> {
    /// Draws what the viewport shows.
    pub(super) fn ui(&mut self, ui: &mut Ui, viewport: Rect, actions: &mut Vec<Action>) {
        for at in self.geometry.rows_between(viewport.top(), viewport.bottom()) {
            let (Some(row), Some(place)) = (self.layout.rows.get(at), self.geometry.row(at)) else {
                continue;
            };
            let rect =
                Rect::from_min_max(pos2(0.0, place.start), pos2(self.geometry.width, place.end));
            self.row(ui, at, row, rect.translate(self.origin), actions);
        }
    }

    fn row(&mut self, ui: &Ui, at: usize, row: &Row, rect: Rect, actions: &mut Vec<Action>) {
        // A session keeps its identity when folds above it open and close.
        let id = match row {
            Row::Session(row) => ui.scope_id().with(("session", row.session)),
            Row::Fold(fold) => ui.scope_id().with(("fold", fold.key())),
            _ => ui.scope_id().with(("row", at)),
        };
        let acts = matches!(row, Row::Session(_) | Row::Fold(_));
        let sense = if acts { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, id, sense);
        let selected = row.session().is_some_and(|s| self.context.selection.session == Some(s));
        name(&response, row, selected);
        let state =
            State { selected, hovered: acts && response.hovered(), focused: response.has_focus() };
        let figures = self.pen.row(row, rect.height(), state);
        let origin = vec2(self.origin.x, rect.top());
        paint::paint(ui.painter(), self.context.theme, origin, &figures);
        if response.has_focus() {
            // Up and down move the selection, not the focus.
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        match row {
            Row::Session(row) => {
                if response.clicked() {
                    actions.push(Action::SelectSession(row.session));
                }
                response.on_hover_ui_at_pointer(|ui| self.hover(ui, row));
            }
            Row::Fold(fold) if response.clicked() => self.unfolded = fold.key(),
            _ => {}
        }
    }

    /// Everything about a session that its row may have had to cut.
    fn hover(&self, ui: &mut Ui, row: &SessionRow) {
        let colors = self.context.theme;
        ui.set_max_width(520.0);
        ui.label(theme::strong(format!("Session {}: {}", row.session, row.request)));
        ui.label(theme::small(row.answer.clone()).color(paint::color(colors, row.tone.into())));
        if let Some(session) = self.context.analysis.capture.session(row.session) {
            let url = mask::url(session.request.target.as_str());
            let line = format!("{} {url}", session.request.method);
            ui.label(theme::mono(tidy(&line, 200)).color(colors.dim));
        }
        for step in &row.steps {
            let text = format!("{}: {}", step.name(), step.meaning());
            ui.label(theme::small(text).color(colors.dim));
        }
        if let Some(broken) = &row.broken {
            ui.label(theme::small(broken.message.clone()).color(colors.error));
        }
    }
}

/// Tells assistive technology what a row says.
fn name(response: &Response, row: &Row, selected: bool) {
    response.widget_info(|| match row {
        Row::Session(row) => WidgetInfo::selected(Role::ListItem, true, selected, sentence(row)),
        Row::Fold(Fold { label, open, .. }) => {
            let action = if *open { "Fold" } else { "Unfold" };
            WidgetInfo::labeled(Role::Button, true, format!("{action} {label}"))
        }
        Row::Ghost(ghost) => WidgetInfo::labeled(Role::Label, true, &ghost.label),
        Row::Hidden(hidden) => WidgetInfo::labeled(Role::Label, true, &hidden.label),
        Row::Gap(pause) => {
            WidgetInfo::labeled(Role::Label, true, format!("Pause of {}", duration(*pause)))
        }
    });
}

/// `Session 3: MAPI probe: empty Bearer, 401: Bearer without authorization_uri, 31 ms`
fn sentence(row: &SessionRow) -> String {
    let mut sentence = format!("Session {}: {}, {}", row.session, row.request, row.answer);
    if let Some(took) = row.took {
        sentence = format!("{sentence}, {}", format::duration(took));
    }
    if let Some(broken) = &row.broken {
        sentence = format!("{sentence}. {}: {}", broken.title, broken.message);
    }
    sentence
}
