//! How proxies and recorders name themselves in answers that they write in a server's place.

use super::Source;

/// Where the tables come from.
pub const SOURCE: Source =
    Source::unverified("Commonly known header fields of proxies; not compared with a document");

/// Header fields that only something on the way writes.
const FIELDS: &[&str] =
    &["proxy-authenticate", "proxy-connection", "via", "x-bluecoat-via", "x-squid-error"];

/// Words in `Server` of products that stand on the way.
const PRODUCTS: &[&str] = &[
    "bluecoat",
    "fiddler",
    "forcepoint",
    "fortigate",
    "mcafee",
    "netskope",
    "sophos",
    "squid",
    "zscaler",
];

/// Whether only something on the way writes a header field of this name.
pub fn is_field(name: &str) -> bool {
    FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
}

/// Whether a value of `Server` names something that stands on the way.
pub fn is_product(server: &str) -> bool {
    let server = server.to_ascii_lowercase();
    PRODUCTS.iter().any(|product| server.contains(product))
}

#[cfg(test)]
mod tests {
    use super::{is_field, is_product};

    #[test]
    fn something_on_the_way_names_itself() {
        assert!(is_field("Via") && is_field("X-Squid-Error") && !is_field("Server"));
        assert!(is_product("squid/6.6") && is_product("Zscaler/6.2"));
        assert!(!is_product("Microsoft-IIS/10.0") && !is_product(""));
    }
}
