//! The fonts: Inter for words, JetBrains Mono for recorded values, Lucide for icons. All are compiled in.

use std::sync::Arc;

use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};

/// Gives a context the fonts. Icons are a family of their own, and the last resort of the others.
pub(super) fn install(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [
        ("inter", &include_bytes!("../../assets/fonts/Inter-Regular.otf")[..]),
        ("inter-medium", &include_bytes!("../../assets/fonts/Inter-Medium.otf")[..]),
        ("inter-semibold", &include_bytes!("../../assets/fonts/Inter-SemiBold.otf")[..]),
        ("mono", &include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf")[..]),
        ("mono-medium", &include_bytes!("../../assets/fonts/JetBrainsMono-Medium.ttf")[..]),
        ("lucide", lucide_icons::LUCIDE_FONT_BYTES),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    for (family, order) in [
        (FontFamily::Proportional, ["inter", "mono", "lucide"]),
        (super::theme::medium(), ["inter-medium", "mono", "lucide"]),
        (super::theme::semibold(), ["inter-semibold", "mono", "lucide"]),
        (FontFamily::Monospace, ["mono", "inter", "lucide"]),
        (super::theme::mono_medium(), ["mono-medium", "inter", "lucide"]),
    ] {
        fonts.families.insert(family, order.map(str::to_owned).to_vec());
    }
    let icons = ["lucide", "inter"].map(str::to_owned).to_vec();
    fonts.families.insert(super::theme::icons(), icons);
    ctx.set_fonts(fonts);
}
