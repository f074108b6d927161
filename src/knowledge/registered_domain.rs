//! Where the names begin that an organisation gives itself: `contoso.co.uk` of `mail.contoso.co.uk`.

use super::Source;

/// Where the table comes from.
pub const SOURCE: Source = Source::unverified(
    "Commonly known labels of the Public Suffix List; private and rare suffixes are left out",
);

/// Labels below a country's domain under which organisations register their names.
const SECOND_LEVELS: &[&str] = &[
    "ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "govt", "gv", "ltd", "mil", "ne", "net",
    "nhs", "or", "org", "plc", "sch",
];

/// The domain that an organisation registered, of a host in it; a bare name is its own.
pub fn registered_domain(host: &str) -> &str {
    let mut ends = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), second, third) = (ends.next(), ends.next(), ends.next()) else { return host };
    let top = host.get(last + 1..).unwrap_or_default();
    let label = host.get(second.map_or(0, |at| at + 1)..last).unwrap_or_default();
    let is_country = top.len() == 2 && SECOND_LEVELS.iter().any(|s| s.eq_ignore_ascii_case(label));
    let dot = if is_country { third } else { second };
    dot.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::registered_domain;

    #[test]
    fn a_domain_has_two_labels_and_three_below_a_countrys() {
        for (host, domain) in [
            ("ex1.corp.contoso.com", "contoso.com"),
            ("contoso.com", "contoso.com"),
            ("mail.contoso.co.uk", "contoso.co.uk"),
            ("Mail.Contoso.COM.au", "Contoso.COM.au"),
            ("contoso.co.jp", "contoso.co.jp"),
            ("mail.abc.de", "abc.de"),
            ("mail.com.contoso.de", "contoso.de"),
            ("mail.co.com", "co.com"),
            ("co.uk", "co.uk"),
            ("ex1", "ex1"),
            (".", "."),
            ("", ""),
        ] {
            assert_eq!(registered_domain(host), domain, "{host}");
        }
    }
}
