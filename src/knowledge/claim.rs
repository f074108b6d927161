//! What the members of a token mean.

use super::Source;

const ENTRA: Source =
    Source::confirmed("Microsoft Learn: Access token and ID token claims reference");
const XOAUTH: Source =
    Source::confirmed("[MS-XOAUTH]: OAuth 2.0 Authorization Protocol Extensions, 2.2");
const HYBRID: Source =
    Source::confirmed("Exchange Team Blog: Deep Dive: How Hybrid Authentication Really Works");
const EHLO: Source = Source::inferred(
    "Sample token of the Exchange Team Blog: Announcing Hybrid Modern Authentication",
);
const JWT: Source = Source::confirmed("RFC 7515 (JSON Web Signature), 4.1");
const UNVERIFIED: Source = Source::unverified("Commonly known; not in the documents compared");

/// A claim, or a member of the token's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its name in the token.
    pub name: &'static str,
    /// What it says, in plain words.
    pub meaning: &'static str,
    /// Whether its value names a person or a device, or is itself a token: mask it before sharing.
    pub personal: bool,
    /// Where this comes from.
    pub source: Source,
}

const fn row(name: &'static str, source: Source, meaning: &'static str) -> Claim {
    Claim { name, meaning, personal: false, source }
}

const fn personal(name: &'static str, source: Source, meaning: &'static str) -> Claim {
    Claim { name, meaning, personal: true, source }
}

/// Sorted by name.
const CLAIMS: &[Claim] = &[
    row("acr", ENTRA, "Strength of the sign-in in older tokens: 0 or 1."),
    row("acrs", ENTRA, "Authentication contexts of Conditional Access that the sign-in fulfilled."),
    personal(
        "actort",
        XOAUTH,
        "A token inside the token: the calling server's own proof, beside the user it acts for.",
    ),
    personal(
        "actortoken",
        HYBRID,
        "A token inside the token: the calling server's own proof, beside the user it acts for.",
    ),
    row("aio", ENTRA, "Entra's internal data; means nothing to others."),
    row(
        "alg",
        JWT,
        "In the header: how the token is signed. \"none\" is unsigned, as the outer token \
            between Exchange servers is.",
    ),
    personal("altsecid", ENTRA, "Identity of the user in another directory."),
    row(
        "amr",
        ENTRA,
        "How the user signed in: pwd password, mfa second factor, fed federated, wia Windows, \
            rsa certificate or app.",
    ),
    personal("appctx", UNVERIFIED, "For Outlook add-ins: which mailbox the token speaks of."),
    row("appctxsender", UNVERIFIED, "For Outlook add-ins: which server made the token's context."),
    row("appid", ENTRA, "The client application that the token was given to."),
    row(
        "appidacr",
        ENTRA,
        "How the client proved itself: 0 not at all (desktop and mobile), 1 secret, 2 \
            certificate.",
    ),
    row(
        "aud",
        ENTRA,
        "Whom the token is for. For Exchange on premises it must be https:// and the host \
            name that the client uses; another value is refused with 2000003.",
    ),
    row("azp", ENTRA, "The client application that the token was given to (version 2 tokens)."),
    row(
        "azpacr",
        ENTRA,
        "How the client proved itself (version 2 tokens): 0 not at all, 1 secret, 2 certificate.",
    ),
    personal("deviceid", ENTRA, "The device that the user signed in from."),
    row(
        "e_exp",
        EHLO,
        "Seconds by which the token may live longer when Entra is down; not its expiry.",
    ),
    personal("email", ENTRA, "The user's mail address, as the directory shows it."),
    row("enfpolids", UNVERIFIED, "Ids of the policies that were enforced; Entra's internal data."),
    row("exp", ENTRA, "When the token ends, in seconds since 1970 (UTC)."),
    personal("family_name", ENTRA, "The user's last name."),
    personal("given_name", ENTRA, "The user's first name."),
    row("groups", ENTRA, "Ids of the groups that the user belongs to."),
    row("hasgroups", ENTRA, "The user belongs to more groups than fit into the token."),
    row("iat", ENTRA, "When the user signed in for this token, in seconds since 1970 (UTC)."),
    row("identityprovider", HYBRID, "Who vouches for the calling application."),
    row(
        "idp",
        ENTRA,
        "Where the user was authenticated. If it differs from iss, the user is a guest.",
    ),
    row("in_corp", ENTRA, "The sign-in came from inside the organisation's network."),
    personal("ipaddr", ENTRA, "The address that Entra saw; behind a proxy it is the proxy's."),
    row("isbrowserhostedapp", UNVERIFIED, "For Outlook add-ins: the add-in runs in a browser."),
    row(
        "iss",
        ENTRA,
        "Who made the token: Entra with the tenant's id, AD FS, or for tokens between servers \
            an application and its realm.",
    ),
    row(
        "kid",
        JWT,
        "In the header: the key that signed the token. Exchange must know it from the \
            issuer's metadata.",
    ),
    personal("msexchuid", XOAUTH, "The mailbox's id in the Exchange organisation."),
    personal("name", ENTRA, "The user's display name."),
    personal(
        "nameid",
        XOAUTH,
        "Who is meant in a token between servers: a user's SID or name, or an application \
            with its realm.",
    ),
    row("nbf", ENTRA, "From when the token is good, in seconds since 1970 (UTC)."),
    row("nii", XOAUTH, "Which kind of directory nameid comes from."),
    row(
        "nonce",
        ENTRA,
        "A number used once that ties the token to the sign-in. In the header: a Microsoft \
            Graph token, whose signature others cannot check.",
    ),
    personal("oid", ENTRA, "The user's or application's object id in the tenant."),
    personal(
        "onprem_sid",
        ENTRA,
        "The user's SID in the on-premises Active Directory. If it is missing, the user may \
            not be synchronised.",
    ),
    row("platf", EHLO, "The kind of device, as a number; 3 is Windows."),
    personal(
        "preferred_username",
        ENTRA,
        "The name that the user signs in with (version 2 tokens).",
    ),
    personal("puid", ENTRA, "The user's older Microsoft id."),
    row("pwd_exp", ENTRA, "Seconds until the password expires."),
    row("pwd_url", ENTRA, "Where the user can change the password."),
    row("rh", ENTRA, "Entra's internal data; means nothing to others."),
    row(
        "roles",
        ENTRA,
        "Permissions of the application itself. With roles and without scp no user is involved.",
    ),
    row(
        "scp",
        ENTRA,
        "What the client may do in the user's name. Outlook carries user_impersonation and \
            more; ActiveSync clients need EAS.AccessAsUser.All, EWS clients \
            EWS.AccessAsUser.All.",
    ),
    personal("sid", ENTRA, "The sign-in session's id."),
    personal("sip", XOAUTH, "The user's SIP address (Skype for Business)."),
    personal("smtp", XOAUTH, "The user's mail address, in tokens between servers."),
    personal("sub", ENTRA, "The user, under an id that is different for each application."),
    row("tenant_region_scope", ENTRA, "The part of the world that the tenant lives in."),
    row(
        "tid",
        ENTRA,
        "The tenant that the user signed in to. Exchange accepts it if trusted_issuers of its \
            challenge name it.",
    ),
    row("trustedfordelegation", HYBRID, "Whether the calling server may act for users."),
    row("typ", JWT, "In the header: the kind of token, nearly always JWT."),
    personal("unique_name", ENTRA, "A readable name of the user (version 1 tokens)."),
    personal(
        "upn",
        ENTRA,
        "The user's sign-in name. It may differ from the mail address, which is normal with \
            an alternate login id.",
    ),
    row("uti", ENTRA, "The token's id in Entra's logs."),
    row(
        "ver",
        ENTRA,
        "The token's format, 1.0 or 2.0. Exchange's tokens are 1.0 even from the version 2 \
            endpoint.",
    ),
    row("wids", ENTRA, "Ids of the Entra roles that the user holds."),
    row("x5t", JWT, "In the header: thumbprint of the certificate whose key signed the token."),
    row("xms_cc", ENTRA, "What the client can do; cp1: it understands claims challenges."),
];

/// What is known of a claim.
pub fn find(name: &str) -> Option<&'static Claim> {
    CLAIMS.binary_search_by_key(&name, |row| row.name).ok().and_then(|at| CLAIMS.get(at))
}

/// Every known claim, by name.
pub fn all() -> &'static [Claim] {
    CLAIMS
}

#[cfg(test)]
mod tests {
    use super::{all, find};

    #[test]
    fn the_table_is_sorted_complete_and_found() {
        assert!(all().windows(2).all(|pair| pair[0].name < pair[1].name));
        for row in all() {
            assert_eq!(find(row.name), Some(row));
            assert!(row.meaning.ends_with('.') && !row.meaning.contains("  "), "{}", row.name);
            assert!(!row.source.document.is_empty());
        }
        assert_eq!(find("AUD"), None);
    }

    #[test]
    fn names_of_people_are_personal_and_addresses_of_servers_are_not() {
        for name in
            ["upn", "unique_name", "name", "oid", "ipaddr", "onprem_sid", "smtp", "deviceid"]
        {
            assert!(find(name).unwrap().personal, "{name}");
        }
        for name in ["aud", "iss", "tid", "exp", "appid", "scp"] {
            assert!(!find(name).unwrap().personal, "{name}");
        }
    }
}
