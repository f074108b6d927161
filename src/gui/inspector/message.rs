//! The pages of request and answer: first line, header fields, body.

use eframe::egui::Ui;
use lucide_icons::Icon;

use super::row::{Pen, Row, Tone};
use super::{Inspector, Subject, body, details, headers, shown};
use crate::gui::widgets;
use crate::http::mask;
use crate::knowledge::http_status;
use crate::rules::Part;

impl Inspector {
    pub(super) fn request(&mut self, ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
        let request = &subject.session.request;
        if subject.session.lacks_request() {
            widgets::empty(
                ui,
                Icon::FileQuestionMark,
                "No request",
                "The recorder kept only the answer of this session",
            );
            return;
        }
        let address = request.target.as_str();
        let masked = body::without_tokens(&mask::url(address));
        let open = pen.revealed.contains("address");
        let value = shown(if open { address } else { &masked });
        let plain = || address_without_query(&masked);
        Row {
            name: &shown(&request.method),
            value: &value,
            place: "address",
            is_marked: subject.evidence(Part::RequestLine).is_some(),
            joint: " ",
            hides: (masked != address).then_some(open),
            more: &[("Copy address without query", &plain)],
            ..Row::default()
        }
        .ui(ui, pen);
        for (at, field) in details::query(&request.target).iter().enumerate() {
            let place = format!("query/{at}");
            let secret = field.is_secret();
            let open = secret && pen.revealed.contains(&place);
            let value = shown(if open { &field.value } else { &field.masked });
            Row {
                name: &shown(&field.name),
                value: if value.is_empty() { "(empty)" } else { &value },
                meaning: field.meaning,
                place: &place,
                tone: Tone::Part,
                joint: "=",
                hides: secret.then_some(open),
                ..Row::default()
            }
            .ui(ui, pen);
        }
        headers::ui(ui, &request.headers, Part::RequestHeader, subject, pen);
        if let Some(body) = &mut self.request_body {
            body.ui(ui, pen);
        }
    }

    pub(super) fn response(&mut self, ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
        let Some(response) = &subject.session.response else {
            let why = subject.session.error.as_deref().map(shown);
            let sentence = why.unwrap_or_else(|| {
                "The recorder saw no answer: the connection broke, or the capture was saved too early".to_owned()
            });
            widgets::empty(ui, Icon::Unplug, "No answer", &sentence);
            return;
        };
        let line = format!("{} {}", response.status, shown(&response.reason));
        let said = subject.reading.map(crate::flow::Reading::answer_label).unwrap_or_default();
        // `401: Bearer without authorization_uri`: the number stands before it already.
        let said = said.split_once(": ").map_or("", |(_, said)| said);
        let said = if pen.veiled { "" } else { said };
        let known = http_status::find(response.status).map_or("", |known| known.meaning);
        let known = known.trim_end_matches('.');
        let is_oauth = subject.reading.is_some_and(|r| r.oauth_error().is_some());
        let meaning = match (said, known) {
            (said, _) if is_oauth => format!("The identity provider refused: {}", shown(said)),
            ("", known) => known.to_owned(),
            (said, "") => shown(said),
            (said, known) => format!("{known}. Here: {}", shown(said)),
        };
        Row {
            name: if response.version.is_empty() { "Status" } else { &response.version },
            value: line.trim(),
            meaning: &meaning,
            place: "status",
            is_marked: subject.evidence(Part::Status).is_some(),
            joint: " ",
            ..Row::default()
        }
        .ui(ui, pen);
        if let Some(body) = &mut self.response_body {
            body.codes_ui(ui, pen);
        }
        headers::ui(ui, &response.headers, Part::ResponseHeader, subject, pen);
        if let Some(body) = &mut self.response_body {
            body.ui(ui, pen);
        }
    }
}

fn address_without_query(address: &str) -> String {
    address.split(['?', '#']).next().unwrap_or_default().to_owned()
}
