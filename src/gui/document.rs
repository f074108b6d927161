//! The open capture and how it is looked at.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::Context;

use super::action::Action;
use super::command::Command;
use super::comparing::Comparing;
use super::documents::Other;
use super::inspector::Inspector;
use super::loader::Source;
use super::selection::Selection;
use super::settings::Settings;
use super::shell::side_bar::{self, SideBar};
use super::shell::status_bar;
use super::theme::Theme;
use super::views::compare::{Choice, Compare, Reference};
use super::views::findings::Findings;
use super::views::lesson::{Lesson, MOST_HIDDEN};
use super::views::sessions::Sessions;
use super::views::timeline::Timeline;
use super::views::tokens::Tokens;
use super::views::{View, ViewContext};
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::diagram::Layout;
use crate::report::Format;
use crate::rules::Evidence;
use crate::search::Query;
use crate::training::veiled;

/// The open capture and how it is looked at.
pub(super) struct Document {
    /// Everything known about the capture; nothing changes it.
    pub(super) analysis: Arc<Analysis>,
    /// Where it came from.
    pub(super) source: Source,
    /// What is selected.
    pub(super) selection: Selection,
    /// Which view is in front.
    pub(super) view: View,
    /// Whether the inspector is shown.
    pub(super) inspector_open: bool,
    /// The inspector.
    pub(super) inspector: Inspector,
    /// What the status bar says.
    pub(super) facts: status_bar::Facts,
    /// Verdict, flows and notes.
    pub(super) side_bar: SideBar,
    /// The ladder.
    pub(super) timeline: Timeline,
    /// The table.
    pub(super) sessions: Sessions,
    /// The tokens.
    pub(super) tokens: Tokens,
    /// The findings.
    pub(super) findings: Findings,
    /// Another capture beside this one.
    pub(super) compare: Compare,
    /// What the comparison waits for.
    pub(super) comparing: Comparing,
    /// What is selected in the other capture.
    pub(super) other_selection: Selection,
    /// The inspector of the other capture.
    pub(super) other_inspector: Inspector,
    /// The capture step by step.
    pub(super) lesson: Lesson,
    /// Whether the inspector is shown beside the lesson, which begins without it.
    lesson_inspector: bool,
    /// What the views get to see while a lesson hides the verdict.
    veil: Option<Arc<Analysis>>,
}

impl Document {
    /// Opens a document at the session that proves the verdict.
    pub(super) fn new(analysis: Analysis, source: Source) -> Self {
        let first = analysis.capture.sessions.first().map(|s| s.id);
        let selection = Selection {
            session: analysis.verdict.session.or(first),
            revision: 1,
            ..Selection::default()
        };
        let analysis = Arc::new(analysis);
        let sample = source.sample();
        let is_lesson = matches!(source, Source::Lesson(_));
        let mut document = Self {
            facts: status_bar::facts(&analysis),
            side_bar: SideBar::of(&analysis),
            sessions: Sessions::of(Arc::clone(&analysis)),
            analysis,
            source,
            selection,
            view: View::default(),
            inspector_open: true,
            inspector: Inspector::default(),
            timeline: Timeline::default(),
            tokens: Tokens::default(),
            findings: Findings::default(),
            compare: Compare::default(),
            comparing: Comparing::default(),
            other_selection: Selection::default(),
            other_inspector: Inspector::default(),
            lesson: Lesson::new(sample),
            lesson_inspector: false,
            veil: None,
        };
        if is_lesson {
            document.begin_lesson();
        }
        document
    }

    /// What the views get to see: everything, or what a lesson leaves of it.
    pub(super) fn shown(&self) -> &Arc<Analysis> {
        self.veil.as_ref().unwrap_or(&self.analysis)
    }

    /// Whether the view in front has the inspector under it. A token's page needs the height, and its links lead to
    /// sessions anyway; a comparison that has not begun speaks of no session.
    pub(super) fn has_inspector(&self) -> bool {
        match self.view {
            View::Tokens => false,
            View::Lesson => self.lesson_inspector && self.lesson.walks(),
            View::Compare => self.inspector_open && self.compare.reference().is_some(),
            View::Timeline | View::Sessions | View::Findings => self.inspector_open,
        }
    }

    /// Whether a lesson hides the verdict.
    pub(super) const fn hides(&self) -> bool {
        self.veil.is_some()
    }

    /// Begins the lesson, or begins it anew.
    fn begin_lesson(&mut self) {
        self.lesson.begin(&self.analysis);
        self.view = View::Lesson;
        self.lesson_inspector = false;
        self.settle();
    }

    /// Draws the veil, or takes it away, as the lesson asks. Whatever the views have made of the other analysis goes.
    pub(super) fn settle(&mut self) {
        let hides = self.lesson.hides() && self.analysis.capture.sessions.len() <= MOST_HIDDEN;
        if hides == self.veil.is_some() {
            return;
        }
        self.veil = hides.then(|| Arc::new(veiled(&self.analysis)));
        self.timeline = Timeline::default();
        self.sessions = Sessions::of(Arc::clone(self.shown()));
        self.tokens = Tokens::default();
        self.findings = Findings::default();
        self.inspector = Inspector::default();
        if hides {
            // What was selected may be what proves the verdict.
            self.selection = Selection {
                session: self.analysis.capture.sessions.first().map(|s| s.id),
                revision: self.selection.revision + 1,
                ..Selection::default()
            };
        }
    }

    /// Fetches another capture to compare with; open ones are at hand.
    pub(super) fn compare_with(&mut self, choice: &Choice, others: &[Other], ctx: &Context) {
        self.view = View::Compare;
        if let Choice::Tab(tab) = choice {
            if let Some(other) = others.iter().find(|other| other.tab == *tab) {
                let (name, analysis) = (other.name.clone(), Arc::clone(&other.analysis));
                self.compare_to(Reference { name, analysis });
            }
            return;
        }
        self.comparing.start(choice, &self.analysis, ctx);
    }

    fn compare_to(&mut self, reference: Reference) {
        self.compare.set(&self.analysis, reference);
        let (this, other) = self.compare.first_sessions();
        if let Some(session) = this {
            self.apply(Action::SelectSession(session));
        }
        self.other_selection = Selection { session: other, revision: 1, ..Selection::default() };
    }

    /// Asks where to write the comparison down.
    pub(super) fn save_comparison(&mut self, format: Format, ctx: &Context) {
        if let Some(text) = self.compare.report(&self.analysis, format) {
            self.comparing.save(&self.source.name(), format, text, ctx);
        }
    }

    /// Takes in what arrived for the comparison; answers with what there is to say about it.
    pub(super) fn poll(&mut self, ctx: &Context) -> Option<String> {
        if let Some(reference) = self.comparing.poll(ctx) {
            self.compare_to(reference);
        }
        let sources: Vec<PathBuf> = self.source.path().cloned().into_iter().collect();
        self.comparing.saved(&sources, ctx)
    }

    /// Carries out an action that concerns the document alone.
    pub(super) fn apply(&mut self, action: Action) {
        self.selection.revision += 1;
        match action {
            Action::SelectSession(session) => self.select(session),
            Action::SelectFlow(flow) => self.selection.flow = flow,
            Action::SelectToken(token) => {
                self.selection.token = Some(token);
                self.view = View::Tokens;
            }
            Action::ShowView(view) => self.view = view,
            Action::ShowEvidence(evidence) => self.show_evidence(evidence),
            Action::ShowInspector => self.inspector_open = true,
            Action::SetMark(session, mark) => self.sessions.search.set_mark(session, mark),
            Action::SetComment(session, comment) => {
                self.sessions.search.set_comment(session, comment);
            }
            Action::Filter(text) => self.search_for(text),
            Action::AddFilter(term) => {
                let text = Query::with(self.sessions.search.text(), &term);
                self.search_for(text);
                self.view = View::Sessions;
            }
            Action::SelectOther(session) => {
                self.other_selection.session = Some(session);
                self.other_selection.evidence = None;
                self.other_selection.revision += 1;
            }
            Action::StopComparing => self.comparing.stop(),
            Action::BeginLesson => self.begin_lesson(),
            Action::EndLesson => {
                self.lesson.end();
                self.settle();
            }
            Action::ShowFix(rule) => {
                self.selection.rule = Some(rule);
                self.view = View::Findings;
            }
            _ => {}
        }
    }

    /// Carries out a command that concerns the document alone.
    pub(super) fn run(&mut self, command: Command) {
        match command {
            Command::ShowTimeline => self.apply(Action::ShowView(View::Timeline)),
            Command::ShowSessions => self.apply(Action::ShowView(View::Sessions)),
            Command::ShowTokens => self.apply(Action::ShowView(View::Tokens)),
            Command::ShowFindings => self.apply(Action::ShowView(View::Findings)),
            Command::ShowCompare => self.apply(Action::ShowView(View::Compare)),
            Command::ShowLesson => self.apply(Action::ShowView(View::Lesson)),
            Command::Present => {
                let presents = !(self.lesson.is_presenting() && self.view == View::Lesson);
                self.lesson.present(presents);
                self.view = View::Lesson;
            }
            Command::ToggleInspector if self.view == View::Lesson => {
                self.lesson_inspector = !self.lesson_inspector;
            }
            Command::ToggleInspector => self.inspector_open = !self.inspector_open,
            Command::NextHit => self.step_to_hit(false),
            Command::PreviousHit => self.step_to_hit(true),
            Command::Comment => {
                if let Some(session) = self.selection.session {
                    self.sessions.edit_comment(&self.analysis, session);
                    self.apply(Action::ShowView(View::Sessions));
                }
            }
            Command::NextSession => self.step(1),
            Command::PreviousSession => self.step(-1),
            Command::FirstBreak => {
                if let Some(session) = self.analysis.verdict.session {
                    self.apply(side_bar::proof(&self.analysis, session));
                }
            }
            _ => {
                if let Some((mark, session)) = command.mark().zip(self.selection.session) {
                    self.sessions.search.toggle_mark(session, mark);
                }
            }
        }
    }

    /// The ladder as the timeline shows it.
    pub(super) fn ladder(&mut self, theme: &'static Theme) -> Arc<Layout> {
        let analysis = Arc::clone(self.shown());
        let context = ViewContext {
            analysis: &analysis,
            selection: &self.selection,
            theme,
            others: &[],
            settings: &Settings::DEFAULT,
        };
        self.timeline.shown(&context)
    }

    fn select(&mut self, session: SessionId) {
        self.selection.session = Some(session);
        self.selection.evidence = None;
        if self.view == View::Tokens {
            self.view = View::Timeline;
        }
    }

    fn show_evidence(&mut self, evidence: Evidence) {
        if let Some(session) = evidence.session {
            self.select(session);
        }
        self.selection.evidence = Some(evidence);
        self.inspector_open = true;
        self.lesson_inspector = true;
    }

    fn step(&mut self, by: isize) {
        if let Some(session) = self.sessions.neighbour(self.selection.session, by) {
            self.apply(Action::SelectSession(session));
        }
    }

    fn step_to_hit(&mut self, back: bool) {
        if let Some(session) = self.sessions.next_hit(self.selection.session, back) {
            self.apply(Action::SelectSession(session));
        }
    }

    /// Searches for something else, and has it highlighted everywhere.
    pub(super) fn search_for(&mut self, text: String) {
        self.sessions.search.set_text(text);
        self.selection.highlight = self.sessions.search.query().words();
        // The selected session stays in sight among those that are left.
        self.selection.revision += 1;
    }
}
