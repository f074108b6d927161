//! What tokens say: compared with where and when they were used, and whole.

use crate::analysis::Analysis;
use crate::capture::{Session, SessionId};
use crate::flow::{AnswerMessage, CheckKind, CheckState, Outcome, TrackedToken, moment_of_use};
use crate::http::Target;
use crate::jwt::Jwt;
use crate::report::document::{Block, Cell, Document, Line, Look};
use crate::report::{token, words};

/// Tokens whose claims are written out; the JSON report has them all.
const MOST_TOKENS: usize = 12;

/// The `x-ms-diagnostics` code of an audience that does not fit the address; its reason quotes both.
const INVALID_RESOURCE: u32 = 2_000_003;

/// Claims beside what they should say, for every token with a claim that does not fit and for the one that the verdict is
/// about.
pub(super) fn differences(page: &mut Document, analysis: &Analysis) {
    let verdict = &analysis.verdict;
    let blamed = verdict.session.filter(|_| verdict.outcome == Outcome::Broken);
    let concerned = |token: &&TrackedToken| {
        token.checks.iter().any(|check| check.state == CheckState::Failed)
            || blamed.is_some_and(|session| token.used_in.contains(&session))
    };
    for tracked in analysis.flows.tokens.iter().filter(concerned).take(MOST_TOKENS) {
        let Some((jwt, session)) = tracked.jwt().zip(decisive_use(analysis, tracked)) else {
            continue;
        };
        page.heading(format!("Claims of token {} in session {}", tracked.id, session.id));
        let titles = ["Claim", "In the token", "Expected", "Result"].map(str::to_owned);
        page.push(Block::Table(titles.to_vec(), rows(analysis, tracked, jwt, session)));
    }
}

/// Every used token's claims, each with its meaning.
pub(super) fn tables(page: &mut Document, analysis: &Analysis) {
    let used: Vec<(&TrackedToken, &Jwt)> = analysis
        .flows
        .tokens
        .iter()
        .filter(|token| !token.used_in.is_empty())
        .filter_map(|token| Some((token, token.jwt()?)))
        .collect();
    if used.is_empty() {
        return;
    }
    page.heading("Claims");
    for (tracked, jwt) in used.iter().take(MOST_TOKENS) {
        page.push(Block::Subheading(
            format!("Token {}, used in {}", tracked.id, words::sessions(&tracked.used_in)).into(),
        ));
        page.push(token::members_table(jwt.claims()));
    }
    let more = used.len().saturating_sub(MOST_TOKENS);
    if more > 0 {
        let words = format!("and {more} more tokens; the JSON report has all of them");
        page.paragraph(Line::new().look(Look::Quiet, words));
    }
}

/// The use that a token's checks are about: the first that was refused, else the first.
fn decisive_use<'a>(analysis: &'a Analysis, token: &TrackedToken) -> Option<&'a Session> {
    let refused = |id: &&SessionId| {
        analysis.flows.reading(**id).is_some_and(|r| r.answer == AnswerMessage::Challenge)
    };
    let id = token.used_in.iter().find(refused).or_else(|| token.used_in.first())?;
    analysis.capture.session(*id)
}

fn rows(
    analysis: &Analysis,
    tracked: &TrackedToken,
    jwt: &Jwt,
    session: &Session,
) -> Vec<Vec<Cell>> {
    let state = |kinds: &[CheckKind]| {
        let mut states: Vec<CheckState> =
            tracked.checks.iter().filter(|c| kinds.contains(&c.kind)).map(|c| c.state).collect();
        states.sort_by_key(|state| match state {
            CheckState::Failed => 0,
            CheckState::NotChecked => 1,
            CheckState::Ok => 2,
        });
        states.first().copied().unwrap_or(CheckState::NotChecked)
    };
    let instant = |time: Option<_>| time.map(words::readable_instant);
    let used = moment_of_use(session).map(words::readable_instant);
    let lifetime = state(&[CheckKind::Lifetime]);
    let begins_late = jwt.not_before().zip(moment_of_use(session)).is_some_and(|(b, u)| b > u);
    let of_lifetime = |concerned: bool| match lifetime {
        CheckState::Failed if !concerned => CheckState::Ok,
        other => other,
    };
    vec![
        audience(
            analysis,
            jwt,
            session,
            state(&[CheckKind::AudienceHost, CheckKind::AudienceScheme]),
        ),
        row(
            "nbf",
            instant(jwt.not_before()),
            used.as_ref().map(|used| format!("not later than {used}")),
            of_lifetime(begins_late),
        ),
        row(
            "exp",
            instant(jwt.expires()),
            used.as_ref().map(|used| format!("not before {used}")),
            of_lifetime(!begins_late),
        ),
        row(
            "tid",
            jwt.tenant_id().map(str::to_owned),
            trusted_tenants(analysis, session),
            state(&[CheckKind::Tenant]),
        ),
    ]
}

/// `aud` beside the address that the request went to, or that Exchange says it received.
fn audience(analysis: &Analysis, jwt: &Jwt, session: &Session, state: CheckState) -> Vec<Cell> {
    let said = jwt.audience().map(str::to_owned);
    let address = |text: &str| Target::new(text).origin();
    let received = analysis
        .flows
        .reading(session.id)
        .and_then(|reading| reading.diagnostics.as_ref())
        .filter(|diagnostics| diagnostics.code == INVALID_RESOURCE)
        .and_then(|diagnostics| {
            let token = jwt.audience().map(address);
            diagnostics
                .quoted()
                .into_iter()
                .map(address)
                .find(|a| !a.is_empty() && Some(a) != token.as_ref())
        });
    match received {
        Some(received) => {
            let mut row = row("aud", said, Some(format!("{received}/")), CheckState::Failed);
            if let Some(expected) = row.get_mut(2) {
                expected.push(Line::new().look(Look::Quiet, "the address that Exchange received"));
            }
            row
        }
        None => row("aud", said, Some(format!("{}/", session.request.target.origin())), state),
    }
}

fn row(
    claim: &str,
    said: Option<String>,
    expected: Option<String>,
    state: CheckState,
) -> Vec<Cell> {
    let (look, result) = match state {
        CheckState::Ok => (Look::Good, "✔ fits"),
        CheckState::Failed => (Look::Bad, "✖ differs"),
        CheckState::NotChecked => (Look::Quiet, "· not compared"),
    };
    let value = |value: Option<String>, none: &str| match value {
        Some(value) => vec![Line::new().code(words::shorten(&value))],
        None => vec![Line::new().look(Look::Quiet, none)],
    };
    vec![
        vec![Line::new().look(Look::Strong, claim)],
        value(said, "not there"),
        value(expected, "not known"),
        vec![Line::new().look(look, result)],
    ]
}

/// The tenants whose tokens the host of a session says it trusts.
fn trusted_tenants(analysis: &Analysis, session: &Session) -> Option<String> {
    let of_host = |id: SessionId| {
        analysis.capture.session(id).is_some_and(|other| other.host() == session.host())
    };
    let realms = analysis
        .flows
        .readings
        .iter()
        .filter(|reading| of_host(reading.session))
        .filter_map(|reading| reading.challenges.bearer())
        .map(|bearer| bearer.trusted_issuers().into_iter().map(|(_, realm)| realm).collect())
        .find(|realms: &Vec<&str>| !realms.is_empty())?;
    let mut named: Vec<&str> = Vec::new();
    for realm in realms.into_iter().filter(|realm| !realm.is_empty()) {
        if realm == "*" {
            return Some("any tenant".to_owned());
        }
        if !named.contains(&realm) {
            named.push(realm);
        }
    }
    (!named.is_empty()).then(|| named.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::analysis::Analysis;
    use crate::import::open_text;
    use crate::jwt::{Keys, example};
    use crate::report::{Format, Style, analysis};

    #[test]
    fn a_claim_that_does_not_fit_stands_beside_what_was_expected() {
        let text = example::expand(
            "### 1\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\nAuthorization: Bearer\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nWWW-Authenticate: Bearer client_id=\"x\", \
             trusted_issuers=\"00000001-0000-0000-c000-000000000000@11111111-2222-3333-4444-555555555555\", \
             authorization_uri=\"https://login.windows.net/common/oauth2/authorize\"\n\
             ### 2\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
             Authorization: Bearer {{jwt {\"aud\":\"https://outlook.contoso.com/\",\"exp\":1772445900}}}\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nDate: Mon, 02 Mar 2026 09:14:07 GMT\n\
             WWW-Authenticate: Bearer client_id=\"x\"\n",
        );
        let read = Analysis::of(open_text("x", &text).unwrap(), &Keys::default());
        let page = analysis(&read, Format::Markdown, Style::default());
        for line in [
            "## Claims of token t1 in session 2",
            "| **aud** | `https://outlook.contoso.com/` | `https://mail.contoso.com/` | **✖ differs** |",
            "| **exp** | `2026-03-02 10:05:00 UTC` | `not before 2026-03-02 09:14:07 UTC` | **✔ fits** |",
            "| **tid** | not there | `11111111-2222-3333-4444-555555555555` | · not compared |",
        ] {
            assert!(page.contains(line), "{line}: {page}");
        }
    }

    #[test]
    fn the_address_that_exchange_received_stands_beside_the_audience() {
        let text = example::expand(
            "### 2\nPOST https://mail.contoso.com/mapi/emsmdb/ HTTP/1.1\n\
             Authorization: Bearer {{jwt {\"aud\":\"https://mail.contoso.com/\",\"exp\":1772445900}}}\n\n\
             HTTP/1.1 401 Unauthorized\nX-FEServer: EX01\nDate: Mon, 02 Mar 2026 09:14:07 GMT\n\
             WWW-Authenticate: Bearer client_id=\"x\"\n\
             x-ms-diagnostics: 2000003;reason=\"The hostname component of the audience claim value is invalid. \
             Expected 'https://mail.contoso.com'. Actual 'https://ex01.contoso.local'.\";error_category=\"invalid_resource\"\n",
        );
        let read = Analysis::of(open_text("x", &text).unwrap(), &Keys::default());
        let page = analysis(&read, Format::Markdown, Style::default());
        let line = "| **aud** | `https://mail.contoso.com/` | `https://ex01.contoso.local/`<br>\
                    the address that Exchange received | **✖ differs** |";
        assert!(page.contains(line), "{page}");
    }
}
