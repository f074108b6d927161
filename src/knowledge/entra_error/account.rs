//! User accounts and their passwords.

use super::{ClientAction, EntraError, ErrorClass, LEARN};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 16_000,
        oauth_error: "interaction_required",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "The account that is signed in does not exist in this tenant and may not use the \
            application there.",
        fix: "Let the user sign out and choose the work account of this organisation.",
        source: LEARN,
    },
    EntraError {
        code: 16_003,
        oauth_error: "interaction_required",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "Single sign-on offered an account that was never added to this tenant.",
        fix: "Let the user choose the work account of this organisation, or remove the other \
            account from Windows.",
        source: LEARN,
    },
    EntraError {
        code: 50_014,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "The account is a guest whose invitation is still open, or it does not exist in \
            this tenant.",
        fix: "Mailbox users must be members of the tenant: synchronise the user, or choose the \
            right account.",
        source: LEARN,
    },
    EntraError {
        code: 50_020,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "The user signed in with an account of another directory or a personal one that \
            this tenant does not know.",
        fix: "Let the user choose the work account of this organisation; sign out of the other \
            one first.",
        source: LEARN,
    },
    EntraError {
        code: 50_034,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "The tenant has no account with this name.",
        fix: "Check that the user is synchronised and that the UPN suffix is a verified domain; \
            else the account in the cloud ends in @<tenant>.onmicrosoft.com.",
        source: LEARN,
    },
    EntraError {
        code: 50_053,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The account is locked after too many wrong passwords, or the sign-in came from an \
            address known for attacks.",
        fix: "The failure reason in the sign-in log tells the two apart. Find the device that \
            keeps an old password; unlock the user under Identity Protection.",
        source: LEARN,
    },
    EntraError {
        code: 50_055,
        oauth_error: "invalid_grant",
        class: ErrorClass::Credentials,
        action: ClientAction::Interactive,
        meaning: "The password has expired.",
        fix: "The user sets a new password.",
        source: LEARN,
    },
    EntraError {
        code: 50_056,
        oauth_error: "invalid_grant",
        class: ErrorClass::Credentials,
        action: ClientAction::Stop,
        meaning: "The directory holds no password for this user.",
        fix: "Check password hash synchronisation for the user, or that the domain is federated \
            as intended; let the user enter the password again.",
        source: LEARN,
    },
    EntraError {
        code: 50_057,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The account is disabled.",
        fix: "Enable it in Active Directory if the person should sign in. The account of a \
            shared mailbox is disabled by design: open it as an additional mailbox instead.",
        source: LEARN,
    },
    EntraError {
        code: 50_064,
        oauth_error: "invalid_grant",
        class: ErrorClass::Credentials,
        action: ClientAction::Stop,
        meaning: "The user name or password could not be validated.",
        fix: "Check the password and the health of pass-through authentication or federation.",
        source: LEARN,
    },
    EntraError {
        code: 50_126,
        oauth_error: "invalid_grant",
        class: ErrorClass::Credentials,
        action: ClientAction::Interactive,
        meaning: "The user name or password is wrong.",
        fix: "Let the user try again. If the password is right, check that the name is the Entra \
            sign-in name, and that password synchronisation or pass-through authentication \
            works.",
        source: LEARN,
    },
    EntraError {
        code: 50_144,
        oauth_error: "invalid_grant",
        class: ErrorClass::Credentials,
        action: ClientAction::Interactive,
        meaning: "The password in the on-premises Active Directory has expired.",
        fix: "The user changes it there, or by self-service password reset with writeback.",
        source: LEARN,
    },
    EntraError {
        code: 50_177,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The user comes from another organisation, and the external challenge that policy \
            asks for does not work for such users.",
        fix: "Hybrid Modern Authentication is for members homed in the tenant: sign in with a \
            member account, or exclude such users from the control.",
        source: LEARN,
    },
    EntraError {
        code: 50_178,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The user comes from another organisation, and the session control that policy asks \
            for does not work for such users.",
        fix: "Sign in with a member account of this tenant, or exclude such users from the \
            session control.",
        source: LEARN,
    },
    EntraError {
        code: 51_004,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Interactive,
        meaning: "The account does not exist in the directory that the sign-in went to.",
        fix: "Check that the user is synchronised to this tenant and that the client did not \
            choose another tenant.",
        source: LEARN,
    },
    EntraError {
        code: 90_072,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The account is not known in this tenant, or the sourceAnchor (ImmutableID) of a \
            synchronised user differs between Active Directory and Entra.",
        fix: "Let the user choose the right account. For a synchronised user, correct the \
            ImmutableID so that both sides match. Hybrid Modern Authentication is for members \
            homed in the tenant, not for guests.",
        source: LEARN,
    },
];
