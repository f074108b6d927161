//! The bar at the top: the file's name, the menus, the filter.

use eframe::egui::{Align, Button, Frame, Id, Layout, Margin, Panel, RichText, TextEdit, Ui, vec2};
use lucide_icons::Icon;

use crate::gui::action::Action;
use crate::gui::command::{Command, Menu};
use crate::gui::document::Document;
use crate::gui::format::grouped;
use crate::gui::settings::Settings;
use crate::gui::theme::{self, Appearance, Theme, space};
use crate::gui::views::{View, ViewContext};
use crate::gui::widgets;

/// The filter box's id, to give it the cursor.
pub(in crate::gui) fn filter_id() -> Id {
    Id::unique("filter of the sessions")
}

/// Draws the bar. It is `named` after the capture where no tab is.
pub(in crate::gui) fn ui(
    ui: &mut Ui,
    document: Option<&mut Document>,
    named: bool,
    settings: &Settings,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.panel).inner_margin(Margin::symmetric(14, 0));
    Panel::top("menu bar").frame(frame).exact_size(40.0).resizable(false).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            // With large type in a small window the name gives way; the title of the window has it.
            if named && ui.available_width() > 640.0 {
                let name =
                    document.as_ref().map_or("HMA Trace Analyzer".to_owned(), |d| d.source.name());
                ui.label(theme::strong(widgets::tidy(&name, 48))).on_hover_text(name);
                ui.add_space(space(1));
            }
            let has_capture = document.is_some();
            ui.scope(|ui| {
                let widgets = &mut ui.visuals_mut().widgets;
                widgets.inactive.weak_bg_fill = theme.panel;
                widgets.inactive.bg_stroke.color = theme.panel;
                widgets.hovered.bg_stroke.color = theme.raised;
                widgets.open.bg_stroke.color = theme.raised;
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.spacing_mut().button_padding = vec2(8.0, 4.0);
                for menu in Menu::ALL {
                    let text = RichText::new(menu.text()).color(theme.dim);
                    ui.menu_button(text, |ui| menu_ui(ui, menu, has_capture, settings, actions));
                }
            });
            if let Some(document) = document {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    filter_ui(ui, document, actions);
                });
            }
        });
    });
}

fn menu_ui(
    ui: &mut Ui,
    menu: Menu,
    has_capture: bool,
    settings: &Settings,
    actions: &mut Vec<Action>,
) {
    ui.set_min_width(240.0);
    for command in Command::ALL.into_iter().filter(|c| c.menu() == menu) {
        if command.begins_group() {
            ui.separator();
        }
        let chosen = match command {
            Command::SystemAppearance => settings.appearance == Appearance::System,
            Command::DarkAppearance => settings.appearance == Appearance::Dark,
            Command::LightAppearance => settings.appearance == Appearance::Light,
            Command::HighContrastAppearance => settings.appearance == Appearance::HighContrast,
            _ => false,
        };
        let mut button = Button::new(command.text()).selected(chosen);
        if command.shortcut().is_some() {
            button = button.shortcut_text(command.shortcut_text(ui.ctx()));
        }
        let enabled = has_capture || !command.needs_capture();
        let response = ui
            .add_enabled(enabled, button)
            .on_hover_text(command.tooltip())
            .on_disabled_hover_text("Open a capture first");
        if response.clicked() {
            actions.push(Action::Run(command));
            ui.close();
        }
    }
}

/// The filter stands at the right end; this is laid out from right to left.
fn filter_ui(ui: &mut Ui, document: &mut Document, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let mut text = document.sessions.filter().to_owned();
    if !text.is_empty() {
        let analysis = std::sync::Arc::clone(document.shown());
        let context = ViewContext {
            analysis: &analysis,
            selection: &document.selection,
            theme,
            others: &[],
            settings: &Settings::DEFAULT,
        };
        let fitting = document.sessions.count(&context);
        if widgets::icon_button(ui, Icon::X, "Clear the filter").clicked() {
            document.sessions.set_filter(String::new());
            return;
        }
        let all = document.analysis.capture.sessions.len();
        ui.label(
            theme::small(format!("{} of {}", grouped(fitting), grouped(all))).color(theme.dim),
        );
    }
    let width = (ui.available_width() - space(4)).clamp(120.0, 400.0);
    let hint = RichText::new("Filter, like host:mail status:401").color(theme.dim);
    let field = TextEdit::singleline(&mut text)
        .id(filter_id())
        .hint_text(hint)
        .margin(Margin::symmetric(10, 5))
        .desired_width(width - 20.0);
    let response = ui.add(field).accessible_name("Filter sessions").on_hover_text(
        "Words, and host: status: method: auth: process: actor: step: header:. A minus before one excludes it",
    );
    if response.changed() {
        document.sessions.set_filter(text);
        if document.view != View::Sessions {
            actions.push(Action::ShowView(View::Sessions));
        }
    }
}
