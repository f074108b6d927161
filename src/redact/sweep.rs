//! The second pass: what the walk found where it lives is replaced wherever else it stands, in every spelling, also inside
//! base64.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;

use super::detector::Detector;
use super::encodings::{self, Escapes, Spelling};
use super::ledger::{Hidden, MASK};
use super::memo::{self, Memo, SharedMemo};
use super::needles::Needles;
use super::pseudonym::Pseudonym;
use super::texts::Text;
use crate::cores;

/// Longest value, in bytes, that is looked for in base64 of UTF-16 as well: passwords and names stand in blobs of Windows,
/// tokens and cookies do not.
const LONGEST_WIDE: usize = 32;
/// Shortest run of base64 characters that is decoded.
const SHORTEST_RUN: usize = 8;
/// Base64 inside base64: nobody nests deeper.
const DEEPEST: u8 = 3;

/// A set of values and their masks.
#[derive(Clone)]
pub(super) struct Sweep {
    values: Arc<Values>,
    without: Option<Detector>,
}

impl fmt::Debug for Sweep {
    /// Shows no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sweep").field("secrets", &self.values.masks.len()).finish_non_exhaustive()
    }
}

/// A sweep by one thread, which remembers what came out for texts: tokens stand in thousands of sessions.
pub(super) struct Sweeper<'a> {
    sweep: &'a Sweep,
    texts: RefCell<Memo<Option<String>>>,
    shared: RefCell<SharedMemo<Option<Arc<str>>>>,
}

impl<'a> Sweeper<'a> {
    pub(super) fn new(sweep: &'a Sweep) -> Self {
        Self { sweep, texts: RefCell::default(), shared: RefCell::default() }
    }

    /// The text without the values; `None` when it holds none.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        if !memo::is_worth_it(text) {
            return self.sweep.text(text);
        }
        if let Some(known) = self.texts.borrow().get(text) {
            return known.clone();
        }
        let clean = self.sweep.text(text);
        self.texts.borrow_mut().put(text, clean.clone());
        clean
    }

    /// The same for a text whose memory others may share; what comes out is shared as well.
    pub(super) fn shared(&self, text: &Arc<str>) -> Option<Arc<str>> {
        if !memo::is_shared(text) {
            return self.sweep.text(text).map(Arc::from);
        }
        if let Some(known) = self.shared.borrow().get(text, text) {
            return known.clone();
        }
        let clean: Option<Arc<str>> = self.sweep.text(text).map(Arc::from);
        self.shared.borrow_mut().put(text, text, clean.clone());
        clean
    }

    /// Whether a text holds any of the values.
    pub(super) fn finds_in(&self, text: Text<'_>) -> bool {
        match text {
            Text::Own(text) => self.text(text).is_some(),
            Text::Shared(text) => self.shared(text).is_some(),
        }
    }
}

/// What is replaced, and what by.
struct Values {
    secrets: Needles,
    /// By secret as given: which mask, and how the secret was spelt.
    spelt: Vec<(usize, Spelling)>,
    masks: Vec<String>,
    /// Base64 of the values, for runs that are not base64 of a text.
    pieces: Needles,
    names: Option<AhoCorasick>,
    name_masks: Vec<(String, bool)>,
}

impl Sweep {
    /// Prepares the replacement. Building fails only beyond the automaton's limits, some billions of bytes of names.
    pub(super) fn new(
        secrets: &[Hidden],
        names: &[Pseudonym],
    ) -> Result<Self, aho_corasick::BuildError> {
        let spellings = || {
            let spellings = secrets.iter().enumerate().flat_map(|(at, secret)| {
                let spellings = encodings::spellings(secret.value.reveal());
                spellings.into_iter().map(move |(spelt, spelling)| (spelt, (at, spelling)))
            });
            let mut spelt = Vec::new();
            let texts = spellings.map(|(text, how)| {
                spelt.push(how);
                text
            });
            (Needles::new(texts), spelt)
        };
        let (name_patterns, name_masks): (Vec<_>, Vec<_>) = names
            .iter()
            .flat_map(|p| {
                encodings::spellings(&p.name)
                    .into_iter()
                    .map(|(name, spelling)| (name, (spelling.of(&p.mask), p.whole_word)))
            })
            .unzip();
        let exact = names.iter().filter(|p| !p.whole_word).map(|p| p.name.as_str());
        let pieces = secrets.iter().map(|h| h.value.reveal()).chain(exact).flat_map(|value| {
            let mut pieces = encodings::base64_pieces(value.as_bytes());
            if value.len() <= LONGEST_WIDE {
                pieces.extend(encodings::base64_pieces(&encodings::utf16(value)));
            }
            pieces
        });
        let ((secrets_spelt, spelt), pieces) = cores::both(spellings, || Needles::new(pieces));
        let values = Values {
            secrets: secrets_spelt,
            spelt,
            masks: secrets.iter().map(|h| h.mask.clone()).collect(),
            pieces,
            names: automaton(&name_patterns)?,
            name_masks,
        };
        Ok(Self { values: Arc::new(values), without: None })
    }

    /// The secrets in every spelling.
    pub(super) fn secrets(&self) -> &Needles {
        &self.values.secrets
    }

    /// What of the base64 of secrets and names does not depend on its neighbours.
    pub(super) fn pieces(&self) -> &Needles {
        &self.values.pieces
    }

    /// Leaves one detector out: for tests that show that it is needed.
    pub(super) fn without(self, without: Option<Detector>) -> Self {
        Self { without, ..self }
    }

    fn uses(&self, detector: Detector) -> bool {
        self.without != Some(detector)
    }

    /// The text without the values; `None` when it holds none.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        self.text_at(text, 0)
    }

    fn text_at(&self, text: &str, depth: u8) -> Option<String> {
        let mut clean: Option<String> = None;
        let passes = [Self::plain_secrets, Self::plain_names];
        for pass in passes.into_iter().filter(|_| self.uses(Detector::Elsewhere)) {
            clean = pass(self, clean.as_deref().unwrap_or(text)).or(clean);
        }
        if depth < DEEPEST {
            if self.uses(Detector::ElsewhereEscaped) {
                clean = self.escaped(clean.as_deref().unwrap_or(text), depth).or(clean);
            }
            if self.uses(Detector::ElsewhereBase64) {
                clean = self.base64(clean.as_deref().unwrap_or(text), depth).or(clean);
            }
        }
        clean
    }

    fn plain_secrets(&self, text: &str) -> Option<String> {
        let values = &self.values;
        values.secrets.replace(text, |given| {
            let how = values.spelt.get(given);
            let mask = how.and_then(|(at, spelling)| Some(spelling.of(values.masks.get(*at)?)));
            mask.unwrap_or_else(|| MASK.to_owned())
        })
    }

    fn plain_names(&self, text: &str) -> Option<String> {
        let automaton = self.values.names.as_ref().filter(|automaton| automaton.is_match(text))?;
        let mut clean = String::with_capacity(text.len());
        automaton.replace_all_with(text, &mut clean, |found, matched, out| {
            let (mask, whole_word) = self
                .values
                .name_masks
                .get(found.pattern().as_usize())
                .map_or((MASK, false), |(m, w)| (m.as_str(), *w));
            let stands_alone = !whole_word || is_alone(text, found.start(), found.end());
            out.push_str(if stands_alone { mask } else { matched });
            true
        });
        (clean != text).then_some(clean)
    }

    /// Undoes escapes that no writer had to make, replaces inside, and escapes again.
    fn escaped(&self, text: &str, depth: u8) -> Option<String> {
        let mut clean: Option<String> = None;
        for Escapes { mark, ends, decode, encode } in encodings::ESCAPES {
            let text = clean.as_deref().unwrap_or(text);
            if !text.contains(mark) {
                continue;
            }
            let mut changed = false;
            let next: String = text
                .split_inclusive(ends)
                .map(|piece| {
                    let word = piece.trim_end_matches(ends);
                    let plain = word.contains(mark).then(|| decode(word)).flatten();
                    match plain.and_then(|plain| self.text_at(&plain, depth + 1)) {
                        Some(new) => {
                            changed = true;
                            format!(
                                "{}{}",
                                encode(&new),
                                piece.strip_prefix(word).unwrap_or_default()
                            )
                        }
                        None => piece.to_owned(),
                    }
                })
                .collect();
            clean = changed.then_some(next).or(clean);
        }
        clean
    }

    /// Decodes every run of base64, replaces inside, encodes again.
    fn base64(&self, text: &str, depth: u8) -> Option<String> {
        let is_base64 =
            |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=');
        // One look at the whole text tells whether any run holds a value out of line.
        let has_pieces = self.is_hit(text);
        let bytes = text.as_bytes();
        let mut clean = String::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(start) = bytes.get(at..)?.iter().position(|b| is_base64(*b)) {
            let start = at + start;
            let rest = bytes.get(start..)?;
            let length = rest.iter().position(|b| !is_base64(*b)).unwrap_or(rest.len());
            at = start + length;
            if length >= SHORTEST_RUN
                && let Some(new) = self.base64_run(text.get(start..at)?, depth, has_pieces)
            {
                clean.push_str(text.get(copied..start)?);
                clean.push_str(&new);
                copied = at;
            }
        }
        if copied == 0 {
            return None;
        }
        clean.push_str(text.get(copied..)?);
        Some(clean)
    }

    fn base64_run(&self, run: &str, depth: u8, has_pieces: bool) -> Option<String> {
        // A `/` or `=` before a value is as often a separator as a part of it.
        let clean = self.base64_text(run, depth).or_else(|| self.base64_parts(run, depth));
        let is_hit = has_pieces && self.is_hit(clean.as_deref().unwrap_or(run));
        if is_hit { Some(MASK.to_owned()) } else { clean }
    }

    fn base64_parts(&self, run: &str, depth: u8) -> Option<String> {
        if !run.trim_end_matches('=').contains(['/', '=']) {
            return None;
        }
        let mut changed = false;
        let clean: String = run
            .split_inclusive(['/', '='])
            .map(|piece| {
                let part = piece.trim_end_matches(['/', '=']);
                let new =
                    (part.len() >= SHORTEST_RUN).then(|| self.base64_text(part, depth)).flatten();
                changed |= new.is_some();
                new.map_or_else(
                    || piece.to_owned(),
                    |new| format!("{new}{}", piece.strip_prefix(part).unwrap_or_default()),
                )
            })
            .collect();
        changed.then_some(clean)
    }

    /// Whether a run that is not base64 of a text holds a value all the same.
    fn is_hit(&self, run: &str) -> bool {
        self.values.pieces.find(run.as_bytes(), 0).is_some()
    }

    /// Replaces inside a run that is base64 of a text.
    fn base64_text(&self, run: &str, depth: u8) -> Option<String> {
        if !encodings::begins_like_text(run) {
            return None;
        }
        let engine = encodings::base64_engine(run);
        let bytes = engine.decode(run).ok()?;
        if let Some(wide) = encodings::from_utf16(&bytes) {
            let clean = self.text_at(&wide, depth + 1)?;
            return Some(engine.encode(encodings::utf16(&clean)));
        }
        let clean = self.text_at(std::str::from_utf8(&bytes).ok()?, depth + 1)?;
        Some(engine.encode(clean))
    }
}

/// Finds names, which have no case.
fn automaton(names: &[String]) -> Result<Option<AhoCorasick>, aho_corasick::BuildError> {
    if names.is_empty() {
        return Ok(None);
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(names)
        .map(Some)
}

/// Whether no letter or digit touches the range, and no further part of an IP address.
fn is_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let mut after = text.get(end..).unwrap_or_default().chars();
    let next = after.next();
    let touches = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // `%20EX01` and `\nEX01`: an escape before a name is no part of it.
    let escape = text.get(..start).is_some_and(|head| {
        let tail: Vec<char> = head.chars().rev().take(3).collect();
        matches!(tail.as_slice(), [a, b, '%'] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
            || matches!(tail.as_slice(), ['n' | 'r' | 't', '\\', ..])
    });
    let continues = next == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit());
    (escape || !touches(before)) && !touches(next) && !continues
}

#[cfg(test)]
mod tests {
    use super::Sweep;
    use crate::http::Secret;
    use crate::redact::ledger::Hidden;
    use crate::redact::pseudonym::Pseudonym;
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    fn sweep() -> Sweep {
        let name = |name: &str, mask: &str, whole_word| Pseudonym {
            name: name.into(),
            mask: mask.into(),
            whole_word,
        };
        Sweep::new(
            &[Hidden { value: Secret::new("Sample+Passw0rd&1"), mask: "(redacted)".into() }],
            &[
                name("contoso.com", "domain1.example", false),
                name("mail.contoso.com", "mail.domain1.example", false),
                name("anna@contoso.com", "user1@domain1.example", false),
                name("ex01", "server1", true),
                name("203.0.113.7", "198.18.0.1", true),
            ],
        )
        .unwrap()
    }

    #[test]
    fn values_go_in_every_spelling() {
        for (text, expected) in [
            ("x Sample+Passw0rd&1 y", "x (redacted) y"),
            ("p=Sample%2BPassw0rd%261&b", "p=%28redacted%29&b"),
            ("<a>Sample+Passw0rd&amp;1</a>", "<a>(redacted)</a>"),
            ("https://Mail.Contoso.COM/x", "https://mail.domain1.example/x"),
            ("x=(%2550)&y=S%61mple%2bP%61ssw0rd%261", "x=(%2550)&y=%28redacted%29"),
            ("login_hint=anna%40contoso.com", "login_hint=user1%40domain1.example"),
            ("EX01, FLEX01, \\nEX01", "server1, FLEX01, \\nserver1"),
            ("203.0.113.7 1203.0.113.7 203.0.113.7.", "198.18.0.1 1203.0.113.7 198.18.0.1."),
        ] {
            assert_eq!(sweep().text(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(sweep().text("nothing here"), None);
    }

    #[test]
    fn values_inside_base64_go_and_the_rest_of_it_stays() {
        let inner = r#"{"user":"anna@contoso.com","x":"Sample+Passw0rd&1"}"#;
        let expected = r#"{"user":"user1@domain1.example","x":"(redacted)"}"#;
        let text = format!("ctx/{} end", URL_SAFE_NO_PAD.encode(inner));
        assert_eq!(
            sweep().text(&text).unwrap(),
            format!("ctx/{} end", URL_SAFE_NO_PAD.encode(expected))
        );
        let padded = |inner: &str| STANDARD.encode(STANDARD.encode(format!("{inner} ")) + " ");
        assert_eq!(
            sweep().text(&padded(inner)).unwrap().trim_end_matches('='),
            padded(expected).trim_end_matches('=')
        );
    }

    #[test]
    fn values_in_blobs_of_windows_go() {
        let blob = [b"\x01\x00\x05\xFF".as_slice(), &super::encodings::utf16("Sample+Passw0rd&1")]
            .concat();
        let clean = sweep().text(&format!("X {} x", STANDARD.encode(&blob))).unwrap_or_default();
        assert!(clean.starts_with("X ") && !clean.contains(&STANDARD.encode(&blob)), "{clean}");
    }
}
