//! The end of a lesson: the verdict, what to do, what looks alike, and where to go on.

use eframe::egui::{Frame, Label, Margin, Role, Stroke, Ui, WidgetInfo};
use lucide_icons::Icon;

use super::page::{proofs, section};
use super::progress::Progress;
use super::size::Size;
use super::walk::Walk;
use crate::gui::action::Action;
use crate::gui::theme::{self, CARD_CORNER, Theme, space};
use crate::gui::views::ViewContext;
use crate::gui::views::compare::Choice;
use crate::gui::widgets::{self, tidy};
use crate::training::lesson::LookAlike;
use crate::training::samples::Sample;

/// What the end is drawn from.
pub(super) struct End<'a> {
    pub(super) walk: &'a mut Walk,
    pub(super) sample: Option<&'static Sample>,
    pub(super) progress: &'a Progress,
    pub(super) context: &'a ViewContext<'a>,
}

impl End<'_> {
    /// Draws the page.
    pub(super) fn ui(self, ui: &mut Ui, size: Size, actions: &mut Vec<Action>) {
        let theme = Theme::of(ui);
        self.verdict(ui, size);
        self.ways_on(ui, size, actions);
        let ending = &self.walk.lesson.ending;
        if let Some(why) = ending.why {
            part(ui, size, "Why");
            ui.add(Label::new(size.body(why)).wrap());
        }
        proofs(ui, size, &ending.evidence, actions);
        if !ending.fix.is_empty() {
            part(ui, size, "Fix");
            widgets::fix_steps(ui, &ending.fix, actions);
        }
        if let Some(sample) = self.sample {
            part(ui, size, "What to point at");
            ui.add(Label::new(size.body(sample.point_at)).wrap());
        }
        if !ending.look_alikes.is_empty() {
            part(ui, size, "How to tell it from its look-alikes");
            for one in &ending.look_alikes {
                look_alike(ui, size, one, actions);
                ui.add_space(space(2));
            }
        }
        if let Some(sample) = self.sample {
            ui.add_space(space(2));
            let text = format!("This was {}", sample.file_name);
            ui.label(size.small(text).color(theme.dim));
        }
    }

    fn verdict(&self, ui: &mut Ui, size: Size) {
        let theme = Theme::of(ui);
        let outcome = self.context.analysis.verdict.outcome;
        let color = theme.outcome(outcome);
        let frame = Frame::new()
            .fill(theme.outcome_surface(outcome))
            .stroke(Stroke::new(1.0, color))
            .corner_radius(CARD_CORNER)
            .inner_margin(Margin::same(14));
        frame.show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            let ending = &self.walk.lesson.ending;
            if let Some(sample) = self.sample {
                ui.add(Label::new(size.heading(sample.title)).wrap());
            }
            ui.horizontal(|ui| {
                let icon = theme::icon_sized(theme::outcome_icon(outcome), size.points(20.0));
                widgets::decoration(ui, icon.color(color));
                let response = ui.add(Label::new(size.title(&ending.headline).color(color)).wrap());
                let name = format!("The verdict: {}", ending.headline);
                response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &name));
            });
            ui.add(Label::new(size.body(tidy(&ending.summary, 500))).wrap());
            if let Some(sample) = self.sample {
                ui.add_space(space(1));
                ui.add(Label::new(size.body(sample.about).color(theme.dim)).wrap());
            }
        });
    }

    fn ways_on(&self, ui: &mut Ui, size: Size, actions: &mut Vec<Action>) {
        let theme = Theme::of(ui);
        let score = self.walk.score();
        ui.add_space(size.points(8.0));
        ui.horizontal_wrapped(|ui| {
            let next = self.sample.and_then(|sample| self.progress.plan.after(sample.name));
            if let Some(next) = next
                && widgets::primary_button(ui, "Next sample").clicked()
            {
                actions.push(Action::StartLesson(next.name));
            }
            if widgets::secondary_button(ui, "Begin again").clicked() {
                actions.push(Action::BeginLesson);
            }
            if widgets::secondary_button(ui, "Compare with a healthy sample").clicked() {
                actions.push(Action::CompareWith(Choice::Healthy));
            }
            let told = format!("{} of {} right", score.right, score.asked);
            ui.label(size.strong(told));
            if self.sample.is_some() && next.is_none() {
                let told = "That was the last lesson of the plan";
                ui.label(size.body(told).color(theme.dim));
            }
        });
    }
}

fn part(ui: &mut Ui, size: Size, text: &str) {
    ui.add_space(size.points(12.0));
    section(ui, size, text);
}

fn look_alike(ui: &mut Ui, size: Size, one: &LookAlike, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let frame = Frame::new()
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.line))
        .corner_radius(CARD_CORNER)
        .inner_margin(Margin::symmetric(14, 10));
    let sample = one.sample;
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal(|ui| {
            widgets::decoration(ui, size.icon(Icon::GitCompareArrows).color(theme.dim));
            ui.label(size.small(one.likeness).color(theme.dim));
        });
        ui.add(Label::new(size.strong(sample.title)).wrap());
        ui.add(Label::new(size.body(sample.point_at).color(theme.dim)).wrap());
        ui.horizontal(|ui| {
            for (what, action) in [
                ("Lesson", Action::StartLesson(sample.name)),
                ("Compare", Action::CompareWith(Choice::Sample(sample.name))),
            ] {
                let response = widgets::link(ui, what);
                let name = format!("{what}: {}", sample.title);
                response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
                if response.clicked() {
                    actions.push(action);
                }
            }
        });
    });
}
