//! Every token once, decoded: what it says, whether it fits where it was sent, where it came from.

mod claims;
mod detail;
mod lifetime;
mod list;
mod standing;

use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};
use lucide_icons::Icon;

use self::standing::Standing;
use super::ViewContext;
use crate::flow::{CheckState, TokenId, TrackedToken};
use crate::gui::action::Action;
use crate::gui::theme::space;
use crate::gui::widgets;

/// The view's own look.
#[derive(Debug, Default)]
pub struct Tokens {
    /// The token shown last, to begin at the top of another.
    shown: Option<TokenId>,
}

impl Tokens {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let Some(token) = chosen(context) else {
            widgets::empty(
                ui,
                Icon::KeyRound,
                "No tokens",
                "Nothing in this capture carries a token; record from the start of Outlook, with HTTPS decryption on",
            );
            return;
        };
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
                    detail::ui(ui, context, token, actions);
                    ui.add_space(space(4));
                });
            });
        });
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
