//! The selected session in detail: what matters is explained where it stands, secrets are masked until asked for.

mod auth;
mod clipboard;
mod fix;
mod headers;
mod meaning;
mod message;
mod timing;
mod token;

use std::collections::HashSet;

use eframe::egui::{Align, Frame, Layout, Margin, Panel, Role, ScrollArea, Ui, WidgetInfo};
use lucide_icons::Icon;

pub(super) use clipboard::curl;

use super::action::Action;
use super::command::Command;
use super::theme::{self, space};
use super::views::ViewContext;
use super::widgets;
use crate::capture::{Session, SessionId};
use crate::flow::Reading;
use crate::report::{self, ShownBody};
use crate::rules::Part;

/// From which width on the fix stands beside the details.
const WIDE: f32 = 860.0;

/// A page of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Page {
    Request,
    #[default]
    Response,
    Auth,
    Token,
    Timing,
    Raw,
}

impl Page {
    const ALL: [Self; 6] =
        [Self::Request, Self::Response, Self::Auth, Self::Token, Self::Timing, Self::Raw];

    const fn text(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::Auth => "Auth",
            Self::Token => "Token",
            Self::Timing => "Timing",
            Self::Raw => "Raw",
        }
    }

    const fn of_part(part: Part) -> Option<Self> {
        match part {
            Part::RequestLine | Part::RequestHeader | Part::RequestBody => Some(Self::Request),
            Part::Status | Part::ResponseHeader | Part::ResponseBody => Some(Self::Response),
            Part::Token => Some(Self::Token),
            Part::Capture => None,
        }
    }
}

/// The inspector's own look.
#[derive(Debug, Default)]
pub(super) struct Inspector {
    page: Page,
    seen: u64,
    session: Option<SessionId>,
    /// Values that were asked to be shown, by place; forgotten when another session is selected.
    revealed: HashSet<String>,
    /// Bodies of request and answer, and the raw text, as shown.
    request_body: Option<ShownBody>,
    response_body: Option<ShownBody>,
    raw: String,
}

/// What the pages read.
struct Subject<'a> {
    view: &'a ViewContext<'a>,
    session: &'a Session,
    reading: Option<&'a Reading>,
}

impl Inspector {
    /// Masks again what was asked to be shown; whether there was something.
    pub(super) fn mask_all(&mut self) -> bool {
        let shown = !self.revealed.is_empty();
        self.revealed.clear();
        shown
    }

    fn follow(&mut self, context: &ViewContext<'_>, session: &Session) {
        if self.session != Some(session.id) {
            self.session = Some(session.id);
            self.revealed.clear();
            self.request_body =
                Some(ShownBody::of(&session.request.body, &session.request.headers));
            self.response_body =
                session.response.as_ref().map(|r| ShownBody::of(&r.body, &r.headers));
            self.raw = report::message(session);
        }
        if self.seen != context.selection.revision {
            self.seen = context.selection.revision;
            let evidence =
                context.selection.evidence.as_ref().filter(|e| e.session == Some(session.id));
            if let Some(page) = evidence.and_then(|e| Page::of_part(e.part)) {
                self.page = page;
            }
        }
    }

    /// Draws the inspector.
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let analysis = context.analysis;
        let Some(session) = context.selection.session.and_then(|id| analysis.capture.session(id))
        else {
            widgets::empty(
                ui,
                Icon::MousePointerClick,
                "No session selected",
                "Click a session in the timeline or in the table to see what was sent and what came back",
            );
            return;
        };
        self.follow(context, session);
        let subject =
            Subject { view: context, session, reading: analysis.flows.reading(session.id) };
        self.bar(ui, &subject, actions);
        let finding = analysis.findings_at(session.id).max_by_key(|f| f.severity);
        if let Some(finding) = finding
            && ui.available_width() > WIDE
        {
            let frame =
                Frame::new().inner_margin(Margin { left: 12, right: 16, top: 4, bottom: 12 });
            Panel::right("fix")
                .default_size(400.0)
                .size_range(280.0..=560.0)
                .frame(frame)
                .show_separator_line(false)
                .show(ui, |ui| fix::ui(ui, finding, context, actions));
        }
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 12, top: 0, bottom: 8 });
        eframe::egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            ScrollArea::both()
                .id_salt(("inspector", self.page, session.id.0))
                .auto_shrink(false)
                .show(ui, |ui| {
                    match self.page {
                        Page::Request => self.request(ui, &subject, actions),
                        Page::Response => self.response(ui, &subject, actions),
                        Page::Auth => auth::ui(ui, &subject, actions),
                        Page::Token => token::ui(ui, &subject, actions),
                        Page::Timing => timing::ui(ui, &subject),
                        Page::Raw => self.raw(ui),
                    }
                    ui.add_space(space(2));
                });
        });
    }

    fn bar(&mut self, ui: &mut Ui, subject: &Subject<'_>, actions: &mut Vec<Action>) {
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 12, top: 4, bottom: 2 });
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space(4);
                ui.set_min_height(30.0);
                let head = format!("Session {}", subject.session.id);
                let response = ui.label(theme::strong(&head));
                response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &head));
                for page in Page::ALL {
                    if widgets::tab(ui, page.text(), None, self.page == page, 30.0).clicked() {
                        self.page = page;
                    }
                }
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = space(1);
                    if widgets::icon_button(ui, Icon::X, "Hide the inspector").clicked() {
                        actions.push(Action::Run(Command::ToggleInspector));
                    }
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
                });
            });
        });
    }
}

/// Recorded text on one line and of a length that can be laid out.
fn shown(text: &str) -> String {
    widgets::tidy(text, 4000)
}
