//! What the user chose and how the window stood: the only thing besides exported files that the program ever writes, and
//! nothing of a capture is in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::format::Zone;
use super::theme::Appearance;

/// The smallest and the largest zoom, in percent.
pub const ZOOM: std::ops::RangeInclusive<u16> = 50..=200;

/// How much one step of zooming changes, in percent.
pub const ZOOM_STEP: u16 = 10;

/// The longest value that is kept for a view, in bytes.
const LONGEST: usize = 4096;

/// In which time zone times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// Coordinated universal time, as servers log it and as reports say it.
    #[default]
    Utc,
    /// That of this computer.
    Local,
    /// That of the computer on which the capture was recorded.
    Capture,
}

impl Times {
    /// All choices in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Utc, Self::Local, Self::Capture];

    const fn id(self) -> &'static str {
        match self {
            Self::Utc => "utc",
            Self::Local => "local",
            Self::Capture => "capture",
        }
    }

    fn of_id(id: &str) -> Self {
        Self::ALL.into_iter().find(|times| times.id() == id).unwrap_or_default()
    }

    /// The zone in which times of a capture are shown. `recorded` is the capture's own, where it says one.
    pub fn zone(self, recorded: Option<chrono::FixedOffset>) -> Zone {
        match self {
            Self::Utc => Zone::Utc,
            Self::Local => Zone::Local,
            Self::Capture => recorded.map_or(Zone::Utc, Zone::Fixed),
        }
    }
}

/// What happens to secrets on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Masking {
    /// Masked until the user asks for one of them.
    #[default]
    UntilAsked,
    /// Masked, and nothing shows them: for shared screens and projectors.
    Always,
}

/// What the user chose and how the window stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The look.
    pub appearance: Appearance,
    /// The size of everything, in percent.
    pub zoom: u16,
    /// The time zone.
    pub times: Times,
    /// What happens to secrets.
    pub masking: Masking,
    /// Whether paths of opened files are remembered.
    pub remember_files: bool,
    /// Whether the side bar is shown.
    pub side_bar: bool,
    /// The side bar's width in points.
    pub side_bar_width: f32,
    /// The inspector's height in points; 0 for what suits the window.
    pub inspector_height: f32,
    /// What views remember, under keys of their own like `sessions.columns`.
    views: BTreeMap<String, String>,
}

impl Settings {
    /// What a new user gets.
    pub const DEFAULT: Self = Self {
        appearance: Appearance::System,
        zoom: 100,
        times: Times::Utc,
        masking: Masking::UntilAsked,
        remember_files: true,
        side_bar: true,
        side_bar_width: 272.0,
        inspector_height: 0.0,
        views: BTreeMap::new(),
    };

    /// What a view remembered under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.views.get(key).map(String::as_str)
    }

    /// Remembers something for a view, one line of text. An empty value forgets it.
    pub fn set(&mut self, key: &str, value: &str) {
        let is_line = !value.contains(['\n', '\r']) && value.len() <= LONGEST;
        if value.is_empty() {
            self.views.remove(key);
        } else if is_line && key.contains('.') && !key.contains(['=', '\n', '\r']) {
            self.views.insert(key.to_owned(), value.to_owned());
        }
    }

    /// The zoom one or more steps larger or smaller.
    #[must_use]
    pub fn zoomed(&self, steps: i16) -> u16 {
        let zoom = self.zoom.saturating_add_signed(steps.saturating_mul(ZOOM_STEP.cast_signed()));
        zoom.clamp(*ZOOM.start(), *ZOOM.end())
    }

    /// Reads what [`Settings::to_text`] wrote. What is missing or odd is as for a new user.
    pub fn of_text(text: &str) -> Self {
        let mut settings = Self::DEFAULT;
        for (key, value) in text.lines().filter_map(|line| line.split_once('=')) {
            let points = |least: f32, most: f32| {
                value.parse::<f32>().ok().filter(|p| (least..=most).contains(p))
            };
            match key {
                "theme" => settings.appearance = Appearance::of_id(value),
                "zoom" => {
                    let zoom = value.parse().ok().filter(|z| ZOOM.contains(z));
                    settings.zoom = zoom.unwrap_or(Self::DEFAULT.zoom);
                }
                "times" => settings.times = Times::of_id(value),
                "secrets" if value == "never" => settings.masking = Masking::Always,
                "remember-files" => settings.remember_files = value != "no",
                "side-bar" => settings.side_bar = value != "no",
                "side-bar-width" => {
                    let width = points(100.0, 1000.0);
                    settings.side_bar_width = width.unwrap_or(Self::DEFAULT.side_bar_width);
                }
                "inspector-height" => {
                    let height = points(60.0, 4000.0);
                    settings.inspector_height = height.unwrap_or(Self::DEFAULT.inspector_height);
                }
                _ => settings.set(key, value),
            }
        }
        settings
    }

    /// The settings as lines of `key=value`.
    pub fn to_text(&self) -> String {
        let yes = |b: bool| if b { "yes" } else { "no" };
        let masking = match self.masking {
            Masking::UntilAsked => "until-asked",
            Masking::Always => "never",
        };
        let mut text = format!(
            "theme={}\nzoom={}\ntimes={}\nsecrets={masking}\nremember-files={}\nside-bar={}\nside-bar-width={}\ninspector-height={}\n",
            self.appearance.id(),
            self.zoom,
            self.times.id(),
            yes(self.remember_files),
            yes(self.side_bar),
            self.side_bar_width.round(),
            self.inspector_height.round(),
        );
        for (key, value) in &self.views {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{key}={value}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Masking, Settings, Times};
    use crate::gui::theme::Appearance;

    #[test]
    fn settings_come_back_as_they_were() {
        let mut settings = Settings {
            appearance: Appearance::HighContrast,
            zoom: 150,
            times: Times::Capture,
            masking: Masking::Always,
            remember_files: false,
            side_bar: false,
            side_bar_width: 300.0,
            inspector_height: 220.0,
            ..Settings::DEFAULT
        };
        settings.set("sessions.columns", "number:40 host:200=wide");
        assert_eq!(Settings::of_text(&settings.to_text()), settings);
        settings.set("sessions.columns", "");
        assert_eq!(settings.get("sessions.columns"), None);
    }

    #[test]
    fn what_is_odd_is_as_for_a_new_user() {
        let odd = "theme=pink\nzoom=9000\nside-bar-width=NaN\ninspector-height=-3\nno line\n=\n";
        assert_eq!(Settings::of_text(odd), Settings::DEFAULT);
    }

    #[test]
    fn a_value_is_one_line_of_modest_length() {
        let mut settings = Settings::DEFAULT;
        settings.set("view.a", "one\ntheme=light");
        settings.set("view.b", &"x".repeat(10_000));
        settings.set("theme", "light");
        assert_eq!(settings, Settings::DEFAULT);
    }

    #[test]
    fn zoom_stays_in_its_bounds() {
        let at = |zoom| Settings { zoom, ..Settings::DEFAULT };
        assert_eq!(at(195).zoomed(1), 200);
        assert_eq!(at(100).zoomed(-20), 50);
        assert_eq!(at(100).zoomed(1), 110);
    }
}
