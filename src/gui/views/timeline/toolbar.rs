//! Above the ladder: which flow to show, how tall the rows are, and a copy of the picture.

use eframe::egui::{
    Align, Button, Layout as Direction, Response, Role, ScrollArea, Ui, WidgetInfo,
};
use lucide_icons::Icon;

use super::{Timeline, paint};
use crate::diagram::{self, geometry};
use crate::flow::Flow;
use crate::gui::action::Action;
use crate::gui::flow_order;
use crate::gui::theme::{self, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{icon_button, tidy};

/// Width of the copied picture, in points.
const PICTURE_WIDTH: f32 = 1200.0;

/// The most flows that get chips.
const MOST_CHIPS: usize = 4;

/// Draws the toolbar.
pub(super) fn ui(
    timeline: &mut Timeline,
    ui: &mut Ui,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    ui.add_space(space(1));
    ui.horizontal(|ui| {
        ui.add_space(space(2));
        ui.with_layout(Direction::right_to_left(Align::Center), |ui| {
            ui.add_space(space(2));
            tools(timeline, ui, context, actions);
            ui.with_layout(Direction::left_to_right(Align::Center), |ui| {
                ScrollArea::horizontal().id_salt("flows").content_margin(0).show(ui, |ui| {
                    ui.horizontal(|ui| chips(ui, context, actions));
                });
            });
        });
    });
}

fn tools(
    timeline: &mut Timeline,
    ui: &mut Ui,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    if icon_button(ui, Icon::Copy, "Copy as SVG picture").clicked() {
        let color = |ink| paint::hexadecimal(context.theme, ink);
        actions.push(Action::Copy(diagram::picture(&timeline.layout, PICTURE_WIDTH, &color)));
        actions.push(Action::Toast("The timeline was copied as an SVG picture".to_owned()));
    }
    if icon_button(ui, Icon::UnfoldVertical, "Fit the rows to the window").clicked() {
        timeline.zoom = geometry::zoom_to_fit(&timeline.layout, timeline.visible);
    }
    if icon_button(ui, Icon::ZoomIn, "Taller rows").clicked() {
        timeline.zoom = (timeline.zoom * 1.15).min(*geometry::ZOOM.end());
    }
    if icon_button(ui, Icon::ZoomOut, "Flatter rows").clicked() {
        timeline.zoom = (timeline.zoom / 1.15).max(*geometry::ZOOM.start());
    }
}

/// One chip for all flows and one for each; a single flow needs none, and many stand in a menu.
fn chips(ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
    let flows = &context.analysis.flows.flows;
    match flows.len() {
        0 | 1 => {}
        2..=MOST_CHIPS => choices(ui, context, actions),
        _ => {
            let chosen = context.selection.flow.and_then(|id| context.analysis.flows.flow(id));
            let text = chosen.map_or_else(|| "All flows".to_owned(), Flow::name);
            let text = tidy(&text, 60);
            let chevron = theme::icon(Icon::ChevronDown).color(context.theme.dim);
            let menu = ui.menu_button((text.as_str(), chevron), |ui| choices(ui, context, actions));
            let name = format!("Flow: {text}");
            menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
            menu.response.on_hover_text("Choose the flow to show");
        }
    }
}

fn choices(ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
    let chosen = context.selection.flow;
    if ui.selectable_label(chosen.is_none(), "All flows").clicked() {
        actions.push(Action::SelectFlow(None));
    }
    for flow in flow_order::by_interest(&context.analysis.flows.flows) {
        let selected = chosen == Some(flow.id);
        if choice(ui, context, flow, selected).clicked() {
            actions.push(Action::SelectFlow((!selected).then_some(flow.id)));
        }
    }
}

fn choice(ui: &mut Ui, context: &ViewContext<'_>, flow: &Flow, selected: bool) -> Response {
    let flows = &context.analysis.flows.flows;
    // The protocol says enough until two flows share it.
    let alone = flows.iter().filter(|f| f.protocol == flow.protocol).count() == 1;
    let text = if alone || flow.host.is_empty() {
        flow.protocol.name().to_owned()
    } else {
        format!("{} · {}", flow.protocol.name(), tidy(&flow.host, 40))
    };
    let color = context.theme.flow(flow.outcome);
    let icon = theme::icon(theme::outcome_icon(flow.outcome)).color(color);
    let response = ui.add(Button::selectable(selected, (icon, text)));
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, true, selected, format!("Show {} only", flow.name()))
    });
    response.on_hover_text(flow.name())
}
