//! Resources, consent and reply URLs: what is registered in the tenant and who may use it.

use super::{ClientAction, EntraError, ErrorClass, LEARN};

pub(super) const ERRORS: &[EntraError] = &[
    EntraError {
        code: 50_001,
        oauth_error: "invalid_resource",
        class: ErrorClass::ResourceMissing,
        action: ClientAction::Stop,
        meaning: "The resource that the client asked a token for does not exist in the tenant or is \
            disabled; an older form of 500011.",
        fix: "Add https://<host>/ to the service principal names of Office 365 Exchange Online \
            (00000002-0000-0ff1-ce00-000000000000), keeping those already there: $x = \
            Get-MgServicePrincipal -Filter \"AppId eq \
            '00000002-0000-0ff1-ce00-000000000000'\"; $x.ServicePrincipalNames += \
            \"https://<host>/\"; Update-MgServicePrincipal -ServicePrincipalId $x.Id \
            -ServicePrincipalNames $x.ServicePrincipalNames. Check also that the service \
            principal itself is enabled.",
        source: LEARN,
    },
    EntraError {
        code: 50_011,
        oauth_error: "invalid_request",
        class: ErrorClass::ReplyUrl,
        action: ClientAction::Stop,
        meaning: "The address to which the answer should go is not registered for the application.",
        fix: "For OWA and ECP, add https://<host>/owa and https://<host>/ecp to the reply URLs \
            of Office 365 Exchange Online, keeping those already there; for every host name in \
            use.",
        source: LEARN,
    },
    EntraError {
        code: 50_105,
        oauth_error: "invalid_grant",
        class: ErrorClass::Account,
        action: ClientAction::Stop,
        meaning: "The application only lets assigned users in, and this user is not assigned.",
        fix: "Assign the user or a group of theirs, or set \"Assignment required\" to No on the \
            Exchange or Outlook enterprise application.",
        source: LEARN,
    },
    EntraError {
        code: 65_001,
        oauth_error: "invalid_grant",
        class: ErrorClass::Consent,
        action: ClientAction::Interactive,
        meaning: "Neither the user nor an administrator has consented to this client application.",
        fix: "For mail apps of other makers (Apple, Samsung, Gmail), grant admin consent once \
            for the organisation; otherwise let the user sign in interactively and consent.",
        source: LEARN,
    },
    EntraError {
        code: 65_002,
        oauth_error: "invalid_request",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "A client of Microsoft's own asked for a resource of Microsoft's for which it is \
            not pre-authorised; nobody can consent to that in a tenant.",
        fix: "Check which application holds the https://<host>/ name: it must be Office 365 \
            Exchange Online and no other. A script must use an application id of its own, not \
            one of Microsoft's.",
        source: LEARN,
    },
    EntraError {
        code: 65_004,
        oauth_error: "access_denied",
        class: ErrorClass::Consent,
        action: ClientAction::Interactive,
        meaning: "The user was asked to consent to the application and declined.",
        fix: "Let the user sign in again and accept, or grant admin consent for the \
            organisation.",
        source: LEARN,
    },
    EntraError {
        code: 65_005,
        oauth_error: "invalid_resource",
        class: ErrorClass::ResourceMissing,
        action: ClientAction::Stop,
        meaning: "The client's list of required resources does not contain the resource that it \
            asked for, or the resource could not be found.",
        fix: "Check that the Exchange service principal exists in the tenant and holds the \
            https://<host>/ name; for a client of your own, add the Exchange permission to its \
            registration.",
        source: LEARN,
    },
    EntraError {
        code: 70_001,
        oauth_error: "unauthorized_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client application is disabled, or not found in the tenant.",
        fix: "Enable it under Enterprise applications, Properties, \"Enabled for users to sign \
            in\".",
        source: LEARN,
    },
    EntraError {
        code: 70_004,
        oauth_error: "invalid_request",
        class: ErrorClass::ReplyUrl,
        action: ClientAction::Stop,
        meaning: "The client named a redirect URI that matches none of the registered ones.",
        fix: "Compare redirect_uri in the request with the application's registered addresses, \
            letter by letter; for OWA and ECP add the missing reply URL.",
        source: LEARN,
    },
    EntraError {
        code: 90_094,
        oauth_error: "access_denied",
        class: ErrorClass::Consent,
        action: ClientAction::Stop,
        meaning: "The application needs an administrator's consent, and a user cannot give it.",
        fix: "An administrator grants consent under Enterprise applications, Permissions.",
        source: LEARN,
    },
    EntraError {
        code: 90_095,
        oauth_error: "access_denied",
        class: ErrorClass::Consent,
        action: ClientAction::Stop,
        meaning: "The user was told to ask an administrator for consent; the request may be waiting.",
        fix: "Review the request under Enterprise applications, Admin consent requests.",
        source: LEARN,
    },
    EntraError {
        code: 500_011,
        oauth_error: "invalid_resource",
        class: ErrorClass::ResourceMissing,
        action: ClientAction::Stop,
        meaning: "The tenant knows no application with the name that the client asked a token for, \
            such as https://mail.contoso.com/.",
        fix: "Add https://<host>/ to the service principal names of Office 365 Exchange Online \
            (00000002-0000-0ff1-ce00-000000000000), keeping those already there: $x = \
            Get-MgServicePrincipal -Filter \"AppId eq \
            '00000002-0000-0ff1-ce00-000000000000'\"; $x.ServicePrincipalNames += \
            \"https://<host>/\"; Update-MgServicePrincipal -ServicePrincipalId $x.Id \
            -ServicePrincipalNames $x.ServicePrincipalNames. If the name is there, check that \
            the user signed in to the right tenant.",
        source: LEARN,
    },
    EntraError {
        code: 650_052,
        oauth_error: "invalid_client",
        class: ErrorClass::ResourceMissing,
        action: ClientAction::Stop,
        meaning: "The client needs a service that the organisation has not subscribed to or has \
            disabled.",
        fix: "Check that the service principal Office 365 Exchange Online exists and is enabled, \
            and that the tenant has an Exchange Online subscription.",
        source: LEARN,
    },
    EntraError {
        code: 650_056,
        oauth_error: "invalid_client",
        class: ErrorClass::Consent,
        action: ClientAction::Stop,
        meaning: "The client's registration lists no permission for the resource, or nobody \
            consented to it in this tenant.",
        fix: "Grant admin consent for the client under Enterprise applications, or add the \
            missing permission to its registration; compare the application id in the request \
            with the registered one.",
        source: LEARN,
    },
    EntraError {
        code: 650_057,
        oauth_error: "invalid_resource",
        class: ErrorClass::ResourceMissing,
        action: ClientAction::Stop,
        meaning: "The client asked for a resource that is not among the permissions of its own \
            registration.",
        fix: "See which application holds the https://<host>/ name (Get-MgServicePrincipal \
            -Filter \"servicePrincipalNames/any(n:n eq 'https://<host>/')\"): it must be \
            Office 365 Exchange Online. For a client of your own, add the Exchange permission \
            to its registration.",
        source: LEARN,
    },
    EntraError {
        code: 700_011,
        oauth_error: "unauthorized_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The tenant has no application with the client's identifier.",
        fix: "Compare the client id in the request with the tenant's enterprise applications; a \
            wrong tenant is the common cause.",
        source: LEARN,
    },
    EntraError {
        code: 700_016,
        oauth_error: "unauthorized_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client application is not known in the tenant that was asked.",
        fix: "Check that the sign-in went to the right tenant and cloud, and that the client's \
            enterprise application was not deleted.",
        source: LEARN,
    },
    EntraError {
        code: 900_971,
        oauth_error: "invalid_request",
        class: ErrorClass::ReplyUrl,
        action: ClientAction::Stop,
        meaning: "The request names no reply address, and the application has none registered.",
        fix: "Add a reply URL to the application: for OWA and ECP https://<host>/owa and \
            https://<host>/ecp.",
        source: LEARN,
    },
    EntraError {
        code: 7_000_112,
        oauth_error: "unauthorized_client",
        class: ErrorClass::Client,
        action: ClientAction::Stop,
        meaning: "The client application is disabled in this tenant.",
        fix: "Enable it under Enterprise applications, Properties, \"Enabled for users to sign \
            in\"; Outlook mobile is a client that is sometimes switched off so.",
        source: LEARN,
    },
];
