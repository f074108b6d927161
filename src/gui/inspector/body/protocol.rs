//! The binary bodies of Exchange's protocols, named as such, with the fields at their beginning that can be read.

use super::content::Content;
use super::fields::Field;

/// A protocol's name and what is known of its bodies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Protocol {
    /// What people call it.
    pub(super) name: &'static str,
    /// Whether its bodies are bytes even where they look like text.
    pub(super) is_binary: bool,
    /// Whether fields can be read.
    pub(super) has_fields: bool,
}

/// The most of a text inside a binary body that is read, in bytes.
const LONGEST_TEXT: usize = 1024;

/// The protocol of a body, by its type, its path and its first bytes.
pub(super) fn name(content: &Content) -> Option<Protocol> {
    let essence = content.media.essence();
    let path = content.around.path.to_ascii_lowercase();
    let binary = |name, has_fields| Some(Protocol { name, is_binary: true, has_fields });
    if essence.contains("mapi-http") {
        return binary("MAPI over HTTP", true);
    }
    let is_wbxml = matches!(content.bytes.as_slice(), [1..=3, 1, 0x6A, ..]);
    if essence.contains("wbxml") || (path.contains("activesync") && is_wbxml) {
        return binary("WBXML of ActiveSync", is_wbxml);
    }
    if path.rsplit('.').next() == Some("lzx") {
        return binary("Compressed offline address book (LZX)", content.bytes.len() >= 16);
    }
    if essence.contains("rpc") || path.contains("/rpc/rpcproxy.dll") {
        return binary("RPC over HTTP", false);
    }
    if content.bytes.starts_with(b"%PDF-") {
        return binary("PDF document", false);
    }
    if content.bytes.starts_with(b"PK\x03\x04") {
        return binary("ZIP archive", false);
    }
    if content.bytes.starts_with(b"wOF2") || content.bytes.starts_with(b"wOFF") {
        return binary("Web font", false);
    }
    None
}

/// The fields of a body that can be read.
pub(super) fn fields(content: &Content) -> Vec<Field> {
    let essence = content.media.essence();
    if essence.contains("mapi-http") {
        return mapi(&content.bytes, &content.around.call, content.around.is_answer);
    }
    if matches!(content.bytes.as_slice(), [1..=3, 1, 0x6A, ..]) {
        return wbxml(&content.bytes);
    }
    lzx(&content.bytes)
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    /// A text in 8-bit characters that ends with a zero.
    fn text(&mut self) -> Option<String> {
        let end = self.0.iter().take(LONGEST_TEXT).position(|b| *b == 0)?;
        let text = self.0.get(..end)?.iter().map(|b| char::from(*b)).collect();
        self.0 = self.0.get(end + 1..)?;
        Some(text)
    }

    /// A text in UTF-16 that ends with a zero.
    fn wide(&mut self) -> Option<String> {
        let units = self.0.as_chunks::<2>().0.iter().take(LONGEST_TEXT);
        let units: Vec<u16> =
            units.map(|pair| u16::from_le_bytes(*pair)).take_while(|unit| *unit != 0).collect();
        self.0 = self.0.get(units.len() * 2 + 2..)?;
        Some(String::from_utf16_lossy(&units))
    }

    fn rest(&self) -> &'a [u8] {
        self.0
    }
}

/// \[MS-OXCMAPIHTTP\] §2.2.2.2 (the lines before an answer), §2.2.4 (calls to a mailbox).
fn mapi(bytes: &[u8], call: &str, is_answer: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut cursor = Cursor(bytes);
    if is_answer && (bytes.starts_with(b"PROCESSING") || bytes.starts_with(b"DONE")) {
        let near = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
        let end = memchr::memmem::find(near, b"\r\n\r\n").map_or(near.len(), |at| at + 4);
        let head = String::from_utf8_lossy(bytes.get(..end).unwrap_or_default()).into_owned();
        for line in head.lines().filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            fields.push(Field::of(name, value.trim(), preface(name)));
        }
        cursor = Cursor(bytes.get(end..).unwrap_or_default());
    }
    let before = fields.len();
    let read = match (call.to_ascii_lowercase().as_str(), is_answer) {
        ("connect", false) => connect_request(&mut cursor, &mut fields),
        ("connect", true) => connect_answer(&mut cursor, &mut fields),
        ("execute", false) => execute_request(&mut cursor, &mut fields),
        (_, true) => outcome(&mut cursor, &mut fields),
        _ => None,
    };
    if read.is_none() && fields.len() == before && !call.is_empty() {
        fields.push(Field::of("Call", call, "What X-RequestType names"));
    }
    let rest = cursor.rest().len();
    if rest > 0 {
        let size = crate::gui::format::size(rest as u64);
        fields.push(Field::of(
            "Rest",
            &size,
            "Operations on the mailbox, in Outlook's own binary form; see them as hex",
        ));
    }
    fields
}

fn preface(name: &str) -> &'static str {
    match name.trim().to_ascii_lowercase().as_str() {
        "processing" => "The server has the request and works on it",
        "pending" => "The server is still at work and keeps the connection open",
        "done" => "The server has finished; what follows is the answer",
        "x-responsecode" => "Result of the call; 0 is success",
        "x-elapsedtime" => "How long the server worked, in milliseconds",
        "x-starttime" => "When the server began",
        _ => "",
    }
}

fn connect_request(cursor: &mut Cursor<'_>, fields: &mut Vec<Field>) -> Option<()> {
    let user = cursor.text()?;
    fields.push(Field::of(
        "UserDn",
        &user,
        "The mailbox as Active Directory names it (legacyExchangeDN)",
    ));
    fields.push(Field::of("Flags", &cursor.number()?.to_string(), ""));
    fields.push(Field::of(
        "DefaultCodePage",
        &cursor.number()?.to_string(),
        "Code page of texts that are not Unicode",
    ));
    fields.push(Field::of(
        "LcidSort",
        &cursor.number()?.to_string(),
        "Language by which lists are sorted",
    ));
    fields.push(Field::of("LcidString", &cursor.number()?.to_string(), "Language of texts"));
    Some(())
}

fn connect_answer(cursor: &mut Cursor<'_>, fields: &mut Vec<Field>) -> Option<()> {
    outcome(cursor, fields)?;
    cursor.number()?;
    fields.push(Field::of(
        "RetryCount",
        &cursor.number()?.to_string(),
        "How often the client should try again",
    ));
    fields.push(Field::of(
        "RetryDelay",
        &format!("{} ms", cursor.number()?),
        "How long it waits in between",
    ));
    fields.push(Field::of("DnPrefix", &cursor.text()?, "What names in the directory begin with"));
    fields.push(Field::of("DisplayName", &cursor.wide()?, "The mailbox's name, as people see it"));
    Some(())
}

fn execute_request(cursor: &mut Cursor<'_>, fields: &mut Vec<Field>) -> Option<()> {
    fields.push(Field::of("Flags", &cursor.number()?.to_string(), ""));
    let size = crate::gui::format::size(u64::from(cursor.number()?));
    fields.push(Field::of("RopBufferSize", &size, "Operations on the mailbox"));
    Some(())
}

fn outcome(cursor: &mut Cursor<'_>, fields: &mut Vec<Field>) -> Option<()> {
    let status = cursor.number()?;
    let meaning = if status == 0 { "The call was carried out" } else { "The call failed" };
    fields.push(Field::of("StatusCode", &status.to_string(), meaning));
    let code = cursor.number()?;
    let meaning = if code == 0 { "No error" } else { "Error of the mailbox store" };
    fields.push(Field::of("ErrorCode", &format!("0x{code:08X}"), meaning));
    Some(())
}

/// \[MS-ASWBXML\], and the header of WAP Binary XML 1.3, §5.4.
fn wbxml(bytes: &[u8]) -> Vec<Field> {
    let minor = bytes.first().copied().unwrap_or_default();
    let charset = if bytes.get(2) == Some(&0x6A) { "UTF-8" } else { "another" };
    vec![
        Field::of(
            "Version",
            &format!("WBXML 1.{minor}"),
            "XML in a binary spelling; element names are numbers",
        ),
        Field::of("Charset", charset, ""),
        Field::of("Texts", &texts(bytes).join(" · "), "Readable texts inside, in their order"),
    ]
}

/// The inline strings of WBXML: 0x03, characters, a zero.
fn texts(bytes: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = bytes.get(3..).unwrap_or_default();
    while let Some(at) = memchr::memchr(3, rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(end) =
            memchr::memchr(0, rest.get(..rest.len().min(LONGEST_TEXT)).unwrap_or_default())
        else {
            continue;
        };
        let text = std::str::from_utf8(rest.get(..end).unwrap_or_default());
        if let Ok(text) = text
            && !text.is_empty()
            && !text.chars().any(char::is_control)
        {
            texts.push(text.to_owned());
            rest = rest.get(end + 1..).unwrap_or_default();
            if texts.len() == 40 {
                break;
            }
        }
    }
    texts
}

/// \[MS-PATCH\] §2.2, the head of a compressed offline address book file.
fn lzx(bytes: &[u8]) -> Vec<Field> {
    let mut cursor = Cursor(bytes);
    let mut fields = Vec::new();
    let (Some(major), Some(minor), Some(block), Some(target)) =
        (cursor.number(), cursor.number(), cursor.number(), cursor.number())
    else {
        return fields;
    };
    let kind = if minor == 1 { "A whole file" } else { "Changes to an earlier file" };
    fields.push(Field::of("Version", &format!("{major}.{minor}"), kind));
    fields.push(Field::of("Largest block", &crate::gui::format::size(u64::from(block)), ""));
    fields.push(Field::of(
        "Unpacked size",
        &crate::gui::format::size(u64::from(target)),
        "What Outlook has after unpacking",
    ));
    fields
}

#[cfg(test)]
mod tests {
    use super::{lzx, mapi, wbxml};

    fn said(fields: &[super::Field]) -> String {
        let pairs: Vec<_> = fields.iter().map(|f| format!("{}={}", f.name, f.value)).collect();
        pairs.join(";") + ";"
    }

    #[test]
    fn a_mapi_call_tells_its_user_and_its_outcome() {
        let mut request = b"/o=Contoso/cn=greg\0".to_vec();
        request.extend([0, 0, 0, 0, 0xE4, 4, 0, 0, 9, 4, 0, 0, 9, 4, 0, 0]);
        let text = said(&mapi(&request, "Connect", false));
        assert!(
            text.contains("UserDn=/o=Contoso/cn=greg;") && text.contains("DefaultCodePage=1252;"),
            "{text}"
        );
        let answer = b"PROCESSING\r\nDONE\r\nX-ElapsedTime: 31\r\n\r\n\0\0\0\0\x05\0\x07\x80";
        let text = said(&mapi(answer, "Execute", true));
        assert!(
            text.contains("X-ElapsedTime=31;") && text.contains("ErrorCode=0x80070005;"),
            "{text}"
        );
        let cut = mapi(b"\x01", "Execute", false);
        assert!(said(&cut).contains("Call=Execute;"), "{}", said(&cut));
    }

    #[test]
    fn other_formats_tell_their_heads() {
        let text = said(&wbxml(b"\x03\x01\x6A\0\x45\x5C\x03FolderSync\0\x01"));
        assert!(text.contains("WBXML 1.3") && text.contains("FolderSync"), "{text}");
        let text = said(&lzx(b"\x03\0\0\0\x01\0\0\0\0\0\x04\0\0\0\x10\0"));
        assert!(text.contains("Version=3.1;") && text.contains("Unpacked size=1.0 MB;"), "{text}");
        assert!(lzx(b"short").is_empty());
    }
}
