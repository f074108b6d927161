//! AD FS and other identity providers, pass-through authentication, Seamless SSO.

use super::{ClientAction, EntraError, ErrorClass, LEARN};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 20_001,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The federated identity provider's answer (WS-Federation) could not be used.",
        fix: "See the identity provider's event log at this time; for AD FS compare its \
            token-signing certificate with the domain's federation settings.",
        source: LEARN,
    },
    EntraError {
        code: 20_012,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The federated identity provider sent an invalid WS-Federation message.",
        fix: "See the identity provider's event log; check the relying party trust Microsoft \
            Office 365 Identity Platform.",
        source: LEARN,
    },
    EntraError {
        code: 20_033,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The federation metadata names a tenant that is not valid.",
        fix: "Correct the federation settings of the domain \
            (Get-MgDomainFederationConfiguration) and the provider's metadata.",
        source: LEARN,
    },
    EntraError {
        code: 50_006,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The signature on the federated token did not verify.",
        fix: "Update the domain's federation settings with AD FS's current token-signing \
            certificate (Update-MgDomainFederationConfiguration).",
        source: LEARN,
    },
    EntraError {
        code: 50_008,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The SAML token of the federated provider lacks something or is misconfigured.",
        fix: "Check the claim rules of the relying party trust: UPN and ImmutableID must be \
            issued.",
        source: LEARN,
    },
    EntraError {
        code: 50_017,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "A certificate could not be validated: its issuer is not trusted or the revocation \
            list cannot be fetched.",
        fix: "Upload the issuing certificates to Entra and make the revocation list (CRL) \
            reachable from the internet.",
        source: LEARN,
    },
    EntraError {
        code: 50_107,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The tenant has no federation settings for the issuer of this token.",
        fix: "Compare the issuer that AD FS sends with IssuerUri of \
            Get-MgDomainFederationConfiguration; with several federated domains the issuer \
            rule must name the right one.",
        source: LEARN,
    },
    EntraError {
        code: 50_180,
        oauth_error: "interaction_required",
        class: ErrorClass::Federation,
        action: ClientAction::Interactive,
        meaning: "Integrated Windows authentication is needed and did not happen.",
        fix: "Enable Seamless SSO, or put the sign-in address into the Local intranet zone.",
        source: LEARN,
    },
    EntraError {
        code: 51_006,
        oauth_error: "interaction_required",
        class: ErrorClass::Federation,
        action: ClientAction::Interactive,
        meaning: "The session lacks the mark of integrated Windows authentication, so the user must \
            sign in again.",
        fix: "None: the user signs in again. If it repeats, check Windows authentication at AD \
            FS or Seamless SSO.",
        source: LEARN,
    },
    EntraError {
        code: 80_001,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The pass-through authentication agent cannot reach Active Directory.",
        fix: "Check that the agent's server belongs to the users' forest and reaches a domain \
            controller.",
        source: LEARN,
    },
    EntraError {
        code: 80_002,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Retry,
        meaning: "Active Directory did not answer the pass-through authentication agent in time.",
        fix: "Check the domain controllers' load and the agent's network; install a second \
            agent.",
        source: LEARN,
    },
    EntraError {
        code: 80_005,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Retry,
        meaning: "Entra could not process the pass-through authentication agent's answer.",
        fix: "Try again. If it lasts, update the agent and open a support case with the \
            correlation id.",
        source: LEARN,
    },
    EntraError {
        code: 80_007,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The pass-through authentication agent could not validate the password.",
        fix: "See the agent's event log and trace; check that Active Directory works.",
        source: LEARN,
    },
    EntraError {
        code: 80_010,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The pass-through authentication agent could not decrypt the password.",
        fix: "Restart the agent; if it lasts, reinstall it so that it registers a new key.",
        source: LEARN,
    },
    EntraError {
        code: 80_012,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The user may not sign in at this hour.",
        fix: "Check the logon hours of the account in Active Directory.",
        source: LEARN,
    },
    EntraError {
        code: 80_013,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "The clocks of the pass-through authentication agent and of Active Directory differ \
            too much.",
        fix: "Correct time synchronisation on the agent's server.",
        source: LEARN,
    },
    EntraError {
        code: 80_014,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Retry,
        meaning: "The pass-through authentication agent answered too late.",
        fix: "Check the agent's load and network; try again.",
        source: LEARN,
    },
    EntraError {
        code: 81_004,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: the Kerberos sign-in failed.",
        fix: "Check the computer account AZUREADSSOACC and the time on client and domain \
            controller; roll the account's key over.",
        source: LEARN,
    },
    EntraError {
        code: 81_005,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: the client offered another scheme than Kerberos.",
        fix: "Put https://autologon.microsoftazuread-sso.com into the Local intranet zone and \
            check that the client reaches a domain controller.",
        source: LEARN,
    },
    EntraError {
        code: 81_006,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: the request carried no Authorization header.",
        fix: "Put https://autologon.microsoftazuread-sso.com into the Local intranet zone; a \
            proxy may have removed the header.",
        source: LEARN,
    },
    EntraError {
        code: 81_007,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO is not enabled for the tenant.",
        fix: "Enable it in Entra Connect, or ignore this if it is not meant to be used.",
        source: LEARN,
    },
    EntraError {
        code: 81_009,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: the Kerberos ticket could not be validated.",
        fix: "Roll over the key of the computer account AZUREADSSOACC and let the user sign in \
            to Windows again.",
        source: LEARN,
    },
    EntraError {
        code: 81_010,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: the user's Kerberos ticket has expired or is invalid.",
        fix: "Let the user lock and unlock Windows to get a new ticket; check the key of \
            AZUREADSSOACC if all users are hit.",
        source: LEARN,
    },
    EntraError {
        code: 81_011,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Stop,
        meaning: "Seamless SSO: no Entra user belongs to the person in the Kerberos ticket.",
        fix: "Check that the user is synchronised with the on-premises SID.",
        source: LEARN,
    },
    EntraError {
        code: 81_012,
        oauth_error: "invalid_grant",
        class: ErrorClass::Federation,
        action: ClientAction::Interactive,
        meaning: "Seamless SSO: the user who signs in is another than the one signed in to Windows.",
        fix: "None if intended: the user enters the password.",
        source: LEARN,
    },
];
