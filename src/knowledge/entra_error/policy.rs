//! Multifactor sign-in, devices, Conditional Access and tenant restrictions.

use super::{ClientAction, EntraError, ErrorClass, LEARN};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 50_002,
        oauth_error: "access_denied",
        class: ErrorClass::TenantRestriction,
        action: ClientAction::Stop,
        meaning: "A proxy restricts which tenants may be used, and this one is not allowed.",
        fix: "Add the tenant to the proxy's Restrict-Access-To-Tenants list.",
        source: LEARN,
    },
    EntraError {
        code: 50_005,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "Conditional Access does not support the platform of this device.",
        fix: "Use a supported platform, or review the device platform condition of the policy.",
        source: LEARN,
    },
    EntraError {
        code: 50_072,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "The user must first register a second factor.",
        fix: "Let the user sign in once at https://aka.ms/mysecurityinfo or in the client's \
            window and register.",
        source: LEARN,
    },
    EntraError {
        code: 50_074,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "A second factor is needed and was not given.",
        fix: "None if the user gets on. If it loops, the client cannot show the sign-in window.",
        source: LEARN,
    },
    EntraError {
        code: 50_076,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "Policy or a new location asks for a second factor; the client must ask for a token \
            again, with a window.",
        fix: "None if the user gets on. If it loops, the client cannot show the window: an old \
            Outlook with EnableADAL=0, or a mail app with Basic authentication.",
        source: LEARN,
    },
    EntraError {
        code: 50_079,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "Policy asks for a second factor, and the user has none registered or the federated \
            server did not report one.",
        fix: "Let the user register a second factor; with AD FS, check that it sends the \
            multifactor claim.",
        source: LEARN,
    },
    EntraError {
        code: 50_097,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "The device must prove who it is.",
        fix: "Check the registration with dsregcmd /status; the sign-in must run through the \
            broker (WAM) or a browser that can show the device certificate.",
        source: LEARN,
    },
    EntraError {
        code: 50_127,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "The phone lacks the broker app that policy needs.",
        fix: "Install Microsoft Authenticator (iOS) or Company Portal (Android).",
        source: LEARN,
    },
    EntraError {
        code: 50_129,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "The device is not registered in Entra.",
        fix: "Register or join the device; dsregcmd /status shows its state.",
        source: LEARN,
    },
    EntraError {
        code: 50_131,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Conditional Access refused: the device's state, suspicious activity or a policy \
            decision.",
        fix: "Look the sign-in up in the Entra sign-in logs by its correlation id; the \
            Conditional Access tab names the policy.",
        source: LEARN,
    },
    EntraError {
        code: 50_135,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "The account is at risk and its password must be changed first.",
        fix: "The user changes the password, or an administrator clears the risk in Identity \
            Protection.",
        source: LEARN,
    },
    EntraError {
        code: 50_155,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "The device could not prove who it is for this user.",
        fix: "Check dsregcmd /status and whether the device is enabled in Entra; re-register it \
            if its keys are lost.",
        source: LEARN,
    },
    EntraError {
        code: 50_158,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "An external check, such as another maker's second factor or terms of use, is not \
            yet passed.",
        fix: "Let the user complete the check in the sign-in window; if it fails, see the \
            provider under Conditional Access, custom controls.",
        source: LEARN,
    },
    EntraError {
        code: 50_161,
        oauth_error: "interaction_required",
        class: ErrorClass::Mfa,
        action: ClientAction::Interactive,
        meaning: "The external provider's answer lacks a claim that Entra asked for.",
        fix: "Correct the configuration of the external provider (custom control or external \
            authentication method).",
        source: LEARN,
    },
    EntraError {
        code: 50_187,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Interactive,
        meaning: "Entra got no usable device information and could not authenticate the device.",
        fix: "Check dsregcmd /status; a proxy that breaks TLS to \
            device.login.microsoftonline.com has this effect too.",
        source: LEARN,
    },
    EntraError {
        code: 53_000,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Policy needs a compliant device, and this one is not.",
        fix: "Enrol the device in Intune or correct what the compliance policy reports.",
        source: LEARN,
    },
    EntraError {
        code: 53_001,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Policy needs a domain-joined device, and this one is not.",
        fix: "Use a hybrid joined device; check that the join reached Entra with dsregcmd \
            /status.",
        source: LEARN,
    },
    EntraError {
        code: 53_002,
        oauth_error: "interaction_required",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Policy allows only approved client apps, and this is none.",
        fix: "Use Outlook for iOS and Android, or review the policy's \"approved client app\" \
            control.",
        source: LEARN,
    },
    EntraError {
        code: 53_003,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Conditional Access gives no token under the conditions of this sign-in.",
        fix: "Look the sign-in up in the Entra sign-in logs by its correlation id; the \
            Conditional Access tab names the policy. If the answer lists capolids, these are \
            the ids of the blocking policies.",
        source: LEARN,
    },
    EntraError {
        code: 53_004,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "The user must register a second factor first, and may not because the sign-in \
            looks risky.",
        fix: "Let the user register from a trusted place, or an administrator issues a Temporary \
            Access Pass.",
        source: LEARN,
    },
    EntraError {
        code: 53_010,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Second factors may be registered only from certain places or devices, and this is \
            none.",
        fix: "Register from an allowed place, or issue a Temporary Access Pass.",
        source: LEARN,
    },
    EntraError {
        code: 53_011,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "The user was blocked because of a risk that their home organisation reports.",
        fix: "The home organisation clears the risk in Identity Protection.",
        source: LEARN,
    },
    EntraError {
        code: 135_011,
        oauth_error: "invalid_grant",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "The device is disabled in Entra.",
        fix: "Enable the device in Entra, or register it again.",
        source: LEARN,
    },
    EntraError {
        code: 500_021,
        oauth_error: "access_denied",
        class: ErrorClass::TenantRestriction,
        action: ClientAction::Stop,
        meaning: "The network adds a list of allowed tenants to sign-ins, and this tenant is not on \
            it.",
        fix: "Add the tenant's domain or id to the header Restrict-Access-To-Tenants that the \
            proxy injects.",
        source: LEARN,
    },
    EntraError {
        code: 500_022,
        oauth_error: "access_denied",
        class: ErrorClass::TenantRestriction,
        action: ClientAction::Stop,
        meaning: "The network's tenant restrictions do not allow access to this tenant.",
        fix: "Add the tenant to the proxy's Restrict-Access-To-Tenants header or to the tenant \
            restrictions policy.",
        source: LEARN,
    },
    EntraError {
        code: 500_212,
        oauth_error: "access_denied",
        class: ErrorClass::TenantRestriction,
        action: ClientAction::Stop,
        meaning: "The user's own organisation does not allow access to the other tenant.",
        fix: "Change the outbound cross-tenant access settings of the user's tenant, or sign in \
            with an account of the mailbox's tenant.",
        source: LEARN,
    },
    EntraError {
        code: 500_213,
        oauth_error: "access_denied",
        class: ErrorClass::TenantRestriction,
        action: ClientAction::Stop,
        meaning: "The tenant does not let in users of the other organisation.",
        fix: "Change the inbound cross-tenant access settings, or sign in with an account of \
            this tenant.",
        source: LEARN,
    },
    EntraError {
        code: 530_032,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "A security policy of the tenant blocks this request.",
        fix: "Look the sign-in up in the Entra sign-in logs by its correlation id and review the \
            policies that apply to all applications.",
        source: LEARN,
    },
    EntraError {
        code: 530_035,
        oauth_error: "access_denied",
        class: ErrorClass::ConditionalAccess,
        action: ClientAction::Stop,
        meaning: "Security defaults blocked the sign-in, because it used legacy authentication or \
            looked unsafe.",
        fix: "Use a client with modern authentication, or replace security defaults by \
            Conditional Access policies.",
        source: LEARN,
    },
];
