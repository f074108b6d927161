//! One question for all tables: what does this word mean?

use super::Source;
use super::claim::{self, Claim};
use super::client_app::{self, ClientApp};
use super::client_setting::{self, ClientSetting};
use super::diagnostics_code::{self, DiagnosticsCode};
use super::entra_error::{self, EntraError};
use super::exchange_online_host::{self, ExchangeOnlineHost};
use super::identity_host::{self, IdentityHost};
use super::oauth_error::{self, OAuthError};

/// What a table knows of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// An `AADSTS` code.
    EntraError(&'static EntraError),
    /// A code of `x-ms-diagnostics`.
    DiagnosticsCode(&'static DiagnosticsCode),
    /// A value of OAuth's `error`.
    OAuthError(&'static OAuthError),
    /// An application, service, issuer or tenant id.
    ClientApp(&'static ClientApp),
    /// A member of a token.
    Claim(&'static Claim),
    /// A registry value or preference.
    ClientSetting(&'static ClientSetting),
    /// A host of Entra ID.
    IdentityHost(&'static IdentityHost),
    /// A host of Exchange Online.
    ExchangeOnlineHost(&'static ExchangeOnlineHost),
}

/// One labelled text of an [`Entry`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// "Meaning", "Fix" …
    pub label: &'static str,
    /// A sentence or two.
    pub text: String,
}

impl Entry {
    /// What the word is.
    pub fn title(&self) -> String {
        match self {
            Self::EntraError(row) => format!("AADSTS{}, an error of Entra ID", row.code),
            Self::DiagnosticsCode(row) => {
                format!("{} ({}), a code of x-ms-diagnostics", row.code, row.category)
            }
            Self::OAuthError(row) => format!("{}, an OAuth error", row.name),
            Self::ClientApp(row) => format!("{}: {}", row.id, row.name),
            Self::Claim(row) => format!("{}, a claim of a token", row.name),
            Self::ClientSetting(row) => format!("{}, a setting of the client", row.name),
            Self::IdentityHost(row) => format!("{}, a sign-in host", row.host),
            Self::ExchangeOnlineHost(row) => format!("{}: {}", row.host, row.serves),
        }
    }

    /// What is known of it, in reading order.
    pub fn lines(&self) -> Vec<Line> {
        let line = |label, text: &str| Line { label, text: text.to_owned() };
        match self {
            Self::EntraError(row) => vec![
                line("Meaning", row.meaning),
                line("Client", row.action.text()),
                line("Fix", row.fix),
                line("OAuth error", row.oauth_error),
                line("More", &format!("https://login.microsoftonline.com/error?code={}", row.code)),
            ],
            Self::DiagnosticsCode(row) => {
                vec![line("Meaning", row.meaning), line("Cause", row.cause), line("Fix", row.fix)]
            }
            Self::OAuthError(row) => vec![line("Meaning", row.meaning)],
            Self::ClientApp(row) => vec![line("Kind", row.kind.text())],
            Self::Claim(row) => {
                let mut lines = vec![line("Meaning", row.meaning)];
                if row.personal {
                    lines.push(line("Privacy", "Personal or secret; mask it before sharing."));
                }
                lines
            }
            Self::ClientSetting(row) => {
                vec![line("Place", row.place), line("Effect", row.effect)]
            }
            Self::IdentityHost(row) => {
                vec![line("Role", row.role.text()), line("Cloud", row.cloud.text())]
            }
            Self::ExchangeOnlineHost(_) => vec![line(
                "Note",
                "Not an Exchange server of your own: a token for this host is refused there, and the other way round.",
            )],
        }
    }

    /// Where it comes from and how sure it is.
    pub fn source(&self) -> Source {
        match self {
            Self::EntraError(row) => row.source,
            Self::DiagnosticsCode(row) => row.source,
            Self::OAuthError(row) => row.source,
            Self::ClientApp(row) => row.source,
            Self::Claim(row) => row.source,
            Self::ClientSetting(row) => row.source,
            Self::IdentityHost(row) => row.source,
            Self::ExchangeOnlineHost(row) => row.source,
        }
    }
}

/// Everything that the tables know of a word: `AADSTS50173` or `50173`, `2000003`, `invalid_grant`, `aud`, an app id, a
/// host, `EnableADAL`. Blanks around it do not count, nor does the letter case.
pub fn lookup(word: &str) -> Vec<Entry> {
    let word = word.trim().to_ascii_lowercase();
    let number = word.strip_prefix("aadsts").unwrap_or(&word).parse().ok();
    let entra = number.and_then(entra_error::find).map(Entry::EntraError);
    let diagnostics = word.parse().ok().and_then(diagnostics_code::find);
    let by_name = [
        entra,
        diagnostics.map(Entry::DiagnosticsCode),
        oauth_error::find(&word).map(Entry::OAuthError),
        claim::find(&word).map(Entry::Claim),
        client_app::find(&word).map(Entry::ClientApp),
        identity_host::find(&word).map(Entry::IdentityHost),
        exchange_online_host::find(&word).map(Entry::ExchangeOnlineHost),
    ];
    by_name
        .into_iter()
        .flatten()
        .chain(client_setting::find(&word).map(Entry::ClientSetting))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::Confidence;
    use super::{Entry, lookup};

    fn only(word: &str) -> Entry {
        match lookup(word).as_slice() {
            [entry] => *entry,
            other => panic!("{word}: {other:?}"),
        }
    }

    #[test]
    fn every_kind_is_found_and_says_something() {
        for (word, title) in [
            ("AADSTS50173", "AADSTS50173, an error of Entra ID"),
            (" aadsts50173\n", "AADSTS50173, an error of Entra ID"),
            ("50173", "AADSTS50173, an error of Entra ID"),
            ("2000003", "2000003 (invalid_resource), a code of x-ms-diagnostics"),
            ("invalid_grant", "invalid_grant, an OAuth error"),
            ("aud", "aud, a claim of a token"),
            ("login.windows.net", "login.windows.net, a sign-in host"),
            ("outlook.office365.com", "outlook.office365.com: Exchange Online"),
            ("DisableModernAuth", "DisableModernAuth, a setting of the client"),
            (
                "D3590ED6-52B3-4102-AEFF-AAD2292AB01C",
                "d3590ed6-52b3-4102-aeff-aad2292ab01c: Microsoft Office (Outlook for Windows and Mac)",
            ),
        ] {
            let entry = only(word);
            assert_eq!(entry.title(), title);
            assert!(entry.lines().iter().all(|line| !line.text.is_empty()), "{word}");
            assert!(!entry.source().document.is_empty() && !entry.source().checked.is_empty());
        }
        assert_eq!(lookup("EnableADAL").len(), 2);
    }

    #[test]
    fn unknown_words_are_not_guessed() {
        for word in [
            "",
            "AADSTS2000003",
            "AADSTS1",
            "1000000",
            "unicorn_rampage",
            "mail.contoso.com",
            "50173x",
        ] {
            assert_eq!(lookup(word), [], "{word}");
        }
    }

    #[test]
    fn a_personal_claim_says_so_and_confidence_is_told() {
        assert!(only("upn").lines().iter().any(|line| line.label == "Privacy"));
        assert_eq!(only("aud").source().confidence, Confidence::Confirmed);
        assert_eq!(only("2000009").source().confidence.to_string(), "seen in the wild");
    }
}
