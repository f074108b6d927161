//! What a picture's first bytes tell: its format and its size. Nothing is decoded.

/// A picture's format and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `PNG`, `JPEG`, …
    pub format: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

impl Picture {
    /// Reads the beginning of a body; `None` when it is no picture that is known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let picture = |format, (width, height)| Self { format, width, height };
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(picture("PNG", (be32(bytes, 16)?, be32(bytes, 20)?)));
        }
        if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            return Some(picture("GIF", (le16(bytes, 6)?, le16(bytes, 8)?)));
        }
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            return Some(picture("JPEG", jpeg(bytes)?));
        }
        if bytes.starts_with(b"BM") {
            let height = le32(bytes, 22)?.cast_signed().unsigned_abs();
            return Some(picture("BMP", (le32(bytes, 18)?, height)));
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
            return Some(picture("WebP", webp(bytes)?));
        }
        // The first of an icon's pictures; 0 stands for 256.
        if bytes.starts_with(b"\0\0\x01\0") && le16(bytes, 4)? > 0 {
            let side = |at| bytes.get(at).map(|b| if *b == 0 { 256 } else { u32::from(*b) });
            return Some(picture("ICO", (side(6)?, side(7)?)));
        }
        None
    }
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Walks the segments up to the frame header (ITU-T T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if bytes.get(at)? != &0xFF {
            return None;
        }
        match bytes.get(at + 1)? {
            0xC4 | 0xC8 | 0xCC => {}
            0xC0..=0xCF => return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?)),
            0xFF => {
                at += 1;
                continue;
            }
            _ => {}
        }
        at += 2 + be16(bytes, at + 2)? as usize;
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let le24 = |at: usize| Some(le32(bytes, at)? & 0x00FF_FFFF);
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(24)? + 1, le24(27).or_else(|| Some(le32(bytes, 26)? >> 8))? + 1)),
        b"VP8L" => {
            let bits = le32(bytes, 21)?;
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8 " => Some((le16(bytes, 26)? & 0x3FFF, le16(bytes, 28)? & 0x3FFF)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Picture;
    use proptest::prelude::*;

    #[test]
    fn sizes_stand_where_the_formats_put_them() {
        let size = |bytes: &[u8]| Picture::of(bytes).map(|p| (p.format, p.width, p.height));
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 1, 0, 0, 0, 0, 7]);
        assert_eq!(size(&png), Some(("PNG", 256, 7)));
        assert_eq!(size(b"GIF89a\x03\0\x04\0"), Some(("GIF", 3, 4)));
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08\0\x05\0\x09";
        assert_eq!(size(jpeg), Some(("JPEG", 9, 5)));
        assert_eq!(size(b"\0\0\x01\0\x01\0\0\x20"), Some(("ICO", 256, 32)));
        assert_eq!(size(b"\x89PNG\r\n"), None);
        assert_eq!(size(b"text"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(
            start in proptest::sample::select(vec![
                &b"\xFF\xD8\xFF"[..],
                b"RIFF0000WEBPVP8X",
                b"BM",
                b"GIF89a",
            ]),
            rest in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let _ = Picture::of(&[start, &rest].concat());
        }
    }
}
