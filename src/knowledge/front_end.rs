//! Devices that stand in front of Exchange, by what they leave in an answer. A mark names the device; that it answered in
//! place of Exchange follows from the answer, not from the mark: load balancers leave cookies in Exchange's answers too.

use super::Source;

const FREE_BUSY: Source =
    Source::confirmed("Microsoft Learn: Resolve free/busy errors in Exchange hybrid");
const SEEN: Source = Source::seen("Microsoft Q&A 1792037: Exchange behind an F5 BIG-IP");
const COMMON: Source = Source::unverified("Commonly known; not compared with a document");

/// Where a mark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A cookie's name begins with it.
    Cookie,
    /// The `Server` header begins with it.
    Server,
    /// The path of a redirect begins with it.
    RedirectPath,
}

/// What a device leaves in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontEnd {
    /// Where the mark stands.
    pub place: Place,
    /// The mark, in lower case.
    pub mark: &'static str,
    /// What people call the device.
    pub name: &'static str,
    /// Where this comes from.
    pub source: Source,
}

const fn row(place: Place, mark: &'static str, name: &'static str, source: Source) -> FrontEnd {
    FrontEnd { place, mark, name, source }
}

const FRONT_ENDS: &[FrontEnd] = &[
    row(Place::RedirectPath, "/my.policy", "F5 BIG-IP Access Policy Manager", COMMON),
    row(Place::RedirectPath, "/cookieauth.dll", "Forefront TMG", COMMON),
    row(Place::RedirectPath, "/logon/logonpoint", "NetScaler Gateway", COMMON),
    row(Place::RedirectPath, "/vpn/", "NetScaler Gateway", COMMON),
    row(Place::RedirectPath, "/cgi/", "NetScaler Gateway", COMMON),
    row(Place::RedirectPath, "/cdn-cgi/access", "Cloudflare Access", COMMON),
    row(
        Place::Server,
        "microsoft-httpapi/2.0",
        "Web Application Proxy or the HTTP driver of Windows",
        FREE_BUSY,
    ),
    row(Place::Server, "bigip", "F5 BIG-IP", COMMON),
    row(Place::Server, "cloudflare", "Cloudflare", COMMON),
    row(Place::Server, "akamaighost", "Akamai", COMMON),
    row(Place::Cookie, "mrhsession", "F5 BIG-IP Access Policy Manager", COMMON),
    row(Place::Cookie, "ts01", "F5 BIG-IP", SEEN),
    row(Place::Cookie, "bigip", "F5 BIG-IP", COMMON),
    row(Place::Cookie, "nsc_", "NetScaler", COMMON),
    row(Place::Cookie, "azureappproxy", "Entra application proxy", COMMON),
    row(Place::Cookie, "edgeaccesscookie", "Web Application Proxy", COMMON),
];

/// The device that a mark names.
pub fn find(place: Place, text: &str) -> Option<&'static FrontEnd> {
    let text = text.trim().to_ascii_lowercase();
    FRONT_ENDS.iter().find(|row| row.place == place && text.starts_with(row.mark))
}

#[cfg(test)]
mod tests {
    use super::{FRONT_ENDS, Place, find};

    #[test]
    fn every_row_is_found() {
        for row in FRONT_ENDS {
            assert_eq!(find(row.place, &row.mark.to_uppercase()), Some(row));
            assert!(!row.name.is_empty() && !row.source.document.is_empty());
        }
    }

    #[test]
    fn exchange_itself_is_none() {
        assert_eq!(find(Place::Server, "Microsoft-IIS/10.0 Microsoft-HTTPAPI/2.0"), None);
        assert_eq!(find(Place::Cookie, "X-BackEndCookie"), None);
        assert_eq!(find(Place::RedirectPath, "/owa/auth/logon.aspx"), None);
    }
}
