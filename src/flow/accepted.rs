//! Which tokens Exchange accepted, and until when the newest of them is good: an old token that it refuses besides has been
//! replaced already.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::flow::by_session::BySession;
use crate::flow::{AnswerMessage, Reading, RequestMessage, TokenId, TrackedToken};
use crate::http::Target;
use crate::jwt::Jwt;

/// The end of the newest token that Exchange accepted, by the host that it is for and its user.
#[derive(Debug, Default)]
pub(super) struct Accepted(HashMap<(String, String), DateTime<Utc>>);

impl Accepted {
    /// Looks over a capture's tokens once.
    pub(super) fn of(
        readings: &[Reading],
        tokens: &[TrackedToken],
        uses: &BySession<TokenId>,
    ) -> Self {
        let mut accepted = Self::default();
        let jwt_in = |reading: &Reading| {
            tokens.get((uses.get(reading.session)?.0 as usize).checked_sub(1)?)?.jwt()
        };
        let good = readings
            .iter()
            .filter(|r| r.request == RequestMessage::Token && r.answer == AnswerMessage::Success);
        for jwt in good.filter_map(jwt_in) {
            if let Some((whom, expires)) = whom(jwt).zip(jwt.expires()) {
                let newest = accepted.0.entry(whom).or_insert(expires);
                *newest = expires.max(*newest);
            }
        }
        accepted
    }

    /// Until when the newest accepted token for the same host and user is good.
    pub(super) fn until(&self, jwt: &Jwt) -> Option<DateTime<Utc>> {
        self.0.get(&whom(jwt)?).copied()
    }
}

/// The host that a token is for, and its user.
fn whom(jwt: &Jwt) -> Option<(String, String)> {
    let host = Target::new(jwt.audience()?).host().to_ascii_lowercase();
    Some((host, jwt.user().unwrap_or_default().to_ascii_lowercase()))
}
