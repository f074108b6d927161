//! The screen without a capture: open one, take up a recent one, or learn from a sample.

use std::path::Path;

use eframe::egui::{
    Align, CentralPanel, CursorIcon, FontId, Frame, Label, Layout, Rect, RichText, Role,
    ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, text::LayoutJob,
    vec2,
};
use lucide_icons::Icon;

use crate::flow::Outcome;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::recent::Recent;
use crate::gui::theme::{self, CARD_CORNER, CORNER, Theme, space};
use crate::gui::widgets;
use crate::training::course;
use crate::training::samples::Sample;

/// Widest the screen gets, in points.
const WIDEST: f32 = 1080.0;

/// Draws the screen.
pub(in crate::gui) fn ui(ui: &mut Ui, recent: &Recent, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    CentralPanel::default().frame(Frame::new().fill(theme.background)).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let whole = ui.available_width();
            let width = (whole - space(12)).min(WIDEST);
            ui.add_space(space(8));
            ui.horizontal_top(|ui| {
                ui.add_space(((whole - width) / 2.0).max(0.0) - ui.spacing().item_spacing.x);
                ui.vertical(|ui| {
                    ui.set_width(width);
                    drop_area(ui, actions);
                    recent_files(ui, recent, actions);
                    gallery(ui, actions);
                    ui.add_space(space(8));
                });
            });
        });
    });
}

fn drop_area(ui: &mut Ui, actions: &mut Vec<Action>) {
    const ABOUT: &str = "Drop a HAR or SAZ capture of Outlook here. It stays on this computer";
    const HINT: &str = "Fiddler: File › Save › All Sessions. Browser: developer tools, Network, Save all as HAR with content";
    let theme = Theme::of(ui);
    let hot = ui.ctx().input(|i| !i.raw.hovered_files.is_empty());
    let size = vec2(ui.available_width(), 188.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let (line, ground) =
        if hot { (theme.accent, theme.selection) } else { (theme.dim, theme.panel) };
    ui.painter().rect_filled(rect, CARD_CORNER, ground);
    dashes(ui, rect, Stroke::new(1.0, line));
    let mut child = ui.new_child(column(rect.shrink(space(6))));
    child.vertical_centered(|ui| {
        ui.add_space(space(2));
        ui.label(theme::title("Where did modern authentication break?"));
        ui.label(RichText::new(ABOUT).color(theme.dim));
        ui.add_space(space(4));
        ui.horizontal(|ui| {
            // The two buttons are about this wide.
            ui.add_space((ui.available_width() - 206.0) / 2.0);
            if widgets::primary_button(ui, Command::Open.text()).clicked() {
                actions.push(Action::Run(Command::Open));
            }
            if widgets::secondary_button(ui, Command::PasteText.text()).clicked() {
                actions.push(Action::Run(Command::PasteText));
            }
        });
        ui.add_space(space(3));
        ui.add(Label::new(theme::small(HINT).color(theme.dim)).wrap());
    });
}

/// A place whose parts stand one below the other, whatever stands around it.
fn column(rect: Rect) -> UiBuilder {
    UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::LEFT))
}

/// A dashed frame.
fn dashes(ui: &Ui, rect: Rect, stroke: Stroke) {
    let r = rect.shrink(1.0);
    let corners = [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
    ui.painter().extend(Shape::dashed_line(&corners, stroke, 6.0, 5.0));
}

fn recent_files(ui: &mut Ui, recent: &Recent, actions: &mut Vec<Action>) {
    if recent.paths().is_empty() {
        return;
    }
    ui.add_space(space(6));
    ui.label(theme::overline("Recent files").color(Theme::of(ui).dim));
    ui.add_space(space(1));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for path in recent.paths() {
            recent_file(ui, path, actions);
        }
    });
}

fn recent_file(ui: &mut Ui, path: &Path, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
    ui.horizontal(|ui| {
        let size = vec2(ui.available_width() - 32.0, 30.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let label = format!("Open {name}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(rect, CORNER, theme.raised);
        }
        let mut row = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 0.0))));
        row.horizontal_centered(|ui| {
            let icon = theme::icon(Icon::File).color(theme.dim);
            widgets::decoration(ui, icon);
            ui.add(Label::new(RichText::new(&name).family(theme::medium())).selectable(false));
            ui.add(Label::new(theme::small(&folder).color(theme.dim)).selectable(false).truncate());
        });
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            actions.push(Action::OpenFile(path.to_owned()));
        }
        if widgets::icon_button(ui, Icon::X, &format!("Forget {name}")).clicked() {
            actions.push(Action::ForgetRecent(path.to_owned()));
        }
    });
}

/// The samples as cards, in the chapters of the course.
fn gallery(ui: &mut Ui, actions: &mut Vec<Action>) {
    ui.add_space(space(6));
    course_head(ui, actions);
    for chapter in course::chapters() {
        ui.add_space(space(6));
        let head = format!("Samples: {}", chapter.title);
        ui.label(theme::overline(&head).color(Theme::of(ui).dim));
        ui.add_space(space(2));
        let gap = space(3);
        let whole = ui.available_width();
        // As many as fit with 300 points each, one to three.
        let columns = [3_u8, 2].into_iter().find(|n| whole / f32::from(*n) >= 300.0).unwrap_or(1);
        let width = (whole + gap) / f32::from(columns) - gap;
        for row in chapter.samples.chunks(usize::from(columns)) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = gap;
                for sample in row {
                    card(ui, sample, width, actions);
                }
            });
            ui.add_space(gap - ui.spacing().item_spacing.y);
        }
    }
}

/// The way into the course.
fn course_head(ui: &mut Ui, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let mut starts = false;
    ui.horizontal(|ui| {
        let icon = theme::icon_sized(Icon::GraduationCap, theme::TITLE).color(theme.dim);
        widgets::decoration(ui, icon);
        ui.label(theme::heading("Learn from samples"));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            starts = widgets::secondary_button(ui, "Start the course").clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let about =
                    "Good flows beside broken ones, to look at or as lessons with questions";
                ui.add(Label::new(RichText::new(about).color(theme.dim)).truncate());
            });
        });
    });
    if let Some(first) = course::numbered(1).filter(|_| starts) {
        actions.push(Action::StartLesson(first.name));
    }
}

fn card(ui: &mut Ui, sample: &'static Sample, width: f32, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let outcome = match sample.expected.outcome {
        "healthy" => Outcome::Healthy,
        "broken" => Outcome::Broken,
        "not-hma" => Outcome::NotHma,
        _ => Outcome::NotEnoughEvidence,
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 124.0), Sense::click());
    let name = format!("Sample: {}", sample.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    let hot = response.hovered() || response.has_focus();
    let (ground, line) = if hot { (theme.raised, theme.accent) } else { (theme.panel, theme.line) };
    ui.painter().rect(rect, CARD_CORNER, ground, Stroke::new(1.0, line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(14.0, 12.0));
    let icon = theme::icon(theme::outcome_icon(outcome)).color(theme.outcome(outcome));
    let mut mark = ui.new_child(column(inner));
    widgets::decoration(&mut mark, icon);
    let text = Rect::from_min_max(pos2(inner.left() + 24.0, inner.top()), inner.max);
    let mut words = ui.new_child(column(text));
    words.spacing_mut().item_spacing.y = 3.0;
    words.add(Label::new(theme::strong(sample.title)).selectable(false).wrap());
    let font = FontId::proportional(theme::SMALL);
    let mut about = LayoutJob::simple(sample.about.to_owned(), font, theme.dim, text.width());
    about.wrap.max_rows = 3;
    words.add(Label::new(about).selectable(false));
    let lesson = lesson_link(ui, sample, inner);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let hint = format!("{}\n\nLook at: {}", sample.about, sample.point_at);
    if lesson {
        actions.push(Action::StartLesson(sample.name));
    } else if response.on_hover_text(theme::small(hint)).clicked() {
        actions.push(Action::OpenSample(sample.file_name));
    }
}

/// At the bottom of a card: the sample as a lesson.
fn lesson_link(ui: &mut Ui, sample: &Sample, card: Rect) -> bool {
    let place = Rect::from_min_max(pos2(card.left() + 24.0, card.bottom() - 16.0), card.max);
    let mut bottom = ui.new_child(column(place));
    let response = widgets::link(&mut bottom, "Lesson");
    let name = format!("Lesson: {}", sample.title);
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
    response.clicked()
}
