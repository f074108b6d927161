//! The query that phones send to ActiveSync in base64, in which the device and the user stand (\[MS-ASHTTP\]
//! §2.2.1.1.1.1).

use std::fmt::Write as _;

use base64::Engine as _;

use super::encodings;
use super::ledger::Ledger;

/// Where ActiveSync is found, in lower case.
const PATH: &str = "/microsoft-server-activesync";
/// Protocol version, command and language stand before the device.
const HEAD: usize = 4;
/// The length of a device identifier that is a number and no text.
const NUMBER: usize = 16;
/// The parameter that names the user.
const USER: u8 = 8;

/// The query with another device and another user; `None` for any other query, and when names are kept.
pub(super) fn query(base: &str, query: &str, ledger: &mut Ledger) -> Option<String> {
    if !base.to_ascii_lowercase().ends_with(PATH) || query.contains('&') {
        return None;
    }
    let engine = encodings::base64_engine(query);
    let bytes = engine.decode(query).ok()?;
    let names = ledger.names.as_mut()?;
    let (head, rest) = bytes.split_at_checked(HEAD)?;
    let (device, rest) = counted(rest)?;
    let (key, rest) = counted(rest)?;
    let (kind, mut parameters) = counted(rest)?;
    let mut clean = head.to_vec();
    let mask = names.identifier(&device_text(device));
    // Its own mask stays as it is.
    append(&mut clean, if mask.as_bytes() == device { device } else { mask.as_bytes() })?;
    append(&mut clean, key)?;
    append(&mut clean, kind)?;
    while let Some((tag, rest)) = parameters.split_first() {
        let (value, rest) = counted(rest)?;
        clean.push(*tag);
        if *tag == USER {
            append(&mut clean, names.user(&String::from_utf8_lossy(value)).as_bytes())?;
        } else {
            append(&mut clean, value)?;
        }
        parameters = rest;
    }
    (clean != bytes).then(|| engine.encode(clean))
}

/// Splits behind a value that stands behind its length.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first()?;
    rest.split_at_checked(usize::from(*length))
}

fn append(bytes: &mut Vec<u8>, value: &[u8]) -> Option<()> {
    bytes.push(u8::try_from(value.len()).ok()?);
    bytes.extend_from_slice(value);
    Some(())
}

/// The identifier as other queries spell it: text, or the hexadecimal digits of a number.
fn device_text(device: &[u8]) -> String {
    match std::str::from_utf8(device) {
        Ok(text) if text.chars().all(|c| c.is_ascii_graphic()) => text.to_owned(),
        _ if device.len() == NUMBER => device.iter().fold(String::new(), |mut digits, byte| {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02X}");
            digits
        }),
        _ => String::from_utf8_lossy(device).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::query;
    use crate::redact::ledger::Ledger;
    use crate::redact::pseudonym::Pseudonyms;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    const BASE: &str = "https://mail.contoso.com/Microsoft-Server-ActiveSync";

    fn coded(device: &[u8], user: &str) -> String {
        let mut bytes = vec![141, 9, 9, 4, u8::try_from(device.len()).unwrap()];
        bytes.extend_from_slice(device);
        bytes.extend_from_slice(b"\x04\x01\x02\x03\x04\x05Phone");
        bytes.extend_from_slice(&[8, u8::try_from(user.len()).unwrap()]);
        bytes.extend_from_slice(user.as_bytes());
        STANDARD.encode(bytes)
    }

    #[test]
    fn device_and_user_get_other_names_and_the_rest_stays() {
        let mut ledger = Ledger::new(Some(Pseudonyms::default()));
        let clean = query(BASE, &coded(b"APPLF17XXXXXX", "anna@contoso.com"), &mut ledger);
        let expected = coded(b"id1", "user1@domain1.example");
        assert_eq!(clean.as_deref(), Some(expected.as_str()));
        assert_eq!(query(BASE, &expected, &mut ledger), None, "twice");
        let number = query(BASE, &coded(&[0xA7; 16], "anna@contoso.com"), &mut ledger);
        assert_eq!(number.unwrap(), coded(b"id2", "user1@domain1.example"));
        let hex = ledger.names.as_mut().unwrap().identifier(&"A7".repeat(16));
        assert_eq!(hex, "id2", "the same device in a plain query");
    }

    #[test]
    fn other_queries_stay() {
        let coded = coded(b"APPLF17XXXXXX", "anna@contoso.com");
        let pseudonyms = || Ledger::new(Some(Pseudonyms::default()));
        assert_eq!(query("https://mail.contoso.com/owa", &coded, &mut pseudonyms()), None);
        assert_eq!(query(BASE, &coded, &mut Ledger::new(None)), None);
        for other in ["Cmd=Sync&User=anna", "", "AAAA", coded.get(..20).unwrap()] {
            assert_eq!(query(BASE, other, &mut pseudonyms()), None, "{other}");
        }
    }
}
