//! Header fields, those that matter explained in place.

use super::details::{self, Detail};
use super::row::{Pen, Row, Tone};
use super::{Subject, copy, meaning, shown};
use crate::gui::theme;
use crate::http::{Header, Headers, mask};
use crate::knowledge::entra_error;
use crate::rules::{Evidence, Part};
use eframe::egui::Ui;

/// Draws the fields of a message. `part` tells request from answer.
pub(super) fn ui(
    ui: &mut Ui,
    headers: &Headers,
    part: Part,
    subject: &Subject<'_>,
    pen: &mut Pen<'_>,
) {
    if headers.is_empty() {
        ui.label(theme::small("No header fields were recorded").color(pen.theme.dim));
        return;
    }
    let evidence = subject.evidence(part);
    let mut fields: Vec<(usize, &Header)> = headers.iter().enumerate().collect();
    fields.sort_by_key(|(_, header)| rank(&header.name));
    for (at, header) in fields {
        let place = format!("{}/{at}", part.id());
        field(ui, header, &place, headers, evidence, subject, pen);
    }
    missing(ui, headers, evidence, pen);
}

/// Where a field stands: what decides comes first, the rest in the order of the wire, which the raw page keeps whole.
fn rank(name: &str) -> usize {
    const FIRST: [&str; 8] = [
        "authorization",
        "x-ms-diagnostics",
        "www-authenticate",
        "x-ms-clitelem",
        "location",
        "x-user-identity",
        "user-agent",
        "x-feserver",
    ];
    FIRST.iter().position(|first| first.eq_ignore_ascii_case(name)).unwrap_or(FIRST.len())
}

/// A field, and what stands inside its value.
fn field(
    ui: &mut Ui,
    header: &Header,
    place: &str,
    headers: &Headers,
    evidence: Option<&Evidence>,
    subject: &Subject<'_>,
    pen: &mut Pen<'_>,
) {
    let masked = details::masked(&header.name, &header.value);
    let secret = masked != header.value.trim() && hides(&header.name, &masked);
    let open = secret && pen.revealed.contains(place);
    let name = shown(&header.name);
    let inside = details::of_header(&name, &header.value);
    let is_challenge = name.eq_ignore_ascii_case("www-authenticate");
    let value = if is_challenge && !inside.is_empty() && !open {
        header.value.split([' ', ',']).next().unwrap_or_default().to_owned()
    } else {
        shown(if open { &header.value } else { &masked })
    };
    let value = if value.is_empty() { "(empty)".to_owned() } else { value };
    // What stands taken apart below needs no words of its own.
    let said = meaning::of_header(&name, &header.value, subject.session, subject.view.analysis)
        .filter(|_| inside.is_empty() || name.eq_ignore_ascii_case("location") || is_challenge);
    let named = evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&header.name));
    let part_named = |detail: &Detail| {
        evidence.is_some_and(|e| e.name.eq_ignore_ascii_case(&detail.name) && !e.name.is_empty())
    };
    let whole = || format!("{}: {masked}", header.name);
    let all = || copy::headers(headers);
    Row {
        name: &name,
        value: &value,
        meaning: said.as_deref().unwrap_or_default(),
        place,
        is_marked: named,
        hides: secret.then_some(open),
        more: &[("Copy header", &whole), ("Copy all headers", &all)],
        ..Row::default()
    }
    .ui(ui, pen);
    for (at, detail) in inside.iter().enumerate() {
        if pen.has_fix && detail.name == details::TO_DO {
            continue;
        }
        detail_row(ui, pen, detail, &format!("{place}/{at}"), part_named(detail));
    }
    if inside.is_empty() && name.eq_ignore_ascii_case("authorization") {
        return;
    }
    // Codes of Entra ID may stand in any field.
    if inside.is_empty() {
        for code in entra_error::codes_in(&header.value).into_iter().take(3) {
            super::body::explain_code(ui, pen, code, place);
        }
    }
}

/// Whether what is hidden in a value is a credential, so that it can be shown by intent.
fn hides(name: &str, masked: &str) -> bool {
    mask::is_secret_header(name) || masked.contains("•••")
}

/// A part of a value as a line.
pub(super) fn detail_row(
    ui: &mut Ui,
    pen: &mut Pen<'_>,
    detail: &Detail,
    place: &str,
    marked: bool,
) {
    if detail.is_missing && pen.veiled {
        return;
    }
    let tone = if detail.is_missing {
        Tone::Wrong
    } else if detail.value.is_empty() && detail.name.contains(' ') {
        Tone::Said
    } else {
        Tone::Part
    };
    let name = if detail.is_missing { format!("▲ {}", detail.name) } else { detail.name.clone() };
    Row {
        name: &name,
        value: &detail.value,
        meaning: &detail.meaning,
        place,
        tone,
        is_marked: marked,
        joint: "=",
        ..Row::default()
    }
    .ui(ui, pen);
}

/// Evidence that something is absent gets a row that says so.
fn missing(ui: &mut Ui, headers: &Headers, evidence: Option<&Evidence>, pen: &mut Pen<'_>) {
    let absent =
        evidence.filter(|e| !e.name.is_empty() && e.value.is_empty() && !headers.contains(&e.name));
    let Some(evidence) = absent else { return };
    let name = format!("▲ {}", shown(&evidence.name));
    let row = Row {
        name: &name,
        value: "missing",
        meaning: "This field should be here and is not",
        place: "missing",
        tone: Tone::Wrong,
        is_marked: true,
        ..Row::default()
    };
    row.ui(ui, pen);
}
