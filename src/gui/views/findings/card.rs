//! One finding: what is wrong, what proves it, why, and how to fix it.

use eframe::egui::{
    Align, CursorIcon, Frame, Label, Layout, Margin, RichText, Role, Sense, Stroke, Ui, WidgetInfo,
};
use lucide_icons::Icon;

use crate::analysis::Analysis;
use crate::gui::action::Action;
use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::views::View;
use crate::gui::widgets::{self, Cell, tidy};
use crate::report;
use crate::rules::{self, Certainty, Evidence, Finding, Part, Severity};

/// Draws a finding, its details if it is open; answers whether its head was clicked.
pub(super) fn ui(
    ui: &mut Ui,
    finding: &Finding,
    open: bool,
    analysis: &Analysis,
    actions: &mut Vec<Action>,
) -> bool {
    let theme = Theme::of(ui);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin { left: 18, right: 14, top: 12, bottom: 12 });
    let shown = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        let clicked = head(ui, finding, open);
        if open {
            details(ui, finding, analysis, actions);
        }
        clicked
    });
    // The edge tells the severity from afar; the icon and the word tell it without the colour.
    let mut edge = shown.response.rect;
    edge.max.x = edge.left() + 4.0;
    let corner = eframe::egui::CornerRadius { nw: CARD_CORNER, sw: CARD_CORNER, ne: 0, se: 0 };
    ui.painter().rect_filled(edge, corner, theme.severity(finding.severity));
    shown.inner
}

fn head(ui: &mut Ui, finding: &Finding, open: bool) -> bool {
    let theme = Theme::of(ui);
    let color = theme.severity(finding.severity);
    let shown = ui.scope(|ui| {
        ui.horizontal(|ui| {
            let chevron = if open { Icon::ChevronDown } else { Icon::ChevronRight };
            ui.add(Label::new(theme::icon(chevron).color(theme.dim)).selectable(false));
            ui.add(
                Label::new(theme::icon(theme::severity_icon(finding.severity)).color(color))
                    .selectable(false),
            );
            ui.add(
                Label::new(theme::strong(severity(finding.severity)).color(color))
                    .selectable(false),
            );
            if let Some(step) = finding.step {
                let text = format!("at the {} step", step.name().to_lowercase());
                ui.add(Label::new(RichText::new(text).color(theme.dim)).selectable(false));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (word, meaning) = certainty(finding.certainty);
                widgets::pill(ui, word, theme.dim, theme.line).on_hover_text(meaning);
            });
        });
        ui.horizontal_top(|ui| {
            ui.add_space(26.0);
            let message = tidy(&finding.message, 500);
            ui.add(Label::new(theme::heading(message)).wrap().selectable(false));
        });
    });
    let id = shown.response.id.with("head");
    let response = ui.interact(shown.response.rect, id, Sense::click());
    response.widget_info(|| {
        let label = format!("{}: {}", severity(finding.severity), finding.message);
        WidgetInfo::selected(Role::Button, true, open, label)
    });
    if response.has_focus() {
        let stroke = Stroke::new(1.0, theme.accent);
        let rect = response.rect.expand(4.0);
        ui.painter().rect_stroke(rect, 4, stroke, eframe::egui::StrokeKind::Inside);
    }
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

fn details(ui: &mut Ui, finding: &Finding, analysis: &Analysis, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    Frame::new().inner_margin(Margin { left: 26, ..Margin::ZERO }).show(ui, |ui| {
        widgets::rule(ui, "Evidence");
        for (at, evidence) in finding.evidence.iter().enumerate() {
            ui.push_id(at, |ui| proof(ui, evidence, finding.severity, actions));
        }
        let (word, meaning) = certainty(finding.certainty);
        ui.add_space(space(1));
        let sure = theme::small(format!("{}: {meaning}", capitalised(word))).color(theme.dim);
        ui.add(Label::new(sure).wrap());
        let Some(rule) = rules::find(finding.rule) else { return };
        ui.add_space(space(1));
        widgets::rule(ui, "Why");
        ui.scope(|ui| {
            ui.set_max_width(ui.available_width().min(780.0));
            ui.add(Label::new(RichText::new(rule.why).color(theme.dim)).wrap());
        });
        let steps = finding.fix();
        if !steps.is_empty() {
            ui.add_space(space(1));
            widgets::rule(ui, "Fix");
            ui.scope(|ui| {
                ui.set_max_width(ui.available_width().min(780.0));
                widgets::fix_steps(ui, &steps, actions);
            });
        }
        ui.add_space(space(1));
        widgets::rule(ui, "Reference");
        ui.horizontal_top(|ui| {
            widgets::copy_button(ui, "reference", || rule.reference.to_owned(), actions);
            ui.vertical(|ui| {
                ui.add_space(3.0);
                let source = RichText::new(rule.reference).color(theme.dim);
                ui.add(Label::new(source).wrap());
                let id = format!("Rule {}; hma-trace explain {} says the same", rule.id, rule.id);
                ui.add(Label::new(theme::small(id).color(theme.dim)).wrap());
            });
        });
        ui.add_space(space(1));
        ui.horizontal(|ui| {
            if widgets::secondary_button(ui, "Copy finding as Markdown").clicked() {
                let page = report::finding_document(analysis, finding);
                actions.push(Action::Copy(report::markdown(&page)));
            }
            if let Some(place) = finding.evidence.first().filter(|e| e.session.is_some())
                && widgets::secondary_button(ui, "Show in timeline").clicked()
            {
                actions.push(Action::ShowEvidence(place.clone()));
                actions.push(Action::ShowView(View::Timeline));
            }
        });
    });
}

/// A piece of evidence: a click leads to the exact place.
fn proof(ui: &mut Ui, evidence: &Evidence, severity: Severity, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let width = ui.available_width();
    let place = match evidence.session {
        Some(session) => format!("Session {session}"),
        None => "The file".to_owned(),
    };
    let what = match (evidence.name.is_empty(), part(evidence.part)) {
        (true, part) => part.to_owned(),
        (false, _) => tidy(&evidence.name, 80),
    };
    let (value, color) = if evidence.value.is_empty() {
        ("not there".to_owned(), theme.severity(severity))
    } else {
        (tidy(&evidence.value, 600), theme.text)
    };
    let name = format!("{place}, {what}: {value}");
    let top = ui.cursor().top();
    let ground = ui.painter().add(eframe::egui::Shape::Noop);
    widgets::row(
        ui,
        vec![
            Cell::new(
                RichText::new(place).color(if evidence.session.is_some() {
                    theme.accent
                } else {
                    theme.dim
                }),
                (width * 0.13).max(84.0),
            ),
            Cell::new(theme::mono(what).color(theme.dim), (width * 0.23).max(120.0)),
            Cell::new(theme::mono(value).color(color), 0.0),
        ],
        None,
        0.0,
        |_| {},
    );
    if evidence.session.is_none() {
        return;
    }
    let mut rect = ui.min_rect();
    rect.min.y = top;
    rect.max.y = ui.cursor().top() - ui.spacing().item_spacing.y;
    let id = ui.scope_id().with("evidence");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
    if response.hovered() || response.has_focus() {
        let shape = eframe::egui::Shape::rect_filled(rect, 0.0, theme.hover());
        ui.painter().set(ground, shape);
    }
    let hint = "Show it in the inspector";
    if response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(hint).clicked() {
        actions.push(Action::ShowEvidence(evidence.clone()));
    }
}

pub(super) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

const fn certainty(certainty: Certainty) -> (&'static str, &'static str) {
    match certainty {
        Certainty::Proven => ("proven", "the capture shows it"),
        Certainty::Suspected => (
            "suspected",
            "the capture is partial, or the knowledge behind it is not confirmed; check before you change anything",
        ),
    }
}

const fn part(part: Part) -> &'static str {
    match part {
        Part::RequestLine => "request",
        Part::RequestHeader => "request header",
        Part::RequestBody => "request body",
        Part::Status => "status",
        Part::ResponseHeader => "response header",
        Part::ResponseBody => "response body",
        Part::Token => "token",
        Part::Capture => "capture",
    }
}
