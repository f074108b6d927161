//! Pages: hidden inputs by name, scripts, addresses and tokens.

use super::ledger::{Ledger, Spot};
use super::text;

/// The page without its secrets; `None` when it holds none.
pub(super) fn redacted(page: &str, ledger: &mut Ledger) -> Option<String> {
    text::through(page, ledger, &[inputs, text::program])
}

fn inputs(page: &str, ledger: &mut Ledger) -> Option<String> {
    let mut clean = String::new();
    let mut copied = 0;
    let starts = page.match_indices('<').map(|(at, _)| at);
    for start in starts {
        let Some(tag) = page.get(start..).and_then(|rest| rest.split_inclusive('>').next()) else {
            continue;
        };
        let is_input = tag.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("<input"));
        if !is_input || start < copied {
            continue;
        }
        let (Some((_, name)), Some((at, value))) =
            (attribute(tag, "name"), attribute(tag, "value"))
        else {
            continue;
        };
        let plain = quick_xml::escape::unescape(value)
            .map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned);
        let Some(new) = ledger
            .field(name, &plain, Spot::Parameter)
            .or_else(|| text::value(&plain, ledger))
            .filter(|new| *new != plain)
        else {
            continue;
        };
        clean.push_str(page.get(copied..start)?);
        clean.push_str(tag.get(..at)?);
        clean.push_str(&quick_xml::escape::escape(new.as_str()));
        copied = start + at + value.len();
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(page.get(copied..)?);
    Some(clean)
}

/// The value of a tag's attribute, in quotation marks or bare, and where in the tag it stands.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let lower = tag.to_ascii_lowercase();
    let after = lower.match_indices(name).find_map(|(at, _)| {
        let before = lower.get(..at)?.chars().next_back()?;
        let rest = tag.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        (before.is_whitespace() || before == '"' || before == '\'').then_some(rest)
    })?;
    let at = tag.len() - after.len();
    let (at, value) = match after.chars().next()? {
        quote @ ('"' | '\'') => (at + 1, after.get(1..)?.split(quote).next()?),
        _ => (at, after.split(|c: char| c.is_whitespace() || c == '>').next()?),
    };
    (!value.is_empty()).then_some((at, value))
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::ledger::Ledger;

    #[test]
    fn a_form_that_posts_itself_loses_its_code() {
        let page = r#"<form action="https://mail.contoso.com/owa/"><INPUT type=hidden name='code' value="0.AX&#43;-secret"/><input name="error_description" value="AADSTS50058: none"/><input value='PHNhbWw-secret' name=wresult></form>"#;
        let clean = redacted(page, &mut Ledger::new(None)).unwrap();
        assert!(!clean.contains("secret"), "{clean}");
        assert!(clean.contains("AADSTS50058") && clean.contains("mail.contoso.com"));
    }
}
