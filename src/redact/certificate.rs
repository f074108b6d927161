//! The certificate of a server, which Fiddler writes into the answer to CONNECT: names of the customer and its machines.

use super::names;
use super::pseudonym::Pseudonyms;
use super::well_known;
use crate::http::Body;

/// What the part of the answer about the certificate begins with.
const BEGIN: &str = "== Server Certificate";
/// Sections that identify the certificate: public logs tell whose it is.
const NUMBERS: &[&str] = &["[Serial Number]", "[Thumbprint]"];
/// Parts of a name that say who and where in words.
const WORDS: &[&str] =
    &["CN", "O", "OU", "L", "S", "ST", "STREET", "E", "SERIALNUMBER", "PostalCode"];

/// Redacts the answer to CONNECT in place.
pub(super) fn redact(body: &mut Body, names: &mut Pseudonyms) {
    if body.is_empty() {
        return;
    }
    let text = body.text();
    if let Some(clean) = redacted(&text, names) {
        body.replace(clean);
    }
}

fn redacted(text: &str, names: &mut Pseudonyms) -> Option<String> {
    let (head, certificate) = text.split_at_checked(text.find(BEGIN)?)?;
    let mut section = "";
    let mut clean = head.to_owned();
    for line in certificate.split_inclusive('\n') {
        let value = line.trim();
        if value.starts_with('[') && value.ends_with(']') {
            section = value;
        }
        let new = match section {
            _ if value.is_empty() || value == section => None,
            "[Subject]" | "[Issuer]" => Some(name(value, names)),
            section if NUMBERS.contains(&section) => Some(names.identifier(value)),
            _ => Some(hosts(value, names)),
        };
        match new {
            Some(new) => clean.push_str(&line.replacen(value, &new, 1)),
            None => clean.push_str(line),
        }
    }
    (clean != text).then_some(clean)
}

/// `CN=*.contoso.com, O=Contoso, DC=contoso, DC=local`. The name of a vendor stays as a whole.
fn name(value: &str, names: &mut Pseudonyms) -> String {
    if well_known::is_vendor(&value.to_lowercase()) && !value.contains("DC=") {
        let subject = value.split(", ").map(|part| match part.split_once('=') {
            Some((key @ "CN", host)) => format!("{key}={}", hosts(host, names)),
            _ => part.to_owned(),
        });
        return subject.collect::<Vec<_>>().join(", ");
    }
    let domain: Vec<&str> = value.split(", ").filter_map(|part| part.strip_prefix("DC=")).collect();
    let domain = (domain.len() > 1).then(|| names.host(&domain.join(".")));
    let mut components = domain.iter().flat_map(|domain| domain.split('.'));
    let parts: Vec<String> = value
        .split(", ")
        .filter_map(|part| match part.split_once('=') {
            Some(("DC", _)) if domain.is_some() => Some(format!("DC={}", components.next()?)),
            Some((key, value)) if WORDS.contains(&key) => {
                let value = value.trim_matches('"');
                let host = value.trim_start_matches("*.");
                let new = if names::is_host(host) {
                    hosts(value, names)
                } else if value.contains('@') {
                    names.user(value)
                } else {
                    names.company(value)
                };
                Some(format!("{key}={new}"))
            }
            // The rest of a quoted value: `O="Contoso, Inc."`.
            None => Some(names.company(part.trim_matches('"'))),
            _ => Some(part.to_owned()),
        })
        .collect();
    parts.join(", ")
}

/// Hosts of a line, with or without a star; everything else stays.
fn hosts(line: &str, names: &mut Pseudonyms) -> String {
    let words = line.split_inclusive([' ', ',', ';', '=']).map(|word| {
        let host = word.trim_end_matches([' ', ',', ';', '=']);
        let plain = host.trim_start_matches("*.");
        if names::is_host(plain) {
            word.replacen(plain, &names.host(plain), 1)
        } else {
            word.to_owned()
        }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use crate::redact::pseudonym::Pseudonyms;

    const ANSWER: &str = "Encrypted HTTPS traffic flows through this CONNECT tunnel.\n\n== Server Certificate ==========\n[Subject]\n  CN=*.contoso.com, O=\"Contoso Trade, Inc.\", L=Springfield, C=US\n\n[Issuer]\n  CN=Contoso Issuing CA 01, DC=corp, DC=contoso, DC=com\n\n[Serial Number]\n  0A1B2C3D4E5F\n\n[Not Before]\n  01/02/2026 08:00:00\n\n[Thumbprint]\n  00112233445566778899AABBCCDDEEFF00112233\n\n[SubjectAltNames]\nmail.contoso.com, ex01.corp.contoso.com\n";

    #[test]
    fn a_certificate_names_nobody() {
        let mut names = Pseudonyms::default();
        let clean = redacted(ANSWER, &mut names).unwrap();
        for name in ["ontoso", "Springfield", "Trade", "0A1B2C", "001122"] {
            assert!(!clean.contains(name), "{name} in {clean}");
        }
        for kept in
            ["CN=*.domain1.example", "C=US", "01/02/2026 08:00:00", "\nmail.domain1.example, "]
        {
            assert!(clean.contains(kept), "{kept} in {clean}");
        }
        assert_eq!(redacted(&clean, &mut names), None);
    }

    #[test]
    fn an_issuer_that_everybody_knows_stays() {
        let answer = "== Server Certificate ==\n[Issuer]\n  CN=DigiCert TLS RSA SHA256 2020 CA1, O=DigiCert Inc, C=US\n[Subject]\n  CN=outlook.office365.com, O=Microsoft Corporation, C=US\n";
        assert_eq!(redacted(answer, &mut Pseudonyms::default()), None);
    }
}
