//! The answer within five seconds: the verdict, the flows, the notes.

use std::collections::HashMap;

use eframe::egui::{
    Color32, CursorIcon, Frame, Label, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke,
    StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use lucide_icons::Icon;

use crate::analysis::Analysis;
use crate::capture::{NoteKind, SessionId};
use crate::diagram;
use crate::flow::{Flow, FlowId, Outcome, StepState};
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::flow_order;
use crate::gui::format::count;
use crate::gui::selection::Selection;
use crate::gui::theme::{self, CARD_CORNER, CORNER, Theme, space};
use crate::gui::widgets;
use crate::rules::{self, Severity};

/// Height of a flow, with the room below it.
const FLOW: f32 = 48.0;

/// From this many flows on there is a filter above them.
const MANY: usize = 9;

/// The side bar's own look, and what does not change while a capture is open.
#[derive(Debug)]
pub(in crate::gui) struct SideBar {
    filter: String,
    /// The flows' places, those first that deserve a look.
    order: Vec<usize>,
    /// The places that fit the filter, and the filter that they were found for.
    fitting: Vec<usize>,
    fitting_for: Option<String>,
    notes: Vec<NoteLine>,
}

impl SideBar {
    /// Reads what is worth a note.
    pub(in crate::gui) fn of(analysis: &Analysis) -> Self {
        let flows = &analysis.flows.flows;
        let places: HashMap<FlowId, usize> =
            flows.iter().enumerate().map(|(at, flow)| (flow.id, at)).collect();
        let order = flow_order::by_interest(flows);
        let order = order.into_iter().filter_map(|flow| places.get(&flow.id).copied());
        Self {
            filter: String::new(),
            order: order.collect(),
            fitting: Vec::new(),
            fitting_for: None,
            notes: note_lines(analysis),
        }
    }

    /// Draws the side bar.
    pub(in crate::gui) fn ui(
        &mut self,
        ui: &mut Ui,
        analysis: &Analysis,
        selection: &Selection,
        actions: &mut Vec<Action>,
    ) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let width = ui.available_width() - 12.0;
            ui.set_min_width(width);
            ui.set_max_width(width);
            verdict(ui, analysis, actions);
            ui.add_space(space(4));
            self.flows(ui, analysis, selection, actions);
            ui.add_space(space(4));
            self.notes(ui, actions);
        });
    }

    fn flows(
        &mut self,
        ui: &mut Ui,
        analysis: &Analysis,
        selection: &Selection,
        actions: &mut Vec<Action>,
    ) {
        let theme = Theme::of(ui);
        let flows = &analysis.flows.flows;
        ui.horizontal(|ui| {
            ui.label(theme::overline("Flows").color(theme.dim));
            if selection.flow.is_some() && widgets::link(ui, "Show all").clicked() {
                actions.push(Action::SelectFlow(None));
            }
        });
        ui.add_space(2.0);
        if flows.is_empty() {
            let text =
                "No client talked to Exchange in this capture. Start the capture before Outlook";
            ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
        }
        if flows.len() >= MANY {
            let hint = RichText::new("Filter flows").color(theme.dim);
            let field = TextEdit::singleline(&mut self.filter).hint_text(hint);
            ui.add(field.desired_width(f32::INFINITY)).accessible_name("Filter flows");
        }
        self.follow_filter(flows);
        // Only the flows in sight are drawn: a day of a busy server has thousands.
        let size = vec2(ui.available_width(), self.fitting.len() as f32 * FLOW);
        let (whole, _) = ui.allocate_exact_size(size, Sense::hover());
        let place = |y: f32| diagram::whole((y - whole.top()) / FLOW);
        let seen = ui.clip_rect().y_range();
        let seen = place(seen.min)..(place(seen.max) + 1).min(self.fitting.len());
        let first = seen.start;
        for (at, flow) in self.fitting.get(seen).unwrap_or_default().iter().enumerate() {
            let Some(flow) = flows.get(*flow) else { continue };
            let top = whole.top() + (first + at) as f32 * FLOW;
            let size = vec2(whole.width(), FLOW - 2.0);
            let rect = Rect::from_min_size(pos2(whole.left(), top), size);
            let chosen = selection.flow == Some(flow.id);
            let builder = UiBuilder::new().id_salt(flow.id).max_rect(rect);
            if ui.scope_builder(builder, |ui| flow_row(ui, flow, chosen)).inner {
                actions.push(Action::SelectFlow((!chosen).then_some(flow.id)));
            }
        }
    }

    /// Finds the flows that fit the filter, when it changed.
    fn follow_filter(&mut self, flows: &[Flow]) {
        let filter = self.filter.to_lowercase();
        if self.fitting_for.as_ref() == Some(&filter) {
            return;
        }
        let fits = |at: &usize| {
            let name = flows.get(*at).map(flow_name);
            filter.is_empty() || name.is_some_and(|name| name.to_lowercase().contains(&filter))
        };
        self.fitting = self.order.iter().copied().filter(fits).collect();
        self.fitting_for = Some(filter);
    }

    fn notes(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        if self.notes.is_empty() {
            return;
        }
        let theme = Theme::of(ui);
        ui.horizontal(|ui| {
            ui.label(theme::overline("Notes").color(theme.dim));
            let of_file = self.notes.iter().any(|line| line.severity.is_none());
            if of_file && widgets::link(ui, "Import report").clicked() {
                actions.push(Action::Run(Command::ImportReport));
            }
        });
        ui.add_space(2.0);
        for line in &self.notes {
            let (icon, color) = match line.severity {
                Some(severity) => (theme::severity_icon(severity), theme.severity(severity)),
                None => (Icon::FileWarning, theme.dim),
            };
            if note(ui, icon, color, line) {
                actions.extend(line.action.clone());
            }
        }
    }
}

/// A note as the side bar shows it.
#[derive(Clone, Debug)]
struct NoteLine {
    /// `None` for an oddity of the file.
    severity: Option<Severity>,
    title: &'static str,
    message: String,
    action: Option<Action>,
}

/// Warnings and notes of the rules, each rule once, then the oddities of the file, each kind once.
fn note_lines(analysis: &Analysis) -> Vec<NoteLine> {
    let mut lines: Vec<NoteLine> = Vec::new();
    let minor = || analysis.findings.iter().filter(|f| f.severity < Severity::Error);
    for (at, finding) in minor().enumerate() {
        if minor().take(at).any(|f| f.rule == finding.rule) {
            continue;
        }
        let times = minor().filter(|f| f.rule == finding.rule).count();
        lines.push(NoteLine {
            severity: Some(finding.severity),
            title: rules::find(finding.rule).map_or("Finding", |r| r.title),
            message: with_more(&finding.message, times),
            action: Some(Action::ShowFix(finding.rule)),
        });
    }
    let notes = &analysis.capture.notes;
    let mut kinds: Vec<NoteKind> = notes.iter().map(|n| n.kind).collect();
    kinds.sort_unstable();
    for kind in kinds.chunk_by(|a, b| a == b) {
        let Some(first) = notes.iter().find(|n| Some(&n.kind) == kind.first()) else { continue };
        lines.push(NoteLine {
            severity: None,
            title: note_title(first.kind),
            message: with_more(&first.message, kind.len()),
            action: first.session.map(Action::SelectSession),
        });
    }
    lines
}

fn verdict(ui: &mut Ui, analysis: &Analysis, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let verdict = &analysis.verdict;
    let color = theme.outcome(verdict.outcome);
    let head = verdict.headline();
    let frame = Frame::new()
        .fill(theme.outcome_surface(verdict.outcome))
        .stroke(Stroke::new(1.0, color))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::same(14));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            let icon = theme::outcome_icon(verdict.outcome);
            let icon = theme::icon_sized(icon, theme::TITLE + 1.0).color(color);
            widgets::decoration(ui, icon);
            let response = ui.add(Label::new(theme::title(&head).color(color)).wrap());
            let name = format!("Verdict: {head}");
            response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &name));
        });
        ui.add_space(2.0);
        ui.add(Label::new(RichText::new(&verdict.summary).color(theme.text)).wrap());
        ui.add_space(space(1));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space(1);
            if let Some(session) = verdict.session
                && widgets::primary_button(ui, &format!("Session {session}")).clicked()
            {
                actions.push(proof(analysis, session));
            }
            if let Some(rule) = verdict.rule
                && verdict.outcome != Outcome::Healthy
                && widgets::secondary_button(ui, "How to fix").clicked()
            {
                actions.push(Action::ShowFix(rule));
            }
            if ui.available_size_before_wrap().x < space(6) {
                ui.end_row();
            }
            if widgets::icon_button(ui, Icon::FileText, Command::CopyVerdict.text()).clicked() {
                actions.push(Action::Run(Command::CopyVerdict));
            }
        });
    });
}

/// What leads to the place that proves the verdict.
pub(in crate::gui) fn proof(analysis: &Analysis, session: SessionId) -> Action {
    analysis
        .findings
        .iter()
        .find(|f| Some(f.rule) == analysis.verdict.rule && f.session() == Some(session))
        .and_then(|f| f.evidence.first())
        .map_or(Action::SelectSession(session), |e| Action::ShowEvidence(e.clone()))
}

/// A flow: outcome, protocol, host, and its five steps as small marks. True when clicked.
fn flow_row(ui: &mut Ui, flow: &Flow, chosen: bool) -> bool {
    let theme = Theme::of(ui);
    let size = vec2(ui.available_width(), 46.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let name = flow_name(flow);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &name));
    if chosen || response.hovered() || response.has_focus() {
        let ground = if chosen { theme.selection } else { theme.raised };
        ui.painter().rect_filled(rect, CORNER, ground);
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 5.0))));
    child.horizontal_top(|ui| {
        let color = theme.flow(flow.outcome);
        let icon = theme::icon(theme::outcome_icon(flow.outcome)).color(color);
        widgets::decoration(ui, icon);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            ui.add(Label::new(theme::strong(flow.protocol.name())).selectable(false).truncate());
            let host = if flow.host.is_empty() { "unknown host" } else { &flow.host };
            let host = theme::small(host).color(theme.dim);
            ui.add(Label::new(host).selectable(false).truncate());
        });
    });
    steps(ui, flow, rect);
    response.on_hover_text(theme::small(flow_tooltip(flow))).clicked()
}

/// The five steps: a filled dot is done, a cross failed, a ring is missing, a dash is hidden.
fn steps(ui: &Ui, flow: &Flow, rect: Rect) {
    const APART: f32 = 10.0;
    let theme = Theme::of(ui);
    let painter = ui.painter();
    let mut center = pos2(rect.right() - 12.0 - 4.0 * APART, rect.top() + 15.0);
    for step in &flow.steps {
        let color = theme.step_state(step.state);
        let stroke = Stroke::new(1.5, color);
        match step.state {
            StepState::Ok => {
                painter.circle_filled(center, 3.0, color);
            }
            StepState::Failed => {
                painter.line_segment([center + vec2(-3.0, -3.0), center + vec2(3.0, 3.0)], stroke);
                painter.line_segment([center + vec2(-3.0, 3.0), center + vec2(3.0, -3.0)], stroke);
            }
            StepState::Missing => {
                painter.circle_stroke(center, 2.5, Stroke::new(1.0, theme.dim));
            }
            StepState::Hidden => {
                painter.line_segment([center + vec2(-2.5, 0.0), center + vec2(2.5, 0.0)], stroke);
            }
        }
        center.x += APART;
    }
}

pub(super) const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Healthy => "healthy",
        Outcome::Broken => "broken",
        Outcome::NotHma => "not modern authentication",
        Outcome::NotEnoughEvidence => "not enough evidence",
    }
}

fn flow_name(flow: &Flow) -> String {
    let sessions = count(flow.sessions.len(), "session");
    let done = flow.steps.iter().filter(|s| s.state == StepState::Ok).count();
    let steps = format!("{done} of {} steps seen", flow.steps.len());
    format!("{}, {}, {sessions}, {steps}", flow.name(), outcome_words(flow.outcome))
}

fn flow_tooltip(flow: &Flow) -> String {
    let mut lines = vec![flow_name(flow)];
    lines.extend(flow.client.as_deref().map(|c| format!("Client: {}", widgets::tidy(c, 80))));
    lines.extend(flow.user.as_deref().map(|u| format!("User: {}", widgets::tidy(u, 80))));
    lines.push(format!("Authentication: {}", flow.mechanism.name()));
    lines.push(String::new());
    for step in &flow.steps {
        let state = match step.state {
            StepState::Ok => "done",
            StepState::Failed => "failed",
            StepState::Missing => "missing",
            StepState::Hidden => "not visible in this capture",
        };
        let session = step.session.map(|s| format!(" in session {s}")).unwrap_or_default();
        lines.push(format!("{}: {state}{session}", step.step.name()));
    }
    lines.join("\n")
}

fn with_more(message: &str, times: usize) -> String {
    match times {
        0 | 1 => message.to_owned(),
        n => format!("{message} (and {} more)", n - 1),
    }
}

/// What a kind of oddity is called.
pub(super) const fn note_title(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::ResponseMissing => "Answers missing",
        NoteKind::RequestMissing => "Requests missing",
        NoteKind::BodyTruncated => "Bodies cut short",
        NoteKind::BodyUndecodable => "Bodies not decoded",
        NoteKind::FieldRepaired => "Fields repaired",
        NoteKind::TimeUnusable => "Times unusable",
        NoteKind::NumberChanged => "Sessions renumbered",
        NoteKind::MemberUnreadable => "Parts unreadable",
        NoteKind::FileTruncated => "File cut off",
        NoteKind::SessionSkipped => "Sessions skipped",
        NoteKind::LimitReached => "Too large to show",
    }
}

/// An icon, a head and a sentence. True when clicked.
fn note(ui: &mut Ui, icon: Icon, color: Color32, line: &NoteLine) -> bool {
    let theme = Theme::of(ui);
    let response = ui
        .scope_builder(UiBuilder::new().sense(Sense::click()), |ui| {
            let margin = Margin::symmetric(8, 5);
            Frame::new().corner_radius(CORNER).inner_margin(margin).show(ui, |ui| {
                ui.set_min_width(ui.available_width());
                ui.horizontal_top(|ui| {
                    widgets::decoration(ui, theme::icon(icon).color(color));
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 1.0;
                        ui.add(Label::new(theme::strong(line.title)).selectable(false).wrap());
                        let text = theme::small(widgets::tidy(&line.message, 160)).color(theme.dim);
                        ui.add(Label::new(text).selectable(false).wrap());
                    });
                });
            });
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, line.title));
    if response.hovered() || response.has_focus() {
        let line = Stroke::new(1.0, theme.line);
        ui.painter().rect_stroke(response.rect, CORNER, line, StrokeKind::Inside);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
