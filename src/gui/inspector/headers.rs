//! Header fields, those that matter explained in place.

use std::collections::HashSet;

use eframe::egui::{RichText, Ui};
use lucide_icons::Icon;

use super::{Subject, meaning, shown};
use crate::gui::action::Action;
use crate::gui::theme;
use crate::gui::widgets::{self, Cell};
use crate::http::{Challenges, Header, Headers, mask};
use crate::rules::{Evidence, Part};

const NAME: f32 = 170.0;
const PARAMETER: f32 = 140.0;
/// Room for the buttons at the right.
const TAIL: f32 = 60.0;
/// From this width on values and meanings stand side by side.
const WIDE: f32 = 680.0;

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
    let mut fields: Vec<(usize, &Header)> = headers.iter().enumerate().collect();
    fields.sort_by_key(|(_, header)| rank(&header.name));
    for (at, header) in fields {
        let place = format!("{}/{at}", part.id());
        let named = evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&header.name));
        field(ui, header, &place, named, subject, revealed, actions);
        if header.name.eq_ignore_ascii_case("www-authenticate") {
            let mut alone = Headers::new();
            alone.push(&*header.name, &header.value);
            challenge(ui, &alone, evidence);
        }
    }
    missing(ui, headers, evidence, subject);
}

/// Where a field stands: what decides comes first, the rest in the order of the wire, which the raw page keeps whole.
fn rank(name: &str) -> usize {
    const FIRST: [&str; 7] = [
        "authorization",
        "www-authenticate",
        "x-ms-diagnostics",
        "location",
        "x-user-identity",
        "user-agent",
        "x-feserver",
    ];
    FIRST.iter().position(|first| first.eq_ignore_ascii_case(name)).unwrap_or(FIRST.len())
}

/// A field: name, value, what it means, and buttons to copy and to reveal.
fn field(
    ui: &mut Ui,
    header: &Header,
    place: &str,
    named: bool,
    subject: &Subject<'_>,
    revealed: &mut HashSet<String>,
    actions: &mut Vec<Action>,
) {
    let theme = subject.view.theme;
    let masked = mask::header_value(&header.name, &header.value);
    let hides = mask::is_secret_header(&header.name) && masked != header.value.trim();
    let open = revealed.contains(place);
    let name = shown(&header.name);
    let split = name.eq_ignore_ascii_case("www-authenticate") && has_parameters(&header.value);
    let value = if split {
        header.value.split_whitespace().next().unwrap_or_default().to_owned()
    } else {
        shown(if open { &header.value } else { &masked })
    };
    // A challenge whose parameters stand below needs no words of its own.
    let meaning = meaning::of_header(&name, &header.value, subject.session, subject.view.analysis)
        .filter(|_| !split);
    let value = if value.is_empty() { "(empty)".to_owned() } else { value };
    let mut cells = vec![Cell::new(theme::mono(&name).color(theme.dim), NAME)];
    let value = theme::mono(value).color(theme.text);
    cells.extend(explained(ui, value, meaning.map(|m| theme::small(m).color(theme.note)), NAME));
    widgets::row(ui, cells, named.then_some(theme.selection), TAIL, |ui| {
        widgets::copy_button(ui, &name, || format!("{}: {masked}", header.name), actions);
        if hides {
            let (icon, what) = if open { (Icon::EyeOff, "Hide") } else { (Icon::Eye, "Show") };
            if widgets::icon_button(ui, icon, &format!("{what} {name}")).clicked()
                && !revealed.remove(place)
            {
                revealed.insert(place.to_owned());
            }
        }
    });
}

/// A value and what it means: side by side where there is room, else one below the other. A value without a meaning
/// has the room for itself. `left` is the width of what stands before it.
fn explained(ui: &Ui, value: RichText, meaning: Option<RichText>, left: f32) -> Vec<Cell> {
    /// Where meanings begin, seen from the row's start.
    const VALUES: f32 = 0.6;
    let whole = ui.available_width() - TAIL;
    match meaning {
        Some(meaning) if whole >= WIDE => {
            vec![Cell::new(value, whole * VALUES - left), Cell::new(meaning, 0.0)]
        }
        Some(meaning) => vec![Cell::new(value, 0.0).note(meaning)],
        None => vec![Cell::new(value, 0.0)],
    }
}

/// Whether a challenge has named parameters: `Bearer client_id="…"`, not `NTLM TlRM…`.
fn has_parameters(value: &str) -> bool {
    value.contains("=\"")
}

/// The parameters of a challenge as a table; a missing `authorization_uri` is a row of its own.
fn challenge(ui: &mut Ui, headers: &Headers, evidence: Option<&Evidence>) {
    let theme = crate::gui::theme::Theme::of(ui);
    let challenges = Challenges::of(headers);
    for challenge in &challenges {
        for parameter in meaning::parameters(challenge) {
            let (color, ground) = if parameter.missing {
                (theme.error, Some(theme.error_surface))
            } else {
                let named = evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&parameter.name));
                (theme.text, named.then_some(theme.selection))
            };
            let said = if parameter.missing { theme.error } else { theme.note };
            let name = theme::mono(&parameter.name).family(theme::mono_medium()).color(color);
            let value = theme::mono(&parameter.value).color(color);
            let meaning = Some(&parameter.meaning).filter(|m| !m.is_empty());
            let meaning = meaning.map(|m| theme::small(m).color(said));
            let mut cells = vec![Cell::new(theme::small(""), NAME), Cell::new(name, PARAMETER)];
            cells.extend(explained(ui, value, meaning, NAME + PARAMETER));
            widgets::row(ui, cells, ground, TAIL, |_| {});
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
