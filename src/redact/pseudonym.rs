//! Pseudonyms: the same name gets the same mask everywhere, and what relates two names relates their masks: hosts of one
//! domain stay hosts of one domain, an address stays in its domain.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use super::ledger::is_mask;
use super::well_known;

/// The domain of every made-up host (RFC 2606 keeps it free).
const FAKE_DOMAIN: &str = "example";
/// What a made-up GUID begins with.
const FAKE_GUID: &str = "00000000-0000-4000-8000-";
/// What a made-up security identifier begins with.
const FAKE_SID: &str = "S-1-5-21-0-0-0-";
/// What stands between the two addresses of a guest's account.
const GUEST: &str = "#EXT#";
/// Shortest logon name, in bytes, that is replaced wherever it stands as a word.
const SHORTEST_LOGON: usize = 6;
/// Shortest name of an organisation, in bytes, that is replaced wherever it stands as a word.
const SHORTEST_COMPANY: usize = 5;

/// A name, its mask, and whether it may only be replaced as a whole word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pseudonym {
    pub(super) name: String,
    pub(super) mask: String,
    pub(super) whole_word: bool,
}

/// The pseudonyms given so far, by first appearance.
#[derive(Debug, Default)]
pub(super) struct Pseudonyms {
    masks: HashMap<(Class, String), String>,
    counters: HashMap<Class, usize>,
    hunted: Vec<Pseudonym>,
    known: HashSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    User,
    Domain,
    Tenant,
    Host,
    Server,
    Identifier,
    Person,
    Company,
    Address,
}

impl Pseudonyms {
    /// An address (`anna@contoso.com`), a Windows logon name (`CONTOSO\anna`) or a plain one.
    pub(super) fn user(&mut self, value: &str) -> String {
        let value = value.trim();
        if let Some((local, domain)) = value.rsplit_once('@') {
            return self.mail_address(local, domain);
        }
        if let Some((domain, rest)) = value.split_once('\\') {
            // In a text of JSON there are two.
            let user = rest.trim_start_matches('\\');
            let slashes = "\\".repeat(1 + rest.len() - user.len());
            if is_numbered(domain, "server") && is_numbered(user, "user") {
                return value.to_owned();
            }
            let local = self.local(user);
            let mask = format!("{}{slashes}{local}", self.server(domain));
            self.logon(user, local);
            return self.hunt(value, mask, true);
        }
        if well_known::is_guid(value) {
            return self.identifier(value);
        }
        if is_numbered(value, "user") {
            return value.to_owned();
        }
        let mask = self.local(value);
        // A plain word may be any word of a page; one with a digit or a dot is a name.
        if value.len() > 4
            && is_made_up(value)
            && !well_known::is_common_word(&value.to_ascii_lowercase())
        {
            return self.hunt(value, mask, true);
        }
        mask
    }

    /// The owner of a profile on a disk: `C:\Users\anna\AppData`.
    pub(super) fn profile(&mut self, user: &str) {
        if !is_numbered(user, "user") {
            let mask = self.local(user);
            for mark in ['\\', '/'] {
                self.hunt(&format!("users{mark}{user}"), format!("Users{mark}{mask}"), true);
            }
            self.logon(user, mask);
        }
    }

    /// Lets a logon name be replaced wherever it stands, if it is long and no word of a protocol.
    fn logon(&mut self, user: &str, mask: String) {
        if user.len() >= SHORTEST_LOGON
            && user.bytes().any(|b| b.is_ascii_alphabetic())
            && !user.contains(char::is_whitespace)
            && !well_known::is_common_word(&user.to_ascii_lowercase())
        {
            self.hunt(user, mask, true);
        }
    }

    /// `anna@contoso.com` → `user1@domain1.example`. Users of one name in two domains keep one name.
    pub(super) fn mail_address(&mut self, local: &str, domain: &str) -> String {
        let address = format!("{local}@{domain}");
        if local.is_empty() || domain.is_empty() || is_mask(local) {
            return address;
        }
        if let Some(home) = stripped(local, GUEST) {
            return self.guest(home, domain);
        }
        let host =
            if well_known::is_guid(domain) { self.identifier(domain) } else { self.host(domain) };
        if well_known::is_guid(local) {
            return format!("{}@{host}", self.identifier(local));
        }
        if host == domain && (domain.ends_with(FAKE_DOMAIN) || is_numbered(local, "user")) {
            return address;
        }
        self.organisation(domain, &host);
        let user = self.local(local);
        if is_made_up(local) {
            self.logon(local, user.clone());
        }
        let mask = format!("{user}@{host}");
        // Folders of people are called so: `/personal/anna_m_contoso_com/`.
        self.hunt(&joined(&address), joined(&mask), true);
        self.hunt(&address, mask, false)
    }

    /// A guest's account: `anna_fabrikam.com#EXT#@contoso.onmicrosoft.com`.
    fn guest(&mut self, home: &str, domain: &str) -> String {
        let address = format!("{home}{GUEST}@{domain}");
        let tenant = self.host(domain);
        if tenant == domain && home.ends_with(FAKE_DOMAIN) {
            return address;
        }
        let mask = match home.rsplit_once('_') {
            Some((user, host)) if host.contains('.') => {
                let at_home = self.mail_address(user, host);
                let mask = at_home.replacen('@', "_", 1);
                self.hunt(home, mask, true)
            }
            _ => self.local(home),
        };
        self.hunt(&address, format!("{mask}{GUEST}@{tenant}"), false)
    }

    /// A domain that is known to be an organisation's: its name without the ending stands elsewhere.
    pub(super) fn domain(&mut self, domain: &str) -> String {
        let domain = domain.trim_start_matches("*.").trim_start_matches('.');
        let mask = self.host(domain);
        if mask != domain {
            self.organisation(domain, &mask);
        }
        mask
    }

    /// The name of an organisation in words.
    pub(super) fn company(&mut self, value: &str) -> String {
        let value = value.trim();
        let lower = value.to_lowercase();
        if value.is_empty()
            || is_mask(value)
            || is_numbered(value, "organisation")
            || well_known::is_common_word(&lower)
            || well_known::is_vendor(&lower)
        {
            return value.to_owned();
        }
        let mask = self.numbered(Class::Company, &lower, |n| format!("organisation{n}"));
        if value.len() >= SHORTEST_COMPANY { self.hunt(value, mask, true) } else { mask }
    }

    /// The names in a name of the Exchange directory: `/o=Contoso/ou=…/cn=Recipients/cn=anna`.
    pub(super) fn directory_name(&mut self, value: &str) {
        let parts: Vec<(String, &str)> = value
            .split('/')
            .filter_map(|part| part.split_once('='))
            .map(|(kind, name)| (kind.to_ascii_lowercase(), name))
            .collect();
        let is_server = parts.iter().any(|(_, name)| name.eq_ignore_ascii_case("servers"));
        for (at, (kind, name)) in parts.iter().enumerate() {
            let lower = name.to_ascii_lowercase();
            let above = at.checked_sub(1).and_then(|at| parts.get(at)).map_or("", |(_, name)| name);
            if well_known::is_directory_word(&lower) {
            } else if kind == "o" {
                self.company(name);
            } else if kind == "cn" && is_server && above.eq_ignore_ascii_case("servers") {
                self.server(name);
            } else if kind == "cn" && above.eq_ignore_ascii_case("recipients") {
                // `1f2e…-anna`: Exchange Online puts a number before the alias.
                let alias = name.rsplit_once('-').map_or(*name, |(number, alias)| {
                    if number.bytes().all(|b| b.is_ascii_hexdigit()) { alias } else { name }
                });
                if !is_numbered(alias, "user") {
                    let mask = self.local(alias);
                    self.hunt(
                        &format!("cn=recipients/cn={alias}"),
                        format!("cn=Recipients/cn={mask}"),
                        true,
                    );
                    self.logon(alias, mask);
                }
            }
        }
    }

    /// A domain by its components: `DC=corp,DC=contoso,DC=local`.
    pub(super) fn components(&mut self, value: &str) {
        let labels: Vec<&str> = value.split(',').filter_map(|part| part.trim().get(3..)).collect();
        let host = labels.join(".");
        let mask = self.host(&host);
        if mask != host {
            let mask: Vec<_> = mask.split('.').map(|label| format!("DC={label}")).collect();
            self.hunt(value, mask.join(","), true);
        }
    }

    /// The name of an organisation without its ending, `contoso`, as error messages and Windows domains use it.
    fn organisation(&mut self, domain: &str, mask: &str) {
        let lower = domain.to_ascii_lowercase();
        if host_stays(&lower) {
            return;
        }
        let (_, registered) = well_known::registered_domain(&lower);
        let name = registered.split('.').next().unwrap_or_default();
        let mask = mask.split('.').rev().nth(1).unwrap_or(mask);
        if name.len() > 4 && !well_known::is_common_word(name) {
            self.hunt(name, mask.to_owned(), true);
        }
    }

    /// `ex1.contoso.com` → `host1.domain1.example`; names of functions (`mail`, `autodiscover`) and well-known hosts stay.
    pub(super) fn host(&mut self, host: &str) -> String {
        let lower = host.trim().trim_end_matches('.').to_ascii_lowercase();
        if lower.is_empty() || is_mask(&lower) || well_known::is_public_host(&lower) {
            return host.to_owned();
        }
        if lower.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            return self.address(host);
        }
        if !lower.contains('.') {
            return self.server(&lower);
        }
        let (labels, domain) = if let Some(suffix) = well_known::tenant_suffix(&lower) {
            let name = lower.strip_suffix(suffix).unwrap_or_default().trim_end_matches('.');
            let tenant = if is_numbered(name, "tenant") {
                name.to_owned()
            } else {
                self.numbered(Class::Tenant, name, |n| format!("tenant{n}"))
            };
            (Vec::new(), format!("{tenant}.{suffix}"))
        } else {
            let (labels, domain) = well_known::registered_domain(&lower);
            let mask =
                self.numbered(Class::Domain, &domain, |n| format!("domain{n}.{FAKE_DOMAIN}"));
            self.hunt(&domain, mask.clone(), is_short(&domain));
            (labels, mask)
        };
        let mut mask = String::new();
        for label in labels {
            if well_known::is_generic_label(label) {
                mask.push_str(label);
            } else {
                mask.push_str(&self.numbered(Class::Host, label, |n| format!("host{n}")));
            }
            mask.push('.');
        }
        mask.push_str(&domain);
        self.hunt(&lower, mask, is_short(&lower))
    }

    /// The short name of a server or Windows domain.
    pub(super) fn server(&mut self, label: &str) -> String {
        let label = label.trim();
        if label.contains('.') {
            return self.host(label);
        }
        if label.is_empty()
            || is_mask(label)
            || is_numbered(label, "server")
            || label.eq_ignore_ascii_case("localhost")
            || well_known::is_common_word(&label.to_ascii_lowercase())
        {
            return label.to_owned();
        }
        let mask =
            self.numbered(Class::Server, &label.to_ascii_lowercase(), |n| format!("server{n}"));
        if label.len() < 3 { mask } else { self.hunt(label, mask, true) }
    }

    /// A GUID, a security identifier or any other identifier of a person, device or tenant.
    pub(super) fn identifier(&mut self, value: &str) -> String {
        let value = value.trim();
        let lower = value.to_ascii_lowercase();
        let is_guid = well_known::is_guid(value);
        if value.is_empty()
            || is_mask(value)
            || (is_guid && well_known::is_public_guid(&lower))
            || value.starts_with(FAKE_SID)
            || is_numbered(value, "id")
        {
            return value.to_owned();
        }
        if lower.contains('@') {
            return self.user(value);
        }
        let mask = self.numbered(Class::Identifier, &lower, |n| {
            if is_guid {
                format!("{FAKE_GUID}{n:012x}")
            } else if lower.starts_with("s-1-") {
                format!("{FAKE_SID}{n}")
            } else {
                format!("id{n}")
            }
        });
        if is_guid {
            let short = mask.replace('-', "");
            self.hunt(&lower.replace('-', ""), short, false);
        }
        if value.len() < 8 { mask } else { self.hunt(value, mask, true) }
    }

    /// A person's name in words.
    pub(super) fn words(&mut self, value: &str) -> String {
        let value = value.trim();
        if value.is_empty() || is_mask(value) || is_numbered(value, "Person ") {
            return value.to_owned();
        }
        if value.contains('@') {
            return self.user(value);
        }
        let mask = self.numbered(Class::Person, &value.to_lowercase(), |n| format!("Person {n}"));
        if value.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("/o=")) {
            self.directory_name(value);
        }
        if value.len() <= 5 || !value.contains(' ') {
            return mask;
        }
        for turned in turned(value) {
            self.hunt(&turned, mask.clone(), true);
        }
        self.hunt(value, mask, true)
    }

    /// An IP address, with its port if it has one; loopback and made-up addresses stay.
    pub(super) fn address(&mut self, value: &str) -> String {
        let plain = value.trim();
        let bare = plain.trim_matches(['[', ']']);
        let (host, port) = match bare.parse::<IpAddr>() {
            Ok(_) => (bare, ""),
            Err(_) => {
                plain.rsplit_once(':').map_or((bare, ""), |(h, p)| (h.trim_matches(['[', ']']), p))
            }
        };
        let Ok(address) = host.parse::<IpAddr>() else { return value.to_owned() };
        let is_fake = match address {
            IpAddr::V4(v4) => matches!(v4.octets(), [198, 18 | 19, ..]),
            IpAddr::V6(v6) => matches!(v6.segments(), [0x2001, 0xdb8, ..]),
        };
        if address.is_loopback() || address.is_unspecified() || is_fake {
            return value.to_owned();
        }
        let mask = self.numbered(Class::Address, host, |n| match address {
            // RFC 2544 keeps 198.18.0.0/15 free.
            IpAddr::V4(_) => format!("198.{}.{}.{}", 18 + ((n >> 16) & 1), (n >> 8) & 255, n & 255),
            IpAddr::V6(_) => format!("2001:db8::{n:x}"),
        });
        let mask = self.hunt(host, mask, true);
        if port.is_empty() { mask } else { format!("{mask}:{port}") }
    }

    /// The names to replace wherever they stand, and their masks.
    pub(super) fn hunted(&self) -> &[Pseudonym] {
        &self.hunted
    }

    /// How many names got a mask.
    pub(super) fn len(&self) -> usize {
        self.masks.len()
    }

    fn local(&mut self, local: &str) -> String {
        if is_mask(local) || is_numbered(local, "user") {
            return local.to_owned();
        }
        self.numbered(Class::User, &local.to_lowercase(), |n| format!("user{n}"))
    }

    fn numbered(&mut self, class: Class, name: &str, mask: impl Fn(usize) -> String) -> String {
        if let Some(mask) = self.masks.get(&(class, name.to_owned())) {
            return mask.clone();
        }
        let counter = self.counters.entry(class).or_default();
        *counter += 1;
        let mask = mask(*counter);
        self.masks.insert((class, name.to_owned()), mask.clone());
        mask
    }

    fn hunt(&mut self, name: &str, mask: String, whole_word: bool) -> String {
        let lower = name.to_ascii_lowercase();
        if !lower.eq_ignore_ascii_case(&mask) && self.known.insert(lower.clone()) {
            self.hunted.push(Pseudonym { name: lower, mask: mask.clone(), whole_word });
        }
        mask
    }
}

/// Whether a domain is so short (`t.co`) that it also stands inside words (`list.concat`).
fn is_short(domain: &str) -> bool {
    domain.len() < 8
}

/// Whether a host belongs to everybody, or to a cloud of which only one label is a customer's.
fn host_stays(host: &str) -> bool {
    well_known::is_public_host(host) || well_known::tenant_suffix(host).is_some()
}

/// Whether a text is one of our own masks. No capture has so many names that a mask needs four digits: `user4711` is a
/// real name, and so is `server01`.
fn is_numbered(text: &str, begin: &str) -> bool {
    text.get(..begin.len()).is_some_and(|head| head.eq_ignore_ascii_case(begin))
        && text.get(begin.len()..).is_some_and(|n| {
            (1..=3).contains(&n.len())
                && !n.starts_with('0')
                && n.bytes().all(|b| b.is_ascii_digit())
        })
}

/// Whether a word has something that words of a language have not: a digit, a dot, an underscore.
fn is_made_up(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_'))
}

/// An address as a part of a path: `anna_m_contoso_com`.
fn joined(address: &str) -> String {
    address.replace(['.', '@'], "_")
}

/// The text without its ending, in whatever case it is written.
fn stripped<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    let (head, tail) = text.split_at_checked(at)?;
    tail.eq_ignore_ascii_case(end).then_some(head)
}

/// A person's name in the other orders: `Miller, Anna` for `Anna Miller`.
fn turned(name: &str) -> Vec<String> {
    if let Some((last, first)) = name.split_once(", ") {
        return vec![format!("{first} {last}")];
    }
    match name.rsplit_once(' ') {
        Some((first, last)) => vec![format!("{last}, {first}"), format!("{last} {first}")],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Pseudonyms;

    #[test]
    fn relations_between_names_are_kept() {
        let mut names = Pseudonyms::default();
        assert_eq!(names.user("Anna@contoso.com"), "user1@domain1.example");
        assert_eq!(names.host("mail.contoso.com"), "mail.domain1.example");
        assert_eq!(names.host("EX1.corp.contoso.com"), "host1.host2.domain1.example");
        assert_eq!(names.user("anna@fabrikam.co.uk"), "user1@domain2.example");
        assert_eq!(names.user("ben@contoso.com"), "user2@domain1.example");
        assert_eq!(names.user("CONTOSO\\anna"), "server1\\user1");
        assert_eq!(names.user(r"CONTOSO\\anna"), r"server1\\user1");
        assert_eq!(names.host("contoso.sharepoint.com"), "tenant1.sharepoint.com");
        assert_eq!(names.host("login.windows.net"), "login.windows.net");
        assert_eq!(names.address("203.0.113.9:443"), "198.18.0.1:443");
    }

    #[test]
    fn only_long_and_uncommon_names_are_hunted() {
        let mut names = Pseudonyms::default();
        for user in ["CONTOSO\\anna", "CONTOSO\\administrator", "CONTOSO\\annamiller"] {
            names.user(user);
        }
        names.user("reason@identity.com");
        names.server("TOKEN");
        names.company("Microsoft Corporation");
        let hunted: Vec<_> = names.hunted().iter().map(|name| name.name.as_str()).collect();
        for name in ["annamiller", "contoso", "contoso\\anna", "identity.com"] {
            assert!(hunted.contains(&name), "{name} in {hunted:?}");
        }
        for word in ["anna", "administrator", "reason", "identity", "token"] {
            assert!(!hunted.contains(&word), "{word} in {hunted:?}");
        }
        assert_eq!(names.company("Microsoft Corporation"), "Microsoft Corporation");
    }

    #[test]
    fn a_name_is_known_in_its_other_forms() {
        let mut names = Pseudonyms::default();
        assert_eq!(names.user("anna.m@contoso.com"), "user1@domain1.example");
        assert_eq!(
            names.user("anna.m_contoso.com#EXT#@fabrikam.onmicrosoft.com"),
            "user1_domain1.example#EXT#@tenant1.onmicrosoft.com"
        );
        names.words("Miller, Anna");
        names.directory_name("/o=Fabrikam/cn=Configuration/cn=Servers/cn=EX01");
        names.components("DC=corp,DC=fabrikam,DC=local");
        names.profile("anna.m");
        for (name, mask) in [
            ("anna_m_contoso_com", "user1_domain1_example"),
            ("anna.m", "user1"),
            ("anna miller", "Person 1"),
            ("fabrikam", "organisation1"),
            ("ex01", "server1"),
            ("dc=corp,dc=fabrikam,dc=local", "DC=host1,DC=domain2,DC=example"),
            ("users\\anna.m", "Users\\user1"),
        ] {
            let found = names.hunted().iter().find(|hunted| hunted.name == name);
            assert_eq!(found.map(|found| found.mask.as_str()), Some(mask), "{name}");
        }
    }

    #[test]
    fn a_real_name_may_look_like_a_mask() {
        let mut names = Pseudonyms::default();
        assert_eq!(names.user("CONTOSO\\user4711"), "server1\\user1");
        assert_eq!(names.server("SERVER0177"), "server2");
        assert_eq!(names.user("user7@contoso.com"), "user7@domain1.example");
        assert_eq!(names.host("contoso-adfs.trafficmanager.net"), "tenant1.trafficmanager.net");
    }

    #[test]
    fn a_mask_is_its_own_mask() {
        let mut names = Pseudonyms::default();
        for mask in
            ["user1@domain1.example", "mail.domain1.example", "user1@tenant1.onmicrosoft.com"]
        {
            assert_eq!(if mask.contains('@') { names.user(mask) } else { names.host(mask) }, mask);
        }
        assert!(!names.hunted().iter().any(|name| name.name == "domain1"));
        for mask in ["00000000-0000-4000-8000-000000000001", "S-1-5-21-0-0-0-4", "id7"] {
            assert_eq!(names.identifier(mask), mask);
        }
        assert_eq!(names.words("Person 3"), "Person 3");
        assert_eq!(names.company("organisation3"), "organisation3");
        for user in ["server1\\user2", "user1_domain1.example#EXT#@tenant1.onmicrosoft.com"] {
            assert_eq!(names.user(user), user);
        }
        assert_eq!(names.address("198.18.0.1"), "198.18.0.1");
        assert_eq!(names.server("SERVER2"), "SERVER2");
        assert!(names.hunted().is_empty());
    }
}
