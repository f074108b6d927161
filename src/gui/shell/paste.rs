//! The dialog that takes HTTP text.

use eframe::egui::{Context, Label, RichText, ScrollArea, TextEdit, TextStyle};

use super::modal;
use crate::gui::action::Action;
use crate::gui::theme::{Theme, space};
use crate::gui::widgets;

const ABOUT: &str = "Requests and answers as a browser, Fiddler or a ticket shows them, one after the other. Headers alone will do";

const HINT: &str = "POST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1
Authorization: Bearer

HTTP/1.1 401 Unauthorized
WWW-Authenticate: Bearer client_id=\"…\"";

/// Shows the dialog; false when it is done.
pub(in crate::gui) fn ui(ctx: &Context, text: &mut String, actions: &mut Vec<Action>) -> bool {
    let mut open = true;
    let stays = modal::show(ctx, "Paste HTTP text", 640.0, |ui| {
        let theme = Theme::of(ui);
        ui.add(Label::new(RichText::new(ABOUT).color(theme.dim)).wrap());
        ui.add_space(space(2));
        ScrollArea::vertical().max_height(340.0).show(ui, |ui| {
            let hint = RichText::new(HINT).text_style(TextStyle::Monospace).color(theme.dim);
            let field = TextEdit::multiline(text)
                .font(TextStyle::Monospace)
                .hint_text(hint)
                .desired_rows(14)
                .desired_width(f32::INFINITY);
            let response = ui.add(field).accessible_name("HTTP text");
            if text.is_empty() && !response.has_focus() {
                response.request_focus();
            }
        });
        ui.add_space(space(3));
        ui.horizontal(|ui| {
            let ready = !text.trim().is_empty();
            let analyse =
                ui.add_enabled_ui(ready, |ui| widgets::primary_button(ui, "Analyse")).inner;
            if analyse.clicked() {
                actions.push(Action::OpenText(std::mem::take(text)));
                open = false;
            }
            if widgets::secondary_button(ui, "Cancel").clicked() {
                open = false;
            }
        });
    });
    open && stays
}
