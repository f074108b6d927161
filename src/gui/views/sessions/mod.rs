//! Every session in a table: only the rows in sight are drawn.

mod filter;
mod line;

use eframe::egui::{
    Align, CursorIcon, Label, Layout, RichText, Role, ScrollArea, Sense, TextWrapMode, Ui,
    WidgetInfo,
};
use egui_extras::{Column as Width, TableBuilder};
use lucide_icons::Icon;

pub use filter::Filter;
pub use line::{Column, Line};

use super::ViewContext;
use crate::capture::SessionId;
use crate::gui::action::Action;
use crate::gui::format;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;
use crate::rules::Severity;

const ROW: f32 = 26.0;

/// The table's own look.
#[derive(Debug)]
pub struct Sessions {
    lines: Vec<Line>,
    /// Places in `lines` in the order of the table.
    shown: Vec<usize>,
    filter: String,
    sort: (Column, bool),
    stale: bool,
    seen: u64,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            lines: Vec::new(),
            shown: Vec::new(),
            filter: String::new(),
            sort: (Column::Number, true),
            stale: true,
            seen: 0,
        }
    }
}

impl Sessions {
    /// The filter's text.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Filters the table.
    pub fn set_filter(&mut self, filter: String) {
        self.stale |= self.filter != filter;
        self.filter = filter;
    }

    /// How many sessions fit the filter; brings the table up to date.
    pub fn count(&mut self, context: &ViewContext<'_>) -> usize {
        self.refresh(context);
        self.shown.len()
    }

    /// The session `by` rows from the selected one in the order of the table.
    pub fn neighbour(&mut self, context: &ViewContext<'_>, by: isize) -> Option<SessionId> {
        self.refresh(context);
        let at = context.selection.session.and_then(|id| self.place(id));
        let last = self.shown.len().checked_sub(1)?;
        let next = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
        self.line(next).map(|line| line.session)
    }

    fn line(&self, row: usize) -> Option<&Line> {
        self.lines.get(*self.shown.get(row)?)
    }

    fn place(&self, session: SessionId) -> Option<usize> {
        self.shown.iter().position(|at| self.lines.get(*at).is_some_and(|l| l.session == session))
    }

    fn refresh(&mut self, context: &ViewContext<'_>) {
        if !self.stale {
            return;
        }
        self.stale = false;
        let sessions = &context.analysis.capture.sessions;
        if self.lines.is_empty() {
            self.lines = sessions.iter().map(|s| Line::of(s, context.analysis)).collect();
        }
        let filter = Filter::parse(&self.filter);
        let (column, ascending) = self.sort;
        self.shown = (0..self.lines.len())
            .filter(|at| {
                filter.is_empty()
                    || self
                        .lines
                        .get(*at)
                        .zip(sessions.get(*at))
                        .is_some_and(|(l, s)| filter.accepts(l, s))
            })
            .collect();
        let lines = &self.lines;
        self.shown.sort_by(|a, b| match (lines.get(*a), lines.get(*b)) {
            (Some(a), Some(b)) => {
                let order = a.compare(b, column);
                if ascending { order } else { order.reverse() }
            }
            _ => std::cmp::Ordering::Equal,
        });
    }

    /// Draws the table.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        self.refresh(context);
        if self.lines.is_empty() {
            widgets::empty(
                ui,
                Icon::Inbox,
                "No sessions",
                "The capture is empty: start the capture first, then start Outlook, and save when its error shows",
            );
            return;
        }
        if self.shown.is_empty() {
            widgets::empty(
                ui,
                Icon::SearchX,
                "No session fits the filter",
                "Shorten the filter or clear it to see all sessions",
            );
            ui.vertical_centered(|ui| {
                if widgets::secondary_button(ui, "Clear filter").clicked() {
                    self.set_filter(String::new());
                }
            });
            return;
        }
        let moved = self.seen != context.selection.revision;
        self.seen = context.selection.revision;
        let target = context.selection.session.filter(|_| moved).and_then(|id| self.place(id));

        ScrollArea::horizontal().id_salt("sessions").auto_shrink(false).show(ui, |ui| {
            self.table(ui, context, target, actions);
        });
    }

    fn table(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        target: Option<usize>,
        actions: &mut Vec<Action>,
    ) {
        ui.spacing_mut().item_spacing.x = space(2);
        let mut table = TableBuilder::new(ui)
            .id_salt("sessions")
            .sense(Sense::click())
            .resizable(true)
            .auto_shrink(false)
            .cell_layout(Layout::left_to_right(Align::Center));
        for column in Column::ALL {
            table = table.column(Width::initial(column.width()).at_least(36.0).clip(true));
        }
        if let Some(row) = target {
            table = table.scroll_to_row(row, None);
        }
        let mut sort = None;
        table
            .header(30.0, |mut header| {
                for column in Column::ALL {
                    header.col(|ui| {
                        if head(ui, column, self.sort) {
                            sort = Some(column);
                        }
                    });
                }
            })
            .body(|body| {
                body.rows(ROW, self.shown.len(), |mut row| {
                    let Some(line) = self.line(row.index()) else { return };
                    let chosen = context.selection.session == Some(line.session);
                    row.set_selected(chosen);
                    for column in Column::ALL {
                        row.col(|ui| cell(ui, line, column));
                    }
                    let response = row.response();
                    response.widget_info(|| {
                        WidgetInfo::selected(Role::Row, true, chosen, row_name(line))
                    });
                    if response.clicked() {
                        actions.push(Action::SelectSession(line.session));
                    }
                });
            });
        if let Some(column) = sort {
            self.sort = (column, self.sort.0 != column || !self.sort.1);
            self.stale = true;
        }
    }
}

/// What a screen reader says of a row.
fn row_name(line: &Line) -> String {
    format!("Session {}: {}", line.session, line.meaning)
}

/// A column's head; true when clicked.
fn head(ui: &mut Ui, column: Column, (sorted, ascending): (Column, bool)) -> bool {
    let theme = Theme::of(ui);
    let color = if sorted == column { theme.text } else { theme.dim };
    let label = Label::new(theme::small(column.text()).color(color))
        .selectable(false)
        .sense(Sense::click());
    let mut clicked = false;
    let layout = if column.is_number() {
        Layout::right_to_left(Align::Center)
    } else {
        Layout::left_to_right(Align::Center)
    };
    ui.with_layout(layout, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let response = ui.add(label).on_hover_cursor(CursorIcon::PointingHand);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Button, true, format!("Sort by {}", column.name()))
        });
        if sorted == column {
            let (icon, meaning) = if ascending {
                (Icon::ChevronUp, "ascending")
            } else {
                (Icon::ChevronDown, "descending")
            };
            widgets::glyph(ui, icon, theme.accent, meaning);
        }
        clicked = response.clicked();
    });
    clicked
}

fn cell(ui: &mut Ui, line: &Line, column: Column) {
    let theme = Theme::of(ui);
    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
    let label = |ui: &mut Ui, text: RichText| {
        ui.add(Label::new(text).selectable(false).truncate());
    };
    let plain = |text: &str| RichText::new(text).color(theme.text);
    let dim = |text: &str| RichText::new(text).color(theme.dim);
    match column {
        Column::Number => {
            label(ui, theme::mono(line.session.to_string()).color(theme.dim));
            if let Some(severity) = line.finding {
                let meaning = match severity {
                    Severity::Error => "error found",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                };
                widgets::glyph(
                    ui,
                    theme::severity_icon(severity),
                    theme.severity(severity),
                    meaning,
                );
            }
        }
        Column::Result => {
            let (text, color) = match line.status {
                0 => ("–".to_owned(), theme.dim),
                status => (status.to_string(), theme.status(status)),
            };
            label(ui, theme::mono(text).family(theme::mono_medium()).color(color));
        }
        Column::Meaning => label(ui, plain(&line.meaning)),
        Column::Actor => label(ui, RichText::new(line.actor.name()).color(theme.actor(line.actor))),
        Column::Protocol => label(ui, plain(line.protocol)),
        Column::Host => label(ui, plain(&line.host)),
        Column::Url => label(ui, theme::mono(&line.url).color(theme.dim)),
        Column::Auth => match line.auth {
            "none" | "" => label(ui, dim("none")),
            auth @ "Basic" => label(ui, RichText::new(auth).color(theme.warning)),
            auth => label(ui, plain(auth)),
        },
        Column::Type => label(ui, dim(&line.content_type)),
        Column::Size | Column::Duration => {
            let text = if column == Column::Size {
                format::size(line.size)
            } else {
                line.duration.map(format::duration).unwrap_or_default()
            };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| label(ui, dim(&text)));
        }
        Column::Time => {
            let text = line.time.map(format::clock).unwrap_or_default();
            label(ui, theme::mono(text).color(theme.dim));
        }
        Column::Process => label(ui, dim(&line.process)),
    }
}
