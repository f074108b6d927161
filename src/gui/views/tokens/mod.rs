//! Every token once, decoded: what it says, whether it fits where it was sent, where it came from.

mod claims;
mod detail;
mod lifetime;
mod list;
mod standing;

use eframe::egui::{CentralPanel, Frame, Key, Margin, Modifiers, Panel, ScrollArea, Ui};
use lucide_icons::Icon;

use self::standing::Standing;
use super::ViewContext;
use crate::analysis::Analysis;
use crate::flow::{CheckState, Outcome, Step, TokenId, TrackedToken};
use crate::gui::action::Action;
use crate::gui::theme::space;
use crate::gui::widgets;

/// The view's own look.
#[derive(Debug, Default)]
pub struct Tokens {
    /// The token shown last, to begin at the top of another.
    shown: Option<TokenId>,
    /// What the claims are searched for.
    filter: String,
}

impl Tokens {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let Some(token) = chosen(context) else {
            widgets::empty(ui, Icon::KeyRound, "No tokens", why_none(context.analysis));
            return;
        };
        keys(ui, context, token.id, actions);
        let changed = self.shown.replace(token.id) != Some(token.id);
        let frame = Frame::new().inner_margin(Margin::same(10));
        Panel::left("token-list")
            .default_size(290.0)
            .size_range(200.0..=420.0)
            .frame(frame)
            .show(ui, |ui| list::ui(ui, context, token.id, actions));
        let ground = Frame::new().fill(context.theme.panel);
        CentralPanel::default().frame(ground).show(ui, |ui| {
            let mut area = ScrollArea::vertical().id_salt("token").auto_shrink(false);
            if changed {
                area = area.vertical_scroll_offset(0.0);
            }
            area.show(ui, |ui| {
                let margin = Margin::symmetric(24, 18);
                Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.set_max_width(ui.available_width().min(1100.0));
                    detail::ui(ui, context, token, &mut self.filter, actions);
                    ui.add_space(space(4));
                });
            });
        });
    }
}

/// Up and down choose another token, unless the keyboard is elsewhere.
fn keys(ui: &Ui, context: &ViewContext<'_>, chosen: TokenId, actions: &mut Vec<Action>) {
    let elsewhere =
        ui.memory(|memory| memory.focused().is_some() || !memory.allows_interaction(ui.layer_id()));
    if elsewhere {
        return;
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let tokens = &context.analysis.flows.tokens;
    let at = tokens.iter().position(|token| token.id == chosen).unwrap_or(0);
    let to = if pressed(Key::ArrowDown) {
        Some(at + 1)
    } else if pressed(Key::ArrowUp) {
        at.checked_sub(1)
    } else {
        None
    };
    if let Some(token) = to.and_then(|to| tokens.get(to)) {
        actions.push(Action::SelectToken(token.id));
    }
}

/// Why a capture shows no token, and what to do about it.
fn why_none(analysis: &Analysis) -> &'static str {
    let found = |rule| analysis.findings.iter().any(|finding| finding.rule == rule);
    let verdict = &analysis.verdict;
    let before = matches!(verdict.step, Some(Step::Probe | Step::Challenge | Step::SignIn));
    if found("https-not-decrypted") {
        "HTTPS was not decrypted, so no token can be seen; turn on HTTPS decryption and record again"
    } else if found("export-sanitized") {
        "The browser left tokens out of this export; export again as HAR with sensitive data"
    } else if found("no-exchange-traffic") {
        "Nothing in this capture talks to Exchange; start the capture first, then Outlook"
    } else if verdict.outcome == Outcome::Broken && before {
        "The flow broke before a token was issued; fix what the verdict names, then record again"
    } else {
        "Nothing in this capture carries a token; record from the start of Outlook, with HTTPS decryption on"
    }
}

/// The selected token, else the first with something wrong, else the first.
fn chosen<'a>(context: &ViewContext<'a>) -> Option<&'a TrackedToken> {
    let flows = &context.analysis.flows;
    let failed = |t: &&TrackedToken| {
        t.checks.iter().any(|c| c.state == CheckState::Failed)
            || Standing::of(t, context.analysis) == Standing::Refused
    };
    context
        .selection
        .token
        .and_then(|id| flows.token(id))
        .or_else(|| flows.tokens.iter().find(failed))
        .or_else(|| flows.tokens.first())
}
