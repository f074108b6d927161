//! The rows in sight, and what the pointer does with them.

use eframe::egui::{
    EventFilter, Id, Label, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};

use crate::capture::SessionId;
use crate::diagram::geometry::Geometry;
use crate::diagram::{Fold, Layout, Mark, Pen, Row, SessionRow, State};
use crate::flow::duration;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::figures::{self, Brush};
use crate::gui::views::{View, ViewContext};
use crate::gui::widgets::tidy;
use crate::gui::{format, theme};
use crate::http::mask;

/// The most sessions of a fold that its tooltip names.
const MOST_NAMED: usize = 8;

/// Draws the rows of a ladder.
pub(super) struct Rows<'a> {
    pub(super) layout: &'a Layout,
    pub(super) geometry: &'a Geometry,
    pub(super) pen: &'a Pen<'a>,
    pub(super) brush: &'a Brush<'a>,
    pub(super) context: &'a ViewContext<'a>,
    /// The row that wants the focus.
    pub(super) cursor: Option<Mark>,
    /// The row that has it.
    pub(super) focused: Option<Id>,
    /// The fold that was clicked, and whether it shall be open.
    pub(super) toggled: Option<(SessionId, bool)>,
}

impl Rows<'_> {
    /// Draws what the viewport shows; its upper left corner stands at `corner`.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        viewport: Rect,
        corner: Pos2,
        actions: &mut Vec<Action>,
    ) {
        let scale = self.brush.scale;
        let seen = viewport.top() / scale..viewport.bottom() / scale;
        for at in self.geometry.rows_between(seen.start, seen.end) {
            let (Some(row), Some(place)) = (self.layout.rows.get(at), self.geometry.row(at)) else {
                continue;
            };
            let top = corner.y + (place.start * scale - viewport.top());
            let size = vec2(self.geometry.width, place.end - place.start) * scale;
            let rect = Rect::from_min_size(pos2(corner.x, top), size);
            self.row(ui, at, row, place.end - place.start, rect, actions);
        }
    }

    fn row(
        &mut self,
        ui: &Ui,
        at: usize,
        row: &Row,
        height: f32,
        rect: Rect,
        actions: &mut Vec<Action>,
    ) {
        // A session keeps its identity when folds above it open and close.
        let mark = row.mark();
        let id = match mark {
            Some(Mark::Session(session)) => ui.scope_id().with(("session", session)),
            Some(Mark::Fold(session)) => ui.scope_id().with(("fold", session)),
            None => ui.scope_id().with(("row", at)),
        };
        let sense = if mark.is_some() { Sense::click() } else { Sense::hover() };
        let response = ui.interact(rect, id, sense);
        let selected = row.session().is_some_and(|s| self.context.selection.session == Some(s));
        name(&response, row, selected);
        if mark.is_some() && mark == self.cursor {
            response.request_focus();
        }
        let focused = response.has_focus();
        let state = State { selected, hovered: mark.is_some() && response.hovered(), focused };
        let figures = self.pen.row(row, height, state);
        self.brush.paint(rect.min.to_vec2(), &figures);
        if focused {
            self.focused = Some(id);
            // The arrows move on the ladder, not from control to control.
            let filter = EventFilter {
                vertical_arrows: true,
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        match row {
            Row::Session(row) => self.session(response, row, actions),
            Row::Fold(fold) => {
                if response.clicked() {
                    self.toggled = fold.key().map(|key| (key, !fold.open));
                }
                response.on_hover_ui_at_pointer(|ui| self.inside(ui, fold));
            }
            Row::Ghost(ghost) => {
                let step = format!("{}: {}", ghost.step.name(), ghost.step.meaning());
                response.on_hover_text_at_pointer(format!("{}\n{step}", ghost.label));
            }
            Row::Hidden(hidden) => {
                response.on_hover_text_at_pointer(&hidden.label);
            }
            Row::Gap(_) => {}
        }
    }

    fn session(&self, response: Response, row: &SessionRow, actions: &mut Vec<Action>) {
        if response.clicked() {
            actions.push(Action::SelectSession(row.session));
        }
        if response.double_clicked() {
            actions.push(Action::ShowInspector);
        }
        response.context_menu(|ui| {
            // Commands speak of the selected session.
            for command in [Command::CopyCurl, Command::CopyMarkdown] {
                if ui.button(command.text()).clicked() {
                    actions.push(Action::SelectSession(row.session));
                    actions.push(Action::Run(command));
                }
            }
            ui.separator();
            if ui.button("Show in sessions").clicked() {
                actions.push(Action::SelectSession(row.session));
                actions.push(Action::ShowView(View::Sessions));
            }
            let flows = &self.context.analysis.flows.flows;
            let flow = flows.iter().find(|flow| flow.sessions.contains(&row.session));
            if let Some(flow) = flow.filter(|f| self.context.selection.flow != Some(f.id)) {
                let text = format!("Show {} only", tidy(&flow.name(), 60));
                if ui.button(text).clicked() {
                    actions.push(Action::SelectSession(row.session));
                    actions.push(Action::SelectFlow(Some(flow.id)));
                }
            } else if self.context.selection.flow.is_some() && ui.button("Show all flows").clicked()
            {
                actions.push(Action::SelectFlow(None));
            }
        });
        response.on_hover_ui_at_pointer(|ui| self.hover(ui, row));
    }

    /// The first sessions of a fold, and how to see them all.
    fn inside(&self, ui: &mut Ui, fold: &Fold) {
        let colors = self.context.theme;
        ui.set_max_width(520.0);
        ui.label(theme::strong(&fold.label));
        for id in fold.sessions.iter().take(MOST_NAMED) {
            let Some(session) = self.context.analysis.capture.session(*id) else { continue };
            let url = mask::url(session.request.target.as_str());
            let line = tidy(&format!("{id} {} {url}", session.request.method), 90);
            ui.add(Label::new(theme::mono(line).color(colors.dim)).truncate());
        }
        if fold.sessions.len() > MOST_NAMED {
            let more = format!("and {} more", format::grouped(fold.sessions.len() - MOST_NAMED));
            ui.label(theme::small(more).color(colors.dim));
        }
        let hint =
            if fold.open { "Click or press ← to fold" } else { "Click or press → to unfold" };
        ui.label(theme::small(hint).color(colors.dim));
    }

    /// Everything about a session that its row may have had to cut.
    fn hover(&self, ui: &mut Ui, row: &SessionRow) {
        let colors = self.context.theme;
        ui.set_max_width(520.0);
        ui.label(theme::strong(format!("Session {}: {}", row.session, row.request)));
        ui.label(theme::small(row.answer.clone()).color(figures::color(colors, row.tone.into())));
        if let Some(session) = self.context.analysis.capture.session(row.session) {
            let url = mask::url(session.request.target.as_str());
            let line = format!("{} {url}", session.request.method);
            ui.label(theme::mono(tidy(&line, 200)).color(colors.dim));
            if let Some(started) = session.started {
                let took = row.took.map(|took| format!(", took {}", format::duration(took)));
                let text = format!("{}{}", format::instant(started), took.unwrap_or_default());
                ui.label(theme::small(text).color(colors.dim));
            }
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
