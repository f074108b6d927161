//! What is wrong, why, and how to fix it.

mod card;
mod group;

use std::collections::HashMap;

use eframe::egui::{Align, Frame, Margin, RichText, ScrollArea, Ui};
use lucide_icons::Icon;

use self::group::Group;
use super::ViewContext;
use crate::flow::Outcome;
use crate::gui::action::Action;
use crate::gui::theme::{self, space};
use crate::gui::{format, widgets};
use crate::rules::{Finding, Severity};

/// The view's own look.
#[derive(Debug, Default)]
pub struct Findings {
    /// Findings that were opened or closed by hand, by their places among all findings.
    chosen: HashMap<usize, bool>,
    /// The last selection that was followed.
    revision: u64,
}

impl Findings {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        if context.analysis.findings.is_empty() {
            empty(ui, context);
            return;
        }
        let asked = self.asked(context);
        let worst = context.analysis.worst();
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(Margin::symmetric(20, 14)).show(ui, |ui| {
                ui.set_max_width(ui.available_width().min(1080.0));
                for group in group::of(context.analysis) {
                    head(ui, &group, context);
                    for (at, finding) in group.findings {
                        let open = self.is_open(at, finding, worst);
                        let response = ui.push_id(at, |ui| {
                            card::ui(ui, finding, open, context.analysis, actions)
                        });
                        if response.inner {
                            self.chosen.insert(at, !open);
                        }
                        if asked == Some(at) {
                            response.response.scroll_to_me(Some(Align::TOP));
                        }
                        ui.add_space(space(2));
                    }
                    ui.add_space(space(3));
                }
            });
        });
    }

    /// The finding that someone asked for elsewhere, opened.
    fn asked(&mut self, context: &ViewContext<'_>) -> Option<usize> {
        if self.revision == context.selection.revision {
            return None;
        }
        self.revision = context.selection.revision;
        let rule = context.selection.rule?;
        let at = context.analysis.findings.iter().position(|f| f.rule == rule)?;
        self.chosen.insert(at, true);
        Some(at)
    }

    /// The worst findings stand open; the rest waits to be opened.
    fn is_open(&self, at: usize, finding: &Finding, worst: Option<Severity>) -> bool {
        self.chosen.get(&at).copied().unwrap_or(Some(finding.severity) == worst)
    }
}

fn head(ui: &mut Ui, group: &Group<'_>, context: &ViewContext<'_>) {
    let theme = context.theme;
    ui.horizontal(|ui| {
        match group.flow {
            Some(flow) => {
                let color = theme.outcome(flow.outcome);
                widgets::glyph(ui, theme::outcome_icon(flow.outcome), color, flow.outcome.id());
                ui.label(theme::heading(flow.name()));
            }
            None => {
                ui.label(theme::heading("The capture as a whole"));
            }
        }
        let count = format::count(group.findings.len(), "finding");
        ui.label(RichText::new(count).color(theme.dim));
    });
    ui.add_space(space(1));
}

fn empty(ui: &mut Ui, context: &ViewContext<'_>) {
    let sentence = match context.analysis.verdict.outcome {
        Outcome::Healthy => {
            "No rule found anything wrong: the flow reached the mailbox as it should"
        }
        Outcome::Broken => {
            "The flow is broken for a reason that no rule knows; the timeline shows where"
        }
        Outcome::NotHma | Outcome::NotEnoughEvidence => {
            "No rule found anything wrong in what this capture shows"
        }
    };
    widgets::empty(ui, Icon::ListChecks, "No findings", sentence);
}
