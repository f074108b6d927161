//! Client credentials and malformed requests: what the program itself did wrong.

use super::{ClientAction, EntraError, ErrorClass, LEARN, TLS};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 50_012,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "A certificate or signed assertion could not be verified: unknown key, wrong \
            subject, broken chain.",
        fix: "Between servers: upload the current Exchange Auth certificate \
            (ConfigureExchangeHybridApplication.ps1 -UpdateCertificate for the dedicated \
            application) and check the server's clock.",
        source: LEARN,
    },
    EntraError {
        code: 50_013,
        oauth_error: "invalid_grant",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The token that one program presented to get another is malformed, expired or from \
            the wrong issuer.",
        fix: "Check clocks and the Auth certificate of the server that asks; the program must \
            get a fresh token first.",
        source: LEARN,
    },
    EntraError {
        code: 50_196,
        oauth_error: "invalid_grant",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client sent the same request too often in a short time and was stopped.",
        fix: "A symptom, not the cause: find the request that failed before the loop began, then \
            clear the client's token cache or update it.",
        source: LEARN,
    },
    EntraError {
        code: 70_002,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client's secret or certificate is wrong; a second code in the same text \
            usually says why.",
        fix: "Read the nested code. For Exchange servers, upload the current Auth certificate; \
            for a client of your own, renew its secret.",
        source: LEARN,
    },
    EntraError {
        code: 70_011,
        oauth_error: "invalid_scope",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The scope that the client asked for is not valid.",
        fix: "For Exchange on your own servers the scope is https://<host>/ followed by the \
            permission, EWS.AccessAsUser.All or EAS.AccessAsUser.All or .default, with one \
            resource per request.",
        source: LEARN,
    },
    EntraError {
        code: 90_014,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "A field that the sign-in needs is missing from the request.",
        fix: "Compare the request with a working one; a proxy that rewrites bodies is a common \
            cause.",
        source: LEARN,
    },
    EntraError {
        code: 90_023,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The request to the sign-in service is not valid.",
        fix: "Compare the request with a working one and update the client.",
        source: LEARN,
    },
    EntraError {
        code: 500_133,
        oauth_error: "invalid_grant",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The token presented as proof is outside its time of validity.",
        fix: "Compare the clock of the asking machine with a time server; have the program ask \
            for a fresh token.",
        source: LEARN,
    },
    EntraError {
        code: 700_027,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The signature of the client's assertion does not fit any certificate registered \
            for it.",
        fix: "Upload the certificate that the server signs with now: for Exchange the current \
            Auth certificate, on the application that it signs in as.",
        source: LEARN,
    },
    EntraError {
        code: 700_030,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The subject name in the client's certificate is not authorised for the \
            application.",
        fix: "Use the certificate that is registered for the application, or authorise this \
            subject name.",
        source: LEARN,
    },
    EntraError {
        code: 900_144,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "A parameter that must be in the request's body is not there.",
        fix: "The text names the parameter. See whether the body left the client whole; a proxy \
            may have dropped it.",
        source: LEARN,
    },
    EntraError {
        code: 901_002,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The request carries the parameter resource, which this endpoint does not know.",
        fix: "The program mixes the v1 and v2 protocols: with /oauth2/v2.0/ it must send scope \
            instead.",
        source: LEARN,
    },
    EntraError {
        code: 1_002_016,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The machine connected with TLS 1.0, TLS 1.1 or 3DES, which Entra no longer \
            accepts.",
        fix: "Enable TLS 1.2 and strong cryptography for .NET on the client or server, then \
            restart it.",
        source: TLS,
    },
    EntraError {
        code: 7_000_215,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client secret is wrong.",
        fix: "Put the secret's value, not its id, into the program's configuration; create a new \
            one if in doubt.",
        source: LEARN,
    },
    EntraError {
        code: 7_000_218,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The application is registered as confidential and the request carries neither \
            secret nor certificate.",
        fix: "Allow public client flows in the application's registration if it is a desktop or \
            mobile program, else give it a credential.",
        source: LEARN,
    },
    EntraError {
        code: 7_000_222,
        oauth_error: "invalid_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client secret has expired.",
        fix: "Create a new secret or certificate for the application and configure it.",
        source: LEARN,
    },
    EntraError {
        code: 9_002_313,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The request is malformed.",
        fix: "Look at the request in the capture: a body that was cut, encoded twice or replaced \
            by a proxy shows there.",
        source: LEARN,
    },
];
