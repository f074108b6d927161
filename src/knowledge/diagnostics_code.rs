//! The codes of `x-ms-diagnostics`, Exchange's word on why it refused a token.

use super::Source;

const TABLE: Source = Source::confirmed(
    "Microsoft Learn: Instrumenting client requests for EWS and REST in Exchange",
);
const FREE_BUSY: Source =
    Source::confirmed("Microsoft Learn: Resolve free/busy errors in Exchange hybrid");
const MOBILE: Source = Source::confirmed(
    "Microsoft Learn: Using hybrid Modern Authentication with Outlook for iOS and Android",
);
const WILDCARD: Source = Source::confirmed(
    "Microsoft Learn: Test-CsExStorageConnectivity fails with wildcard accepted domains",
);
const TENANT_RESTRICTIONS: Source =
    Source::confirmed("Microsoft Learn: Universal tenant restrictions (Global Secure Access)");
const EHLO: Source = Source::confirmed(
    "Exchange Team Blog: Announcing Hybrid Modern Authentication for Exchange On-Premises",
);
const FORUM: Source = Source::seen("Microsoft Q&A 1524201; no official table lists this code");
const BLOG: Source = Source::seen(
    "Microsoft Learn lists code and category; texts seen in blogs and forums on hybrid REST",
);

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiagnosticsCode {
    /// The number at the start of the header.
    pub code: u32,
    /// The word of `error_category`.
    pub category: &'static str,
    /// What Exchange says with it.
    pub meaning: &'static str,
    /// What usually lies behind it.
    pub cause: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    /// Where this comes from.
    pub source: Source,
}

/// Sorted by code.
const CODES: &[DiagnosticsCode] = &[
    DiagnosticsCode {
        code: 2_000_000,
        category: "invalid_signature",
        meaning: "Exchange could not verify the token's signature.",
        cause: "The server's copy of Entra's signing keys is stale, or the server cannot fetch them. Between servers: \
            the Auth certificate was rotated and not uploaded.",
        fix: "Run Set-AuthServer \"<EvoSTS name>\" -RefreshAuthMetadata and wait a quarter of an hour or restart IIS. If \
            it lasts, let the servers reach Entra's metadata (Set-ExchangeServer -InternetWebProxy) and see the \
            MSExchange AuthAdmin events.",
        source: FREE_BUSY,
    },
    DiagnosticsCode {
        code: 2_000_001,
        category: "invalid_token",
        meaning: "The token cannot be read, or is none that Exchange accepts.",
        cause: "A token for something else (an id token, a Microsoft Graph token), from a tenant or issuer that no \
            AuthServer object knows, or damaged on its way.",
        fix: "Look at aud, iss and tid of the token. Compare the tenant with Get-AuthServer | fl \
            Name,IssuerIdentifier,DomainName; with several tenants each needs an AuthServer with its -DomainName.",
        source: TABLE,
    },
    DiagnosticsCode {
        code: 2_000_002,
        category: "token_expired",
        meaning: "The token's time is over, or has not yet begun.",
        cause: "Normal once in a token's life: the client gets a new one. With a fresh token, the server's clock is \
            wrong.",
        fix: "If it repeats with fresh tokens, correct the time on the Exchange servers. If the client keeps sending the \
            old token, see why it got no new one.",
        source: TABLE,
    },
    DiagnosticsCode {
        code: 2_000_003,
        category: "invalid_resource",
        meaning: "The token is made for another address than the one that Exchange was reached at.",
        cause: "The two addresses in the reason differ in http and https: TLS offloading. They differ in the host: a \
            reverse proxy or load balancer changes the host name. Exchange Online says so for a token of another API.",
        fix: "End TLS offloading (bridging with re-encryption is fine); publish Exchange under the same host name inside \
            and outside and keep the Host header.",
        source: MOBILE,
    },
    DiagnosticsCode {
        code: 2_000_004,
        category: "invalid_tenant",
        meaning: "Exchange cannot map the tenant or realm in the token to an organisation of its own.",
        cause: "The domain is no explicit accepted domain (a wildcard does not count), or realm and tenant of the \
            AuthServer object do not fit.",
        fix: "Add the domain with New-AcceptedDomain, and compare the tenant with Get-AuthServer | fl \
            Name,Realm,IssuerIdentifier,DomainName.",
        source: WILDCARD,
    },
    DiagnosticsCode {
        code: 2_000_005,
        category: "invalid_user",
        meaning: "Exchange cannot find exactly one mailbox user for the person in the token.",
        cause: "\"Does not exist\": the person is not synchronised, or UPN, address and SID differ between Entra and \
            Active Directory. \"Is ambiguous\": two objects carry the same UPN, SMTP or SIP address.",
        fix: "Check that the user is synchronised with the same UPN and addresses, with Exchange hybrid deployment on in \
            Entra Connect. For duplicates search the forest for (|(userPrincipalName=<upn>)\
            (proxyAddresses=SMTP:<address>)(proxyAddresses=sip:<address>)) and correct one of them.",
        source: FREE_BUSY,
    },
    DiagnosticsCode {
        code: 2_000_006,
        category: "invalid_client",
        meaning: "Exchange does not know the application that calls.",
        cause: "Server-to-server calls only: there is no partner application for it.",
        fix: "Check Get-PartnerApplication. No user's client gets this error.",
        source: TABLE,
    },
    DiagnosticsCode {
        code: 2_000_007,
        category: "internal_error",
        meaning: "Exchange failed while it checked the token.",
        cause: "The Auth configuration or the Auth certificate is missing, or Active Directory cannot be reached.",
        fix: "Check Get-AuthConfig and the certificate that it names (MonitorExchangeAuthCertificate.ps1), and the \
            server's event log at the time of the request.",
        source: TABLE,
    },
    DiagnosticsCode {
        code: 2_000_008,
        category: "invalid_grant",
        meaning: "The token does not carry the permission that this protocol needs.",
        cause: "An application token without an application permission, a client without EAS.AccessAsUser.All or \
            EWS.AccessAsUser.All, or an add-in's token used elsewhere.",
        fix: "Grant the client the scope of the protocol and consent to it. Set-PartnerApplication matters between \
            servers only.",
        source: BLOG,
    },
    DiagnosticsCode {
        code: 2_000_009,
        category: "invalid_issuer",
        meaning: "Exchange has no AuthServer object for the issuer of the token.",
        cause: "The token comes from another tenant, or the AuthServer object is missing, disabled or of another tenant.",
        fix: "Compare the issuer in the reason with Get-AuthServer | fl Name,IssuerIdentifier,Enabled; run the Hybrid \
            Configuration Wizard again if the object is missing, else Set-AuthServer \"<name>\" -RefreshAuthMetadata.",
        source: FORUM,
    },
    DiagnosticsCode {
        code: 2_000_020,
        category: "insufficient_claims",
        meaning: "The token lacks the mark of tenant restrictions that the network asks for.",
        cause: "Tenant restrictions v2 of Exchange Online or SharePoint Online; Exchange on your own servers never says \
            this.",
        fix: "Review the tenant restrictions policy that the network injects.",
        source: TENANT_RESTRICTIONS,
    },
    DiagnosticsCode {
        code: 4_000_000,
        category: "oauth_not_available",
        meaning: "The server could do modern authentication, but does not offer it to this client or user.",
        cause: "Quoting a user or mail domain: OAuth2ClientProfileEnabled is off, an authentication policy blocks modern \
            authentication, or the domain is not accepted. Quoting the server's own host name: usually only a probe \
            that did not say who the user is (no X-User-Identity).",
        fix: "Check Get-OrganizationConfig | fl OAuth2ClientProfileEnabled,DefaultAuthenticationPolicy; set \
            Set-OrganizationConfig -OAuth2ClientProfileEnabled $true, or give the user an authentication policy without \
            BlockModernAuth. Policies take up to half an hour.",
        source: EHLO,
    },
];

/// What is known of a code.
pub fn find(code: u32) -> Option<&'static DiagnosticsCode> {
    CODES.binary_search_by_key(&code, |row| row.code).ok().and_then(|at| CODES.get(at))
}

/// Every known code, in order.
pub fn all() -> &'static [DiagnosticsCode] {
    CODES
}

#[cfg(test)]
mod tests {
    use super::{all, find};

    #[test]
    fn the_table_is_sorted_complete_and_found() {
        assert!(all().windows(2).all(|pair| pair[0].code < pair[1].code));
        for row in all() {
            assert_eq!(find(row.code), Some(row));
            for text in [row.meaning, row.cause, row.fix] {
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            }
            assert!(!row.category.is_empty() && !row.source.document.is_empty());
        }
        assert_eq!(find(1_000_000), None);
        assert_eq!(find(2_000_003).unwrap().category, "invalid_resource");
    }
}
