//! What is selected, in all views at once.

use crate::capture::SessionId;
use crate::flow::{FlowId, TokenId};
use crate::rules::Evidence;

/// What is selected in the open capture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// The session that the inspector shows.
    pub session: Option<SessionId>,
    /// The flow that the timeline is limited to.
    pub flow: Option<FlowId>,
    /// The token that the tokens view shows.
    pub token: Option<TokenId>,
    /// The place that a finding led to.
    pub evidence: Option<Evidence>,
    /// The rule whose finding was asked for.
    pub rule: Option<&'static str>,
    /// The words that are searched for, in lower case: whoever shows recorded text sets them apart.
    pub highlight: Vec<String>,
    /// Counts up with each change. A view that remembers the last count it saw knows when to scroll.
    pub revision: u64,
}
