//! The fonts: Inter for words, JetBrains Mono for recorded values, Lucide for icons, and one of the DejaVu fonts for most
//! other alphabets. All are compiled in. What none of them has, like Chinese, Japanese and Korean, is drawn with fonts of
//! the system.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;

use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use eframe::egui::{Context, FontData, FontDefinitions, FontFamily};
use egui_system_font_provider::SystemFontProvider;
use flate2::read::ZlibDecoder;

/// The fonts by name, packed by `build.rs`: the program is downloaded more often than started.
const PACKED: [(&str, &[u8]); 7] = [
    ("inter", include_bytes!(concat!(env!("OUT_DIR"), "/Inter-Regular.otf.z"))),
    ("inter-medium", include_bytes!(concat!(env!("OUT_DIR"), "/Inter-Medium.otf.z"))),
    ("inter-semibold", include_bytes!(concat!(env!("OUT_DIR"), "/Inter-SemiBold.otf.z"))),
    ("mono", include_bytes!(concat!(env!("OUT_DIR"), "/JetBrainsMono-Regular.ttf.z"))),
    ("mono-medium", include_bytes!(concat!(env!("OUT_DIR"), "/JetBrainsMono-Medium.ttf.z"))),
    ("dejavu", include_bytes!(concat!(env!("OUT_DIR"), "/DejaVuSans.ttf.z"))),
    ("lucide", include_bytes!(concat!(env!("OUT_DIR"), "/lucide.ttf.z"))),
];

static UNPACKED: LazyLock<Vec<(&str, Vec<u8>)>> =
    LazyLock::new(|| PACKED.iter().map(|(name, bytes)| (*name, unpack(bytes))).collect());

fn unpack(packed: &[u8]) -> Vec<u8> {
    let mut font = Vec::new();
    // What this program packed itself is whole.
    let _ = ZlibDecoder::new(packed).read_to_end(&mut font);
    font
}

/// Gives a context the fonts. Icons are a family of their own, and the last resort of the others.
pub(super) fn install(ctx: &Context) {
    ctx.set_fonts(compiled_in());
    let fonts = SystemFonts { ctx: ctx.clone(), wanted: AtomicBool::new(false) };
    ctx.set_font_providers(vec![Arc::new(fonts)]);
}

fn compiled_in() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in UNPACKED.iter() {
        fonts.font_data.insert((*name).to_owned(), Arc::new(FontData::from_static(bytes)));
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
