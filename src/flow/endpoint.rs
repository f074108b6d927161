//! What a session talks to: which virtual directory of Exchange, or which endpoint of an identity provider.

use super::Actor;
use crate::capture::Session;
use crate::http::{Challenges, Target};
use crate::knowledge::{client_app, exchange_online_host, identity_host};

/// The protocol of a session with Exchange, by its virtual directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// `/autodiscover`
    Autodiscover,
    /// `/mapi`: MAPI over HTTP.
    Mapi,
    /// `/EWS`
    Ews,
    /// `/OAB`: offline address book.
    Oab,
    /// `/Microsoft-Server-ActiveSync`
    ActiveSync,
    /// `/owa`
    Owa,
    /// `/ecp`
    Ecp,
    /// `/rpc`: Outlook Anywhere, which cannot do OAuth.
    Rpc,
    /// `/PowerShell`
    PowerShell,
    /// `/api`: Outlook REST.
    Rest,
    /// Anything else on an Exchange host.
    Other,
}

impl Protocol {
    /// The protocol's name in reports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Autodiscover => "autodiscover",
            Self::Mapi => "mapi",
            Self::Ews => "ews",
            Self::Oab => "oab",
            Self::ActiveSync => "activesync",
            Self::Owa => "owa",
            Self::Ecp => "ecp",
            Self::Rpc => "rpc",
            Self::PowerShell => "powershell",
            Self::Rest => "rest",
            Self::Other => "other",
        }
    }

    /// The protocol's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Autodiscover => "Autodiscover",
            Self::Mapi => "MAPI",
            Self::Ews => "EWS",
            Self::Oab => "OAB",
            Self::ActiveSync => "ActiveSync",
            Self::Owa => "OWA",
            Self::Ecp => "ECP",
            Self::Rpc => "Outlook Anywhere",
            Self::PowerShell => "PowerShell",
            Self::Rest => "REST",
            Self::Other => "Exchange",
        }
    }

    /// Whether Hybrid Modern Authentication is meant for this protocol (the documents' virtual directories).
    pub const fn does_hma(self) -> bool {
        matches!(
            self,
            Self::Autodiscover
                | Self::Mapi
                | Self::Ews
                | Self::Oab
                | Self::ActiveSync
                | Self::Owa
                | Self::Ecp
        )
    }

    fn of_path(path: &str) -> Option<Self> {
        let path = path.to_ascii_lowercase();
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        Some(match first {
            "autodiscover" => Self::Autodiscover,
            "mapi"
                if path.starts_with("/mapi/emsmdb")
                    || path.starts_with("/mapi/nspi")
                    || path.starts_with("/mapi/healthcheck") =>
            {
                Self::Mapi
            }
            "ews" => Self::Ews,
            "oab" => Self::Oab,
            "microsoft-server-activesync" => Self::ActiveSync,
            "owa" => Self::Owa,
            "ecp" => Self::Ecp,
            "rpc" if path.starts_with("/rpc/rpcproxy.dll") => Self::Rpc,
            "powershell" | "powershell-liveid" => Self::PowerShell,
            _ => return None,
        })
    }
}

/// Addresses of Exchange that a user's client authenticates to, and those that are different by design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Where a client authenticates.
    Client,
    /// Anonymous by design: Autodiscover v2 JSON, the port-80 redirect, health checks.
    Anonymous,
    /// `…/WSSecurity`: SOAP messages that carry their own security (`DAuth`).
    WsSecurity,
    /// `/EWS/mrsproxy.svc`: mailbox moves, Windows authentication only.
    MrsProxy,
    /// The request was not recorded, and its answer speaks for Exchange: a challenge pasted into a ticket.
    Unseen,
}

/// What an address of an identity provider is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityPurpose {
    /// `OpenID` configuration, instance discovery, federation metadata.
    Discovery,
    /// The provider's signing keys.
    Keys,
    /// Which kind of account a user has.
    UserRealm,
    /// The authorize endpoint.
    Authorize,
    /// Pages and calls of the interactive sign-in.
    SignIn,
    /// The token endpoint.
    Token,
    /// WS-Trust: user name or Windows sign-in without pages.
    WsTrust,
    /// Device registration and certificates.
    Device,
    /// The access control service that issues server-to-server tokens.
    AccessControl,
    /// Static content and everything else.
    Other,
}

impl IdentityPurpose {
    /// Whether it is part of signing in, rather than preparing it.
    pub const fn is_sign_in(self) -> bool {
        matches!(self, Self::Authorize | Self::SignIn | Self::Token | Self::WsTrust)
    }
}

/// What a session talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// A virtual directory of Exchange.
    Exchange {
        /// The virtual directory's protocol.
        protocol: Protocol,
        /// Exchange Online rather than the organisation's own servers.
        online: bool,
        /// Who authenticates here, and how.
        purpose: Purpose,
    },
    /// An endpoint of Entra ID or of another identity provider.
    Identity {
        /// Entra ID or the other provider.
        actor: Actor,
        /// What the address is for.
        purpose: IdentityPurpose,
    },
    /// Anything else.
    Other,
}

impl Endpoint {
    /// Recognises a session's endpoint by host and path, and for ambiguous paths by the answer's headers.
    pub fn of(session: &Session) -> Self {
        let target = &session.request.target;
        let host = target.host();
        if host.is_empty() && target.path().is_empty() {
            return if speaks_as_exchange(session) || challenges_for_exchange(session) {
                Self::Exchange {
                    protocol: Protocol::Other,
                    online: false,
                    purpose: Purpose::Unseen,
                }
            } else {
                Self::Other
            };
        }
        if session.tunnel {
            return Self::of_tunnel(host);
        }
        let path = target.path();
        let lower = path.to_ascii_lowercase();
        if lower.starts_with("/adfs/") {
            return Self::Identity {
                actor: Actor::IdentityProvider,
                purpose: adfs_purpose(&lower),
            };
        }
        if let Some(known) = identity_host::find(host) {
            return match known.role {
                identity_host::Role::Graph => Self::Other,
                _ => Self::Identity { actor: Actor::EntraId, purpose: entra_purpose(host, &lower) },
            };
        }
        let online = exchange_online_host::is_exchange_online(host);
        let has_exchange_headers = speaks_as_exchange(session);
        let protocol = Protocol::of_path(path).or_else(|| {
            let rest = lower.starts_with("/api/v") && (online || has_exchange_headers);
            let other = has_exchange_headers && session.response_header("x-feserver").is_some();
            if rest { Some(Protocol::Rest) } else { other.then_some(Protocol::Other) }
        });
        if let Some(protocol) = protocol {
            return Self::Exchange { protocol, online, purpose: exchange_purpose(target, &lower) };
        }
        if is_federated_sign_in(target) {
            return Self::Identity {
                actor: Actor::IdentityProvider,
                purpose: IdentityPurpose::SignIn,
            };
        }
        Self::Other
    }

    /// A tunnel shows its host only; what was asked inside stays unknown.
    fn of_tunnel(host: &str) -> Self {
        if identity_host::find(host)
            .is_some_and(|known| !matches!(known.role, identity_host::Role::Graph))
        {
            Self::Identity { actor: Actor::EntraId, purpose: IdentityPurpose::Other }
        } else {
            Self::Other
        }
    }

    /// The actor that stands behind the endpoint.
    pub const fn actor(self) -> Actor {
        match self {
            Self::Exchange { .. } => Actor::Exchange,
            Self::Identity { actor, .. } => actor,
            Self::Other => Actor::Other,
        }
    }

    /// Whether a user's client authenticates here with HMA: a virtual directory of the organisation's own Exchange.
    pub const fn is_hma_candidate(self) -> bool {
        match self {
            Self::Exchange { protocol, online: false, purpose: Purpose::Client } => {
                protocol.does_hma()
            }
            Self::Exchange { purpose: Purpose::Unseen, .. } => true,
            _ => false,
        }
    }

    /// The protocol of an Exchange endpoint.
    pub const fn protocol(self) -> Option<Protocol> {
        match self {
            Self::Exchange { protocol, .. } => Some(protocol),
            _ => None,
        }
    }

    /// The purpose of an identity endpoint.
    pub const fn identity(self) -> Option<IdentityPurpose> {
        match self {
            Self::Identity { purpose, .. } => Some(purpose),
            _ => None,
        }
    }
}

/// Whether an answer carries header fields that only Exchange sends.
pub(super) fn speaks_as_exchange(session: &Session) -> bool {
    session.response.as_ref().is_some_and(|response| {
        [
            "x-feserver",
            "x-beserver",
            "x-owa-version",
            "x-calculatedbetarget",
            "x-diaginfo",
            "x-mapi-http",
            "ms-server-activesync",
        ]
        .iter()
        .any(|name| response.headers.contains(name))
    })
}

/// Whether a challenge asks for a token for Exchange: it names Exchange's application id as its own.
fn challenges_for_exchange(session: &Session) -> bool {
    session.response.as_ref().is_some_and(|response| {
        Challenges::of(&response.headers)
            .bearer()
            .and_then(|bearer| bearer.parameter("client_id"))
            .is_some_and(|id| id.eq_ignore_ascii_case(client_app::EXCHANGE))
    })
}

/// Whether an answer carries `request-id` with a GUID. On an address of Exchange that is Exchange's mark too: its oldest
/// supported builds send it where they send no `X-FEServer` (the 401s of Microsoft's announcement of HMA, 2017).
pub(super) fn has_request_id(session: &Session) -> bool {
    session.response_header("request-id").is_some_and(|id| {
        id.len() == 36
            && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
            && id.bytes().filter(|b| *b == b'-').count() == 4
    })
}

fn exchange_purpose(target: &Target, lower_path: &str) -> Purpose {
    if lower_path.ends_with("/wssecurity") || lower_path.contains("/wssecurity/") {
        Purpose::WsSecurity
    } else if lower_path.ends_with("/mrsproxy.svc") {
        Purpose::MrsProxy
    } else if lower_path.contains("/autodiscover.json")
        || lower_path.ends_with("/healthcheck.htm")
        || (target.scheme() == "http" && lower_path.starts_with("/autodiscover"))
    {
        Purpose::Anonymous
    } else {
        Purpose::Client
    }
}

fn is_federated_sign_in(target: &Target) -> bool {
    target.query("wa").is_some_and(|wa| wa == "wsignin1.0") || target.query("SAMLRequest").is_some()
}

fn adfs_purpose(path: &str) -> IdentityPurpose {
    if path.starts_with("/adfs/oauth2/token") {
        IdentityPurpose::Token
    } else if path.starts_with("/adfs/oauth2/authorize") {
        IdentityPurpose::Authorize
    } else if path.starts_with("/adfs/services/trust/mex")
        || path.contains(".well-known")
        || path.contains("federationmetadata")
    {
        IdentityPurpose::Discovery
    } else if path.starts_with("/adfs/services/trust") {
        IdentityPurpose::WsTrust
    } else if path.starts_with("/adfs/discovery/keys") {
        IdentityPurpose::Keys
    } else if path.starts_with("/adfs/ls") {
        IdentityPurpose::SignIn
    } else {
        IdentityPurpose::Other
    }
}

fn entra_purpose(host: &str, path: &str) -> IdentityPurpose {
    if path.contains("/tokens/oauth/2") {
        IdentityPurpose::AccessControl
    } else if path.ends_with("/oauth2/token")
        || path.ends_with("/oauth2/v2.0/token")
        || path.ends_with("/oauth20_token.srf")
    {
        IdentityPurpose::Token
    } else if path.ends_with("/oauth2/authorize") || path.ends_with("/oauth2/v2.0/authorize") {
        IdentityPurpose::Authorize
    } else if path.contains("/discovery/keys") || path.ends_with("/discovery/v2.0/keys") {
        IdentityPurpose::Keys
    } else if path.contains("/.well-known/")
        || path.contains("/discovery/instance")
        || path.contains("federationmetadata")
    {
        IdentityPurpose::Discovery
    } else if path.contains("/userrealm")
        || path.ends_with("/getuserrealm.srf")
        || path.ends_with("/getcredentialtype")
    {
        IdentityPurpose::UserRealm
    } else if path.ends_with("/login")
        || path.ends_with("/login.srf")
        || path.ends_with("/kmsi")
        || path.contains("/sas/")
        || path.contains("/reprocess")
        || path.ends_with("/resume")
        || path.contains("/winauth/")
        || path.contains("/federation/")
    {
        IdentityPurpose::SignIn
    } else if path.contains("/extsts.srf") || path.contains("/rst2.srf") {
        IdentityPurpose::WsTrust
    } else if host.starts_with("device.") || host.starts_with("enterpriseregistration.") {
        IdentityPurpose::Device
    } else {
        IdentityPurpose::Other
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, IdentityPurpose, Protocol, Purpose};
    use crate::capture::{Session, SessionId};
    use crate::flow::Actor;
    use crate::http::Target;

    fn of(url: &str) -> Endpoint {
        let mut session = Session::new(SessionId(1));
        session.request.target = Target::new(url);
        Endpoint::of(&session)
    }

    #[test]
    fn virtual_directories_are_told_by_path_without_case() {
        for (url, protocol) in [
            ("https://mail.contoso.com/mapi/emsmdb/?MailboxId=x", Protocol::Mapi),
            ("https://mail.contoso.com/ews/exchange.asmx", Protocol::Ews),
            (
                "https://autodiscover.contoso.com/Autodiscover/Autodiscover.xml",
                Protocol::Autodiscover,
            ),
            ("https://mail.contoso.com/OAB/guid/oab.xml", Protocol::Oab),
            ("https://mail.contoso.com/Microsoft-Server-ActiveSync?Cmd=Sync", Protocol::ActiveSync),
            ("https://mail.contoso.com/rpc/rpcproxy.dll?x:6001", Protocol::Rpc),
        ] {
            assert_eq!(of(url).protocol(), Some(protocol), "{url}");
        }
        assert_eq!(of("https://www.contoso.com/mapi/docs"), Endpoint::Other);
        assert!(of("https://mail.contoso.com/mapi/emsmdb/").is_hma_candidate());
        assert!(!of("https://outlook.office365.com/mapi/emsmdb/").is_hma_candidate());
    }

    #[test]
    fn addresses_without_client_sign_in_are_set_apart() {
        for (url, purpose) in [
            (
                "https://autodiscover.contoso.com/autodiscover/autodiscover.json?Email=a%40contoso.com",
                Purpose::Anonymous,
            ),
            ("http://autodiscover.contoso.com/autodiscover/autodiscover.xml", Purpose::Anonymous),
            ("https://mail.contoso.com/EWS/Exchange.asmx/WSSecurity", Purpose::WsSecurity),
            ("https://mail.contoso.com/EWS/mrsproxy.svc", Purpose::MrsProxy),
            ("https://mail.contoso.com/autodiscover/autodiscover.svc", Purpose::Client),
        ] {
            let Endpoint::Exchange { purpose: found, .. } = of(url) else { panic!("{url}") };
            assert_eq!(found, purpose, "{url}");
        }
    }

    #[test]
    fn identity_endpoints_are_told_by_host_and_path() {
        for (url, actor, purpose) in [
            (
                "https://login.windows.net/common/oauth2/token",
                Actor::EntraId,
                IdentityPurpose::Token,
            ),
            (
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?x=1",
                Actor::EntraId,
                IdentityPurpose::Authorize,
            ),
            (
                "https://login.microsoftonline.com/common/UserRealm/a%40b?api-version=1.0",
                Actor::EntraId,
                IdentityPurpose::UserRealm,
            ),
            (
                "https://login.microsoftonline.com/common/discovery/keys",
                Actor::EntraId,
                IdentityPurpose::Keys,
            ),
            (
                "https://sts.contoso.com/adfs/ls/?wa=wsignin1.0",
                Actor::IdentityProvider,
                IdentityPurpose::SignIn,
            ),
            (
                "https://sts.contoso.com/adfs/services/trust/13/usernamemixed",
                Actor::IdentityProvider,
                IdentityPurpose::WsTrust,
            ),
            (
                "https://idp.contoso.com/sso?SAMLRequest=x",
                Actor::IdentityProvider,
                IdentityPurpose::SignIn,
            ),
        ] {
            assert_eq!(of(url), Endpoint::Identity { actor, purpose }, "{url}");
        }
        assert_eq!(
            of("https://login.microsoftonline.com.evil.example/common/oauth2/token"),
            Endpoint::Other
        );
    }
}
