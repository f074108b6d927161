//! Names that a text gives away by what stands around them: `Tenant '…'`, `rpcproxy.dll?…`, `CONTOSO\anna`, `C:\Users\…`.

use std::net::Ipv4Addr;

use super::detector::Detector;
use super::names::{Found, Name, Uses, is_host, is_machine, run};
use super::well_known;

/// Longer texts are programs and pages, in which a word with dots (`this.local`) is code and no host.
const LONGEST_PLAIN: usize = 64 * 1024;
/// Longest document about one person.
const LONGEST_PROFILE: usize = 16 * 1024;
/// Longest name between quotes.
const LONGEST_NAME: usize = 80;
/// Longest host (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 253;
/// How far behind a label its value stands, in bytes: tags are between them.
const NEAR: usize = 96;
/// Shortest and longest name of a user behind a Windows domain, in bytes.
const USER: std::ops::RangeInclusive<usize> = 3..=64;
/// Longest name of a Windows domain, in bytes.
const LONGEST_DOMAIN: usize = 15;

/// Ends of names that only a customer's own name servers know, and of tenants.
const PRIVATE: &[&str] = &[
    ".local",
    ".lan",
    ".intern",
    ".internal",
    ".intra",
    ".corp",
    ".priv",
    ".home.arpa",
    ".onmicrosoft.com",
    ".onmicrosoft.us",
];
/// What a chain of members in a program begins with.
const PROGRAM: &[&str] = &["this.", "window.", "self.", "document.", "module.", "exports."];
/// What stands before a backslash and is no Windows domain.
const NO_DOMAINS: &[&str] = &[
    "NT",
    "AUTHORITY",
    "BUILTIN",
    "HKLM",
    "HKCU",
    "HKCR",
    "HKU",
    "IIS",
    "APPPOOL",
    "USERS",
    "WINDOWS",
    "SYSTEM",
    "SYSTEM32",
    "SOFTWARE",
    "DRIVERS",
    "TEMP",
    "ROOT",
    "CIMV2",
];
/// Profiles that every Windows has.
const NO_PROFILES: &[&str] =
    &["public", "default", "all users", "default user", "administrator", "shared"];
/// What stands before the name of a tenant or its directory, which a quotation mark ends.
const TENANTS: &[&str] =
    &["directory '", "enant '", "tenant named '", "rganization '", "from tenant "];
/// Parts of an address behind which the GUID of a person, device or organisation stands.
const OWNED: &[&str] = &["/users/", "/device/", "/devices/", "/groups/", "/oab/", "/OAB/"];
/// Labels of pages behind which a value stands that identifies somebody.
const LABELS: &[&str] =
    &["evice identifier", "evice ID", "ser identifier", "ser ID", "localAccountId"];

/// Finds the names.
pub(super) fn in_text(text: &str, names: &mut Found, uses: Uses<'_>) {
    if uses(Detector::Server) {
        rpc_targets(text, names);
        settings(text, names);
    }
    if uses(Detector::User) {
        logon_names(text, names);
        profiles(text, names);
    }
    if uses(Detector::AddressHost) {
        private_hosts(text, names);
        components(text, names);
    }
    if uses(Detector::IpAddress) && text.len() <= LONGEST_PLAIN {
        addresses(text, names);
    }
    if uses(Detector::Identifier) {
        owned(text, names);
    }
    if uses(Detector::Tenant) {
        tenants(text, names);
    }
    if uses(Detector::Person) {
        directory_names(text, names);
        userinfo(text, names);
        senders(text, names);
    }
}

/// The text behind each place where a mark stands.
fn behind<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(mark).filter_map(|(at, _)| text.get(at + mark.len()..))
}

/// The character before a place.
fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The beginning of a text, as long as that or a little shorter.
fn head(text: &str, length: usize) -> &str {
    text.get(..text.floor_char_boundary(length)).unwrap_or_default()
}

/// `/rpc/rpcproxy.dll?ex01.corp.contoso.com:6001`.
fn rpc_targets(text: &str, names: &mut Found) {
    for after in ["rpcproxy.dll?", "RpcProxy.dll?"].iter().flat_map(|mark| behind(text, mark)) {
        let target = run(after, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
        if !after.get(target.len()..).unwrap_or_default().starts_with('@') {
            names.server(target);
        }
    }
}

/// `<Name>InternalMailboxServer</Name><Value>…</Value>` of Autodiscover.
fn settings(text: &str, names: &mut Found) {
    for after in behind(text, "Name>").map(|after| head(after, 4 * NEAR)) {
        let name = run(after, |c| c.is_ascii_alphanumeric());
        let Some((between, rest)) = after.get(name.len()..).and_then(|t| t.split_once("Value>"))
        else {
            continue;
        };
        let value = rest.split('<').next().unwrap_or_default().trim();
        if between.len() > NEAR || !between.starts_with("</") || value.len() > LONGEST_NAME {
        } else if name.ends_with("Server") && is_machine(value) {
            names.server(value);
        } else if name.ends_with("DisplayName") {
            names.add(Name::Words(value.to_owned()));
        }
    }
}

/// `CONTOSO\anna`, in JSON `CONTOSO\\anna`.
fn logon_names(text: &str, names: &mut Found) {
    // A program's `OK\nNext` has an escape where a logon name has a letter.
    let has_escapes = ["{\"", "\\\"", "function"].iter().any(|mark| text.contains(mark));
    for (at, _) in text.match_indices('\\') {
        let head = text.get(..at).unwrap_or_default();
        let length = head
            .bytes()
            .rev()
            .take(LONGEST_DOMAIN + 1)
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
            .count();
        let start = at - length;
        let domain = text.get(start..at).unwrap_or_default();
        let follows = before(text, start).is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '\\' | '/' | '.' | '$' | '%' | '-')
        });
        let is_domain = (2..=LONGEST_DOMAIN).contains(&length)
            && domain.starts_with(|c: char| c.is_ascii_uppercase())
            && !NO_DOMAINS.contains(&domain);
        if follows || !is_domain {
            continue;
        }
        let after = text.get(at + 1..).unwrap_or_default();
        let (user, is_doubled) =
            after.strip_prefix('\\').map_or((after, false), |after| (after, true));
        let rest = user;
        let user = run(user, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        let is_path = rest.get(user.len()..).is_some_and(|rest| rest.starts_with('\\'));
        let is_escape =
            !is_doubled && has_escapes && user.starts_with(['n', 'r', 't', 'b', 'f', 'u', 'x']);
        let user = user.trim_end_matches(['.', '-']);
        if USER.contains(&user.len())
            && user.starts_with(|c: char| c.is_ascii_alphanumeric())
            && user.bytes().any(|b| b.is_ascii_alphabetic())
            && !is_path
            && !is_escape
        {
            names.user(&format!("{domain}\\{user}"));
        }
    }
}

/// `C:\Users\anna\AppData`.
fn profiles(text: &str, names: &mut Found) {
    for (mark, end) in [("\\Users\\", '\\'), ("\\\\Users\\\\", '\\'), ("/Users/", '/')] {
        for after in behind(text, mark) {
            let user = run(after, |c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' '));
            let ends = after.get(user.len()..).is_some_and(|rest| rest.starts_with(end));
            let is_own = !NO_PROFILES.contains(&user.to_ascii_lowercase().as_str());
            if ends && is_own && (1..=LONGEST_NAME).contains(&user.len()) {
                names.add(Name::Profile(user.to_owned()));
            }
        }
    }
}

/// `ex01.corp.contoso.local`, `contoso.onmicrosoft.com`, wherever they stand.
fn private_hosts(text: &str, names: &mut Found) {
    if text.len() > LONGEST_PLAIN {
        return;
    }
    for end in PRIVATE {
        for (at, _) in text
            .match_indices(end)
            .chain(text.match_indices(end.to_ascii_uppercase().as_str()).collect::<Vec<_>>())
        {
            let until = at + end.len();
            let mut after = text.get(until..).unwrap_or_default().chars();
            let next = after.next();
            let goes_on = next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '('))
                || (next == Some('.') && after.next().is_some_and(char::is_alphanumeric));
            let length = text
                .get(..at)
                .unwrap_or_default()
                .bytes()
                .rev()
                .take(LONGEST_HOST)
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
                .count();
            let word = text.get(at - length..until).unwrap_or_default();
            let word = without_escape(text.get(..at - length).unwrap_or_default(), word);
            let host = word.trim_start_matches(['.', '-']);
            let previous = before(text, at - length);
            let is_code = previous.is_some_and(|c| matches!(c, '$' | '_'))
                || PROGRAM.iter().any(|begin| host.starts_with(begin))
                || host.find('.').is_none_or(|first| first < 2);
            // Two labels (`state.local`) are a host only between marks, behind an `@` or as a cookie's domain.
            let is_marked = word.starts_with('.')
                || (previous.is_none_or(|c| matches!(c, '"' | '\'' | '>' | '@' | '/' | '='))
                    && next.is_none_or(|c| matches!(c, '"' | '\'' | '<' | '/' | '&' | ';' | ':')));
            let is_long = host.matches('.').count() >= 2 || host.contains('-');
            if !goes_on && !is_code && is_host(host) && (is_long || is_marked) {
                names.domain(host);
            }
        }
    }
}

/// A word without the end of an escape that stands before it: `%40contoso`, `\u0040contoso`, `\x40contoso`.
fn without_escape<'a>(before: &str, word: &'a str) -> &'a str {
    let length = match (before.chars().next_back(), word.chars().next()) {
        (Some('%'), _) => 2,
        (Some('\\'), Some('u')) => 5,
        (Some('\\'), Some('x')) => 3,
        _ => return word,
    };
    let digits = word.get(..length).unwrap_or_default().trim_start_matches(['u', 'x']);
    let is_escape = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    word.get(length..).filter(|_| is_escape).unwrap_or(word)
}

/// `DC=corp,DC=contoso,DC=local`.
fn components(text: &str, names: &mut Found) {
    let mut done = 0;
    for (at, mark) in text.match_indices("DC=") {
        if at < done {
            continue;
        }
        let mut end = at;
        while let Some(rest) = text.get(end..).filter(|rest| rest.starts_with(mark)) {
            let label = run(rest.get(mark.len()..).unwrap_or_default(), |c| {
                c.is_ascii_alphanumeric() || c == '-'
            });
            end += mark.len() + label.len();
            let tail = text.get(end..).unwrap_or_default();
            let gap = tail.strip_prefix(',').map_or(0, |t| 1 + t.len() - t.trim_start().len());
            if gap == 0 || !tail.get(gap..).is_some_and(|tail| tail.starts_with(mark)) {
                break;
            }
            end += gap;
        }
        done = end;
        let value = text.get(at..end).unwrap_or_default();
        if value.contains(',') {
            names.add(Name::Components(value.to_owned()));
        }
    }
}

/// Addresses of machines: of networks that nobody else has, with a port, in brackets, or behind a label. Versions of
/// programs have four numbers too: `Chrome/120.0.0.0`.
fn addresses(text: &str, names: &mut Found) {
    let bytes = text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_digit() || *b == b'.';
    let mut at = 0;
    while let Some(found) =
        bytes.get(at..).and_then(|rest| rest.iter().position(u8::is_ascii_digit))
    {
        let start = at + found;
        let length = bytes.iter().skip(start).take_while(|b| is_part(b)).count();
        at = start + length;
        let word = text.get(start..at).unwrap_or_default().trim_end_matches('.');
        let Ok(address) = word.parse::<Ipv4Addr>() else { continue };
        let previous = before(text, start);
        let next = text.get(start + word.len()..).unwrap_or_default();
        let is_version = previous
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
            && !text.get(..start).is_some_and(|head| head.ends_with("//"))
            || next.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
        let has_port = next
            .strip_prefix(':')
            .is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        let is_bracketed = previous == Some('[') && next.starts_with(']');
        let lead = text.get(text.floor_char_boundary(start.saturating_sub(NEAR))..start);
        let is_labelled = lead.is_some_and(|lead| {
            let lead = lead.to_ascii_lowercase();
            lead.contains("ip address") || lead.contains("ipaddress")
        });
        if !is_version && (address.is_private() || has_port || is_bracketed || is_labelled) {
            names.address(word);
        }
    }
}

/// GUIDs behind what says whose they are.
fn owned(text: &str, names: &mut Found) {
    for after in OWNED.iter().flat_map(|mark| behind(text, mark)) {
        let guid = run(after, |c| c.is_ascii_hexdigit() || c == '-');
        if well_known::is_guid(guid) {
            names.identifier(guid);
        }
    }
    for after in LABELS.iter().flat_map(|mark| behind(text, mark)) {
        let words = head(after, NEAR).split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
        if let Some(guid) = words.into_iter().find(|word| well_known::is_guid(word)) {
            names.identifier(guid);
        }
    }
}

/// `Tenant 'contoso.com' not found`, `was not found in the directory 'Contoso'`.
fn tenants(text: &str, names: &mut Found) {
    for mark in TENANTS {
        for after in behind(text, mark) {
            let name = if mark.ends_with('\'') {
                let Some((name, _)) = head(after, LONGEST_NAME).split_once('\'') else { continue };
                name
            } else {
                run(after, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
            };
            let name = name.trim_end_matches('.');
            if well_known::is_guid(name) {
                names.identifier(name);
            } else if is_host(name) {
                names.domain(name);
            } else if mark.ends_with('\'') && !name.contains(['{', '<', '"', '\\']) {
                names.add(Name::Company(name.to_owned()));
            }
        }
    }
}

/// `/o=Contoso/ou=…/cn=Recipients/cn=anna`.
fn directory_names(text: &str, names: &mut Found) {
    for mark in ["/o=", "/O="] {
        for (at, _) in text.match_indices(mark) {
            let value = head(text.get(at..).unwrap_or_default(), 512);
            let value = run(value, |c| {
                !c.is_control() && !matches!(c, '"' | '\'' | '<' | '>' | '&' | ';' | '|' | '\\')
            });
            let lower = value.to_ascii_lowercase();
            if lower.contains("/ou=") || lower.contains("/cn=") {
                names.add(Name::Directory(value.trim_end().to_owned()));
            }
        }
    }
}

/// `"Anna Miller" <anna@contoso.com>`, the form of names in letters.
fn senders(text: &str, names: &mut Found) {
    for (at, _) in text.match_indices("\" <") {
        let head = text.get(text.floor_char_boundary(at.saturating_sub(LONGEST_NAME))..at);
        let name = head.and_then(|head| Some(head.rsplit_once('"')?.1.trim_end_matches('\\')));
        let address =
            run(text.get(at + 3..).unwrap_or_default(), |c| !matches!(c, '>' | '<' | '"'));
        if let Some(name) = name.filter(|name| name.contains(' '))
            && address.contains('@')
            && !address.contains(char::is_whitespace)
        {
            names.add(Name::Words(name.to_owned()));
        }
    }
}

/// The name of a person in a document about one: `{"sub":…,"name":…}` (OpenID Connect Core §5.3.2).
fn userinfo(text: &str, names: &mut Found) {
    let is_one = text.len() <= LONGEST_PROFILE
        && text.trim_start().starts_with('{')
        && text.contains("\"name\"")
        && ["\"sub\"", "\"given_name\"", "\"family_name\""].iter().any(|key| text.contains(key));
    if !is_one {
        return;
    }
    let document: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(text).ok();
    if let Some(name) = document.as_ref().and_then(|d| d.get("name")?.as_str()) {
        names.add(Name::Words(name.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::without_escape;

    #[test]
    fn the_end_of_an_escape_is_no_part_of_a_name() {
        for (before, word, expected) in [
            ("anna%", "40contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            ("anna\\", "u0040contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            ("anna\\", "x40contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            ("anna@", "40contoso.onmicrosoft.com", "40contoso.onmicrosoft.com"),
            ("C:\\", "users.contoso.local", "users.contoso.local"),
        ] {
            assert_eq!(without_escape(before, word), expected, "{before}{word}");
        }
    }
}
