//! Places that show a name to be one, and what is planted there.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hma_trace::redact::Detector;

use crate::place::code;
use crate::recorded::Recorded;
use crate::spelling::percent;

/// A place that shows a name to be one.
pub(crate) struct Shown {
    pub(crate) name: &'static str,
    /// The name of a number.
    pub(crate) value: fn(usize) -> String,
    pub(crate) plant: fn(&mut Recorded, &str),
    /// The detector without which the name stays.
    pub(crate) detector: Detector,
}

fn mail(n: usize) -> String {
    format!("zq{}.user@fabrikam.com", code(n))
}

fn logon(n: usize) -> String {
    format!("zq{}user7", code(n))
}

fn windows(n: usize) -> String {
    format!("FABRIKAM\\zq{}user7", code(n))
}

fn host(n: usize) -> String {
    format!("zq{}host.fabrikam.com", code(n))
}

fn domain(n: usize) -> String {
    format!("zq{}domain.test", code(n))
}

fn server(n: usize) -> String {
    format!("ZQ{}SRV01", code(n).to_uppercase())
}

fn guid(n: usize) -> String {
    format!("{:08x}-7a71-4b1d-8a5e-706c616e7465", 0xA000_0000_u64 + n as u64)
}

fn device(n: usize) -> String {
    format!("ZQ{}DEVICE0123456789", code(n).to_uppercase())
}

fn sid(n: usize) -> String {
    format!("S-1-5-21-{}-222222222-333333333-1104", 1_000_000_000 + n)
}

fn address(n: usize) -> String {
    format!("203.{}.{}.{}", 100 + n / 1_000, 100 + n / 100 % 10, 100 + n % 100)
}

fn address6(n: usize) -> String {
    format!("2a02:{:x}::7a71", 0x1000 + n)
}

fn person(n: usize) -> String {
    format!("Zq{} Example", code(n))
}

fn legacy(n: usize) -> String {
    format!("/o=Fabrikam/ou=Exchange Administrative Group/cn=Recipients/cn=zq{}", code(n))
}

fn letters(n: usize) -> String {
    format!("zq{}walder", code(n))
}

fn local(n: usize) -> String {
    format!("zq{}.walder", code(n))
}

fn folder(n: usize) -> String {
    format!("zq{}_walder_fabrikam_com", code(n))
}

fn guest(n: usize) -> String {
    format!("zq{}_fabrikam.com#EXT#@contoso.onmicrosoft.com", code(n))
}

fn cloud(n: usize) -> String {
    format!("zq{}-adfs.trafficmanager.net", code(n))
}

fn tenant(n: usize) -> String {
    format!("zq{}.onmicrosoft.com", code(n))
}

fn private(n: usize) -> String {
    format!("zq{}srv.corp.fabrikam.local", code(n))
}

fn components(n: usize) -> String {
    format!("DC=corp,DC=zq{},DC=local", code(n))
}

fn proxy(n: usize) -> String {
    format!("ZQ{}PROXY", code(n).to_uppercase())
}

fn company(n: usize) -> String {
    format!("Zq{} Trade", code(n))
}

fn puid(n: usize) -> String {
    format!("10032001B7{:06X}", 0xC2_D300 + n)
}

fn short_device(n: usize) -> String {
    format!("ApplF17{}T1", code(n).to_uppercase())
}

fn new_sid(n: usize) -> String {
    format!("S-1-12-1-{}-222222222-333333333-1104", 1_000_000_000 + n)
}

fn intern(n: usize) -> String {
    format!("10.{}.{}.{}", 100 + n / 1_000, 100 + n / 100 % 10, 100 + n % 100)
}

/// What Fiddler writes into the answer to CONNECT.
fn certificate(s: &mut Recorded, subject: &str, others: &str) {
    s.method = "CONNECT".into();
    s.url = "mail.contoso.com:443".into();
    s.get(
        "",
        format!(
            "Encrypted HTTPS traffic flows through this CONNECT tunnel.\n\n== Server Certificate ==========\n[Subject]\n  {subject}, C=US\n\n[SubjectAltNames]\n{others}\n"
        ),
    );
}

pub(crate) fn bearer(claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("Bearer {}.{}.c2ln", part(r#"{"alg":"RS256"}"#), part(claims))
}

fn claim(s: &mut Recorded, name: &str, v: &str) {
    s.sent("Authorization", bearer(&serde_json::json!({ name: v }).to_string()));
}

pub(crate) fn issuer(s: &mut Recorded, realm: &str) {
    s.got(
        "WWW-Authenticate",
        format!("Bearer trusted_issuers=\"00000001-0000-0000-c000-000000000000@{realm}\""),
    );
}

const fn shown(
    name: &'static str,
    value: fn(usize) -> String,
    detector: Detector,
    plant: fn(&mut Recorded, &str),
) -> Shown {
    Shown { name, value, plant, detector }
}

/// The query of ActiveSync: version, command, language, device, policy key, kind of device.
fn coded_query(device: &str) -> String {
    let length = u8::try_from(device.len()).unwrap();
    let head = [141, 9, 9, 4, length];
    STANDARD.encode([&head, device.as_bytes(), b"\x00\x05Phone"].concat())
}

pub(crate) const PLACES: &[Shown] = &[
    shown("mail address in a header", mail, Detector::MailAddress, |s, v| {
        s.sent("X-User-Identity", v);
    }),
    shown("device in a coded ActiveSync query", device, Detector::ActiveSync, |s, v| {
        s.url = format!("https://mail.contoso.com/Microsoft-Server-ActiveSync?{}", coded_query(v));
    }),
    shown("mail address in a parameter", mail, Detector::MailAddress, |s, v| {
        s.url = format!("https://login.windows.net/x?anything={}", percent(v));
    }),
    shown("mail address in a path", mail, Detector::MailAddress, |s, v| {
        s.url = format!("https://login.microsoftonline.com/common/UserRealm/{v}");
    }),
    shown("mail address in JSON", mail, Detector::MailAddress, |s, v| {
        s.get("application/json", format!("{{\"mail\":\"{v}\"}}"));
    }),
    shown("mail address in XML", mail, Detector::MailAddress, |s, v| {
        s.send("text/xml", format!("<EMailAddress>{v}</EMailAddress>"));
    }),
    shown("mail address in a diagnostic", mail, Detector::MailAddress, |s, v| {
        s.got("x-ms-diagnostics", format!("2000010;reason=\"The user '{v}' is unknown.\""));
    }),
    shown("user claim", logon, Detector::PersonalClaim, |s, v| claim(s, "unique_name", v)),
    shown("user of a form", logon, Detector::User, |s, v| {
        s.send("application/x-www-form-urlencoded", format!("username={v}&a=b"));
    }),
    shown("user of Basic", logon, Detector::Authorization, |s, v| {
        s.sent("Authorization", format!("Basic {}", STANDARD.encode(format!("{v}:Plain-7"))));
    }),
    shown("Windows user of Basic", windows, Detector::Authorization, |s, v| {
        s.sent("Authorization", format!("Basic {}", STANDARD.encode(format!("{v}:Plain-7"))));
    }),
    shown("user in XML", windows, Detector::User, |s, v| {
        s.send("text/xml", format!("<o:Username>{v}</o:Username>"));
    }),
    shown("hint", logon, Detector::User, |s, v| {
        s.url = format!("https://login.windows.net/x?login_hint={v}");
    }),
    shown("host of a request", host, Detector::Host, |s, v| s.url = format!("https://{v}/owa/")),
    shown("host of a tunnel", host, Detector::Host, |s, v| {
        s.method = "CONNECT".into();
        s.url = format!("{v}:443");
        s.sent("Host", format!("{v}:443"));
    }),
    shown("host in a header", host, Detector::Host, |s, v| s.sent("X-Forwarded-Host", v)),
    shown("host in an address", host, Detector::AddressHost, |s, v| {
        s.get("text/plain", format!("see https://{v}/x"));
    }),
    shown("host in an escaped address", host, Detector::AddressHost, |s, v| {
        s.get("application/json", format!("{{\"a\":\"https:\\/\\/{v}\\/x\"}}"));
    }),
    shown("host in a claim", host, Detector::AddressHost, |s, v| {
        claim(s, "aud", &format!("https://{v}/"));
    }),
    shown("realm", host, Detector::Realm, |s, v| {
        s.got("WWW-Authenticate", format!("Basic realm=\"{v}\""));
    }),
    shown("realm of an issuer", domain, Detector::Realm, issuer),
    shown("domain of a host", domain, Detector::Host, |s, v| {
        s.url = format!("https://mail.{v}/owa/");
    }),
    shown("domain of a user", domain, Detector::MailAddress, |s, v| {
        s.sent("X-Any", format!("zq@{v}"));
    }),
    shown("server", server, Detector::Server, |s, v| s.got("X-FEServer", v)),
    shown("server behind", server, Detector::Server, |s, v| s.got("X-DiagInfo", v)),
    shown("proxy", server, Detector::Server, |s, v| s.got("Via", format!("1.1 {v}"))),
    shown("tenant of an issuer", guid, Detector::Realm, issuer),
    shown("tenant in a path", guid, Detector::Tenant, |s, v| {
        s.url = format!("https://login.microsoftonline.com/{v}/oauth2/authorize");
    }),
    shown("tenant claim", guid, Detector::PersonalClaim, |s, v| claim(s, "tid", v)),
    shown("tenant in JSON", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"tenantId\":\"{v}\"}}"));
    }),
    shown("object claim", guid, Detector::PersonalClaim, |s, v| claim(s, "oid", v)),
    shown("object in JSON", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"objectId\":\"{v}\"}}"));
    }),
    shown("mailbox", guid, Detector::MailAddress, |s, v| {
        s.url = format!("https://mail.contoso.com/mapi/emsmdb/?MailboxId={v}@contoso.com");
    }),
    shown("SID claim", sid, Detector::PersonalClaim, |s, v| claim(s, "primarysid", v)),
    shown("SID in a text", sid, Detector::SecurityId, |s, v| {
        s.got("X-Any", format!("for {v}, no"));
    }),
    shown("device claim", guid, Detector::PersonalClaim, |s, v| claim(s, "deviceid", v)),
    shown("device in a parameter", device, Detector::Identifier, |s, v| {
        s.url = format!("https://mail.contoso.com/Microsoft-Server-ActiveSync?DeviceId={v}");
    }),
    shown("device in a header", device, Detector::Identifier, |s, v| s.sent("X-DeviceId", v)),
    shown("address of a server", address, Detector::IpAddress, |s, v| {
        s.har.push(("", "serverIPAddress", v.into()));
        s.flags.push(("x-hostip", v.into()));
    }),
    shown("address of a client", address, Detector::IpAddress, |s, v| {
        s.sent("X-Forwarded-For", format!("{v}, 127.0.0.1"));
    }),
    shown("address claim", address, Detector::PersonalClaim, |s, v| claim(s, "ipaddr", v)),
    shown("address as host", address, Detector::Host, |s, v| s.url = format!("https://{v}/owa/")),
    shown("new address", address6, Detector::IpAddress, |s, v| s.sent("X-Forwarded-For", v)),
    shown("person claim", person, Detector::PersonalClaim, |s, v| claim(s, "name", v)),
    shown("person in JSON", person, Detector::Person, |s, v| {
        s.get("application/json", format!("{{\"displayName\":\"{v}\"}}"));
    }),
    shown("person in XML", person, Detector::Person, |s, v| {
        s.get("text/xml", format!("<User><DisplayName>{v}</DisplayName></User>"));
    }),
    shown("person in a page", person, Detector::Person, |s, v| {
        s.get(
            "text/html",
            format!("<html><script>$Config={{\"sDisplayName\":\"{v}\"}}</script></html>"),
        );
    }),
    shown("legacy name", legacy, Detector::Person, |s, v| {
        s.get("text/xml", format!("<User><LegacyDN>{v}</LegacyDN></User>"));
    }),
    shown("tenant's domain in a path", domain, Detector::Tenant, |s, v| {
        s.url = format!("https://login.microsoftonline.com/{v}/oauth2/v2.0/authorize");
    }),
    shown("tenant's domain in a challenge", domain, Detector::Tenant, |s, v| {
        s.got(
            "WWW-Authenticate",
            format!("Bearer authorization_uri=\"https://login.windows.net/{v}/oauth2/authorize\""),
        );
    }),
    shown("tenant's domain in an error", domain, Detector::Tenant, |s, v| {
        s.get(
            "application/json",
            format!("{{\"error_description\":\"AADSTS90002: Tenant '{v}' not found.\"}}"),
        );
    }),
    shown("tenant that a proxy allows", domain, Detector::Tenant, |s, v| {
        s.sent("Restrict-Access-To-Tenants", format!("outlook.com,{v}"));
    }),
    shown("tenant of the proxy's owner", guid, Detector::Tenant, |s, v| {
        s.sent("Restrict-Access-Context", v);
    }),
    shown("tenant in a parameter", tenant, Detector::AddressHost, |s, v| {
        s.url = format!("https://outlook.office365.com/powershell/?any={v}");
    }),
    shown("hint for a domain", domain, Detector::Host, |s, v| {
        s.url = format!("https://login.windows.net/common/oauth2/authorize?domain_hint={v}");
    }),
    shown("domain in JSON", domain, Detector::Host, |s, v| {
        s.get("application/json", format!("{{\"DomainName\":\"{v}\"}}"));
    }),
    shown("domain of a cookie", domain, Detector::Host, |s, v| {
        s.got("Set-Cookie", format!("a=b; domain=.{v}; path=/"));
    }),
    shown("host of a cloud's customer", cloud, Detector::Host, |s, v| {
        s.url = format!("https://{v}/adfs/ls/");
    }),
    shown("host that only a company knows", private, Detector::AddressHost, |s, v| {
        s.got("X-Cache", format!("MISS from {v}"));
    }),
    shown("domain by its components", components, Detector::AddressHost, |s, v| {
        s.get("application/json", format!("{{\"any\":\"CN=x,{v}\"}}"));
    }),
    shown("server behind RPC", server, Detector::Server, |s, v| {
        s.url = format!("https://mail.contoso.com/rpc/rpcproxy.dll?{v}:6001");
    }),
    shown("server of an error page", server, Detector::Server, |s, v| {
        s.url = format!("https://mail.contoso.com/owa/auth/errorfe.aspx?httpCode=500&be={v}");
    }),
    shown("server by a proxy", server, Detector::Server, |s, v| s.got("X-TargetServer", v)),
    shown("server in Autodiscover", server, Detector::Server, |s, v| {
        s.get(
            "text/xml",
            format!("<Protocol><PublicFolderServer>{v}</PublicFolderServer></Protocol>"),
        );
    }),
    shown("server in a setting", server, Detector::Server, |s, v| {
        s.get(
            "text/xml",
            format!(
                "<UserSetting><Name>InternalMailboxServer</Name><Value>{v}</Value></UserSetting>"
            ),
        );
    }),
    shown("server in the directory", server, Detector::Person, |s, v| {
        s.get(
            "text/xml",
            format!("<ServerDN>/o=Any/ou=x/cn=Configuration/cn=Servers/cn={v}</ServerDN>"),
        );
    }),
    shown("server as a realm", server, Detector::Realm, |s, v| {
        s.got("WWW-Authenticate", format!("Basic realm=\"{v}\""));
    }),
    shown("proxy of capitals", proxy, Detector::Server, |s, v| {
        s.got("Via", format!("1.1 {v} (squid)"));
    }),
    shown("host of a certificate", host, Detector::Host, |s, v| {
        certificate(s, &format!("CN={v}"), "mail.contoso.com");
    }),
    shown("other host of a certificate", host, Detector::Host, |s, v| {
        certificate(s, "CN=mail.contoso.com", &format!("mail.contoso.com, {v}"));
    }),
    shown("organisation of a certificate", company, Detector::Host, |s, v| {
        certificate(s, &format!("CN=mail.contoso.com, O={v}"), "mail.contoso.com");
    }),
    shown("organisation in JSON", company, Detector::Person, |s, v| {
        s.get("application/json", format!("{{\"FederationBrandName\":\"{v}\"}}"));
    }),
    shown("organisation in an error", company, Detector::Tenant, |s, v| {
        s.get(
            "application/json",
            format!("{{\"error_description\":\"AADSTS700016: Application 'x' was not found in the directory '{v}'.\"}}"),
        );
    }),
    shown("guest", guest, Detector::MailAddress, |s, v| {
        s.get("application/json", format!("{{\"any\":\"{v}\"}}"));
    }),
    shown("Windows user of a mailbox", windows, Detector::User, |s, v| {
        s.sent("X-AnchorMailbox", v);
    }),
    shown("Windows user in a diagnostic", windows, Detector::User, |s, v| {
        s.got("x-ms-diagnostics", format!("2000012;reason=\"The user {v} is disabled\""));
    }),
    shown("Windows user in a page", windows, Detector::User, |s, v| {
        s.get("text/html", format!("<html><body><div>Welcome {v}</div></body></html>"));
    }),
    shown("Windows user in a claim", windows, Detector::User, |s, v| {
        claim(s, "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname", v);
    }),
    shown("user of a control", logon, Detector::User, |s, v| {
        s.send(
            "application/x-www-form-urlencoded",
            format!("ctl00%24C%24UsernameTextBox={v}&j_username={v}"),
        );
    }),
    shown("user without domain", letters, Detector::User, |s, v| {
        s.send("application/x-www-form-urlencoded", format!("username=FABRIKAM%5C{v}"));
    }),
    shown("user without address", local, Detector::MailAddress, |s, v| {
        s.sent("X-Any", format!("{v}@fabrikam.com"));
    }),
    shown("folder of a user", folder, Detector::MailAddress, |s, v| {
        let user = v.strip_suffix("_walder_fabrikam_com").unwrap();
        s.sent("X-Any", format!("{user}.walder@fabrikam.com"));
    }),
    shown("profile of a user", logon, Detector::User, |s, v| {
        s.get("text/plain", format!("at C:\\Users\\{v}\\AppData\\x.log"));
    }),
    shown("alias in the directory", logon, Detector::Person, |s, v| {
        s.get("application/json", format!("{{\"any\":\"/o=Any/ou=x/cn=Recipients/cn=1f2e-{v}\"}}"));
    }),
    shown("person of a document", person, Detector::Person, |s, v| {
        s.get("application/json", format!("{{\"sub\":\"abc\",\"name\":\"{v}\"}}"));
    }),
    shown("device by its name", company, Detector::Person, |s, v| {
        s.sent("X-MS-DeviceFriendlyName", v);
    }),
    shown("address of a client by a cloud", address, Detector::IpAddress, |s, v| {
        s.got("X-Azure-ClientIP", v);
    }),
    shown("address of mail's origin", address, Detector::IpAddress, |s, v| {
        s.got("x-originating-ip", format!("[{v}]"));
    }),
    shown("address in Forwarded", address, Detector::IpAddress, |s, v| {
        s.sent("Forwarded", format!("for={v};proto=https"));
    }),
    shown("address in a page", address, Detector::IpAddress, |s, v| {
        s.get("text/html", format!("<html><td>IP address:</td><td>{v}</td></html>"));
    }),
    shown("address in JSON", address, Detector::IpAddress, |s, v| {
        s.get("application/json", format!("{{\"ipAddress\":\"{v}\"}}"));
    }),
    shown("address of a network of one's own", intern, Detector::IpAddress, |s, v| {
        s.get("text/html", format!("[Fiddler] The target machine refused it {v}:8080"));
    }),
    shown("number of a mailbox", puid, Detector::User, |s, v| {
        s.sent("X-AnchorMailbox", format!("PUID:{v}@5de110f8-2e0f-4d45-891d-bcf2218e253d"));
    }),
    shown("account in a path", guid, Detector::Identifier, |s, v| {
        s.url = format!("https://graph.microsoft.com/v1.0/users/{v}");
    }),
    shown("device of a page", guid, Detector::Identifier, |s, v| {
        s.get("text/html", format!("<html><td>Device identifier:</td><td>{v}</td></html>"));
    }),
    shown("mailbox in JSON", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"MailboxGuid\":\"{v}\"}}"));
    }),
    shown("deployment in Autodiscover", guid, Detector::Identifier, |s, v| {
        s.get("text/xml", format!("<User><DeploymentId>{v}</DeploymentId></User>"));
    }),
    shown("short device", short_device, Detector::Identifier, |s, v| {
        s.url = format!("https://mail.contoso.com/Microsoft-Server-ActiveSync?DeviceId={v}");
    }),
    shown("SID of the cloud in a text", new_sid, Detector::SecurityId, |s, v| {
        s.got("X-Any", format!("for {v}, no"));
    }),
    shown("mail address behind an escape", mail, Detector::MailAddress, |s, v| {
        s.get("application/json", format!("{{\"m\":\"{}\"}}", v.replace('@', "\\u0040")));
    }),
    shown("mail address behind a reference", mail, Detector::MailAddress, |s, v| {
        s.get("text/html", format!("<html><p>{}</p></html>", v.replace('@', "&#64;")));
    }),
    shown("mail address behind two escapes", mail, Detector::MailAddress, |s, v| {
        s.url = format!("https://login.windows.net/x?y=a%253D{}", v.replace('@', "%252540"));
    }),
    shown("sender of a letter", person, Detector::Person, |s, v| {
        s.get("text/plain", format!("Subject: x\r\nFrom: \"{v}\" <z@fabrikam.com>"));
    }),
    shown("account of a token cache", guid, Detector::Identifier, |s, v| {
        s.get("application/json", format!("{{\"AccessToken\":{{\"localAccountId\":\"{v}\"}}}}"));
    }),
    shown("file of a letter", company, Detector::Person, |s, v| {
        s.got("Content-Disposition", format!("attachment; filename=\"{v}.pdf\""));
    }),
    shown("mail address in base64", mail, Detector::MailAddress, |s, v| {
        s.sent("X-Ctx", STANDARD.encode(format!("{{\"smtp\":\"{v}\"}}")));
    }),
];
