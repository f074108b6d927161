//! Header fields that people look for when a sign-in fails, with what they say.

use super::Source;

const EXCHANGE: Source = Source::seen("Answers of Exchange in public recordings");
const HTTP: Source = Source::confirmed("RFC 9110 (HTTP semantics)");
const MAPI: Source = Source::confirmed("[MS-OXCMAPIHTTP] 2.2.3");
const ACTIVESYNC: Source = Source::confirmed("[MS-ASHTTP] 2.2");
const ENTRA: Source = Source::seen("Answers of Entra ID; names of the fields in MSAL");
const COMMON: Source = Source::unverified("Commonly known");

/// One field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name in lower case.
    pub name: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(name: &'static str, meaning: &'static str, source: Source) -> HeaderField {
    HeaderField { name, meaning, source }
}

/// Sorted by name.
const FIELDS: &[HeaderField] = &[
    row("cache-control", "Who may keep a copy of this, and how long", HTTP),
    row(
        "client-request-id",
        "Number that the client gave this request; the same in the server's logs",
        EXCHANGE,
    ),
    row("date", "The server's clock when it answered", HTTP),
    row("location", "Where the client is sent next", HTTP),
    row(
        "ms-asprotocolversion",
        "ActiveSync version that the client speaks; OAuth needs 16.0 or later in Outlook mobile",
        ACTIVESYNC,
    ),
    row(
        "ms-server-activesync",
        "Version of the Exchange server that answered ActiveSync",
        ACTIVESYNC,
    ),
    row("nel", "Where a browser reports failures of the network", COMMON),
    row("origin", "The site whose page sends this", HTTP),
    row("pragma", "Old form of Cache-Control", HTTP),
    row("proxy-authenticate", "How the proxy wants the client to sign in", HTTP),
    row("referer", "The page that led here", HTTP),
    row("request-id", "Key to this request in the Exchange logs (HttpProxy)", EXCHANGE),
    row("retry-after", "How long the client should wait before it tries again", HTTP),
    row("server", "Software that answered", HTTP),
    row("strict-transport-security", "Browsers must use https for this host", COMMON),
    row("user-agent", "The client and its version", HTTP),
    row("via", "A proxy stands between client and server", HTTP),
    row("x-anchormailbox", "The mailbox by which Exchange finds the back-end server", EXCHANGE),
    row("x-aspnet-version", "Version of ASP.NET on the server", COMMON),
    row(
        "x-backendhttpstatus",
        "Status that the back end gave the front end; the front end's own word is in the status line",
        EXCHANGE,
    ),
    row("x-beserver", "Back-end server that holds the mailbox", EXCHANGE),
    row("x-calculatedbetarget", "Back-end server that the front end chose", EXCHANGE),
    row("x-caserrorcode", "Why the front end found no back end", EXCHANGE),
    row("x-clientapplication", "The client and its version, in MAPI over HTTP", MAPI),
    row("x-clientinfo", "The client's own name for its connection", MAPI),
    row("x-deviceinfo", "The device that Outlook runs on", MAPI),
    row("x-diaginfo", "Back-end server that handled the request", EXCHANGE),
    row("x-expirationinfo", "How long the server keeps this MAPI session, in milliseconds", MAPI),
    row("x-feefzinfo", "Which kind of front end of Exchange Online answered", EXCHANGE),
    row("x-feproxyinfo", "Front-end server that passed the request on", EXCHANGE),
    row(
        "x-feserver",
        "Front-end server that answered: look there when only some requests fail",
        EXCHANGE,
    ),
    row("x-forwarded-for", "The client's address, as a proxy saw it", COMMON),
    row(
        "x-ms-clitelem",
        "Entra ID's word to the client: error, suberror, age of the refresh token",
        ENTRA,
    ),
    row("x-ms-ests-server", "Build of Entra ID that answered", ENTRA),
    row("x-ms-location", "Address of the mailbox, when it is another one", ACTIVESYNC),
    row("x-ms-request-id", "Key to this request in Entra ID's logs", ENTRA),
    row("x-mapihttpcapability", "Version of MAPI over HTTP that the client can speak", MAPI),
    row("x-owa-version", "Build of the Exchange server", EXCHANGE),
    row(
        "x-pendingperiod",
        "How often the server says that it is still at work, in milliseconds",
        MAPI,
    ),
    row("x-powered-by", "Software that answered", COMMON),
    row(
        "x-proxyerrorhresult",
        "Error by which the front end failed to reach the back end",
        EXCHANGE,
    ),
    row("x-requestid", "Number that the client gave this MAPI call", MAPI),
    row("x-requesttype", "Which MAPI call this is", MAPI),
    row("x-responsecode", "Result of the MAPI call; 0 is success", MAPI),
    row("x-serverapplication", "The server and its version, in MAPI over HTTP", MAPI),
    row("x-targetbeserver", "Back-end server that the front end sent the request to", EXCHANGE),
    row("x-user-identity", "The user as the client names them", EXCHANGE),
];

/// What a field says, whatever the letter case of its name.
pub fn find(name: &str) -> Option<&'static HeaderField> {
    FIELDS.iter().find(|row| row.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, find};

    #[test]
    fn every_field_is_found_once() {
        for row in FIELDS {
            assert_eq!(find(&row.name.to_uppercase()), Some(row));
            assert!(!row.meaning.ends_with('.') && !row.source.document.is_empty(), "{}", row.name);
        }
        assert_eq!(find("x-unknown"), None);
    }
}
