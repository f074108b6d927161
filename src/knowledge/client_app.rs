//! Well-known identifiers: client applications, services, issuers.

use super::Source;

const EHLO: Source = Source::confirmed(
    "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises",
);
const ON_PREMISES: Source =
    Source::confirmed("Microsoft Learn: Enabling Modern Auth in Exchange on-premises (AD FS)");
const EAS_SCRIPT: Source = Source::confirmed("microsoft/CSS-Exchange: Test-HMAEAS.ps1");
const HEALTH_CHECKER: Source = Source::confirmed(
    "microsoft/CSS-Exchange: HealthChecker and ConfigureExchangeHybridApplication",
);
const HYBRID: Source =
    Source::confirmed("Exchange Team Blog: Deep Dive: How Hybrid Authentication Really Works");
const CLAIMS: Source = Source::confirmed("Microsoft Learn: Access token claims reference");
const PARTNER_ERROR: Source =
    Source::seen("Blogs on hybrid REST, which quote the id in Exchange's error 2000008");
const CHINA_LOG: Source =
    Source::seen("Microsoft Q&A 1629044: challenge of Exchange Online in China");
const LISTS: Source = Source::seen("Public lists of mail applications seen in tenants");
const UNVERIFIED: Source = Source::unverified("Commonly known; not in the documents compared");

/// A well-known identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientApp {
    /// The GUID, in lower case.
    pub id: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it identifies.
    pub kind: IdKind,
    /// Where this comes from.
    pub source: Source,
}

/// What an identifier stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A program that people sign in with (`appid`, `azp`, `client_id`).
    Client,
    /// A service that tokens are made for, or that asks for them itself.
    Service,
    /// A token service, named in `iss` and `trusted_issuers`.
    Issuer,
    /// A tenant (`tid`).
    Tenant,
    /// An application permission.
    Permission,
}

impl IdKind {
    /// One word for a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::Client => "client application",
            Self::Service => "service",
            Self::Issuer => "token service",
            Self::Tenant => "tenant",
            Self::Permission => "application permission",
        }
    }
}

/// Exchange: Exchange Online, and every Exchange server, in tokens and challenges.
pub const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

const fn row(id: &'static str, name: &'static str, kind: IdKind, source: Source) -> ClientApp {
    ClientApp { id, name, kind, source }
}

/// Sorted by identifier.
const APPS: &[ClientApp] = &[
    row(
        "00000001-0000-0000-c000-000000000000",
        "Access Control Service, the token service between servers",
        IdKind::Issuer,
        HYBRID,
    ),
    row(
        "00000001-0002-0000-c000-000000000000",
        "Access Control Service in China (21Vianet)",
        IdKind::Issuer,
        CHINA_LOG,
    ),
    row(
        "00000002-0000-0000-c000-000000000000",
        "Azure AD Graph (retired)",
        IdKind::Service,
        CLAIMS,
    ),
    row(
        EXCHANGE,
        "Office 365 Exchange Online, also Exchange Server on premises",
        IdKind::Service,
        EHLO,
    ),
    row("00000003-0000-0000-c000-000000000000", "Microsoft Graph", IdKind::Service, PARTNER_ERROR),
    row("00000003-0000-0ff1-ce00-000000000000", "SharePoint", IdKind::Service, HYBRID),
    row(
        "00000004-0000-0ff1-ce00-000000000000",
        "Skype for Business / Lync Server",
        IdKind::Service,
        HYBRID,
    ),
    row("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams", IdKind::Client, LISTS),
    row(
        "27922004-5251-4030-b22d-91ecd9a37ea4",
        "Outlook Mobile (iOS and Android)",
        IdKind::Client,
        EAS_SCRIPT,
    ),
    row(
        "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "Microsoft Authentication Broker",
        IdKind::Client,
        UNVERIFIED,
    ),
    row("2cee05de-2b8f-45a2-8289-2a06ca32c4c8", "Gmail (Android mail)", IdKind::Client, LISTS),
    row(
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        "Microsoft Teams web client",
        IdKind::Client,
        LISTS,
    ),
    row("7557eb47-c689-4224-abcf-aef9bd7573df", "Teams Scheduler", IdKind::Service, HEALTH_CHECKER),
    row("8acd33ea-7197-4a96-bc33-d7cc7101262f", "Samsung Email", IdKind::Client, LISTS),
    row(
        "9188040d-6c67-4c5b-b112-36a304b66dad",
        "Personal Microsoft accounts: the consumer tenant, which cannot hold an Exchange mailbox of yours",
        IdKind::Tenant,
        CLAIMS,
    ),
    row(
        "9199bf20-a13f-4107-85dc-02114787ef48",
        "One Outlook Web (new Outlook, Outlook on the web)",
        IdKind::Client,
        LISTS,
    ),
    row("9e5f94bc-e8a4-4e73-b8be-63364c29d753", "Mozilla Thunderbird", IdKind::Client, LISTS),
    row("b50c1dbd-1855-4e54-b07c-d3c3029e93d3", "Spark", IdKind::Client, LISTS),
    row(
        "d3590ed6-52b3-4102-aeff-aad2292ab01c",
        "Microsoft Office (Outlook for Windows and Mac)",
        IdKind::Client,
        EHLO,
    ),
    row("db7de2b5-2149-435e-8043-e080dd50afae", "Cloud Voicemail", IdKind::Service, HEALTH_CHECKER),
    row(
        "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
        "full_access_as_app, the right of the dedicated Exchange hybrid application",
        IdKind::Permission,
        HEALTH_CHECKER,
    ),
    row("e0ee12cb-2032-40fc-a44f-d6d9f3fad1eb", "Android Email", IdKind::Client, LISTS),
    row("e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd", "eM Client", IdKind::Client, LISTS),
    row(
        "f8d98a96-0999-43f5-8af3-69971c7bb423",
        "Apple Internet Accounts (Mail on iOS and macOS)",
        IdKind::Client,
        ON_PREMISES,
    ),
];

/// Clients that read mail, which is what they ask tokens for.
const MAIL_CLIENTS: &[&str] = &[
    "27922004-5251-4030-b22d-91ecd9a37ea4",
    "2cee05de-2b8f-45a2-8289-2a06ca32c4c8",
    "8acd33ea-7197-4a96-bc33-d7cc7101262f",
    "9199bf20-a13f-4107-85dc-02114787ef48",
    "9e5f94bc-e8a4-4e73-b8be-63364c29d753",
    "b50c1dbd-1855-4e54-b07c-d3c3029e93d3",
    "d3590ed6-52b3-4102-aeff-aad2292ab01c",
    "e0ee12cb-2032-40fc-a44f-d6d9f3fad1eb",
    "e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd",
    "f8d98a96-0999-43f5-8af3-69971c7bb423",
];

/// Whether an identifier is that of a client that reads mail.
pub fn is_mail_client(id: &str) -> bool {
    MAIL_CLIENTS.contains(&id.to_ascii_lowercase().as_str())
}

/// What is known of an identifier, in any letter case.
pub fn find(id: &str) -> Option<&'static ClientApp> {
    let id = id.to_ascii_lowercase();
    APPS.binary_search_by_key(&id.as_str(), |row| row.id).ok().and_then(|at| APPS.get(at))
}

#[cfg(test)]
mod tests {
    use super::{APPS, EXCHANGE, IdKind, MAIL_CLIENTS, find, is_mail_client};

    #[test]
    fn the_table_is_sorted_complete_and_found() {
        assert!(APPS.windows(2).all(|pair| pair[0].id < pair[1].id));
        for row in APPS {
            assert_eq!(find(&row.id.to_uppercase()), Some(row));
            assert!(!row.name.is_empty() && !row.source.document.is_empty());
            assert_eq!((row.id.len(), row.id.matches('-').count()), (36, 4));
        }
        assert!(find(EXCHANGE).unwrap().name.contains("Exchange"));
        assert_eq!(find("11111111-2222-3333-4444-555555555555"), None);
    }

    #[test]
    fn mail_clients_are_known_clients() {
        assert!(MAIL_CLIENTS.iter().all(|id| find(id).is_some_and(|a| a.kind == IdKind::Client)));
        assert!(
            is_mail_client("D3590ED6-52B3-4102-AEFF-AAD2292AB01C") && !is_mail_client(EXCHANGE)
        );
    }
}
