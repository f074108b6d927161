//! Grants: refresh tokens, codes and sessions that ended.

use super::{ClientAction, EntraError, ErrorClass, LAB, LEARN, UNVERIFIED};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 50_078,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "The multifactor sign-in is older than the organisation's policy allows.",
        fix: "None: the user confirms the second factor again. Review the policy if it asks too \
            often.",
        source: LEARN,
    },
    EntraError {
        code: 50_089,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The sign-in took too long or was resumed later, and its flow token expired.",
        fix: "None: the user starts the sign-in again.",
        source: LEARN,
    },
    EntraError {
        code: 50_132,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantRevoked,
        action: ClientAction::Interactive,
        meaning: "The session is no longer valid because the password expired or was changed.",
        fix: "The user signs in again with the current password.",
        source: LEARN,
    },
    EntraError {
        code: 50_133,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantRevoked,
        action: ClientAction::Interactive,
        meaning: "The session was revoked because the password expired or was changed.",
        fix: "The user signs in again with the current password.",
        source: LEARN,
    },
    EntraError {
        code: 50_148,
        oauth_error: "invalid_grant",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The proof that belongs to the authorization code (PKCE) does not match the one \
            that the sign-in began with.",
        fix: "See whether two sign-ins of the client ran at once or a proxy changed the request; \
            let the user sign in again.",
        source: LAB,
    },
    EntraError {
        code: 50_173,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantRevoked,
        action: ClientAction::Interactive,
        meaning: "The user's earlier sign-in was revoked, by a change of password or by an \
            administrator, and a new one is needed.",
        fix: "None if it happens once: the user signs in again. If it repeats, see why no \
            sign-in window appears, and whether something revokes the sessions again and \
            again.",
        source: LEARN,
    },
    EntraError {
        code: 54_005,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The authorization code was already used; each code works once.",
        fix: "See whether the client sent the request twice or a proxy repeated it. Replaying a \
            capture gives this error too.",
        source: LEARN,
    },
    EntraError {
        code: 70_000,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantRevoked,
        action: ClientAction::Interactive,
        meaning: "The refresh token is not valid.",
        fix: "The user signs in again. If it repeats, clear the client's token cache.",
        source: LEARN,
    },
    EntraError {
        code: 70_008,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The refresh token or code expired, usually because it was not used for a long \
            time.",
        fix: "None: the user signs in again.",
        source: LEARN,
    },
    EntraError {
        code: 70_043,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "A Conditional Access policy sets how often users must sign in, and that time is \
            over.",
        fix: "None if wanted. If users complain of prompts, review the session control \"Sign-in \
            frequency\" of the policies that cover Exchange.",
        source: LEARN,
    },
    EntraError {
        code: 70_044,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The session ended by a sign-in frequency rule of Conditional Access.",
        fix: "None if wanted. If users complain of prompts, review the session control \"Sign-in \
            frequency\".",
        source: UNVERIFIED,
    },
    EntraError {
        code: 501_481,
        oauth_error: "invalid_grant",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The code_verifier does not match the code_challenge with which the sign-in began \
            (PKCE).",
        fix: "See whether two sign-ins of the client ran at once or a proxy changed the request; \
            let the user sign in again.",
        source: LEARN,
    },
    EntraError {
        code: 700_005,
        oauth_error: "invalid_grant",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The authorization code was issued by another tenant than the one where it was \
            redeemed.",
        fix: "The client must redeem the code under the same path, /common or /{tenant id}, from \
            which it came; update the client.",
        source: LEARN,
    },
    EntraError {
        code: 700_082,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The refresh token was not used for too long and expired, as it does after a long \
            absence.",
        fix: "None: the user signs in again.",
        source: LEARN,
    },
    EntraError {
        code: 700_084,
        oauth_error: "invalid_grant",
        class: ErrorClass::GrantExpired,
        action: ClientAction::Interactive,
        meaning: "The refresh token was given to a browser application and reached the end of its \
            fixed lifetime.",
        fix: "None: the user signs in again in the browser.",
        source: LEARN,
    },
];
