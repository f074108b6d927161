//! The hosts of Exchange Online, which is not the Exchange server whose sign-in is looked at.

use super::{Source, is_within};

const CHALLENGES: Source =
    Source::confirmed("Microsoft Learn: Resolve free/busy errors in Exchange hybrid");
const DISCOVERY: Source = Source::seen("Autodiscover and ActiveSync answers in recordings");
const LISTS: Source =
    Source::seen("Public lists of the clouds' addresses, and scripts that hold them");
const COMMON: Source = Source::unverified("Commonly known; not compared with a document");

/// A host of Exchange Online.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeOnlineHost {
    /// The host name; its sub-domains belong to it.
    pub host: &'static str,
    /// What it serves.
    pub serves: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(host: &'static str, serves: &'static str, source: Source) -> ExchangeOnlineHost {
    ExchangeOnlineHost { host, serves, source }
}

const HOSTS: &[ExchangeOnlineHost] = &[
    row("autodiscover-s.outlook.com", "Exchange Online, Autodiscover", DISCOVERY),
    row("protection.outlook.com", "Exchange Online, mail transport", COMMON),
    row("outlook.com", "Exchange Online and Outlook.com", CHALLENGES),
    row("outlook.office365.com", "Exchange Online", CHALLENGES),
    row("outlook-cba.office365.com", "Exchange Online, certificate sign-in of devices", DISCOVERY),
    row("outlook.office.com", "Exchange Online", CHALLENGES),
    row("outlook.office365.us", "Exchange Online, US government", COMMON),
    row("autodiscover-s.office365.us", "Exchange Online, US government, Autodiscover", LISTS),
    row("outlook-dod.office365.us", "Exchange Online, US Department of Defense", LISTS),
    row(
        "autodiscover-s-dod.office365.us",
        "Exchange Online, US Department of Defense, Autodiscover",
        LISTS,
    ),
    row("webmail.apps.mil", "Exchange Online, US Department of Defense", LISTS),
    row("partner.outlook.cn", "Exchange Online, China (21Vianet)", DISCOVERY),
];

/// What is known of a host: one of the table or a sub-domain of one, in any letter case, without port.
pub fn find(host: &str) -> Option<&'static ExchangeOnlineHost> {
    HOSTS.iter().find(|row| is_within(host, row.host))
}

/// Whether a host is Exchange Online.
pub fn is_exchange_online(host: &str) -> bool {
    find(host).is_some()
}

#[cfg(test)]
mod tests {
    use super::{HOSTS, find, is_exchange_online};

    #[test]
    fn every_row_is_found() {
        for row in HOSTS {
            assert_eq!(find(row.host), Some(row));
            assert!(!row.serves.is_empty() && !row.source.document.is_empty());
        }
    }

    #[test]
    fn hosts_of_the_cloud_and_hosts_of_your_own() {
        for host in [
            "Outlook.Office365.com",
            "eur01.prod.outlook.com",
            "smtp.mail.protection.outlook.com",
            "outlook.office365.us",
            "outlook-dod.office365.us",
            "autodiscover-s-dod.office365.us",
            "webmail.apps.mil",
        ] {
            assert!(is_exchange_online(host), "{host}");
        }
        for host in [
            "mail.contoso.com",
            "outlook.contoso.com",
            "outlook.office365.com.evil.example",
            "myoutlook.com",
            "office.com",
        ] {
            assert!(!is_exchange_online(host), "{host}");
        }
    }
}
