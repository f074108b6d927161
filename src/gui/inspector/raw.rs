//! The session as text: request and answer, decoded, secrets masked until they are asked for.

use std::fmt::Write as _;

use eframe::egui::Ui;
use lucide_icons::Icon;

use super::body::{Content, Lines};
use super::row::Pen;
use super::{Inspector, Subject, details};
use crate::capture::Session;
use crate::gui::format;
use crate::gui::theme::{self, space};
use crate::gui::widgets;
use crate::http::{Headers, mask};

/// The most of a body that stands here, in bytes; the pages of request and answer have all of it.
const MOST: usize = 512 * 1024;

/// The place under which secrets of this page are shown.
const PLACE: &str = "raw/secrets";

impl Inspector {
    pub(super) fn raw(&mut self, ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
        let open = pen.revealed.contains(PLACE);
        let bodies = [&mut self.request_body, &mut self.response_body];
        let contents = bodies.map(|pane| pane.as_mut().map(super::body::Pane::content));
        // A body that is still being read comes later.
        let ready = contents.iter().flatten().all(Option::is_some);
        let [request, answer] = contents.map(Option::flatten);
        if self
            .raw
            .as_ref()
            .is_none_or(|(was_open, was_ready, _)| (*was_open, *was_ready) != (open, ready))
        {
            let text = text(subject.session, request.as_deref(), answer.as_deref(), open);
            self.raw = Some((open, ready, Lines::new(text)));
        }
        ui.add_space(space(1));
        ui.horizontal(|ui| {
            let words = if open {
                "As recorded and decoded, with its secrets"
            } else {
                "As recorded and decoded, secrets masked"
            };
            ui.label(theme::small(words).color(if open {
                pen.theme.warning
            } else {
                pen.theme.dim
            }));
            let (icon, name) = if open {
                (Icon::EyeOff, "Hide secrets of the session")
            } else {
                (Icon::Eye, "Show secrets of the session")
            };
            if widgets::icon_button(ui, icon, name).clicked() && !pen.revealed.remove(PLACE) {
                pen.revealed.insert(PLACE.to_owned());
            }
            let copied = || text(subject.session, request.as_deref(), answer.as_deref(), open);
            widgets::copy_button(ui, "session as text", copied, pen.actions);
        });
        ui.add_space(space(1));
        if let Some((.., lines)) = &mut self.raw {
            lines.ui(ui, pen, "raw");
        }
    }
}

/// Request and answer as text.
fn text(
    session: &Session,
    request: Option<&Content>,
    answer: Option<&Content>,
    open: bool,
) -> String {
    let sent = &session.request;
    let address =
        if open { sent.target.as_str().to_owned() } else { mask::url(sent.target.as_str()) };
    let mut text = String::new();
    push(&mut text, format!("{} {address} {}", sent.method, sent.version).trim());
    fields(&mut text, &sent.headers, open);
    body(&mut text, request, open);
    text.push('\n');
    match &session.response {
        Some(response) => {
            let version = if response.version.is_empty() { "HTTP/1.1" } else { &response.version };
            push(&mut text, format!("{version} {} {}", response.status, response.reason).trim());
            fields(&mut text, &response.headers, open);
            body(&mut text, answer, open);
        }
        None => text.push_str("(no answer was recorded)\n"),
    }
    text
}

fn fields(text: &mut String, headers: &Headers, open: bool) {
    for field in headers {
        let value =
            if open { field.value.to_string() } else { details::masked(&field.name, &field.value) };
        if field.name.eq_ignore_ascii_case("set-cookie") {
            for line in value.lines() {
                push(text, &format!("{}: {line}", field.name));
            }
        } else {
            push(text, &format!("{}: {value}", field.name));
        }
    }
}

/// A line: no line end in a value forges another field.
fn push(text: &mut String, line: &str) {
    let _ = writeln!(text, "{}", line.replace(['\n', '\r'], " "));
}

fn body(text: &mut String, content: Option<&Content>, open: bool) {
    let Some(content) = content.filter(|content| content.len() > 0) else { return };
    text.push('\n');
    if !content.is_text() {
        let size = format::size(content.len() as u64);
        let _ =
            writeln!(text, "({size} that are no text; the page of the message shows them as hex)");
        return;
    }
    let body = content.text(open);
    let end = body.floor_char_boundary(MOST);
    text.push_str(body.get(..end).unwrap_or_default().trim_end());
    text.push('\n');
    if end < body.len() {
        text.push_str("(the rest is on the page of the message)\n");
    }
}
