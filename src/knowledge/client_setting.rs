//! Settings on a user's computer that decide how Outlook signs in.

use super::Source;

const MODERN_AUTH: Source =
    Source::confirmed("Microsoft Learn: How modern authentication works for Office client apps");
const ALTERNATE_ID: Source =
    Source::confirmed("Microsoft Learn: Configure alternate login ID (AD FS)");
const AD_FS: Source =
    Source::confirmed("Microsoft Learn: Enabling Modern Auth in Exchange on-premises (AD FS)");
const WAM: Source = Source::confirmed(
    "Microsoft Learn: Continuous access evaluation; Configure alternate login ID (AD FS)",
);
const SEEN: Source = Source::seen("Forums and articles on Outlook's Autodiscover");
const POLICY: Source = Source::inferred("How Office reads group policy");
const MAC: Source = Source::inferred(
    "Exchange Team Blog: Announcing Hybrid Modern Authentication; managed preferences of Outlook for Mac",
);

/// Office 2016 and later, per user.
const IDENTITY: &str = r"HKCU\Software\Microsoft\Office\16.0\Common\Identity";
/// Outlook's Autodiscover, per user.
const AUTODISCOVER: &str = r"HKCU\Software\Microsoft\Office\16.0\Outlook\AutoDiscover";

/// A registry value or preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientSetting {
    /// The registry key or preference domain.
    pub place: &'static str,
    /// The value's name.
    pub name: &'static str,
    /// What the value does.
    pub effect: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(
    place: &'static str,
    name: &'static str,
    effect: &'static str,
    source: Source,
) -> ClientSetting {
    ClientSetting { place, name, effect, source }
}

/// By place; a name may stand in several places.
const SETTINGS: &[ClientSetting] = &[
    row(
        r"HKCU\Software\Microsoft\Office\15.0\Common\Identity",
        "EnableADAL",
        "Outlook 2013 uses modern authentication only when this is 1, together with Version = 1.",
        MODERN_AUTH,
    ),
    row(
        r"HKCU\Software\Microsoft\Office\15.0\Common\Identity",
        "Version",
        "Must be 1 beside EnableADAL = 1 on Outlook 2013.",
        MODERN_AUTH,
    ),
    row(
        IDENTITY,
        "EnableADAL",
        "Missing or 1: modern authentication. 0: Outlook never sends an empty Bearer and uses older schemes only.",
        MODERN_AUTH,
    ),
    row(
        IDENTITY,
        "DisableADALatopWAMOverride",
        "1: Office signs in without the Windows broker (WAM), so that the traffic to Entra becomes visible in a trace. Meant \
            for diagnosis; continuous access evaluation is then not supported.",
        WAM,
    ),
    row(
        IDENTITY,
        "DisableAADWAM",
        "1: Office does not use the Windows broker (WAM) for work accounts. Not supported in the long run.",
        WAM,
    ),
    row(
        IDENTITY,
        "EnableAlternateIdSupport",
        "1: Office accepts that the sign-in name differs from the mail address (alternate login id); needs DomainHint under \
            HKCU\\Software\\Microsoft\\AuthN and the sign-in host in the Local intranet zone.",
        ALTERNATE_ID,
    ),
    row(
        IDENTITY,
        "EnableExchangeOnPremModernAuth",
        "1: Outlook trusts AD FS as the authority of an Exchange server. This is AD FS modern authentication, not Hybrid Modern \
            Authentication.",
        AD_FS,
    ),
    row(
        r"HKLM\SOFTWARE\Policies\Microsoft\AAD\AuthTrustedDomains",
        "AuthTrustedDomains",
        "Sub-keys named https://<AD FS host> and https://<AD FS host>/ let Windows trust AD FS for AD FS modern authentication.",
        AD_FS,
    ),
    row(
        r"HKCU\Software\Microsoft\Exchange",
        "AlwaysUseMSOAuthForAutoDiscover",
        "1: Outlook uses modern authentication for Autodiscover too.",
        MODERN_AUTH,
    ),
    row(
        AUTODISCOVER,
        "ExcludeExplicitO365Endpoint",
        "1: Outlook does not ask Exchange Online first. Only where no user has a cloud mailbox.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeScpLookup",
        "1: Outlook does not look for Autodiscover in Active Directory.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeHttpsRootDomain",
        "1: Outlook does not ask https://<mail domain>/autodiscover.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeHttpsAutoDiscoverDomain",
        "1: Outlook does not ask https://autodiscover.<mail domain>.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeHttpRedirect",
        "1: Outlook does not follow the redirect of http://autodiscover.<mail domain>.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeSrvRecord",
        "1: Outlook does not look for the DNS record _autodiscover._tcp.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "ExcludeLastKnownGoodURL",
        "1: Outlook does not begin with the address that worked last.",
        SEEN,
    ),
    row(
        AUTODISCOVER,
        "PreferLocalXML",
        "1: Outlook reads Autodiscover from a local file first, so that no request may be visible.",
        SEEN,
    ),
    row(
        r"HKCU\Software\Policies\Microsoft\Office\16.0",
        "Policies",
        "Values set by group policy; they win over the same values outside Policies.",
        POLICY,
    ),
    row(
        "macOS, com.microsoft.Outlook",
        "DisableModernAuth",
        "YES: Outlook for Mac does not use modern authentication; set it to NO with defaults write.",
        MAC,
    ),
    row(
        "macOS, com.microsoft.Outlook",
        "ADFSAuthorizedURLs",
        "Hosts of AD FS that Outlook for Mac trusts, for AD FS modern authentication.",
        AD_FS,
    ),
];

/// Every setting of this name, in any letter case.
pub fn find(name: &str) -> impl Iterator<Item = &'static ClientSetting> {
    SETTINGS.iter().filter(move |row| row.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::{SETTINGS, find};

    #[test]
    fn the_table_is_complete_unique_and_found() {
        for row in SETTINGS {
            assert!(row.effect.ends_with('.') && !row.effect.contains("  "), "{}", row.name);
            assert!(!row.place.is_empty() && !row.source.document.is_empty());
            let same = find(row.name).filter(|found| found.place == row.place).count();
            assert_eq!(same, 1, "{}", row.name);
        }
        assert_eq!(find("enableadal").count(), 2);
        assert_eq!(find("EnableCoffee").count(), 0);
    }
}
