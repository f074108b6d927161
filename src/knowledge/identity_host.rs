//! The hosts of Entra ID and its relatives, in every cloud.

use super::{Source, is_within};

const FREE_BUSY: Source =
    Source::confirmed("Microsoft Learn: Resolve free/busy errors; microsoft/CSS-Exchange");
const COMMON: Source = Source::unverified("Commonly known; not compared with a document");

/// A host that takes part in signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityHost {
    /// The host name; its sub-domains belong to it.
    pub host: &'static str,
    /// Which cloud it serves.
    pub cloud: Cloud,
    /// What it does.
    pub role: Role,
    /// Where this comes from.
    pub source: Source,
}

/// Which cloud an identity host serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cloud {
    /// The worldwide cloud.
    Global,
    /// United States government.
    UsGovernment,
    /// China, operated by 21Vianet.
    China,
    /// The closed cloud in Germany.
    Germany,
    /// Personal Microsoft accounts, which are never part of Hybrid Modern Authentication.
    Consumer,
}

impl Cloud {
    /// What people call it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Global => "worldwide cloud",
            Self::UsGovernment => "US government cloud",
            Self::China => "China (21Vianet)",
            Self::Germany => "Germany (closed)",
            Self::Consumer => "personal Microsoft accounts",
        }
    }
}

/// What an identity host does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Sign-in pages and tokens: the authority.
    SignIn,
    /// Scripts, styles and pictures of the sign-in pages.
    Static,
    /// Registration and authentication of devices.
    DeviceRegistration,
    /// Tokens between servers (Access Control Service).
    Acs,
    /// Microsoft Graph, an API and not an authority.
    Graph,
    /// Kerberos for Seamless SSO.
    SeamlessSso,
}

impl Role {
    /// What it is for.
    pub fn text(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in pages and tokens",
            Self::Static => "content of the sign-in pages",
            Self::DeviceRegistration => "device registration",
            Self::Acs => "tokens between servers",
            Self::Graph => "Microsoft Graph",
            Self::SeamlessSso => "Seamless SSO",
        }
    }
}

const fn row(host: &'static str, cloud: Cloud, role: Role, source: Source) -> IdentityHost {
    IdentityHost { host, cloud, role, source }
}

/// Sub-domains with a role of their own stand before their domain.
const HOSTS: &[IdentityHost] = &[
    row("device.login.microsoftonline.com", Cloud::Global, Role::DeviceRegistration, COMMON),
    row("login.microsoftonline.com", Cloud::Global, Role::SignIn, FREE_BUSY),
    row("login.windows.net", Cloud::Global, Role::SignIn, FREE_BUSY),
    row("sts.windows.net", Cloud::Global, Role::SignIn, FREE_BUSY),
    row("login.microsoft.com", Cloud::Global, Role::SignIn, COMMON),
    row("autologon.microsoftazuread-sso.com", Cloud::Global, Role::SeamlessSso, COMMON),
    row("enterpriseregistration.windows.net", Cloud::Global, Role::DeviceRegistration, COMMON),
    row("aadcdn.msftauth.net", Cloud::Global, Role::Static, COMMON),
    row("aadcdn.msauth.net", Cloud::Global, Role::Static, COMMON),
    row("logincdn.msftauth.net", Cloud::Global, Role::Static, COMMON),
    row("accounts.accesscontrol.windows.net", Cloud::Global, Role::Acs, FREE_BUSY),
    row("graph.microsoft.com", Cloud::Global, Role::Graph, FREE_BUSY),
    row("login.microsoftonline.us", Cloud::UsGovernment, Role::SignIn, COMMON),
    row("login.partner.microsoftonline.cn", Cloud::China, Role::SignIn, COMMON),
    row("login.chinacloudapi.cn", Cloud::China, Role::SignIn, COMMON),
    row("sts.chinacloudapi.cn", Cloud::China, Role::SignIn, COMMON),
    row("login.microsoftonline.de", Cloud::Germany, Role::SignIn, COMMON),
    row("login.live.com", Cloud::Consumer, Role::SignIn, COMMON),
    row("account.live.com", Cloud::Consumer, Role::SignIn, COMMON),
];

/// What is known of a host: one of the table or a sub-domain of one, in any letter case, without port.
pub fn find(host: &str) -> Option<&'static IdentityHost> {
    HOSTS.iter().find(|row| is_within(host, row.host))
}

/// Whether a host is an Entra authority that an `authorization_uri` may name: the sign-in hosts of the worldwide and the
/// national clouds, not those of personal accounts, content or Graph.
pub fn is_entra_authority(host: &str) -> bool {
    find(host).is_some_and(|row| row.role == Role::SignIn && row.cloud != Cloud::Consumer)
}

#[cfg(test)]
mod tests {
    use super::{Cloud, HOSTS, Role, find, is_entra_authority};

    #[test]
    fn every_row_is_found_and_none_hides_another() {
        for row in HOSTS {
            assert_eq!(find(row.host), Some(row));
            assert_eq!(find(&format!("x.{}.", row.host.to_uppercase())), Some(row));
            assert!(!row.source.document.is_empty());
        }
    }

    #[test]
    fn look_alikes_are_not_found() {
        for host in [
            "login.microsoftonline.com.evil.example",
            "evillogin.microsoftonline.com",
            "login.microsoftonline.com:443",
            "microsoftonline.com",
            "mail.contoso.com",
            "",
            ".",
        ] {
            assert_eq!(find(host), None, "{host}");
        }
    }

    #[test]
    fn authorities_of_every_cloud_and_nothing_else() {
        for host in [
            "login.windows.net",
            "LOGIN.microsoftonline.com",
            "login.microsoftonline.us",
            "login.chinacloudapi.cn",
        ] {
            assert!(is_entra_authority(host), "{host}");
        }
        for host in [
            "login.live.com",
            "graph.microsoft.com",
            "aadcdn.msauth.net",
            "device.login.microsoftonline.com",
            "adfs.contoso.com",
        ] {
            assert!(!is_entra_authority(host), "{host}");
        }
        let device = find("device.login.microsoftonline.com").unwrap();
        assert_eq!((device.cloud, device.role), (Cloud::Global, Role::DeviceRegistration));
    }
}
