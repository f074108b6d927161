//! When it happened and where the time went.

use chrono::TimeDelta;
use eframe::egui::{RichText, Sense, Ui, WidgetInfo, pos2, vec2};

use super::Subject;
use crate::flow::duration;
use crate::gui::format;
use crate::gui::theme::{self, Theme, space};
use crate::gui::widgets::{self, Cell};

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>) {
    let session = subject.session;
    let timing = session.timing;
    let parts = [
        ("Connecting", timing.connect),
        ("Sending", timing.send),
        ("Waiting for the server", timing.wait),
        ("Receiving", timing.receive),
    ];
    if parts.iter().any(|(_, length)| length.is_some_and(|l| l > TimeDelta::zero())) {
        ui.add_space(space(2));
        bar(ui, &parts);
        ui.add_space(space(1));
    }
    line(
        ui,
        "Started",
        &session
            .started
            .map_or_else(unknown, |t| format!("{} · {}", format::clock(t), format::instant(t))),
    );
    line(ui, "Duration", &timing.total.map_or_else(unknown, format::duration));
    for (name, length) in parts {
        if let Some(length) = length {
            line(ui, name, &format::duration(length));
        }
    }
    if let Some(server) = session.server_date() {
        line(ui, "Server's clock", &format::instant(server));
        if let Some(ended) = session.ended() {
            let apart = (server - ended).abs();
            let words = if apart < TimeDelta::seconds(2) {
                "client and server agree".to_owned()
            } else {
                let side = if server > ended { "ahead" } else { "behind" };
                format!("the server is {} {side}", duration(apart))
            };
            line(ui, "Clocks", &words);
        }
    }
    if let Some(address) = &session.server_address {
        line(ui, "Server's address", &super::shown(address));
    }
    if let Some(process) = &session.process {
        line(ui, "Process", &super::shown(process));
    }
    if let Some(comment) = &session.comment {
        line(ui, "Comment", &super::shown(comment));
    }
    if let Some(error) = &session.error {
        line(ui, "Recorder's error", &super::shown(error));
    }
}

fn unknown() -> String {
    "not recorded".to_owned()
}

fn line(ui: &mut Ui, name: &str, value: &str) {
    let theme = Theme::of(ui);
    let cells = vec![
        Cell::new(RichText::new(name).color(theme.dim), 190.0),
        Cell::new(theme::mono(value), 0.0),
    ];
    widgets::row(ui, cells, None, 0.0, |_| {});
}

/// The parts of the time as one bar, longest first to see.
fn bar(ui: &mut Ui, parts: &[(&str, Option<TimeDelta>)]) {
    let theme = Theme::of(ui);
    let ms = |length: &Option<TimeDelta>| length.map_or(0, |l| l.num_milliseconds().max(0)) as f32;
    let total: f32 = parts.iter().map(|(_, length)| ms(length)).sum();
    if total <= 0.0 {
        return;
    }
    let width = ui.available_width().min(640.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 12.0), Sense::hover());
    let words: Vec<String> = parts
        .iter()
        .filter_map(|(name, length)| length.map(|l| format!("{name} {}", format::duration(l))))
        .collect();
    response.widget_info(|| WidgetInfo::labeled(eframe::egui::Role::Image, true, words.join(", ")));
    let mut left = rect.left();
    for ((_, length), color) in
        parts.iter().zip([theme.adfs, theme.client, theme.exchange, theme.entra])
    {
        let width = rect.width() * ms(length) / total;
        let part =
            eframe::egui::Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
        ui.painter().rect_filled(part.shrink2(vec2(0.5, 0.0)), 2.0, color);
        left += width;
    }
    response.on_hover_text(theme::small(words.join("\n")));
}
