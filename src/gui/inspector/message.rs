//! The pages of request and answer: first line, header fields, body.

use eframe::egui::{Label, Ui};
use lucide_icons::Icon;

use super::{Inspector, Subject, headers, shown};
use crate::gui::action::Action;
use crate::gui::format;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets::{self, Cell};
use crate::http::mask;
use crate::report::{Form, ShownBody};
use crate::rules::Part;

impl Inspector {
    pub(super) fn request(
        &mut self,
        ui: &mut Ui,
        subject: &Subject<'_>,
        actions: &mut Vec<Action>,
    ) {
        let request = &subject.session.request;
        let theme = subject.view.theme;
        let address = shown(&mask::url(request.target.as_str()));
        let chosen =
            subject.view.selection.evidence.as_ref().is_some_and(|e| {
                e.session == Some(subject.session.id) && e.part == Part::RequestLine
            });
        let line = format!("{} {address}", shown(&request.method));
        let text = theme::mono(&line).family(theme::mono_medium()).color(theme.text);
        widgets::row(
            ui,
            vec![Cell::new(text, 0.0)],
            chosen.then_some(theme.selection),
            32.0,
            |ui| {
                widgets::copy_button(ui, "address", || address.clone(), actions);
            },
        );
        headers::ui(
            ui,
            &request.headers,
            Part::RequestHeader,
            subject,
            &mut self.revealed,
            actions,
        );
        let size = request.body.len() as u64;
        if let Some(body) = &self.request_body {
            let open = self.revealed.contains("request body");
            if body_ui(ui, body, size, "request body", open, actions) {
                self.revealed.insert("request body".to_owned());
            }
        }
    }

    pub(super) fn response(
        &mut self,
        ui: &mut Ui,
        subject: &Subject<'_>,
        actions: &mut Vec<Action>,
    ) {
        let theme = subject.view.theme;
        let Some(response) = &subject.session.response else {
            let why = subject.session.error.as_deref().map(shown);
            let sentence = why.unwrap_or_else(|| {
                "The recorder saw no answer: the connection broke, or the capture was saved too early".to_owned()
            });
            widgets::empty(ui, Icon::Unplug, "No answer", &sentence);
            return;
        };
        let line = format!("{} {}", response.status, shown(&response.reason));
        let text = theme::mono(line.trim())
            .family(theme::mono_medium())
            .color(theme.status(response.status));
        let meaning = subject.reading.map(crate::flow::Reading::answer_label).unwrap_or_default();
        let chosen = subject
            .view
            .selection
            .evidence
            .as_ref()
            .is_some_and(|e| e.session == Some(subject.session.id) && e.part == Part::Status);
        let cells =
            vec![Cell::new(text, 170.0), Cell::new(theme::small(meaning).color(theme.note), 0.0)];
        widgets::row(ui, cells, chosen.then_some(theme.selection), 0.0, |_| {});
        headers::ui(
            ui,
            &response.headers,
            Part::ResponseHeader,
            subject,
            &mut self.revealed,
            actions,
        );
        let size = response.body.len() as u64;
        if let Some(body) = &self.response_body {
            let open = self.revealed.contains("response body");
            if body_ui(ui, body, size, "response body", open, actions) {
                self.revealed.insert("response body".to_owned());
            }
        }
    }

    pub(super) fn raw(&self, ui: &mut Ui) {
        let theme = Theme::of(ui);
        ui.add_space(space(1));
        ui.label(theme::small("As recorded and decoded, secrets masked").color(theme.dim));
        ui.add_space(space(1));
        let end = self.raw.floor_char_boundary(64 * 1024);
        ui.add(Label::new(theme::mono(self.raw.get(..end).unwrap_or_default())).wrap());
    }
}

/// Draws a body; true when a guarded one was asked to be shown.
fn body_ui(
    ui: &mut Ui,
    body: &ShownBody,
    size: u64,
    name: &str,
    open: bool,
    actions: &mut Vec<Action>,
) -> bool {
    let theme = Theme::of(ui);
    let mut asked = false;
    ui.add_space(space(2));
    ui.horizontal(|ui| {
        ui.label(theme::overline("Body").color(theme.dim));
        if !matches!(body.form, Form::Nothing(_)) {
            ui.label(theme::small(format::size(size)).color(theme.dim));
        }
        if let Some(remark) = body.remark {
            ui.label(theme::small(remark).color(theme.warning));
        }
        if let Some(text) = body.text() {
            widgets::copy_button(ui, name, || text, actions);
        }
    });
    match &body.form {
        Form::Nothing(sentence) => {
            ui.label(theme::small(*sentence).color(theme.dim));
        }
        Form::Json(text) | Form::Text(text) | Form::Hex(text) => {
            ui.add(Label::new(theme::mono(text)).wrap());
        }
        Form::Fields(fields) => {
            for (field, value) in fields {
                let cells = vec![
                    Cell::new(theme::mono(field).color(theme.dim), 170.0),
                    Cell::new(theme::mono(value), 0.0),
                ];
                widgets::row(ui, cells, None, 0.0, |_| {});
            }
        }
        Form::Guarded(text) if open => {
            ui.add(Label::new(theme::mono(text)).wrap());
        }
        Form::Guarded(_) => {
            ui.horizontal(|ui| {
                ui.label(
                    theme::small("This text may hold credentials, so it is hidden")
                        .color(theme.dim),
                );
                asked = widgets::secondary_button(ui, &format!("Show {name}")).clicked();
            });
        }
    }
    asked
}
