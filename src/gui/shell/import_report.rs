//! The dialog that says how reading the file went: what was mended, what is missing, what could not be read.

use eframe::egui::{Context, Label, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use super::modal;
use super::side_bar::note_title;
use crate::capture::{Capture, Effect, ImportReport, SessionId, session_ranges};
use crate::gui::action::Action;
use crate::gui::format::count;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;

/// Reasons that are listed.
const MOST_REASONS: usize = 200;

/// Sessions of a reason that can be clicked, and runs of numbers that are named behind them.
const MOST_LINKS: usize = 6;
const MOST_RANGES: usize = 8;

/// What the dialog shows, read once: a capture may have a hundred thousand notes.
#[derive(Debug)]
pub(in crate::gui) struct ImportDialog {
    summary: String,
    reasons: Vec<ReasonLine>,
    more: usize,
}

#[derive(Debug)]
struct ReasonLine {
    effect: Option<Effect>,
    title: &'static str,
    message: String,
    links: Vec<SessionId>,
    rest: String,
}

impl ImportDialog {
    /// Reads a capture's notes.
    pub(in crate::gui) fn of(capture: &Capture) -> Self {
        let report = ImportReport::of(capture);
        let counts = capture.counts;
        let summary = format!(
            "{}: {} as recorded, {} repaired, {} partial; {} could not be read",
            count(capture.sessions.len(), "session"),
            counts.read,
            counts.repaired,
            counts.partial,
            counts.skipped
        );
        let line = |reason: &crate::capture::Reason<'_>| {
            let (links, rest) = reason.sessions.split_at(reason.sessions.len().min(MOST_LINKS));
            // A session that was skipped is nowhere to be shown.
            let shown = capture.counts.skipped == 0 || reason.kind.effect() != Effect::Skipped;
            let (links, rest) = if shown { (links, rest) } else { (&[][..], &reason.sessions[..]) };
            ReasonLine {
                effect: (!reason.sessions.is_empty()).then_some(reason.kind.effect()),
                title: note_title(reason.kind),
                message: widgets::tidy(reason.message, 240),
                links: links.to_vec(),
                rest: session_ranges(rest, MOST_RANGES),
            }
        };
        let reasons = report.reasons.iter().take(MOST_REASONS).map(line).collect();
        let more = report.reasons.len().saturating_sub(MOST_REASONS);
        Self { summary, reasons, more }
    }

    /// Shows the dialog; false when it is done.
    pub(in crate::gui) fn ui(&self, ctx: &Context, actions: &mut Vec<Action>) -> bool {
        let mut open = true;
        let stays = modal::show(ctx, "Import report", 560.0, |ui| {
            let theme = Theme::of(ui);
            ui.add(Label::new(&self.summary).wrap());
            ui.add_space(space(2));
            if self.reasons.is_empty() {
                let text =
                    "Nothing was odd about the file: every session stands as it was recorded";
                ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
                return;
            }
            ScrollArea::vertical().max_height(420.0).auto_shrink([false, true]).show(ui, |ui| {
                ui.set_max_width(ui.available_width() - 12.0);
                for reason in &self.reasons {
                    if let Some(session) = reason.ui(ui) {
                        actions.push(Action::SelectSession(session));
                        open = false;
                    }
                    ui.add_space(space(2));
                }
                if self.more > 0 {
                    let text = format!("and {} more; the JSON report has all of them", self.more);
                    ui.label(RichText::new(text).color(theme.dim));
                }
            });
        });
        open && stays
    }
}

impl ReasonLine {
    /// Draws the reason; the session whose number was clicked.
    fn ui(&self, ui: &mut Ui) -> Option<SessionId> {
        let theme = Theme::of(ui);
        let (icon, color) = match self.effect {
            Some(Effect::Skipped) => (Icon::CircleX, theme.error),
            Some(Effect::Partial) => (Icon::TriangleAlert, theme.warning),
            Some(Effect::Repaired) => (Icon::Wrench, theme.dim),
            None => (Icon::FileWarning, theme.dim),
        };
        let mut clicked = None;
        ui.horizontal_top(|ui| {
            widgets::decoration(ui, theme::icon(icon).color(color));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                // What was skipped says so in its title.
                let effect = match self.effect {
                    Some(effect @ (Effect::Repaired | Effect::Partial)) => {
                        format!(" ({})", effect.id())
                    }
                    Some(Effect::Skipped) | None => String::new(),
                };
                ui.add(Label::new(theme::strong(format!("{}{effect}", self.title))).wrap());
                ui.add(Label::new(RichText::new(&self.message).color(theme.dim)).wrap());
                if self.effect.is_none() {
                    return;
                }
                ui.horizontal_wrapped(|ui| {
                    for session in &self.links {
                        if widgets::link(ui, &format!("Session {session}")).clicked() {
                            clicked = Some(*session);
                        }
                    }
                    if !self.rest.is_empty() {
                        let and = if self.links.is_empty() { "Number" } else { "and" };
                        let text = format!("{and} {}", self.rest);
                        ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
                    }
                });
            });
        });
        clicked
    }
}
