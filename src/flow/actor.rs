//! Who takes part in a flow.

/// A party of the flow; the window draws one lane for each that occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Actor {
    /// Outlook or another mail client, with its broker.
    Client,
    /// An Exchange server, on-premises or online.
    Exchange,
    /// Microsoft Entra ID (Azure AD), in whichever national cloud.
    EntraId,
    /// AD FS or another federated identity provider.
    IdentityProvider,
    /// A proxy or load balancer that answers in place of the host asked for.
    Proxy,
    /// Any other host: telemetry, configuration, certificates.
    Other,
}

impl Actor {
    /// The actor's name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::Exchange => "Exchange",
            Self::EntraId => "Entra ID",
            Self::IdentityProvider => "AD FS",
            Self::Proxy => "Proxy",
            Self::Other => "Other",
        }
    }
}
