//! Finds the entries of a HAR file without parsing the whole: walks the outermost objects and knows where each entry
//! begins and ends.

use crate::import::ImportError;

/// What a walk found besides entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan<'a> {
    /// Whether this is a HAR file: an object `log`, or a bare list of entries.
    pub(super) found_log: bool,
    /// Whether every bracket up to the end of `log` was closed.
    pub(super) complete: bool,
    /// Whether an entry had begun where the file breaks off.
    pub(super) cut_entry: bool,
    /// JSON of `log.creator`.
    pub(super) creator: Option<&'a [u8]>,
    /// JSON of `log.browser`.
    pub(super) browser: Option<&'a [u8]>,
}

/// Walks a file, handing over the JSON of each complete entry with the offset of its end.
pub(super) fn walk<'a>(
    json: &'a [u8],
    entry: impl FnMut(&'a [u8], usize) -> Result<(), ImportError>,
) -> Result<Scan<'a>, ImportError> {
    let mut walker = Walker { json, at: 0, scan: Scan::default(), entry };
    walker.blanks();
    let complete = match walker.peek() {
        Some(b'[') => {
            walker.scan.found_log = walker.bare_list();
            if walker.scan.found_log { walker.entries()? } else { None }
        }
        _ => walker.top()?,
    };
    walker.scan.complete = complete.is_some();
    Ok(walker.scan)
}

struct Walker<'a, F> {
    json: &'a [u8],
    at: usize,
    scan: Scan<'a>,
    entry: F,
}

/// `Ok(None)` in these methods means that the file breaks off (or is garbled) here.
type Walk = Result<Option<()>, ImportError>;

impl<'a, F: FnMut(&'a [u8], usize) -> Result<(), ImportError>> Walker<'a, F> {
    /// The outermost object: `log`, or the content of `log` itself.
    fn top(&mut self) -> Walk {
        self.members(|walker, key| {
            if key == b"log" && walker.peek() == Some(b'{') {
                walker.scan.found_log = true;
                Some(walker.log())
            } else if key == b"entries" && walker.peek() == Some(b'[') {
                walker.scan.found_log = true;
                Some(walker.entries())
            } else {
                None
            }
        })
    }

    fn log(&mut self) -> Walk {
        self.members(|walker, key| {
            let slot = match key {
                b"entries" if walker.peek() == Some(b'[') => return Some(walker.entries()),
                b"creator" => &mut walker.scan.creator,
                b"browser" => &mut walker.scan.browser,
                _ => return None,
            };
            let start = walker.at;
            let end = skip_value(walker.json, start)?;
            *slot = walker.json.get(start..end);
            walker.at = end;
            Some(Ok(Some(())))
        })
    }

    /// Walks an object. `member` reads a member's value and answers `Some`, or leaves it to be skipped.
    fn members(&mut self, mut member: impl FnMut(&mut Self, &[u8]) -> Option<Walk>) -> Walk {
        if !self.eat(b'{') {
            return Ok(None);
        }
        loop {
            self.blanks();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Some(()));
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                Some(b'"') => {}
                _ => return Ok(None),
            }
            let Some(end) = skip_string(self.json, self.at) else { return Ok(None) };
            let key = self.json.get(self.at + 1..end.saturating_sub(1)).unwrap_or_default();
            self.at = end;
            self.blanks();
            if !self.eat(b':') {
                return Ok(None);
            }
            self.blanks();
            match member(self, key) {
                Some(walked) => {
                    if walked?.is_none() {
                        return Ok(None);
                    }
                }
                None => match skip_value(self.json, self.at) {
                    Some(end) => self.at = end,
                    None => return Ok(None),
                },
            }
        }
    }

    /// Walks the list of entries.
    fn entries(&mut self) -> Walk {
        if !self.eat(b'[') {
            return Ok(None);
        }
        loop {
            self.blanks();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    return Ok(Some(()));
                }
                Some(b',') => self.at += 1,
                Some(_) => {
                    let start = self.at;
                    let Some(end) = skip_value(self.json, start) else {
                        self.scan.cut_entry = true;
                        return Ok(None);
                    };
                    self.at = end;
                    (self.entry)(self.json.get(start..end).unwrap_or_default(), end)?;
                }
                None => return Ok(None),
            }
        }
    }

    /// Whether the outermost list looks like one of entries: its first element is an object with a request.
    fn bare_list(&self) -> bool {
        let Some(rest) = self.json.get(self.at + 1..) else { return false };
        let rest = rest.trim_ascii_start();
        let end = skip_value(rest, 0).unwrap_or(rest.len());
        let first = rest.get(..end).unwrap_or_default();
        first.starts_with(b"{") && first.windows(9).any(|window| window == b"\"request\"")
    }

    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }
}

/// The end of the value that starts here; `None` when the file ends before it does, or no value starts here.
fn skip_value(json: &[u8], start: usize) -> Option<usize> {
    match json.get(start)? {
        b'"' => skip_string(json, start),
        b'{' | b'[' => skip_nested(json, start),
        _ => {
            let rest = json.get(start..)?;
            let length = rest.iter().position(|byte| {
                matches!(byte, b',' | b']' | b'}' | b':') || byte.is_ascii_whitespace()
            })?;
            (length > 0).then_some(start + length)
        }
    }
}

fn skip_nested(json: &[u8], start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    loop {
        let rest = json.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))?;
        match json.get(at)? {
            b'"' => {
                at = skip_string(json, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            _ => depth -= 1,
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

fn skip_string(json: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = json.get(at..)?;
        at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if json.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{Scan, walk};
    use proptest::prelude::*;

    fn entries(json: &str) -> (Vec<&str>, Scan<'_>) {
        let mut found = Vec::new();
        let scan = walk(json.as_bytes(), |entry, _| {
            found.push(std::str::from_utf8(entry).unwrap());
            Ok(())
        });
        (found, scan.unwrap())
    }

    #[test]
    fn entries_are_found_wherever_they_stand() {
        for json in [
            r#"{"log":{"entries":[{"request":"]}\"{"},{"b":[1,{}]}],"creator":{"name":"x"}}}"#,
            r#" {"x":[{}],"log":{"creator":{"name":"x"},"y":null,"entries":[{"request":"]}\"{"} , {"b":[1,{}]}]}}"#,
            r#"{"entries":[{"request":"]}\"{"},{"b":[1,{}]}]}"#,
            r#"[{"request":"]}\"{"},{"b":[1,{}]}]"#,
        ] {
            let (found, scan) = entries(json);
            assert_eq!(found, [r#"{"request":"]}\"{"}"#, r#"{"b":[1,{}]}"#], "{json}");
            assert!(scan.found_log && scan.complete && !scan.cut_entry, "{json}");
        }
        assert_eq!(
            entries(r#"{"log":{"creator":{"name":"x"}}}"#).1.creator,
            Some(&br#"{"name":"x"}"#[..])
        );
    }

    #[test]
    fn entries_elsewhere_do_not_count() {
        for json in [r#"{"a":{"log":{"entries":[{}]}}}"#, "[]", "[1,2]", r#"{"log":[{}]}"#, "{}"] {
            let (found, scan) = entries(json);
            assert!(found.is_empty() && !scan.found_log, "{json}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_walked_without_panic(text in r#"[\{\}\[\]":,\\ a1]{0,80}"#) {
            let _ = entries(&text);
            let _ = entries(&format!("{{\"log\":{{\"entries\":[{text}"));
        }
    }
}
