//! Names that belong to nobody in particular and stay: clouds, vendors, reserved domains, well-known principals.

use crate::knowledge::public_mail::is_public_mail;
use crate::knowledge::{client_app, registered_domain};

/// Domains of services that everybody uses, with everything below them.
const PUBLIC: &[&str] = &[
    "microsoftonline.com",
    "microsoftonline.us",
    "microsoftonline-p.com",
    "microsoftonline.de",
    "partner.microsoftonline.cn",
    "chinacloudapi.cn",
    "windows.net",
    "windows.com",
    "microsoft.com",
    "microsoft.us",
    "microsoft",
    "microsoftazuread-sso.com",
    "office.com",
    "office.net",
    "office365.com",
    "office365.us",
    "webmail.apps.mil",
    "outlook.com",
    "outlook.cn",
    "outlookmobile.com",
    "outlookmobile.us",
    "live.com",
    "live.net",
    "msn.com",
    "bing.com",
    "msauth.net",
    "msftauth.net",
    "msauthimages.net",
    "msftauthimages.net",
    "msidentity.com",
    "msocdn.com",
    "msocsp.com",
    "msftconnecttest.com",
    "msftncsi.com",
    "windowsupdate.com",
    "skype.com",
    "lync.com",
    "cloud.microsoft",
    "onenote.com",
    "sfx.ms",
    "aka.ms",
    "gfx.ms",
    "s-microsoft.com",
    "digicert.com",
    "verisign.com",
    "globalsign.com",
    "letsencrypt.org",
    "lencr.org",
    "sectigo.com",
    "usertrust.com",
    "entrust.net",
    "godaddy.com",
    "amazontrust.com",
    "symcb.com",
    "w3.org",
    "xmlsoap.org",
    "oasis-open.org",
    "ietf.org",
    "openid.net",
    "openxmlformats.org",
    "adobe.com",
    "google.com",
    "googleapis.com",
    "gstatic.com",
    "mozilla.org",
    "mozilla.net",
    "mozilla.com",
    "apple.com",
    "icloud.com",
    "akamaihd.net",
    "akamaized.net",
    "telerik.com",
    "fiddler2.com",
    "getfiddler.com",
    "github.com",
    "schemas.microsoft.com",
    "localhost",
    "example",
    "invalid",
    "local.invalid",
];

/// Domains of clouds in which the name below them is a customer's.
const TENANTS: &[&str] = &[
    "mail.onmicrosoft.com",
    "onmicrosoft.com",
    "onmicrosoft.us",
    "partner.onmschina.cn",
    "sharepoint.com",
    "sharepoint.us",
    "sharepoint.cn",
    "b2clogin.com",
    "ciamlogin.com",
    "msappproxy.net",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudapp.azure.com",
    "azureedge.net",
    "azurefd.net",
    "trafficmanager.net",
    "blob.core.windows.net",
    "file.core.windows.net",
    "table.core.windows.net",
    "queue.core.windows.net",
    "vault.azure.net",
    "servicebus.windows.net",
    "database.windows.net",
    "mail.protection.outlook.com",
    "manage.microsoft.com",
    "okta.com",
    "onelogin.com",
    "pingone.com",
    "duosecurity.com",
];

/// Host labels that say what a machine does and not whose it is.
const GENERIC_LABELS: &[&str] = &[
    "autodiscover",
    "mail",
    "webmail",
    "email",
    "owa",
    "outlook",
    "exchange",
    "activesync",
    "eas",
    "ews",
    "mapi",
    "smtp",
    "imap",
    "legacy",
    "hybrid",
    "adfs",
    "sts",
    "fs",
    "federation",
    "sso",
    "login",
    "idp",
    "auth",
    "oauth",
    "www",
    "proxy",
    "wap",
    "enterpriseregistration",
    "enterpriseenrollment",
    "msoid",
    "lyncdiscover",
    "sip",
    "oab",
    "remote",
    "mobile",
    "mdm",
    "wpad",
];

/// Words that mean something in every capture and must stay although an organisation, a machine or a user may be called
/// so: parts of header fields, paths, claims, diagnostics and error texts, mailboxes that everybody has, and our own masks'.
const COMMON_WORDS: &str = "\
    access account accounts action active address admin administrator agent alias analysis android anonymous answer \
    apple application apps assertion audience auth authenticate authentication author authority authorization \
    authorize autodiscover azure backend basic bearer body bounce browser cache calendar category certificate \
    challenge channel chrome claim claims client cloud code common company config configuration connect connection \
    consent consumers contact contacts content contract control cookie correlation credential credentials customer \
    customers data database date default delegation detail details device devices diagnostics directory document \
    domain domains download edge emsmdb encoding endpoint enterprise entra entry error errors event events everyone \
    example exchange expired expires external failed federated feedback fiddler field file firefox firstname folder \
    folders format forward forwarded frontend function gateway general google grant graph group groups guest guests \
    header headers health hello helpdesk home host hostname hotline http https identifier identity impersonation \
    inbox index info information instance integrated internal internet intune invalid ipad iphone issuer issuers \
    java json keep-alive kerberos language lastname length level library license local locale location logon logout \
    macintosh mailbox mailboxes manage management manager mapi marketing master message messages metadata method \
    metrics microsoft migration missing modern monitor monitoring mozilla multi native negotiate network news \
    newsletter no-reply noreply notification notifications nspi ntlm number object office office365 offline online \
    openid operation option options order orders organisation organization organizations origin outlook owner page \
    partner password path people permission person personal phone platform policy portal postmaster power preview \
    primary principal privacy private process product profile project property protected protocol provider public \
    purpose query range realm reason recipient record redacted redirect reference referer refresh region register \
    registration release reply report request required resource resources response result retry role roles root \
    route router routing rules safari sales sample scheme scope script search secret secure security sender server \
    servers service services session settings setup share shared sharepoint sign-in signature signin site sites \
    software someone source staff standard state static status storage store stream string subject subscription \
    success support surface switch sync system target team teams telemetry template tenant test tester testing text \
    thread ticket time timeout title token tokens trace tracking traffic training transfer transport trust trusted \
    type unauthorized unified unknown update upgrade upload user userinfo username users utility validation value \
    vendor version virtual visitor voice webapp webmaster welcome windows workflow workgroup workload workplace \
    workspace world yourname true false none null x64 x86 amd64 arm64 win32 \
    win64 utf8 utf16 ascii sha1 sha256 sha512 md5 base64 http2 tls12 tls13 oauth oauth2 saml2 ipv4 ipv6 iso8859 windows10 \
    windows11";

/// Vendors whose names in certificates and answers are nobody's secret, by a part of the name in lower case.
const VENDORS: &[&str] = &[
    "microsoft",
    "digicert",
    "globalsign",
    "sectigo",
    "entrust",
    "godaddy",
    "let's encrypt",
    "amazon",
    "google",
    "apple inc",
    "verisign",
    "thawte",
    "geotrust",
    "baltimore",
    "comodo",
    "usertrust",
    "isrg",
    "do_not_trust",
    "fiddler",
    "zscaler",
    "fortinet",
    "fortigate",
    "netskope",
    "sophos",
    "bluecoat",
    "blue coat",
    "forcepoint",
    "mcafee",
    "cloudflare",
    "akamai",
];

/// What every Exchange directory holds under these names.
const DIRECTORY_WORDS: &[&str] = &[
    "recipients",
    "configuration",
    "servers",
    "addrlists",
    "oabs",
    "microsoft private mdb",
    "microsoft public mdb",
    "first administrative group",
    "first organization",
    "exchangelabs",
    "exchange administrative group",
    "exchange administrative group (fydibohf23spdlt)",
    "external (fydibohf25spdlt)",
];

/// Begins of GUIDs of Microsoft's own principals (`00000002-0000-0ff1-ce00-000000000000`) and of our own fakes.
const PRINCIPALS: &[&str] = &[
    "00000000-",
    "00000001-",
    "00000002-",
    "00000003-",
    "00000004-",
    "00000005-",
    "00000006-",
    "00000007-",
];

/// The tenant of personal Microsoft accounts, and Microsoft's own.
const TENANT_IDS: &[&str] = &[
    "9188040d-6c67-4c5b-b112-36a304b66dad",
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
];

/// Whether a host stays as it is. Lower case expected.
pub(super) fn is_public_host(host: &str) -> bool {
    let is_public = PUBLIC.iter().any(|domain| is_below(host, domain)) || is_public_mail(host);
    is_public && tenant_suffix(host).is_none()
}

/// Whether a host is of a service that everybody uses, and not one of the names that are reserved for nobody.
pub(super) fn is_cloud_host(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or_default();
    is_public_host(host) && !matches!(top, "example" | "invalid" | "localhost")
}

/// Whether the first part of a path on this host is a tenant. Lower case expected.
pub(super) fn is_sign_in_host(host: &str) -> bool {
    const SIGN_IN: &[&str] = &[
        "microsoftonline.com",
        "microsoftonline.us",
        "microsoftonline.de",
        "partner.microsoftonline.cn",
        "chinacloudapi.cn",
        "login.windows.net",
        "login.microsoft.com",
        "sts.windows.net",
        "graph.windows.net",
    ];
    SIGN_IN.iter().any(|domain| is_below(host, domain))
}

/// The cloud's part of a host whose other part is a customer's name.
pub(super) fn tenant_suffix(host: &str) -> Option<&'static str> {
    TENANTS.iter().find(|suffix| is_below(host, suffix) && host != **suffix).copied()
}

/// Splits a host into the labels below the registered domain, and that domain.
pub(super) fn registered_domain(host: &str) -> (Vec<&str>, String) {
    let domain = registered_domain::registered_domain(host);
    let below = host.strip_suffix(domain).and_then(|below| below.strip_suffix('.'));
    (below.map(|below| below.split('.').collect()).unwrap_or_default(), domain.to_owned())
}

/// Whether a host label is a function's name.
pub(super) fn is_generic_label(label: &str) -> bool {
    GENERIC_LABELS.contains(&label)
}

/// Whether a word is too common to be replaced wherever it stands. Lower case expected.
pub(super) fn is_common_word(word: &str) -> bool {
    COMMON_WORDS.split(' ').any(|common| common == word) || is_generic_label(word)
}

/// Whether the name of an organisation is that of a vendor whose products everybody uses. Lower case expected.
pub(super) fn is_vendor(name: &str) -> bool {
    VENDORS.iter().any(|vendor| name.contains(vendor))
}

/// Whether every Exchange directory holds something of this name. Lower case expected.
pub(super) fn is_directory_word(name: &str) -> bool {
    DIRECTORY_WORDS.contains(&name)
}

/// Whether a GUID is one that everybody's captures hold. Lower case expected.
pub(super) fn is_public_guid(guid: &str) -> bool {
    PRINCIPALS.iter().any(|begin| guid.starts_with(begin))
        || TENANT_IDS.contains(&guid)
        || client_app::find(guid).is_some()
}

/// Whether a text is a GUID with hyphens.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{is_guid, is_public_host, registered_domain, tenant_suffix};

    #[test]
    fn clouds_stay_and_customers_of_clouds_do_not() {
        assert!(
            is_public_host("login.microsoftonline.com") && is_public_host("outlook.office365.com")
        );
        assert!(!is_public_host("login.microsoftonline.com.evil.test"));
        assert!(!is_public_host("contoso.sharepoint.com"));
        assert!(is_public_host("webmail.apps.mil") && is_public_host("mail.yahoo.com"));
        assert_eq!(tenant_suffix("contoso.mail.onmicrosoft.com"), Some("mail.onmicrosoft.com"));
        assert_eq!(registered_domain("ex1.mail.contoso.co.uk").1, "contoso.co.uk");
        assert!(is_guid("d3590ed6-52b3-4102-aeff-aad2292ab01c") && !is_guid("d3590ed6"));
    }
}
