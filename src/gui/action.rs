//! What a view may ask for. Views change nothing but their own look; only [`super::App`] carries actions out.

use std::path::PathBuf;

use super::command::Command;
use super::documents::TabId;
use super::settings::Settings;
use super::views::View;
use crate::capture::{Mark, SessionId};
use crate::flow::{FlowId, TokenId};
use crate::rules::Evidence;

/// Something that a view asks the application to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Select a session everywhere.
    SelectSession(SessionId),
    /// Show one flow only, or all of them.
    SelectFlow(Option<FlowId>),
    /// Select a token and show it.
    SelectToken(TokenId),
    /// Bring a view to the front.
    ShowView(View),
    /// Select the evidence's session and lead the inspector to the exact place.
    ShowEvidence(Evidence),
    /// Show the inspector if it is hidden.
    ShowInspector,
    /// Bring the findings to the front, led to a rule's finding.
    ShowFix(&'static str),
    /// Put a mark on a session, or take it away.
    SetMark(SessionId, Option<Mark>),
    /// Write a comment on a session.
    SetComment(SessionId, String),
    /// Search for something else.
    Filter(String),
    /// Narrow the table by one more term of the search language.
    AddFilter(String),
    /// Put a text on the clipboard.
    Copy(String),
    /// Open a file.
    OpenFile(PathBuf),
    /// Open pasted HTTP text.
    OpenText(String),
    /// Open one of the sample traces by its name.
    OpenSample(&'static str),
    /// Bring an open capture to the front.
    ShowTab(TabId),
    /// Close an open capture, or stop opening it.
    CloseTab(TabId),
    /// Forget a file of the recent ones.
    ForgetRecent(PathBuf),
    /// Choose a look, a size, a time zone and the like.
    ChangeSettings(Box<Settings>),
    /// Remember a line of text for a view under a key of its own like `sessions.columns`; an empty one forgets it.
    Remember(&'static str, String),
    /// Forget all recent files.
    ForgetAllRecent,
    /// Say something in passing.
    Toast(String),
    /// Stop opening the capture in front.
    Cancel,
    /// Carry out a command.
    Run(Command),
}
