//! Pictures of the timeline, for the clipboard and for files. They are made on a thread of their own.

mod paint;
mod raster;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{ColorImage, Context};

use self::paint::Pixels;
use super::background::{Background, Standing};
use super::dialog::{Choice, FileDialog};
use super::figures;
use super::theme::Theme;
use crate::diagram::{self, Layout};
use crate::export::write_whole;

/// The most pixels of a picture in a file: about 340 sessions.
const MOST_PIXELS: f32 = 24e6;

/// The most pixels of a picture on the clipboard, which other programs hold unpacked.
const MOST_COPIED: f32 = 12e6;

/// Width of an SVG picture, in points.
const SVG_WIDTH: f32 = 1200.0;

/// A picture that is being made.
pub(super) struct PictureJob {
    layout: Arc<Layout>,
    theme: &'static Theme,
    stage: Stage,
}

enum Stage {
    /// The user chooses a file; the capture's own is not to be replaced.
    Asking(FileDialog, Option<PathBuf>),
    Working(Background<Outcome>),
}

/// What became of a picture.
pub(super) enum Outcome {
    /// To be put on the clipboard.
    Image(ColorImage),
    /// It is in a file.
    Saved(PathBuf),
    /// Why there is none; `None` when the user did not want one.
    Nothing(Option<String>),
}

impl PictureJob {
    /// Makes a picture for the clipboard.
    pub(super) fn copy(ctx: &Context, layout: Arc<Layout>, theme: &'static Theme) -> Self {
        let shown = Arc::clone(&layout);
        let work = move || {
            let image = paint::image(&shown, theme, MOST_COPIED);
            Outcome::Image(ColorImage::from_rgb(image.size, &image.rgb))
        };
        Self { layout, theme, stage: Stage::Working(start(ctx, work)) }
    }

    /// Asks for a file, then makes the picture that its name asks for. `original` is the capture itself.
    pub(super) fn save(
        ctx: &Context,
        layout: Arc<Layout>,
        theme: &'static Theme,
        name: String,
        original: Option<PathBuf>,
    ) -> Self {
        let dialog = FileDialog::save_picture(ctx, name);
        Self { layout, theme, stage: Stage::Asking(dialog, original) }
    }

    /// What became of it; `None` while it is under way.
    pub(super) fn poll(&mut self, ctx: &Context) -> Option<Outcome> {
        match &self.stage {
            Stage::Asking(dialog, original) => match dialog.poll() {
                Choice::Open => None,
                Choice::Nothing => Some(Outcome::Nothing(None)),
                Choice::File(path) => {
                    let (layout, theme) = (Arc::clone(&self.layout), self.theme);
                    let original = original.clone();
                    let work = move || write(&layout, theme, &path, original.as_deref());
                    self.stage = Stage::Working(start(ctx, work));
                    None
                }
            },
            Stage::Working(work) => match work.poll() {
                Standing::Done(outcome) => Some(outcome),
                Standing::Busy => None,
                Standing::Lost => {
                    Some(Outcome::Nothing(Some("The picture could not be made".to_owned())))
                }
            },
        }
    }
}

fn start(ctx: &Context, work: impl FnOnce() -> Outcome + Send + 'static) -> Background<Outcome> {
    Background::start("picture", ctx, |_| work())
}

/// The ladder as SVG, in a theme's colours.
pub(super) fn svg(layout: &Layout, theme: &Theme) -> String {
    diagram::picture(layout, SVG_WIDTH, &|ink| figures::hexadecimal(theme, ink))
}

/// Writes a picture in the format that the file's name asks for: SVG, else PNG.
fn write(layout: &Layout, theme: &'static Theme, path: &Path, original: Option<&Path>) -> Outcome {
    let whole = |path: &Path| path.canonicalize().ok();
    if original.is_some_and(|o| o == path || whole(o).is_some_and(|o| whole(path) == Some(o))) {
        let message = "Nothing was written: that is the capture itself; choose another name";
        return Outcome::Nothing(Some(message.to_owned()));
    }
    let is_svg = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("svg"));
    let bytes = if is_svg {
        svg(layout, theme).into_bytes()
    } else {
        match png(&paint::image(layout, theme, MOST_PIXELS)) {
            Ok(bytes) => bytes,
            Err(error) => return failed(&error),
        }
    };
    match write_whole(path, &bytes) {
        Ok(()) => Outcome::Saved(path.to_owned()),
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::error::Error) -> Outcome {
    Outcome::Nothing(Some(format!("The picture could not be written: {error}")))
}

fn png(image: &Pixels) -> Result<Vec<u8>, png::EncodingError> {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let [width, height] = image.size;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side(width), side(height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&image.rgb)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, write};
    use crate::analysis::Analysis;
    use crate::diagram::{Folds, Layout};
    use crate::gui::theme::Theme;
    use crate::import::open_text;
    use crate::jwt::Keys;

    fn layout() -> Layout {
        let text = "POST https://mail.contoso.com/mapi/emsmdb/\nAuthorization: Bearer\n\n\
                    HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer\n";
        let capture = open_text("pasted", text).unwrap();
        Layout::of(&Analysis::of(capture, &Keys::default()), None, &Folds::default())
    }

    #[test]
    fn a_picture_is_written_as_its_name_asks() {
        let folder = tempfile::tempdir().unwrap();
        for (name, begins) in [("a.png", &b"\x89PNG"[..]), ("b.SVG", b"<svg"), ("c", b"\x89PNG")] {
            let path = folder.path().join(name);
            let outcome = write(&layout(), &Theme::DARK, &path, None);
            assert!(matches!(outcome, Outcome::Saved(_)), "{name}");
            assert!(std::fs::read(&path).unwrap().starts_with(begins), "{name}");
        }
        let original = folder.path().join("a.png");
        let refused = write(&layout(), &Theme::DARK, &original, Some(&original));
        assert!(matches!(refused, Outcome::Nothing(Some(_))));
    }

    #[test]
    fn a_picture_shows_the_ladder_in_the_colours_of_the_theme() {
        let layout = layout();
        for theme in [&Theme::DARK, &Theme::LIGHT] {
            let image = super::paint::image(&layout, theme, 4e6);
            let has = |color: eframe::egui::Color32| {
                let wanted = [color.r(), color.g(), color.b()];
                image.rgb.chunks(3).filter(|pixel| **pixel == wanted).count()
            };
            assert!(has(theme.background) > 1000 && has(theme.raised) > 1000);
            // The break's panel, the words on it, and the arrow that failed.
            assert!(
                has(theme.error_surface) > 1000 && has(theme.error) > 100,
                "{}",
                has(theme.error)
            );
        }
    }

    #[test]
    fn a_long_ladder_stays_within_its_pixels() {
        let mut layout = layout();
        let row = layout.rows[0].clone();
        layout.rows.resize(5000, row);
        let image = super::paint::image(&layout, &Theme::DARK, 1e6);
        assert!(image.size[0] * image.size[1] <= 1_000_000, "{:?}", image.size);
        assert!(image.size[1] > 700, "{:?}", image.size);
    }
}
