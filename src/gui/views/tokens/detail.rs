//! One token: what it is, where it came from and went, and what it says.

use eframe::egui::{Align, Label, Layout, RichText, Ui};
use lucide_icons::Icon;

use super::claims::{self, ClaimRow};
use super::{lifetime, standing};
use crate::capture::SessionId;
use crate::flow::{CheckState, TrackedToken};
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{self, Cell, tidy};
use crate::http::Secret;
use crate::jwt::{Jwt, Signature, Token};

/// The most links to sessions that are shown.
const MOST_LINKS: usize = 12;

/// Draws a token.
pub(super) fn ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    token: &TrackedToken,
    actions: &mut Vec<Action>,
) {
    let theme = context.theme;
    ui.spacing_mut().item_spacing.y = 6.0;
    let purpose = tidy(&standing::purpose(token), 80);
    let mut head = format!("{} {}", token.id, standing::name(token));
    if !purpose.is_empty() {
        head = format!("{head} for {purpose}");
    }
    ui.add(Label::new(theme::title(head)).wrap());
    ui.add(Label::new(RichText::new(standing::sentence(token)).color(theme.dim)).wrap());
    way(ui, token, theme, actions);
    match &token.token {
        Token::Jwt(jwt) => {
            readable(ui, context, token, jwt, actions);
            nested(ui, context, token, actions);
        }
        Token::Encrypted(encrypted) => {
            widgets::rule(ui, "Header");
            ui.spacing_mut().item_spacing.y = 0.0;
            table(ui, &claims::header_rows(encrypted.header()));
        }
        Token::Opaque(length) => {
            let text = format!("{length} characters, none of them readable");
            ui.label(RichText::new(text).color(theme.dim));
        }
    }
}

/// Where the token was issued, where it was used, and what is known of its signature.
fn way(ui: &mut Ui, token: &TrackedToken, theme: &Theme, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space(1);
        match token.issued_in {
            Some(session) => {
                dim(ui, "Issued in");
                session_link(ui, "session ", session, actions);
            }
            None if token.carried_by.is_some() => dim(ui, "Travels inside"),
            None => dim(ui, "Its issue is not in this capture"),
        }
        if let Some(carrier) = token.carried_by
            && widgets::link(ui, &carrier.to_string()).clicked()
        {
            actions.push(Action::SelectToken(carrier));
        }
        if let Some(first) = token.used_in.first() {
            dim(ui, "· used in");
            // Commas bring their own space.
            ui.spacing_mut().item_spacing.x = 0.0;
            session_link(ui, "session ", *first, actions);
            for session in token.used_in.iter().skip(1).take(MOST_LINKS - 1) {
                dim(ui, ", ");
                session_link(ui, "", *session, actions);
            }
            if token.used_in.len() > MOST_LINKS {
                dim(ui, &format!(" and {} more", token.used_in.len() - MOST_LINKS));
            }
        } else if token.carried_by.is_none() {
            dim(ui, "· never sent to a server, as far as the capture shows");
        }
    });
    if token.jwt().is_some() {
        let (icon, color) = match token.signature {
            Signature::Verified => (Icon::ShieldCheck, theme.ok),
            Signature::Invalid => (Icon::ShieldX, theme.error),
            Signature::NotChecked => (Icon::Shield, theme.dim),
            Signature::Absent => (Icon::ShieldOff, theme.dim),
        };
        let text = standing::signature(token.signature);
        ui.horizontal(|ui| {
            widgets::glyph(ui, icon, color, token.signature.id());
            ui.label(theme::small(text).color(color));
        });
    }
}

fn dim(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).color(Theme::of(ui).dim));
}

fn session_link(ui: &mut Ui, before: &str, session: SessionId, actions: &mut Vec<Action>) {
    if widgets::link(ui, &format!("{before}{session}")).clicked() {
        actions.push(Action::SelectSession(session));
    }
}

fn readable(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    token: &TrackedToken,
    jwt: &Jwt,
    actions: &mut Vec<Action>,
) {
    lifetime::ui(ui, token, jwt, context.analysis);
    ui.horizontal(|ui| {
        ui.label(theme::overline("Claims").color(context.theme.dim));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            widgets::copy_button(ui, "header and claims as JSON", || claims::json(jwt), actions);
        });
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    table(ui, &claims::rows(token, jwt, context.analysis));
    ui.add_space(space(2));
    widgets::rule(ui, "Header");
    table(ui, &claims::header_rows(jwt.header()));
    ui.add_space(space(3));
    let masked = Secret::new(jwt.raw()).to_string();
    dim(ui, &format!("The token itself stays masked: {masked}"));
}

/// The tokens inside this one, each as a table of its own.
fn nested(ui: &mut Ui, context: &ViewContext<'_>, token: &TrackedToken, actions: &mut Vec<Action>) {
    let inner = context.analysis.flows.tokens.iter().find(|t| t.carried_by == Some(token.id));
    let Some((inner, jwt)) = inner.and_then(|t| Some((t, t.jwt()?))) else { return };
    ui.add_space(space(5));
    ui.horizontal(|ui| {
        ui.label(theme::heading(format!("Inside: {} {}", inner.id, standing::name(inner))));
        if widgets::link(ui, "Open").clicked() {
            actions.push(Action::SelectToken(inner.id));
        }
    });
    dim(ui, standing::sentence(inner));
    ui.add_space(space(1));
    table(ui, &claims::rows(inner, jwt, context.analysis));
}

fn table(ui: &mut Ui, rows: &[ClaimRow]) {
    for row in rows {
        table_row(ui, row);
    }
}

fn table_row(ui: &mut Ui, row: &ClaimRow) {
    let theme = Theme::of(ui);
    let width = ui.available_width();
    let name = 112.0;
    let checks = (width * 0.24).floor();
    let value = ((width - name - checks) * 0.5).floor();
    let tail = if row.check.is_some() { checks } else { 0.0 };
    let failed = matches!(row.check, Some((CheckState::Failed, _)));
    let name_color = if failed { theme.error } else { theme.dim };
    let cells = vec![
        Cell::new(theme::mono(&row.name).color(name_color), name),
        Cell::new(theme::mono(&row.value).color(theme.text), value),
        Cell::new(RichText::new(&row.meaning).color(theme.dim), 0.0),
    ];
    let ground = failed.then_some(theme.error_surface);
    widgets::row(ui, cells, ground, tail, |ui| {
        let Some((state, message)) = &row.check else { return };
        let (icon, color, word) = match state {
            CheckState::Ok => (Icon::Check, theme.ok, "agrees"),
            CheckState::Failed => (Icon::X, theme.error, "does not agree"),
            CheckState::NotChecked => (Icon::Minus, theme.dim, "not checked"),
        };
        ui.with_layout(Layout::left_to_right(Align::TOP), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.add_space(2.0);
            ui.vertical(|ui| {
                ui.add_space(3.0);
                ui.horizontal_top(|ui| {
                    widgets::glyph(ui, icon, color, word);
                    ui.add(Label::new(RichText::new(message).color(color)).wrap());
                });
                ui.add_space(4.0);
            });
        });
    });
}
