//! An open capture on screen: side bar, tabs with the chosen view, inspector, status bar.

use std::sync::Arc;

use eframe::egui::scroll_area::ScrollBarVisibility;
use eframe::egui::{CentralPanel, Frame, Margin, Panel, ScrollArea, Ui};
use lucide_icons::Icon;

use super::{inspectors, search_strip, status_bar, veil};
use crate::analysis::Analysis;
use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::document::Document;
use crate::gui::documents::{Other, TabId};
use crate::gui::settings::{Masking, Settings};
use crate::gui::theme::{self, Theme, space};
use crate::gui::views::lesson::progress::Progress;
use crate::gui::views::{View, ViewContext};
use crate::gui::widgets;

/// How large the user made the parts.
pub(in crate::gui) struct Sizes {
    /// The side bar's width in points.
    pub(in crate::gui) side_bar_width: f32,
    /// The inspector's height in points.
    pub(in crate::gui) inspector_height: f32,
}

/// The view gets at least this height, in points; the inspector gives way.
const LEAST_VIEW: f32 = 110.0;

/// Draws the capture. The parts stand where they stood in the tab before; what is in them belongs to this tab alone: two
/// captures never share how far they are scrolled.
pub(in crate::gui) fn ui(
    ui: &mut Ui,
    tab: TabId,
    document: &mut Document,
    others: &[Other],
    settings: &Settings,
    progress: &Progress,
    actions: &mut Vec<Action>,
) -> Sizes {
    let theme = Theme::of(ui);
    document.settle();
    let analysis = Arc::clone(document.shown());
    let presents = document.view == View::Lesson && document.lesson.is_presenting();
    let hides = document.hides();
    let selection = document.selection.clone();
    let context =
        ViewContext { analysis: &analysis, selection: &selection, theme, others, settings };
    let mut sizes = Sizes {
        side_bar_width: settings.side_bar_width,
        inspector_height: settings.inspector_height,
    };
    if !presents {
        status_bar::ui(ui, &document.facts, settings, actions);
    }
    if settings.side_bar && !presents {
        let widest = (ui.available_width() * 0.45).clamp(160.0, 400.0);
        let margin = Margin { left: 14, right: 2, top: 14, bottom: 8 };
        let panel = Panel::left("side bar")
            .frame(Frame::new().fill(theme.panel).inner_margin(margin))
            .default_size(settings.side_bar_width)
            .size_range(widest.min(220.0)..=widest);
        let shown = panel.show(ui, |ui| {
            ui.push_id(tab, |ui| {
                if hides {
                    veil::side_bar(ui, &analysis, &selection, actions);
                } else {
                    document.side_bar.ui(ui, &analysis, &selection, actions);
                }
            });
        });
        sizes.side_bar_width = shown.response.rect.width();
    }
    if document.has_inspector() {
        let highest = (ui.available_height() - TABS - LEAST_VIEW).clamp(100.0, 1200.0);
        let shown = Panel::bottom("inspector")
            .frame(Frame::new().fill(theme.panel))
            .default_size(inspector_height(settings, ui.available_height()))
            .size_range(highest.min(120.0)..=highest)
            .resizable(true)
            .show(ui, |ui| {
                ui.push_id(tab, |ui| inspectors::ui(ui, document, &context, actions));
            });
        if settings.masking == Masking::Always && document.inspector.mask_all() {
            let why = "Secrets are always masked; the settings (Ctrl+,) change that";
            actions.push(Action::Toast(why.to_owned()));
        }
        sizes.inspector_height = shown.response.rect.height();
    }
    if !presents {
        view_tabs(ui, document, &analysis, settings, actions);
    }
    let frame = Frame::new().fill(theme.background);
    CentralPanel::default().frame(frame).show(ui, |ui| {
        ui.push_id(tab, |ui| match document.view {
            View::Timeline => document.timeline.ui(ui, &context, actions),
            View::Sessions => {
                let next = search_strip::ui(ui, &mut document.sessions.search, actions);
                document.sessions.ui(ui, &context, actions);
                if let Some(text) = next {
                    actions.push(Action::Filter(text));
                }
            }
            View::Tokens => document.tokens.ui(ui, &context, actions),
            View::Findings | View::Compare if hides => veil::view(ui, actions),
            View::Findings => document.findings.ui(ui, &context, actions),
            View::Compare if document.comparing.is_busy() => document.comparing.ui(ui, actions),
            View::Compare => document.compare.ui(ui, &context, actions),
            View::Lesson => document.lesson.ui(ui, &context, progress, actions),
        });
    });
    sizes
}

/// The inspector's height: as the user left it, or what suits the window.
fn inspector_height(settings: &Settings, available: f32) -> f32 {
    if settings.inspector_height > 0.0 {
        settings.inspector_height
    } else {
        (available * 0.38).clamp(200.0, 720.0)
    }
}

/// Height of the tabs in points.
const TABS: f32 = 38.0;

fn view_tabs(
    ui: &mut Ui,
    document: &Document,
    analysis: &Analysis,
    settings: &Settings,
    actions: &mut Vec<Action>,
) {
    let theme = Theme::of(ui);
    let frame = Frame::new().fill(theme.background).inner_margin(Margin::symmetric(20, 0));
    let bars = ScrollBarVisibility::AlwaysHidden;
    Panel::top("tabs").frame(frame).exact_size(TABS).resizable(false).show(ui, |ui| {
        ScrollArea::horizontal().scroll_bar_visibility(bars).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space(6);
                if !settings.side_bar {
                    side_bar_button(ui, analysis, document.hides(), actions);
                }
                for view in View::ALL {
                    let count = match view {
                        View::Timeline | View::Compare | View::Lesson => None,
                        View::Sessions => Some(analysis.capture.sessions.len()),
                        View::Tokens => Some(analysis.flows.tokens.len()),
                        View::Findings if document.hides() => None,
                        View::Findings => Some(analysis.findings.len()),
                    };
                    let chosen = document.view == view;
                    if widgets::tab(ui, view.text(), count, chosen, TABS).clicked() {
                        actions.push(Action::ShowView(view));
                    }
                }
            });
        });
    });
}

/// What is left of the side bar while it is hidden: how the capture stands, and the way back.
fn side_bar_button(ui: &mut Ui, analysis: &Analysis, hides: bool, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui);
    let outcome = analysis.verdict.outcome;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space(1);
        ui.set_height(TABS);
        if widgets::icon_button(ui, Icon::PanelLeftOpen, "Show the side bar").clicked() {
            actions.push(Action::Run(Command::ToggleSideBar));
        }
        if hides {
            return;
        }
        let color = theme.outcome(outcome);
        let words = analysis.verdict.headline();
        widgets::glyph(ui, theme::outcome_icon(outcome), color, &words).on_hover_text(words);
    });
}
