//! Pages and programs.

use crate::place::{Place, Shape};
use crate::spelling::Spelling;

const HTML: &[Spelling] = &[Spelling::Xml, Spelling::HtmlDecimal, Spelling::HtmlHex];
const SCRIPT: &[Spelling] = &[Spelling::JsonPlain, Spelling::Json, Spelling::Base64];

/// What sign-in pages keep in `$Config`.
const CONFIG: &[&str] = &["sFT", "sCtx", "canary", "apiCanary", "sFTTag", "urlPost", "urlResume"];

const INPUTS: &[&str] = &[
    "<input type=\"hidden\" name=\"code\" value=\"{}\" />",
    "<INPUT TYPE=hidden NAME='id_token' VALUE='{}'>",
    "<input value=\"{}\" name=\"SAMLResponse\" type=\"hidden\">",
    "<input type='hidden' value='{}' id='x' name='wresult'/>",
    "<input name=\"flowToken\" autocomplete=off\n value=\"{}\">",
    "<input type=\"password\" name=\"passwd\" value=\"{}\">",
    "<input type=\"hidden\" id=\"__VIEWSTATE\" value=\"{}\">",
    "<textarea name=\"SAMLResponse\">{}</textarea>",
    "<meta name=\"csrf-token\" content=\"{}\">",
    "<button name=\"canary\" value=\"{}\">",
    "<input type=\"password\" name=\"other\" value=\"{}\">",
    "<div data-access-token=\"{}\">x</div>",
];

const SCRIPTS: &[&str] = &[
    "var accessToken = \"{}\";",
    "window.access_token='{}';",
    "let x = { refreshToken: \"{}\" };",
    "x.load('https://mail.contoso.com/?a=b\\u0026code={}');",
    "x = JSON.parse(\"{\\\"refresh_token\\\":\\\"{}\\\"}\");",
    "location.href = \"https://mail.contoso.com/#access_token={}\";",
    "sessionStorage.setItem('access_token', '{}');",
    "var t = { access_token: `{}` };",
    "document.cookie = \"ESTSAUTH={}; path=/\";",
    "var c = { userName: \"x\", password: \"{}\" };",
];

const ADDRESSES: &[&str] = &[
    "<a href=\"https://mail.contoso.com/?a=b&amp;code={}\">x</a>",
    "<form action=\"/common/login?ctx={}\" method=\"post\">",
    "<meta http-equiv=\"refresh\" content=\"0; url=https://mail.contoso.com/?code={}\">",
    "<img src='https://mail.contoso.com/?sig={}'>",
];

fn page(inside: &str) -> String {
    format!("<!DOCTYPE html><html><head><title>Sign in</title>{inside}</head></html>")
}

pub(super) fn places() -> Vec<Place> {
    let mut all = Vec::new();
    for name in CONFIG {
        let form = match *name {
            "sFTTag" => "<input type=\\\"hidden\\\" name=\\\"PPFT\\\" value=\\\"{}\\\"/>",
            "urlPost" | "urlResume" => "https://login.microsoftonline.com/common/x?ctx={}",
            _ => "{}",
        };
        let spellings = if form == "{}" { SCRIPT } else { &[Spelling::Base64] };
        all.push(Place::new(format!("$Config {name}"), Shape::Random, spellings, move |s, v| {
            let value = form.replace("{}", v);
            s.get("text/html; charset=utf-8", page(&format!(
                "<script>//<![CDATA[\n$Config={{\"a\":{{\"b\":1}},\"{name}\":\"{value}\",\"sErrorCode\":\"50058\"}};\n//]]></script>")));
        }));
    }
    for form in INPUTS {
        all.push(Place::new(*form, Shape::Wild, HTML, move |s, v| {
            let v = v.replace('\'', "&#39;");
            s.get("text/html", page(&form.replace("{}", &v)));
        }));
    }
    for form in SCRIPTS {
        all.push(Place::new(
            *form,
            Shape::Random,
            &[Spelling::Raw, Spelling::Base64],
            move |s, v| {
                s.get("text/html", page(&format!("<script>{}</script>", form.replace("{}", v))));
            },
        ));
        all.push(Place::new(
            format!("{form} in a program"),
            Shape::Random,
            &[Spelling::Raw],
            move |s, v| {
                s.get("application/javascript", form.replace("{}", v));
            },
        ));
    }
    for form in ADDRESSES {
        all.push(Place::new(
            *form,
            Shape::Wild,
            &[Spelling::Percent, Spelling::PercentAll],
            move |s, v| {
                s.get("text/html", page(&form.replace("{}", v)));
            },
        ));
    }
    all.push(Place::new("page without type", Shape::Wild, HTML, |s, v| {
        s.get("", page(&format!("<input name=\"code\" value=\"{}\">", v.replace('\'', "&#39;"))));
    }));
    all
}
