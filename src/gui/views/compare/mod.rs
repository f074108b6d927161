//! Two captures side by side, aligned by step, with the first difference in sight.

mod choose;
mod heads;
mod pairs;
mod steps;
mod toolbar;

use std::sync::Arc;

use eframe::egui::{Align, Frame, Margin, ScrollArea, Ui};

use super::ViewContext;
use crate::analysis::Analysis;
use crate::compare::{Comparison, FlowPair};
use crate::flow::{FlowId, Outcome};
use crate::gui::action::Action;
use crate::gui::documents::TabId;
use crate::gui::theme::space;
use crate::report::Format;

/// What to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A file that the user chooses.
    File,
    /// The healthy sample that is closest to the capture.
    Healthy,
    /// A sample by its name.
    Sample(&'static str),
    /// Another open capture.
    Tab(TabId),
}

/// The capture on the other side.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Its name.
    pub name: String,
    /// Everything known about it.
    pub analysis: Arc<Analysis>,
}

/// The view's own look.
#[derive(Debug, Default)]
pub struct Compare {
    reference: Option<Reference>,
    /// Whether the capture in front is the good one.
    is_good: bool,
    comparison: Option<Arc<Comparison>>,
    /// The pair in front, by its place.
    pair: usize,
    /// A pair that the user made; it stands before the others.
    by_hand: Option<Arc<FlowPair>>,
    /// Whether differences that explain nothing are shown.
    shows_incidental: bool,
    /// Whether the first difference shall be scrolled to.
    scroll: bool,
}

/// Both sides and their comparison, as the parts of the view read them.
pub(super) struct Sides<'a> {
    /// The good capture and its name.
    good: (&'a Analysis, &'a str),
    /// The bad capture and its name.
    bad: (&'a Analysis, &'a str),
    /// Whether the capture in front is the good one.
    is_good: bool,
    comparison: &'a Comparison,
    pair: &'a FlowPair,
}

impl Compare {
    /// The capture on the other side, and whether the capture in front is the good one, which stands left.
    pub fn reference(&self) -> Option<(&Reference, bool)> {
        self.reference.as_ref().map(|reference| (reference, self.is_good))
    }

    /// Compares a capture with another one; the one that works is taken for the good one.
    pub fn set(&mut self, analysis: &Analysis, reference: Reference) {
        let works = |analysis: &Analysis| analysis.verdict.outcome == Outcome::Healthy;
        self.is_good = works(analysis) && !works(&reference.analysis);
        self.reference = Some(reference);
        self.compare(analysis);
    }

    /// Ends the comparison.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The report of the comparison.
    pub fn report(&self, analysis: &Analysis, format: Format) -> Option<String> {
        let (comparison, reference) = (self.comparison.as_deref()?, self.reference.as_ref()?);
        let (good, bad) = self.sides(analysis, &reference.analysis);
        let style = crate::report::Style::default();
        Some(crate::report::comparison(comparison, good, bad, format, style))
    }

    /// The sessions of the first difference, in the capture in front and in the other one.
    pub fn first_sessions(
        &self,
    ) -> (Option<crate::capture::SessionId>, Option<crate::capture::SessionId>) {
        let first = self.comparison.as_deref().and_then(Comparison::first_difference);
        first.map_or((None, None), |(_, difference)| {
            let (good, bad) = (difference.good.session, difference.bad.session);
            if self.is_good { (good, bad) } else { (bad, good) }
        })
    }

    fn compare(&mut self, analysis: &Analysis) {
        let Some(reference) = &self.reference else { return };
        let (good, bad) = self.sides(analysis, &reference.analysis);
        let comparison = Comparison::of(good, bad);
        let first = comparison.first_difference().map(|(pair, _)| pair);
        let first = comparison.pairs.iter().position(|p| first.is_some_and(|f| std::ptr::eq(f, p)));
        self.pair = first.unwrap_or(0);
        self.comparison = Some(Arc::new(comparison));
        self.by_hand = None;
        self.scroll = true;
    }

    const fn sides<'a>(
        &self,
        analysis: &'a Analysis,
        other: &'a Analysis,
    ) -> (&'a Analysis, &'a Analysis) {
        if self.is_good { (analysis, other) } else { (other, analysis) }
    }

    /// Compares two flows that the user paired, the good one first.
    fn pair_by_hand(&mut self, analysis: &Analysis, good_flow: FlowId, bad_flow: FlowId) {
        let Some(reference) = &self.reference else { return };
        let (good, bad) = self.sides(analysis, &reference.analysis);
        self.by_hand = FlowPair::between((good, good_flow), (bad, bad_flow)).map(Arc::new);
        self.scroll = true;
    }

    /// Draws the view.
    pub fn ui(&mut self, ui: &mut Ui, context: &ViewContext<'_>, actions: &mut Vec<Action>) {
        let (Some(reference), Some(comparison)) = (self.reference.clone(), self.comparison.clone())
        else {
            choose::ui(ui, context, actions);
            return;
        };
        let file = context.analysis.capture.file.as_str();
        let (this, other) =
            ((context.analysis, file), (reference.analysis.as_ref(), reference.name.as_str()));
        let (good, bad) = if self.is_good { (this, other) } else { (other, this) };
        let by_hand = self.by_hand.clone();
        let pair = by_hand.as_deref().or_else(|| comparison.pairs.get(self.pair));
        self.toolbar(ui, context, actions);
        let margin = Margin { left: 20, right: 16, top: 0, bottom: 0 };
        Frame::new().inner_margin(margin).show(ui, |ui| heads::ui(ui, good, bad, self.is_good));
        let area = ScrollArea::vertical().id_salt("comparison").auto_shrink(false);
        let scroll = std::mem::take(&mut self.scroll);
        area.show(ui, |ui| {
            Frame::new().inner_margin(Margin { left: 20, right: 16, top: 4, bottom: 16 }).show(
                ui,
                |ui| {
                    let Some(pair) = pair else {
                        ui.label("Neither capture talks to Exchange: there is nothing to align");
                        return;
                    };
                    let sides =
                        Sides { good, bad, is_good: self.is_good, comparison: &comparison, pair };
                    heads::answer(ui, &sides);
                    self.pairs(ui, &sides, context);
                    let first = steps::ui(ui, &sides, context, self.shows_incidental, actions);
                    if let Some(first) = first.filter(|_| scroll) {
                        ui.scroll_to_rect(first, Some(Align::Center));
                    }
                    self.incidental(ui, pair);
                },
            );
        });
    }

    /// Differences between people, places and times explain nothing; they wait behind a switch.
    fn incidental(&mut self, ui: &mut Ui, pair: &FlowPair) {
        let count = pair.differences.iter().filter(|d| d.incidental).count();
        ui.add_space(space(2));
        if count > 0 {
            let told = if count == 1 {
                "Show 1 difference that only tells people and places apart".to_owned()
            } else {
                format!("Show {count} differences that only tell people and places apart")
            };
            ui.checkbox(&mut self.shows_incidental, told);
        }
        let theme = crate::gui::theme::Theme::of(ui);
        let told = "Times, session numbers, token ids and other values that are new each time are not compared";
        ui.label(crate::gui::theme::small(told).color(theme.dim));
    }
}
