//! The chunked transfer coding (RFC 9112 §7.1).

/// A chunked body's content.
pub(super) struct Dechunked {
    pub(super) bytes: Vec<u8>,
    /// Whether the last chunk, the empty one, was there.
    pub(super) complete: bool,
}

/// The content of a chunked body; `None` when the bytes do not start with a chunk.
pub(super) fn dechunk(coded: &[u8]) -> Option<Dechunked> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded;
    let mut first = true;
    loop {
        let Some((size, after)) = size_line(rest) else {
            // Bytes that are no chunk: never was chunked, or breaks off here.
            return (!first).then_some(Dechunked { bytes, complete: false });
        };
        if size == 0 {
            return Some(Dechunked { bytes, complete: true });
        }
        let Some((chunk, after)) = after.split_at_checked(size) else {
            bytes.extend_from_slice(after);
            return Some(Dechunked { bytes, complete: false });
        };
        bytes.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
        first = false;
    }
}

/// Reads `size [;extension] line-end`.
fn size_line(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let end = bytes.iter().take(4096).position(|byte| *byte == b'\n')?;
    let (line, after) = bytes.split_at_checked(end)?;
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let size = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    Some((size, after.strip_prefix(b"\n")?))
}

#[cfg(test)]
mod tests {
    use super::dechunk;

    fn text(coded: &str) -> Option<(String, bool)> {
        let content = dechunk(coded.as_bytes())?;
        Some((String::from_utf8(content.bytes).unwrap(), content.complete))
    }

    #[test]
    fn chunks_are_joined() {
        assert_eq!(
            text("3\r\nabc\r\nA ;x=y\r\n0123456789\r\n0\r\n\r\n"),
            Some(("abc0123456789".into(), true))
        );
        assert_eq!(text("3\nabc\n0\n\n"), Some(("abc".into(), true)));
        assert_eq!(text("0\r\n\r\n"), Some((String::new(), true)));
    }

    #[test]
    fn an_early_end_keeps_what_was_there() {
        assert_eq!(text("5\r\nab"), Some(("ab".into(), false)));
        assert_eq!(text("2\r\nab\r\n"), Some(("ab".into(), false)));
        assert_eq!(text("ffffffffffffffff\r\nab"), Some(("ab".into(), false)));
    }

    #[test]
    fn what_never_was_chunked_is_told_apart() {
        assert_eq!(text("{\"result\":\"ok\"}"), None);
        assert_eq!(text("deadline\nabc"), None);
        assert_eq!(text(""), None);
    }
}
