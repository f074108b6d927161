//! The tokens: whom they are for, where they came from and where they went.

use crate::flow::{CheckState, TrackedToken};
use crate::jwt::{Jwt, Signature, Token};
use crate::knowledge::client_app;
use crate::report::document::{Block, Cell, Document, Line, Look};
use crate::report::words;

/// Every token once, and what does not fit.
pub(super) fn tokens(page: &mut Document, tokens: &[TrackedToken]) {
    if tokens.is_empty() {
        return;
    }
    page.heading("Tokens");
    let titles = ["#", "Token", "For", "Valid until", "Issued in", "Used in", "Signature"];
    page.push(Block::Table(
        titles.iter().map(|t| (*t).to_owned()).collect(),
        tokens.iter().map(token_row).collect(),
    ));
    let failed: Vec<Line> = tokens
        .iter()
        .flat_map(|token| token.checks.iter().map(move |check| (token, check)))
        .filter(|(_, check)| check.state == CheckState::Failed)
        .map(|(token, check)| {
            Line::new().look(Look::Bad, "✖ ").plain(format!("{}: {}", token.id, check.message))
        })
        .collect();
    if !failed.is_empty() {
        page.push(Block::Bullets(failed));
    }
}

fn token_row(token: &TrackedToken) -> Vec<Cell> {
    let jwt = token.jwt();
    let kind = match &token.token {
        Token::Jwt(_) => token.role.name().to_owned(),
        Token::Encrypted(_) => format!("{}, encrypted", token.role.name()),
        Token::Opaque(length) => format!("{}, opaque, {length} characters", token.role.name()),
    };
    let signature = match token.signature {
        Signature::Verified => Line::new().look(Look::Good, "✔ verified"),
        Signature::Invalid => Line::new().look(Look::Bad, "✖ invalid"),
        other => other.id().replace('-', " ").into(),
    };
    let text = |text: Option<String>| vec![text.unwrap_or_default().into()];
    vec![
        vec![token.id.to_string().into()],
        vec![kind.into()],
        vec![jwt.and_then(Jwt::audience).map(whom).unwrap_or_default()],
        text(jwt.and_then(Jwt::expires).map(words::readable_instant)),
        text(token.issued_in.map(|id| id.to_string())),
        text(Some(words::sessions(&token.used_in))),
        vec![signature],
    ]
}

/// Whom a token is for: the name of a program, or an address without what all addresses share.
fn whom(audience: &str) -> Line {
    let name = client_app::find(audience).map_or(audience, |app| app.name);
    name.strip_prefix("https://").unwrap_or(name).trim_end_matches('/').into()
}
