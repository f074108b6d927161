//! One token: what it is, where it came from and went, and what it says.

use eframe::egui::{Align, Color32, Label, Layout, RichText, TextEdit, Ui};
use lucide_icons::Icon;

use super::claims::{self, ClaimRow};
use super::{lifetime, standing};
use crate::capture::SessionId;
use crate::flow::{CheckState, TokenRole, TrackedToken};
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{self, Cell, tidy};
use crate::http::Secret;
use crate::jwt::{Jwt, Signature, Token};
use crate::rules::{Evidence, Part};

/// The most links to sessions that are shown.
const MOST_LINKS: usize = 12;

/// Draws a token. `filter` is what its claims are searched for.
pub(super) fn ui(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    token: &TrackedToken,
    filter: &mut String,
    actions: &mut Vec<Action>,
) {
    let theme = context.theme;
    ui.spacing_mut().item_spacing.y = 6.0;
    let head = head(token);
    ui.add(Label::new(theme::title(&head)).wrap());
    ui.add(Label::new(RichText::new(standing::sentence(token)).color(theme.dim)).wrap());
    way(ui, token, theme, actions);
    match &token.token {
        Token::Jwt(jwt) => {
            readable(ui, context, token, jwt, filter, actions);
            nested(ui, context, token, filter, actions);
        }
        Token::Encrypted(encrypted) => {
            widgets::rule(ui, "Header");
            ui.spacing_mut().item_spacing.y = 0.0;
            let place = place(token, context);
            table(ui, &claims::header_rows(encrypted.header()), &place, actions);
        }
        Token::Opaque(length) => {
            let text = format!("{length} characters, none of them readable");
            ui.label(RichText::new(text).color(theme.dim));
        }
    }
}

/// `t1 Access token for mail.contoso.com`
fn head(token: &TrackedToken) -> String {
    let purpose = tidy(&standing::purpose(token), 80);
    let name = format!("{} {}", token.id, standing::name(token));
    if purpose.is_empty() { name } else { format!("{name} for {purpose}") }
}

/// Where the token stands in the capture: in the request that used it first, else where it was issued or seen.
fn place(token: &TrackedToken, context: &ViewContext<'_>) -> Evidence {
    let tokens = &context.analysis.flows;
    // An actor token stands where the token stands that carries it.
    let token = token.carried_by.and_then(|id| tokens.token(id)).unwrap_or(token);
    let (session, part, name) = match (token.used_in.first(), token.issued_in, token.role) {
        (Some(session), _, _) => (*session, Part::RequestHeader, "Authorization"),
        (None, Some(session), TokenRole::Id) => (session, Part::ResponseBody, "id_token"),
        (None, Some(session), _) => (session, Part::ResponseBody, "access_token"),
        (None, None, _) => (token.seen_in, Part::RequestBody, "client_assertion"),
    };
    let value = String::new();
    Evidence { session: Some(session), part, name: name.to_owned(), value }
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
            let to =
                token.sent_to.as_deref().map(|origin| format!(", sent to {}", tidy(origin, 80)));
            dim(
                ui,
                &format!(
                    "·{} used in",
                    to.map_or(String::new(), |to| to.replacen(", ", " ", 1) + ",")
                ),
            );
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
    filter: &mut String,
    actions: &mut Vec<Action>,
) {
    lifetime::ui(ui, token, jwt, context.analysis);
    let rows = claims::rows(token, jwt, context.analysis);
    let wanted = filter.trim().to_lowercase();
    let fitting: Vec<&ClaimRow> = rows.iter().filter(|row| row.mentions(&wanted)).collect();
    ui.horizontal(|ui| {
        ui.label(theme::overline("Claims").color(context.theme.dim));
        let count = if wanted.is_empty() {
            rows.len().to_string()
        } else {
            format!("{} of {}", fitting.len(), rows.len())
        };
        ui.label(theme::small(count).color(context.theme.dim));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            widgets::copy_button(ui, "header and claims as JSON", || claims::json(jwt), actions);
            if widgets::icon_button(ui, Icon::FileText, "Copy claims as Markdown").clicked() {
                actions.push(Action::Copy(claims::markdown(&head(token), &rows)));
            }
            let hint = RichText::new("Search claims").color(context.theme.dim);
            let field = TextEdit::singleline(filter).hint_text(hint).desired_width(160.0);
            ui.add(field).accessible_name("Search claims");
        });
    });
    ui.spacing_mut().item_spacing.y = 0.0;
    let place = place(token, context);
    if fitting.is_empty() {
        ui.add_space(space(2));
        dim(ui, "No claim mentions that; clear the search to see all of them");
    }
    for row in fitting {
        table_row(ui, row, &place, actions);
    }
    ui.add_space(space(2));
    widgets::rule(ui, "Header");
    table(ui, &claims::header_rows(jwt.header()), &place, actions);
    ui.add_space(space(3));
    let masked = Secret::new(jwt.raw()).to_string();
    dim(ui, &format!("The token itself stays masked: {masked}"));
}

/// The tokens inside this one, each as a table of its own.
fn nested(
    ui: &mut Ui,
    context: &ViewContext<'_>,
    token: &TrackedToken,
    filter: &str,
    actions: &mut Vec<Action>,
) {
    let wanted = filter.trim().to_lowercase();
    let inside = context.analysis.flows.tokens.iter().filter(|t| t.carried_by == Some(token.id));
    for (inner, jwt) in inside.filter_map(|t| Some((t, t.jwt()?))) {
        ui.add_space(space(5));
        ui.horizontal(|ui| {
            ui.label(theme::heading(format!("Inside: {} {}", inner.id, standing::name(inner))));
            if widgets::link(ui, "Open").clicked() {
                actions.push(Action::SelectToken(inner.id));
            }
        });
        dim(ui, standing::sentence(inner));
        ui.add_space(space(1));
        let rows = claims::rows(inner, jwt, context.analysis);
        let place = place(inner, context);
        ui.push_id(inner.id, |ui| {
            for row in rows.iter().filter(|row| row.mentions(&wanted)) {
                table_row(ui, row, &place, actions);
            }
        });
    }
}

fn table(ui: &mut Ui, rows: &[ClaimRow], place: &Evidence, actions: &mut Vec<Action>) {
    for row in rows {
        table_row(ui, row, place, actions);
    }
}

/// A claim: name, value, meaning, check, and buttons that show while the row is looked at.
fn table_row(ui: &mut Ui, row: &ClaimRow, place: &Evidence, actions: &mut Vec<Action>) {
    const NAME: f32 = 112.0;
    const BUTTONS: f32 = 56.0;
    /// From this width on, meaning and check have columns of their own.
    const WIDE: f32 = 620.0;
    let theme = Theme::of(ui);
    let width = ui.available_width();
    let wide = width >= WIDE;
    let checks = if wide && row.check.is_some() { (width * 0.24).floor() } else { 0.0 };
    let failed = matches!(row.check, Some((CheckState::Failed, _)));
    let name_color = if failed { theme.error } else { theme.dim };
    let name = Cell::new(theme::mono(&row.name).color(name_color), NAME);
    let value = theme::mono(&row.value).color(theme.text);
    let meaning = RichText::new(&row.meaning).color(theme.dim);
    let cells = if wide {
        let half = ((width - NAME - (width * 0.24).floor() - BUTTONS) * 0.5).floor();
        let mut value = Cell::new(value, half);
        if !row.local.is_empty() {
            value = value.note(theme::small(&row.local).color(theme.dim));
        }
        vec![name, value, Cell::new(meaning, 0.0)]
    } else {
        let mut value = Cell::new(value, 0.0);
        if !row.local.is_empty() {
            value = value.note(theme::small(&row.local).color(theme.dim));
        }
        value = value.note(meaning);
        if let Some((state, message)) = &row.check {
            let (_, color, word) = mark(*state, theme);
            let text = format!("{word}: {message}");
            value = value.note(RichText::new(text).color(color));
        }
        vec![name, value]
    };
    let ground = failed.then_some(theme.error_surface);
    let top = ui.cursor().top();
    let hot = ui.input(|i| i.pointer.hover_pos()).is_some_and(|at| {
        at.y >= top && at.y < top + 26.0 && ui.max_rect().x_range().contains(at.x)
    });
    widgets::row(ui, cells, ground, checks + BUTTONS, |ui| {
        buttons(ui, row, place, hot, actions);
        if checks > 0.0 {
            ui.with_layout(Layout::left_to_right(Align::TOP), |ui| check(ui, row));
        }
    });
}

const fn mark(state: CheckState, theme: &Theme) -> (Icon, Color32, &'static str) {
    match state {
        CheckState::Ok => (Icon::Check, theme.ok, "Agrees"),
        CheckState::Failed => (Icon::X, theme.error, "Does not agree"),
        CheckState::NotChecked => (Icon::Minus, theme.dim, "Not checked"),
    }
}

fn check(ui: &mut Ui, row: &ClaimRow) {
    let theme = Theme::of(ui);
    let Some((state, message)) = &row.check else { return };
    let (icon, color, word) = mark(*state, theme);
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
}

/// Copy a claim, and go to where it stands. They are there for the keyboard at any time, and show under the pointer.
fn buttons(ui: &mut Ui, row: &ClaimRow, place: &Evidence, hot: bool, actions: &mut Vec<Action>) {
    ui.scope(|ui| {
        let held = ui.memory(eframe::egui::Memory::focused).is_some();
        ui.multiply_opacity(if hot || held { 1.0 } else { 0.0 });
        let name = format!("Show where {} stands", row.name);
        if widgets::icon_button(ui, Icon::CornerUpRight, &name).clicked() {
            actions.push(Action::ShowEvidence(place.clone()));
        }
        widgets::copy_button(ui, &row.name, || format!("{}: {}", row.name, row.value), actions);
    });
}
