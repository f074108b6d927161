//! The look: the only file that names a colour. Colours are tokens, sizes are four, spacing goes in steps of four.

use eframe::egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, RichText, Shadow, Stroke, Style,
    TextStyle, Ui, Visuals, vec2,
};
use lucide_icons::Icon;

pub use super::shape::{mark_icon, outcome_icon, severity_icon};
use crate::capture::Mark;
use crate::flow::{Actor, Outcome, StepState};
use crate::rules::Severity;

/// Spacing in steps of four points: `space(2)` is 8.
pub const fn space(steps: u8) -> f32 {
    steps as f32 * 4.0
}

/// Corners of cards, rows and buttons.
pub const CORNER: u8 = 6;

/// Corners of the large cards.
pub const CARD_CORNER: u8 = 8;

/// The size of the largest texts: a verdict, the head of a page.
pub const TITLE: f32 = 18.0;
/// The size of heads of sections.
pub const HEADING: f32 = 14.5;
/// The size of running text.
pub const BODY: f32 = 13.0;
/// The size of what stands beside: units, hints, badges.
pub const SMALL: f32 = 11.5;

/// Inter with more weight, for names and selected items.
pub fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// Inter semi-bold, for heads.
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// JetBrains Mono with more weight, for what matters among recorded values.
pub fn mono_medium() -> FontFamily {
    FontFamily::Name("mono-medium".into())
}

/// Lucide alone: Inter draws some of the same code points as punctuation.
pub fn icons() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// Which look to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// As the system says.
    #[default]
    System,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
    /// Light on black, each text at least 7 to 1 against its ground.
    HighContrast,
}

impl Appearance {
    /// All looks in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::System, Self::Dark, Self::Light, Self::HighContrast];

    /// The name under which the choice is remembered.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
        }
    }

    /// What the look is called.
    pub const fn text(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Dark => "Dark",
            Self::Light => "Light",
            Self::HighContrast => "High contrast",
        }
    }

    /// The choice of a remembered name.
    pub fn of_id(id: &str) -> Self {
        match id {
            "dark" => Self::Dark,
            "light" => Self::Light,
            "high-contrast" => Self::HighContrast,
            _ => Self::System,
        }
    }
}

/// The colours by what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Light on dark.
    pub dark: bool,
    /// Behind everything.
    pub background: Color32,
    /// Side bar, inspector, status bar.
    pub panel: Color32,
    /// Buttons, lane heads, code.
    pub raised: Color32,
    /// Rules and borders.
    pub line: Color32,
    /// Running text.
    pub text: Color32,
    /// Text that stands back; still 4.5 to 1 against its ground.
    pub dim: Color32,
    /// The one accent.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Behind selected rows.
    pub selection: Color32,
    /// Broken.
    pub error: Color32,
    /// Behind what is broken.
    pub error_surface: Color32,
    /// Fragile.
    pub warning: Color32,
    /// Behind what is fragile.
    pub warning_surface: Color32,
    /// Works.
    pub ok: Color32,
    /// Behind what works.
    pub ok_surface: Color32,
    /// Good to know.
    pub note: Color32,
    /// Behind what is good to know.
    pub note_surface: Color32,
    /// The client's lane.
    pub client: Color32,
    /// Exchange's lane.
    pub exchange: Color32,
    /// Entra ID's lane.
    pub entra: Color32,
    /// AD FS's lane.
    pub adfs: Color32,
}

impl Theme {
    /// Light on dark.
    pub const DARK: Self = Self {
        dark: true,
        background: rgb(0x14_16_1a),
        panel: rgb(0x1b_1e_24),
        raised: rgb(0x23_27_2f),
        line: rgb(0x2e_34_3f),
        text: rgb(0xe7_ea_f0),
        dim: rgb(0x98_a2_b3),
        accent: rgb(0x6a_a5_ff),
        on_accent: rgb(0x0d_14_20),
        selection: rgb(0x25_33_4a),
        error: rgb(0xff_7b_7b),
        error_surface: rgb(0x3a_20_24),
        warning: rgb(0xf0_bd_55),
        warning_surface: rgb(0x33_2b_1c),
        ok: rgb(0x56_c9_96),
        ok_surface: rgb(0x1a_2e_28),
        note: rgb(0x8f_b1_ff),
        note_surface: rgb(0x1f_28_3b),
        client: rgb(0x8f_b1_ff),
        exchange: rgb(0xc9_9b_f0),
        entra: rgb(0x55_c8_ea),
        adfs: rgb(0xe6_b3_5a),
    };

    /// Dark on light.
    pub const LIGHT: Self = Self {
        dark: false,
        background: rgb(0xf4_f5_f8),
        panel: rgb(0xff_ff_ff),
        raised: rgb(0xee_f1_f5),
        line: rgb(0xdc_e1_e9),
        text: rgb(0x1b_22_30),
        dim: rgb(0x55_60_73),
        accent: rgb(0x1a_66_d6),
        on_accent: rgb(0xff_ff_ff),
        selection: rgb(0xe3_ed_fb),
        error: rgb(0xb3_26_1e),
        error_surface: rgb(0xfd_ec_ea),
        warning: rgb(0x8a_5a_00),
        warning_surface: rgb(0xfd_f4_e3),
        ok: rgb(0x12_73_4a),
        ok_surface: rgb(0xe8_f6_ef),
        note: rgb(0x2f_5b_b7),
        note_surface: rgb(0xeb_f1_fc),
        client: rgb(0x2f_5b_b7),
        exchange: rgb(0x7a_3f_b0),
        entra: rgb(0x0b_72_85),
        adfs: rgb(0x8a_5a_00),
    };

    /// Light on black, for those who see little and for pale projectors.
    pub const HIGH_CONTRAST: Self = Self {
        dark: true,
        background: rgb(0x00_00_00),
        panel: rgb(0x0a_0a_0a),
        raised: rgb(0x1c_1c_1c),
        line: rgb(0x9a_9a_9a),
        text: rgb(0xff_ff_ff),
        dim: rgb(0xd8_d8_d8),
        accent: rgb(0x8f_c6_ff),
        on_accent: rgb(0x00_00_00),
        selection: rgb(0x00_33_5c),
        error: rgb(0xff_a8_a8),
        error_surface: rgb(0x40_00_00),
        warning: rgb(0xff_d5_4a),
        warning_surface: rgb(0x33_28_00),
        ok: rgb(0x6c_f0_a8),
        ok_surface: rgb(0x00_2b_18),
        note: rgb(0xa9_cc_ff),
        note_surface: rgb(0x00_1f_47),
        client: rgb(0xa9_cc_ff),
        exchange: rgb(0xe2_bf_ff),
        entra: rgb(0x7f_e3_ff),
        adfs: rgb(0xff_cf_7d),
    };

    /// The theme that a place of the window is drawn in.
    pub fn of(ui: &Ui) -> &'static Self {
        Self::of_visuals(ui.visuals())
    }

    /// The theme that visuals were made of.
    pub fn of_visuals(visuals: &Visuals) -> &'static Self {
        if !visuals.dark_mode {
            &Self::LIGHT
        } else if visuals.panel_fill == Self::HIGH_CONTRAST.background {
            &Self::HIGH_CONTRAST
        } else {
            &Self::DARK
        }
    }

    /// The theme that a window is drawn in.
    pub fn of_context(ctx: &Context) -> &'static Self {
        Self::of_visuals(&ctx.style_of(ctx.theme()).visuals)
    }

    /// The colour of an actor's lane.
    pub const fn actor(&self, actor: Actor) -> Color32 {
        match actor {
            Actor::Client => self.client,
            Actor::Exchange => self.exchange,
            Actor::EntraId => self.entra,
            Actor::IdentityProvider => self.adfs,
            Actor::Proxy | Actor::Other => self.dim,
        }
    }

    /// The colour of a mark.
    pub const fn mark(&self, mark: Mark) -> Color32 {
        match mark {
            Mark::Red => self.error,
            Mark::Blue => self.client,
            Mark::Gold => self.warning,
            Mark::Green => self.ok,
            Mark::Orange if self.dark => rgb(0xff_9d_5c),
            Mark::Orange => rgb(0xa8_48_0c),
            Mark::Purple => self.exchange,
        }
    }

    /// The colour of a severity.
    pub const fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }

    /// What stands behind a severity.
    pub const fn severity_surface(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error_surface,
            Severity::Warning => self.warning_surface,
            Severity::Note => self.note_surface,
        }
    }

    /// The colour of an outcome.
    pub const fn outcome(&self, outcome: Outcome) -> Color32 {
        match outcome {
            Outcome::Healthy => self.ok,
            Outcome::Broken => self.error,
            Outcome::NotHma => self.warning,
            Outcome::NotEnoughEvidence => self.note,
        }
    }

    /// The colour of a flow's outcome: a flow that is not about HMA, or says nothing, does not ask for attention.
    pub const fn flow(&self, outcome: Outcome) -> Color32 {
        match outcome {
            Outcome::Healthy | Outcome::Broken => self.outcome(outcome),
            Outcome::NotHma | Outcome::NotEnoughEvidence => self.dim,
        }
    }

    /// What stands behind an outcome.
    pub const fn outcome_surface(&self, outcome: Outcome) -> Color32 {
        match outcome {
            Outcome::Healthy => self.ok_surface,
            Outcome::Broken => self.error_surface,
            Outcome::NotHma => self.warning_surface,
            Outcome::NotEnoughEvidence => self.note_surface,
        }
    }

    /// The colour of a step's state.
    pub const fn step_state(&self, state: StepState) -> Color32 {
        match state {
            StepState::Ok => self.ok,
            StepState::Failed => self.error,
            StepState::Missing => self.warning,
            StepState::Hidden => self.dim,
        }
    }

    /// The colour of an answer's status code; 0 stands for no answer.
    pub const fn status(&self, status: u16) -> Color32 {
        match status {
            200..=299 | 304 => self.ok,
            100..=399 => self.dim,
            401 | 407 => self.warning,
            _ => self.error,
        }
    }

    fn visuals(&self) -> Visuals {
        let mut visuals = if self.dark { Visuals::dark() } else { Visuals::light() };
        visuals.panel_fill = self.background;
        visuals.window_fill = self.panel;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.window_corner_radius = CornerRadius::same(CARD_CORNER);
        visuals.menu_corner_radius = CornerRadius::same(CORNER);
        visuals.extreme_bg_color = if self.dark { self.background } else { self.panel };
        visuals.text_edit_bg_color = Some(visuals.extreme_bg_color);
        visuals.faint_bg_color = self.panel;
        visuals.code_bg_color = self.raised;
        visuals.weak_text_color = Some(self.dim);
        visuals.hyperlink_color = self.accent;
        visuals.warn_fg_color = self.warning;
        visuals.error_fg_color = self.error;
        visuals.selection.bg_fill = self.selection;
        visuals.selection.stroke = Stroke::new(1.0, self.accent);
        let shadow =
            if self.dark { Color32::from_black_alpha(120) } else { Color32::from_black_alpha(36) };
        visuals.popup_shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: shadow };
        visuals.window_shadow = Shadow { offset: [0, 8], blur: 32, spread: 0, color: shadow };

        let corner = CornerRadius::same(CORNER);
        let line = Stroke::new(1.0, self.line);
        for (widget, fill, border, text) in [
            (&mut visuals.widgets.noninteractive, self.panel, line, self.text),
            (&mut visuals.widgets.inactive, self.raised, line, self.text),
            (&mut visuals.widgets.hovered, self.hover(), Stroke::new(1.0, self.dim), self.text),
            (&mut visuals.widgets.active, self.selection, Stroke::new(1.0, self.accent), self.text),
            (&mut visuals.widgets.open, self.raised, line, self.text),
        ] {
            widget.bg_fill = fill;
            widget.weak_bg_fill = fill;
            widget.bg_stroke = border;
            widget.fg_stroke = Stroke::new(1.0, text);
            widget.corner_radius = corner;
            widget.expansion = 0.0;
        }
        visuals
    }

    /// Behind a row or a button under the pointer.
    pub fn hover(&self) -> Color32 {
        self.raised.lerp_to_gamma(self.selection, 0.5)
    }

    fn style(&self) -> Style {
        let mut style = Style { visuals: self.visuals(), ..Style::default() };
        style.text_styles = [
            (TextStyle::Heading, FontId::new(TITLE, semibold())),
            (TextStyle::Body, FontId::new(BODY, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(BODY, FontFamily::Proportional)),
            (TextStyle::Small, FontId::new(SMALL, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(SMALL + 0.5, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = vec2(space(2), space(1));
        style.spacing.button_padding = vec2(space(3), space(1) + 1.0);
        style.spacing.menu_margin = Margin::same(6);
        style.spacing.window_margin = Margin::same(20);
        style.spacing.interact_size.y = 26.0;
        style.spacing.menu_width = 300.0;
        style.spacing.tooltip_width = 420.0;
        style.spacing.scroll.floating = true;
        style.interaction.tooltip_delay = 0.35;
        style.url_in_tooltip = false;
        style
    }
}

/// A token's colour, written as in the design: `0xRRGGBB`.
const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Gives a context both looks. Fonts are installed apart.
pub fn install(ctx: &Context) {
    ctx.set_style_of(eframe::egui::Theme::Dark, Theme::DARK.style());
    ctx.set_style_of(eframe::egui::Theme::Light, Theme::LIGHT.style());
}

/// Chooses one of the looks.
pub fn choose(ctx: &Context, appearance: Appearance) {
    use eframe::egui::ThemePreference as Choice;
    ctx.set_theme(match appearance {
        Appearance::System => Choice::System,
        Appearance::Dark | Appearance::HighContrast => Choice::Dark,
        Appearance::Light => Choice::Light,
    });
    // High contrast takes the place of the dark look as long as it is chosen.
    let dark =
        if appearance == Appearance::HighContrast { Theme::HIGH_CONTRAST } else { Theme::DARK };
    ctx.set_style_of(eframe::egui::Theme::Dark, dark.style());
}

/// The largest text.
pub fn title(text: impl Into<String>) -> RichText {
    RichText::new(text).font(FontId::new(TITLE, semibold()))
}

/// The head of a section.
pub fn heading(text: impl Into<String>) -> RichText {
    RichText::new(text).font(FontId::new(HEADING, semibold()))
}

/// A name, or running text that matters.
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).font(FontId::new(BODY, semibold()))
}

/// Text that stands beside.
pub fn small(text: impl Into<String>) -> RichText {
    RichText::new(text).font(FontId::new(SMALL, FontFamily::Proportional))
}

/// The head of a list, in capitals: `FLOWS`.
pub fn overline(text: &str) -> RichText {
    RichText::new(text.to_uppercase())
        .font(FontId::new(SMALL, semibold()))
        .extra_letter_spacing(0.6)
}

/// A recorded value.
pub fn mono(text: impl Into<String>) -> RichText {
    RichText::new(text).text_style(TextStyle::Monospace)
}

/// An icon at the size of running text.
pub fn icon(icon: Icon) -> RichText {
    icon_sized(icon, BODY + 1.0)
}

/// An icon of a size in points.
pub fn icon_sized(icon: Icon, size: f32) -> RichText {
    RichText::new(char::from(icon).to_string()).font(FontId::new(size, icons()))
}

#[cfg(test)]
mod tests {
    use super::{Appearance, Color32, Theme};

    /// Contrast of two colours as the Web Content Accessibility Guidelines define it.
    fn contrast(one: Color32, two: Color32) -> f32 {
        let luminance = |c: Color32| {
            let linear = |v: u8| {
                let v = f32::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
        };
        let (a, b) = (luminance(one), luminance(two));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// Every text token with every ground that it is drawn on somewhere in the window.
    fn pairs(theme: &Theme) -> Vec<(&'static str, Color32, Color32)> {
        let grounds = [
            ("the background", theme.background),
            ("a panel", theme.panel),
            ("a raised place", theme.raised),
            ("a selected row", theme.selection),
            ("what is under the pointer", theme.hover()),
        ];
        let texts = [
            theme.text,
            theme.dim,
            theme.accent,
            theme.error,
            theme.warning,
            theme.ok,
            theme.note,
            theme.client,
            theme.exchange,
            theme.entra,
            theme.adfs,
        ];
        let mut pairs: Vec<_> = grounds
            .iter()
            .flat_map(|(name, ground)| texts.iter().map(move |text| (*name, *text, *ground)))
            .collect();
        for (name, own, ground) in [
            ("the ground of what is broken", theme.error, theme.error_surface),
            ("the ground of what is fragile", theme.warning, theme.warning_surface),
            ("the ground of what works", theme.ok, theme.ok_surface),
            ("the ground of what is good to know", theme.note, theme.note_surface),
        ] {
            pairs.extend([theme.text, theme.dim, own].map(|text| (name, text, ground)));
        }
        pairs.push(("the accent", theme.on_accent, theme.accent));
        pairs
    }

    #[test]
    fn every_mark_is_seen_on_every_row() {
        for theme in [Theme::DARK, Theme::LIGHT] {
            for ground in [theme.background, theme.selection, theme.hover()] {
                for mark in crate::capture::Mark::ALL {
                    assert!(contrast(theme.mark(mark), ground) >= 4.5, "{mark:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn every_text_is_readable_on_every_ground() {
        let mut pale = Vec::new();
        for (theme, least) in [(Theme::DARK, 4.5), (Theme::LIGHT, 4.5), (Theme::HIGH_CONTRAST, 7.0)]
        {
            for (ground_name, text, ground) in pairs(&theme) {
                let reached = contrast(text, ground);
                if reached < least {
                    pale.push(format!("{text:?} on {ground_name} {ground:?}: {reached:.2}"));
                }
            }
        }
        assert!(pale.is_empty(), "{}", pale.join("\n"));
    }

    #[test]
    fn the_focus_and_the_lines_of_high_contrast_can_be_seen() {
        // 3 to 1 is what the guidelines ask of what is no text.
        for theme in [Theme::DARK, Theme::LIGHT, Theme::HIGH_CONTRAST] {
            for ground in [theme.background, theme.panel, theme.raised, theme.selection] {
                assert!(contrast(theme.accent, ground) >= 3.0);
            }
        }
        let theme = Theme::HIGH_CONTRAST;
        assert!(contrast(theme.line, theme.raised) >= 3.0);
    }

    #[test]
    fn a_look_is_known_by_its_visuals() {
        for theme in [&Theme::DARK, &Theme::LIGHT, &Theme::HIGH_CONTRAST] {
            assert_eq!(Theme::of_visuals(&theme.visuals()), theme);
        }
    }

    #[test]
    fn a_look_is_remembered_by_its_name() {
        for look in Appearance::ALL {
            assert_eq!(Appearance::of_id(look.id()), look);
        }
    }
}
