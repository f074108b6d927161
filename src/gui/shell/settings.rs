//! The dialog of the settings. What is chosen counts at once.

use eframe::egui::{Context, Label, RichText, Ui};
use lucide_icons::Icon;

use super::modal;
use crate::gui::action::Action;
use crate::gui::format::count;
use crate::gui::recent::Recent;
use crate::gui::settings::{Masking, Settings, Times};
use crate::gui::theme::{self, Appearance, Theme, space};
use crate::gui::widgets;

const ABOUT: &str = "The program remembers these choices and how its window stood. It never stores anything of a capture";

/// Shows the dialog; false when it is done.
pub(in crate::gui) fn ui(
    ctx: &Context,
    settings: &Settings,
    recent: &Recent,
    actions: &mut Vec<Action>,
) -> bool {
    let mut chosen = Choices(settings.clone());
    let stays = modal::show(ctx, "Settings", 520.0, |ui| {
        ui.set_max_width(ui.available_width() - 12.0);
        ui.add(Label::new(RichText::new(ABOUT).color(Theme::of(ui).dim)).wrap());
        chosen.theme(ui);
        chosen.zoom(ui);
        chosen.times(ui);
        chosen.secrets(ui);
        chosen.recent(ui, recent, actions);
    });
    if chosen.0 != *settings {
        actions.push(Action::ChangeSettings(Box::new(chosen.0)));
    }
    stays
}

/// What is chosen in this frame.
struct Choices(Settings);

impl Choices {
    fn theme(&mut self, ui: &mut Ui) {
        widgets::rule(ui, "Theme");
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = space(4);
            for look in Appearance::ALL {
                ui.radio_value(&mut self.0.appearance, look, look.text());
            }
        });
    }

    fn zoom(&mut self, ui: &mut Ui) {
        widgets::rule(ui, "Size of everything");
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space(1);
            if widgets::icon_button(ui, Icon::Minus, "Smaller").clicked() {
                self.0.zoom = self.0.zoomed(-1);
            }
            ui.label(theme::mono(format!("{:>3} %", self.0.zoom)));
            if widgets::icon_button(ui, Icon::Plus, "Larger").clicked() {
                self.0.zoom = self.0.zoomed(1);
            }
            ui.add_space(space(2));
            for zoom in [100, 150, 200] {
                let chosen = self.0.zoom == zoom;
                if ui.selectable_label(chosen, format!("{zoom} %")).clicked() {
                    self.0.zoom = zoom;
                }
            }
        });
        hint(ui, "Ctrl with + or − or the mouse wheel does the same, Ctrl+0 goes back to 100 %");
    }

    fn times(&mut self, ui: &mut Ui) {
        widgets::rule(ui, "Times");
        for times in Times::ALL {
            let text = match times {
                Times::Utc => "UTC, as servers log it",
                Times::Local => "Local time of this computer",
                Times::Capture => "Local time of the computer that recorded the capture",
            };
            ui.radio_value(&mut self.0.times, times, text);
        }
        hint(
            ui,
            "The status bar says which zone is shown. Captures that do not tell their zone show UTC. Reports are always in UTC",
        );
    }

    fn secrets(&mut self, ui: &mut Ui) {
        widgets::rule(ui, "Secrets on screen");
        ui.radio_value(
            &mut self.0.masking,
            Masking::UntilAsked,
            "Masked; each value can be shown on demand",
        );
        ui.radio_value(
            &mut self.0.masking,
            Masking::Always,
            "Always masked, for shared screens and projectors",
        );
        hint(
            ui,
            "Masked means that passwords, tokens and cookies appear as dots, on screen and in everything that is copied. The capture itself is not changed: to share it, use Redact and export",
        );
    }

    fn recent(&mut self, ui: &mut Ui, recent: &Recent, actions: &mut Vec<Action>) {
        widgets::rule(ui, "Recent files");
        ui.checkbox(&mut self.0.remember_files, "Remember the paths of files that were opened");
        let files = recent.paths().len();
        ui.horizontal(|ui| {
            if files > 0 && widgets::secondary_button(ui, "Forget them now").clicked() {
                actions.push(Action::ForgetAllRecent);
            }
            let text = if files == 0 {
                "None is remembered".to_owned()
            } else {
                format!("{} remembered; switching this off forgets them", count(files, "path"))
            };
            ui.label(theme::small(text).color(Theme::of(ui).dim));
        });
    }
}

fn hint(ui: &mut Ui, text: &str) {
    ui.add(Label::new(theme::small(text).color(Theme::of(ui).dim)).wrap());
}
