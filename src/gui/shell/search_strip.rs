//! What is searched for, term by term: each can be taken away, and each that is wrong says what would be right.

use eframe::egui::{
    CursorIcon, Frame, Label, Margin, Panel, ProgressBar, Role, Sense, Stroke, TextWrapMode, Ui,
    WidgetInfo,
};
use lucide_icons::Icon;

use super::search_box;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::format::grouped;
use crate::gui::search::Search;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;
use crate::search::{Hint, Query, Term};

/// Draws the strip above the table; answers with what to search for instead, when a term was taken away.
pub(super) fn ui(ui: &mut Ui, search: &mut Search, actions: &mut Vec<Action>) -> Option<String> {
    if search.text().is_empty() {
        return None;
    }
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.background).inner_margin(Margin::symmetric(20, 6));
    let mut next = None;
    let mut stop = false;
    Panel::top("search").frame(frame).resizable(false).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space(2);
            let (fitting, all) = (search.shown().len(), search.all());
            let count = format!("{} of {} sessions", grouped(fitting), grouped(all));
            ui.label(theme::strong(count));
            for term in &search.query().terms {
                if chip(ui, theme, search.text(), term) {
                    next = Some(Query::without(search.text(), term));
                }
            }
            if let Some(hint) = search.query().hint() {
                let unfinished = matches!(hint, Hint::Unfinished(_));
                let color = if unfinished { theme.dim } else { theme.warning };
                let icon = if unfinished { Icon::Info } else { Icon::TriangleAlert };
                widgets::decoration(ui, theme::icon(icon).color(color));
                ui.add(Label::new(theme::small(hint.text()).color(color)).wrap());
            }
            if let Some(part) = search.bodies() {
                let said = format!("bodies {:.0} %", part * 100.0);
                let bar = ProgressBar::new(part).desired_width(80.0).desired_height(6.0);
                let response = ui.add(bar);
                response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &said));
                ui.label(theme::small(&said).color(theme.dim));
                if widgets::icon_button(ui, Icon::CircleStop, "Stop searching the bodies").clicked()
                {
                    stop = true;
                }
            } else if search.is_busy() {
                ui.add(eframe::egui::Spinner::new().size(14.0));
                ui.label(theme::small("reading the capture").color(theme.dim));
            } else if !search.query().is_empty() && !search.shown().is_empty() {
                for (icon, command) in
                    [(Icon::ChevronUp, Command::PreviousHit), (Icon::ChevronDown, Command::NextHit)]
                {
                    let keys = command.shortcut_text(ui.ctx());
                    let name = format!("{} ({keys})", command.text());
                    if widgets::icon_button(ui, icon, &name).clicked() {
                        actions.push(Action::Run(command));
                    }
                }
            }
        });
    });
    if next.is_some() {
        search_box::remember(ui.ctx(), search.text());
    }
    if stop {
        search.stop_bodies();
    }
    next
}

/// A term in a frame, with a button that takes it away; true when it was pressed.
fn chip(ui: &mut Ui, theme: &Theme, text: &str, term: &Term) -> bool {
    let shown = text.get(term.span.clone()).unwrap_or_default();
    let shown = widgets::tidy(shown, 40);
    let wrong = term.is_wrong();
    let (color, line) = match (wrong, term.exclude) {
        (true, _) => (theme.warning, theme.warning),
        (_, true) => (theme.dim, theme.line),
        _ => (theme.text, theme.line),
    };
    let mut removed = false;
    let chip = Frame::new()
        .fill(theme.raised)
        .stroke(Stroke::new(1.0, line))
        .corner_radius(11)
        .inner_margin(Margin { left: 10, right: 4, top: 1, bottom: 1 });
    let inside = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.spacing_mut().interact_size.y = 18.0;
        let icon = if wrong {
            Some(Icon::TriangleAlert)
        } else if term.exclude {
            Some(Icon::Ban)
        } else {
            None
        };
        if let Some(icon) = icon {
            widgets::decoration(ui, theme::icon_sized(icon, 12.0).color(color));
        }
        let label = Label::new(theme::mono(&shown).color(color)).wrap_mode(TextWrapMode::Extend);
        ui.add(label.selectable(false));
        let cross = theme::icon_sized(Icon::X, 12.0).color(theme.dim);
        let response = ui.add(Label::new(cross).selectable(false).sense(Sense::click()));
        let name = format!("Remove {shown}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if response.has_focus() {
            ui.painter().rect_stroke(
                response.rect.expand(1.0),
                4.0,
                Stroke::new(1.0, theme.accent),
                eframe::egui::StrokeKind::Inside,
            );
        }
        removed = response.on_hover_text(name).on_hover_cursor(CursorIcon::PointingHand).clicked();
    };
    chip.show(ui, |ui| ui.horizontal(inside));
    removed
}
