//! Short messages that go away by themselves.

use eframe::egui::{
    Align2, Area, Context, Frame, Label, Margin, Order, Role, Stroke, TextWrapMode, WidgetInfo,
    vec2,
};

use super::theme::{self, CARD_CORNER, Theme};

/// How long a message stays, in seconds.
const STAYS: f64 = 3.5;

/// The messages on screen.
#[derive(Debug, Default)]
pub(super) struct Toasts(Vec<(String, f64)>);

impl Toasts {
    /// Says something.
    pub(super) fn say(&mut self, message: impl Into<String>, ctx: &Context) {
        let until = ctx.input(|i| i.time) + STAYS;
        self.0.clear();
        self.0.push((message.into(), until));
    }

    /// Draws the messages.
    pub(super) fn ui(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        self.0.retain(|(_, until)| *until > now);
        let Some((message, until)) = self.0.last() else { return };
        ctx.request_repaint_after(std::time::Duration::from_secs_f64((until - now).max(0.05)));
        Area::new(eframe::egui::Id::unique("toast"))
            .order(Order::Tooltip)
            .interactable(false)
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -44.0))
            .show(ctx, |ui| {
                let theme = Theme::of(ui);
                Frame::new()
                    .fill(theme.raised)
                    .stroke(Stroke::new(1.0, theme.line))
                    .corner_radius(CARD_CORNER)
                    .inner_margin(Margin::symmetric(14, 8))
                    .shadow(ui.visuals().popup_shadow)
                    .show(ui, |ui| {
                        let text = eframe::egui::RichText::new(message).family(theme::medium());
                        let response = ui.add(Label::new(text).wrap_mode(TextWrapMode::Extend));
                        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, message));
                    });
            });
    }
}
