//! Header fields of both directions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::place::{Place, Shape};
use crate::spelling::{Spelling, utf16};

const RAW: &[Spelling] = &[Spelling::Raw];
const OPAQUE: &[Spelling] = &[Spelling::Raw, Spelling::Base64, Spelling::Base64Url];
const COOKIE: &[Spelling] =
    &[Spelling::Raw, Spelling::Percent, Spelling::PercentAll, Spelling::Base64];

/// What stands behind a scheme word, or is the whole value.
const AUTHORIZATIONS: &[(&str, Shape)] = &[
    ("Bearer {}", Shape::Random),
    ("bearer {}", Shape::Word),
    ("Negotiate {}", Shape::Random),
    ("Kerberos {}", Shape::Random),
    ("NTLM {}", Shape::Random),
    ("PoP {}", Shape::Word),
    ("DPoP {}", Shape::Word),
    ("Token {}", Shape::Word),
    ("ApiKey {}", Shape::Word),
    ("MSAuth1.0 usertoken=\"{}\",type=\"MSACT\"", Shape::Word),
    ("WLID1.0 t={}", Shape::Word),
    ("Passport1.4 from-PP='t={}&p='", Shape::Word),
    ("SharedAccessSignature sr=x&sig={}&se=1772446447&skn=k", Shape::Word),
    ("SharedKey account:{}", Shape::Word),
    ("AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature={}", Shape::Word),
    (
        "Digest username=\"anna\", realm=\"contoso\", nonce=\"n\", uri=\"/\", response=\"{}\"",
        Shape::Word,
    ),
    ("Custom-Scheme {}", Shape::Word),
    ("{}", Shape::Random),
    ("{} and more", Shape::Random),
];

/// Fields that are credentials as a whole.
const CREDENTIALS: &[&str] = &[
    "X-CommonAccessToken",
    "x-ms-RefreshTokenCredential",
    "x-ms-RefreshTokenCredential1",
    "x-ms-DeviceCredential",
    "x-ms-PKeyAuth",
    "x-ms-SSO-Cookie",
    "X-OWA-CANARY",
    "canary",
    "hpgid-canary",
    "Ocp-Apim-Subscription-Key",
    "x-functions-key",
    "x-api-key",
    "api-key",
    "X-Amz-Security-Token",
    "RequestVerificationToken",
    "X-XSRF-TOKEN",
    "X-CSRF-TOKEN",
    "X-Auth-Token",
    "X-MS-TOKEN-AAD-ACCESS-TOKEN",
    "x-ms-client-secret",
    "X-User-Password",
    "X-Vault-Token",
    "X-ApiKey",
    "X-ClientCredential",
    "X-SAML-Assertion",
    "DPoP",
    "X-ISA-Auth",
    "X-Forwarded-Access-Token",
    "X-Goog-Api-Key",
    "PRIVATE-TOKEN",
    "X-OWA-JS-PSD",
    "SAMLResponse",
    "X-Exchange-Impersonation-Secret",
    "X-AppServer-Session-Key",
    "Authentication-Info",
    "Proxy-Authentication-Info",
    "X-Forwarded-Authorization-Key",
    "x-ms-DeviceCredential1",
    "X-RequestDigest",
    "X-NTLM-Auth",
    "X-Ticket",
    "X-Credentials",
];

/// Fields of which a part is a credential, or that have to look like one.
const PARTS: &[(&str, &str)] = &[
    ("X-Authorization", "Bearer {}"),
    ("X-Forwarded-Authorization", "Bearer {}"),
    ("x-ms-authorization-auxiliary", "Bearer a, Bearer {}"),
    ("Sec-WebSocket-Protocol", "v1.bearer, {}"),
    ("X-BackEndCookie", "{}"),
    ("X-MS-Cookie", "cadata={}; x="),
    ("X-Session-Id", "{}"),
];

/// Cookies by their owners: Entra, personal accounts, AD FS, Exchange, proxies.
const COOKIES: &[&str] = &[
    "ESTSAUTH",
    "ESTSAUTHPERSISTENT",
    "x-ms-refreshtokencredential",
    "RPSSecAuth",
    "MSISAuth",
    "EdgeAccessCookie",
    "cadata",
    "OpenIdConnect.id_token.v1",
    "X-BackEndCookie",
    "FedAuth",
    "TS01a32329",
    "unknown-to-everybody",
];

pub(super) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for (form, shape) in AUTHORIZATIONS {
        for header in ["Authorization", "Proxy-Authorization"] {
            all.push(Place::new(format!("{header}: {form}"), *shape, RAW, move |s, v| {
                s.sent(header, form.replace("{}", v));
            }));
        }
    }
    for user in ["anna", "CONTOSO\\anna", "anna@contoso.com", ""] {
        all.push(Place::new(format!("Basic of {user}"), Shape::Wild, RAW, move |s, v| {
            s.sent("Authorization", format!("Basic {}", STANDARD.encode(format!("{user}:{v}"))));
        }));
    }
    for (name, value) in [("request", 3), ("challenge", 2)] {
        all.push(Place::new(format!("NTLM {name}"), Shape::Wild, RAW, move |s, v| {
            let blob = [b"NTLMSSP\0".as_slice(), &[value], &utf16(v)].concat();
            let text = format!("NTLM {}", STANDARD.encode(blob));
            if value == 3 { s.sent("Authorization", text) } else { s.got("WWW-Authenticate", text) }
        }));
    }
    for (name, form) in [
        ("WWW-Authenticate", "Negotiate {}"),
        ("WWW-Authenticate", "Bearer authorization_uri=\"https://login.windows.net/\", NTLM {}"),
        ("WWW-Authenticate", "Negotiate {}, Basic realm=\"mail.contoso.com\""),
        ("Proxy-Authenticate", "NTLM {}"),
        ("Proxy-Authenticate", "Kerberos {}"),
    ] {
        all.push(Place::new(
            format!("{name}: {form}"),
            Shape::Random,
            &[Spelling::Base64],
            move |s, v| {
                s.got(name, form.replace("{}", v));
            },
        ));
    }
    for name in CREDENTIALS {
        all.push(Place::new(*name, Shape::Word, OPAQUE, |s, v| s.sent(name, v)));
        all.push(Place::new(format!("{name}, answered"), Shape::Word, RAW, |s, v| s.got(name, v)));
    }
    for (name, form) in PARTS {
        all.push(Place::new(format!("{name}: {form}"), Shape::Random, RAW, |s, v| {
            s.sent(name, form.replace("{}", v));
        }));
    }
    for name in COOKIES {
        all.push(Place::new(format!("Cookie {name}"), Shape::Random, COOKIE, move |s, v| {
            s.sent("Cookie", format!("a=1; {name}={v}; b="));
        }));
        all.push(Place::new(format!("Set-Cookie {name}"), Shape::Word, COOKIE, move |s, v| {
            s.got("Set-Cookie", format!("{name}={v}; path=/; HttpOnly"));
        }));
    }
    all.extend([
        Place::new("Cookie in quotes", Shape::Word, RAW, |s, v| {
            s.sent("Cookie", format!("a=\"{v}\""));
        }),
        Place::new("Cookie with =", Shape::Word, RAW, |s, v| {
            s.sent("Cookie", format!("a=b=c&d={v}"));
        }),
        Place::new("Cookie without name", Shape::Random, RAW, |s, v| s.sent("Cookie", v)),
        Place::new("two fields of Set-Cookie", Shape::Word, RAW, |s, v| {
            s.got("Set-Cookie", "a=1; path=/");
            s.got("Set-Cookie", format!("b={v}"));
        }),
        Place::new("Set-Cookie of two lines", Shape::Word, RAW, |s, v| {
            s.got("Set-Cookie", format!("a=1; path=/\nb={v}; path=/"));
        }),
        Place::new(
            "JSON in a header",
            Shape::Wild,
            &[Spelling::Json, Spelling::JsonPlain],
            |s, v| {
                s.sent("X-Anything", format!("{{\"a\":{{\"password\":\"{v}\"}}}}"));
            },
        ),
        Place::new("pair in a header", Shape::Word, RAW, |s, v| {
            s.sent("X-Anything", format!("a=1; password={v}"));
        }),
        Place::new(
            "address in a header",
            Shape::Word,
            &[Spelling::Raw, Spelling::PercentAll],
            |s, v| {
                s.got("Link", format!("<https://mail.contoso.com/?code={v}>; rel=next"));
            },
        ),
        Place::new("Refresh", Shape::Word, RAW, |s, v| {
            s.got("Refresh", format!("0; url=https://mail.contoso.com/?access_token={v}"));
        }),
        Place::new("base64 of JSON in a header", Shape::Wild, &[Spelling::JsonPlain], |s, v| {
            s.sent("X-Anything", STANDARD.encode(format!("{{\"a\":{{\"password\":\"{v}\"}}}}")));
        }),
    ]);
    all
}
