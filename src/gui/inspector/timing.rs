//! When it happened and where the time went.

use chrono::{DateTime, Local, TimeDelta, Utc};
use eframe::egui::{Align2, FontId, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::row::{Pen, Row, Tone};
use super::{Subject, shown};
use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::duration;
use crate::gui::format;
use crate::gui::theme::{self, space};
use crate::gui::widgets;

/// A gap from which on it is worth a word.
const LONG_GAP: TimeDelta = TimeDelta::seconds(5);

/// The session that began last before this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    id: SessionId,
    started: DateTime<Utc>,
    ended: DateTime<Utc>,
}

impl Before {
    /// Finds it; a capture need not be in the order of time.
    pub(super) fn of(analysis: &Analysis, session: &Session) -> Option<Self> {
        let started = session.started?;
        let key = (started, session.id);
        let sessions = analysis.capture.sessions.iter();
        sessions
            .filter_map(|s| Some(Self { id: s.id, started: s.started?, ended: s.ended()? }))
            .filter(|before| (before.started, before.id) < key)
            .max_by_key(|before| (before.started, before.id))
    }
}

pub(super) fn ui(ui: &mut Ui, subject: &Subject<'_>, before: Option<Before>, pen: &mut Pen<'_>) {
    let session = subject.session;
    let timing = session.timing;
    let known = timing.dns.unwrap_or_default() + timing.tls.unwrap_or_default();
    let rest = timing.connect.map(|connect| (connect - known).max(TimeDelta::zero()));
    let parts = [
        ("DNS", timing.dns, "Finding the host's address"),
        ("Connecting", rest, "Waiting for a connection and opening it"),
        ("TLS", timing.tls, "Agreeing on encryption"),
        ("Sending", timing.send, "The request on its way"),
        (
            "Waiting",
            timing.wait,
            "From the request's last byte to the answer's first: the server at work",
        ),
        ("Receiving", timing.receive, "The answer on its way"),
    ];
    if parts.iter().any(|(_, length, _)| length.is_some_and(|l| l > TimeDelta::zero())) {
        bars(ui, &parts, pen);
    } else if timing.total.is_some() {
        ui.add_space(space(1));
        let words = "The recorder kept the duration only, not its parts";
        ui.label(theme::small(words).color(pen.theme.dim));
    }
    widgets::rule(ui, "When");
    match session.started {
        Some(started) => {
            line(ui, pen, "Started", &instant(started), &local(started));
            let first = subject.view.analysis.capture.started();
            if let Some(since) = first.map(|first| started - first) {
                line(
                    ui,
                    pen,
                    "In the capture",
                    &format!("+{}", format::duration(since)),
                    "After the first session began",
                );
            }
            if let Some(ended) = session.ended().filter(|_| timing.total.is_some()) {
                line(ui, pen, "Ended", &instant(ended), &local(ended));
            }
        }
        None => {
            line(ui, pen, "Started", "not recorded", "This file tells no times for the session");
        }
    }
    line(
        ui,
        pen,
        "Duration",
        &timing.total.map_or_else(|| "not recorded".to_owned(), format::duration),
        "",
    );
    if let (Some(before), Some(started)) = (before, session.started) {
        let gap = started - before.ended;
        let (value, meaning) = if gap < TimeDelta::zero() {
            (
                format!("session {} still ran", before.id),
                format!("It ended {} after this one began", format::duration(-gap)),
            )
        } else {
            let pause = if gap >= LONG_GAP {
                "Nothing was sent in between: a user at a dialog, or a client that waits"
            } else {
                ""
            };
            (
                format!("{} after session {} ended", format::duration(gap), before.id),
                pause.to_owned(),
            )
        };
        line(ui, pen, "Session before", &value, &meaning);
    }
    if let Some(server) = session.server_date() {
        let words = session.ended().map_or_else(String::new, |ended| {
            let apart = (server - ended).abs();
            if apart < TimeDelta::seconds(2) {
                "The clocks of client and server agree".to_owned()
            } else {
                let side = if server > ended { "ahead" } else { "behind" };
                format!("The server's clock is {} {side}", duration(apart))
            }
        });
        line(ui, pen, "Server's clock", &instant(server), &words);
    }
    let about = [
        ("Server's address", &session.server_address),
        ("Process", &session.process),
        ("Comment", &session.comment),
        ("Recorder's error", &session.error),
    ];
    if about.iter().any(|(_, value)| value.is_some()) {
        widgets::rule(ui, "Who");
    }
    for (name, value) in about {
        if let Some(value) = value {
            line(ui, pen, name, &super::body::without_tokens(&shown(value)), "");
        }
    }
}

/// `2 Mar 2026, 09:14:07.120 UTC`
fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%-d %b %Y, %H:%M:%S%.3f UTC").to_string()
}

/// The same by this computer's clock, unless that is UTC too.
fn local(instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&Local);
    if local.offset().local_minus_utc() == 0 {
        return String::new();
    }
    local.format("%H:%M:%S here (UTC%:z)").to_string()
}

fn line(ui: &mut Ui, pen: &mut Pen<'_>, name: &str, value: &str, meaning: &str) {
    let place = format!("timing/{name}");
    Row { name, value, meaning, place: &place, tone: Tone::Plain, ..Row::default() }.ui(ui, pen);
}

/// A bar for each part of the time, one behind the other as they happened.
fn bars(ui: &mut Ui, parts: &[(&str, Option<TimeDelta>, &str)], pen: &mut Pen<'_>) {
    const HEIGHT: f32 = 22.0;
    const NAME: f32 = 128.0;
    const LENGTH: f32 = 84.0;
    let theme = pen.theme;
    let us = |length: &Option<TimeDelta>| {
        length.and_then(|l| l.num_microseconds()).map_or(0.0, |us| us.max(0) as f32)
    };
    let total: f32 = parts.iter().map(|(_, length, _)| us(length)).sum();
    if total <= 0.0 {
        return;
    }
    widgets::rule(ui, "Where the time went");
    let width = ui.available_width().min(760.0);
    let room = (width - NAME - LENGTH).max(80.0);
    let mut left = 0.0;
    for ((name, length, meaning), color) in parts.iter().zip([
        theme.note,
        theme.adfs,
        theme.warning,
        theme.client,
        theme.exchange,
        theme.entra,
    ]) {
        let Some(known) = length else { continue };
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
        let share = us(length) / total;
        let words = format::duration(*known);
        let percent = format!("{:.0} %", share * 100.0);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Image, true, format!("{name} {words}, {percent}"))
        });
        let painter = ui.painter();
        let font = FontId::proportional(theme::BODY);
        let text = |x: f32, align: Align2, words: &str, color| {
            painter.text(pos2(x, rect.center().y), align, words, font.clone(), color);
        };
        text(rect.left(), Align2::LEFT_CENTER, name, theme.dim);
        let track = eframe::egui::Rect::from_min_size(
            pos2(rect.left() + NAME, rect.center().y - 5.0),
            vec2(room, 10.0),
        );
        painter.rect_filled(track, 3.0, theme.raised);
        let bar = eframe::egui::Rect::from_min_size(
            pos2(track.left() + room * left, track.top()),
            vec2((room * share).max(2.0), track.height()),
        );
        painter.rect_filled(bar, 3.0, color);
        text(rect.left() + NAME + room + LENGTH, Align2::RIGHT_CENTER, &words, theme.text);
        left += share;
        response.on_hover_text(theme::small(format!("{percent} of the time. {meaning}")));
    }
}
