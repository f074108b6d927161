//! A token's outer form: three readable parts, five encrypted ones, or nothing that can be read.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::dangerous::insecure_decode_claims;
use serde_json::{Map, Value};

/// Longest text, in bytes, that is read as a token; a longer one is [`Token::Opaque`]. Servers refuse header fields
/// far below this size.
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// A token as it stands in an `Authorization` field, a form or a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// Header and claims are readable (RFC 7519, RFC 7515 compact form).
    Jwt(Jwt),
    /// Only the header is readable (RFC 7516 compact form, five parts).
    Encrypted(EncryptedToken),
    /// Nothing is readable; the length in bytes. Consumer tickets (`EwC…`) and Entra refresh tokens look so.
    Opaque(usize),
}

impl Token {
    /// Reads a token; blanks around it do not count. Never fails: what cannot be read is opaque.
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if text.len() > MAX_TOKEN_BYTES {
            return Self::Opaque(text.len());
        }
        let read = match text.split('.').count() {
            3 => Jwt::decode(text, 0).map(Self::Jwt),
            5 => EncryptedToken::decode(text).map(Self::Encrypted),
            _ => None,
        };
        read.unwrap_or(Self::Opaque(text.len()))
    }
}

/// A token whose claims only its audience can read.
#[derive(Clone, PartialEq)]
pub struct EncryptedToken {
    header: Map<String, Value>,
    len: usize,
}

impl EncryptedToken {
    fn decode(text: &str) -> Option<Self> {
        let header = object(text.split('.').next()?)?;
        header.contains_key("enc").then_some(Self { header, len: text.len() })
    }

    /// The header's members, in the token's order.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// Length of the whole token in bytes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Always false; a token has a header.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl fmt::Debug for EncryptedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedToken({} bytes)", self.len)
    }
}

/// A readable token. `Debug` shows its length only: the text opens a mailbox and the claims name a person.
#[derive(Clone, PartialEq)]
pub struct Jwt {
    raw: String,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    /// How many tokens this one is wrapped in.
    depth: u8,
}

impl Jwt {
    /// How deep tokens may be wrapped in tokens; Exchange wraps one actor token (\[MS-XOAUTH\] 2.2).
    const MAX_DEPTH: u8 = 3;

    fn decode(text: &str, depth: u8) -> Option<Self> {
        // RFC 7515 forbids padding, some issuers of self-made assertions write it all the same.
        let bare = text.replace('=', "");
        Some(Self {
            raw: text.to_owned(),
            header: object(bare.split('.').next()?)?,
            claims: insecure_decode_claims(&bare).ok()?,
            depth,
        })
    }

    /// The header's members, in the token's order.
    pub fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// The claims, in the token's order. Some of them name a person.
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The token as it was read. It is a credential: callers keep it out of messages, logs and reports.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Length of the encoded signature in characters; 0 when the third part is empty.
    pub fn signature_len(&self) -> usize {
        self.raw.rsplit('.').next().map_or(0, str::len)
    }

    /// Whether the token names a signature algorithm and carries a signature, valid or not.
    pub fn is_signed(&self) -> bool {
        self.signature_len() > 0
            && self.algorithm().is_some_and(|alg| !alg.eq_ignore_ascii_case("none"))
    }

    /// The token inside this one (`actortoken`, in the specification `actort`): an Exchange server's own proof beside
    /// the user it acts for. At most three levels are opened.
    pub fn actor_token(&self) -> Option<Self> {
        let text = self.text("actortoken").or_else(|| self.text("actort"))?.trim();
        let allowed = self.depth < Self::MAX_DEPTH && text.split('.').count() == 3;
        if allowed { Self::decode(text, self.depth + 1) } else { None }
    }
}

impl fmt::Debug for Jwt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jwt({} bytes)", self.raw.len())
    }
}

/// One base64url part that holds a JSON object.
fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::example::expand;
    use super::{MAX_TOKEN_BYTES, Token};
    use proptest::prelude::*;

    fn jwt(text: &str) -> super::Jwt {
        match Token::read(text) {
            Token::Jwt(jwt) => jwt,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_a_signed_token_in_its_own_order() {
        let text = expand(r#"{{jwt {"tid":"t","aud":"https://mail.contoso.com/"}}}"#);
        let jwt = jwt(&format!("  {text}\r\n"));
        assert_eq!(jwt.claims().keys().collect::<Vec<_>>(), ["tid", "aud"]);
        assert_eq!(jwt.header().get("alg").unwrap(), "RS256");
        assert_eq!(jwt.raw(), text);
        assert!(jwt.is_signed());
    }

    #[test]
    fn reads_an_unsigned_token_an_unknown_algorithm_and_padding() {
        let unsigned = jwt(&expand(r#"{{jwt {"alg":"none"} {"upn":"meg@contoso.com"}}}"#));
        assert_eq!((unsigned.signature_len(), unsigned.is_signed()), (0, false));
        assert_eq!(unsigned.user(), Some("meg@contoso.com"));

        let future = jwt(&expand(r#"{{jwt {"alg":"ML-DSA-65"} {"upn":"meg@contoso.com"}}}"#));
        assert!(future.is_signed());

        // {"alg":"none"} and {"aud":"a"}, both padded
        assert_eq!(jwt("eyJhbGciOiJub25lIn0=.eyJhdWQiOiJhIn0=.").audience(), Some("a"));
    }

    #[test]
    fn reads_the_header_of_an_encrypted_token() {
        // {"alg":"RSA-OAEP","enc":"A256GCM"}
        let text = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a2V5.aXY.dGV4dA.dGFn";
        let Token::Encrypted(token) = Token::read(text) else { panic!() };
        assert_eq!(token.header().get("enc").unwrap(), "A256GCM");
        assert_eq!((token.len(), token.is_empty()), (text.len(), false));
    }

    #[test]
    fn what_cannot_be_read_is_opaque() {
        for text in
            ["", "EwCwA8l6BAAU", "a.b.c", "eyJ.eyJ.", "eyJhbGciOiJub25lIn0.W10.", "a.b.c.d.e"]
        {
            assert_eq!(Token::read(text), Token::Opaque(text.len()), "{text}");
        }
        let long = expand(&format!(r#"{{{{jwt {{"aud":"{}"}}}}}}"#, "a".repeat(MAX_TOKEN_BYTES)));
        assert_eq!(Token::read(&long), Token::Opaque(long.len()));
    }

    #[test]
    fn formatting_never_shows_the_token() {
        let text = expand(r#"{{jwt {"upn":"meg@contoso.com"}}}"#);
        let shown = format!("{:?}", Token::read(&text));
        assert_eq!(shown, format!("Jwt(Jwt({} bytes))", text.len()));
    }

    #[test]
    fn actor_tokens_open_three_levels_and_no_more() {
        let mut text = expand(r#"{{jwt {"level":"4"}}}"#);
        for level in [3, 2, 1, 0] {
            text = expand(&format!(r#"{{{{jwt {{"level":"{level}","actortoken":"{text}"}}}}}}"#));
        }
        let mut token = jwt(&text);
        let mut levels = vec![token.text("level").unwrap().to_owned()];
        while let Some(inner) = token.actor_token() {
            levels.push(inner.text("level").unwrap().to_owned());
            token = inner;
        }
        assert_eq!(levels, ["0", "1", "2", "3"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}") {
            let _ = Token::read(&text);
        }

        #[test]
        fn any_three_parts_are_read_without_panic(parts in "(eyJ[A-Za-z0-9_-]{0,40}\\.){0,4}[A-Za-z0-9_=-]{0,20}") {
            let _ = Token::read(&parts);
        }

        #[test]
        fn what_is_built_is_read_back(aud in "[^\\p{C}]{0,40}", exp in any::<i64>()) {
            let claims = serde_json::json!({ "aud": aud, "exp": exp });
            let token = jwt(&expand(&format!("{{{{jwt {claims}}}}}")));
            prop_assert_eq!(serde_json::Value::Object(token.claims().clone()), claims);
        }
    }
}
