//! Names and values of a form, a query or a protocol.

use super::content::without_tokens;
use crate::http::{Secret, mask};
use crate::knowledge::client_app;

/// The most fields that are listed.
const MOST: usize = 2000;

/// A name, its value, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gui::inspector) struct Field {
    pub(in crate::gui::inspector) name: String,
    /// The value as recorded.
    pub(in crate::gui::inspector) value: String,
    /// The value as people may see it.
    pub(in crate::gui::inspector) masked: String,
    pub(in crate::gui::inspector) meaning: &'static str,
}

impl Field {
    /// A field that holds no secret.
    pub(in crate::gui::inspector) fn of(name: &str, value: &str, meaning: &'static str) -> Self {
        let masked = without_tokens(value);
        Self { name: name.to_owned(), value: value.to_owned(), masked, meaning }
    }

    /// A field of a form or a query, whose name may say that it is secret.
    pub(in crate::gui::inspector) fn named(name: String, value: String) -> Self {
        let masked = if mask::is_secret_field(&name) && !value.is_empty() && !is_code(&name, &value)
        {
            Secret::new(&*value).to_string()
        } else {
            without_tokens(&mask::text(&value))
        };
        let app =
            name.eq_ignore_ascii_case("client_id").then(|| client_app::find(&value)).flatten();
        let meaning = app.map_or_else(|| meaning(&name), |app| app.name);
        Self { name, value, masked, meaning }
    }

    /// Whether something of it is hidden.
    pub(in crate::gui::inspector) fn is_secret(&self) -> bool {
        self.masked != self.value
    }
}

/// An AADSTS code is no authorization code.
fn is_code(name: &str, value: &str) -> bool {
    name == "code" && (5..=7).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
}

/// The fields of a form body. `shown` is the same text with its secrets hidden.
pub(super) fn form(text: &str, shown: &str) -> Vec<Field> {
    let hidden = pairs(shown);
    pairs(text)
        .into_iter()
        .enumerate()
        .map(|(at, (name, value))| {
            let mut field = Field::named(name, value);
            let hidden = hidden.get(at).filter(|(name, _)| *name == field.name);
            if let Some((_, hidden)) = hidden.filter(|(_, h)| *h != field.value)
                && !field.is_secret()
            {
                field.masked.clone_from(hidden);
            }
            field
        })
        .collect()
}

/// Names and values, percent-decoded, in order.
pub(in crate::gui::inspector) fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.trim().as_bytes()).into_owned().take(MOST).collect()
}

/// What the parameters of signing in mean (RFC 6749, RFC 7636, OpenID Connect; MS-OAPX).
pub(in crate::gui::inspector) fn meaning(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "grant_type" => "What the client offers for a token",
        "client_id" => "The application that asks",
        "resource" => "The service that the token is wanted for",
        "scope" => "The permissions that the token is wanted for",
        "redirect_uri" => "Where the browser is sent with the result",
        "response_type" => "What the client wants back: a code, a token",
        "response_mode" => "How it wants it back",
        "login_hint" => "The user, as the client believes",
        "domain_hint" => "The domain, to find the identity provider",
        "prompt" => "Whether the user must be asked",
        "code_challenge" => "Fingerprint of a secret that only this client knows (PKCE)",
        "code_challenge_method" => "How that fingerprint is made",
        "claims" => "What the client asks to stand in the token",
        "error" => "Why there is no token, in OAuth's words",
        "error_description" => "Why there is no token, in the server's words",
        "error_codes" | "error_code" => "Numbers of the error",
        "suberror" => "What the client should do about the error",
        "correlation_id" | "client-request-id" => "Find it in Entra ID under Sign-in logs",
        "code" => "Authorization code: good for one token",
        "state" => "Comes back unchanged, so that the client knows its own question",
        "refresh_token" => "Good for new access tokens",
        "expires_in" => "Lifetime of the access token in seconds",
        "ext_expires_in" => "Lifetime in seconds while Entra ID cannot be reached",
        "token_type" => "How the token is to be sent",
        "wa" => "WS-Federation: sign in or out",
        "wtrealm" => "WS-Federation: the service that wants the sign-in",
        "mailboxid" => "The mailbox: its GUID and a domain",
        "user" | "username" => "The user",
        "deviceid" => "The device's own id",
        "devicetype" => "The kind of device",
        "cmd" => "The ActiveSync command",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, form};

    #[test]
    fn secrets_of_a_form_are_hidden_by_name_and_by_look() {
        let fields = form(
            "grant_type=password&password=a%20b&url=https%3A%2F%2Fa.example%2F%3Fcode%3Dabc",
            "",
        );
        let shown: Vec<_> = fields.iter().map(|f| f.masked.as_str()).collect();
        assert_eq!(
            shown,
            ["password", "••• 3 characters", "https://a.example/?code=••• 3 characters"]
        );
        assert_eq!(fields[1].value, "a b");
        assert!(!Field::named("code".into(), "50105".into()).is_secret());
    }
}
