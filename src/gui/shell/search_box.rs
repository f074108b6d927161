//! The search box: one line for words and fields, with what may be typed next and what was searched for before. Searches
//! may hold names and secrets: they are remembered while the program runs and written nowhere.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{
    Align, Area, Context, CursorIcon, EventFilter, Frame, Id, Key, Label, Layout, Margin,
    Modifiers, Order, Rect, Response, RichText, Role, Sense, TextEdit, Ui, WidgetInfo,
    text_edit::TextEditState, vec2,
};
use lucide_icons::Icon;

use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::document::Document;
use crate::gui::format::grouped;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::View;
use crate::gui::widgets;

/// Searches that are remembered.
const REMEMBERED: usize = 30;

/// The box's id, to give it the cursor.
pub(in crate::gui) fn id() -> Id {
    Id::unique("filter of the sessions")
}

/// What the box itself remembers between frames.
#[derive(Clone, Debug, Default)]
struct Look {
    /// Whether the list below is wanted; typing and the arrow keys open it, Esc and Enter close it.
    open: bool,
    /// The line of the list that the arrow keys reached.
    chosen: Option<usize>,
    /// Where the list was drawn: a click on it must not close it first.
    list: Option<Rect>,
}

/// A line of the list.
struct Offer {
    /// The whole text if it is taken.
    text: String,
    /// What it says, and what stands beside.
    shown: String,
    detail: String,
    /// Whether it is the whole search, so that the list has done its work.
    whole: bool,
}

/// Draws the box at the right end of the bar; this is laid out from right to left.
pub(super) fn ui(ui: &mut Ui, document: &mut Document, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let id = id();
    document.sessions.search.refresh(ui.ctx());
    let before = document.sessions.search.text().to_owned();
    let mut text = before.clone();
    if !text.is_empty() {
        if widgets::icon_button(ui, Icon::X, "Clear the filter").clicked() {
            remember(ui.ctx(), &text);
            document.search_for(String::new());
            return;
        }
        let search = &document.sessions.search;
        let all = document.analysis.capture.sessions.len();
        let count = format!("{} of {}", grouped(search.shown().len()), grouped(all));
        ui.label(theme::small(count).color(theme.dim));
    }
    let width = (ui.available_width() - space(4)).clamp(120.0, 420.0);
    let has_focus = ui.memory(|m| m.has_focus(id));
    let mut look: Look = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let offers = if has_focus || look.list.is_some() {
        offers(ui.ctx(), document, &text)
    } else {
        Vec::new()
    };
    if has_focus {
        document.sessions.search.prepare(ui.ctx());
        keys(ui, document, &offers, &mut look, &mut text, actions);
    }
    let hint = RichText::new("Filter: words, host:mail, status:4xx").color(theme.dim);
    let field = TextEdit::singleline(&mut text)
        .id(id)
        .hint_text(hint)
        .margin(Margin::symmetric(10, 5))
        .event_filter(EventFilter {
            tab: look.open && !offers.is_empty(),
            escape: true,
            horizontal_arrows: true,
            vertical_arrows: true,
        })
        .desired_width(width - 20.0);
    let response = ui.add(field).accessible_name("Filter sessions").on_hover_text(format!(
        "Words, and fields like host: status: step: finding: body: size>10k. A minus excludes. {} and Shift+F3 go from hit to hit",
        Command::NextHit.shortcut_text(ui.ctx())
    ));
    if response.changed() {
        look.open = true;
        look.chosen = None;
    }
    if response.clicked() {
        look.open = true;
    }
    let taken = list(ui, &response, &offers, &mut look);
    if let Some(offer) = taken.and_then(|at| offers.get(at)) {
        text.clone_from(&offer.text);
        look.open = !offer.whole;
        look.chosen = None;
        cursor_to_end(ui.ctx(), &text);
        response.request_focus();
    }
    ui.data_mut(|d| d.insert_temp(id, look));
    if text != before {
        document.search_for(text);
        if document.view != View::Sessions {
            actions.push(Action::ShowView(View::Sessions));
        }
    }
}

/// What may be typed next; with nothing typed, what was searched for before.
fn offers(ctx: &Context, document: &Document, text: &str) -> Vec<Offer> {
    if text.is_empty() {
        let known: Vec<String> = ctx.data(|d| d.get_temp(history_id())).unwrap_or_default();
        let line = |text: String| Offer {
            shown: widgets::tidy(&text, 60),
            detail: "searched before".to_owned(),
            text,
            whole: true,
        };
        return known.into_iter().take(8).map(line).collect();
    }
    let completions = document.sessions.search.completions(text).into_iter();
    completions
        .map(|c| Offer {
            shown: widgets::tidy(&c.term, 60),
            detail: c.detail,
            text: c.text,
            whole: false,
        })
        .collect()
}

/// The keys that mean something else here than in any text field.
fn keys(
    ui: &Ui,
    document: &Document,
    offers: &[Offer],
    look: &mut Look,
    text: &mut String,
    actions: &mut Vec<Action>,
) {
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let last = offers.len().checked_sub(1);
    if pressed(Key::ArrowDown) {
        match (look.open, last) {
            (true, Some(last)) => {
                look.chosen = Some(look.chosen.map_or(0, |at| (at + 1).min(last)));
            }
            (false, Some(_)) => look.open = true,
            (_, None) => leave(ui, document, look, text, actions),
        }
    }
    if pressed(Key::ArrowUp) {
        match look.chosen {
            Some(at) => look.chosen = at.checked_sub(1),
            None => look.open = true,
        }
    }
    if look.open && !offers.is_empty() && pressed(Key::Tab) {
        take(ui, offers.get(look.chosen.unwrap_or(0)), look, text);
    }
    if pressed(Key::Escape) {
        if look.open && !offers.is_empty() {
            look.open = false;
            look.chosen = None;
        } else {
            ui.memory_mut(|m| m.surrender_focus(id()));
        }
    }
    if pressed(Key::Enter) {
        match look.chosen.filter(|_| look.open).and_then(|at| offers.get(at)) {
            Some(offer) => take(ui, Some(offer), look, text),
            None => leave(ui, document, look, text, actions),
        }
    }
}

fn take(ui: &Ui, offer: Option<&Offer>, look: &mut Look, text: &mut String) {
    let Some(offer) = offer else { return };
    text.clone_from(&offer.text);
    look.open = !offer.whole;
    look.chosen = None;
    cursor_to_end(ui.ctx(), text);
}

/// The search stands: on to what it found.
fn leave(ui: &Ui, document: &Document, look: &mut Look, text: &str, actions: &mut Vec<Action>) {
    remember(ui.ctx(), text);
    *look = Look::default();
    ui.memory_mut(|m| m.surrender_focus(id()));
    let search = &document.sessions.search;
    let is_hit = document.selection.session.is_some_and(|id| search.row_of(id).is_some());
    if !is_hit && let Some(first) = search.session_at(0) {
        actions.push(Action::SelectSession(first));
    }
}

fn history_id() -> Id {
    Id::unique("searches of this run")
}

/// Keeps a search, the latest first.
pub(super) fn remember(ctx: &Context, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    ctx.data_mut(|d| {
        let known: &mut Vec<String> = d.get_temp_mut_or_default(history_id());
        known.retain(|old| old != text);
        known.insert(0, text.to_owned());
        known.truncate(REMEMBERED);
    });
}

fn cursor_to_end(ctx: &Context, text: &str) {
    let mut state = TextEditState::load(ctx, id()).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(end)));
    state.store(ctx, id());
}

/// Draws the list below the box; answers with the line that was clicked.
fn list(ui: &Ui, field: &Response, offers: &[Offer], look: &mut Look) -> Option<usize> {
    let over = look.list.is_some_and(|list| {
        ui.input(|i| i.pointer.latest_pos()).is_some_and(|pointer| list.contains(pointer))
    });
    if !look.open || offers.is_empty() || !(field.has_focus() || over) {
        look.list = None;
        return None;
    }
    let theme = Theme::of(ui);
    let mut taken = None;
    let area = Area::new(Id::unique("offers of the filter"))
        .order(Order::Foreground)
        .fixed_pos(field.rect.left_bottom() + vec2(0.0, 4.0));
    let shown = area.show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).inner_margin(Margin::same(4)).show(ui, |ui| {
            ui.set_width(field.rect.width().max(380.0));
            ui.spacing_mut().item_spacing.y = 0.0;
            for (at, offer) in offers.iter().enumerate() {
                if line(ui, theme, offer, look.chosen == Some(at)).clicked() {
                    taken = Some(at);
                }
            }
        });
    });
    look.list = Some(shown.response.rect);
    taken
}

fn line(ui: &mut Ui, theme: &Theme, offer: &Offer, chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::ListBoxOption,
            true,
            chosen,
            format!("{}, {}", offer.shown, offer.detail),
        )
    });
    if chosen || response.hovered() {
        let ground = if chosen { theme.selection } else { theme.hover() };
        ui.painter().rect_filled(rect, theme::CORNER, ground);
    }
    let mut child = ui.new_child(
        eframe::egui::UiBuilder::new()
            .max_rect(rect.shrink2(vec2(8.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
    );
    let term = theme::mono(&offer.shown).color(theme.text);
    child.add(Label::new(term).selectable(false));
    let detail = theme::small(&offer.detail).color(theme.dim);
    child.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.add(Label::new(detail).selectable(false).truncate());
    });
    response.on_hover_cursor(CursorIcon::PointingHand)
}
