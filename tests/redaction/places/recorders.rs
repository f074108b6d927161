//! What recorders add on their own: duplicates, titles, remarks.

use serde_json::json;

use crate::place::{Place, Shape};
use crate::recorded::Kind;
use crate::spelling::Spelling;

const RAW: &[Spelling] = &[Spelling::Raw];
const REMARK: &[Spelling] = &[Spelling::Raw, Spelling::PercentAll];

/// Members of an entry in which a browser repeats itself, or says more than the format asks.
const MEMBERS: &[(&str, &str)] = &[
    ("", "_initiator"),
    ("", "_custom"),
    ("", "connection"),
    ("", "_webSocketMessages"),
    ("", "_resourceType"),
    ("", "_priority"),
    ("", "_securityDetails"),
    ("/request", "comment"),
    ("/request", "_custom"),
    ("/response", "comment"),
    ("/response", "_transferSize"),
    ("/response", "redirectURL"),
    ("/response/content", "comment"),
    ("/cache", "comment"),
    ("/cache", "beforeRequest"),
    ("/timings", "comment"),
    ("/timings", "_custom"),
];

pub(super) fn places() -> Vec<Place> {
    let mut all = vec![
        Place::new("HAR cookies[]", Shape::Word, RAW, |s, v| {
            s.har.push(("/request", "cookies", json!([{"name": "cadata", "value": v}])));
            s.har.push((
                "/response",
                "cookies",
                json!([{"name": "cadata", "value": v, "comment": v}]),
            ));
        }),
        Place::new("HAR queryString[]", Shape::Wild, RAW, |s, v| {
            s.har.push(("/request", "queryString", json!([{"name": "code", "value": v}])));
        }),
        Place::new(
            "HAR page title",
            Shape::Wild,
            &[Spelling::Percent, Spelling::PercentAll],
            |s, v| {
                s.har.push((
                    "/pages",
                    "title",
                    format!("https://mail.contoso.com/?code={v}").into(),
                ));
            },
        ),
        Place::new("HAR page's own", Shape::Word, RAW, |s, v| {
            s.har.push(("/pages", "_custom", v.into()));
        }),
        Place::new("HAR header comment", Shape::Word, RAW, |s, v| {
            s.har.push(("/request", "headers", json!([{"name": "A", "value": "b", "comment": v}])));
        }),
        Place::new("HAR _error", Shape::Word, &[Spelling::Raw, Spelling::PercentAll], |s, v| {
            s.har.push((
                "/response",
                "_error",
                format!("failed: https://mail.contoso.com/?code={v}").into(),
            ));
            s.har.push(("/response", "status", 0.into()));
        }),
        Place::new("HAR _process", Shape::Word, RAW, |s, v| {
            s.har.push(("", "_process", format!("app --password={v}").into()));
        }),
        Place::new("HAR serverIPAddress", Shape::Word, RAW, |s, v| {
            s.har.push(("", "serverIPAddress", format!("password={v}").into()));
        }),
        Place::new("HAR statusText", Shape::Word, RAW, |s, v| {
            s.har.push(("/response", "statusText", format!("password={v}").into()));
        }),
        Place::new("HAR httpVersion", Shape::Word, RAW, |s, v| {
            s.har.push((
                "/request",
                "httpVersion",
                format!("HTTP/1.1 https://a.example/?code={v}").into(),
            ));
        }),
        Place::new("HAR method", Shape::Word, RAW, |s, v| {
            s.har.push(("/request", "method", format!("password={v}").into()));
        }),
    ];
    for (parent, name) in MEMBERS {
        let value = Place::new(format!("HAR {parent}/{name}"), Shape::Word, RAW, move |s, v| {
            let texts = json!({"url": v, "stack": [v], "data": v});
            s.har.push((parent, name, if *name == "_initiator" { texts } else { v.into() }));
        });
        all.push(value);
    }
    for (name, form) in [
        ("pair", "password={}"),
        ("address", "see https://mail.contoso.com/?code={}"),
        ("label", "Password: {}"),
        ("JSON", "{\"client_secret\":\"{}\"}"),
        ("header", "Authorization: Bearer {}"),
    ] {
        all.push(Place::new(format!("HAR comment, {name}"), Shape::Random, REMARK, move |s, v| {
            s.har.push(("", "comment", form.replace("{}", v).into()));
        }));
        all.push(
            Place::new(format!("SAZ comment, {name}"), Shape::Random, REMARK, move |s, v| {
                s.flags.push(("ui-comments", form.replace("{}", v)));
            })
            .only(Kind::Saz),
        );
    }
    for place in &mut all {
        if place.name.starts_with("HAR") {
            place.only = Some(Kind::Har);
        }
    }
    for flag in [
        "x-AutoAuth",
        "https-Client-Certificate",
        "ui-customcolumn",
        "x-overridehost",
        "x-serversocket",
        "ui-color",
        "x-processinfo",
        "x-hostip",
        "x-aborted-when",
    ] {
        all.push(
            Place::new(format!("SAZ flag {flag}"), Shape::Word, RAW, move |s, v| {
                let known = flag.starts_with("x-processinfo")
                    || flag == "x-hostip"
                    || flag == "x-aborted-when";
                let value = if known { format!("password={v}") } else { v.to_owned() };
                s.flags.push((flag, value));
            })
            .only(Kind::Saz),
        );
    }
    for (ending, name) in [("w.txt", "frames"), ("g.txt", "gateway"), ("x.bin", "anything")] {
        all.push(
            Place::new(
                format!("SAZ {name}"),
                Shape::Wild,
                &[Spelling::Raw, Spelling::Utf16Base64],
                move |s, v| {
                    s.members.push((ending, v.as_bytes().to_vec()));
                },
            )
            .only(Kind::Saz),
        );
    }
    all
}
