//! The list of shortcuts, and what the program is.

use eframe::egui::{Align, Context, Label, Layout, RichText, ScrollArea};

use super::modal;
use crate::gui::command::{Command, Menu};
use crate::gui::theme::{self, Theme, space};

const ABOUT: [&str; 3] = [
    "Rebuilds the Hybrid Modern Authentication flow of a capture, says where it broke, proves it and tells how to fix it.",
    "Nothing leaves this computer: the program opens no network connection, and it writes nothing of a capture to disk except a copy that you export.",
    "MIT or Apache 2.0 licence. Fonts: Inter and JetBrains Mono (SIL Open Font License), DejaVu Sans (Bitstream Vera licence), Lucide icons (ISC licence).",
];

/// Keys that are no command's.
const MORE: [(&str, &str); 4] = [
    ("From control to control", "Tab, Shift+Tab"),
    ("Press the control that has the focus", "Enter, Space"),
    ("Close what is on top", "Esc"),
    ("This list, too", "F1"),
];

/// Shows the shortcuts; false when closed.
pub(in crate::gui) fn shortcuts(ctx: &Context) -> bool {
    modal::show(ctx, "Keyboard shortcuts", 460.0, |ui| {
        let theme = Theme::of(ui);
        ScrollArea::vertical().max_height(520.0).auto_shrink([false, true]).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 12.0);
            for menu in Menu::ALL {
                ui.label(theme::overline(menu.text()).color(theme.dim));
                let of_menu = |c: &Command| c.menu() == menu && c.shortcut().is_some();
                for command in Command::ALL.into_iter().filter(of_menu) {
                    ui.horizontal(|ui| {
                        ui.label(command.text().trim_end_matches('…'));
                        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                            ui.label(theme::mono(command.shortcut_text(ctx)).color(theme.dim));
                        });
                    });
                }
                ui.add_space(space(2));
            }
            for (text, keys) in MORE {
                ui.horizontal(|ui| {
                    ui.label(text);
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.label(theme::mono(keys).color(theme.dim));
                    });
                });
            }
        });
    })
}

/// Shows what the program is; false when closed.
pub(in crate::gui) fn about(ctx: &Context) -> bool {
    modal::show(ctx, "HMA Trace Analyzer", 460.0, |ui| {
        let theme = Theme::of(ui);
        let version = format!("Version {}", env!("CARGO_PKG_VERSION"));
        ui.label(RichText::new(version).color(theme.dim));
        for text in ABOUT {
            ui.add_space(space(2));
            ui.add(Label::new(text).wrap());
        }
    })
}
