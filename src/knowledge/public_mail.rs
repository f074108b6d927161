//! Mail services for everybody, whose web pages have names like an organisation's own Exchange: `mail.google.com`.

use super::{Source, is_within};

/// Where the table comes from.
pub const SOURCE: Source =
    Source::unverified("Commonly known domains of mail services; not compared with a document");

/// Domains of mail services; an organisation's own Exchange lives in none of them.
const DOMAINS: &[&str] = &[
    "163.com",
    "aol.com",
    "fastmail.com",
    "gmx.com",
    "gmx.net",
    "google.com",
    "icloud.com",
    "mail.com",
    "mail.ru",
    "proton.me",
    "qq.com",
    "web.de",
    "yahoo.co.jp",
    "yahoo.com",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
    "zoho.eu",
];

/// Whether a host belongs to a mail service for everybody.
pub fn is_public_mail(host: &str) -> bool {
    DOMAINS.iter().any(|domain| is_within(host, domain))
}

#[cfg(test)]
mod tests {
    use super::is_public_mail;

    #[test]
    fn mail_for_everybody_is_not_an_organisations_own() {
        for host in ["mail.google.com", "MAIL.yahoo.com", "mail.ru"] {
            assert!(is_public_mail(host), "{host}");
        }
        for host in ["mail.contoso.com", "mail.notgoogle.com", "webmail.com", ""] {
            assert!(!is_public_mail(host), "{host}");
        }
    }
}
