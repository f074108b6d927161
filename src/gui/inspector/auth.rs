//! Who wanted to prove what to whom in this session, and what came of it.

use eframe::egui::{Label, RichText, Ui};

use super::row::{Pen, Row, Tone};
use super::{Subject, details, meaning, shown};
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets;
use crate::knowledge::{diagnostics_code, entra_error, oauth_error};

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, pen: &mut Pen<'_>) {
    let Some(reading) = subject.reading else { return };
    let session = subject.session;
    widgets::rule(ui, "What the client sent");
    let sent = session.request.headers.get("authorization");
    let what = meaning::of_header(
        "authorization",
        sent.unwrap_or_default(),
        session,
        subject.view.analysis,
    );
    let value = if session.tunnel {
        "not decrypted".to_owned()
    } else {
        sent.map_or_else(
            || "no Authorization header".to_owned(),
            |v| details::masked("authorization", v),
        )
    };
    line(ui, pen, "Authorization", &value, &what.unwrap_or_default());

    widgets::rule(ui, "What the server said");
    line(ui, pen, "Answer", &reading.answer_label(), "");
    if reading.challenges.is_empty() && reading.status == 401 {
        line(
            ui,
            pen,
            "WWW-Authenticate",
            "missing",
            "A 401 must offer at least one way to authenticate",
        );
    }
    for challenge in &reading.challenges {
        let offer =
            meaning::of_header("www-authenticate", &challenge.word, session, subject.view.analysis);
        line(ui, pen, "Offers", &shown(&challenge.word), &offer.unwrap_or_default());
        for parameter in meaning::parameters(challenge) {
            let name = format!("    {}", parameter.name);
            line(ui, pen, &name, &parameter.value, &parameter.meaning);
        }
    }
    if let Some(diagnostics) = &reading.diagnostics {
        widgets::rule(ui, "Why Exchange refused");
        line(
            ui,
            pen,
            "x-ms-diagnostics",
            &diagnostics.code.to_string(),
            &shown(&diagnostics.reason),
        );
        if let Some(known) = diagnostics_code::find(diagnostics.code) {
            said(ui, pen, "Meaning", known.meaning);
            said(ui, pen, "Usual cause", known.cause);
            said(ui, pen, "What to do", known.fix);
        }
    }
    if let Some(error) = reading.oauth_error() {
        widgets::rule(ui, "Why the sign-in was refused");
        let known = oauth_error::find(&error.error);
        line(ui, pen, "Error", &shown(&error.error), known.map_or("", |k| k.meaning));
        for code in &error.codes {
            let known = entra_error::find(*code);
            let name = format!("AADSTS{code}");
            line(
                ui,
                pen,
                "Code",
                &name,
                known.map_or("This code is not in the table of known ones", |k| k.meaning),
            );
            if let Some(known) = known {
                said(ui, pen, "What to do", known.fix);
                said(ui, pen, "What the client does", known.action.text());
            }
        }
        if let Some(id) = &error.correlation_id {
            line(ui, pen, "Correlation id", &shown(id), "Find it in Entra ID under Sign-in logs");
        }
    }
    let mut findings = subject.view.analysis.findings_at(session.id).peekable();
    if findings.peek().is_some() {
        widgets::rule(ui, "Findings");
    }
    for finding in findings {
        let theme = Theme::of(ui);
        ui.horizontal(|ui| {
            let color = theme.severity(finding.severity);
            widgets::glyph(
                ui,
                theme::severity_icon(finding.severity),
                color,
                finding.severity.id(),
            );
            if widgets::link(ui, &finding.message).clicked() {
                pen.actions.push(Action::ShowFix(finding.rule));
            }
        });
        ui.add_space(space(1));
    }
}

fn line(ui: &mut Ui, pen: &mut Pen<'_>, name: &str, value: &str, meaning: &str) {
    let missing = value == "missing";
    if missing && pen.veiled {
        return;
    }
    let (indent, part) = name.strip_prefix("    ").map_or((false, name), |part| (true, part));
    let tone = match (missing, indent) {
        (true, _) => Tone::Wrong,
        (false, true) => Tone::Part,
        (false, false) => Tone::Plain,
    };
    let shown_name = if missing { format!("▲ {part}") } else { part.to_owned() };
    pen.lines += 1;
    let place = format!("auth/{}", pen.lines);
    Row { name: &shown_name, value, meaning, place: &place, tone, ..Row::default() }.ui(ui, pen);
}

fn said(ui: &mut Ui, pen: &mut Pen<'_>, name: &str, sentence: &str) {
    if sentence.is_empty() {
        return;
    }
    pen.lines += 1;
    let place = format!("auth/{}", pen.lines);
    Row { name, value: sentence, place: &place, tone: Tone::Words, ..Row::default() }.ui(ui, pen);
}

/// A sentence that stands alone.
pub(super) fn sentence(ui: &mut Ui, text: &str) {
    let theme = Theme::of(ui);
    ui.add_space(space(2));
    ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
}
