//! What a view may ask for. Views change nothing but their own look; only [`super::App`] carries actions out.

use std::path::PathBuf;

use super::command::Command;
use super::documents::TabId;
use super::settings::Settings;
use super::views::View;
use super::views::compare::Choice;
use super::views::lesson::progress::Score;
use crate::capture::{Mark, SessionId};
use crate::flow::{FlowId, TokenId};
use crate::report::Format;
use crate::rules::Evidence;
use crate::training::course::Plan;

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
    /// Open a sample as a lesson, by its name, in place of the lesson in front.
    StartLesson(&'static str),
    /// Begin the lesson of the capture in front, or begin it anew.
    BeginLesson,
    /// End the lesson of the capture in front, and show everything again.
    EndLesson,
    /// Follow a plan of the course.
    ChoosePlan(Plan),
    /// Keep how a lesson went, by its sample's name.
    KeepScore(&'static str, Score),
    /// Compare the capture in front with another one.
    CompareWith(Choice),
    /// Give up fetching the other capture.
    StopComparing,
    /// Select a session of the other capture.
    SelectOther(SessionId),
    /// Write the comparison down in a file.
    SaveComparison(Format),
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
