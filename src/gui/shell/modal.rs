//! The frame of a dialog inside the window: head, content, Esc closes; and what it shows when something failed.

use eframe::egui::{
    Align, Context, Frame, Id, Key, Label, Layout, Margin, Modal, Modifiers, RichText, Role,
    ScrollArea, Stroke, Ui, WidgetInfo,
};
use lucide_icons::Icon;

use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::widgets;

/// Shows a dialog of a width. False when it was closed by Esc, by its cross or by a click beside it.
pub(in crate::gui) fn show(
    ctx: &Context,
    title: &str,
    width: f32,
    content: impl FnOnce(&mut Ui),
) -> bool {
    let style = ctx.global_style();
    let theme = Theme::of_visuals(&style.visuals);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CARD_CORNER)
        .shadow(style.visuals.window_shadow)
        .inner_margin(Margin::same(20));
    let mut open = true;
    let modal = Modal::new(Id::unique(title)).frame(frame).show(ctx, |ui| {
        ui.set_width(width.min(ctx.content_rect().width() - 60.0));
        ui.horizontal(|ui| {
            let head = ui.label(theme::title(title));
            head.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                open = !widgets::icon_button(ui, Icon::X, "Close dialog").clicked();
            });
        });
        ui.add_space(space(2));
        // With large type in a small window a dialog may be higher than the window.
        let highest = (ctx.content_rect().height() - 140.0).max(80.0);
        ScrollArea::vertical().max_height(highest).min_scrolled_height(highest).show(ui, content);
    });
    let escaped = ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
    open && !escaped && !modal.should_close()
}

/// Says that something failed and offers the way back; whether it was taken.
pub(in crate::gui) fn failure(ui: &mut Ui, message: &str) -> bool {
    let color = Theme::of(ui).error;
    ui.horizontal_top(|ui| {
        widgets::glyph(ui, Icon::CircleX, color, "Error");
        ui.add(Label::new(RichText::new(message).color(color)).wrap());
    });
    ui.add_space(space(3));
    widgets::secondary_button(ui, "Back").clicked()
}
