//! Everything that needs no further words to be done: one list makes the menus, the palette, the shortcut help and the
//! keyboard.

mod facts;
mod menu;

use eframe::egui::{Context, Key, KeyboardShortcut, ModifierNames, Modifiers};

use crate::capture::Mark;
pub use menu::Menu;

/// A thing to do without arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Choose a file and open it.
    Open,
    /// Show the start screen with recent files and samples.
    ShowStart,
    /// Open HTTP text from the clipboard or typed in.
    PasteText,
    /// Write a redacted copy.
    Redact,
    /// Write a report.
    Report,
    /// Write a picture of the timeline.
    SavePicture,
    /// Close the capture.
    Close,
    /// Choose look, size, time zone and the like.
    Settings,
    /// End the program.
    Quit,
    /// Copy the selected session as a cURL command.
    CopyCurl,
    /// Copy the selected session as Markdown.
    CopyMarkdown,
    /// Copy the verdict with its proof and its fix as Markdown.
    CopyVerdict,
    /// Copy the timeline as an image.
    CopyPicture,
    /// Copy the timeline as SVG.
    CopySvg,
    /// Put the cursor into the filter.
    Find,
    /// Select the next session that fits the filter.
    NextHit,
    /// Select the session before that fits the filter.
    PreviousHit,
    /// Mark the selected session red, or take the mark away.
    MarkRed,
    /// The same in blue.
    MarkBlue,
    /// The same in gold.
    MarkGold,
    /// The same in green.
    MarkGreen,
    /// The same in orange.
    MarkOrange,
    /// The same in purple.
    MarkPurple,
    /// Write a comment on the selected session.
    Comment,
    /// Show the ladder.
    ShowTimeline,
    /// Show the table of sessions.
    ShowSessions,
    /// Show the tokens.
    ShowTokens,
    /// Show the findings.
    ShowFindings,
    /// Compare with another capture.
    ShowCompare,
    /// Walk the capture step by step.
    ShowLesson,
    /// Fill the window with the lesson.
    Present,
    /// Show or hide the side bar.
    ToggleSideBar,
    /// Show or hide the inspector.
    ToggleInspector,
    /// Enlarge everything.
    ZoomIn,
    /// Reduce everything.
    ZoomOut,
    /// Back to the normal size.
    ZoomReset,
    /// Follow the system's look.
    SystemAppearance,
    /// Light on dark.
    DarkAppearance,
    /// Dark on light.
    LightAppearance,
    /// Light on black.
    HighContrastAppearance,
    /// Bring the next open capture to the front.
    NextTab,
    /// Bring the open capture before to the front.
    PreviousTab,
    /// Select the session that proves the verdict.
    FirstBreak,
    /// Select the next session.
    NextSession,
    /// Select the session before.
    PreviousSession,
    /// Say how reading the file went.
    ImportReport,
    /// Find a command by typing.
    Palette,
    /// List the shortcuts.
    Shortcuts,
    /// Say what the program is.
    About,
}

impl Command {
    /// All commands in the order of the menus.
    pub const ALL: [Self; 49] = [
        Self::Open,
        Self::ShowStart,
        Self::PasteText,
        Self::Redact,
        Self::Report,
        Self::SavePicture,
        Self::Close,
        Self::Settings,
        Self::Quit,
        Self::CopyCurl,
        Self::CopyMarkdown,
        Self::CopyVerdict,
        Self::CopyPicture,
        Self::CopySvg,
        Self::Find,
        Self::NextHit,
        Self::PreviousHit,
        Self::MarkRed,
        Self::MarkBlue,
        Self::MarkGold,
        Self::MarkGreen,
        Self::MarkOrange,
        Self::MarkPurple,
        Self::Comment,
        Self::ShowTimeline,
        Self::ShowSessions,
        Self::ShowTokens,
        Self::ShowFindings,
        Self::ShowCompare,
        Self::ShowLesson,
        Self::Present,
        Self::ToggleSideBar,
        Self::ToggleInspector,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::SystemAppearance,
        Self::DarkAppearance,
        Self::LightAppearance,
        Self::HighContrastAppearance,
        Self::NextTab,
        Self::PreviousTab,
        Self::FirstBreak,
        Self::NextSession,
        Self::PreviousSession,
        Self::ImportReport,
        Self::Palette,
        Self::Shortcuts,
        Self::About,
    ];

    /// The menu in which it stands.
    pub const fn menu(self) -> Menu {
        self.facts().menu
    }

    /// Its text in menus; `…` when more input follows.
    pub const fn text(self) -> &'static str {
        self.facts().text
    }

    /// One sentence about it.
    pub const fn tooltip(self) -> &'static str {
        self.facts().tooltip
    }

    /// Whether it needs a capture.
    pub const fn needs_capture(self) -> bool {
        self.facts().needs_capture
    }

    /// Whether a line stands above it in its menu.
    pub const fn begins_group(self) -> bool {
        matches!(
            self,
            Self::Redact
                | Self::Close
                | Self::Settings
                | Self::Find
                | Self::MarkRed
                | Self::ToggleSideBar
                | Self::ZoomIn
                | Self::SystemAppearance
                | Self::NextTab
                | Self::NextSession
                | Self::ImportReport
                | Self::About
        )
    }

    /// The mark that it puts on a session.
    pub const fn mark(self) -> Option<Mark> {
        Some(match self {
            Self::MarkRed => Mark::Red,
            Self::MarkBlue => Mark::Blue,
            Self::MarkGold => Mark::Gold,
            Self::MarkGreen => Mark::Green,
            Self::MarkOrange => Mark::Orange,
            Self::MarkPurple => Mark::Purple,
            _ => return None,
        })
    }

    /// Its shortcut.
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        self.facts().shortcut.map(|(modifiers, key)| KeyboardShortcut::new(modifiers, key))
    }

    /// Its shortcut as people read it: `Ctrl+O`; empty without one.
    pub fn shortcut_text(self, ctx: &Context) -> String {
        let is_mac = ctx.os().is_mac();
        self.shortcut().map(|s| s.format(&ModifierNames::NAMES, is_mac)).unwrap_or_default()
    }

    /// The command whose shortcut was pressed, of those that are `allowed`. Keys without a modifier count only while no
    /// text is being typed.
    pub fn pressed(ctx: &Context, allowed: impl Fn(Self) -> bool) -> Option<Self> {
        let typing = ctx.text_edit_focused();
        let consume = |modifiers, key| ctx.input_mut(|i| i.consume_key(modifiers, key));
        // Second shortcuts that keyboards and habits ask for.
        if consume(Modifiers::NONE, Key::F1) {
            return Some(Self::Shortcuts);
        }
        if consume(Modifiers::COMMAND, Key::Equals) {
            return Some(Self::ZoomIn);
        }
        // Of two shortcuts with one key, the one with more modifiers is asked first.
        let mut commands = Self::ALL;
        commands.sort_by_key(|c| c.shortcut().is_none_or(|s| !s.modifiers.shift));
        commands.into_iter().filter(|c| allowed(*c)).find(|command| {
            command.shortcut().is_some_and(|shortcut| {
                let letter = !matches!(shortcut.logical_key, Key::F1 | Key::F3);
                let plain = shortcut.modifiers.is_none() && letter;
                !(plain && typing) && ctx.input_mut(|i| i.consume_shortcut(&shortcut))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Command, Menu};

    #[test]
    fn no_two_commands_share_a_text_or_a_shortcut() {
        let mut texts = HashSet::new();
        let mut shortcuts = HashSet::new();
        for command in Command::ALL {
            assert!(texts.insert(command.text()), "{command:?}");
            assert!(!command.tooltip().ends_with('.'), "{command:?}");
            if let Some(shortcut) = command.shortcut() {
                assert!(
                    shortcuts.insert((shortcut.modifiers, shortcut.logical_key)),
                    "{command:?}"
                );
            }
        }
    }

    #[test]
    fn every_menu_has_commands() {
        for menu in Menu::ALL {
            assert!(Command::ALL.iter().any(|c| c.menu() == menu), "{menu:?}");
        }
    }
}
