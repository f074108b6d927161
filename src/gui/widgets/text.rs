//! Texts: badges, code, and the sentence that fills an empty place.

use eframe::egui::{
    Align, Frame, Label, Layout, Margin, Response, RichText, Role, Stroke, TextWrapMode, Ui,
    WidgetInfo, vec2,
};
use lucide_icons::Icon;

use super::icon_button;
use crate::gui::action::Action;
use crate::gui::theme::{self, CORNER, Theme, space};

/// An icon that says something; `meaning` is what it says.
pub fn glyph(ui: &mut Ui, icon: Icon, color: eframe::egui::Color32, meaning: &str) -> Response {
    let label = Label::new(theme::icon(icon).color(color)).selectable(false);
    let response = ui.add(label);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, meaning));
    response
}

/// An icon beside words that say the same: screen readers pass it by.
pub fn decoration(ui: &mut Ui, icon: RichText) {
    let response = ui.add(Label::new(icon).selectable(false));
    ui.ctx().accesskit_node_builder(response.id, eframe::egui::accesskit::Node::set_hidden);
}

/// A word on a coloured ground.
pub fn badge(
    ui: &mut Ui,
    text: &str,
    color: eframe::egui::Color32,
    ground: eframe::egui::Color32,
) -> Response {
    Frame::new()
        .fill(ground)
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| {
            ui.add(Label::new(theme::small(text).color(color)).wrap_mode(TextWrapMode::Extend))
        })
        .response
}

/// A word in a thin frame.
pub fn pill(
    ui: &mut Ui,
    text: &str,
    color: eframe::egui::Color32,
    line: eframe::egui::Color32,
) -> Response {
    Frame::new()
        .stroke(Stroke::new(1.0, line))
        .corner_radius(10)
        .inner_margin(Margin::symmetric(10, 2))
        .show(ui, |ui| {
            ui.add(Label::new(theme::small(text).color(color)).wrap_mode(TextWrapMode::Extend))
        })
        .response
}

/// Text to be typed elsewhere, with a button that copies it.
pub fn code(ui: &mut Ui, text: &str, what: &str, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    Frame::new()
        .fill(theme.raised)
        .corner_radius(CORNER)
        .inner_margin(Margin::symmetric(10, 6))
        .show(ui, |ui| {
            ui.with_layout(Layout::right_to_left(Align::TOP), |ui| {
                if icon_button(ui, Icon::Copy, &format!("Copy {what}")).clicked() {
                    actions.push(Action::Copy(text.to_owned()));
                }
                ui.with_layout(Layout::top_down(Align::LEFT), |ui| {
                    ui.add_space(3.0);
                    ui.add(Label::new(theme::mono(text)).wrap());
                });
            });
        });
}

/// What an empty place says: what is not there, and what to do next.
pub fn empty(ui: &mut Ui, icon: Icon, head: &str, sentence: &str) {
    let theme = Theme::of(ui);
    let height = ui.available_height();
    ui.vertical_centered(|ui| {
        ui.add_space((height / 2.0 - 60.0).max(space(4)));
        let picture = theme::icon_sized(icon, 28.0).color(theme.dim);
        decoration(ui, picture);
        ui.add_space(space(1));
        ui.label(theme::heading(head));
        ui.scope(|ui| {
            ui.set_max_width(460.0);
            ui.add(Label::new(RichText::new(sentence).color(theme.dim)).wrap());
        });
        ui.allocate_space(vec2(0.0, 0.0));
    });
}
