//! What can be done with a row: copy, mark, comment, filter by what it holds, show it elsewhere.

use eframe::egui::{Button, Ui};

use super::line::Line;
use crate::capture::{Mark, Session};
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::theme::{self, Theme};
use crate::gui::views::View;
use crate::http::mask;
use crate::search::{Field, quoted};

/// Draws the menu of a row. The row's session is selected when the menu opens.
pub(super) fn ui(
    ui: &mut Ui,
    session: &Session,
    line: &Line,
    mark: Option<Mark>,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(220.0);
    let offer = |ui: &mut Ui, text: &str, command: Option<Command>| {
        let mut button = Button::new(text);
        if let Some(command) = command {
            button = button.shortcut_text(command.shortcut_text(ui.ctx()));
        }
        let clicked = ui.add(button).clicked();
        if clicked {
            ui.close();
        }
        clicked
    };
    if offer(ui, "Copy URL", None) {
        actions.push(Action::Copy(mask::url(session.request.target.as_str())));
    }
    for (text, command) in
        [("Copy as cURL", Command::CopyCurl), ("Copy as Markdown", Command::CopyMarkdown)]
    {
        if offer(ui, text, Some(command)) {
            actions.push(Action::Run(command));
        }
    }
    ui.separator();
    marks(ui, session, mark, actions);
    if offer(ui, "Comment…", Some(Command::Comment)) {
        actions.push(Action::Run(Command::Comment));
    }
    ui.separator();
    let process = session.process_name().unwrap_or_default();
    let status = match line.status {
        0 => "none".to_owned(),
        status => status.to_string(),
    };
    for (field, value) in
        [(Field::Host, line.host.as_str()), (Field::Status, &status), (Field::Process, &process)]
    {
        if value.is_empty() {
            continue;
        }
        let term = quoted(field, value);
        let shown = crate::gui::widgets::tidy(&term, 48);
        if offer(ui, &format!("Only {shown}"), None) {
            actions.push(Action::AddFilter(term.clone()));
        }
        if field == Field::Host && offer(ui, &format!("Without {shown}"), None) {
            actions.push(Action::AddFilter(format!("-{term}")));
        }
    }
    ui.separator();
    if offer(ui, "Show in timeline", Some(Command::ShowTimeline)) {
        actions.push(Action::ShowView(View::Timeline));
    }
}

/// The six marks and none, side by side.
fn marks(ui: &mut Ui, session: &Session, mark: Option<Mark>, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for one in Mark::ALL {
            let text = theme::icon(theme::mark_icon(one)).color(theme.mark(one));
            let chosen = mark == Some(one);
            let response = ui.add(Button::selectable(chosen, text));
            let name = format!("Mark {} (Ctrl+{})", one.id(), one.number());
            response.widget_info(|| {
                eframe::egui::WidgetInfo::selected(
                    eframe::egui::Role::CheckBox,
                    true,
                    chosen,
                    &name,
                )
            });
            if response.on_hover_text(&name).clicked() {
                actions.push(Action::SetMark(session.id, (!chosen).then_some(one)));
                ui.close();
            }
        }
    });
}
