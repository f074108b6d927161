//! The five steps side by side, each with what differs in it.

use eframe::egui::{
    Align, Color32, CursorIcon, Label, Layout, Rect, RichText, Role, Sense, Shape, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use super::Sides;
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::compare::{Aspect, Difference, Seen};
use crate::flow::{FlowId, Step, StepRecord, StepState};
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::widgets::{self, tidy};

/// Width of the column of names, in points.
const NAMES: f32 = 168.0;

/// Three columns: a name and the two sides. The row is as high as its highest cell; answers with its place.
pub(super) fn columns(
    ui: &mut Ui,
    ground: Option<Color32>,
    mut cell: impl FnMut(&mut Ui, usize),
) -> Rect {
    let back = ui.painter().add(Shape::Noop);
    let whole = ui.available_rect_before_wrap();
    let half = ((whole.width() - NAMES) / 2.0).max(80.0);
    let top = whole.top() + 6.0;
    let mut bottom = top;
    for column in 0..3_usize {
        let (left, width) = match column {
            0 => (whole.left() + 8.0, NAMES - 16.0),
            1 => (whole.left() + NAMES, half - 16.0),
            _ => (whole.left() + NAMES + half, half - 16.0),
        };
        let rect = Rect::from_min_size(pos2(left, top), vec2(width, 0.0));
        let builder = UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::LEFT));
        let mut child = ui.new_child(builder.id_salt(column));
        child.spacing_mut().item_spacing.y = 2.0;
        child.spacing_mut().interact_size.y = 18.0;
        cell(&mut child, column);
        bottom = bottom.max(child.min_rect().bottom());
    }
    let rect = Rect::from_min_max(whole.min, pos2(whole.right(), bottom + 6.0));
    if let Some(ground) = ground {
        ui.painter().set(back, Shape::rect_filled(rect, 0.0, ground));
    }
    let line = Stroke::new(1.0, Theme::of(ui).line);
    ui.painter().hline(rect.x_range(), rect.bottom(), line);
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    ui.allocate_space(vec2(whole.width(), rect.height() + 1.0));
    ui.spacing_mut().item_spacing.y = spacing;
    rect
}

/// Draws the steps of the pair in front; answers with the place of the first difference.
pub(super) fn ui(
    ui: &mut Ui,
    sides: &Sides<'_>,
    context: &ViewContext<'_>,
    shows_incidental: bool,
    actions: &mut Vec<Action>,
) -> Option<Rect> {
    let theme = Theme::of(ui);
    let pair = sides.pair;
    let first_step = pair.first_difference().map(|difference| difference.step);
    let mut first_place = None;
    for step in Step::ALL {
        let good = record(sides.good.0, pair.good, step);
        let bad = record(sides.bad.0, pair.bad, step);
        let is_first = first_step == Some(step);
        let place = step_row(ui, sides, step, [good, bad], is_first, context, actions);
        if is_first {
            let mut edge = place;
            edge.max.x = edge.left() + 3.0;
            ui.painter().rect_filled(edge, 0.0, theme.warning);
            first_place = Some(place);
        }
        for difference in &pair.differences {
            let told = difference.step == step
                && difference.aspect != Aspect::State
                && (shows_incidental || !difference.incidental);
            if told {
                difference_row(ui, difference);
            }
        }
    }
    first_place
}

fn record(analysis: &Analysis, flow: Option<FlowId>, step: Step) -> Option<StepRecord> {
    let flow = analysis.flows.flow(flow?)?;
    flow.steps.iter().find(|record| record.step == step).copied()
}

fn step_row(
    ui: &mut Ui,
    sides: &Sides<'_>,
    step: Step,
    records: [Option<StepRecord>; 2],
    is_first: bool,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) -> Rect {
    let theme = Theme::of(ui);
    let hover = ui.painter().add(Shape::Noop);
    let place = columns(ui, is_first.then_some(theme.warning_surface), |ui, column| {
        let Some(at) = column.checked_sub(1) else {
            ui.add(Label::new(theme::strong(step.name())).selectable(false));
            if is_first {
                ui.horizontal(|ui| {
                    let icon = theme::icon(Icon::GitBranch).color(theme.warning);
                    widgets::decoration(ui, icon);
                    let told = theme::small("First difference").color(theme.warning);
                    ui.add(Label::new(told).selectable(false));
                });
            }
            return;
        };
        let (analysis, _) = if at == 0 { sides.good } else { sides.bad };
        cell(ui, analysis, records.get(at).copied().flatten());
    });
    let sessions = records.map(|record| record.and_then(|r| r.session));
    if sessions.iter().all(Option::is_none) {
        return place;
    }
    let response = ui.interact(place, ui.scope_id().with(("step", step)), Sense::click());
    let told = |record: Option<StepRecord>| match record {
        Some(StepRecord { state, session: Some(session), .. }) => {
            format!("{} in session {session}", word(state))
        }
        Some(record) => word(record.state).to_owned(),
        None => "no such flow".to_owned(),
    };
    let [good, bad] = records.map(told);
    response.widget_info(|| {
        let first = if is_first { "First difference: " } else { "" };
        let label = format!("{first}{}, good: {good}, bad: {bad}", step.name());
        WidgetInfo::labeled(Role::Button, true, label)
    });
    if response.hovered() || response.has_focus() {
        if !is_first {
            ui.painter().set(hover, Shape::rect_filled(place, 0.0, context.theme.raised));
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.0, theme.accent);
            let inside = eframe::egui::StrokeKind::Inside;
            ui.painter().rect_stroke(place, 0.0, stroke, inside);
        }
    }
    let hint = "Show both sessions in the inspector";
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(hint).clicked() {
        let [good, bad] = sessions;
        let (this, other) = if sides.is_good { (good, bad) } else { (bad, good) };
        actions.extend(this.map(Action::SelectSession));
        actions.extend(other.map(Action::SelectOther));
        actions.push(Action::ShowInspector);
    }
    place
}

/// How a step went on one side.
fn cell(ui: &mut Ui, analysis: &Analysis, record: Option<StepRecord>) {
    let theme = Theme::of(ui);
    let Some(record) = record else {
        let told = RichText::new("No such flow in this capture").color(theme.dim);
        ui.add(Label::new(told).wrap().selectable(false));
        return;
    };
    let color = theme.step_state(record.state);
    ui.horizontal(|ui| {
        widgets::decoration(ui, theme::icon(icon(record.state)).color(color));
        ui.add(Label::new(theme::strong(word(record.state)).color(color)).selectable(false));
        if let Some(session) = record.session {
            let told = RichText::new(format!("Session {session}")).color(theme.accent);
            ui.add(Label::new(told).selectable(false));
        }
    });
    if let Some(told) = record.session.and_then(|session| told_of(analysis, session)) {
        ui.add(Label::new(theme::small(told).color(theme.dim)).wrap().selectable(false));
    }
}

fn told_of(analysis: &Analysis, id: SessionId) -> Option<String> {
    let (session, reading) = analysis.session(id)?;
    Some(format!("{} → {}", reading.request_label(session), reading.answer_label()))
}

/// One thing that differs: its name and both values.
fn difference_row(ui: &mut Ui, difference: &Difference) {
    let theme = Theme::of(ui);
    let is_calm = difference.incidental;
    columns(ui, None, |ui, column| match column {
        0 => {
            ui.horizontal_top(|ui| {
                ui.add_space(space(3));
                ui.vertical(|ui| {
                    let ink = if is_calm { theme.dim } else { theme.text };
                    let title = theme::small(tidy(&difference.title(), 60)).color(ink);
                    ui.add(Label::new(title).wrap());
                    if is_calm {
                        let told = theme::small("tells people apart").color(theme.dim);
                        ui.add(Label::new(told).wrap());
                    }
                });
            });
        }
        1 => value(ui, &difference.good, &difference.bad, is_calm, theme.ok),
        _ => value(ui, &difference.bad, &difference.good, is_calm, theme.error),
    });
}

/// A value; what it shares with the other side stands back.
fn value(ui: &mut Ui, seen: &Seen, other: &Seen, is_calm: bool, color: Color32) {
    let theme = Theme::of(ui);
    let Some(text) = seen.value.as_deref() else {
        ui.add(Label::new(RichText::new("not there").color(theme.dim)).wrap());
        return;
    };
    let text = tidy(text, 600);
    if is_calm {
        ui.add(Label::new(theme::mono(text).color(theme.dim)).wrap());
        return;
    }
    let other = other.value.as_deref().map(|other| tidy(other, 600)).unwrap_or_default();
    let shared = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let tail = {
        let rest = text.chars().count().min(other.chars().count()) - shared;
        let backwards = text.chars().rev().zip(other.chars().rev());
        backwards.take(rest).take_while(|(a, b)| a == b).count()
    };
    let length = text.chars().count();
    let font = eframe::egui::TextStyle::Monospace.resolve(ui.style());
    let mut job = eframe::egui::text::LayoutJob::default();
    let pieces = [
        (0, shared, theme.dim),
        (shared, length - tail, color),
        (length - tail, length, theme.dim),
    ];
    for (from, to, ink) in pieces {
        let piece: String = text.chars().skip(from).take(to - from).collect();
        job.append(&piece, 0.0, eframe::egui::TextFormat::simple(font.clone(), ink));
    }
    ui.add(Label::new(job).wrap());
}

const fn icon(state: StepState) -> Icon {
    match state {
        StepState::Ok => Icon::CircleCheck,
        StepState::Failed => Icon::CircleX,
        StepState::Missing => Icon::CircleDashed,
        StepState::Hidden => Icon::EyeOff,
    }
}

pub(super) const fn word(state: StepState) -> &'static str {
    match state {
        StepState::Ok => "Done",
        StepState::Failed => "Failed",
        StepState::Missing => "Missing",
        StepState::Hidden => "Not visible",
    }
}
