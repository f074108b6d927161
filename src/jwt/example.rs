//! Tokens in a readable notation, for the examples of rules and tests: `{{jwt {"aud":"https://mail.contoso.com/"}}}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

const OPEN: &str = "{{jwt ";
const CLOSE: &str = "}}";
/// How deep the notation may stand inside a claim of the notation.
const MAX_DEPTH: u8 = 3;

/// Replaces each `{{jwt {claims}}}` and `{{jwt {header} {claims}}}` of a text with a well-formed token. Its third part
/// is no signature, and empty when the header says `"alg":"none"`. A claim may hold the notation again, with its
/// quotes escaped. What is not of this form stays as it is.
pub fn expand(text: &str) -> String {
    expand_at(text, 0)
}

fn expand_at(text: &str, depth: u8) -> String {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        expanded.push_str(before);
        if let Some((token, tail)) = token(after, depth) {
            expanded.push_str(&token);
            rest = tail;
        } else {
            expanded.push_str(OPEN);
            rest = after;
        }
    }
    expanded + rest
}

/// The token for the objects at the start of `text`, and the text behind its closing braces.
fn token(text: &str, depth: u8) -> Option<(String, &str)> {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    let first = objects.next()?.ok()?;
    let after_first = text.get(objects.byte_offset()..)?.trim_start();
    let (header, mut claims, rest) = if after_first.starts_with('{') {
        let second = objects.next()?.ok()?;
        (Value::Object(first), second, text.get(objects.byte_offset()..)?)
    } else {
        (json!({ "typ": "JWT", "alg": "RS256", "kid": "sample" }), first, after_first)
    };
    let rest = rest.trim_start().strip_prefix(CLOSE)?;
    if depth < MAX_DEPTH {
        for value in claims.values_mut() {
            if let Value::String(text) = value {
                *text = expand_at(text, depth + 1);
            }
        }
    }
    let signature = if header.get("alg").is_some_and(|alg| alg == "none") {
        String::new()
    } else {
        URL_SAFE_NO_PAD.encode("not-a-signature")
    };
    let [header, claims] =
        [header, Value::Object(claims)].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    Some((format!("{header}.{claims}.{signature}"), rest))
}

#[cfg(test)]
mod tests {
    use super::super::Token;
    use super::expand;
    use proptest::prelude::*;

    fn jwt(text: &str) -> super::super::Jwt {
        match Token::read(text) {
            Token::Jwt(jwt) => jwt,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_text_around_stays() {
        let text = expand(
            "Authorization: Bearer {{jwt {\"aud\":\"a\",\"x\":{\"y\":{}}}}}\r\n{{jwt {\"kid\":\"k\"} {\"aud\":\"b\"} }}!",
        );
        let (first, second) = text.split_once("\r\n").unwrap();
        let first = jwt(first.strip_prefix("Authorization: Bearer ").unwrap());
        assert_eq!((first.audience(), first.key_id()), (Some("a"), Some("sample")));
        let second = jwt(second.strip_suffix('!').unwrap());
        assert_eq!((second.audience(), second.key_id()), (Some("b"), Some("k")));
    }

    #[test]
    fn a_claim_may_hold_a_token() {
        let outer = jwt(&expand(
            r#"{{jwt {"alg":"none"} {"nameid":"S-1-5-21","actortoken":"{{jwt {\"aud\":\"inner\"}}}"}}}"#,
        ));
        assert_eq!(outer.actor_token().unwrap().audience(), Some("inner"));
    }

    #[test]
    fn what_is_no_notation_stays() {
        for text in [
            "",
            "{{jwt",
            "{{jwt }}",
            "{{jwt {\"a\":1}",
            "{{jwt [1]}}",
            "{{other {}}}",
            "{{jwt {} {} {}}}",
        ] {
            assert_eq!(expand(text), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_expands_without_panic(text in "(\\{\\{jwt |[{}\":a ]|\\}\\}){0,30}") {
            let _ = expand(&text);
        }
    }
}
