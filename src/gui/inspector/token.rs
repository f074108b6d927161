//! The token that the session sends, or those that it receives.

use chrono::DateTime;
use eframe::egui::{RichText, Ui};
use lucide_icons::Icon;
use serde_json::Value;

use super::row::{Pen, Row};
use super::{Subject, auth, shown};
use crate::flow::{CheckState, TrackedToken};
use crate::gui::action::Action;
use crate::gui::format;
use crate::gui::theme::{self, space};
use crate::gui::widgets;
use crate::http::{Secret, mask};
use crate::jwt::Token;
use crate::knowledge::claim;
use crate::rules::Part;

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
    let id = subject.session.id;
    let tokens: Vec<&TrackedToken> = subject
        .view
        .analysis
        .flows
        .tokens
        .iter()
        .filter(|t| t.used_in.contains(&id) || t.issued_in == Some(id) || t.seen_in == id)
        .collect();
    if tokens.is_empty() {
        widgets::empty(
            ui,
            Icon::KeyRound,
            "No token here",
            "This session neither sends nor receives a token; the Tokens view lists every token of the capture",
        );
        return;
    }
    for token in tokens {
        one(ui, token, subject, pen);
    }
}

fn one(ui: &mut Ui, token: &TrackedToken, subject: &Subject<'_>, pen: &mut Pen<'_>) {
    let theme = subject.view.theme;
    let part =
        if token.used_in.contains(&subject.session.id) { "sent here" } else { "received here" };
    ui.add_space(space(1));
    ui.horizontal(|ui| {
        widgets::badge(ui, &token.id.to_string(), theme.dim, theme.raised);
        ui.label(theme::strong(token.role.name()));
        ui.label(RichText::new(part).color(theme.dim));
        if widgets::link(ui, "Open in tokens").clicked() {
            pen.actions.push(Action::SelectToken(token.id));
        }
    });
    for check in token.checks.iter().filter(|_| !pen.veiled) {
        let (icon, color, word) = match check.state {
            CheckState::Ok => (Icon::Check, theme.ok, "agrees"),
            CheckState::Failed => (Icon::X, theme.error, "does not agree"),
            CheckState::NotChecked => (Icon::Minus, theme.dim, "not checked"),
        };
        ui.horizontal(|ui| {
            widgets::glyph(ui, icon, color, word);
            ui.label(RichText::new(shown(&check.message)).color(color));
        });
    }
    match &token.token {
        Token::Jwt(jwt) => {
            for (name, value) in jwt.claims() {
                claim_row(ui, name, value, &token.id.to_string(), subject, pen);
            }
        }
        Token::Encrypted(_) => {
            auth::sentence(
                ui,
                "This token is encrypted for the service; nobody but the service can read it",
            );
        }
        Token::Opaque(_) => {
            auth::sentence(
                ui,
                "This token is opaque: it is a reference that only its issuer can read",
            );
        }
    }
}

fn claim_row(
    ui: &mut Ui,
    name: &str,
    value: &Value,
    token: &str,
    subject: &Subject<'_>,
    pen: &mut Pen<'_>,
) {
    let led = subject.evidence(Part::Token);
    Row {
        name: &shown(name),
        value: &claim_text(name, value),
        meaning: claim::find(name).map_or("", |c| c.meaning),
        place: &format!("{token}/{name}"),
        is_marked: led.is_some_and(|evidence| evidence.name.eq_ignore_ascii_case(name)),
        ..Row::default()
    }
    .ui(ui, pen);
}

/// A claim as people read it: times as instants, tokens inside masked.
fn claim_text(name: &str, value: &Value) -> String {
    if matches!(name, "exp" | "iat" | "nbf" | "auth_time")
        && let Some(instant) = value.as_i64().and_then(|s| DateTime::from_timestamp(s, 0))
    {
        return format::instant(instant);
    }
    match mask::json(value) {
        Value::String(text) if mask::is_secret_field(name) => Secret::new(text).to_string(),
        Value::String(text) => shown(&text),
        Value::Array(items) => {
            let words: Vec<String> = items
                .iter()
                .map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned))
                .collect();
            shown(&words.join(", "))
        }
        other => shown(&other.to_string()),
    }
}
