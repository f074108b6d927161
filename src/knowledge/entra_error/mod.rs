//! Entra's error codes (`AADSTSnnnnn`), as they meet someone who signs in to Exchange.

mod account;
mod application;
mod client;
mod federation;
mod grant;
mod policy;
mod service;
mod tenant;

use super::Source;

const LEARN: Source = Source::confirmed(
    "Microsoft Learn: Microsoft Entra authentication and authorization error codes",
);
const TLS: Source = Source::confirmed(
    "Microsoft Learn: Enable support for TLS 1.2 for Microsoft Entra TLS 1.1 and 1.0 deprecation",
);
const LAB: Source =
    Source::seen("Recorded with Exchange Server Subscription Edition and AD FS, 2026");
const UNVERIFIED: Source = Source::unverified("Commonly known; not in Microsoft's public list");

/// Each sorted by code.
const TABLES: [&[EntraError]; 8] = [
    account::ERRORS,
    application::ERRORS,
    client::ERRORS,
    federation::ERRORS,
    grant::ERRORS,
    policy::ERRORS,
    service::ERRORS,
    tenant::ERRORS,
];

/// One `AADSTS` code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntraError {
    /// The number behind `AADSTS`.
    pub code: u32,
    /// The OAuth `error` that usually comes with it. Microsoft does not publish the pairs: rely on the code.
    pub oauth_error: &'static str,
    /// The family of causes.
    pub class: ErrorClass,
    /// What a client does about it by itself.
    pub action: ClientAction,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where the meaning comes from; class, action and fix are this program's reading of it.
    pub source: Source,
}

/// What a client does about an error by design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientAction {
    /// Nothing helps until an administrator acts.
    Stop,
    /// Shows the sign-in window.
    Interactive,
    /// Tries again later.
    Retry,
    /// Goes on: the error belongs to a sign-in that works.
    Noise,
}

impl ClientAction {
    /// One sentence for a person.
    pub fn text(self) -> &'static str {
        match self {
            Self::Stop => "The client cannot get on until an administrator acts.",
            Self::Interactive => "The client shows the sign-in window and goes on.",
            Self::Retry => "The client tries again later.",
            Self::Noise => "Part of a sign-in that works; nothing to do.",
        }
    }
}

/// The family of causes that a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The resource asked for is not registered in the tenant: the missing service principal name.
    ResourceMissing,
    /// An earlier sign-in was revoked.
    GrantRevoked,
    /// An earlier sign-in, code or session ran out.
    GrantExpired,
    /// A policy about devices, places, risk or apps.
    ConditionalAccess,
    /// The network or a cross-tenant policy does not allow the tenant.
    TenantRestriction,
    /// The reply URL is not registered.
    ReplyUrl,
    /// A second factor is needed.
    Mfa,
    /// Name or password is wrong or expired.
    Credentials,
    /// The account is missing, locked, disabled or not assigned.
    Account,
    /// Nobody consented to the client.
    Consent,
    /// The client itself: unknown, disabled, without credentials, or sending malformed requests.
    Client,
    /// AD FS, another identity provider, pass-through authentication or Seamless SSO.
    Federation,
    /// The wrong tenant, cloud or authority.
    Tenant,
    /// A passing trouble of the service.
    Transient,
    /// A pause that belongs to a sign-in that works.
    Interrupt,
    /// None of these.
    Other,
}

/// What is known of a code.
pub fn find(code: u32) -> Option<&'static EntraError> {
    TABLES.iter().find_map(|table| {
        table.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| table.get(at))
    })
}

/// Every known code, table by table.
pub fn all() -> impl Iterator<Item = &'static EntraError> {
    TABLES.into_iter().flatten()
}

/// Every code that a text names as `AADSTSnnnnn`, in the text's order, each once. Texts may nest them; the last is
/// usually the cause.
pub fn codes_in(text: &str) -> Vec<u32> {
    let mut codes = Vec::new();
    for rest in text.split("AADSTS").skip(1) {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        if let Ok(code) = digits.parse()
            && !codes.contains(&code)
        {
            codes.push(code);
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::{ClientAction, ErrorClass, TABLES, all, codes_in, find};
    use std::collections::HashSet;

    #[test]
    fn tables_are_sorted_and_codes_are_unique() {
        for table in TABLES {
            assert!(table.is_sorted_by_key(|row| row.code));
        }
        let codes: HashSet<u32> = all().map(|row| row.code).collect();
        assert_eq!(codes.len(), all().count());
    }

    #[test]
    fn every_row_is_complete_and_has_a_meaning_of_its_own() {
        let mut meanings = HashSet::new();
        for row in all() {
            assert!(find(row.code).is_some_and(|found| found == row), "{}", row.code);
            assert!(row.meaning.ends_with('.') && row.fix.ends_with(['.', 's']), "{}", row.code);
            assert!(!row.oauth_error.is_empty() && !row.source.document.is_empty());
            assert!(!row.fix.contains("  ") && !row.meaning.contains("  "), "{}", row.code);
            meanings.insert(row.meaning);
        }
        assert_eq!(meanings.len(), all().count());
    }

    #[test]
    fn advice_never_overwrites_the_list_of_names() {
        for row in all() {
            assert!(!row.fix.contains("-ServicePrincipalNames @("), "{}", row.code);
        }
        assert!(find(500_011).unwrap().fix.contains("ServicePrincipalNames += "));
    }

    #[test]
    fn codes_that_rules_rely_on() {
        for (code, class, action) in [
            (500_011, ErrorClass::ResourceMissing, ClientAction::Stop),
            (50_001, ErrorClass::ResourceMissing, ClientAction::Stop),
            (50_173, ErrorClass::GrantRevoked, ClientAction::Interactive),
            (700_082, ErrorClass::GrantExpired, ClientAction::Interactive),
            (70_008, ErrorClass::GrantExpired, ClientAction::Interactive),
            (700_084, ErrorClass::GrantExpired, ClientAction::Interactive),
            (70_043, ErrorClass::GrantExpired, ClientAction::Interactive),
            (53_003, ErrorClass::ConditionalAccess, ClientAction::Stop),
            (530_032, ErrorClass::ConditionalAccess, ClientAction::Stop),
            (500_021, ErrorClass::TenantRestriction, ClientAction::Stop),
            (50_011, ErrorClass::ReplyUrl, ClientAction::Stop),
            (50_076, ErrorClass::Mfa, ClientAction::Interactive),
            (50_126, ErrorClass::Credentials, ClientAction::Interactive),
            (50_058, ErrorClass::Interrupt, ClientAction::Noise),
            (70_016, ErrorClass::Interrupt, ClientAction::Noise),
            (90_033, ErrorClass::Transient, ClientAction::Retry),
        ] {
            let row = find(code).unwrap();
            assert_eq!((row.class, row.action), (class, action), "{code}");
        }
        assert_eq!(find(12_345), None);
    }

    #[test]
    fn codes_by_what_the_client_does_next() {
        let groups: [(ClientAction, &[u32]); 4] = [
            (
                ClientAction::Stop,
                &[
                    20_001, 20_012, 20_033, 50_001, 50_002, 50_006, 50_008, 50_011, 50_012, 50_013,
                    50_017, 50_049, 50_050, 50_053, 50_056, 50_057, 50_059, 50_064, 50_105, 50_107,
                    50_128, 50_131, 50_135, 50_177, 50_178, 50_194, 50_196, 53_000, 53_001, 53_002,
                    53_003, 53_004, 53_010, 53_011, 65_002, 65_005, 70_001, 70_002, 70_004, 80_001,
                    80_007, 80_010, 80_012, 80_013, 90_002, 90_014, 90_019, 90_023, 90_072, 90_094,
                    90_095, 135_011, 500_011, 500_021, 500_022, 500_133, 500_212, 500_213, 530_032,
                    530_035, 650_052, 650_056, 650_057, 700_011, 700_016, 700_027, 700_030,
                    900_144, 900_971, 901_002, 1_002_016, 7_000_112, 7_000_215, 7_000_218,
                    7_000_222, 9_002_313,
                ],
            ),
            (
                ClientAction::Interactive,
                &[
                    16_000, 16_003, 50_005, 50_014, 50_020, 50_034, 50_055, 50_072, 50_074, 50_076,
                    50_078, 50_079, 50_085, 50_089, 50_097, 50_126, 50_127, 50_129, 50_132, 50_133,
                    50_144, 50_155, 50_158, 50_161, 50_173, 50_180, 50_187, 51_004, 51_006, 54_005,
                    65_001, 65_004, 70_008, 70_043, 70_044, 700_082, 700_084,
                ],
            ),
            (
                ClientAction::Retry,
                &[
                    50_033, 50_087, 50_088, 80_002, 80_005, 80_014, 90_006, 90_012, 90_024, 90_033,
                    90_055, 230_109,
                ],
            ),
            (
                ClientAction::Noise,
                &[16_001, 16_002, 50_058, 50_125, 50_136, 50_140, 50_168, 50_199, 51_005, 70_016],
            ),
        ];
        for (action, codes) in groups {
            for code in codes {
                assert_eq!(find(*code).map(|row| row.action), Some(action), "{code}");
            }
        }
    }

    #[test]
    fn codes_in_a_text() {
        assert_eq!(
            codes_in("AADSTS70002: Error validating credentials. AADSTS50012: … AADSTS70002"),
            [70_002, 50_012]
        );
        assert_eq!(codes_in("error_description=AADSTS500011%3a+The+resource"), [500_011]);
        assert!(codes_in("AADSTS AADSTSx AADSTS99999999999 50173").is_empty());
    }
}
