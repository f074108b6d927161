//! The words of OAuth's `error`, in token answers, redirects and challenges.

use super::Source;

const OAUTH: Source = Source::confirmed("RFC 6749 (OAuth 2.0), 4.1.2.1 and 5.2");
const BEARER: Source = Source::confirmed("RFC 6750 (Bearer tokens), 3.1");
const OPENID: Source = Source::confirmed("OpenID Connect Core 1.0, 3.1.2.6");
const DEVICE: Source = Source::confirmed("RFC 8628 (device authorization), 3.5");
const ENTRA: Source = Source::confirmed(
    "Microsoft Learn: Microsoft Entra authentication and authorization error codes",
);
const DEVICE_ENTRA: Source =
    Source::confirmed("Microsoft Learn: Microsoft identity platform, device authorization grant");
const ACCESS_EVALUATION: Source =
    Source::confirmed("Microsoft Learn: Continuous access evaluation, claims challenge");
const UNVERIFIED: Source = Source::unverified("Commonly known; not in Microsoft's public list");

/// One word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// The value of `error`.
    pub name: &'static str,
    /// What it means, for someone who has not read the specification.
    pub meaning: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(name: &'static str, meaning: &'static str, source: Source) -> OAuthError {
    OAuthError { name, meaning, source }
}

/// Sorted by name.
const ERRORS: &[OAuthError] = &[
    row(
        "access_denied",
        "The user or a policy said no: consent declined, sign-in blocked, tenant not allowed.",
        OAUTH,
    ),
    row(
        "account_selection_required",
        "Several accounts are signed in and the user must choose one.",
        OPENID,
    ),
    row("authorization_declined", "The user declined the device code sign-in.", DEVICE_ENTRA),
    row(
        "authorization_pending",
        "The user has not finished the device code sign-in yet; the program keeps asking. Not a fault.",
        DEVICE,
    ),
    row("bad_verification_code", "The device code was not recognised.", DEVICE_ENTRA),
    row(
        "consent_required",
        "The user or an administrator must first allow this client application.",
        OPENID,
    ),
    row("expired_token", "The device code expired before the user finished the sign-in.", DEVICE),
    row(
        "insufficient_claims",
        "The server wants a token that meets further conditions, named in the parameter claims. Exchange Online and \
            Microsoft Graph say this, Exchange on your own servers does not.",
        ACCESS_EVALUATION,
    ),
    row("insufficient_scope", "The token lacks the permission that the request needs.", BEARER),
    row(
        "interaction_required",
        "The user must do something in a sign-in window: second factor, consent, password.",
        OPENID,
    ),
    row(
        "invalid_client",
        "The program that asks could not prove who it is: unknown, or wrong secret or certificate.",
        OAUTH,
    ),
    row(
        "invalid_grant",
        "What the client presented for a token is no longer good: refresh token revoked or expired, code used, password \
            wrong. The AADSTS code in the description says which.",
        OAUTH,
    ),
    row(
        "invalid_instance",
        "The sign-in address that the client asked about is unknown to Entra.",
        UNVERIFIED,
    ),
    row("invalid_request", "The request is malformed: a part is missing, doubled or wrong.", OAUTH),
    row(
        "invalid_resource",
        "The tenant does not know what the token is asked for. In Hybrid Modern Authentication: the https:// name of the \
            Exchange server is not among the service principal names of Office 365 Exchange Online.",
        ENTRA,
    ),
    row("invalid_scope", "The permission asked for is unknown or malformed.", OAUTH),
    row(
        "invalid_token",
        "The token is malformed, expired, revoked or not accepted. Exchange adds this word to its challenge whenever it \
            sends x-ms-diagnostics, even when no token was sent.",
        BEARER,
    ),
    row(
        "login_required",
        "Nobody is signed in and the client asked not to show a window; it then shows one.",
        OPENID,
    ),
    row("server_error", "The sign-in service failed; try again.", OAUTH),
    row("slow_down", "The program asks too often during a device code sign-in.", DEVICE),
    row(
        "temporarily_unavailable",
        "The sign-in service is overloaded or under maintenance; try again.",
        OAUTH,
    ),
    row(
        "unauthorized_client",
        "This client application may not do that here: not known in the tenant, disabled, or wrong kind of sign-in.",
        OAUTH,
    ),
    row(
        "unsupported_grant_type",
        "The sign-in service does not know the kind of grant that the client used.",
        OAUTH,
    ),
    row(
        "unsupported_response_type",
        "The sign-in service does not give the kind of answer that the client asked for.",
        OAUTH,
    ),
];

/// What is known of a word; the letter case counts, as in the specification.
pub fn find(name: &str) -> Option<&'static OAuthError> {
    ERRORS.binary_search_by_key(&name, |row| row.name).ok().and_then(|at| ERRORS.get(at))
}

#[cfg(test)]
mod tests {
    use super::{ERRORS, find};

    #[test]
    fn the_table_is_sorted_complete_and_found() {
        assert!(ERRORS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for row in ERRORS {
            assert_eq!(find(row.name), Some(row));
            assert!(row.meaning.ends_with('.') && !row.meaning.contains("  "), "{}", row.name);
            assert!(!row.source.document.is_empty());
        }
        assert_eq!(find("unicorn_rampage"), None);
    }
}
