//! Which flows stand side by side: the pairs that were found, and one that the user makes.

use eframe::egui::{Button, ComboBox, Role, ScrollArea, Ui, WidgetInfo};
use lucide_icons::Icon;

use super::{Compare, Sides};
use crate::analysis::Analysis;
use crate::compare::FlowPair;
use crate::flow::{Flow, FlowId};
use crate::gui::format;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::tidy;

/// Pairs that get chips of their own; the rest stands in a menu.
const MOST_CHIPS: usize = 8;

impl Compare {
    /// Draws the pairs as chips, and the boxes to pair by hand.
    pub(super) fn pairs(&mut self, ui: &mut Ui, sides: &Sides<'_>, context: &ViewContext<'_>) {
        let theme = Theme::of(ui);
        let mut pairs: Vec<(usize, &FlowPair)> =
            sides.comparison.pairs.iter().enumerate().collect();
        // First those that part, last those that say nothing.
        pairs.sort_by_key(|(_, pair)| {
            let is_alone = pair.good.is_none() || pair.bad.is_none();
            (pair.first_difference().is_none(), !is_alone)
        });
        ui.horizontal_wrapped(|ui| {
            for (at, pair) in pairs.iter().take(MOST_CHIPS) {
                self.chip(ui, *at, pair, sides);
            }
            if let Some(rest) = pairs.get(MOST_CHIPS..).filter(|rest| !rest.is_empty()) {
                ui.menu_button(format!("{} more pairs", format::grouped(rest.len())), |ui| {
                    let height = ui.spacing().interact_size.y;
                    ScrollArea::vertical().max_height(420.0).show_rows(
                        ui,
                        height,
                        rest.len(),
                        |ui, rows| {
                            ui.set_min_width(360.0);
                            for (at, pair) in rest.get(rows).unwrap_or_default() {
                                self.chip(ui, *at, pair, sides);
                            }
                        },
                    );
                });
            }
        });
        let (Some(good), Some(bad)) = (first(sides.good.0), first(sides.bad.0)) else { return };
        ui.horizontal_wrapped(|ui| {
            ui.label(theme::small("Flows side by side").color(theme.dim));
            let mut good_flow = sides.pair.good.unwrap_or(good);
            let mut bad_flow = sides.pair.bad.unwrap_or(bad);
            let mut changed = choice(ui, "Flow of the good capture", sides.good.0, &mut good_flow);
            ui.label(theme::small("and").color(theme.dim));
            changed |= choice(ui, "Flow of the bad capture", sides.bad.0, &mut bad_flow);
            if changed {
                self.pair_by_hand(context.analysis, good_flow, bad_flow);
            }
        });
        ui.add_space(space(1));
    }
}

impl Compare {
    /// One pair; a click brings it to the front.
    fn chip(&mut self, ui: &mut Ui, at: usize, pair: &FlowPair, sides: &Sides<'_>) {
        let theme = Theme::of(ui);
        let chosen = self.by_hand.is_none() && self.pair == at;
        let (icon, color, state) = match pair.first_difference() {
            Some(first) => {
                let step = first.step.name().to_lowercase();
                (Icon::GitBranch, theme.warning, format!("parts at the {step}"))
            }
            None if pair.good.is_none() || pair.bad.is_none() => {
                (Icon::CircleMinus, theme.dim, "in one capture only".to_owned())
            }
            None => (Icon::Equal, theme.ok, "no difference".to_owned()),
        };
        let name = name(pair, sides);
        let text = (theme::icon(icon).color(color), tidy(&format!("{name}: {state}"), 80));
        let response = ui.add(Button::selectable(chosen, text));
        response.widget_info(|| {
            let label = format!("Show {name}, {state}");
            WidgetInfo::selected(Role::Button, true, chosen, label)
        });
        if response.clicked() {
            self.pair = at;
            self.by_hand = None;
            self.scroll = true;
        }
    }
}

fn first(analysis: &Analysis) -> Option<FlowId> {
    analysis.flows.flows.first().map(|flow| flow.id)
}

/// The protocol; with the host where two pairs share it.
fn name(pair: &FlowPair, sides: &Sides<'_>) -> String {
    let alike = sides.comparison.pairs.iter().filter(|p| p.protocol == pair.protocol).count();
    let bad = pair.bad.and_then(|id| sides.bad.0.flows.flow(id));
    let flow = bad.or_else(|| sides.good.0.flows.flow(pair.good?));
    match flow {
        Some(flow) if alike > 1 => flow.name(),
        _ => pair.protocol.name().to_owned(),
    }
}

fn choice(ui: &mut Ui, name: &str, analysis: &Analysis, chosen: &mut FlowId) -> bool {
    let before = *chosen;
    let text = analysis.flows.flow(before).map(Flow::name).unwrap_or_default();
    let shown = ComboBox::from_id_salt(name).selected_text(tidy(&text, 40)).show_ui(ui, |ui| {
        for flow in &analysis.flows.flows {
            ui.selectable_value(chosen, flow.id, tidy(&flow.name(), 60));
        }
    });
    let label = format!("{name}: {}", tidy(&text, 60));
    shown.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &label));
    before != *chosen
}
