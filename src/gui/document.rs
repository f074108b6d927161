//! The open capture and how it is looked at.

use std::sync::Arc;

use super::action::Action;
use super::command::Command;
use super::inspector::Inspector;
use super::loader::Source;
use super::selection::Selection;
use super::settings::Settings;
use super::shell::side_bar::{self, SideBar};
use super::shell::status_bar;
use super::theme::Theme;
use super::views::findings::Findings;
use super::views::sessions::Sessions;
use super::views::timeline::Timeline;
use super::views::tokens::Tokens;
use super::views::{View, ViewContext};
use crate::analysis::Analysis;
use crate::capture::SessionId;
use crate::diagram::Layout;
use crate::rules::Evidence;
use crate::search::Query;

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
        Self {
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
        }
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
        let analysis = Arc::clone(&self.analysis);
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
