//! What is wrong, why, and how to fix it.

mod card;
mod group;

use std::collections::HashMap;

use eframe::egui::{
    Align, Button, Frame, Layout, Margin, RichText, Role, ScrollArea, Ui, WidgetInfo,
};
use lucide_icons::Icon;

use self::group::Group;
use super::ViewContext;
use crate::flow::Outcome;
use crate::gui::action::Action;
use crate::gui::theme::{self, space};
use crate::gui::{format, widgets};
use crate::rules::{self, Finding, Severity};

/// The view's own look.
#[derive(Debug, Default)]
pub struct Findings {
    /// Findings that were opened or closed by hand, by their places among all findings.
    chosen: HashMap<usize, bool>,
    /// The one severity that is shown; `None` for all.
    severity: Option<Severity>,
    /// How many findings beyond the first ones are shown.
    more: usize,
    /// The last selection that was followed.
    revision: u64,
}

/// The findings that are shown at first, and with each wish for more.
const PAGE: usize = 100;

impl Findings {
    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        if context.analysis.findings.is_empty() {
            empty(ui, context);
            return;
        }
        let asked = self.asked(context);
        let worst = context.analysis.worst();
        self.toolbar(ui, context);
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(Margin::symmetric(20, 8)).show(ui, |ui| {
                ui.set_max_width(ui.available_width().min(1080.0));
                let mut room = PAGE + self.more;
                let mut left_out = 0;
                for mut group in group::of(context.analysis) {
                    let fits = |f: &Finding| self.severity.is_none_or(|s| s == f.severity);
                    group.findings.retain(|(at, finding)| fits(finding) || asked == Some(*at));
                    let shown = group.findings.len().min(room);
                    left_out += group.findings.len() - shown;
                    if shown == 0 {
                        continue;
                    }
                    room -= shown;
                    head(ui, &group, context);
                    for (at, finding) in group.findings.into_iter().take(shown) {
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
                if left_out > 0 {
                    let text =
                        format!("Show more of {}", format::count(left_out, "further finding"));
                    if widgets::secondary_button(ui, &text).clicked() {
                        self.more += PAGE;
                    }
                }
            });
        });
    }

    /// Which severities to show, and all cards at once.
    fn toolbar(&mut self, ui: &mut Ui, context: &ViewContext<'_>) {
        let findings = &context.analysis.findings;
        ui.add_space(space(1));
        ui.horizontal(|ui| {
            ui.add_space(space(3));
            ui.spacing_mut().item_spacing.x = space(1);
            let all = format!("All {}", format::grouped(findings.len()));
            if ui.selectable_label(self.severity.is_none(), all).clicked() {
                self.severity = None;
            }
            for severity in [Severity::Error, Severity::Warning, Severity::Note] {
                let count = findings.iter().filter(|f| f.severity == severity).count();
                if count == 0 {
                    continue;
                }
                let chosen = self.severity == Some(severity);
                let text = format::count(count, card::severity(severity).to_lowercase().as_str());
                let color = context.theme.severity(severity);
                let icon = theme::icon(theme::severity_icon(severity)).color(color);
                let response = ui.add(Button::selectable(chosen, (icon, text.as_str())));
                response.widget_info(|| {
                    WidgetInfo::selected(Role::Button, true, chosen, format!("Show {text} only"))
                });
                if response.clicked() {
                    self.severity = (!chosen).then_some(severity);
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(space(3));
                for (icon, name, open) in [
                    (Icon::FoldVertical, "Close all findings", false),
                    (Icon::UnfoldVertical, "Open all findings", true),
                ] {
                    if widgets::icon_button(ui, icon, name).clicked() {
                        self.chosen = (0..findings.len()).map(|at| (at, open)).collect();
                    }
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
        self.severity = None;
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

/// What it means that no rule found anything.
fn empty(ui: &mut Ui, context: &ViewContext<'_>) {
    let sentence = match context.analysis.verdict.outcome {
        Outcome::Healthy => {
            "no rule found anything wrong: the flow reached the mailbox as it should. Keep this capture to compare a broken one with"
        }
        Outcome::Broken => {
            "the flow is broken for a reason that no rule knows; the timeline shows where. Look at that session's answer, and redact the capture to share it"
        }
        Outcome::NotHma | Outcome::NotEnoughEvidence => {
            "no rule found anything wrong in what this capture shows. It may show too little: start the capture, then Outlook, with HTTPS decryption on"
        }
    };
    let sentence = format!(
        "{} looked at this capture: {sentence}",
        format::count(rules::all().count(), "rule")
    );
    widgets::empty(ui, Icon::ListChecks, "No findings", &sentence);
}
