//! A page: what should happen, where to look, the question, and behind the answer what happened and why.

use eframe::egui::{
    Align, Button, CursorIcon, Frame, Label, Layout, Margin, Response, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};
use lucide_icons::Icon;

use super::size::Size;
use super::walk::{Reply, Walk};
use crate::gui::action::Action;
use crate::gui::theme::{CARD_CORNER, CORNER, Theme, space};
use crate::gui::widgets::{self, tidy};
use crate::rules::Evidence;
use crate::training::lesson::{Page, Pointer, Question, Subject};
use crate::training::samples::Sample;

/// Draws the page in front.
pub(super) fn ui(
    ui: &mut Ui,
    size: Size,
    walk: &mut Walk,
    sample: Option<&'static Sample>,
    actions: &mut Vec<Action>,
) {
    let at = walk.at;
    let Some(page) = walk.page().cloned() else { return };
    if at == 0 {
        opening(ui, size, walk, sample);
    }
    let head = match page.subject {
        Subject::Step(step) => format!("Step {} of 5: {}", step as usize + 1, step.name()),
        Subject::Verdict | Subject::Lesson => page.subject.name().to_owned(),
    };
    let response = ui.add(Label::new(size.title(&head)).wrap());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &head));
    ui.add_space(space(1));
    let lead = match page.subject {
        Subject::Step(_) => "What should happen",
        Subject::Verdict | Subject::Lesson => "Your turn",
    };
    section(ui, size, lead);
    ui.add(Label::new(size.body(&page.should)).wrap());
    look(ui, size, &page.look, actions);
    ui.add_space(size.points(10.0));
    let told = walk.is_told(at);
    if let Some(question) = &page.question {
        let chosen = questions(ui, size, walk, question);
        if let Some(answer) = chosen {
            walk.answer(Reply::Chosen(answer));
        }
    }
    if told {
        let place = happened(ui, size, &page, actions);
        if std::mem::take(&mut walk.is_fresh) {
            place.scroll_to_me(None);
        }
    }
}

/// Below the page, always in sight: on, and back.
pub(super) fn ways(ui: &mut Ui, size: Size, walk: &mut Walk) {
    let theme = Theme::of(ui);
    let told = walk.is_told(walk.at);
    ui.horizontal(|ui| {
        let (text, keys) = if told {
            ("Next", "Space or → goes on, ← goes back")
        } else {
            ("Reveal", "1 to 4 answers, Space reveals")
        };
        if widgets::primary_button(ui, text).clicked() {
            walk.go_on();
        }
        if walk.at > 0 && widgets::secondary_button(ui, "Back").clicked() {
            walk.go_back();
        }
        ui.label(size.small(keys).color(theme.dim));
    });
}

/// What was reported, before anybody looked: the first page begins with it.
fn opening(ui: &mut Ui, size: Size, walk: &Walk, sample: Option<&'static Sample>) {
    let theme = Theme::of(ui);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::same(14));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        if let Some(sample) = sample {
            section(ui, size, "Reported");
            ui.add(Label::new(size.heading(sample.reported)).wrap());
            ui.add_space(space(1));
        }
        section(ui, size, "Recorded");
        ui.add(Label::new(size.body(tidy(&walk.lesson.scene, 300)).color(theme.dim)).wrap());
    });
    ui.add_space(size.points(12.0));
}

pub(super) fn section(ui: &mut Ui, size: Size, text: &str) {
    ui.label(size.overline(text).color(Theme::of(ui).dim));
}

/// The places to look at; a click leads there.
fn look(ui: &mut Ui, size: Size, pointers: &[Pointer], actions: &mut Vec<Action>) {
    if pointers.is_empty() {
        return;
    }
    ui.add_space(size.points(8.0));
    section(ui, size, "Where to look");
    ui.horizontal_wrapped(|ui| {
        for pointer in pointers {
            let label = tidy(&pointer.label, 80);
            let text = (size.icon(Icon::Search), size.body(&label));
            let response = ui.add(Button::new(text).corner_radius(CORNER));
            response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &label));
            let response = response.on_hover_cursor(CursorIcon::PointingHand);
            if response.on_hover_text("Show it in the inspector").clicked() {
                actions.push(Action::ShowEvidence(pointer.evidence.clone()));
            }
        }
    });
}

/// The question with its answers; answers with the one that was clicked.
fn questions(ui: &mut Ui, size: Size, walk: &Walk, question: &Question) -> Option<usize> {
    let mut chosen = None;
    ui.add(Label::new(size.heading(&question.text)).wrap());
    ui.add_space(space(1));
    for (at, text) in question.answers.iter().enumerate() {
        let look = Look {
            number: at + 1,
            reply: walk.reply(walk.at),
            is_right: at == question.right,
            is_chosen: walk.reply(walk.at) == Some(Reply::Chosen(at)),
            is_pointed_at: walk.cursor == Some(at),
        };
        if answer(ui, size, text, look) {
            chosen = Some(at);
        }
        ui.add_space(space(1));
    }
    chosen
}

/// How an answer stands.
#[derive(Clone, Copy)]
struct Look {
    number: usize,
    reply: Option<Reply>,
    is_right: bool,
    is_chosen: bool,
    is_pointed_at: bool,
}

fn answer(ui: &mut Ui, size: Size, text: &str, look: Look) -> bool {
    let theme = Theme::of(ui);
    let is_open = look.reply.is_none();
    let (ground, line, icon, word) = match (is_open, look.is_right, look.is_chosen) {
        (true, ..) => (theme.panel, theme.line, None, ""),
        (false, true, _) => {
            (theme.ok_surface, theme.ok, Some((Icon::CircleCheck, theme.ok)), "Right answer")
        }
        (false, false, true) => {
            (theme.error_surface, theme.error, Some((Icon::CircleX, theme.error)), "Your answer")
        }
        (false, false, false) => (theme.background, theme.line, None, ""),
    };
    let sense = if is_open { Sense::click() } else { Sense::hover() };
    let back = ui.painter().add(Shape::Noop);
    let margin = Margin::symmetric(12, 8);
    let shown = ui.scope_builder(UiBuilder::new().sense(sense), |ui| {
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.horizontal(|ui| {
                ui.scope(|ui| {
                    ui.set_width(size.points(14.0));
                    let number = size.strong(look.number.to_string()).color(theme.dim);
                    ui.add(Label::new(number).selectable(false));
                });
                let right = if word.is_empty() { 0.0 } else { size.points(120.0) };
                ui.scope(|ui| {
                    ui.set_max_width((ui.available_width() - right).max(80.0));
                    let ink = if is_open || look.is_right || look.is_chosen {
                        theme.text
                    } else {
                        theme.dim
                    };
                    ui.add(Label::new(size.body(text).color(ink)).wrap().selectable(false));
                });
                if let Some((icon, color)) = icon {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        let word = size.small(word).color(color);
                        ui.add(Label::new(word).selectable(false));
                        widgets::decoration(ui, size.icon(icon).color(color));
                    });
                }
            });
        });
    });
    let response = shown.response;
    response.widget_info(|| {
        let name = match word {
            "" => format!("Answer {}: {text}", look.number),
            word => format!("Answer {}: {text}. {word}", look.number),
        };
        WidgetInfo::selected(Role::RadioButton, is_open, look.is_chosen, name)
    });
    let hot = is_open && (response.hovered() || response.has_focus() || look.is_pointed_at);
    let (ground, line) = if hot { (theme.selection, theme.accent) } else { (ground, line) };
    ui.painter().set(
        back,
        eframe::epaint::RectShape::new(
            response.rect,
            CORNER,
            ground,
            Stroke::new(1.0, line),
            StrokeKind::Inside,
        ),
    );
    is_open && response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

/// What happened and why, with what proves it.
fn happened(ui: &mut Ui, size: Size, page: &Page, actions: &mut Vec<Action>) -> Response {
    let theme = Theme::of(ui);
    ui.add_space(space(1));
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::same(14));
    let shown = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        section(ui, size, "What happened here");
        for (at, line) in page.happened.iter().enumerate() {
            let text = tidy(line, 500);
            let text = if at == 0 { size.strong(text) } else { size.body(text) };
            ui.add(Label::new(text).wrap());
        }
        proofs(ui, size, &page.evidence, actions);
        if let Some(why) = page.why {
            ui.add_space(size.points(6.0));
            section(ui, size, "Why it matters");
            ui.add(Label::new(size.body(why).color(theme.dim)).wrap());
        }
    });
    shown.response
}

/// What proves it: each line leads to its place.
pub(super) fn proofs(ui: &mut Ui, size: Size, evidence: &[Evidence], actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    if evidence.is_empty() {
        return;
    }
    ui.add_space(size.points(6.0));
    section(ui, size, "Evidence");
    for (at, evidence) in evidence.iter().enumerate() {
        let label = Pointer::to(evidence.clone()).label;
        ui.push_id(at, |ui| {
            if evidence.session.is_some() {
                let link = Label::new(size.body(tidy(&label, 80)).color(theme.accent));
                let response = ui.add(link.sense(Sense::click()));
                response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &label));
                if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
                    actions.push(Action::ShowEvidence(evidence.clone()));
                }
            } else {
                ui.label(size.body(tidy(&label, 80)).color(theme.dim));
            }
            let (value, color) = if evidence.value.is_empty() {
                ("not there".to_owned(), theme.warning)
            } else {
                (tidy(&evidence.value, 400), theme.text)
            };
            ui.horizontal_top(|ui| {
                ui.add_space(space(3));
                ui.add(Label::new(size.mono(value).color(color)).wrap());
            });
        });
    }
    ui.allocate_space(vec2(0.0, 0.0));
}
