//! Rules about the client: does it try modern authentication at all?

mod autodiscover_from_cloud;
mod basic_fallback;
mod challenge_ignored;
mod client_too_old;
mod no_empty_bearer;
mod rpc_over_http;

use std::collections::HashSet;

use super::{Case, Rule};
use crate::flow::{Flow, Reading};
use crate::knowledge::outlook_version::{MailClient, outlook_of};

pub(super) const RULES: &[&Rule] = &[
    &client_too_old::RULE,
    &rpc_over_http::RULE,
    &no_empty_bearer::RULE,
    &basic_fallback::RULE,
    &challenge_ignored::RULE,
    &autodiscover_from_cloud::RULE,
];

/// Who a flow's client is, the same for all protocols of one program: its process, else the family that its user agent
/// names. Outlook's parts name themselves differently.
pub(super) fn person(case: &Case<'_>, flow: &Flow) -> String {
    let process = flow
        .sessions
        .iter()
        .find_map(|id| case.session(*id)?.process.as_ref())
        .map(|process| flow.client.as_ref().unwrap_or(process));
    let agent = flow.user_agent.as_deref().unwrap_or_default().to_ascii_lowercase();
    match process {
        Some(process) => process.to_ascii_lowercase(),
        // Outlook Anywhere calls itself MSRPC.
        None if outlook_of(&agent).is_some()
            || agent.starts_with("microsoft office/")
            || agent == "msrpc" =>
        {
            "outlook".to_owned()
        }
        None => agent,
    }
}

/// The clients that send Bearer to any server: they can do modern authentication.
fn bearer_clients(case: &Case<'_>) -> HashSet<String> {
    case.flows
        .flows
        .iter()
        .filter(|flow| case.readings_of(flow).any(Reading::sent_bearer))
        .map(|flow| person(case, flow))
        .collect()
}

/// Whether the user agent is an Outlook that cannot do modern authentication at all.
fn is_older_than_2013(flow: &Flow) -> bool {
    flow.user_agent.as_deref().and_then(outlook_of).is_some_and(|outlook| {
        matches!(outlook.client, MailClient::Windows | MailClient::Mac)
            && outlook.major.is_some_and(|major| major < 15)
    })
}

/// The client as a sentence names it: its product, else its process.
fn client_name(flow: &Flow) -> String {
    flow.user_agent
        .as_deref()
        .and_then(outlook_of)
        .map(|outlook| outlook.name.to_owned())
        .or_else(|| flow.client.as_ref().map(|client| client.chars().take(60).collect()))
        .unwrap_or_else(|| "The client".to_owned())
}
