//! How large a lesson is written: as the rest of the window, or for the last row of a room.

use eframe::egui::{FontFamily, FontId, RichText, TextStyle, Ui};

use crate::gui::theme;

/// Width, in points, from which a page of the presenter view is written at its full width.
const ROOM: f32 = 1000.0;

/// Sizes of type in points, and the width that a line may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    scale: f32,
    /// Widest that the text gets.
    pub(super) width: f32,
}

impl Size {
    /// The sizes for a place; `presenting` fills it.
    pub(super) fn of(ui: &Ui, presenting: bool) -> Self {
        const COLUMN: f32 = 860.0;
        let room = ui.available_width();
        let scale = if presenting { (room / ROOM * 1.25).clamp(1.2, 2.4) } else { 1.08 };
        Self { scale, width: (COLUMN * scale).min(room) }
    }

    /// A length that grows with the type.
    pub(super) fn points(self, length: f32) -> f32 {
        (length * self.scale).round()
    }

    /// Whatever is drawn in here by other parts of the window takes these sizes too.
    pub(super) fn apply(self, ui: &mut Ui) {
        let style = ui.style_mut();
        for (name, size) in [
            (TextStyle::Body, theme::BODY),
            (TextStyle::Button, theme::BODY),
            (TextStyle::Small, theme::SMALL),
            (TextStyle::Monospace, theme::SMALL + 0.5),
        ] {
            if let Some(font) = style.text_styles.get_mut(&name) {
                font.size = size * self.scale;
            }
        }
        style.spacing.button_padding *= self.scale.min(1.5);
    }

    fn text(self, text: impl Into<String>, size: f32, family: FontFamily) -> RichText {
        RichText::new(text).font(FontId::new(size * self.scale, family))
    }

    /// The head of the page.
    pub(super) fn title(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::TITLE + 2.0, theme::semibold())
    }

    /// A question.
    pub(super) fn heading(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::HEADING + 0.5, theme::semibold())
    }

    /// Running text.
    pub(super) fn body(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::BODY, FontFamily::Proportional)
    }

    /// Running text that matters.
    pub(super) fn strong(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::BODY, theme::semibold())
    }

    /// What stands beside.
    pub(super) fn small(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::SMALL, FontFamily::Proportional)
    }

    /// The head of a list, in capitals.
    pub(super) fn overline(self, text: &str) -> RichText {
        self.text(text.to_uppercase(), theme::SMALL, theme::semibold()).extra_letter_spacing(0.6)
    }

    /// A recorded value.
    pub(super) fn mono(self, text: impl Into<String>) -> RichText {
        self.text(text, theme::SMALL + 0.5, FontFamily::Monospace)
    }

    /// An icon at the size of running text.
    pub(super) fn icon(self, icon: lucide_icons::Icon) -> RichText {
        theme::icon_sized(icon, (theme::BODY + 1.0) * self.scale)
    }
}
