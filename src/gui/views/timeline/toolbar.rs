//! Above the ladder: which flow to show, what is folded, how large it is, and pictures of it.

use eframe::egui::{
    Align, Button, Layout as Direction, Response, Role, ScrollArea, Ui, WidgetInfo,
};
use lucide_icons::Icon;

use super::Timeline;
use crate::diagram::Folded;
use crate::flow::Flow;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::flow_order;
use crate::gui::theme::{self, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{icon_button, tidy};

/// The most flows that get chips.
const MOST_CHIPS: usize = 4;

/// A step of the zoom.
const STEP: f32 = 1.15;

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
            tools(timeline, ui, actions);
            ui.add_space(space(2));
            ui.with_layout(Direction::left_to_right(Align::Center), |ui| {
                ScrollArea::horizontal().id_salt("flows").content_margin(0).show(ui, |ui| {
                    ui.horizontal(|ui| chips(ui, context, actions));
                });
            });
        });
    });
}

/// From right to left.
fn tools(timeline: &mut Timeline, ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = space(1);
    pictures(ui, actions);
    ui.separator();
    if icon_button(ui, Icon::Maximize, "Fit the ladder to the window").clicked() {
        timeline.fit();
    }
    let middle = timeline.visible / 2.0;
    if icon_button(ui, Icon::ZoomIn, "Enlarge the ladder (Ctrl+wheel)").clicked() {
        timeline.rescale(timeline.scale * STEP, middle);
    }
    let percent = format!("{:.0} %", timeline.scale * 100.0);
    let text = theme::small(&percent).color(context_dim(ui));
    let reset = ui.add(Button::new(text).frame_when_inactive(false).min_size([44.0, 24.0].into()));
    let name = format!("Ladder at {percent}, back to 100 %");
    reset.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if reset.on_hover_text("Back to 100 %").clicked() {
        timeline.rescale(1.0, middle);
    }
    if icon_button(ui, Icon::ZoomOut, "Reduce the ladder (Ctrl+wheel)").clicked() {
        timeline.rescale(timeline.scale / STEP, middle);
    }
    if let Some(folded) = timeline.layout.folds {
        ui.separator();
        let closed = folded == Folded::Some;
        let (icon, name) = if closed {
            (Icon::UnfoldVertical, "Unfold all routine sessions")
        } else {
            (Icon::FoldVertical, "Fold all routine sessions")
        };
        if icon_button(ui, icon, name).clicked() {
            timeline.set_all_folds(closed);
        }
    }
}

fn context_dim(ui: &Ui) -> eframe::egui::Color32 {
    theme::Theme::of(ui).dim
}

/// What can be done with a picture of the ladder.
fn pictures(ui: &mut Ui, actions: &mut Vec<Action>) {
    let icon = theme::icon(Icon::Image).color(context_dim(ui));
    let menu = ui.menu_button(icon, |ui| {
        for command in [Command::CopyPicture, Command::CopySvg, Command::SavePicture] {
            if ui.button(command.text()).on_hover_text(command.tooltip()).clicked() {
                actions.push(Action::Run(command));
            }
        }
    });
    let name = "Pictures of the timeline";
    menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    menu.response.on_hover_text(name);
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
