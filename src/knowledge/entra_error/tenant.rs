//! Tenants, clouds and authorities: where the sign-in went.

use super::{ClientAction, EntraError, ErrorClass, LEARN};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 50_049,
        oauth_error: "invalid_instance",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The sign-in address that the client was given is unknown to Entra.",
        fix: "Look at authorization_uri in Exchange's challenge: an AD FS address or one of \
            another cloud leads here.",
        source: LEARN,
    },
    EntraError {
        code: 50_050,
        oauth_error: "invalid_instance",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The client's question about the sign-in address was malformed.",
        fix: "Look at authorization_uri in Exchange's challenge for a damaged URL, and at \
            proxies that rewrite it.",
        source: LEARN,
    },
    EntraError {
        code: 50_059,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "Neither the request nor the user name tells which tenant is meant.",
        fix: "Check that the user's UPN suffix is a verified domain of the tenant.",
        source: LEARN,
    },
    EntraError {
        code: 50_128,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The domain name is not valid or belongs to no tenant.",
        fix: "Check the UPN's domain: it must be verified in the tenant.",
        source: LEARN,
    },
    EntraError {
        code: 50_194,
        oauth_error: "unauthorized_client",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The application belongs to one tenant and may not be used under /common.",
        fix: "Use the sign-in address with the tenant's id, or make the application multitenant.",
        source: LEARN,
    },
    EntraError {
        code: 90_002,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "There is no tenant of this name.",
        fix: "Check the tenant in the sign-in address for typing errors and for the wrong cloud \
            (government, China); the user's mail domain may not be verified in any tenant.",
        source: LEARN,
    },
    EntraError {
        code: 90_019,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "Nothing in the request tells which tenant is meant.",
        fix: "The client must use /{tenant id} or /organizations, or send a login_hint with a \
            verified domain.",
        source: LEARN,
    },
    EntraError {
        code: 90_038,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The tenant belongs to another national cloud than the one that was asked.",
        fix: "Use the sign-in address of the tenant's own cloud; on Exchange, check \
            AuthorizationEndpoint of the AuthServer object.",
        source: LEARN,
    },
    EntraError {
        code: 500_208,
        oauth_error: "invalid_request",
        class: ErrorClass::Tenant,
        action: ClientAction::Stop,
        meaning: "The account's kind does not fit the tenant: a personal Microsoft account where \
            only work accounts may sign in, for example.",
        fix: "Let the user sign in with the work account of this organisation.",
        source: LEARN,
    },
];
