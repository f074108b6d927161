//! XML, by element and attribute name, on the text itself: what is not replaced keeps its bytes.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::detector::Detector;
use super::kind::SecretKind;
use super::ledger::{Ledger, MASK, Spot, is_mask};
use super::markup::{Attribute, Tag, unescaped};
use super::{mail, secrets, text};

/// What an XML document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Anything.
    Anything,
    /// Mail: every text but the service's own words is somebody's letter.
    Mail,
}

/// The document without its secrets; `None` when it holds none.
pub(super) fn redacted(document: &str, about: About, ledger: &mut Ledger) -> Option<String> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut clean = String::with_capacity(document.len());
    let mut path: Vec<String> = Vec::new();
    // Inside a secret element: its depth, its kind, and where its content begins.
    let mut secret: Option<(usize, SecretKind, usize)> = None;
    // The name that an element before told: `<name>password</name><value>…</value>`.
    let mut told: Option<SecretKind> = None;
    // Where a text begins, which references (`&amp;`) cut into events.
    let mut text_from: Option<usize> = None;
    let mut at = 0;
    loop {
        let event = reader.read_event();
        let end = position(&reader, document);
        let raw = document.get(at..end).unwrap_or_default();
        if matches!(event, Ok(Event::Text(_) | Event::GeneralRef(_))) {
            if secret.is_none() {
                text_from.get_or_insert(at);
            }
            at = end;
            continue;
        }
        if let Some(start) = text_from.take() {
            let raw = document.get(start..at).unwrap_or_default();
            if !raw.trim().is_empty() {
                let name = path.last().map_or("", String::as_str);
                told = is_name(name).then(|| password(raw)).flatten();
            }
            clean.push_str(&content(&path, raw, about, ledger).unwrap_or_else(|| raw.to_owned()));
        }
        match event {
            Ok(Event::Start(tag)) => {
                let name = tag.local_name().as_ref().to_owned();
                if secret.is_none() {
                    clean.push_str(
                        &attributes(raw, about, ledger).unwrap_or_else(|| raw.to_owned()),
                    );
                    let by_name = told.take().filter(|_| is_value(&name));
                    secret = element(&name, ledger)
                        .or(by_name.filter(|_| ledger.uses(Detector::Element)))
                        .map(|kind| (path.len(), kind, end));
                }
                path.push(name);
            }
            Ok(Event::Empty(_)) if secret.is_none() => {
                clean.push_str(&attributes(raw, about, ledger).unwrap_or_else(|| raw.to_owned()));
            }
            Ok(Event::End(_)) => {
                path.pop();
                if let Some((depth, kind, start)) = secret
                    && path.len() <= depth
                {
                    clean.push_str(&hidden(
                        document.get(start..at).unwrap_or_default(),
                        kind,
                        ledger,
                    ));
                    secret = None;
                }
                if secret.is_none() {
                    clean.push_str(raw);
                }
            }
            Ok(Event::Eof) | Err(_) => {
                // What cannot be read as XML is read as prose; a secret that never ends runs to the end.
                let start = secret.map_or(at, |(.., start)| start);
                let rest = document.get(start..).unwrap_or_default();
                match secret {
                    Some((_, kind, _)) => clean.push_str(&hidden(rest, kind, ledger)),
                    None => clean
                        .push_str(&text::prose(rest, ledger).unwrap_or_else(|| rest.to_owned())),
                }
                break;
            }
            Ok(Event::CData(_)) if secret.is_none() => {
                clean.push_str(&cdata(&path, raw, about, ledger).unwrap_or_else(|| raw.to_owned()));
            }
            Ok(_) if secret.is_none() => {
                clean.push_str(&text::prose(raw, ledger).unwrap_or_else(|| raw.to_owned()));
            }
            Ok(_) => {}
        }
        at = end;
    }
    (clean != document).then_some(clean)
}

fn element(name: &str, ledger: &Ledger) -> Option<SecretKind> {
    secrets::element(name).filter(|_| ledger.uses(Detector::Element))
}

/// The tag with its attributes redacted.
fn attributes(raw: &str, about: About, ledger: &mut Ledger) -> Option<String> {
    let tag = Tag::parse(raw).filter(|_| ledger.uses(Detector::Attribute))?;
    let mut clean = String::new();
    let mut copied = 0;
    // `<add key="password" value="…"/>`
    let told = ["name", "key"].into_iter().find_map(|name| tag.get(name)).and_then(password);
    for Attribute { name, value, at } in tag.attributes {
        let name = if told.is_some() && is_value(name) { "password" } else { name };
        if name.starts_with("xmlns") {
            continue;
        }
        let plain = unescaped(value);
        let new = if about == About::Mail
            && ledger.uses(Detector::Mail)
            && !is_service_word(&plain)
            && !is_mask(&plain)
        {
            ledger.count(SecretKind::MailContent);
            Some(MASK.to_owned())
        } else {
            ledger.field(name, &plain, Spot::Document).or_else(|| text::value(&plain, ledger))
        };
        if let Some(new) = new.filter(|new| *new != plain) {
            clean.push_str(raw.get(copied..at)?);
            clean.push_str(&quick_xml::escape::escape(new.as_str()));
            copied = at + value.len();
        }
    }
    if copied == 0 {
        return None;
    }
    clean.push_str(raw.get(copied..)?);
    Some(clean)
}

/// Whether an element or attribute tells the name of what is beside it.
fn is_name(element: &str) -> bool {
    ["name", "key"].iter().any(|name| element.eq_ignore_ascii_case(name))
}

/// Whether an element or attribute holds what another names.
fn is_value(element: &str) -> bool {
    ["value", "string", "data"].iter().any(|name| element.eq_ignore_ascii_case(name))
}

/// The kind, if a name is that of a password.
fn password(name: &str) -> Option<SecretKind> {
    secrets::field(name.trim()).map(|(kind, _)| kind).filter(|kind| *kind == SecretKind::Password)
}

/// Whether an attribute's value is one that services write: `Error`, `15`, `item:Subject`.
fn is_service_word(value: &str) -> bool {
    value.len() <= 32 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b".:_-/#".contains(&b))
        || value.starts_with("http://schemas.")
}

fn cdata(path: &[String], raw: &str, about: About, ledger: &mut Ledger) -> Option<String> {
    const OPEN: &str = "<![CDATA[";
    let inside = raw.strip_prefix(OPEN)?.strip_suffix("]]>")?;
    let clean = plain_content(path, inside, about, ledger)?;
    Some(format!("{OPEN}{}]]>", clean.replace("]]>", "]] >")))
}

/// Puts a mask in the place of an element's content, blanks around it kept out.
fn hidden(content: &str, kind: SecretKind, ledger: &mut Ledger) -> String {
    let value = content.trim();
    if value.is_empty() {
        return content.to_owned();
    }
    let plain = unescaped(
        value.strip_prefix("<![CDATA[").and_then(|v| v.strip_suffix("]]>")).unwrap_or(value),
    );
    let mask = ledger.hide_token(kind, &plain);
    if plain != value {
        ledger.remember(kind, value, mask.clone());
    }
    // Texts inside a removed assertion stand elsewhere too: hunt for the long ones.
    if value.contains('<') {
        for piece in value
            .split(['<', '>', '"'])
            .filter(|piece| secrets::looks_random(piece) && piece.len() >= 40)
        {
            ledger.remember(kind, piece, MASK.to_owned());
        }
    }
    mask
}

fn content(path: &[String], raw: &str, about: About, ledger: &mut Ledger) -> Option<String> {
    let value = raw.trim();
    let clean = plain_content(path, &unescaped(value), about, ledger)?;
    Some(raw.replacen(value, &quick_xml::escape::escape(clean.as_str()), 1))
}

/// What to write for a text without escapes.
fn plain_content(
    path: &[String],
    plain: &str,
    about: About,
    ledger: &mut Ledger,
) -> Option<String> {
    if plain.is_empty() {
        return None;
    }
    if about == About::Mail && ledger.uses(Detector::Mail) && !mail::is_service(path) {
        if is_mask(plain) {
            return None;
        }
        ledger.count(SecretKind::MailContent);
        return Some(MASK.to_owned());
    }
    let element = path.last().map_or("", String::as_str);
    ledger
        .field(element, plain, Spot::Document)
        .or_else(|| text::value(plain, ledger))
        .filter(|clean| clean != plain)
}

fn position(reader: &Reader<&[u8]>, document: &str) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(document.len()).min(document.len())
}

#[cfg(test)]
mod tests {
    use super::{About, redacted};
    use crate::redact::ledger::Ledger;

    fn clean(document: &str, about: About) -> String {
        redacted(document, about, &mut Ledger::new(None)).unwrap_or_else(|| document.to_owned())
    }

    #[test]
    fn ws_trust_loses_password_and_assertion() {
        let envelope = r#"<s:Envelope><o:UsernameToken><o:Username>anna@contoso.com</o:Username><o:Password Type="x">Sample&amp;Passw0rd</o:Password></o:UsernameToken><t:RequestedSecurityToken><saml:Assertion ID="_1"><a>secret</a></saml:Assertion></t:RequestedSecurityToken><t:TokenType>urn:x</t:TokenType></s:Envelope>"#;
        let clean = clean(envelope, About::Anything);
        assert!(!clean.contains("Passw0rd") && !clean.contains("secret"), "{clean}");
        assert!(
            clean.contains("<t:TokenType>urn:x</t:TokenType>") && clean.contains("</o:Password>")
        );
    }

    #[test]
    fn a_name_tells_what_its_value_is() {
        for (document, expected) in [
            (
                "<a><name>password</name><value>x1</value></a>",
                "<a><name>password</name><value>(redacted)</value></a>",
            ),
            (
                "<d><key>Password</key> <string>x1</string></d>",
                "<d><key>Password</key> <string>(redacted)</string></d>",
            ),
            (r#"<add key="password" value="x1"/>"#, r#"<add key="password" value="(redacted)"/>"#),
            (
                "<a>R & D<o:Password>x1</o:Password></a>",
                "<a>R & D<o:Password>(redacted)</o:Password></a>",
            ),
        ] {
            assert_eq!(clean(document, About::Anything), expected);
        }
    }

    #[test]
    fn a_document_that_is_cut_off_still_loses_its_password() {
        assert_eq!(clean("<a><Password>Sample-Pass", About::Anything), "<a><Password>(redacted)");
    }

    #[test]
    fn mail_goes_and_the_service_still_answers() {
        let answer = "<m:ResponseCode>NoError</m:ResponseCode><t:Body>Dear Anna</t:Body>";
        assert_eq!(
            clean(answer, About::Mail),
            "<m:ResponseCode>NoError</m:ResponseCode><t:Body>(redacted)</t:Body>"
        );
    }

    #[test]
    fn plain_xml_keeps_its_bytes() {
        let xml = "<?xml version=\"1.0\"?>\r\n<Autodiscover><Protocol Type=\"mapiHttp\"/><!-- x --></Autodiscover>";
        assert_eq!(clean(xml, About::Anything), xml);
    }
}
