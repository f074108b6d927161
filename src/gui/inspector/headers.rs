//! Header fields, those that matter explained in place.

use std::collections::HashSet;

use eframe::egui::Ui;
use lucide_icons::Icon;

use super::{Subject, meaning, shown};
use crate::gui::action::Action;
use crate::gui::theme;
use crate::gui::widgets::{self, Cell};
use crate::http::{Challenges, Headers, mask};
use crate::rules::{Evidence, Part};

const NAME: f32 = 190.0;
const PARAMETER: f32 = 150.0;

/// Draws the fields of a message. `part` tells request from answer.
pub(super) fn ui(
    ui: &mut Ui,
    headers: &Headers,
    part: Part,
    subject: &Subject<'_>,
    revealed: &mut HashSet<String>,
    actions: &mut Vec<Action>,
) {
    let theme = subject.view.theme;
    if headers.is_empty() {
        ui.label(theme::small("No header fields were recorded").color(theme.dim));
        return;
    }
    let evidence = subject
        .view
        .selection
        .evidence
        .as_ref()
        .filter(|e| e.session == Some(subject.session.id) && e.part == part);
    for (at, header) in headers.iter().enumerate() {
        let place = format!("{}/{at}", part.id());
        let masked = mask::header_value(&header.name, &header.value);
        let hides = masked != header.value.trim();
        let open = revealed.contains(&place);
        let value = shown(if open { &header.value } else { &masked });
        let meaning =
            meaning::of_header(&header.name, &header.value, subject.session, subject.view.analysis);
        let named = evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&header.name));
        let ground = named.then_some(theme.selection);
        let mut text = theme::mono(if value.is_empty() { "(empty)".to_owned() } else { value });
        text = text.color(theme.text);
        let cells = vec![
            Cell::new(theme::mono(shown(&header.name)).color(theme.dim), NAME),
            Cell::new(text, 0.0),
        ];
        let name = shown(&header.name);
        widgets::row(ui, cells, ground, 60.0, |ui| {
            widgets::copy_button(ui, &name, || format!("{}: {masked}", header.name), actions);
            if hides && mask::is_secret_header(&header.name) {
                let (icon, what) = if open { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
                if widgets::icon_button(ui, icon, &format!("{what} {name}")).clicked()
                    && !revealed.remove(&place)
                {
                    revealed.insert(place);
                }
            }
        });
        if let Some(meaning) = meaning {
            explained(ui, &meaning);
        }
        if header.name.eq_ignore_ascii_case("www-authenticate") {
            let mut alone = Headers::new();
            alone.push(header.name.as_str(), &header.value);
            challenge(ui, &alone, evidence);
        }
    }
    missing(ui, headers, evidence, subject);
}

/// A sentence under a field, in line with its value.
fn explained(ui: &mut Ui, meaning: &str) {
    let theme = crate::gui::theme::Theme::of(ui);
    let cells = vec![
        Cell::new(theme::small(""), NAME),
        Cell::new(theme::small(meaning).color(theme.note), 0.0),
    ];
    widgets::row(ui, cells, None, 0.0, |_| {});
}

/// The parameters of a challenge as a table; a missing `authorization_uri` is a row of its own.
fn challenge(ui: &mut Ui, headers: &Headers, evidence: Option<&Evidence>) {
    let theme = crate::gui::theme::Theme::of(ui);
    let challenges = Challenges::of(headers);
    for challenge in challenges.iter() {
        for parameter in meaning::parameters(challenge) {
            let (color, ground) = if parameter.missing {
                (theme.error, Some(theme.error_surface))
            } else {
                let named = evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&parameter.name));
                (theme.text, named.then_some(theme.selection))
            };
            let rest = (ui.available_width() - NAME - PARAMETER).max(200.0);
            let cells = vec![
                Cell::new(theme::small(""), NAME),
                Cell::new(
                    theme::mono(&parameter.name).family(theme::mono_medium()).color(color),
                    PARAMETER,
                ),
                Cell::new(theme::mono(&parameter.value).color(color), rest * 0.58),
                Cell::new(
                    theme::small(&parameter.meaning).color(if parameter.missing {
                        theme.error
                    } else {
                        theme.dim
                    }),
                    0.0,
                ),
            ];
            widgets::row(ui, cells, ground, 0.0, |_| {});
        }
    }
}

/// Evidence that something is absent gets a row that says so.
fn missing(ui: &mut Ui, headers: &Headers, evidence: Option<&Evidence>, subject: &Subject<'_>) {
    let theme = subject.view.theme;
    let Some(evidence) = evidence.filter(|e| !e.name.is_empty() && !headers.contains(&e.name))
    else {
        return;
    };
    if !evidence.value.is_empty() {
        return;
    }
    let cells = vec![
        Cell::new(theme::mono(&evidence.name).color(theme.error), NAME),
        Cell::new(theme::mono("missing").color(theme.error), 0.0),
    ];
    widgets::row(ui, cells, Some(theme.error_surface), 0.0, |_| {});
}
