//! Bodies: forms, parts, JSON, XML, mail, bytes, and what is packed.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::place::{Place, Shape};
use crate::spelling::{Spelling, percent, utf16};

const FORM: &[Spelling] = &[Spelling::Percent, Spelling::PercentAll, Spelling::Base64Url];
const JSON: &[Spelling] = &[Spelling::JsonPlain, Spelling::Json, Spelling::Base64];
const XML: &[Spelling] = &[Spelling::Xml, Spelling::HtmlDecimal, Spelling::HtmlHex];

const FIELDS: &[&str] = &[
    "passwd",
    "password",
    "Password",
    "NewPassword",
    "ConfirmPassword",
    "OldPassword",
    "AdditionalAuthData",
    "otc",
    "client_secret",
    "client_assertion",
    "assertion",
    "request",
    "refresh_token",
    "subject_token",
    "actor_token",
    "code",
    "code_verifier",
    "device_code",
    "user_code",
    "flowToken",
    "ctx",
    "canary",
    "SAMLResponse",
    "RelayState",
    "wresult",
    "wctx",
    "__VIEWSTATE",
    "__EVENTVALIDATION",
    "__RequestVerificationToken",
    "state",
    "nonce",
    "login_token",
    "pin",
    "secret",
    "newPwd1",
    "ctl00$ContentPlaceHolder1$PasswordTextBox",
    "ConfirmNewPassword",
    "pf.pass",
    "j_password",
    "user[password]",
    "accesspass",
    "otp",
    "VerificationCode",
];

/// Fields known by a part of their name, or whose value has to look like a secret.
const LIKELY: &[&str] = &[
    "rawIdToken",
    "accessTokenValue",
    "oauthToken",
    "token",
    "stateToken",
    "tempauth",
    "secretKey",
    "msExchEcpCanary",
    "Context",
    "stateHandle",
    "tgt_client_key",
    "formDigestValue",
];

const KEYS: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "accessToken",
    "client_info",
    "device_code",
    "user_code",
    "session_key_jwe",
    "tgt_ad",
    "tgt_cloud",
    "secret",
    "secretText",
    "passwordCredentials",
    "FlowToken",
    "sFT",
    "sCtx",
    "canary",
    "apiCanary",
    "clientSecret",
    "bearerToken",
    "password",
    "pwd",
    "nonce",
    "Nonce",
    "prt",
    "primary_refresh_token",
    "assertion",
    "signature",
];

const ELEMENTS: &[&str] = &[
    "o:Password",
    "wsse:Password",
    "Password",
    "t:BinarySecret",
    "saml:Assertion",
    "saml2:EncryptedAssertion",
    "t:RequestedSecurityToken",
    "wsse:BinarySecurityToken",
    "e:CipherValue",
    "ds:SignatureValue",
    "ds:DigestValue",
    "t:Cookie",
    "AccessToken",
    "psf:EncryptedPP",
    "ps:Cookie",
];

/// What people and programs write, and as what.
const WORDS: &[(&str, &str)] = &[
    ("sent Authorization: Bearer {} and got 401", "text/plain"),
    ("{\"message\":\"Missing header Authorization: Bearer {}\"}", "application/json"),
    ("curl -H 'Cookie: cadata={}' https://mail.contoso.com/owa", "text/plain"),
    ("curl -u anna:{} https://mail.contoso.com/ews", "text/plain"),
    ("test account anna, PW: {}", "text/plain"),
    ("Password : {}", "text/plain"),
    ("Kennwort - {}", "text/plain"),
    ("$p = ConvertTo-SecureString '{}' -AsPlainText -Force", "text/plain"),
    ("rejected: <o:UsernameToken><o:Password>{}</o:Password></o:UsernameToken>", "text/plain"),
    ("{\"log\":\"<o:Password>{}</o:Password>\"}", "application/json"),
    ("<html><s:Envelope><o:Password>{}</o:Password></s:Envelope></html>", "text/html"),
    ("<a>R & D<o:Password>{}</o:Password></a>", "text/xml"),
    ("<a><name>password</name><value>{}</value></a>", "text/xml"),
    ("<configuration><add key=\"password\" value=\"{}\"/></configuration>", "text/xml"),
    ("cb({\"password\":\"{}\"});", "application/javascript"),
    ("{\"Cookie\":\"cadata={}\"}", "application/json"),
    ("{\"headers\":[[\"Authorization\",\"Bearer {}\"]]}", "application/json"),
    ("{\"token\":{\"value\":\"{}\"}}", "application/json"),
    ("Endpoint=sb://contoso.example/;SharedAccessKey={}", "text/plain"),
];

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for name in FIELDS {
        all.push(Place::new(format!("form {name}"), Shape::Wild, FORM, move |s, v| {
            s.send("application/x-www-form-urlencoded", format!("grant_type=x&{name}={v}&a=b"));
        }));
        all.push(Place::new(format!("part {name}"), Shape::Word, &[Spelling::Raw], move |s, v| {
            s.send(
                "multipart/form-data; boundary=B",
                format!(
                    "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{v}\r\n--B--\r\n"
                ),
            );
        }));
        all.push(Place::new(
            format!("parameter {name}"),
            Shape::Word,
            &[Spelling::Raw],
            move |s, v| {
                s.send("application/x-www-form-urlencoded", format!("{name}={v}"));
                s.params.push(((*name).to_owned(), v.to_owned()));
            },
        ));
    }
    for name in LIKELY {
        all.push(Place::new(
            format!("form {name}"),
            Shape::Random,
            &[Spelling::Raw],
            move |s, v| {
                s.send("application/x-www-form-urlencoded", format!("a=b&{name}={v}"));
            },
        ));
        all.push(Place::new(
            format!("JSON {name}"),
            Shape::Random,
            &[Spelling::Raw],
            move |s, v| {
                s.get("application/json", format!("{{\"a\":{{\"{name}\":\"{v}\"}}}}"));
            },
        ));
    }
    for (form, text) in WORDS {
        all.push(Place::new(format!("words {form}"), Shape::Random, &[Spelling::Raw], |s, v| {
            s.get(text, form.replace("{}", v));
        }));
    }
    for name in KEYS {
        all.push(Place::new(format!("JSON {name}"), Shape::Wild, JSON, move |s, v| {
            s.get(
                "application/json; charset=utf-8",
                format!("{{\"a\":[{{\"b\":{{\"{name}\":\"{v}\"}}}}]}}"),
            );
        }));
        all.push(Place::new(format!("JSON cut off {name}"), Shape::Random, JSON, move |s, v| {
            s.get("application/json", format!("{{\"a\":[{{\"{name}\":\"{v}\",\"expires\":"));
        }));
    }
    for name in ELEMENTS {
        let local = name.rsplit(':').next().unwrap();
        all.push(Place::new(format!("XML {name}"), Shape::Wild, XML, move |s, v| {
            s.send(
                "application/soap+xml",
                format!("<s:E xmlns:s=\"x\"><{name} Id=\"_1\">{v}</{name}></s:E>"),
            );
        }));
        all.push(Place::new(
            format!("CDATA {local}"),
            Shape::Word,
            &[Spelling::Raw],
            move |s, v| {
                s.get("text/xml", format!("<E><{name}><![CDATA[{v}]]></{name}></E>"));
            },
        ));
    }
    all.extend(structures());
    all.extend(bytes());
    all
}

/// Documents inside documents, and documents that are none.
fn structures() -> Vec<Place> {
    let json = |v: &str| format!("{{\"a\":{{\"password\":\"{v}\"}}}}");
    vec![
        Place::new(
            "JSON in JSON",
            Shape::Wild,
            &[Spelling::JsonPlain, Spelling::Json],
            move |s, v| {
                let outer = serde_json::json!({ "data": json(v) });
                s.get(
                    "application/json",
                    serde_json::json!({ "data": outer.to_string() }).to_string(),
                );
            },
        ),
        Place::new("JSON in a form", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.send("application/x-www-form-urlencoded", format!("data={}", percent(&json(v))));
        }),
        Place::new("form without type", Shape::Wild, FORM, |s, v| {
            s.send("", format!("grant_type=refresh_token&refresh_token={v}"));
        }),
        Place::new("form as text", Shape::Wild, FORM, |s, v| {
            s.send(
                "text/plain;charset=UTF-8",
                format!("grant_type=refresh_token&refresh_token={v}"),
            );
        }),
        Place::new("XML in a form", Shape::Wild, &[Spelling::Xml], |s, v| {
            let inner = format!("<t:R><Password>{v}</Password></t:R>");
            s.send("application/x-www-form-urlencoded", format!("other={}", percent(&inner)));
        }),
        Place::new("XML in JSON", Shape::Wild, &[Spelling::Xml, Spelling::HtmlHex], |s, v| {
            let inner = format!("<t:R><Password>{v}</Password></t:R>");
            s.get("application/json", serde_json::json!({ "data": inner }).to_string());
        }),
        Place::new("XML in XML", Shape::Word, &[Spelling::Raw], |s, v| {
            s.get(
                "text/xml",
                format!(
                    "<a><data>&lt;R&gt;&lt;Password&gt;{v}&lt;/Password&gt;&lt;/R&gt;</data></a>"
                ),
            );
        }),
        Place::new("XML attribute", Shape::Wild, &[Spelling::Xml, Spelling::HtmlHex], |s, v| {
            s.send("text/xml", format!("<a><login user=\"anna\" password=\"{v}\"/></a>"));
        }),
        Place::new("XML cut off", Shape::Wild, &[Spelling::Xml], |s, v| {
            s.send("text/xml", format!("<a><o:Password>{v}"));
        }),
        Place::new("XML comment", Shape::Word, &[Spelling::Raw], |s, v| {
            s.send("text/xml", format!("<a><!-- password={v} --></a>"));
        }),
        Place::new("JSON in XML", Shape::Word, &[Spelling::Raw], |s, v| {
            s.send("text/xml", format!("<a><b>{{\"client_secret\":\"{v}\"}}</b></a>"));
        }),
        Place::new("lines of JSON", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.send("application/json", format!("{{\"a\":1}}\n{}\n", json(v)));
        }),
        Place::new(
            "JSON in a call",
            Shape::Wild,
            &[Spelling::JsonPlain, Spelling::Json],
            move |s, v| {
                s.get("application/javascript", format!("callback({{\"access_token\":\"{v}\"}});"));
            },
        ),
        Place::new("JSON behind a guard", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.get("application/json", format!(")]}}',\n{}", json(v)));
        }),
        Place::new("JSON behind a mark", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.get("application/json", format!("\u{FEFF}{}", json(v)));
        }),
        Place::new("JSON list", Shape::Wild, &[Spelling::JsonPlain], |s, v| {
            s.get("application/json", format!("{{\"passwords\":1,\"access_token\":[1,\"{v}\"]}}"));
        }),
        Place::new("JSON below a key", Shape::Wild, &[Spelling::JsonPlain], |s, v| {
            s.get("application/json", format!("{{\"passwordCredentials\":{{\"hint\":\"{v}\"}}}}"));
        }),
        Place::new("JSON with an escaped key", Shape::Wild, &[Spelling::JsonPlain], |s, v| {
            s.get("application/json", format!("{{\"pass\\u0077ord\":\"{v}\"}}"));
        }),
        Place::new("JSON array of pairs", Shape::Word, &[Spelling::Raw], |s, v| {
            s.get("application/json", format!("[{{\"name\":\"password\",\"value\":\"{v}\"}}]"));
        }),
        Place::new("prose", Shape::Word, &[Spelling::Raw], |s, v| {
            s.get("text/plain", format!("The password={v} was wrong"));
        }),
        Place::new("label", Shape::Word, &[Spelling::Raw], |s, v| {
            s.get("text/plain", format!("User: anna\r\nPassword: {v}\r\n"));
        }),
        Place::new("header in a body", Shape::Random, &[Spelling::Raw], |s, v| {
            s.get("text/plain", format!("Authorization: Bearer {v}\r\nHost: mail.contoso.com\r\n"));
        }),
        Place::new("batch of requests", Shape::Random, &[Spelling::Raw], |s, v| {
            s.send("multipart/mixed; boundary=B", format!(
                "--B\r\nContent-Type: application/http\r\n\r\nGET /a HTTP/1.1\r\nAuthorization: Bearer {v}\r\n\r\n--B--"));
        }),
        Place::new("part with its own type", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.send(
                "multipart/related; boundary=\"B b\"",
                format!("--B b\r\nContent-Type: application/json\r\n\r\n{}\r\n--B b--", json(v)),
            );
        }),
        Place::new("mail", Shape::Wild, &[Spelling::Xml], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get(
                "text/xml",
                format!(
                    "<s:Envelope><t:Message><t:Subject>{v}</t:Subject></t:Message></s:Envelope>"
                ),
            );
        }),
        Place::new("attribute of mail", Shape::Wild, &[Spelling::Xml], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get("text/xml", format!("<s:Envelope><t:Message><t:Extended PropertyValue=\"{v}\"/></t:Message></s:Envelope>"));
        }),
        Place::new("text of mail with markup", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get(
                "text/xml",
                format!("<s:Envelope><t:Body><![CDATA[<p>{v}</p>]]></t:Body></s:Envelope>"),
            );
        }),
        Place::new("sender of mail", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get(
                "text/xml",
                format!("<s:Envelope><t:Mailbox><t:Name>{v}</t:Name></t:Mailbox></s:Envelope>"),
            );
        }),
        Place::new("property of mail", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get(
                "text/xml",
                format!("<s:Envelope><t:ExtendedProperty><t:Value>{v}</t:Value></t:ExtendedProperty></s:Envelope>"),
            );
        }),
        Place::new("mail with attachments", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url.push_str("EWS/Exchange.asmx");
            s.get(
                "multipart/related; boundary=\"B\"",
                format!("--B\r\nContent-Type: application/xop+xml\r\n\r\n<s:Envelope><t:Subject>{v}</t:Subject></s:Envelope>\r\n--B--"),
            );
        }),
        Place::new("mail in Outlook on the web", Shape::Word, &[Spelling::Raw], |s, v| {
            s.url.push_str("owa/service.svc?action=GetItem");
            s.get(
                "application/json",
                format!("{{\"Body\":{{\"Items\":[{{\"Subject\":\"{v}\"}}]}}}}"),
            );
        }),
        Place::new("mail in Microsoft Graph", Shape::Wild, &[Spelling::JsonPlain], |s, v| {
            s.url = "https://graph.microsoft.com/v1.0/me/messages".into();
            s.get("application/json", format!("{{\"value\":[{{\"bodyPreview\":\"{v}\"}}]}}"));
        }),
    ]
}

/// Bodies that are packed, or no text at all.
fn bytes() -> Vec<Place> {
    let json = |v: &str| format!("{{\"a\":{{\"password\":\"{v}\"}}}}");
    vec![
        Place::new("base64 of JSON", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.get("text/plain", STANDARD.encode(json(v)));
        }),
        Place::new("base64 of a form", Shape::Wild, &[Spelling::Percent], move |s, v| {
            s.get("text/plain", STANDARD.encode(format!("a=b&refresh_token={v}")));
        }),
        Place::new("base64 of XML in JSON", Shape::Wild, &[Spelling::Xml], move |s, v| {
            let inner = STANDARD.encode(format!("<a><Password>{v}</Password></a>"));
            s.get("application/json", format!("{{\"data\":\"{inner}\"}}"));
        }),
        Place::new("gzip", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.get("application/json", gzip(json(v).as_bytes()));
            s.got("Content-Encoding", "gzip");
        }),
        Place::new(
            "gzip that is not announced",
            Shape::Wild,
            &[Spelling::JsonPlain],
            move |s, v| {
                s.get("application/json", gzip(json(v).as_bytes()));
            },
        ),
        Place::new("unknown coding", Shape::Wild, &[Spelling::Raw], move |s, v| {
            s.get("application/json", [b"\x01\x02\xFF".as_slice(), v.as_bytes()].concat());
            s.got("Content-Encoding", "x-unknown");
        }),
        Place::new("UTF-16 with a mark", Shape::Wild, &[Spelling::JsonPlain], move |s, v| {
            s.get("application/json", [b"\xFF\xFE".as_slice(), &utf16(&json(v))].concat());
        }),
        Place::new("UTF-16 without a mark", Shape::Wild, &[Spelling::Xml], |s, v| {
            s.send("text/xml; charset=utf-16", utf16(&format!("<a><Password>{v}</Password></a>")));
        }),
        Place::new("Latin-1", Shape::Word, &[Spelling::Raw], |s, v| {
            s.send(
                "application/x-www-form-urlencoded",
                [b"a=\xE9&password=".as_slice(), v.as_bytes()].concat(),
            );
        }),
        Place::new("MAPI", Shape::Wild, &[Spelling::Raw, Spelling::Utf16Base64], |s, v| {
            s.get(
                "application/mapi-http",
                [
                    b"PROCESSING\r\nDONE\r\nX-ResponseCode: 0\r\n\r\n\0\x01".as_slice(),
                    v.as_bytes(),
                    &utf16(v),
                ]
                .concat(),
            );
        }),
        Place::new("WBXML", Shape::Wild, &[Spelling::Raw], |s, v| {
            s.send(
                "application/vnd.ms-sync.wbxml",
                [b"\x03\x01\x6A\0\x45\x5C".as_slice(), v.as_bytes()].concat(),
            );
        }),
        Place::new("address book", Shape::Wild, &[Spelling::Raw], |s, v| {
            s.get("application/octet-stream", [b"OAB\0\xFF".as_slice(), &utf16(v)].concat());
        }),
        Place::new("picture", Shape::Wild, &[Spelling::Raw], |s, v| {
            s.get("image/png", [b"\x89PNG\r\n\x1A\n\0".as_slice(), v.as_bytes()].concat());
        }),
        Place::new("frames of a web socket in the body", Shape::Wild, &[Spelling::Raw], |s, v| {
            s.status = 101;
            s.got("Upgrade", "websocket");
            s.response_body = [b"\x81\x40".as_slice(), v.as_bytes()].concat();
        }),
    ]
}
