//! The two captures by name and verdict, and in one sentence where they part.

use eframe::egui::{Frame, Label, Margin, RichText, Role, Stroke, Ui, WidgetInfo};
use lucide_icons::Icon;

use super::Sides;
use super::steps::columns;
use crate::analysis::Analysis;
use crate::compare::{Aspect, Difference, FlowPair, Seen};
use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::widgets::{self, tidy};

/// Draws the heads of the two columns.
pub(super) fn ui(ui: &mut Ui, good: (&Analysis, &str), bad: (&Analysis, &str), is_good: bool) {
    let theme = Theme::of(ui);
    columns(ui, None, |ui, column| {
        let ((analysis, name), is_this, role) = match column {
            0 => return,
            1 => (good, is_good, "Good"),
            _ => (bad, !is_good, "Bad"),
        };
        let whose = if is_this { "this capture" } else { "the other capture" };
        ui.label(theme::overline(&format!("{role}: {whose}")).color(theme.dim));
        ui.add(Label::new(theme::heading(tidy(name, 120))).truncate());
        let verdict = &analysis.verdict;
        let color = theme.outcome(verdict.outcome);
        ui.horizontal(|ui| {
            let icon = theme::icon(theme::outcome_icon(verdict.outcome)).color(color);
            widgets::decoration(ui, icon);
            let told = ui.label(theme::strong(verdict.headline()).color(color));
            told.on_hover_text(theme::small(tidy(&verdict.summary, 400)));
        });
    });
}

/// Says where they part, or that they do not.
pub(super) fn answer(ui: &mut Ui, sides: &Sides<'_>) {
    let theme = Theme::of(ui);
    let first = sides.comparison.first_difference();
    let (icon, color, ground, head, told) = match first {
        Some((pair, difference)) => {
            let flow = pair.bad.and_then(|id| sides.bad.0.flows.flow(id));
            let flow =
                flow.map_or_else(|| pair.protocol.name().to_owned(), crate::flow::Flow::name);
            let step = difference.step.name().to_lowercase();
            let told = format!("{flow}. {}", sentence(pair, difference));
            let head = format!("They part at the {step} step");
            (Icon::GitBranch, theme.warning, theme.warning_surface, head, told)
        }
        None if sides.comparison.is_same() => (
            Icon::CircleCheck,
            theme.ok,
            theme.ok_surface,
            "No difference in any step".to_owned(),
            "What differs only tells people, places and times apart".to_owned(),
        ),
        None => (
            Icon::CircleMinus,
            theme.note,
            theme.note_surface,
            "The flows that both have do not differ".to_owned(),
            "One capture holds flows that the other one does not".to_owned(),
        ),
    };
    ui.add_space(space(2));
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, color))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::symmetric(14, 8))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                widgets::decoration(ui, theme::icon(icon).color(color));
                let response = ui.label(theme::strong(&head).color(color));
                response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &head));
                ui.label(RichText::new(tidy(&told, 400)).color(theme.text));
            });
        });
    ui.add_space(space(2));
}

/// What differs, with both values; of a step that failed, the thing in it that differs.
fn sentence(pair: &FlowPair, first: &Difference) -> String {
    let telling = |d: &&Difference| {
        d.step == first.step && !d.incidental && !matches!(d.aspect, Aspect::State | Aspect::Status)
    };
    let difference = pair.differences.iter().find(telling).unwrap_or(first);
    let value = |seen: &Seen| match (difference.aspect, seen.value.as_deref()) {
        (Aspect::State, _) => super::steps::word(seen.state).to_lowercase(),
        (_, Some(value)) => tidy(value, 80),
        (_, None) => "not there".to_owned(),
    };
    let (good, bad) = (value(&difference.good), value(&difference.bad));
    format!("{}: {good} in the good capture, {bad} in the bad one", difference.title())
}
