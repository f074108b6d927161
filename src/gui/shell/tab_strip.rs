//! The strip of tabs, one for each capture, shown as soon as there are two.

use eframe::egui::{
    Color32, CursorIcon, FontFamily, FontId, Frame, Margin, Panel, PointerButton, Rect, Role,
    ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, scroll_area::ScrollBarVisibility,
    vec2,
};
use lucide_icons::Icon;

use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::documents::{Content, Documents, Tab};
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// Height of the strip in points.
const HEIGHT: f32 = 34.0;

/// Letters of a name that are shown; of a longer one the middle goes, because captures differ at their ends.
const MOST_LETTERS: usize = 36;

/// Draws the strip.
pub(in crate::gui) fn ui(ui: &mut Ui, documents: &Documents, actions: &mut Vec<Action>) {
    if documents.tabs().len() < 2 && !documents.is_at_start() {
        return;
    }
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.background).inner_margin(Margin::symmetric(8, 0));
    Panel::top("captures").frame(frame).exact_size(HEIGHT).resizable(false).show(ui, |ui| {
        ScrollArea::horizontal().scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden).show(
            ui,
            |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = space(1);
                    let front = documents.front().map(|tab| tab.id);
                    for tab in documents.tabs() {
                        tab_ui(ui, tab, front == Some(tab.id), actions);
                    }
                    let start = Command::ShowStart;
                    if widgets::icon_button(ui, Icon::Plus, start.text()).clicked() {
                        actions.push(Action::Run(start));
                    }
                });
            },
        );
    });
}

fn tab_ui(ui: &mut Ui, tab: &Tab, chosen: bool, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let name = widgets::tidy(&tab.content.source().name(), 260);
    let (icon, color, state) = mark(&tab.content, theme);
    let family = if chosen { theme::medium() } else { FontFamily::Proportional };
    let ink = if chosen { theme.text } else { theme.dim };
    let shown = without_middle(&name, MOST_LETTERS);
    let words = ui.painter().layout_no_wrap(shown, FontId::new(theme::BODY, family), ink);
    let size = vec2(words.size().x + 66.0, HEIGHT - 4.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, format!("{name}, {state}")));
    let hot = response.hovered() || response.has_focus();
    if chosen || hot {
        let ground = if chosen { theme.panel } else { theme.raised };
        ui.painter().rect_filled(rect, theme::CORNER, ground);
    }
    if chosen {
        let line = Stroke::new(2.0, theme.accent);
        ui.painter().hline(rect.x_range().shrink(8.0), rect.bottom() - 1.0, line);
    }
    if response.has_focus() {
        widgets::focus_ring(ui, rect);
    }
    let left = Rect::from_min_size(rect.min + vec2(10.0, 0.0), vec2(18.0, rect.height()));
    let mut place = ui.new_child(UiBuilder::new().max_rect(left));
    place.horizontal_centered(|ui| match tab.content {
        Content::Loading(_) => {
            ui.add(eframe::egui::Spinner::new().size(13.0).color(color));
        }
        _ => widgets::decoration(ui, theme::icon(icon).color(color)),
    });
    let at = pos2(rect.left() + 32.0, rect.center().y - words.size().y / 2.0);
    ui.painter().galley(at, words, ink);
    let right =
        Rect::from_center_size(pos2(rect.right() - 18.0, rect.center().y), vec2(24.0, 24.0));
    let mut place = ui.new_child(UiBuilder::new().max_rect(right));
    if widgets::icon_button(&mut place, Icon::X, &format!("Close {name}")).clicked()
        || response.clicked_by(PointerButton::Middle)
    {
        actions.push(Action::CloseTab(tab.id));
    } else if response.clicked() {
        actions.push(Action::ShowTab(tab.id));
    }
    if chosen && ui.clip_rect().width() < ui.min_rect().width() {
        response.scroll_to_me(None);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(format!("{name}: {state}"));
}

/// The shape and the colour that say how a capture stands, and the words for it.
fn mark(content: &Content, theme: &Theme) -> (Icon, Color32, &'static str) {
    match content {
        Content::Waiting(_) => (Icon::Clock, theme.dim, "waiting"),
        Content::Loading(_) => (Icon::Clock, theme.accent, "opening"),
        Content::Password(_) => (Icon::Lock, theme.note, "wants its password"),
        Content::Trouble(_) => (Icon::FileWarning, theme.error, "could not be opened"),
        Content::Open(document) if document.lesson.hides() => {
            (Icon::GraduationCap, theme.note, "a lesson")
        }
        Content::Open(document) => {
            let outcome = document.analysis.verdict.outcome;
            let words = super::side_bar::outcome_words(outcome);
            (theme::outcome_icon(outcome), theme.outcome(outcome), words)
        }
    }
}

/// A text of at most so many letters; of a longer one the middle goes.
fn without_middle(text: &str, longest: usize) -> String {
    let count = text.chars().count();
    if count <= longest {
        return text.to_owned();
    }
    let end = (longest - 1) / 2;
    let start = longest - 1 - end;
    text.chars().take(start).chain(['…']).chain(text.chars().skip(count - end)).collect()
}

#[cfg(test)]
mod tests {
    use super::without_middle;

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(without_middle("outlook.saz", 11), "outlook.saz");
        assert_eq!(without_middle("contoso-before.saz", 9), "cont….saz");
        assert_eq!(without_middle("שלום-כהן.saz", 7).chars().count(), 7);
    }
}
