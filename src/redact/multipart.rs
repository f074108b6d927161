//! Multipart bodies (RFC 7578, RFC 2046): text parts by their field's name, everything else by its look.

use super::detector::Detector;
use super::ledger::{Ledger, Spot};
use super::xml::{self, About};
use super::{mail, text};
use crate::http::MediaType;

/// The body without its secrets; `None` when it holds none. `content_type` is the header's value.
pub(super) fn redacted(
    body: &str,
    content_type: &str,
    is_mail: bool,
    ledger: &mut Ledger,
) -> Option<String> {
    let kind = MediaType::parse(content_type);
    let Some(boundary) = kind.parameter("boundary") else { return text::prose(body, ledger) };
    let delimiter = format!("--{boundary}");
    let parts: Vec<String> = body
        .split(&delimiter)
        .map(|part| redacted_part(part, is_mail, ledger).unwrap_or_else(|| part.to_owned()))
        .collect();
    let clean = parts.join(&delimiter);
    (clean != body).then_some(clean)
}

fn redacted_part(part: &str, is_mail: bool, ledger: &mut Ledger) -> Option<String> {
    let blank = ["\r\n\r\n", "\n\n"].into_iter().find(|blank| part.contains(blank));
    let Some((head, content)) = blank.and_then(|blank| part.split_once(blank)) else {
        return text::prose(part, ledger);
    };
    let value = content.trim_end_matches(['\r', '\n']);
    let named = field_name(head)
        .filter(|_| ledger.uses(Detector::Part))
        .and_then(|name| ledger.field(name, value, Spot::Parameter));
    // Exchange Web Services put their answer in a part of its own when it has attachments (MTOM).
    let letters = |ledger: &mut Ledger| match value.trim_start().chars().next() {
        Some('<') => xml::redacted(value, About::Mail, ledger),
        Some('{' | '[') => {
            let letters = mail::json(value, ledger);
            text::value(letters.as_deref().unwrap_or(value), ledger).or(letters)
        }
        _ => text::value(value, ledger),
    };
    let plain =
        |ledger: &mut Ledger| if is_mail { letters(ledger) } else { text::value(value, ledger) };
    let clean = named.or_else(|| plain(ledger)).filter(|clean| clean != value)?;
    let tail = content.strip_prefix(value).unwrap_or_default();
    Some(format!("{head}{}{clean}{tail}", blank.unwrap_or_default()))
}

fn field_name(head: &str) -> Option<&str> {
    let (_, name) = head.split_once(" name=").or_else(|| head.split_once(";name="))?;
    match name.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => name.split([';', '\r', '\n']).next(),
    }
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::ledger::Ledger;

    #[test]
    fn parts_are_redacted_by_name() {
        let body = "--B\r\nContent-Disposition: form-data; name=\"passwd\"\r\n\r\nSample-Passw0rd\r\n--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nplain\r\n--B--\r\n";
        let clean =
            redacted(body, "multipart/form-data; boundary=B", false, &mut Ledger::new(None))
                .unwrap();
        assert_eq!(clean, body.replace("Sample-Passw0rd", "(redacted)"));
    }
}
