//! `hma-trace token`

use std::io::{self, IsTerminal as _};
use std::path::Path;

use chrono::Utc;

use super::args::TokenArgs;
use super::failure::Failure;
use super::{input, output};
use crate::jwt::{Signature, Token, verify};
use crate::report;

pub(super) fn run(arguments: &TokenArgs) -> Result<u8, Failure> {
    let text = match arguments.token.as_deref() {
        Some(token) if token != "-" => token.to_owned(),
        _ => {
            if io::stdin().is_terminal() {
                output::to_stderr(
                    "Paste the token, then end the input (Ctrl+D, on Windows Ctrl+Z)\n",
                );
            }
            input::read_text(Path::new("-"))?
        }
    };
    let keys = input::keys(arguments.keys.as_deref())?;
    let token = Token::read(bare(&text));
    let signature = match &token {
        Token::Jwt(jwt) => verify(jwt, &keys),
        // The text itself stays out of the message: it may be a credential all the same.
        Token::Opaque(length) => {
            return Err(Failure::new(format!(
                "not a token that can be read ({length} characters): a JWT has three parts with two dots between them; \
                 refresh tokens and tickets of personal accounts are opaque by design"
            )));
        }
        Token::Encrypted(_) => Signature::NotChecked,
    };
    output::show(&report::token_document(&token, signature, Utc::now()))?;
    Ok(0)
}

/// The token in what people paste: alone, in quotes, as `Bearer …` or as a whole header field.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let text = match text.split_once(':') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("authorization") => value.trim(),
        _ => text,
    };
    match text.split_once(char::is_whitespace) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn finds_the_token_in_what_people_paste() {
        for text in ["a.b.c", " \"a.b.c\"\n", "Bearer a.b.c", "authorization: bearer  a.b.c\r\n"] {
            assert_eq!(bare(text), "a.b.c", "{text}");
        }
    }
}
