//! How far a flow got: the five steps of its latest attempt. What came before the last access is history, so a break
//! that healed does not count, and a break after a good time does.

use chrono::TimeDelta;

use crate::capture::SessionId;
use crate::flow::grouping::Tokens;
use crate::flow::{
    AnswerMessage, Endpoint, IdentityPurpose, Outcome, Purpose, Reading, RequestMessage, Step,
    StepRecord, StepState, Subject,
};
use crate::http::Target;
use crate::knowledge::entra_error::{self, ClientAction};
use crate::knowledge::{exchange_online_host, identity_host};

/// `x-ms-diagnostics` code of a token whose time is over (Microsoft Learn: "Instrumenting client requests for EWS and REST
/// in Exchange").
const TOKEN_EXPIRED: u32 = 2_000_002;

/// So long a client that worked may take to bring a new token for an old one.
const RENEWAL: TimeDelta = TimeDelta::seconds(10);

/// Of a flow that never got a token so many sessions with identity providers are looked at, the latest ones: there may be
/// as many such flows as sessions.
const LONGEST_WAIT: usize = 1_000;

/// So many sessions with identity providers count as one sign-in, those closest to the token.
const LONGEST_SIGN_IN: usize = 500;

/// A flow's latest attempt: its own sessions and the sign-in sessions that may belong to it.
pub(super) struct Attempt<'a> {
    probes: Vec<(usize, &'a Reading)>,
    uses: Vec<(usize, &'a Reading)>,
    /// Uses of tokens whose time was over, where the identity provider was asked for a new one then, or the capture shows
    /// a newer one that was accepted: an old token asks for a new one, as a probe does.
    outlived: Vec<(usize, &'a Reading)>,
    identity: &'a [(usize, &'a Reading)],
    tokens: Tokens<'a>,
}

impl<'a> Attempt<'a> {
    /// Finds the latest attempt among a flow's readings. `identity` are the capture's sessions with identity providers
    /// that can concern the flow's host; all readings come with their places in the capture.
    pub(super) fn of(
        own: &[(usize, &'a Reading)],
        identity: &'a [(usize, &'a Reading)],
        tokens: Tokens<'a>,
    ) -> Self {
        let is_client = |r: &Reading| {
            matches!(
                r.endpoint,
                Endpoint::Exchange { purpose: Purpose::Client | Purpose::Unseen, .. }
            )
        };
        let bearer: Vec<_> =
            own.iter().filter(|(_, r)| is_client(r) && r.sent_bearer()).copied().collect();
        let is_beside = is_beside(&bearer);
        let last_success = bearer.iter().rposition(|(_, r)| opens(r, is_beside));
        let first = bearer.first().map_or(0, |(at, _)| *at);
        // The window reaches back to the first Bearer unless a definite failure follows the last success.
        let whole = Self::within(&bearer, first, identity, tokens);
        let Some((after, _)) = last_success.and_then(|at| bearer.get(at)) else { return whole };
        // A missing photo or a busy server right behind the success belongs to the good time.
        let is_shrug =
            |r: &Reading| r.request == RequestMessage::Token && r.answer == AnswerMessage::Failure;
        let later = bearer.iter().filter(|(at, _)| at > after);
        let tail: Vec<_> = later.skip_while(|(_, r)| is_shrug(r)).copied().collect();
        let latest = Self::within(&tail, after + 1, identity, tokens);
        let is_broken = latest.is_definitely_broken() && !latest.is_about_to_renew();
        if is_broken { latest } else { whole }
    }

    /// Whether the capture ends while an old token is being replaced, as happens once in every token's life.
    fn is_about_to_renew(&self) -> bool {
        let asked = self.uses.first().and_then(|(_, r)| r.moment).zip(self.tokens.end);
        self.uses.iter().all(|(_, r)| is_expired(r, self.tokens))
            && is_one_token(&self.uses, self.tokens)
            && asked.is_some_and(|(asked, end)| end - asked < RENEWAL)
    }

    /// Whether the attempt ended in a refusal, not merely in an answer that says nothing about access.
    fn is_definitely_broken(&self) -> bool {
        self.steps().iter().any(|s| {
            let reading = || self.uses.iter().find(|(_, r)| Some(r.session) == s.session);
            let said_nothing =
                || reading().is_some_and(|(_, r)| r.answer == AnswerMessage::Failure);
            s.state == StepState::Failed && !(s.step == Step::Access && said_nothing())
        })
    }

    fn within(
        bearer: &[(usize, &'a Reading)],
        since: usize,
        identity: &'a [(usize, &'a Reading)],
        tokens: Tokens<'a>,
    ) -> Self {
        let of_kind = |wanted: RequestMessage| {
            bearer.iter().filter(|(_, r)| r.request == wanted).copied().collect::<Vec<_>>()
        };
        let probes = of_kind(RequestMessage::Probe);
        let uses = of_kind(RequestMessage::Token);
        // Without a Bearer nobody waits for a sign-in.
        let waited_for = if bearer.is_empty() { &[] } else { identity };
        let identity = waited_for.get(waited_for.partition_point(|(at, _)| *at < since)..);
        let identity = last(identity.unwrap_or_default(), LONGEST_WAIT);
        let is_outlived = uses.iter().all(|(_, r)| is_expired(r, tokens))
            && uses.last().is_some_and(|(last, r)| {
                let later = |wanted: fn(&Reading) -> bool| {
                    identity.iter().any(|(at, r)| at > last && wanted(r))
                };
                later(is_sign_in_failure)
                    || tokens.is_replaced(r.session)
                    || later(is_issued_by_name) && is_one_token(&uses, tokens)
            });
        let (uses, outlived) = if is_outlived { (Vec::new(), uses) } else { (uses, Vec::new()) };
        Self { probes, uses, outlived, identity, tokens }
    }

    /// Sessions with identity providers up to the token's first use.
    pub(super) fn identity_sessions(&self) -> Vec<SessionId> {
        if self.probes.is_empty() && self.uses.is_empty() && self.outlived.is_empty() {
            return Vec::new();
        }
        last(self.before_use(), LONGEST_SIGN_IN).iter().map(|(_, r)| r.session).collect()
    }

    /// Sessions with identity providers before the token's first use.
    fn before_use(&self) -> &'a [(usize, &'a Reading)] {
        let until = self.first_use().unwrap_or(usize::MAX);
        let count = self.identity.partition_point(|(at, _)| *at < until);
        self.identity.get(..count).unwrap_or_default()
    }

    fn first_use(&self) -> Option<usize> {
        self.uses.first().map(|(at, _)| *at)
    }

    /// The five steps in order.
    pub(super) fn steps(&self) -> [StepRecord; 5] {
        let challenge = self.challenge();
        [self.probe(), challenge, self.sign_in(challenge.state), self.token(), self.access()]
    }

    fn probe(&self) -> StepRecord {
        match self.probes.first() {
            Some((_, r)) => ok(Step::Probe, r),
            None if self.uses.is_empty() && self.outlived.is_empty() => missing(Step::Probe),
            None => hidden(Step::Probe),
        }
    }

    fn challenge(&self) -> StepRecord {
        let step = Step::Challenge;
        let asked = self.probes.iter().chain(&self.outlived);
        if let Some((_, good)) = asked.into_iter().find(|(_, r)| is_good_challenge(r)) {
            return ok(step, good);
        }
        let answered = self.probes.iter().find(|(_, r)| {
            !r.is_inconclusive
                && match r.answer {
                    AnswerMessage::Missing | AnswerMessage::Success | AnswerMessage::Redirect => {
                        false
                    }
                    // A gateway in the server's place has not answered for it.
                    AnswerMessage::Failure => r.spoke_as_exchange,
                    _ => true,
                }
        });
        match answered {
            // A token was sent all the same: the client knew its authority from elsewhere.
            Some((probed, _)) if self.uses.iter().any(|(used, _)| used > probed) => hidden(step),
            Some((_, bad)) => failed(step, bad),
            None if !self.uses.is_empty() || !self.outlived.is_empty() => hidden(step),
            None => missing(step),
        }
    }

    fn sign_in(&self, challenge: StepState) -> StepRecord {
        let step = Step::SignIn;
        if self.first_use().is_some() {
            let lineage =
                self.uses.iter().find_map(|(_, r)| self.tokens.used_in(r.session)?.issued_in);
            let before = last(self.before_use(), LONGEST_SIGN_IN)
                .iter()
                .rev()
                .find(|(_, r)| r.succeeded() && is_sign_in(r));
            return match (lineage, before) {
                (Some(issued), _) => {
                    StepRecord { step, state: StepState::Ok, session: Some(issued) }
                }
                (None, Some((_, seen))) if !self.probes.is_empty() => ok(step, seen),
                _ => hidden(step),
            };
        }
        if challenge != StepState::Ok && self.outlived.is_empty() {
            return missing(step);
        }
        let completed = self.identity.iter().rev().find(|(_, r)| completes_sign_in(r));
        match (self.unhealed_error(completed.map(|(at, _)| *at)), completed) {
            (Some(reading), _) => failed(step, reading),
            (None, Some((_, reading))) => ok(step, reading),
            (None, None) => missing(step),
        }
    }

    /// The error that the sign-in ended with, where it first stands: an application may run into it several times.
    fn unhealed_error(&self, issued: Option<usize>) -> Option<&'a Reading> {
        let errors = || {
            let failures = self.identity.iter().filter(move |(at, r)| {
                issued.is_none_or(|healed| *at > healed) && is_sign_in_failure(r)
            });
            failures.filter_map(|(_, r)| Some((*r, r.oauth_error()?)))
        };
        let (_, last) = errors().next_back()?;
        errors()
            .find(|(_, e)| e.error == last.error && e.code() == last.code())
            .map(|(reading, _)| reading)
    }

    fn token(&self) -> StepRecord {
        let step = Step::Token;
        let accepted = self.uses.iter().find(|(_, r)| !is_token_refused(r));
        match (accepted, self.uses.first()) {
            (Some((_, r)), _) => ok(step, r),
            (None, Some((_, r))) => failed(step, r),
            (None, None) => missing(step),
        }
    }

    fn access(&self) -> StepRecord {
        let step = Step::Access;
        let is_beside = is_beside(&self.uses);
        let opened = self.uses.iter().find(|(_, r)| opens(r, is_beside)).or_else(|| {
            // ActiveSync knew the user and named the server of the mailbox: 451 with X-MS-Location ([MS-ASHTTP]).
            let is_sent_on = |r: &Reading| r.answer == AnswerMessage::Redirect && r.status == 451;
            self.uses.iter().find(|(_, r)| is_sent_on(r))
        });
        if let Some((_, r)) = opened {
            return ok(step, r);
        }
        // A mailbox without a photo answers 404, a busy server 5xx: only 403 and a named user speak about access.
        let decides = |r: &Reading| r.subject == Subject::Mailbox;
        let refused = self
            .uses
            .iter()
            .find(|(_, r)| r.answer == AnswerMessage::Refusal && decides(r) || r.refuses_user());
        // What it ended with, where it first stands. A gateway in the server's place knows nothing of the mailbox.
        let failing = || {
            let is_failure = |r: &Reading| {
                r.answer == AnswerMessage::Failure
                    && r.status >= 500
                    && r.spoke_as_exchange
                    && decides(r)
            };
            let (_, last) = self.uses.iter().rev().find(|(_, r)| is_failure(r))?;
            self.uses.iter().find(|(_, r)| is_failure(r) && r.status == last.status)
        };
        let refused = refused.or_else(failing);
        match refused {
            Some((_, r)) => failed(step, r),
            None => missing(step),
        }
    }
}

/// The last so many of a list.
fn last<T>(list: &[T], count: usize) -> &[T] {
    list.get(list.len().saturating_sub(count)..).unwrap_or_default()
}

/// Whether an identity session can belong to a flow with `host`: it asks for that host, or for nothing in particular.
pub fn concerns(reading: &Reading, host: &str) -> bool {
    reading.endpoint.identity() != Some(IdentityPurpose::AccessControl)
        && resource_host(reading).is_none_or(|r| r == host)
}

/// Host of the resource that an identity session asks for.
pub(super) fn resource_host(reading: &Reading) -> Option<String> {
    match &reading.request {
        RequestMessage::Authorize(request) => request.resource_host(),
        RequestMessage::TokenRequest(request) => request.resource_host(),
        _ => None,
    }
}

/// Whether a client wants to sign in to Exchange Online, with or without success.
pub fn is_cloud_attempt(reading: &Reading) -> bool {
    resource_host(reading).is_some_and(|host| exchange_online_host::is_exchange_online(&host))
        || matches!(reading.endpoint, Endpoint::Exchange { online: true, .. })
            && reading.sent_bearer()
}

/// Whether an identity provider refused, rather than asked for patience (a device code's polling, the interrupts that
/// belong to every sign-in) or answered a client's silent attempt, which hopes that no page is needed.
pub fn is_sign_in_failure(reading: &Reading) -> bool {
    let Some(error) = reading.oauth_error() else { return false };
    let action = error.code().and_then(entra_error::find).map(|known| known.action);
    let silent = matches!(&reading.request, RequestMessage::Authorize(request) if request.silent);
    let asks_for_a_page = matches!(
        error.error.as_str(),
        "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required"
    ) || action == Some(ClientAction::Interactive);
    action != Some(ClientAction::Noise)
        && !matches!(error.error.as_str(), "authorization_pending" | "slow_down")
        && !(silent && asks_for_a_page)
}

/// Whether an identity provider issued what the client came for: an access token, or the code that buys one.
pub fn completes_sign_in(reading: &Reading) -> bool {
    reading.grants_code || reading.tokens().is_some_and(|t| t.access_token.is_some())
}

/// Whether an identity session is part of signing in, rather than discovery or a picture on the page.
fn is_sign_in(reading: &Reading) -> bool {
    match &reading.request {
        RequestMessage::Authorize(_) | RequestMessage::TokenRequest(_) => true,
        RequestMessage::Identity(purpose) => {
            matches!(purpose, IdentityPurpose::SignIn | IdentityPurpose::WsTrust)
        }
        _ => false,
    }
}

/// Whether a 401 is the challenge that HMA wants: Bearer with an Entra authority.
pub fn is_good_challenge(reading: &Reading) -> bool {
    reading.answer == AnswerMessage::Challenge
        && reading
            .challenges
            .bearer()
            .and_then(|b| b.authorization_uri())
            .is_some_and(|uri| identity_host::is_entra_authority(Target::new(uri).host()))
}

/// Whether all uses sent the same token: a server that finds one after the other too old has a wrong clock.
fn is_one_token(uses: &[(usize, &Reading)], tokens: Tokens<'_>) -> bool {
    let mut sent = uses.iter().map(|(_, r)| tokens.used_in(r.session).map(|token| token.id));
    let first = sent.next();
    sent.all(|token| Some(token) == first)
}

/// Whether no token was sent for the mailbox itself.
fn is_beside(asked: &[(usize, &Reading)]) -> bool {
    let is_mailbox =
        |r: &Reading| r.request == RequestMessage::Token && r.subject == Subject::Mailbox;
    !asked.iter().any(|(_, r)| is_mailbox(r))
}

/// Whether a token opened the mailbox, or what is beside it where a flow asks for nothing else.
fn opens(reading: &Reading, is_beside: bool) -> bool {
    reading.request == RequestMessage::Token
        && (reading.opens_mailbox() || is_beside && reading.answer == AnswerMessage::Success)
}

/// Whether an identity provider issued a token for a resource that the request names.
fn is_issued_by_name(reading: &Reading) -> bool {
    completes_sign_in(reading) && resource_host(reading).is_some()
}

/// Whether an answer refuses the token itself, not the user behind it.
fn is_token_refused(reading: &Reading) -> bool {
    reading.answer == AnswerMessage::Challenge && !reading.refuses_user()
}

/// Whether a token was refused because its time was over.
fn is_expired(reading: &Reading, tokens: Tokens<'_>) -> bool {
    let says_so = || reading.diagnostics.as_ref().is_some_and(|d| d.code == TOKEN_EXPIRED);
    let is_over = || {
        let expires = tokens.used_in(reading.session)?.jwt()?.expires()?;
        Some(reading.diagnostics.is_none() && reading.moment? > expires)
    };
    is_token_refused(reading) && (says_so() || is_over() == Some(true))
}

/// How a flow ended, by its steps.
pub(super) fn outcome(steps: &[StepRecord; 5]) -> Outcome {
    if steps.iter().any(|s| s.step == Step::Access && s.state == StepState::Ok) {
        Outcome::Healthy
    } else if steps.iter().any(|s| s.state == StepState::Failed) {
        Outcome::Broken
    } else {
        Outcome::NotEnoughEvidence
    }
}

const fn ok(step: Step, reading: &Reading) -> StepRecord {
    StepRecord { step, state: StepState::Ok, session: Some(reading.session) }
}

const fn failed(step: Step, reading: &Reading) -> StepRecord {
    StepRecord { step, state: StepState::Failed, session: Some(reading.session) }
}

const fn missing(step: Step) -> StepRecord {
    StepRecord { step, state: StepState::Missing, session: None }
}

const fn hidden(step: Step) -> StepRecord {
    StepRecord { step, state: StepState::Hidden, session: None }
}
