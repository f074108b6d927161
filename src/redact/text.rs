//! Texts whose kind only their look tells, and prose.

use base64::Engine as _;

use super::detector::Detector;
use super::encodings;
use super::ledger::{Ledger, Spot};
use super::secrets::{self, When};
use super::xml::{self, About};
use super::{address, header, html, json, script, token};

/// Values inside values are followed this deep; nobody nests deeper.
const DEEPEST: u8 = 12;

/// A way to redact a text; `None` when there is nothing to redact.
type Step = fn(&str, &mut Ledger) -> Option<String>;

/// Runs steps one after the other over a text.
pub(super) fn through(text: &str, ledger: &mut Ledger, steps: &[Step]) -> Option<String> {
    let mut clean: Option<String> = None;
    for step in steps {
        let next = step(clean.as_deref().unwrap_or(text), ledger);
        clean = next.or(clean);
    }
    clean.filter(|clean| clean != text)
}

/// A value of a header, parameter or JSON string.
pub(super) fn value(text: &str, ledger: &mut Ledger) -> Option<String> {
    if ledger.depth >= DEEPEST {
        return token::redacted(text, ledger);
    }
    ledger.depth += 1;
    let clean = shallow(text, ledger);
    ledger.depth -= 1;
    clean
}

fn shallow(text: &str, ledger: &mut Ledger) -> Option<String> {
    if let Some(clean) = json::redacted(text, ledger) {
        return Some(clean);
    }
    if is_markup(text) {
        return through(text, ledger, &[html::controls, markup]);
    }
    if address::is_address(text) && ledger.uses(Detector::Address) {
        return address::redacted(text, ledger);
    }
    prose(text, ledger)
}

/// Whether a text begins with a tag. `<https://mail.contoso.com/>` is an address.
fn is_markup(text: &str) -> bool {
    let Some(inside) = text.trim_start().strip_prefix('<') else { return false };
    let name = inside.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next();
    inside.contains('>')
        && inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?' | '/'))
        && !name.is_some_and(|name| name.ends_with(':'))
}

fn markup(text: &str, ledger: &mut Ledger) -> Option<String> {
    xml::redacted(text, About::Anything, ledger)
}

/// A text that is base64 of a text, and nothing else.
pub(super) fn base64(text: &str, ledger: &mut Ledger) -> Option<String> {
    let plain = encodings::base64_text(text).filter(|_| ledger.uses(Detector::Base64))?;
    let clean = value(&plain, ledger)?;
    Some(encodings::base64_engine(text).encode(clean))
}

/// Free text: quoted fields, addresses, `password=…` and tokens in it.
pub(super) fn prose(text: &str, ledger: &mut Ledger) -> Option<String> {
    through(text, ledger, &[script::document, header_lines, words, base64, token::redacted])
}

/// Program text and style sheets: as prose, without assignments, which are code there.
pub(super) fn program(text: &str, ledger: &mut Ledger) -> Option<String> {
    through(text, ledger, &[script::program, addresses, token::redacted])
}

/// Lines of a message's head, wherever somebody put them.
fn header_lines(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !text.contains(':') || !ledger.uses(Detector::HeaderLine) {
        return None;
    }
    let mut changed = false;
    let clean = text
        .split_inclusive('\n')
        .map(|line| {
            let new = line.split_once(':').and_then(|(name, rest)| {
                let value = Some(rest.trim()).filter(|_| header::is_known(name.trim()))?;
                let clean = header::value(name.trim(), value, ledger)?;
                Some(format!("{name}:{}", rest.replacen(value, &clean, 1)))
            });
            changed |= new.is_some();
            new.unwrap_or_else(|| line.to_owned())
        })
        .collect();
    changed.then_some(clean)
}

fn words(text: &str, ledger: &mut Ledger) -> Option<String> {
    let mut label: Option<String> = None;
    each_word(text, |word| {
        // `Password: …`
        let named = label.take().and_then(|name| ledger.field(&name, word, Spot::Document));
        if !ledger.uses(Detector::Word) {
            return None;
        }
        label = word
            .strip_suffix(':')
            .filter(|name| secrets::field(name).is_some_and(|(_, when)| when == When::Always))
            .map(str::to_owned);
        named.or_else(|| {
            if address::is_address(word) {
                ledger.uses(Detector::Address).then(|| address::redacted(word, ledger)).flatten()
            } else if word.contains('=') {
                address::parameters(word, ledger, Spot::Document)
            } else {
                None
            }
        })
    })
}

fn addresses(text: &str, ledger: &mut Ledger) -> Option<String> {
    each_word(text, |word| {
        // `n?a=b:c` is code.
        let is_address = (word.contains("://") || word.starts_with(['/', '?', '#']))
            && address::is_address(word)
            && ledger.uses(Detector::Address);
        is_address.then(|| address::redacted(word, ledger)).flatten()
    })
}

/// Replaces words, which end at a blank, a quotation mark or an angle bracket.
fn each_word(text: &str, mut replace: impl FnMut(&str) -> Option<String>) -> Option<String> {
    if !text.contains([':', '=', '?', '#']) {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '`');
    let mut clean = String::new();
    let mut changed = false;
    for piece in text.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends).trim_end_matches('\\');
        match (!word.is_empty()).then(|| replace(word)).flatten() {
            Some(new) => {
                changed = true;
                clean.push_str(&new);
            }
            None => clean.push_str(word),
        }
        clean.push_str(piece.strip_prefix(word).unwrap_or_default());
    }
    changed.then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::prose;
    use crate::redact::ledger::Ledger;

    #[test]
    fn prose_loses_passwords_and_codes() {
        for text in [
            "run with password=Sample-Passw0rd now",
            "Password: Sample-Passw0rd",
            "opened https://mail.contoso.com/owa?code=Sample-Passw0rd twice",
            r#"tail of {"a":{"password":"Sample-Passw0rd"#,
            r#"{"x":"{\"refresh_token\":\"Sample-Passw0rd\"}" cut"#,
        ] {
            let clean = prose(text, &mut Ledger::new(None)).unwrap_or_default();
            assert!(!clean.is_empty() && !clean.contains("Passw0rd"), "{text} -> {clean}");
        }
    }

    #[test]
    fn plain_prose_stays() {
        let text = "AADSTS50173: The provided grant has expired. Trace ID: 1f2e error_codes=50173";
        assert_eq!(prose(text, &mut Ledger::new(None)), None);
    }
}
