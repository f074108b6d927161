//! `x-ms-diagnostics` 4000000, "Flighting is not enabled for domain …": one code for several causes. Which it is follows
//! from whom the text quotes, whether the request named a user, and whether the answer names an authority all the same.

use std::collections::HashSet;

use crate::flow::{Flow, Reading, is_good_challenge};
use crate::rules::Case;
use crate::rules::challenge::OAUTH_NOT_AVAILABLE;

/// What a 4000000 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// With an authority in the same answer: the organisation-wide switch for Outlook is off, or has not spread.
    ClientProfileOff,
    /// About the user, whom the request named, and without an authority: a policy forbids this protocol.
    UserBlocked,
    /// About a domain or nothing, without an authority: the domain is not accepted, or a switch is off.
    NotOffered,
    /// About the server's own name, to a request that named no user: says nothing.
    BareProbe,
}

/// A flow that ended with a 4000000.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal<'a> {
    pub(super) flow: &'a Flow,
    pub(super) reading: &'a Reading,
    pub(super) meaning: Meaning,
    /// The user as the request named them.
    pub(super) user: Option<&'a str>,
}

/// The flows that ended so: no token reached the mailbox, and no challenge without the code came later.
pub(super) fn refusals<'a>(case: &Case<'a>) -> Vec<Refusal<'a>> {
    case.unhealed_flows().filter_map(|flow| refusal(case, flow)).collect()
}

fn refusal<'a>(case: &Case<'a>, flow: &'a Flow) -> Option<Refusal<'a>> {
    let refusals: Vec<&Reading> = case
        .readings_of(flow)
        .filter(|r| {
            r.sent_bearer()
                && r.endpoint.is_hma_candidate()
                && r.diagnostics.as_ref().is_some_and(|d| d.code == OAUTH_NOT_AVAILABLE)
        })
        .collect();
    // The answer to a client that said who the user is counts more than one to a bare probe.
    let reading = *refusals.iter().find(|r| !r.is_inconclusive).or_else(|| refusals.first())?;
    let healed = case.readings_of(flow).any(|later| {
        case.place(later.session) > case.place(reading.session)
            && is_good_challenge(later)
            && later.diagnostics.is_none()
    });
    if healed {
        return None;
    }
    let user = case.request_header(reading.session, "X-User-Identity").filter(|u| !u.is_empty());
    Some(Refusal { flow, reading, meaning: meaning(reading, user), user })
}

fn meaning(reading: &Reading, user: Option<&str>) -> Meaning {
    let quoted = reading.diagnostics.as_ref().map(|d| d.quoted()).unwrap_or_default();
    let names_user = |user: &str| {
        quoted.iter().any(|name| name.contains('@') || name.eq_ignore_ascii_case(user))
    };
    if reading.is_inconclusive {
        Meaning::BareProbe
    } else if reading.challenges.bearer().is_some_and(|b| b.authorization_uri().is_some()) {
        Meaning::ClientProfileOff
    } else if user.is_some_and(names_user) {
        Meaning::UserBlocked
    } else {
        Meaning::NotOffered
    }
}

/// The users, in lower case, whom Exchange offers modern authentication somewhere in the capture.
pub(super) fn users_with_offer(case: &Case<'_>) -> HashSet<String> {
    case.readings()
        .filter(|r| r.sent_bearer() && is_good_challenge(r) && r.diagnostics.is_none())
        .filter_map(|r| case.request_header(r.session, "X-User-Identity"))
        .map(str::to_ascii_lowercase)
        .collect()
}
