//! A body, looked at in the way that fits it best or in any other: as a tree, a form, parts, a page, a picture, text or hex.
//! What takes long is made off the frame; of long lists only the rows in sight are made.

mod content;
mod drawn;
mod fields;
mod hex;
mod json;
mod lines;
mod look;
mod page;
mod picture;
mod protocol;
mod tree;
mod tree_ui;
mod wrap;
mod xml;

use std::sync::Arc;

use eframe::egui::{Align, Button, Context, Label, Rect, Role, Ui, WidgetInfo, vec2};
use lucide_icons::Icon;

pub(super) use content::{Around, Content, hidden, without_tokens};
pub(super) use fields::{Field, pairs};
pub(super) use lines::Lines;

use super::row::{Pen, Row, Tone};
use super::task::Task;
use crate::gui::action::Action;
use crate::gui::theme::{self, space};
use crate::gui::widgets;
use crate::http::{Body, Headers};
use crate::knowledge::entra_error;
use drawn::Drawn;
use look::Look;

/// Bodies up to this size, in bytes, are read within a frame.
const AT_ONCE: usize = 128 * 1024;

/// How a body is looked at.
pub(super) struct Pane {
    /// `request body` or `response body`.
    name: &'static str,
    content: Task<Arc<Content>>,
    /// The way that was chosen; else the best.
    look: Option<Look>,
    drawn: Option<Drawn>,
    /// What a finding led to: a name and a value.
    lead: Option<(String, String)>,
    /// Whether the body is to be brought to the top of the page.
    brings: bool,
}

impl Pane {
    /// Begins to read a body.
    pub(super) fn new(
        name: &'static str,
        body: &Body,
        headers: &Headers,
        around: Around,
        ctx: &Context,
    ) -> Self {
        let heavy = body.len() > AT_ONCE;
        let (body, headers) = (body.clone(), headers.clone());
        let content = Task::run(heavy, ctx, move || Arc::new(Content::of(&body, &headers, around)));
        Self { name, content, look: None, drawn: None, lead: None, brings: false }
    }

    /// Leads to what proves a finding.
    pub(super) fn lead_to(&mut self, name: &str, value: &str) {
        self.lead = Some((name.to_owned(), value.to_owned()));
        self.look = None;
    }

    /// The body, once it is read.
    pub(super) fn content(&mut self) -> Option<Arc<Content>> {
        self.content.get().map(|content| Arc::clone(content))
    }

    /// Draws the error codes of Entra ID that the body names, with what they mean.
    pub(super) fn codes_ui(&mut self, ui: &mut Ui, pen: &mut Pen<'_>) {
        let codes = self.content().map(|content| content.codes.clone()).unwrap_or_default();
        for code in codes {
            explain_code(ui, pen, code, &format!("{}/code", self.name));
        }
    }

    /// Brings the body to the top of the page.
    pub(super) const fn bring(&mut self) {
        self.brings = true;
    }

    /// Whether there is, or may be, something to look at.
    pub(super) fn has_content(&mut self) -> bool {
        self.content().is_none_or(|content| content.nothing.is_none())
    }

    /// Draws the body with its head.
    pub(super) fn ui(&mut self, ui: &mut Ui, pen: &mut Pen<'_>) {
        let theme = pen.theme;
        ui.add_space(space(3));
        if std::mem::take(&mut self.brings) {
            let line = Rect::from_min_size(ui.cursor().min, vec2(1.0, ui.clip_rect().height()));
            ui.scroll_to_rect(line, Some(Align::TOP));
        }
        let Some(content) = self.content() else {
            ui.horizontal(|ui| {
                ui.label(theme::overline("Body").color(theme.dim));
                if self.content.has_failed() {
                    ui.label(theme::small("This body could not be read").color(theme.warning));
                } else {
                    ui.spinner();
                    ui.label(theme::small("Reading the body…").color(theme.dim));
                }
            });
            return;
        };
        if let Some(sentence) = content.nothing {
            ui.horizontal(|ui| {
                ui.label(theme::overline("Body").color(theme.dim));
                ui.label(theme::small(sentence).color(theme.dim));
            });
            return;
        }
        let place = format!("{}/secrets", self.name);
        let open = pen.revealed.contains(&place);
        let look = self.look.or_else(|| content.looks.first().copied()).unwrap_or_default();
        let look = self.head(ui, pen, &content, look, open, &place);
        ui.add_space(space(1));
        if self.drawn.as_ref().is_none_or(|drawn| drawn.look != look || drawn.open != open) {
            self.drawn = Some(Drawn::new(self.name, &content, look, open, ui.ctx()));
        }
        if let Some(drawn) = &mut self.drawn {
            drawn.ui(ui, pen, &content, &mut self.lead);
        }
    }

    /// What the body is, the ways to look at it, and what can be done with it.
    fn head(
        &mut self,
        ui: &mut Ui,
        pen: &mut Pen<'_>,
        content: &Content,
        look: Look,
        open: bool,
        place: &str,
    ) -> Look {
        let theme = pen.theme;
        let mut chosen = look;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space(2);
            ui.label(theme::overline("Body").color(theme.dim));
            let facts = content.facts.join(" · ");
            ui.add(Label::new(theme::small(facts).color(theme.dim)));
            if let Some(warning) = content.warning {
                let icon = theme::icon_sized(Icon::TriangleAlert, theme::SMALL + 1.0);
                widgets::decoration(ui, icon.color(theme.warning));
                ui.label(theme::small(warning).color(theme.warning));
            }
            ui.spacing_mut().item_spacing.x = 2.0;
            ui.add_space(space(2));
            for look in &content.looks {
                let is_chosen = *look == chosen;
                let color = if is_chosen { theme.text } else { theme.dim };
                let button = Button::selectable(is_chosen, theme::small(look.text()).color(color));
                let response = ui.add(button);
                let name = format!("Show {} as {}", self.name, look.text());
                response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
                if response.on_hover_text(&name).clicked() {
                    chosen = *look;
                    self.look = Some(*look);
                }
            }
            ui.add_space(space(1));
            if content.has_secrets() {
                let (icon, verb) = if open { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
                let name = format!("{verb} secrets of the {}", self.name);
                if widgets::icon_button(ui, icon, &name).clicked() && !pen.revealed.remove(place) {
                    pen.revealed.insert(place.to_owned());
                }
            }
            let copied = if content.is_text() { Some(content.text(open)) } else { None };
            if let Some(text) = copied {
                let name = self.name;
                widgets::copy_button(ui, name, || text.to_owned(), pen.actions);
            } else if content.len() <= AT_ONCE && (open || !content.has_secrets()) {
                let name = format!("{} as hex", self.name);
                widgets::copy_button(ui, &name, || hex::text(&content.bytes, AT_ONCE), pen.actions);
            }
        });
        chosen
    }
}

/// An error code of Entra ID with what it means and what to do about it.
pub(super) fn explain_code(ui: &mut Ui, pen: &mut Pen<'_>, code: u32, place: &str) {
    let name = format!("AADSTS{code}");
    let known = entra_error::find(code);
    let meaning =
        known.map_or("This code is not in the table of known ones", |known| known.meaning);
    let page = format!("https://login.microsoftonline.com/error?code={code}");
    let link = || page.clone();
    let all = || {
        known.map_or_else(String::new, |known| format!("{name}: {} {}", known.meaning, known.fix))
    };
    Row {
        name: &name,
        meaning,
        place: &format!("{place}/{code}"),
        tone: Tone::Part,
        more: &[
            ("Copy address of Microsoft's page on this code", &link),
            ("Copy meaning and fix", &all),
        ],
        ..Row::default()
    }
    .ui(ui, pen);
    if let Some(known) = known.filter(|_| !pen.has_fix) {
        let place = format!("{place}/{code}/fix");
        Row {
            name: "What to do",
            meaning: known.fix,
            place: &place,
            tone: Tone::Said,
            ..Row::default()
        }
        .ui(ui, pen);
    }
}

/// What a menu offers to do with a text.
pub(super) fn copy_item(
    ui: &mut Ui,
    what: &str,
    text: impl FnOnce() -> String,
    actions: &mut Vec<Action>,
) {
    if ui.button(what).clicked() {
        actions.push(Action::Copy(text()));
    }
}
