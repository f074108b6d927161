//! The inspector under a view; beside a comparison two of them, one for each capture.

use std::sync::Arc;

use eframe::egui::{CentralPanel, Frame, Panel, Ui};

use crate::gui::action::Action;
use crate::gui::command::Command;
use crate::gui::document::Document;
use crate::gui::inspector;
use crate::gui::theme::Theme;
use crate::gui::views::{View, ViewContext};
use crate::report;

/// Draws the inspector of the capture, and that of the other one where two are compared.
pub(super) fn ui(
    ui: &mut Ui,
    document: &mut Document,
    context: &ViewContext<'_>,
    actions: &mut Vec<Action>,
) {
    let compares = document.view == View::Compare;
    let reference = document.compare.reference().filter(|_| compares);
    let Some((other, is_good)) = reference.map(|(other, good)| (Arc::clone(&other.analysis), good))
    else {
        document.inspector.ui(ui, context, actions);
        return;
    };
    let frame = Frame::new().fill(Theme::of(ui).panel);
    let selection = &document.other_selection;
    let beside = ViewContext { analysis: &other, selection, others: &[], ..*context };
    let half = ui.available_width() / 2.0;
    let side = if is_good { Panel::right("other") } else { Panel::left("other") };
    let mut asked = Vec::new();
    side.exact_size(half).resizable(false).frame(frame).show(ui, |ui| {
        ui.push_id("other", |ui| document.other_inspector.ui(ui, &beside, &mut asked));
    });
    actions.extend(asked.into_iter().filter_map(|action| of_other(action, &beside)));
    CentralPanel::default().frame(frame).show(ui, |ui| document.inspector.ui(ui, context, actions));
}

/// What the other capture's inspector asks for, told so that it concerns that capture.
fn of_other(action: Action, context: &ViewContext<'_>) -> Option<Action> {
    let session = context.selection.session.and_then(|id| context.analysis.capture.session(id));
    match action {
        Action::SelectSession(session) => Some(Action::SelectOther(session)),
        Action::Run(Command::CopyCurl) => Some(Action::Copy(inspector::curl(session?))),
        Action::Run(Command::CopyMarkdown) => {
            let page = report::session_document(context.analysis, session?);
            Some(Action::Copy(report::markdown(&page)))
        }
        Action::Copy(_) | Action::Toast(_) | Action::Run(Command::ToggleInspector) => Some(action),
        _ => Some(Action::Toast("Open that capture in a tab of its own to go there".to_owned())),
    }
}
