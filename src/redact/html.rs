//! Pages: controls by name, scripts, addresses and tokens.

use super::detector::Detector;
use super::ledger::{Ledger, Spot};
use super::markup::{Tag, unescaped};
use super::text;

/// Tags that carry a value under a name.
const CONTROLS: &[&str] = &["input", "textarea", "meta", "button", "param", "option"];

/// What the names of a page's own attributes begin with.
const DATA: &str = "data-";

/// The page without its secrets; `None` when it holds none.
pub(super) fn redacted(page: &str, ledger: &mut Ledger) -> Option<String> {
    text::through(page, ledger, &[controls, text::program])
}

/// Redacts what controls hold, by their names.
pub(super) fn controls(page: &str, ledger: &mut Ledger) -> Option<String> {
    if !ledger.uses(Detector::Control) {
        return None;
    }
    let mut clean = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = page.get(at..)?.find('<') {
        let start = at + found;
        at = start + 1;
        let Some(tag) = page.get(start..).filter(|rest| is_control(rest)).and_then(Tag::parse)
        else {
            continue;
        };
        at = start + tag.length;
        let is_password = tag.get("type").is_some_and(|t| t.eq_ignore_ascii_case("password"));
        let named = tag.get("name").or_else(|| tag.get("id")).unwrap_or_default();
        let named = if is_password { "password" } else { named };
        let mut values: Vec<(usize, &str, &str)> = Vec::new();
        for a in &tag.attributes {
            if ["value", "content"].iter().any(|name| a.name.eq_ignore_ascii_case(name)) {
                values.push((start + a.at, named, a.value));
            } else if let Some(name) = a.name.strip_prefix(DATA) {
                values.push((start + a.at, name, a.value));
            }
        }
        if tag.name.eq_ignore_ascii_case("textarea") {
            values.push((at, named, page.get(at..)?.split('<').next().unwrap_or_default()));
        }
        for (place, named, value) in values {
            if let Some(new) = control(named, value, ledger) {
                clean.push_str(page.get(copied..place)?);
                clean.push_str(&new);
                copied = place + value.len();
            }
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(page.get(copied..)?);
    Some(clean)
}

fn is_control(rest: &str) -> bool {
    let is_named =
        |name: &&str| rest.get(1..=name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    CONTROLS.iter().any(is_named)
        || rest.split('>').next().is_some_and(|tag| tag.contains(DATA) && !tag.starts_with("</"))
}

fn control(name: &str, value: &str, ledger: &mut Ledger) -> Option<String> {
    let plain = unescaped(value);
    let clean = ledger
        .field(name, &plain, Spot::Parameter)
        .or_else(|| text::value(&plain, ledger))
        .filter(|clean| *clean != plain)?;
    Some(quick_xml::escape::escape(clean.as_str()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::ledger::Ledger;

    #[test]
    fn a_form_that_posts_itself_loses_its_code() {
        let page = r#"<form action="https://mail.contoso.com/owa/"><INPUT type=hidden name='code' value="0.AX&#43;-secret"/><input name="error_description" value="AADSTS50058: none"/><input value='PHNhbWw-secret' name=wresult><textarea name=SAMLResponse>secret</textarea></form>"#;
        let clean = redacted(page, &mut Ledger::new(None)).unwrap();
        assert!(!clean.contains("secret"), "{clean}");
        assert!(clean.contains("AADSTS50058") && clean.contains("mail.contoso.com"));
    }

    #[test]
    fn what_a_page_shows_and_keeps_goes_too() {
        for page in [
            r#"<p>x</p><input type=password id=other value="secretsecret1">"#,
            r#"<div data-access-token="secretsecret1">x</div>"#,
            "<pre>Authorization: Bearer secretsecret1</pre>",
            "<s:Envelope><o:Password>secretsecret1</o:Password></s:Envelope>",
        ] {
            let clean = redacted(page, &mut Ledger::new(None)).unwrap_or_default();
            assert!(!clean.is_empty() && !clean.contains("secret"), "{page} -> {clean}");
        }
    }
}
