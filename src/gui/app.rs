//! The application: it holds the open capture, and it alone carries actions out.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{CentralPanel, Ui};

use super::action::Action;
use super::fonts;
use super::selection::Selection;
use super::theme::{self, Theme};
use super::views::{View, ViewContext, findings::Findings, timeline::Timeline, tokens::Tokens};
use crate::analysis::Analysis;

/// The open capture and how it is looked at.
struct Document {
    analysis: Arc<Analysis>,
    selection: Selection,
    view: View,
    timeline: Timeline,
    tokens: Tokens,
    findings: Findings,
}

/// The window's state.
pub struct App {
    document: Option<Document>,
}

impl App {
    /// The application as eframe starts it.
    pub fn new(creation: &eframe::CreationContext<'_>, _files: Vec<PathBuf>) -> Self {
        fonts::install(&creation.egui_ctx);
        theme::install(&creation.egui_ctx);
        Self { document: None }
    }

    /// The application with a capture that is analysed already.
    pub fn with_analysis(creation: &eframe::CreationContext<'_>, analysis: Analysis) -> Self {
        let mut app = Self::new(creation, Vec::new());
        app.show(analysis);
        app
    }

    fn show(&mut self, analysis: Analysis) {
        let selection = Selection { session: analysis.verdict.session, ..Selection::default() };
        self.document = Some(Document {
            analysis: Arc::new(analysis),
            selection,
            view: View::default(),
            timeline: Timeline::default(),
            tokens: Tokens::default(),
            findings: Findings::default(),
        });
    }

    fn run_action(&mut self, action: Action) {
        let Some(document) = &mut self.document else { return };
        match action {
            Action::SelectSession(session) => document.selection.session = Some(session),
            Action::SelectFlow(flow) => document.selection.flow = flow,
            Action::ShowView(view) => document.view = view,
            Action::SelectToken(token) => {
                document.selection.token = Some(token);
                document.view = View::Tokens;
            }
            _ => {}
        }
        document.selection.revision += 1;
    }
}

impl eframe::App for App {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let mut actions = Vec::new();
        CentralPanel::default().show(ui, |ui| {
            let Some(document) = &mut self.document else { return };
            ui.horizontal(|ui| {
                for view in View::ALL {
                    if ui.selectable_label(document.view == view, view.text()).clicked() {
                        actions.push(Action::ShowView(view));
                    }
                }
            });
            let context = ViewContext {
                analysis: &document.analysis,
                selection: &document.selection,
                theme: Theme::of(ui),
            };
            match document.view {
                View::Timeline => document.timeline.ui(ui, &context, &mut actions),
                View::Sessions => {}
                View::Tokens => document.tokens.ui(ui, &context, &mut actions),
                View::Findings => document.findings.ui(ui, &context, &mut actions),
            }
        });
        for action in actions {
            self.run_action(action);
        }
    }
}
