//! One question for all tables: what does this word mean?

use super::Source;
use super::cas_error_code::{self, CasErrorCode};
use super::claim::{self, Claim};
use super::client_app::{self, ClientApp};
use super::client_setting::{self, ClientSetting};
use super::diagnostics_code::{self, DiagnosticsCode};
use super::entra_error::{self, EntraError};
use super::exchange_build::{self, ExchangeBuild};
use super::exchange_online_host::{self, ExchangeOnlineHost};
use super::identity_host::{self, IdentityHost};
use super::mapi_response_code::{self, MapiResponseCode};
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
    /// A build of Exchange.
    ExchangeBuild(ExchangeBuild),
    /// A value of `X-ResponseCode`.
    MapiResponseCode(&'static MapiResponseCode),
    /// A value of `X-CasErrorCode`.
    CasErrorCode(&'static CasErrorCode),
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
            Self::ExchangeBuild(build) => format!("{build}: {}", build.name()),
            Self::MapiResponseCode(row) => {
                format!("X-ResponseCode {}, of MAPI over HTTP", row.code)
            }
            Self::CasErrorCode(row) => format!("{}, a value of X-CasErrorCode", row.name),
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
            Self::ExchangeBuild(build) => build_lines(build),
            Self::MapiResponseCode(row) => vec![line("Meaning", row.meaning)],
            Self::CasErrorCode(row) => vec![line("Meaning", row.meaning)],
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
            Self::ExchangeBuild(build) => build.source(),
            Self::MapiResponseCode(row) => row.source,
            Self::CasErrorCode(row) => row.source,
        }
    }
}

fn build_lines(build: &ExchangeBuild) -> Vec<Line> {
    let line = |label, text: &str| Line { label, text: text.to_owned() };
    let mut lines = Vec::new();
    if build.is_online() {
        return vec![line("Note", "Not a build of an Exchange server of your own.")];
    }
    if let Some(release) = build.release {
        lines.push(Line { label: "Released", text: release.released.to_owned() });
    }
    lines.push(line(
        "Mail clients",
        if build.does_hma() {
            "Hybrid Modern Authentication is supported."
        } else {
            "Hybrid Modern Authentication is not what this build does: an own server needs 2013 CU19, 2016 CU8 or 2019 \
                CU1."
        },
    ));
    lines.push(line(
        "OWA and ECP",
        if build.does_hma_for_owa() {
            "Hybrid Modern Authentication is supported."
        } else {
            "Hybrid Modern Authentication needs 2019 CU14 with the hotfix update of April 2024 (15.2.1544.11) on every \
                server."
        },
    ));
    lines
}

/// The values of `X-ResponseCode` that a word asks for: `X-ResponseCode: 10`.
fn mapi_response_code(word: &str) -> Option<&'static MapiResponseCode> {
    let value = word.strip_prefix("x-responsecode")?.trim_start_matches([':', '=', ' ']);
    mapi_response_code::find(value.parse().ok()?)
}

/// Everything that the tables know of a word: `AADSTS50173` or `50173`, `2000003`, `invalid_grant`, `aud`, an app id, a
/// host, a build (`15.2.1544.11`), `X-ResponseCode: 10`, `EnableADAL`. Blanks around it do not count, nor does the letter case.
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
        exchange_build::find(&word).map(Entry::ExchangeBuild),
        mapi_response_code(&word).map(Entry::MapiResponseCode),
        cas_error_code::find(&word).map(Entry::CasErrorCode),
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
            ("15.2.1544.11", "15.2.1544.11: Exchange Server 2019 CU14"),
            ("X-ResponseCode: 10", "X-ResponseCode 10, of MAPI over HTTP"),
            ("UserNotFound", "UserNotFound, a value of X-CasErrorCode"),
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
