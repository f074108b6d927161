//! How a recorded value is shown to people: scheme words, emptiness, names and codes stay readable, credentials do not.
//! Screen, terminal and reports all show values through this module; redaction goes further and rewrites the file.

use super::{Authorization, Secret};

/// Header fields whose whole value is a credential.
const SECRET_HEADERS: &[&str] = &[
    "x-commonaccesstoken",
    "x-ms-refreshtokencredential",
    "x-ms-devicecredential",
    "x-ms-pkeyauth",
    "x-owa-canary",
    "x-api-key",
    "x-csrf-token",
    "x-amz-security-token",
    "ocp-apim-subscription-key",
    "x-functions-key",
    "apikey",
    "canary",
    "hpgact",
];

/// Names of parameters, form fields and JSON members whose value is a credential or a one-time grant.
const SECRET_FIELDS: &[&str] = &[
    "access_token",
    "accesstoken",
    "additionalauthdata",
    "apicanary",
    "assertion",
    "canary",
    "client_assertion",
    "client_info",
    "client_secret",
    "code",
    "code_verifier",
    "confirmpassword",
    "ctx",
    "device_code",
    "flowtoken",
    "id_token",
    "id_token_hint",
    "newpassword",
    "nonce",
    "originalrequest",
    "otc",
    "passwd",
    "password",
    "pwd",
    "refresh_token",
    "relaystate",
    "request",
    "samlrequest",
    "samlresponse",
    "sctx",
    "secret",
    "session_key_jwe",
    "sessionkey",
    "sft",
    "sig",
    "state",
    "subject_token",
    "tgt_ad",
    "tgt_cloud",
    "user_code",
    "wctx",
    "wresult",
];

/// Whether a parameter, form field or JSON member of this name holds a credential or a one-time grant.
pub fn is_secret_field(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_FIELDS.binary_search(&name.as_str()).is_ok()
}

/// Whether a header field holds a credential as a whole or in part.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_HEADERS.contains(&name.as_str())
        || matches!(
            name.as_str(),
            "authorization" | "proxy-authorization" | "cookie" | "set-cookie"
        )
}

/// A header value as people may see it.
pub fn header_value(name: &str, value: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "authorization" | "proxy-authorization" => authorization(value),
        "cookie" => {
            value.split(';').map(|pair| mask_pair(pair.trim())).collect::<Vec<_>>().join("; ")
        }
        "set-cookie" => value
            .lines()
            .map(|line| match line.split_once(';') {
                Some((pair, attributes)) => format!("{};{attributes}", mask_pair(pair)),
                None => mask_pair(line),
            })
            .collect::<Vec<_>>()
            .join("\n"),
        "www-authenticate" | "proxy-authenticate" => blob(value),
        "location" | "referer" | "content-location" => url(value),
        name if SECRET_HEADERS.contains(&name) && !value.is_empty() => {
            Secret::new(value).to_string()
        }
        _ => value.to_owned(),
    }
}

fn authorization(value: &str) -> String {
    match Authorization::parse(value) {
        Authorization::Absent => String::new(),
        Authorization::EmptyBearer => "Bearer".to_owned(),
        Authorization::Token(token) => format!("Bearer {token}"),
        Authorization::Basic(basic) => format!("Basic {}", basic.encoded),
        Authorization::Scheme(..) => {
            let (word, parameter) =
                value.trim().split_once(char::is_whitespace).unwrap_or((value.trim(), ""));
            if parameter.is_empty() {
                word.to_owned()
            } else {
                format!("{word} {}", Secret::new(parameter.trim()))
            }
        }
    }
}

/// NTLM and Negotiate answers carry a server's blob; Bearer and Basic parameters are meant to be read.
fn blob(value: &str) -> String {
    match value.trim().split_once(' ') {
        Some((word, parameter))
            if !parameter.contains(['=', ',', '"']) || parameter.trim_end().ends_with('=') =>
        {
            format!("{word} {}", Secret::new(parameter.trim()))
        }
        _ => value.to_owned(),
    }
}

fn mask_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, value)) if !value.is_empty() => format!("{name}={}", Secret::new(value)),
        _ => pair.to_owned(),
    }
}

/// A URL or relative reference as people may see it: grants in query and fragment and a password before `@` are hidden.
pub fn url(value: &str) -> String {
    let (rest, fragment) =
        value.split_once('#').map_or((value, None), |(rest, fragment)| (rest, Some(fragment)));
    let (base, query) =
        rest.split_once('?').map_or((rest, None), |(base, query)| (base, Some(query)));
    let mut shown = userinfo(base);
    if let Some(query) = query {
        shown.push('?');
        shown.push_str(&parameters(query));
    }
    if let Some(fragment) = fragment {
        shown.push('#');
        shown.push_str(&parameters(fragment));
    }
    shown
}

fn userinfo(base: &str) -> String {
    if let Some((scheme, rest)) = base.split_once("://") {
        let (authority, path) = rest.split_once('/').map_or((rest, None), |(a, p)| (a, Some(p)));
        if let Some((_, host)) = authority.rsplit_once('@') {
            return format!(
                "{scheme}://•••@{host}{}{}",
                if path.is_some() { "/" } else { "" },
                path.unwrap_or_default()
            );
        }
    }
    base.to_owned()
}

/// `a=1&code=•••`: a query, fragment or form body as people may see it.
pub fn parameters(text: &str) -> String {
    text.split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value))
                if is_secret_field(name) && !value.is_empty() && !is_error_code(name, value) =>
            {
                format!("{name}={}", Secret::new(value))
            }
            _ => pair.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("&")
}

/// Whether a `code` is a number by which Entra ID explains an error (`error_uri`: `…/error?code=50173`). Authorization
/// codes are longer than AADSTS codes.
fn is_error_code(name: &str, value: &str) -> bool {
    name == "code" && (5..=7).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// A JSON document as people may see it.
pub fn json(value: &serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| match member {
                    Value::String(text) if is_secret_field(name) && !text.is_empty() => {
                        (name.clone(), Value::String(Secret::new(text.as_str()).to_string()))
                    }
                    _ => (name.clone(), json(member)),
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(json).collect()),
        Value::String(words) => Value::String(text(words)),
        _ => value.clone(),
    }
}

/// A value of a form or a document as people may see it, whatever its name: a token is hidden, and so is what an address
/// carries that is secret.
pub fn text(value: &str) -> String {
    if value.starts_with("eyJ") && value.contains('.') {
        Secret::new(value).to_string()
    } else if value.contains("://") && !value.contains(char::is_whitespace) {
        url(value)
    } else {
        value.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{SECRET_FIELDS, header_value, is_secret_field, json, url};

    #[test]
    fn the_field_list_is_sorted_for_the_binary_search() {
        assert!(SECRET_FIELDS.is_sorted());
        assert!(is_secret_field("Passwd") && !is_secret_field("client_id"));
    }

    #[test]
    fn schemes_and_emptiness_stay_readable() {
        assert_eq!(header_value("Authorization", "Bearer "), "Bearer");
        assert_eq!(header_value("Authorization", "Bearer eyJ.a.b"), "Bearer ••• 7 characters");
        assert_eq!(header_value("authorization", "NTLM TlRM"), "NTLM ••• 4 characters");
        assert_eq!(header_value("Cookie", "a=secret; b"), "a=••• 6 characters; b");
        assert_eq!(header_value("Set-Cookie", "a=secret; path=/"), "a=••• 6 characters; path=/");
        assert_eq!(
            header_value("WWW-Authenticate", "Negotiate YIIabc=="),
            "Negotiate ••• 8 characters"
        );
        assert_eq!(header_value("WWW-Authenticate", "Basic realm=\"x\""), "Basic realm=\"x\"");
    }

    #[test]
    fn grants_leave_urls_and_documents() {
        assert_eq!(
            url("https://u:p@mail.contoso.com/owa?code=abc&error=x#id_token=tok"),
            "https://•••@mail.contoso.com/owa?code=••• 3 characters&error=x#id_token=••• 3 characters"
        );
        let shown = json(
            &serde_json::json!({"access_token": "abc", "deep": [{"passwd": "x"}], "scope": "y"}),
        );
        assert_eq!(shown["access_token"], "••• 3 characters");
        assert_eq!(shown["deep"][0]["passwd"], "••• 1 characters");
        assert_eq!(shown["scope"], "y");
        let shown = json(&serde_json::json!({
            "next": "https://sts.contoso.com/adfs/ls/?username=x&wctx=abc", "originalRequest": "abc",
            "words": "https://a.example/?code=1 and b@c",
        }));
        assert_eq!(
            shown["next"],
            "https://sts.contoso.com/adfs/ls/?username=x&wctx=••• 3 characters"
        );
        let page = "https://login.microsoftonline.com/error?code=50173";
        assert_eq!(url(page), page);
        assert_eq!(shown["originalRequest"], "••• 3 characters");
        assert_eq!(shown["words"], "https://a.example/?code=1 and b@c");
    }
}
