//! Finding the names of a capture: hosts, users, servers, tenants, addresses, by where they stand.

use std::collections::HashSet;
use std::convert::Infallible;
use std::num::NonZero;

use percent_encoding::percent_decode_str;

use super::detector::Detector;
use super::encodings::{self, Escapes};
use super::memo::{self, Memo, SharedMemo};
use super::pseudonym::Pseudonyms;
use super::texts::Text;
use super::{BLOCK, clues, texts, token, well_known};
use crate::capture::{Capture, Session};
use crate::cores;
use crate::http::{Challenges, Headers, Scheme};

/// Headers that hold the name of a server.
const SERVERS: &[&str] = &[
    "x-feserver",
    "x-beserver",
    "x-calculatedbetarget",
    "x-targetbeserver",
    "x-diaginfo",
    "x-proxiedby",
    "x-targetserver",
    "x-backendserver",
    "x-backend-server",
    "x-rpchttpproxyservertarget",
    "x-mailboxserver",
    "x-proxytargetserver",
    "x-proxyserver",
    "x-servername",
    "x-server-name",
    "x-machinename",
    "x-source-server",
];
/// Headers that hold a host name.
const HOSTS: &[&str] = &["host", ":authority", "x-forwarded-host", "x-original-host"];
/// Headers that hold addresses of machines, beside those whose name ends like one of [`ADDRESS_ENDINGS`].
const ADDRESSES: &[&str] = &["x-forwarded-for", "forwarded", "x-sourceipaddress"];
/// How names of headers end that hold addresses of machines: `x-azure-clientip`, `X-MS-Forwarded-Client-IP`.
const ADDRESS_ENDINGS: &[&str] = &["ip", "ip-address", "ipaddress", "remote-addr"];
/// Headers by which a proxy tells Entra ID which tenants may be used, separated by commas or a colon.
const TENANTS: &[&str] = &[
    "restrict-access-to-tenants",
    "restrict-access-context",
    "sec-restrict-tenant-access-policy",
    "x-ms-tenant-domain",
    "x-ms-tenant-id",
];
/// Headers that name a mailbox: `CONTOSO\\anna`, `SMTP:anna@contoso.com`, `PUID:10032001B7C2D3E4@…`.
const MAILBOXES: &[&str] = &["x-anchormailbox", "x-user-identity", "x-explicitlogon-user"];

/// Headers that name a request, for the logs of servers.
const REQUESTS: &[&str] = &[
    "request-id",
    "client-request-id",
    "x-ms-request-id",
    "x-ms-client-request-id",
    "x-ms-correlation-id",
    "x-requestid",
];

/// The GUIDs by which servers know a session.
pub(super) fn request_ids(session: &Session) -> Vec<String> {
    let answer = session.response.iter().flat_map(|response| response.headers.iter());
    session
        .request
        .headers
        .iter()
        .chain(answer)
        .filter(|field| REQUESTS.iter().any(|name| field.name.eq_ignore_ascii_case(name)))
        .map(|field| field.value.trim())
        .filter(|value| well_known::is_guid(value))
        .map(str::to_ascii_lowercase)
        .collect()
}

/// Gives every name of the capture a pseudonym. The names are looked for on all cores, and named in the order of the file.
pub(super) fn collect(capture: &Capture, names: &mut Pseudonyms, without: Option<Detector>) {
    let blocks: Vec<&[Session]> = capture.sessions.chunks(BLOCK).collect();
    let Ok(found) =
        cores::map(&blocks, NonZero::<usize>::MIN, &|| Ok::<(), Infallible>(()), |block| {
            let mut found = Found::default();
            let uses = |detector| without != Some(detector);
            block.iter().for_each(|session| in_session(session, &mut found, &uses));
            found.names
        });
    for name in found.into_iter().flatten() {
        match name {
            Name::Host(host) => drop(names.host(&host)),
            Name::Address(address) => drop(names.address(&address)),
            Name::Server(server) => drop(names.server(&server)),
            Name::Identifier(identifier) => drop(names.identifier(&identifier)),
            Name::MailAddress(local, domain) => drop(names.mail_address(&local, &domain)),
            Name::Domain(domain) => drop(names.domain(&domain)),
            Name::User(user) => drop(names.user(&user)),
            Name::Profile(user) => names.profile(&user),
            Name::Words(words) => drop(names.words(&words)),
            Name::Company(company) => drop(names.company(&company)),
            Name::Directory(name) => names.directory_name(&name),
            Name::Components(components) => names.components(&components),
        }
    }
}

/// A name, and what it names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Name {
    Host(String),
    Address(String),
    Server(String),
    Identifier(String),
    MailAddress(String, String),
    /// A host whose domain is an organisation's.
    Domain(String),
    User(String),
    Profile(String),
    Words(String),
    Company(String),
    Directory(String),
    Components(String),
}

/// The names found in some sessions, each once, by first appearance.
#[derive(Default)]
pub(super) struct Found {
    names: Vec<Name>,
    known: HashSet<Name>,
    texts: Memo<()>,
    shared: SharedMemo<()>,
}

impl Found {
    pub(super) fn add(&mut self, name: Name) {
        if self.known.insert(name.clone()) {
            self.names.push(name);
        }
    }

    fn host(&mut self, host: &str) {
        self.add(Name::Host(host.to_owned()));
    }

    pub(super) fn address(&mut self, address: &str) {
        self.add(Name::Address(address.to_owned()));
    }

    pub(super) fn server(&mut self, server: &str) {
        self.add(Name::Server(server.to_owned()));
    }

    pub(super) fn identifier(&mut self, identifier: &str) {
        self.add(Name::Identifier(identifier.to_owned()));
    }

    pub(super) fn domain(&mut self, domain: &str) {
        self.add(Name::Domain(domain.to_owned()));
    }

    pub(super) fn user(&mut self, user: &str) {
        self.add(Name::User(user.to_owned()));
    }

    fn mail_address(&mut self, local: &str, domain: &str) {
        self.add(Name::MailAddress(local.to_owned(), domain.to_owned()));
    }

    /// Whether a text was looked through before.
    fn knows(&mut self, text: Text<'_>) -> bool {
        match text {
            Text::Shared(text) if memo::is_shared(text) => {
                let known = self.shared.get(text, text).is_some();
                if !known {
                    self.shared.put(text, text, ());
                }
                known
            }
            Text::Own(text) if memo::is_worth_it(text) => {
                let known = self.texts.get(text).is_some();
                if !known {
                    self.texts.put(text, ());
                }
                known
            }
            _ => false,
        }
    }
}

/// Tells whether a detector is at work.
pub(super) type Uses<'a> = &'a dyn Fn(Detector) -> bool;

fn in_session(session: &Session, names: &mut Found, uses: Uses<'_>) {
    if uses(Detector::Host) {
        names.host(session.host());
    }
    if let Some(address) = session.server_address.as_ref().filter(|_| uses(Detector::IpAddress)) {
        names.address(address);
    }
    in_headers(&session.request.headers, names, uses);
    if let Some(response) = &session.response {
        in_headers(&response.headers, names, uses);
        if uses(Detector::Realm) {
            in_challenges(&response.headers, names);
        }
    }
    texts::each(session, &mut |text| {
        if names.knows(text) {
            return;
        }
        in_text(&text, names, uses);
        unescaped(&text, &mut |plain| in_text(plain, names, uses));
        in_base64(&text, names, uses);
        for payload in token::payloads(&text) {
            in_text(&serde_json::Value::Object(payload).to_string(), names, uses);
        }
    });
}

/// Undoes escapes, several of them one inside another, and shows what comes out each time.
fn unescaped(text: &str, see: &mut dyn FnMut(&str)) {
    /// Nobody escapes more often.
    const DEEPEST: usize = 3;
    let mut plain: Option<String> = None;
    for _ in 0..DEEPEST {
        let before = plain.clone();
        let text = before.as_deref().unwrap_or(text);
        for Escapes { mark, decode, .. } in encodings::ESCAPES {
            let now = plain.as_deref().unwrap_or(text);
            let next = if *mark == "%" {
                now.contains(mark).then(|| percent_decode_str(now).decode_utf8_lossy().into_owned())
            } else {
                now.contains(mark).then(|| decode(now)).flatten()
            };
            if let Some(next) = next.filter(|next| next != now) {
                see(&next);
                plain = Some(next);
            }
        }
        if plain == before {
            return;
        }
    }
}

/// Looks into words that are base64 of a text.
fn in_base64(text: &str, names: &mut Found, uses: Uses<'_>) {
    /// Shorter words hold no name, longer ones are documents.
    const WORTH_IT: std::ops::RangeInclusive<usize> = 20..=16 * 1024;
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=');
    for word in text.split(|c: char| !is_base64(c)).filter(|word| WORTH_IT.contains(&word.len())) {
        if encodings::begins_like_text(word)
            && let Some(plain) = encodings::base64_text(word)
        {
            in_text(&plain, names, uses);
        }
    }
}

fn in_challenges(headers: &Headers, names: &mut Found) {
    for challenge in &Challenges::of(headers) {
        if challenge.scheme != Scheme::Bearer
            && let Some(realm) = challenge.parameter("realm").filter(|realm| is_machine(realm))
        {
            names.server(realm);
        }
        for (_, realm) in challenge.trusted_issuers() {
            if well_known::is_guid(realm) {
                names.identifier(realm);
            } else if is_host(realm) {
                names.host(realm);
            }
        }
    }
}

fn in_headers(headers: &Headers, names: &mut Found, uses: Uses<'_>) {
    for field in headers {
        let name = field.name.to_ascii_lowercase();
        if SERVERS.contains(&name.as_str()) {
            if uses(Detector::Server) && !field.value.contains(char::is_whitespace) {
                names.server(&field.value);
            }
        } else if name == "via" {
            field.value.split(',').filter(|_| uses(Detector::Server)).for_each(|hop| {
                via(hop, names);
            });
        } else if HOSTS.contains(&name.as_str()) {
            if uses(Detector::Host) {
                let host = field.value.rsplit_once(':').map_or(&*field.value, |(host, _)| host);
                names.host(host);
            }
        } else if is_of_addresses(&name) {
            if uses(Detector::IpAddress) {
                in_addresses(&field.value, names);
            }
        } else if TENANTS.contains(&name.as_str()) {
            for tenant in field.value.split([',', ':']).map(str::trim) {
                if !uses(Detector::Tenant) {
                } else if well_known::is_guid(tenant) {
                    names.identifier(tenant);
                } else if is_host(tenant) {
                    names.domain(tenant);
                }
            }
        } else if MAILBOXES.contains(&name.as_str()) {
            if uses(Detector::User) {
                in_mailbox(&field.value, names);
            }
        } else if name == "content-disposition" {
            if uses(Detector::Person) {
                in_file_name(&field.value, names);
            }
        } else if name == "set-cookie" && uses(Detector::Host) {
            let attributes = field.value.split(';').filter_map(|pair| pair.trim().split_once('='));
            for (_, domain) in attributes.filter(|(name, _)| name.eq_ignore_ascii_case("domain")) {
                if is_host(domain.trim_start_matches('.')) {
                    names.domain(domain);
                }
            }
        }
    }
}

fn is_of_addresses(name: &str) -> bool {
    ADDRESSES.contains(&name) || ADDRESS_ENDINGS.iter().any(|end| name.ends_with(end))
}

/// `203.0.113.9, [2001:db8::1]:443` or `for="203.0.113.9";proto=https` (RFC 7239).
fn in_addresses(value: &str, names: &mut Found) {
    for part in value.split([',', ';']) {
        let address = part.rsplit('=').next().unwrap_or_default().trim().trim_matches('"');
        names.address(address);
    }
}

/// `attachment; filename="Anna Miller.pdf"`: what somebody called a file.
fn in_file_name(value: &str, names: &mut Found) {
    let file = value.split_once("filename=").map_or("", |(_, file)| file).trim_matches('"');
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem.contains(' ') && !stem.contains('"') {
        names.add(Name::Words(stem.to_owned()));
    }
}

/// The name of a mailbox, behind the word for its kind.
fn in_mailbox(value: &str, names: &mut Found) {
    let (kind, name) = value.split_once(':').unwrap_or(("", value));
    if name.contains('\\') {
        names.user(name.trim());
    } else if let Some((puid, _)) =
        name.split_once('@').filter(|_| kind.eq_ignore_ascii_case("puid"))
    {
        names.identifier(puid);
    }
}

/// `1.1 proxy01:8080 (product)`: a name of small letters alone is a product's.
fn via(hop: &str, names: &mut Found) {
    let name = hop.split_whitespace().nth(1).unwrap_or_default();
    let name = name.split(':').next().unwrap_or_default();
    if is_machine(name) && !well_known::is_vendor(&name.to_ascii_lowercase()) {
        names.server(name);
    }
}

/// Finds what a text itself shows to be a name.
fn in_text(text: &str, names: &mut Found, uses: Uses<'_>) {
    for (at, _) in text.match_indices('@').filter(|_| uses(Detector::MailAddress)) {
        mail_address_at(text, at, names);
    }
    for mark in ["://", ":\\/\\/"] {
        for (at, _) in text.match_indices(mark) {
            if let (Some(before), Some(after)) = (text.get(..at), text.get(at + mark.len()..))
                && !is_of_an_app(before)
            {
                address_at(after, names, uses);
            }
        }
    }
    clues::in_text(text, names, uses);
    for mark in ["S-1-5-21-", "s-1-5-21-", "S-1-12-1-", "s-1-12-1-"]
        .into_iter()
        .filter(|_| uses(Detector::SecurityId))
    {
        for (at, _) in text.match_indices(mark) {
            let sid = run(text.get(at..).unwrap_or_default(), |c| {
                c.is_ascii_digit() || matches!(c, '-' | 'S' | 's')
            });
            names.identifier(sid.trim_end_matches('-'));
        }
    }
}

fn mail_address_at(text: &str, at: usize, names: &mut Found) {
    let (before, after) =
        (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let length = before
        .bytes()
        .rev()
        .take(64)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+'))
        .count();
    let (head, local) = before.split_at_checked(before.len() - length).unwrap_or_default();
    // The digits of `%20` before an address are no part of it.
    let local = if head.ends_with('%') { local.get(2..).unwrap_or_default() } else { local };
    let local = local.trim_start_matches(['.', '-']);
    let guest = guest_before(before);
    let local = guest.as_deref().unwrap_or(local);
    let domain = run(after, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        .trim_end_matches(['.', '-']);
    if local.is_empty() {
        return;
    }
    if well_known::is_guid(domain) {
        names.identifier(domain);
        if well_known::is_guid(local) {
            names.identifier(local);
        }
    } else if is_host(domain) && !domain.starts_with("odata.") {
        names.mail_address(local, domain);
    }
}

/// What stands before the `@` of a guest's account: `anna_fabrikam.com#EXT#`.
fn guest_before(text: &str) -> Option<String> {
    let home = text.strip_suffix("#EXT#").or_else(|| text.strip_suffix("#ext#"))?;
    let is_local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+');
    let length = home.bytes().rev().take(128).take_while(is_local).count();
    let home = home.get(home.len() - length..).filter(|home| !home.is_empty())?;
    Some(format!("{home}#EXT#"))
}

/// Whether a text ends with a scheme that Microsoft's apps answer to (`ms-appx-web`, `msauth.com.microsoft.Outlook`):
/// behind it stands an app and no host.
fn is_of_an_app(text: &str) -> bool {
    let is_scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    let length = text.bytes().rev().take(64).take_while(|b| is_scheme(b)).count();
    text.get(text.len() - length..)
        .is_some_and(|scheme| scheme.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("ms")))
}

/// The host of an address, and the tenant that the first part of its path names.
fn address_at(after: &str, names: &mut Found, uses: Uses<'_>) {
    let authority =
        run(after, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | ':'));
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    if is_host(host) && uses(Detector::AddressHost) {
        names.host(host);
    }
    let path = after.get(authority.len()..).unwrap_or_default().trim_start_matches(['\\', '/']);
    let first = run(path, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    if !uses(Detector::Tenant) || !well_known::is_cloud_host(&host.to_ascii_lowercase()) {
    } else if well_known::is_guid(first) {
        names.identifier(first);
    } else if well_known::is_sign_in_host(&host.to_ascii_lowercase())
        && is_host(first)
        && path.get(first.len()..).is_some_and(|rest| rest.starts_with(['/', '\\']))
    {
        names.domain(first);
    }
}

pub(super) fn run(text: &str, accept: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c: char| !accept(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Whether a text has the form of a host name with a top-level domain.
pub(super) fn is_host(text: &str) -> bool {
    text.len() <= 253
        && text.contains('.')
        && !text.starts_with('.')
        && text
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()))
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !text.contains("..")
}

/// Whether a text has the form of a machine's name: a host, or a label with a digit or of capitals only. One of small
/// letters, or of few capitals, is as often a word.
pub(super) fn is_machine(text: &str) -> bool {
    const SHORTEST_OF_CAPITALS: usize = 6;
    let is_label = (3..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && text.bytes().any(|b| b.is_ascii_alphabetic());
    let has_digit = text.bytes().any(|b| b.is_ascii_digit());
    let is_of_capitals =
        text.len() >= SHORTEST_OF_CAPITALS && !text.bytes().any(|b| b.is_ascii_lowercase());
    (is_label && (has_digit || is_of_capitals) && !well_known::is_guid(text)) || is_host(text)
}

#[cfg(test)]
mod tests {
    use super::collect;
    use crate::capture::{Capture, Format, Session, SessionId};
    use crate::redact::BLOCK;
    use crate::redact::pseudonym::Pseudonyms;

    fn found_in(texts: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
        let mut capture = Capture::new("x", Format::Har);
        for (number, text) in (1..).zip(texts) {
            let mut session = Session::new(SessionId(number));
            session.comment = Some(text);
            capture.sessions.push(session);
        }
        let mut names = Pseudonyms::default();
        collect(&capture, &mut names, None);
        names.hunted().iter().map(|p| (p.name.clone(), p.mask.clone())).collect()
    }

    #[test]
    fn names_are_found_by_their_form() {
        let found = found_in([r#"{"u":"anna.m@contoso.com","x":"https:\/\/ex1.fabrikam.com\/","a":"00000001-0000-0000-c000-000000000000@5de110f8-2e0f-4d45-891d-bcf2218e253d","s":"S-1-5-21-1-2-3-1104","members@odata.bind":1,"i":"https://sts.windows.net/1d3c9b43-0d0f-45d9-a207-99dc10fb7d4a/"}"#.to_owned()]);
        let found: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        for name in [
            "anna.m@contoso.com",
            "contoso.com",
            "ex1.fabrikam.com",
            "5de110f8-2e0f-4d45-891d-bcf2218e253d",
            "s-1-5-21-1-2-3-1104",
            "1d3c9b43-0d0f-45d9-a207-99dc10fb7d4a",
        ] {
            assert!(found.contains(&name), "{name} in {found:?}");
        }
        assert!(!found.iter().any(|name| name.contains("odata") || name.starts_with("00000001")));
    }

    #[test]
    fn what_only_looks_like_a_name_stays() {
        for text in [
            "Chrome/120.0.0.0 and 15.1.225.35",
            "e.local=this.state.local(x);a.b.internalize",
            r#"{"a":"ERROR\nPlease","b":"HKLM\\Software"}"#,
            r"C:\Users\Public\x C:\WINDOWS\System32\drivers",
            "https://login.microsoftonline.com/favicon.ico https://login.microsoftonline.com/login.srf",
            "Tenant '{0}' not found; in the directory 'Microsoft Services'",
            "/rpc/rpcproxy.dll?server:6001 and 1.1 squid",
            "<Name>MailboxServer</Name><Value>TRUE</Value>",
        ] {
            assert_eq!(found_in([text.to_owned()]), [], "{text}");
        }
    }

    #[test]
    fn pseudonyms_are_numbered_in_the_order_of_the_file() {
        let users = 3 * BLOCK;
        let found = found_in((0..users).map(|n| format!("{{\"u\":\"u-{n}@contoso.com\"}}")));
        for number in 0..users {
            let name = format!("u-{number}@contoso.com");
            let mask = format!("user{}@domain1.example", number + 1);
            assert!(found.contains(&(name, mask)), "{number}");
        }
    }
}
