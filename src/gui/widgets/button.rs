//! Buttons: one look for what is main, one for what stands beside, and icons with names.

use eframe::egui::{
    Button, CursorIcon, FontId, Label, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind,
    Ui, WidgetInfo, vec2,
};
use lucide_icons::Icon;

use crate::gui::action::Action;
use crate::gui::format::grouped;
use crate::gui::theme::{self, Theme, space};

/// The button for what most people want next.
pub fn primary_button(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    let text = RichText::new(text).family(theme::medium()).color(theme.on_accent);
    ui.add(Button::new(text).fill(theme.accent).stroke(Stroke::NONE))
        .on_hover_cursor(CursorIcon::PointingHand)
}

/// Any other button.
pub fn secondary_button(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(RichText::new(text))).on_hover_cursor(CursorIcon::PointingHand)
}

/// A button that shows an icon only. Its name is its tooltip.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    let theme = Theme::of(ui);
    let button = Button::new(theme::icon(icon).color(theme.dim))
        .frame_when_inactive(false)
        .min_size(vec2(24.0, 24.0));
    let response = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = vec2(space(1), 2.0);
            ui.add(button)
        })
        .inner;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    response.on_hover_text(name)
}

/// An icon button that copies a text. `what` completes the name: `Copy header`.
pub fn copy_button(
    ui: &mut Ui,
    what: &str,
    text: impl FnOnce() -> String,
    actions: &mut Vec<Action>,
) {
    if icon_button(ui, Icon::Copy, &format!("Copy {what}")).clicked() {
        actions.push(Action::Copy(text()));
    }
}

/// A text that leads somewhere.
pub fn link(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    let label = Label::new(RichText::new(text).color(theme.accent)).sense(Sense::click());
    let response = ui.add(label).on_hover_cursor(CursorIcon::PointingHand);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, text));
    if response.hovered() || response.has_focus() {
        let line = response.rect;
        ui.painter().hline(line.x_range(), line.bottom() - 1.0, Stroke::new(1.0, theme.accent));
    }
    response
}

/// A ring around what has the keyboard's focus, for parts that are painted by hand.
pub fn focus_ring(ui: &Ui, rect: Rect) {
    let stroke = Stroke::new(2.0, Theme::of(ui).accent);
    ui.painter().rect_stroke(rect, theme::CORNER, stroke, StrokeKind::Inside);
}

/// A tab with an optional count; the chosen one is underlined.
pub fn tab(ui: &mut Ui, text: &str, count: Option<usize>, chosen: bool, height: f32) -> Response {
    let theme = Theme::of(ui);
    let family = if chosen { theme::semibold() } else { eframe::egui::FontFamily::Proportional };
    let color = if chosen { theme.text } else { theme.dim };
    let words =
        ui.painter().layout_no_wrap(text.to_owned(), FontId::new(theme::BODY, family), color);
    let badge = count.map(|n| {
        let font = FontId::proportional(theme::SMALL);
        ui.painter().layout_no_wrap(grouped(n), font, theme.dim)
    });
    let badge_width = badge.as_ref().map_or(0.0, |b| b.size().x + space(3));
    let gap = if badge.is_some() { 6.0 } else { 0.0 };
    let size = vec2(words.size().x + gap + badge_width, height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, chosen, text));
    let painter = ui.painter();
    let at = rect.left_center() - vec2(0.0, words.size().y / 2.0);
    let words_width = words.size().x;
    let hot = response.hovered() || response.has_focus();
    painter.galley_with_override_text_color(at, words, if hot { theme.text } else { color });
    if let Some(badge) = badge {
        let left = rect.left() + words_width + gap;
        let pill = eframe::egui::Rect::from_min_size(
            eframe::egui::pos2(left, rect.center().y - 8.5),
            vec2(badge_width, 17.0),
        );
        painter.rect_filled(pill, 8.5, theme.raised);
        painter.galley(pill.center() - badge.size() / 2.0, badge, theme.dim);
    }
    if chosen {
        painter.hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(2.0, theme.accent));
    }
    if response.has_focus() {
        focus_ring(ui, rect.expand2(vec2(space(1), -4.0)));
    }
    response.on_hover_cursor(CursorIcon::PointingHand)
}
