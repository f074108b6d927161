//! JSON Web Tokens: their signatures, tokens inside tokens, encrypted ones.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::place::{Place, Shape};
use crate::recorded::Recorded;
use crate::spelling::{Spelling, percent};

const RAW: &[Spelling] = &[Spelling::Raw];
const PART: &[Spelling] = &[Spelling::Raw, Spelling::Base64Url];

fn token(header: &str, claims: &str, signature: &str) -> String {
    format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
}

fn signed(signature: &str) -> String {
    token(
        r#"{"typ":"JWT","alg":"RS256","kid":"k"}"#,
        r#"{"aud":"https://mail.contoso.com/","exp":1772446447}"#,
        signature,
    )
}

/// A place for any token.
type Carrier = (&'static str, fn(&mut Recorded, String));

/// Where a token may stand.
const CARRIERS: &[Carrier] = &[
    ("Authorization", |s, t| s.sent("Authorization", format!("Bearer {t}"))),
    ("any header", |s, t| s.sent("X-Anything", t)),
    ("middle of a header", |s, t| s.got("X-Anything", format!("a=1, t={t}, b"))),
    ("query", |s, t| s.url = format!("https://mail.contoso.com/x?anything={t}")),
    ("path", |s, t| s.url = format!("https://mail.contoso.com/x/{t}/y")),
    ("form", |s, t| s.send("application/x-www-form-urlencoded", format!("anything={t}"))),
    ("JSON", |s, t| s.get("application/json", format!("{{\"anything\":\"{t}\"}}"))),
    ("JSON cut off", |s, t| s.get("application/json", format!("{{\"anything\":\"{t}"))),
    ("XML", |s, t| s.get("text/xml", format!("<a><b>{t}</b></a>"))),
    ("XML attribute", |s, t| s.get("text/xml", format!("<a b=\"{t}\"/>"))),
    ("page", |s, t| s.get("text/html", format!("<html><p>{t}</p></html>"))),
    ("script", |s, t| s.get("application/javascript", format!("x(\"{t}\")"))),
    ("prose", |s, t| s.get("text/plain", format!("the token was {t}."))),
    ("escaped", |s, t| s.get("text/plain", percent(&format!(" {t} ")))),
    ("part", |s, t| {
        s.send(
            "multipart/form-data; boundary=B",
            format!("--B\r\nContent-Disposition: form-data; name=\"anything\"\r\n\r\n{t}\r\n--B--"),
        );
    }),
];

pub(super) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for (name, carry) in CARRIERS {
        all.push(Place::new(format!("signature, {name}"), Shape::Random, PART, move |s, v| {
            carry(s, signed(v));
        }));
        all.push(Place::new(
            format!("encrypted token, {name}"),
            Shape::Random,
            PART,
            move |s, v| {
                let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#);
                carry(s, format!("{head}.{v}.{v}.{v}.{v}"));
            },
        ));
    }
    all.extend([
        Place::new("signature of an actor token", Shape::Random, PART, |s, v| {
            let outer =
                token(r#"{"alg":"none"}"#, &format!(r#"{{"actortoken":"{}"}}"#, signed(v)), "");
            s.sent("Authorization", format!("Bearer {outer}"));
        }),
        Place::new("signature of an actor token's actor token", Shape::Random, PART, |s, v| {
            let inner = token(r#"{"alg":"none"}"#, &format!(r#"{{"actort":"{}"}}"#, signed(v)), "");
            let outer = token(r#"{"alg":"none"}"#, &format!(r#"{{"actortoken":"{inner}"}}"#), "");
            s.sent("Authorization", format!("Bearer {outer}"));
        }),
        Place::new("token in a claim", Shape::Random, PART, |s, v| {
            let outer =
                token(r#"{"alg":"HS256"}"#, &format!(r#"{{"anything":"{}"}}"#, signed(v)), "");
            s.sent("Authorization", format!("Bearer {outer}"));
        }),
        Place::new("password in a claim", Shape::Word, RAW, |s, v| {
            let outer = token(r#"{"alg":"HS256"}"#, &format!(r#"{{"password":"{v}"}}"#), "");
            s.sent("Authorization", format!("Bearer {outer}"));
        }),
        Place::new("refresh token in a claim", Shape::Random, RAW, |s, v| {
            let outer = token(r#"{"alg":"HS256"}"#, &format!(r#"{{"refresh_token":"{v}"}}"#), "");
            s.sent("x-ms-anything", outer);
        }),
        Place::new("payload that is no JSON", Shape::Random, PART, |s, v| {
            let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
            s.sent("Authorization", format!("Bearer {head}.{v}.x"));
        }),
        Place::new("header with blanks", Shape::Random, PART, |s, v| {
            s.sent(
                "Authorization",
                format!("Bearer {}", token("{ \"alg\": \"RS256\" }", "{ \"exp\": 1 }", v)),
            );
        }),
        Place::new("token with line breaks in its header", Shape::Random, PART, |s, v| {
            s.sent("X-Anything", token("{\r\n \"alg\": \"RS256\" }", "{\r\n \"exp\": 1 }", v));
        }),
        Place::new("token in a token response", Shape::Random, PART, |s, v| {
            s.url = "https://login.microsoftonline.com/common/oauth2/token".into();
            s.get(
                "application/json",
                format!("{{\"token_type\":\"Bearer\",\"access_token\":\"{}\"}}", signed(v)),
            );
        }),
        Place::new("token of a broker in a cookie", Shape::Random, PART, |s, v| {
            s.sent("Cookie", format!("x-ms-RefreshTokenCredential={}", signed(v)));
        }),
    ]);
    all
}
