//! The inspector's head: which session, which page, and what can be copied.

use eframe::egui::scroll_area::ScrollBarVisibility;
use eframe::egui::{Align, Frame, Layout, Margin, Popup, Role, ScrollArea, Ui, WidgetInfo};
use lucide_icons::Icon;

use super::body::copy_item;
use super::{Inspector, Page, Subject, body, copy};
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::theme::{self, space};
use crate::gui::widgets;
use crate::http::mask;

impl Inspector {
    pub(super) fn bar(&mut self, ui: &mut Ui, subject: &Subject<'_>, actions: &mut Vec<Action>) {
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 12, top: 4, bottom: 2 });
        let mut find = std::mem::take(&mut self.find);
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                let roomy = ui.available_width() > 700.0;
                ui.spacing_mut().item_spacing.x = if roomy { space(4) } else { space(3) };
                ui.set_min_height(30.0);
                let head = format!("Session {}", subject.session.id);
                let response = ui.label(theme::strong(&head));
                response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &head));
                // The buttons stay in sight; the pages scroll.
                let buttons = if roomy { 200.0 } else { 140.0 };
                ScrollArea::horizontal()
                    .id_salt("pages")
                    .scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden)
                    .max_width((ui.available_width() - buttons).max(80.0))
                    .show(ui, |ui| {
                        ui.horizontal(|ui| {
                            ui.set_min_height(30.0);
                            for page in Page::ALL {
                                let chosen = self.page == page;
                                let tab = widgets::tab(ui, page.text(), None, chosen, 30.0);
                                if tab.clicked() {
                                    self.page = page;
                                    tab.scroll_to_me(None);
                                }
                            }
                        });
                    });
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space(1);
                    if widgets::icon_button(ui, Icon::X, "Hide the inspector").clicked() {
                        actions.push(Action::Run(Command::ToggleInspector));
                    }
                    copy_menu(ui, subject, actions);
                    if widgets::icon_button(ui, Icon::FileText, "Copy session as Markdown")
                        .clicked()
                    {
                        actions.push(Action::Run(Command::CopyMarkdown));
                    }
                    if widgets::icon_button(ui, Icon::SquareTerminal, "Copy session as cURL")
                        .clicked()
                    {
                        actions.push(Action::Run(Command::CopyCurl));
                    }
                    let body = match self.page {
                        Page::Request => self.request_body.as_mut(),
                        Page::Response => self.response_body.as_mut(),
                        _ => None,
                    };
                    if let Some(body) = body.filter(|_| roomy)
                        && body.has_content()
                        && widgets::icon_button(ui, Icon::ArrowDownToLine, "Go to the body")
                            .clicked()
                    {
                        body.bring();
                    }
                    if roomy || !find.is_open() {
                        let name = "Find in this session";
                        if widgets::icon_button(ui, Icon::TextSearch, name).clicked() {
                            find.toggle();
                        }
                    }
                });
            });
            if find.is_open() {
                ui.horizontal(|ui| find.ui(ui));
            }
        });
        self.find = find;
    }
}

/// Everything of a session that can be copied; nothing of it is secret.
fn copy_menu(ui: &mut Ui, subject: &Subject<'_>, actions: &mut Vec<Action>) {
    let response = widgets::icon_button(ui, Icon::Copy, "Copy…");
    let session = subject.session;
    Popup::menu(&response).show(|ui| {
        let request = &session.request;
        let answer = session.response.as_ref();
        let address = || body::without_tokens(&mask::url(request.target.as_str()));
        copy_item(ui, "Copy address", address, actions);
        copy_item(ui, "Copy request headers", || copy::headers(&request.headers), actions);
        if let Some(answer) = answer {
            copy_item(ui, "Copy response headers", || copy::headers(&answer.headers), actions);
        }
        ui.separator();
        copy_item(ui, "Copy as cURL (bash)", || copy::curl(session), actions);
        copy_item(ui, "Copy as cURL (cmd)", || copy::curl_for_cmd(session), actions);
        copy_item(ui, "Copy as PowerShell", || copy::powershell(session), actions);
        if ui.button("Copy as Markdown").clicked() {
            actions.push(Action::Run(Command::CopyMarkdown));
        }
        ui.separator();
        ui.label(
            theme::small("Credentials are masked in every copy").color(subject.view.theme.dim),
        );
    });
}
