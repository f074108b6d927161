//! One token as a report: what it says, what that means, and what can be checked without a capture.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::document::{Block, Document, Line, Look};
use super::{json, words};
use crate::flow::CLOCK_TOLERANCE;
use crate::jwt::{Jwt, Signature, Token};
use crate::knowledge::{claim, client_app};

/// The report of a token, as of `now`.
pub fn document(token: &Token, signature: Signature, now: DateTime<Utc>) -> Document {
    let mut page = Document::new("Token");
    match token {
        Token::Jwt(jwt) => decoded(&mut page, jwt, signature, now),
        Token::Encrypted(token) => {
            page.push(Block::Banner(Look::Caution, "? Encrypted token".to_owned()));
            page.paragraph(
                "Only its audience can read the claims; the header is all there is to see",
            );
            members(&mut page, "Header", token.header());
        }
        Token::Opaque(length) => {
            page.push(Block::Banner(Look::Caution, "? Opaque token".to_owned()));
            page.paragraph(format!("Nothing in its {length} characters can be read"));
        }
    }
    page
}

fn decoded(page: &mut Document, jwt: &Jwt, signature: Signature, now: DateTime<Utc>) {
    let title = match (jwt.user(), jwt.audience()) {
        (Some(user), Some(audience)) => format!("Token of {user} for {audience}"),
        (None, Some(audience)) => format!("Token for {audience}"),
        _ => "Token without an audience".to_owned(),
    };
    page.push(Block::Banner(Look::Strong, title));
    page.heading("Checks");
    page.push(Block::Facts(vec![
        ("Signature".to_owned(), signature_check(signature)),
        ("Lifetime".to_owned(), lifetime(jwt, now)),
    ]));
    members(page, "Header", jwt.header());
    members(page, "Claims", jwt.claims());
    let mut inner = jwt.actor_token();
    while let Some(actor) = inner {
        members(page, "Claims of the actor token inside", actor.claims());
        inner = actor.actor_token();
    }
}

fn signature_check(signature: Signature) -> Line {
    match signature {
        Signature::Verified => {
            Line::new().look(Look::Good, "✔ ").plain("fits the key that the token names")
        }
        Signature::Invalid => {
            Line::new().look(Look::Bad, "✖ ").plain("does not fit the key that the token names")
        }
        Signature::NotChecked => {
            Line::new().look(Look::Quiet, "· ").plain("not checked, no key at hand fits")
        }
        Signature::Absent => Line::new().look(Look::Caution, "– ").plain("the token carries none"),
    }
}

fn lifetime(jwt: &Jwt, now: DateTime<Utc>) -> Line {
    let not_before = jwt.not_before().filter(|start| *start > now + CLOCK_TOLERANCE);
    match (not_before, jwt.expires()) {
        (Some(start), _) => Line::new()
            .look(Look::Caution, "– ")
            .plain(format!("not valid before {}", words::readable_instant(start))),
        (None, Some(end)) if end + CLOCK_TOLERANCE < now => Line::new()
            .look(Look::Caution, "– ")
            .plain(format!("expired at {}", words::readable_instant(end))),
        (None, Some(end)) => Line::new()
            .look(Look::Good, "✔ ")
            .plain(format!("valid until {}", words::readable_instant(end))),
        (None, None) => {
            Line::new().look(Look::Quiet, "· ").plain("the token does not say when it ends")
        }
    }
}

fn members(page: &mut Document, title: &str, part: &Map<String, Value>) {
    if !part.is_empty() {
        page.heading(title);
        page.push(members_table(part));
    }
}

/// The members of a token's part, each with its meaning.
pub(super) fn members_table(part: &Map<String, Value>) -> Block {
    let part = json::readable(part);
    let rows = part
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let mut meaning: Vec<Line> =
                readable(name, value).into_iter().map(Line::from).collect();
            meaning.extend(claim::find(name).map(|known| Line::from(known.meaning)));
            vec![
                vec![Line::new().look(Look::Strong, name.as_str())],
                vec![Line::new().code(words::shorten(&literal(value)))],
                meaning,
            ]
        })
        .collect();
    Block::Table(["Name", "Value", "Meaning"].map(str::to_owned).to_vec(), rows)
}

fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a value stands for: a number of seconds for an instant, an id for an application.
fn readable(name: &str, value: &Value) -> Option<String> {
    match name {
        "exp" | "nbf" | "iat" | "auth_time" | "xms_tcdt" => {
            let seconds = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
            DateTime::from_timestamp(seconds, 0).map(words::readable_instant)
        }
        _ => client_app::find(value.as_str()?).map(|app| app.name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use crate::jwt::{Signature, Token, example};
    use crate::report::{Style, text};
    use chrono::{DateTime, Utc};

    fn written(token: &str) -> String {
        let now: DateTime<Utc> = "2026-03-02T09:14:07Z".parse().unwrap();
        text(&document(&Token::read(token), Signature::NotChecked, now), Style::default())
    }

    #[test]
    fn says_what_a_token_is_and_whether_it_lives() {
        let token = example::expand(
            r#"{{jwt {"aud":"https://mail.contoso.com/","exp":1772442000,"appid":"d3590ed6-52b3-4102-aeff-aad2292ab01c"}}}"#,
        );
        let text = written(&token);
        for words in [
            "Token for https://mail.contoso.com/",
            "expired at 2026-03-02 09:00:00 UTC",
            "Microsoft Office",
            "aud",
        ] {
            assert!(text.contains(words), "{words}: {text}");
        }
        assert!(!text.contains(&token) && !text.contains("bm90LWEtc2lnbmF0dXJl"));
    }

    #[test]
    fn a_token_inside_is_decoded_and_never_shown() {
        let actor = example::expand(r#"{{jwt {"iss":"actor-issuer"}}}"#);
        let outer =
            example::expand(&format!(r#"{{{{jwt {{"aud":"x","actortoken":"{actor}"}}}}}}"#));
        let text = written(&outer).replace(['\n', ' '], "");
        assert!(text.contains("actor-issuer") && !text.contains(&actor));
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        assert!(written("EwCwA8l6BAAU").starts_with("? Opaque token"));
    }
}
