//! Addresses: the request's own, and those that others hold.

use crate::place::{Place, Shape};
use crate::spelling::{Spelling, percent};

const VALUE: &[Spelling] =
    &[Spelling::Percent, Spelling::PercentAll, Spelling::PercentTwice, Spelling::Base64Url];

/// Parameters of sign-in pages and services.
const PARAMETERS: &[&str] = &[
    "code",
    "id_token",
    "access_token",
    "refresh_token",
    "SAMLRequest",
    "SAMLResponse",
    "SAMLart",
    "RelayState",
    "wctx",
    "wresult",
    "sig",
    "client_secret",
    "client_assertion",
    "code_verifier",
    "device_code",
    "user_code",
    "state",
    "nonce",
    "ctx",
    "id_token_hint",
    "flowToken",
    "canary",
    "password",
    "pwd",
    "otc",
    "request",
    "assertion",
    "sid",
    "x-owa-canary",
    "session_id",
    "client_info",
];

/// Forms of addresses that are not the request's own.
const ADDRESSES: &[(&str, &str)] = &[
    ("query", "https://mail.contoso.com/owa/?a=b&code={}&error=access_denied"),
    ("fragment", "https://mail.contoso.com/owa/#id_token={}&state="),
    ("route in a fragment", "https://mail.contoso.com/#/start?code={}"),
    ("scheme of an app", "msauth.com.microsoft.Outlook://auth/?code={}"),
    ("name, no host", "urn:ietf:wg:oauth:2.0:oob?code={}"),
    ("relative", "/owa/auth?code={}"),
    ("user", "https://anna:{}@mail.contoso.com/owa/"),
    ("escaped separators", "https://mail.contoso.com/?a=b&amp;code={}"),
    ("semicolons", "https://mail.contoso.com/?a=b;code={}"),
    ("path parameter", "/idp/SSO;jsessionid={}/x?execution=e1s1"),
];

pub(super) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for name in PARAMETERS {
        all.push(Place::new(format!("query {name}"), Shape::Wild, VALUE, move |s, v| {
            s.url = format!("https://mail.contoso.com/x?a=b&{name}={v}&c=d");
        }));
    }
    for (name, form) in ADDRESSES {
        for header in ["Location", "Referer", "Content-Location"] {
            all.push(Place::new(format!("{header}, {name}"), Shape::Wild, VALUE, move |s, v| {
                let address = form.replace("{}", v);
                if header == "Referer" { s.sent(header, address) } else { s.got(header, address) }
            }));
        }
    }
    all.extend([
        Place::new("query session_state", Shape::Random, &[Spelling::Raw], |s, v| {
            s.url = format!("https://mail.contoso.com/x?session_state={v}");
        }),
        Place::new(
            "user of the address",
            Shape::Wild,
            &[Spelling::Percent, Spelling::PercentAll],
            |s, v| {
                s.url = format!("https://anna:{v}@mail.contoso.com/x");
            },
        ),
        Place::new("user without password", Shape::Random, &[Spelling::Raw], |s, v| {
            s.url = format!("https://{v}@mail.contoso.com/x");
        }),
        Place::new("fragment of the address", Shape::Wild, VALUE, |s, v| {
            s.url = format!("https://mail.contoso.com/x#access_token={v}");
        }),
        Place::new("address in a parameter", Shape::Wild, VALUE, |s, v| {
            let inner = format!("https://mail.contoso.com/owa/?code={v}");
            s.url = format!("https://login.windows.net/x?returnUrl={}", percent(&inner));
        }),
        Place::new("address in a parameter of a parameter", Shape::Wild, VALUE, |s, v| {
            let inner = format!("https://mail.contoso.com/owa/?code={v}");
            let middle = format!("/go?to={}", percent(&inner));
            s.url = format!("https://login.windows.net/x?returnUrl={}", percent(&middle));
        }),
        Place::new("address with a blank", Shape::Word, &[Spelling::Raw], |s, v| {
            s.got("Location", format!("https://mail.contoso.com/?code=a {v}"));
        }),
        Place::new(
            "JSON in a parameter",
            Shape::Wild,
            &[Spelling::JsonPlain, Spelling::Json],
            |s, v| {
                let inner = format!("{{\"a\":[{{\"refresh_token\":\"{v}\"}}]}}");
                s.url = format!("https://login.windows.net/x?data={}", percent(&inner));
            },
        ),
        Place::new("form in a parameter", Shape::Wild, &[Spelling::Percent], |s, v| {
            let inner = format!("a=b&id_token={v}");
            s.url = format!("https://login.windows.net/x?data={}", percent(&inner));
        }),
        Place::new("a parameter's own value", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url = format!("https://mail.contoso.com/x?%70assword={v}");
        }),
        Place::new("relative address of a request", Shape::Wild, &[Spelling::Percent], |s, v| {
            s.sent("Host", "mail.contoso.com");
            s.url = format!("/x?code={v}");
        }),
    ]);
    all
}
