//! `"name":"value"` and `name = "value"` pairs in text that is not whole JSON: scripts in pages (`$Config`), JSON that was
//! cut off, JSON inside JSON strings.

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, Spot};
use super::{address, header, people, secrets, text};

/// Longest name looked for, in bytes.
const LONGEST_NAME: usize = 64;
/// Longest string with escapes that is read as a text of its own, in bytes.
const LONGEST_NESTED: usize = 64 * 1024;
/// Longest value looked for, in characters.
const LONGEST_VALUE: usize = 128 * 1024;

/// Pairs of a document that names its fields.
pub(super) fn document(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Script) {
        return None;
    }
    pairs(text, |name, value| {
        if header::is_known(name) {
            return header::value(name, value, ledger);
        }
        ledger.field(name, value, Spot::Document).or_else(|| inside(value, ledger))
    })
}

/// Pairs of a program, where `password` may also be a label for people. What is one word may be either, and goes here only.
pub(super) fn program(text: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Script) {
        return None;
    }
    pairs(text, |name, value| {
        // `document.cookie = "…"`
        if header::is_known(name) {
            return header::value(name, value, ledger);
        }
        let field = secrets::field(name);
        if field.is_some_and(|(kind, _)| kind == SecretKind::Password) {
            return (!is_label(name, value))
                .then(|| ledger.hide_word(SecretKind::Password, value))
                .or_else(|| inside(value, ledger));
        }
        (!people::is_user_field(name))
            .then(|| ledger.field(name, value, Spot::Document))
            .flatten()
            .or_else(|| inside(value, ledger))
    })
}

/// Whether the value of a field for a password is what people read beside it.
fn is_label(name: &str, value: &str) -> bool {
    value.contains(char::is_whitespace)
        || value.eq_ignore_ascii_case(name)
        || secrets::field(value).is_some()
        || !secrets::is_likely(SecretKind::Password, value)
}

/// What stands in a string: an address, or, behind escapes, anything.
fn inside(value: &str, ledger: &mut Ledger) -> Option<String> {
    if !value.contains('\\') || value.len() > LONGEST_NESTED {
        return address_in(value, ledger);
    }
    let Ok(plain) = serde_json::from_str::<String>(&format!("\"{value}\"")) else {
        return address_in(value, ledger);
    };
    let clean = text::value(&plain, ledger)?;
    let quoted = serde_json::Value::from(clean).to_string();
    quoted.get(1..quoted.len().checked_sub(1)?).map(str::to_owned)
}

fn address_in(value: &str, ledger: &mut Ledger) -> Option<String> {
    address::is_address(value).then(|| address::redacted(value, ledger)).flatten()
}

fn pairs(text: &str, mut replace: impl FnMut(&str, &str) -> Option<String>) -> Option<String> {
    let mut clean = String::new();
    let mut copied = 0;
    for (mark, what) in text.match_indices([':', '=', ',']) {
        if mark < copied {
            continue;
        }
        let before = text.get(copied..mark)?;
        // `setItem('access_token', '…')`; in a list names stand side by side.
        if what == "," && !is_first_argument(before) {
            continue;
        }
        let Some((name, _)) = name_before(before) else { continue };
        let Some((start, end)) = value_after(text, mark + 1) else { continue };
        let value = text.get(start..end)?;
        if value.is_empty() {
            continue;
        }
        if let Some(new) = replace(name, value).filter(|new| new != value) {
            clean.push_str(text.get(copied..start)?);
            clean.push_str(&new);
            copied = end;
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(text.get(copied..)?);
    Some(clean)
}

/// Whether a text ends with the quoted first argument of a call.
fn is_first_argument(text: &str) -> bool {
    let quoted = text.trim_end().strip_suffix(['"', '\'', '`']);
    let before = quoted.and_then(|q| q.rsplit_once(['"', '\'', '`'])).map(|(before, _)| before);
    before.is_some_and(|before| before.trim_end_matches('\\').trim_end().ends_with('('))
}

/// The name at the end of a text, quoted or bare, and whether it is quoted.
fn name_before(text: &str) -> Option<(&str, bool)> {
    let text = text.trim_end();
    let unquoted = text.trim_end_matches(['"', '\'', '`']);
    let quoted = unquoted.len() < text.len();
    let unquoted = unquoted.trim_end_matches('\\');
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let length =
        unquoted.bytes().rev().take(LONGEST_NAME).take_while(|b| is_name(char::from(*b))).count();
    let name = unquoted.get(unquoted.len().checked_sub(length)?..)?;
    // `window.access_token = …`
    let name = if quoted { name } else { name.rsplit('.').next()? };
    (!name.is_empty()).then_some((name, quoted))
}

/// The range of the quoted value that begins behind a colon or an equals sign. A value that is cut off runs to the end.
fn value_after(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    let trimmed = rest.trim_start();
    let slashes = trimmed.bytes().take_while(|b| *b == b'\\').count();
    let quote = trimmed.get(slashes..)?.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let start = from + (rest.len() - trimmed.len()) + slashes + 1;
    let mut run = 0;
    for (at, c) in text.get(start..)?.char_indices().take(LONGEST_VALUE) {
        match c {
            '\\' => run += 1,
            // As many backslashes as before the opening mark, or a mark that no backslash escapes.
            _ if c == quote && run <= slashes => return Some((start, start + at - run)),
            '\n' if slashes == 0 => return None,
            _ => run = 0,
        }
    }
    Some((start, text.len()))
}

#[cfg(test)]
mod tests {
    use super::{document, program};
    use crate::redact::ledger::Ledger;

    #[test]
    fn page_configuration_loses_its_flow_token() {
        let page = r#"<script>$Config={"sFT":"AQABAAEAAAD-sft-secret","urlPost":"/common/login?ctx=rQQIARAA1secret","sErrorCode":"50126",sCtx:'rQQI2'};"#;
        let clean = program(page, &mut Ledger::new(None)).unwrap();
        assert!(!clean.contains("secret") && !clean.contains("rQQI2"), "{clean}");
        assert!(clean.contains(r#""sErrorCode":"50126""#));
    }

    #[test]
    fn a_label_of_a_program_stays() {
        assert_eq!(
            program(
                r#"{"Password":"Enter password","token_type":"Bearer"}"#,
                &mut Ledger::new(None)
            ),
            None
        );
    }

    #[test]
    fn a_program_loses_what_it_stores() {
        for text in [
            "sessionStorage.setItem('access_token', 'EwBwA8l6BAAUs7zorg')",
            "var t = {access_token: `EwBwA8l6BAAUs7zorg`}",
            r#"document.cookie="ESTSAUTH=EwBwA8l6BAAUs7zorg; path=/""#,
            r#"var c={"userName":"x","password":"EwBwzorg"}"#,
        ] {
            let clean = program(text, &mut Ledger::new(None)).unwrap_or_default();
            assert!(!clean.is_empty() && !clean.contains("zorg"), "{text} -> {clean}");
        }
        let list = r#"["access_token","refresh_token","id_token"]"#;
        assert_eq!(program(list, &mut Ledger::new(None)), None);
    }

    #[test]
    fn escaped_quotes_belong_to_the_value() {
        let clean = document(r#"{"password":"Sample-\"Passw0rd","a":"b"}"#, &mut Ledger::new(None))
            .unwrap();
        assert_eq!(clean, r#"{"password":"(redacted)","a":"b"}"#);
    }
}
