//! The selected session in detail: what matters is explained where it stands, secrets are masked until asked for.

mod auth;
mod bar;
mod body;
mod cookies;
mod copy;
mod details;
mod find;
mod fix;
mod headers;
mod meaning;
mod message;
mod raw;
mod row;
mod task;
mod timing;
mod token;

use std::collections::HashSet;

use eframe::egui::{CentralPanel, Context, Frame, Id, Margin, Panel, ScrollArea, Ui};
use lucide_icons::Icon;

pub(super) use copy::curl;

use super::action::Action;
use super::theme::space;
use super::views::ViewContext;
use super::widgets;
use crate::capture::{Session, SessionId};
use crate::flow::Reading;
use crate::rules::{Evidence, Part};
use body::{Around, Lines, Pane};
use find::Find;
use row::Pen;
use timing::Before;

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
    Cookies,
    Timing,
    Raw,
}

impl Page {
    const ALL: [Self; 7] = [
        Self::Request,
        Self::Response,
        Self::Auth,
        Self::Token,
        Self::Cookies,
        Self::Timing,
        Self::Raw,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Response => "Response",
            Self::Auth => "Auth",
            Self::Token => "Token",
            Self::Cookies => "Cookies",
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
#[derive(Default)]
pub(super) struct Inspector {
    page: Page,
    seen: u64,
    session: Option<SessionId>,
    /// Values that were asked to be shown, by place; forgotten when another session is selected.
    revealed: HashSet<String>,
    request_body: Option<Pane>,
    response_body: Option<Pane>,
    /// The raw text: whether with secrets, whether with both bodies.
    raw: Option<(bool, bool, Lines)>,
    before: Option<Before>,
    find: Find,
    /// Whether what a finding led to is still to be scrolled to.
    lead: bool,
    /// Whether a finding's fix stands beside the page.
    has_fix: bool,
}

/// What the pages read.
struct Subject<'a> {
    view: &'a ViewContext<'a>,
    session: &'a Session,
    reading: Option<&'a Reading>,
}

impl Subject<'_> {
    /// What a finding led to, if it stands in this part of this session.
    fn evidence(&self, part: Part) -> Option<&Evidence> {
        let evidence = self.view.selection.evidence.as_ref();
        evidence.filter(|e| e.session == Some(self.session.id) && e.part == part)
    }
}

/// Notes that a part of the inspector moves by arrow keys itself.
fn own_keys(ctx: &Context, id: Id) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("inspector keys"), id));
}

/// Whether the keyboard's focus is on a part of the inspector that moves by arrow keys itself.
pub(super) fn owns_keys(ctx: &Context) -> bool {
    let owner = ctx.data(|data| data.get_temp::<Id>(Id::unique("inspector keys")));
    owner.is_some() && owner == ctx.memory(eframe::egui::Memory::focused)
}

impl Inspector {
    /// Masks again what was asked to be shown; whether there was something.
    pub(super) fn mask_all(&mut self) -> bool {
        let shown = !self.revealed.is_empty();
        self.revealed.clear();
        shown
    }

    fn follow(&mut self, ctx: &Context, context: &ViewContext<'_>, session: &Session) {
        if self.session != Some(session.id) {
            self.session = Some(session.id);
            self.revealed.clear();
            let around = |is_answer| Around {
                path: session.request.target.path().to_owned(),
                call: session.request.headers.get("x-requesttype").unwrap_or_default().to_owned(),
                is_answer,
            };
            let request = &session.request;
            let name = "request body";
            self.request_body =
                Some(Pane::new(name, &request.body, &request.headers, around(false), ctx));
            self.response_body = session
                .response
                .as_ref()
                .map(|r| Pane::new("response body", &r.body, &r.headers, around(true), ctx));
            self.raw = None;
            self.before = Before::of(context.analysis, session);
        }
        if self.seen != context.selection.revision {
            self.seen = context.selection.revision;
            let evidence = context.selection.evidence.as_ref();
            if let Some(evidence) = evidence.filter(|e| e.session == Some(session.id)) {
                self.follow_evidence(evidence);
            }
        }
    }

    /// Leads to the exact place of a piece of evidence.
    fn follow_evidence(&mut self, evidence: &Evidence) {
        if let Some(page) = Page::of_part(evidence.part) {
            self.page = page;
        }
        self.lead = true;
        let body = match evidence.part {
            Part::RequestBody => &mut self.request_body,
            Part::ResponseBody => &mut self.response_body,
            _ => return,
        };
        if let Some(body) = body {
            body.lead_to(&evidence.name, &evidence.value);
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
        self.follow(ui.ctx(), context, session);
        let subject =
            Subject { view: context, session, reading: analysis.flows.reading(session.id) };
        self.bar(ui, &subject, actions);
        let finding = analysis.findings_at(session.id).max_by_key(|f| f.severity);
        self.has_fix = finding.is_some() && ui.available_width() > WIDE;
        if let Some(finding) = finding.filter(|_| self.has_fix) {
            let frame =
                Frame::new().inner_margin(Margin { left: 12, right: 16, top: 4, bottom: 12 });
            Panel::right("fix")
                .default_size(400.0)
                .size_range(280.0..=560.0)
                .frame(frame)
                .show_separator_line(false)
                .show(ui, |ui| fix::ui(ui, finding, context, actions));
        }
        let frame = Frame::new().inner_margin(Margin { left: 12, right: 12, top: 0, bottom: 8 });
        CentralPanel::default().frame(frame).show(ui, |ui| {
            ScrollArea::both()
                .id_salt(("inspector", self.page, session.id.0))
                .auto_shrink(false)
                .show(ui, |ui| {
                    let frame = Frame::new().inner_margin(Margin { left: 8, ..Margin::ZERO });
                    frame.show(ui, |ui| self.page_ui(ui, &subject, actions));
                });
        });
    }

    fn page_ui(&mut self, ui: &mut Ui, subject: &Subject<'_>, actions: &mut Vec<Action>) {
        let mut find = std::mem::take(&mut self.find);
        let mut revealed = std::mem::take(&mut self.revealed);
        find.begin(&subject.view.selection.highlight);
        let mut pen = Pen {
            theme: subject.view.theme,
            find: &mut find,
            revealed: &mut revealed,
            actions,
            lead: self.lead,
            has_fix: self.has_fix,
            veiled: subject.view.analysis.is_veiled,
            lines: 0,
        };
        match self.page {
            Page::Request => self.request(ui, subject, &mut pen),
            Page::Response => self.response(ui, subject, &mut pen),
            Page::Auth => auth::ui(ui, subject, &mut pen),
            Page::Token => token::ui(ui, subject, &mut pen),
            Page::Cookies => cookies::ui(ui, subject, &mut pen),
            Page::Timing => timing::ui(ui, subject, self.before, &mut pen),
            Page::Raw => self.raw(ui, subject, &mut pen),
        }
        self.lead = false;
        if find.end() {
            ui.ctx().request_repaint();
        }
        self.find = find;
        self.revealed = revealed;
        ui.add_space(space(2));
    }
}

/// Recorded text on one line and of a length that can be laid out.
fn shown(text: &str) -> String {
    widgets::tidy(text, 4000)
}
