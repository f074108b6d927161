//! Who wanted to prove what to whom in this session, and what came of it.

use eframe::egui::{Label, RichText, Ui};

use super::{Subject, meaning, shown};
use crate::gui::action::Action;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets::{self, Cell};
use crate::http::mask;
use crate::knowledge::{diagnostics_code, entra_error, oauth_error};

const NAME: f32 = 190.0;

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, actions: &mut Vec<Action>) {
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
            |v| mask::header_value("authorization", v),
        )
    };
    line(ui, "Authorization", &value, &what.unwrap_or_default());

    widgets::rule(ui, "What the server said");
    line(ui, "Answer", &reading.answer_label(), "");
    if reading.challenges.is_empty() && reading.status == 401 {
        line(
            ui,
            "WWW-Authenticate",
            "missing",
            "A 401 must offer at least one way to authenticate",
        );
    }
    for challenge in &reading.challenges {
        let offer =
            meaning::of_header("www-authenticate", &challenge.word, session, subject.view.analysis);
        line(ui, "Offers", &shown(&challenge.word), &offer.unwrap_or_default());
        for parameter in meaning::parameters(challenge) {
            let name = format!("    {}", parameter.name);
            line(ui, &name, &parameter.value, &parameter.meaning);
        }
    }
    if let Some(diagnostics) = &reading.diagnostics {
        widgets::rule(ui, "Why Exchange refused");
        line(ui, "x-ms-diagnostics", &diagnostics.code.to_string(), &shown(&diagnostics.reason));
        if let Some(known) = diagnostics_code::find(diagnostics.code) {
            said(ui, "Meaning", known.meaning);
            said(ui, "Usual cause", known.cause);
            said(ui, "What to do", known.fix);
        }
    }
    if let Some(error) = reading.oauth_error() {
        widgets::rule(ui, "Why the sign-in was refused");
        let known = oauth_error::find(&error.error);
        line(ui, "Error", &shown(&error.error), known.map_or("", |k| k.meaning));
        for code in &error.codes {
            let known = entra_error::find(*code);
            let name = format!("AADSTS{code}");
            line(
                ui,
                "Code",
                &name,
                known.map_or("This code is not in the table of known ones", |k| k.meaning),
            );
            if let Some(known) = known {
                said(ui, "What to do", known.fix);
                said(ui, "What the client does", known.action.text());
            }
        }
        if let Some(id) = &error.correlation_id {
            line(ui, "Correlation id", &shown(id), "Find it in Entra ID under Sign-in logs");
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
                actions.push(Action::ShowFix(finding.rule));
            }
        });
        ui.add_space(space(1));
    }
}

fn line(ui: &mut Ui, name: &str, value: &str, meaning: &str) {
    let theme = Theme::of(ui);
    let missing = value == "missing";
    let color = if missing { theme.error } else { theme.text };
    let rest = (ui.available_width() - NAME).max(200.0);
    let cells = vec![
        Cell::new(RichText::new(name).color(theme.dim), NAME),
        Cell::new(theme::mono(value).color(color), rest * 0.45),
        Cell::new(theme::small(meaning).color(if missing { theme.error } else { theme.dim }), 0.0),
    ];
    widgets::row(ui, cells, missing.then_some(theme.error_surface), 0.0, |_| {});
}

fn said(ui: &mut Ui, name: &str, sentence: &str) {
    if sentence.is_empty() {
        return;
    }
    let theme = Theme::of(ui);
    let cells = vec![
        Cell::new(RichText::new(name).color(theme.dim), NAME),
        Cell::new(RichText::new(sentence).color(theme.text), 0.0),
    ];
    widgets::row(ui, cells, None, 0.0, |_| {});
}

/// A sentence that stands alone.
pub(super) fn sentence(ui: &mut Ui, text: &str) {
    let theme = Theme::of(ui);
    ui.add_space(space(2));
    ui.add(Label::new(RichText::new(text).color(theme.dim)).wrap());
}
