//! A capture as a lesson: the steps one by one, each with a question, and the verdict last. As long as it is open, the
//! window gives nothing away.

mod contents;
mod ending;
mod page;
pub mod progress;
mod rail;
mod size;
mod start;
mod walk;

use eframe::egui::{Align, Frame, Key, Layout, Margin, Modifiers, Panel, ScrollArea, Ui};
use lucide_icons::Icon;

use self::progress::{Progress, Score};
use self::size::Size;
use self::walk::{Reply, Walk};
use super::ViewContext;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::theme::{Theme, space};
use crate::gui::widgets;
use crate::training::lesson::Lesson as Model;
use crate::training::samples::Sample;

/// Sessions of a capture whose verdict can be hidden: hiding takes a copy of the capture.
pub const MOST_HIDDEN: usize = 20_000;

/// Keys that answer.
const DIGITS: [Key; 4] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4];

/// What is in front.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// What a lesson is, and a button that begins it.
    #[default]
    Start,
    /// The list of all lessons.
    Contents,
    /// The lesson itself.
    Walk,
}

/// The view's own look.
#[derive(Debug, Default)]
pub struct Lesson {
    /// The sample that is open, if it is one.
    sample: Option<&'static Sample>,
    place: Place,
    walk: Option<Walk>,
    /// Whether the lesson fills the window, in large type.
    presenting: bool,
    /// Whether the page shall be scrolled to its top.
    to_top: bool,
}

impl Lesson {
    /// The lesson of a capture that may be a sample.
    pub fn new(sample: Option<&'static Sample>) -> Self {
        Self { sample, ..Self::default() }
    }

    /// Whether the verdict is still to be found, so that nothing may give it away.
    pub fn hides(&self) -> bool {
        self.walk.as_ref().is_some_and(Walk::hides)
    }

    /// Whether a lesson is under way and in front.
    pub fn walks(&self) -> bool {
        self.place == Place::Walk && self.walk.is_some()
    }

    /// Whether the lesson fills the window.
    pub const fn is_presenting(&self) -> bool {
        self.presenting
    }

    /// Fills the window with the lesson, or goes back.
    pub fn present(&mut self, presenting: bool) {
        self.presenting = presenting;
        self.to_top = true;
    }

    /// Begins the lesson, or begins it anew.
    pub fn begin(&mut self, analysis: &crate::analysis::Analysis) {
        self.walk = Some(Walk::new(Model::of(analysis, self.sample)));
        self.place = Place::Walk;
        self.to_top = true;
    }

    /// Ends the lesson without a verdict: everything shows again.
    pub fn end(&mut self) {
        self.walk = None;
        self.place = Place::Start;
    }

    /// Draws the view.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        context: &ViewContext<'_>,
        progress: &Progress,
        actions: &mut Vec<Action>,
    ) {
        let size = Size::of(ui, self.presenting);
        if self.presenting && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            self.presenting = false;
        }
        ui.scope(|ui| {
            size.apply(ui);
            if self.place == Place::Walk {
                self.keys(ui, progress, actions);
            }
            self.bar(ui, size, progress, actions);
            self.ways(ui, size, actions);
            let area = ScrollArea::vertical()
                .id_salt(("lesson", self.place as u8, self.walk.as_ref().map(|w| w.at)))
                .auto_shrink(false);
            let area = if std::mem::take(&mut self.to_top) {
                area.vertical_scroll_offset(0.0)
            } else {
                area
            };
            area.show(ui, |ui| {
                let whole = ui.available_width();
                let width = size.width.min(whole - space(10));
                // On a projector the page stands in the middle; in the window it stands where other pages begin.
                let left = if self.presenting { (whole - width) / 2.0 } else { space(5) };
                Frame::new().inner_margin(Margin::symmetric(0, 8)).show(ui, |ui| {
                    ui.horizontal_top(|ui| {
                        ui.add_space(left);
                        ui.vertical(|ui| {
                            ui.set_width(width);
                            self.content(ui, size, context, progress, actions);
                            ui.add_space(space(6));
                        });
                    });
                });
            });
        });
    }

    fn content(
        &mut self,
        ui: &mut Ui,
        size: Size,
        context: &ViewContext<'_>,
        progress: &Progress,
        actions: &mut Vec<Action>,
    ) {
        match (self.place, &mut self.walk) {
            (Place::Contents, _) => contents::ui(ui, size, self.sample, progress, actions),
            (Place::Walk, Some(walk)) if walk.is_over() => {
                let end = ending::End { walk, sample: self.sample, progress, context };
                end.ui(ui, size, actions);
            }
            (Place::Walk, Some(walk)) => {
                let before = (walk.at, walk.is_told(walk.at));
                page::ui(ui, size, walk, self.sample, actions);
                self.to_top = before.0 != walk.at;
                keep_score(walk, self.sample, before.1, actions);
            }
            _ => start::ui(ui, size, self.sample, context, actions),
        }
    }

    /// What stands below a page with a question.
    fn ways(&mut self, ui: &mut Ui, size: Size, actions: &mut Vec<Action>) {
        let walks = self.place == Place::Walk;
        let Some(walk) = self.walk.as_mut().filter(|walk| walks && !walk.is_over()) else { return };
        let theme = Theme::of(ui);
        let margin = Margin { left: 20, right: 16, top: 8, bottom: 8 };
        let frame = Frame::new().fill(theme.background).inner_margin(margin);
        let (before, told) = (walk.at, walk.is_told(walk.at));
        Panel::bottom("ways").frame(frame).resizable(false).show(ui, |ui| {
            page::ways(ui, size, walk);
        });
        self.to_top |= before != walk.at;
        keep_score(walk, self.sample, told, actions);
    }

    /// What stands above every page: where one is, and the ways out.
    fn bar(&mut self, ui: &mut Ui, size: Size, progress: &Progress, actions: &mut Vec<Action>) {
        let theme = Theme::of(ui);
        let frame = Frame::new().inner_margin(Margin { left: 20, right: 16, top: 6, bottom: 4 });
        frame.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.set_min_height(size.points(30.0));
                if self.place == Place::Contents {
                    if widgets::secondary_button(ui, "Back to the lesson").clicked() {
                        self.place = if self.walk.is_some() { Place::Walk } else { Place::Start };
                    }
                } else if widgets::secondary_button(ui, "All lessons").clicked() {
                    self.place = Place::Contents;
                    self.to_top = true;
                }
                ui.label(size.small(self.standing(progress)).color(theme.dim));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let (icon, name) = if self.presenting {
                        (Icon::Minimize2, "Leave the presenter view")
                    } else {
                        (Icon::Presentation, "Presenter view")
                    };
                    if widgets::icon_button(ui, icon, name).clicked() {
                        actions.push(Action::Run(Command::Present));
                    }
                    if self.place == Place::Walk {
                        if widgets::icon_button(ui, Icon::RotateCcw, "Begin again").clicked() {
                            actions.push(Action::BeginLesson);
                        }
                        if widgets::icon_button(ui, Icon::LogOut, "End the lesson").clicked() {
                            actions.push(Action::EndLesson);
                        }
                    }
                });
            });
            if self.place == Place::Walk
                && let Some(walk) = &mut self.walk
            {
                ui.add_space(space(1));
                rail::ui(ui, size, walk);
            }
        });
    }

    /// `Lesson 12 of 57 · 3 of 4 right`
    fn standing(&self, progress: &Progress) -> String {
        let Some(walk) = self.walk.as_ref().filter(|_| self.place == Place::Walk) else {
            let (done, all) = progress.done();
            return format!("{}: {done} of {all} lessons done", progress.plan.name());
        };
        let name = walk::name(self.sample, self.hides());
        match walk.score() {
            Score { asked: 0, .. } => name,
            score => format!("{name} · {} of {} right", score.right, score.asked),
        }
    }

    fn keys(&mut self, ui: &mut Ui, progress: &Progress, actions: &mut Vec<Action>) {
        // A button that has the focus takes Space and Enter itself.
        let is_free = ui.memory(|memory| memory.focused().is_none());
        let Some(walk) = &mut self.walk else { return };
        let told = walk.is_told(walk.at);
        let before = walk.at;
        let pressed = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        if let Some(at) = DIGITS.into_iter().position(pressed) {
            walk.answer(Reply::Chosen(at));
        } else if is_free && pressed(Key::ArrowDown) {
            walk.point(1);
        } else if is_free && pressed(Key::ArrowUp) {
            walk.point(-1);
        } else if is_free && pressed(Key::Enter) {
            match walk.cursor.filter(|_| !told) {
                Some(at) => walk.answer(Reply::Chosen(at)),
                None => forward(walk, self.sample, progress, actions),
            }
        } else if (is_free && (pressed(Key::Space) || pressed(Key::ArrowRight)))
            || pressed(Key::PageDown)
        {
            forward(walk, self.sample, progress, actions);
        } else if (is_free && (pressed(Key::ArrowLeft) || pressed(Key::Backspace)))
            || pressed(Key::PageUp)
        {
            walk.go_back();
        }
        self.to_top |= before != walk.at;
        keep_score(walk, self.sample, told, actions);
    }
}

/// Goes on; at the end, to the next sample.
fn forward(
    walk: &mut Walk,
    sample: Option<&'static Sample>,
    progress: &Progress,
    actions: &mut Vec<Action>,
) {
    let next = sample.and_then(|sample| progress.plan.after(sample.name));
    match next.filter(|_| walk.is_over()) {
        Some(next) => actions.push(Action::StartLesson(next.name)),
        None => walk.go_on(),
    }
}

/// Keeps the score as soon as the last question was told.
fn keep_score(
    walk: &Walk,
    sample: Option<&'static Sample>,
    was_told: bool,
    actions: &mut Vec<Action>,
) {
    let is_last = walk.score().asked == walk.lesson.questions();
    if let Some(sample) = sample.filter(|_| is_last && !was_told) {
        actions.push(Action::KeepScore(sample.name, walk.score()));
    }
}
