//! Microsoft's own services that mail programs ask tokens for beside the mailbox.

use super::{Source, identity_host, is_within};

/// Where the table comes from.
pub const SOURCE: Source =
    Source::unverified("Commonly known domains of Microsoft; not compared with a document");

/// Domains of Microsoft's services; an organisation's own Exchange lives in none of them.
const DOMAINS: &[&str] = &[
    "azure.com",
    "live.com",
    "lync.com",
    "microsoft.com",
    "microsoftazure.com",
    "microsoftonline.com",
    "msn.com",
    "office.com",
    "office.net",
    "office365.com",
    "office365.us",
    "officeapps.live.com",
    "onenote.com",
    "outlook.cn",
    "outlook.com",
    "sharepoint.com",
    "sharepoint.us",
    "skype.com",
    "skypeforbusiness.com",
    "svc.ms",
    "webmail.apps.mil",
    "windows.net",
    "windowsazure.com",
    "yammer.com",
];

/// Whether a host belongs to one of Microsoft's services, Entra ID and Exchange Online among them.
pub fn is_microsoft(host: &str) -> bool {
    identity_host::find(host).is_some() || DOMAINS.iter().any(|domain| is_within(host, domain))
}

#[cfg(test)]
mod tests {
    use super::is_microsoft;

    #[test]
    fn services_of_microsoft_are_not_an_organisations_own() {
        for host in ["graph.microsoft.com", "contoso.sharepoint.com", "outlook.office365.com"] {
            assert!(is_microsoft(host), "{host}");
        }
        for host in ["mail.contoso.com", "notmicrosoft.com", "outlook.com.contoso.com", ""] {
            assert!(!is_microsoft(host), "{host}");
        }
    }
}
