//! Texts whose kind only their look tells, and prose.

use base64::Engine as _;

use super::detector::Detector;
use super::encodings::{self, Packed};
use super::kind::SecretKind;
use super::ledger::{Ledger, Spot};
use super::markup::{self, Tag};
use super::secrets::{self, When};
use super::xml::{self, About};
use super::{address, header, html, json, people, script, token};

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
        return through(text, ledger, &[html::controls, as_xml]);
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

fn as_xml(text: &str, ledger: &mut Ledger) -> Option<String> {
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
    through(
        text,
        ledger,
        &[script::document, header_lines, elements, words, base64_runs, token::redacted],
    )
}

/// Program text and style sheets: as prose, without assignments, which are code there.
pub(super) fn program(text: &str, ledger: &mut Ledger) -> Option<String> {
    through(text, ledger, &[script::program, header_lines, elements, addresses, token::redacted])
}

/// Fields of a message's head, wherever somebody put them: in lines of their own, and in a sentence.
fn header_lines(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !text.contains(':') || !ledger.uses(Detector::HeaderLine) {
        return None;
    }
    let mut clean = String::new();
    let mut copied = 0;
    for (colon, _) in text.match_indices(':') {
        let Some(before) = text.get(copied..colon) else { continue };
        let before = before.trim_end();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+');
        let name = before.rsplit(|c| !is_name(c)).next().unwrap_or_default();
        if !header::is_known(name) {
            continue;
        }
        let ahead = before.strip_suffix(name)?.rsplit(['\n', '\r']).next().unwrap_or_default();
        let is_line = ahead.trim().is_empty();
        let rest = text.get(colon + 1..)?;
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let line = if is_line { line } else { line.split(['"', '\'', '`', '<']).next()? };
        let value = line.trim();
        if let Some(new) = header::quoted(name, value, is_line, ledger) {
            let start = colon + 1 + line.find(value)?;
            clean.push_str(text.get(copied..start)?);
            clean.push_str(&new);
            copied = start + value.len();
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(text.get(copied..)?);
    Some(clean)
}

/// Elements for secrets in a text that is no XML document: in a sentence, in a page, behind something unreadable.
pub(super) fn elements(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !text.contains("</") || !ledger.uses(Detector::Element) {
        return None;
    }
    let mut clean = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('<') {
        let Some(inside) = text.get(at + 1..).filter(|_| at >= copied) else { continue };
        let ends = |c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<' | '\\');
        let name = inside.split(ends).next().unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or_default();
        let kind = secrets::element(local);
        if kind.is_none() && !people::is_user_field(local) {
            continue;
        }
        let Some(tag) = text.get(at..).and_then(Tag::parse) else { continue };
        let rest = text.get(at + tag.length..)?;
        let Some(value) = rest.split_once(&format!("</{name}")).map(|(value, _)| value.trim())
        else {
            continue;
        };
        if value.is_empty() {
            continue;
        }
        let start = at + tag.length + rest.find(value)?;
        clean.push_str(text.get(copied..start)?);
        let plain = markup::unescaped(value);
        clean.push_str(&match kind {
            Some(kind) => ledger.hide_token(kind, &plain),
            None => ledger.name_field(local, &plain).unwrap_or_else(|| value.to_owned()),
        });
        copied = start + value.len();
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(text.get(copied..)?);
    Some(clean)
}

/// What the word before says about a word.
#[derive(Debug, Default)]
enum Ahead {
    #[default]
    Nothing,
    /// The name of a field, which a colon may follow: `Password`.
    Name(String),
    /// A label with its colon: `Password:`.
    Label(String),
    /// A label with a dash, behind which a sentence may go on: `Password - `.
    Dash,
    /// An option for a name and a password: `curl -u`.
    Login,
    /// PowerShell's way to write a password.
    SecureString,
}

impl Ahead {
    /// What a word says about the next.
    fn of(word: &str, before: Self) -> Self {
        let is_password =
            |name: &str| secrets::field(name).is_some_and(|(kind, _)| kind == SecretKind::Password);
        match (before, word) {
            (Self::Name(name), ":" | "=" | "->") => Self::Label(name),
            (Self::Name(_), "-" | "–") => Self::Dash,
            (Self::SecureString, word) if word.starts_with('-') => Self::SecureString,
            (_, "-u" | "--user" | "--proxy-user") => Self::Login,
            (_, word)
                if word.trim_start_matches('(').eq_ignore_ascii_case("ConvertTo-SecureString") =>
            {
                Self::SecureString
            }
            (_, word) => match word.strip_suffix(':') {
                Some(name) if is_label(name) => Self::Label(name.to_owned()),
                None if is_password(word) => Self::Name(word.to_owned()),
                _ => Self::Nothing,
            },
        }
    }
}

/// Whether a colon behind a name announces a secret. Fields of a message's head are looked for by themselves.
fn is_label(name: &str) -> bool {
    !header::is_known(name)
        && secrets::field(name).is_some_and(|(kind, when)| {
            when == When::Always || (when == When::Likely && kind == SecretKind::Password)
        })
}

fn words(text: &str, ledger: &mut Ledger) -> Option<String> {
    let mut ahead = Ahead::Nothing;
    each_word(text, |word| {
        let before = std::mem::take(&mut ahead);
        let named = match &before {
            Ahead::Label(name) => match secrets::field(name) {
                Some((SecretKind::Password, _)) => {
                    Some(ledger.hide_word(SecretKind::Password, word))
                }
                _ => ledger.field(name, word, Spot::Document),
            },
            Ahead::Dash if word.chars().any(|c| !c.is_lowercase()) && word.len() >= 6 => {
                Some(ledger.hide_word(SecretKind::Password, word))
            }
            Ahead::Login => word.split_once(':').map(|(user, password)| {
                let user = ledger.user(user);
                format!("{user}:{}", ledger.hide(SecretKind::Password, password))
            }),
            Ahead::SecureString if !word.starts_with('-') => {
                Some(ledger.hide_word(SecretKind::Password, word))
            }
            _ => None,
        };
        if !ledger.uses(Detector::Word) {
            return None;
        }
        ahead = Ahead::of(word, before);
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

/// Text in base64, wherever a run of it stands; what cannot be written again is masked as a whole.
fn base64_runs(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Base64) {
        return None;
    }
    let mut clean = String::new();
    let mut copied = 0;
    for (at, run) in encodings::base64_runs(text) {
        let new = match encodings::packed(run) {
            Some(Packed::Text(plain)) => {
                value(&plain, ledger).map(|clean| encodings::base64_engine(run).encode(clean))
            }
            Some(Packed::Wide(plain)) => value(&plain, ledger)
                .map(|clean| encodings::base64_engine(run).encode(encodings::utf16(&clean))),
            Some(Packed::Compressed(plain)) => {
                value(&plain, ledger).map(|_| ledger.hide(SecretKind::OtherCredential, run))
            }
            None => None,
        };
        if let Some(new) = new {
            clean.push_str(text.get(copied..at)?);
            clean.push_str(&new);
            copied = at + run.len();
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(text.get(copied..)?);
    Some(clean)
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
    if !text.contains([':', '=', '?', '#', '-']) {
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
    use std::io::Write as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

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
    fn credentials_in_a_sentence_go_and_the_sentence_stays() {
        for (text, expected) in [
            (
                "sent Authorization: Bearer EwBwA8l6BAAUs7 and got 401",
                "sent Authorization: Bearer (redacted-1) and got 401",
            ),
            ("sent Authorization: Basic YW5uYTpab3Jn!", "sent Authorization: Basic (redacted)"),
            (
                "curl -H 'Cookie: cadata=abcdef0123' -u anna:Passw0rd! x",
                "curl -H 'Cookie: cadata=(redacted-1)' -u anna:(redacted) x",
            ),
            ("Testkonto anna, PW: Geheimnis", "Testkonto anna, PW: (redacted)"),
            ("Passwort - ZorgWald", "Passwort - (redacted)"),
            (
                "ConvertTo-SecureString 'ZorgWald' -AsPlainText",
                "ConvertTo-SecureString '(redacted)' -AsPlainText",
            ),
            (
                "rejected: <o:UsernameToken><o:Password>ZorgWald</o:Password>",
                "rejected: <o:UsernameToken><o:Password>(redacted)</o:Password>",
            ),
        ] {
            assert_eq!(prose(text, &mut Ledger::new(None)).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn base64_in_a_sentence_is_looked_into() {
        let secret = r#"{"refresh_token":"Sample-Passw0rd"}"#;
        let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(secret.as_bytes()).unwrap();
        let packed = gzip.finish().unwrap();
        for bytes in [secret.as_bytes(), &wide, &packed] {
            let text = format!("data:application/json;base64,{}", STANDARD.encode(bytes));
            let clean = prose(&text, &mut Ledger::new(None)).unwrap_or_default();
            assert!(!clean.is_empty() && !clean.contains(&STANDARD.encode(bytes)), "{clean}");
        }
    }

    #[test]
    fn plain_prose_stays() {
        for text in [
            "AADSTS50173: The provided grant has expired. Trace ID: 1f2e error_codes=50173",
            "why is Authorization: Bearer empty?",
            "Authorization: Bearer",
            "the password - as always - was right",
            "AADSTS50126: Invalid user name or password.",
        ] {
            assert_eq!(prose(text, &mut Ledger::new(None)), None, "{text}");
        }
    }
}
