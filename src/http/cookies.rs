//! Cookies both ways (RFC 6265), read leniently.

use super::Headers;

/// One cookie: its name and value, and for `Set-Cookie` the attributes as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Cookie name.
    pub name: String,
    /// Cookie value, which is a credential more often than not.
    pub value: String,
    /// `Path=/; Secure; HttpOnly`: everything behind the first semicolon of a `Set-Cookie`, trimmed.
    pub attributes: String,
}

impl Cookie {
    /// An attribute's value by its name without regard to case; empty for a bare word (`Secure`).
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.split(';').find_map(|attribute| {
            let (word, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            word.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

fn split_pair(text: &str) -> (String, String) {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    (name.trim().to_owned(), value.trim().to_owned())
}

/// The cookies a client sent, from every `Cookie` field (HTTP/2 recorders write several).
pub fn request_cookies(headers: &Headers) -> Vec<Cookie> {
    headers
        .get_all("cookie")
        .flat_map(|value| value.split(';'))
        .map(str::trim)
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = split_pair(pair);
            Cookie { name, value, attributes: String::new() }
        })
        .collect()
}

/// The cookies a server set, from every `Set-Cookie` field and every line of a field that joins several.
pub fn response_cookies(headers: &Headers) -> Vec<Cookie> {
    headers
        .get_all("set-cookie")
        .flat_map(str::lines)
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = split_pair(pair);
            Cookie { name, value, attributes: attributes.trim().to_owned() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{request_cookies, response_cookies};
    use crate::http::Headers;

    #[test]
    fn several_fields_and_several_lines_are_all_read() {
        let headers: Headers = [("cookie", "a=1; b=x=y"), ("Cookie", "c=3")].into_iter().collect();
        let names: Vec<_> =
            request_cookies(&headers).into_iter().map(|c| (c.name, c.value)).collect();
        assert_eq!(
            names,
            [("a", "1"), ("b", "x=y"), ("c", "3")].map(|(n, v)| (n.to_owned(), v.to_owned()))
        );

        let headers: Headers = [("Set-Cookie", "a=1; Path=/; Secure\nb=2")].into_iter().collect();
        let set = response_cookies(&headers);
        assert_eq!((set[0].attributes.as_str(), set[1].name.as_str()), ("Path=/; Secure", "b"));
        assert_eq!((set[0].attribute("path"), set[0].attribute("SECURE")), (Some("/"), Some("")));
        assert_eq!(set[0].attribute("domain"), None);
    }
}
