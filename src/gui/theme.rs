//! The look: the only file that names a colour. Colours are tokens, sizes are four, spacing goes in steps of four.

use eframe::egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, RichText, Shadow, Stroke, Style,
    TextStyle, Ui, Visuals, vec2,
};
use lucide_icons::Icon;

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

/// Which of the two looks to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// As the system says.
    #[default]
    System,
    /// Light on dark.
    Dark,
    /// Dark on light.
    Light,
}

impl Appearance {
    /// The name under which the choice is remembered.
    pub const fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }

    /// The choice of a remembered name.
    pub fn of_id(id: &str) -> Self {
        match id {
            "dark" => Self::Dark,
            "light" => Self::Light,
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

    /// The theme that a place of the window is drawn in.
    pub fn of(ui: &Ui) -> &'static Self {
        if ui.visuals().dark_mode { &Self::DARK } else { &Self::LIGHT }
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
        Appearance::Dark => Choice::Dark,
        Appearance::Light => Choice::Light,
    });
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

/// The icon of an outcome: its shape says what its colour says.
pub const fn outcome_icon(outcome: Outcome) -> Icon {
    match outcome {
        Outcome::Healthy => Icon::CircleCheck,
        Outcome::Broken => Icon::CircleX,
        Outcome::NotHma => Icon::CircleMinus,
        Outcome::NotEnoughEvidence => Icon::CircleQuestionMark,
    }
}

/// The icon of a severity.
pub const fn severity_icon(severity: Severity) -> Icon {
    match severity {
        Severity::Error => Icon::CircleX,
        Severity::Warning => Icon::TriangleAlert,
        Severity::Note => Icon::Info,
    }
}

#[cfg(test)]
mod tests {
    use super::{Color32, Theme};

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

    #[test]
    fn every_text_is_readable_on_every_ground() {
        for theme in [Theme::DARK, Theme::LIGHT] {
            for ground in [theme.background, theme.panel, theme.raised, theme.selection] {
                for text in
                    [theme.text, theme.dim, theme.error, theme.ok, theme.warning, theme.note]
                {
                    assert!(
                        contrast(text, ground) >= 4.5,
                        "{text:?} on {ground:?}: {}",
                        contrast(text, ground)
                    );
                }
            }
            for (text, ground) in [
                (theme.error, theme.error_surface),
                (theme.warning, theme.warning_surface),
                (theme.ok, theme.ok_surface),
                (theme.note, theme.note_surface),
                (theme.on_accent, theme.accent),
            ] {
                assert!(
                    contrast(text, ground) >= 4.5,
                    "{text:?} on {ground:?}: {}",
                    contrast(text, ground)
                );
            }
        }
    }
}
