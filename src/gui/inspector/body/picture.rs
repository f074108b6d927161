//! Pictures of a capture, decoded within narrow bounds: a small file may claim to be a large picture.

use std::io::Cursor;

use eframe::egui::ColorImage;
use image::{ImageReader, Limits};

use crate::http::Picture;

/// The most pixels in each direction.
const LONGEST: u32 = 4096;
/// The most memory that decoding may take, in bytes.
const MEMORY: u64 = 96 << 20;

/// The picture, or a sentence that says why it is not shown.
pub(super) fn decoded(bytes: &[u8]) -> Result<ColorImage, String> {
    let about = Picture::of(bytes).ok_or("This is no picture that is known")?;
    if about.width > LONGEST || about.height > LONGEST || about.width == 0 || about.height == 0 {
        return Err(format!(
            "{} × {} pixels are too many to be shown; the bytes are under Hex",
            about.width, about.height
        ));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| format!("This picture cannot be read: {error}"))?;
    reader.limits(limits);
    let Ok(image) = reader.decode() else {
        return Err(format!(
            "This {} picture cannot be drawn here; the bytes are under Hex",
            about.format
        ));
    };
    let size = [image.width() as usize, image.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, image.into_rgba8().as_flat_samples().as_slice()))
}

#[cfg(test)]
mod tests {
    use super::decoded;
    use base64::Engine as _;

    /// One red pixel.
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    #[test]
    fn a_picture_is_drawn_and_a_bomb_is_not() {
        let png = base64::engine::general_purpose::STANDARD.decode(PNG).unwrap();
        assert_eq!(decoded(&png).unwrap().size, [1, 1]);
        let mut bomb = png;
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(decoded(&bomb).unwrap_err().contains("65536 × 65536"));
        assert!(decoded(b"GIF89a\x03\0\x04\0").is_err());
        assert!(decoded(b"text").is_err());
    }
}
