//! The fonts: Inter for words, JetBrains Mono for recorded values, Lucide for icons, and one of the DejaVu fonts for most
//! other alphabets. All are compiled in. What none of them has, like Chinese, Japanese and Korean, is drawn with fonts of
//! the system.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};
use egui_system_font_provider::SystemFontProvider;

use crate::packed::packed;

packed!(FILES, "fonts");

/// The fonts by name.
const FONTS: [(&str, &str); 7] = [
    ("inter", "Inter-Regular.otf"),
    ("inter-medium", "Inter-Medium.otf"),
    ("inter-semibold", "Inter-SemiBold.otf"),
    ("mono", "JetBrainsMono-Regular.ttf"),
    ("mono-medium", "JetBrainsMono-Medium.ttf"),
    ("dejavu", "DejaVuSans.ttf"),
    ("lucide", "lucide.ttf"),
];

/// Gives a context the fonts. Icons are a family of their own, and the last resort of the others.
pub(super) fn install(ctx: &Context) {
    ctx.set_fonts(compiled_in());
    let fonts = SystemFonts { ctx: ctx.clone(), wanted: AtomicBool::new(false) };
    ctx.set_font_providers(vec![Arc::new(fonts)]);
}

fn compiled_in() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, file) in FONTS {
        let font = FontData::from_static(FILES.file(file));
        fonts.font_data.insert(name.to_owned(), Arc::new(font));
    }
    for (family, order) in [
        (FontFamily::Proportional, ["inter", "mono", "lucide", "dejavu"]),
        (super::theme::medium(), ["inter-medium", "mono", "lucide", "dejavu"]),
        (super::theme::semibold(), ["inter-semibold", "mono", "lucide", "dejavu"]),
        (FontFamily::Monospace, ["mono", "inter", "lucide", "dejavu"]),
        (super::theme::mono_medium(), ["mono-medium", "inter", "lucide", "dejavu"]),
    ] {
        fonts.families.insert(family, order.map(str::to_owned).to_vec());
    }
    let icons = ["lucide", "inter"].map(str::to_owned).to_vec();
    fonts.families.insert(super::theme::icons(), icons);
    fonts
}

/// Stands for the fonts of the system until a text wants one: to list them can take long, so a thread does it, and until
/// then such a text shows boxes.
struct SystemFonts {
    ctx: Context,
    wanted: AtomicBool,
}

impl FontProvider for SystemFonts {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        if self.wanted.swap(true, Ordering::Relaxed) {
            return None;
        }
        let (cluster, family) = (request.cluster.to_owned(), request.family.clone());
        let ctx = self.ctx.clone();
        // Without a thread the text keeps its boxes.
        let _ = thread::Builder::new().name("fonts".to_owned()).spawn(move || {
            let fonts = SystemFontProvider::new();
            // The first question waits until they are listed.
            let _ = fonts.font_for(&FallbackRequest { cluster: &cluster, family: &family });
            // From now on they are asked directly, also for what was missing before.
            ctx.set_font_providers(vec![Arc::new(fonts)]);
        });
        None
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::epaint::text::{Fonts, TextOptions};
    use eframe::egui::{FontFamily, FontId};

    use super::compiled_in;

    #[test]
    fn most_alphabets_are_compiled_in() {
        let mut fonts = Fonts::new(TextOptions::default(), compiled_in());
        let texts = [
            "Grüße, Łódź, İstanbul, Tiếng Việt",
            "Анна Київ",
            "Αθήνα",
            "שלום כהן",
            "محمد",
            "Հայաստան",
            "საქართველო",
            "€ → ✓ … “x” — ½ ☎",
        ];
        for family in [
            FontFamily::Proportional,
            FontFamily::Monospace,
            super::super::theme::medium(),
            super::super::theme::semibold(),
            super::super::theme::mono_medium(),
        ] {
            let font = FontId::new(13.0, family);
            for text in texts {
                let known = fonts.with_pixels_per_point(1.0).has_glyphs(&font, text);
                assert!(known, "{text} in {font:?}");
            }
        }
    }
}
