//! Which mail client a user agent speaks of.

/// A mail client, as its user agent names it. User agents can be changed, so this is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outlook {
    /// Which program.
    pub client: MailClient,
    /// Its major version where the user agent tells one: 14 is Outlook 2010, 15 is 2013, 16 is 2016 and everything after.
    pub major: Option<u16>,
    /// What people call it.
    pub name: &'static str,
}

/// Mail clients that can use Hybrid Modern Authentication in some version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MailClient {
    /// Outlook for Windows.
    Windows,
    /// Outlook for Mac.
    Mac,
    /// Outlook for iOS and Android.
    Mobile,
    /// The mail app of iPhone, iPad and macOS.
    Apple,
}

/// Reads a user agent. Other Office programs, browsers and scripts are `None`.
pub fn outlook_of(user_agent: &str) -> Option<Outlook> {
    let agent = user_agent.trim().to_ascii_lowercase();
    if agent.starts_with("outlook-ios") || agent.starts_with("outlook-android") {
        return Some(Outlook {
            client: MailClient::Mobile,
            major: None,
            name: "Outlook for iOS and Android",
        });
    }
    if is_apple_mail(&agent) {
        return Some(Outlook { client: MailClient::Apple, major: None, name: "Apple Mail" });
    }
    if let Some(version) = agent.strip_prefix("macoutlook/") {
        return Some(mac(major(version)));
    }
    let version = agent
        .strip_prefix("outlook/")
        .or_else(|| after(&agent, "microsoft outlook "))
        .or_else(|| after(&agent, "microsoft office outlook "))?;
    windows(major(version)?)
}

/// iOS syncs as `Apple-iPhone12C1/2107.71` over `ActiveSync` and finds the server as `iOS/17.4 (…) accountsd/1.0`.
fn is_apple_mail(agent: &str) -> bool {
    agent.starts_with("apple-i")
        || ((agent.starts_with("ios/") || agent.starts_with("mac os x/"))
            && ["dataaccessd/", "accountsd/", "exchangesyncd/"]
                .iter()
                .any(|daemon| agent.contains(daemon)))
}

fn after<'a>(agent: &'a str, product: &str) -> Option<&'a str> {
    agent.split_once(product).map(|(_, version)| version)
}

fn major(version: &str) -> Option<u16> {
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn windows(major: u16) -> Option<Outlook> {
    let name = match major {
        12 => "Outlook 2007",
        14 => "Outlook 2010",
        15 => "Outlook 2013",
        16 => "Outlook 2016 or later",
        _ => return None,
    };
    Some(Outlook { client: MailClient::Windows, major: Some(major), name })
}

fn mac(major: Option<u16>) -> Outlook {
    let name = if major == Some(14) { "Outlook for Mac 2011" } else { "Outlook for Mac" };
    Outlook { client: MailClient::Mac, major, name }
}

#[cfg(test)]
mod tests {
    use super::{MailClient, outlook_of};
    use proptest::prelude::*;

    #[test]
    fn user_agents_of_mail_clients() {
        for (agent, client, major, name) in [
            (
                "Microsoft Office/14.0 (Windows NT 6.1; Microsoft Outlook 14.0.7113; Pro)",
                MailClient::Windows,
                Some(14),
                "Outlook 2010",
            ),
            (
                "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17231; Pro)",
                MailClient::Windows,
                Some(16),
                "Outlook 2016 or later",
            ),
            (
                "Microsoft Office/12.0 (Windows NT 6.1; Microsoft Office Outlook 12.0.6739; Pro)",
                MailClient::Windows,
                Some(12),
                "Outlook 2007",
            ),
            ("Outlook/15.0.4420.1017", MailClient::Windows, Some(15), "Outlook 2013"),
            ("MacOutlook/16.78.3 (Mac OS X 14.1)", MailClient::Mac, Some(16), "Outlook for Mac"),
            ("MacOutlook/14.7.7", MailClient::Mac, Some(14), "Outlook for Mac 2011"),
            ("Apple-iPhone12C1/2107.71", MailClient::Apple, None, "Apple Mail"),
            ("iOS/17.4 (21E219) accountsd/1.0", MailClient::Apple, None, "Apple Mail"),
            ("Outlook-iOS-Android/1.0", MailClient::Mobile, None, "Outlook for iOS and Android"),
        ] {
            let outlook = outlook_of(agent).expect(agent);
            assert_eq!((outlook.client, outlook.major, outlook.name), (client, major, name));
        }
    }

    #[test]
    fn everything_else_is_none() {
        for agent in [
            "",
            "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.17231; Pro)",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
            "Outlook/99",
            "iOS/17.4 Safari",
            "exchangelib/5.0",
        ] {
            assert_eq!(outlook_of(agent), None, "{agent}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(agent in "(outlook/|Microsoft Outlook )?.{0,60}") {
            let _ = outlook_of(&agent);
        }
    }
}
