//! Everything that needs no further words to be done: one list makes the menus, the palette, the shortcut help and the
//! keyboard.

use crate::capture::Mark;
use eframe::egui::{Context, Key, KeyboardShortcut, ModifierNames, Modifiers};

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

/// A menu of the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Files.
    File,
    /// Copying and finding.
    Edit,
    /// What is shown.
    View,
    /// Moving in the capture.
    Capture,
    /// Help.
    Help,
}

impl Menu {
    /// All menus in order.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Capture, Self::Help];

    /// The menu's name.
    pub const fn text(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Capture => "Capture",
            Self::Help => "Help",
        }
    }
}

/// What there is to know about a command.
struct Facts {
    menu: Menu,
    text: &'static str,
    tooltip: &'static str,
    shortcut: Option<(Modifiers, Key)>,
    /// Whether it makes sense only with a capture open.
    needs_capture: bool,
}

const CTRL: Modifiers = Modifiers::COMMAND;
/// The text, tooltip and shortcut of a mark's command.
const fn mark(text: &'static str, key: Key) -> Row {
    let tooltip = "Mark the selected session, or take the mark away; marks stay in memory";
    (Menu::Capture, text, tooltip, Some((CTRL, key)), true)
}

/// Menu, text, tooltip, shortcut, and whether a capture is needed.
type Row = (Menu, &'static str, &'static str, Option<(Modifiers, Key)>, bool);

const ALT: Modifiers = Modifiers::ALT;
const NONE: Modifiers = Modifiers::NONE;

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

    const fn facts(self) -> Facts {
        let (menu, text, tooltip, shortcut, needs_capture) = match self {
            Self::Open => {
                (Menu::File, "Open…", "Open a HAR or SAZ capture", Some((CTRL, Key::O)), false)
            }
            Self::ShowStart => (
                Menu::File,
                "Recent files and samples",
                "Show the start screen; open captures stay open",
                Some((CTRL, Key::T)),
                false,
            ),
            Self::PasteText => (
                Menu::File,
                "Paste HTTP text…",
                "Analyse requests and answers copied as text",
                Some((CTRL.plus(Modifiers::SHIFT), Key::O)),
                false,
            ),
            Self::Redact => (
                Menu::File,
                "Redact and export…",
                "Write a copy without credentials that is safe to share",
                Some((CTRL, Key::E)),
                true,
            ),
            Self::Report => (
                Menu::File,
                "Save report…",
                "Write what was found as HTML, Markdown, text or JSON",
                Some((CTRL, Key::R)),
                true,
            ),
            Self::SavePicture => (
                Menu::File,
                "Save timeline as picture…",
                "Write the whole timeline as a PNG or SVG file, folded and filtered as it is shown",
                None,
                true,
            ),
            Self::Close => (
                Menu::File,
                "Close capture",
                "Close the capture in front",
                Some((CTRL, Key::W)),
                false,
            ),
            Self::Settings => (
                Menu::File,
                "Settings…",
                "Theme, size, time zone, secrets, recent files",
                Some((CTRL, Key::Comma)),
                false,
            ),
            Self::Quit => (Menu::File, "Quit", "End the program", Some((CTRL, Key::Q)), false),
            Self::CopyCurl => (
                Menu::Edit,
                "Copy session as cURL",
                "The selected request as a command, without credentials",
                None,
                true,
            ),
            Self::CopyMarkdown => (
                Menu::Edit,
                "Copy session as Markdown",
                "The selected session for a ticket, without credentials",
                Some((CTRL.plus(Modifiers::SHIFT), Key::M)),
                true,
            ),
            Self::CopyVerdict => (
                Menu::Edit,
                "Copy verdict as Markdown",
                "The verdict with its proof and its fix for a ticket, without credentials",
                None,
                true,
            ),
            Self::CopyPicture => (
                Menu::Edit,
                "Copy timeline as image",
                "The whole timeline as an image, to be pasted into a mail or a ticket",
                None,
                true,
            ),
            Self::CopySvg => (
                Menu::Edit,
                "Copy timeline as SVG",
                "The whole timeline as SVG text, for editors and wikis",
                None,
                true,
            ),
            Self::Find => (
                Menu::Edit,
                "Filter sessions",
                "Type into the filter of the sessions",
                Some((CTRL, Key::F)),
                true,
            ),
            Self::NextHit => (
                Menu::Edit,
                "Next hit",
                "Select the next session that fits the filter",
                Some((NONE, Key::F3)),
                true,
            ),
            Self::PreviousHit => (
                Menu::Edit,
                "Previous hit",
                "Select the session before that fits the filter",
                Some((Modifiers::SHIFT, Key::F3)),
                true,
            ),
            Self::MarkRed => mark("Mark red", Key::Num1),
            Self::MarkBlue => mark("Mark blue", Key::Num2),
            Self::MarkGold => mark("Mark gold", Key::Num3),
            Self::MarkGreen => mark("Mark green", Key::Num4),
            Self::MarkOrange => mark("Mark orange", Key::Num5),
            Self::MarkPurple => mark("Mark purple", Key::Num6),
            Self::Comment => (
                Menu::Capture,
                "Comment…",
                "Write a comment on the selected session; it stays in memory",
                Some((NONE, Key::M)),
                true,
            ),
            Self::ShowTimeline => {
                (Menu::View, "Timeline", "Who said what to whom", Some((ALT, Key::Num1)), true)
            }
            Self::ShowSessions => {
                (Menu::View, "Sessions", "Every session in a table", Some((ALT, Key::Num2)), true)
            }
            Self::ShowTokens => {
                (Menu::View, "Tokens", "Every token once, decoded", Some((ALT, Key::Num3)), true)
            }
            Self::ShowFindings => (
                Menu::View,
                "Findings",
                "What is wrong, why, and how to fix it",
                Some((ALT, Key::Num4)),
                true,
            ),
            Self::ShowCompare => (
                Menu::View,
                "Compare",
                "Two captures side by side, aligned by step",
                Some((ALT, Key::Num5)),
                true,
            ),
            Self::ShowLesson => (
                Menu::View,
                "Lesson",
                "The capture step by step, with questions",
                Some((ALT, Key::Num6)),
                true,
            ),
            Self::Present => (
                Menu::View,
                "Presenter view",
                "The lesson in large type, with nothing beside it",
                Some((NONE, Key::F5)),
                true,
            ),
            Self::ToggleSideBar => (
                Menu::View,
                "Side bar",
                "Show or hide verdict, flows and notes",
                Some((CTRL.plus(Modifiers::SHIFT), Key::B)),
                true,
            ),
            Self::ToggleInspector => (
                Menu::View,
                "Inspector",
                "Show or hide the selected session's details",
                Some((CTRL, Key::I)),
                true,
            ),
            Self::ZoomIn => {
                (Menu::View, "Zoom in", "Enlarge everything", Some((CTRL, Key::Plus)), false)
            }
            Self::ZoomOut => {
                (Menu::View, "Zoom out", "Reduce everything", Some((CTRL, Key::Minus)), false)
            }
            Self::ZoomReset => (
                Menu::View,
                "Actual size",
                "Back to the normal size",
                Some((CTRL, Key::Num0)),
                false,
            ),
            Self::SystemAppearance => {
                (Menu::View, "Follow the system", "Dark or light as the system says", None, false)
            }
            Self::DarkAppearance => {
                (Menu::View, "Dark", "Light text on a dark ground", None, false)
            }
            Self::LightAppearance => {
                (Menu::View, "Light", "Dark text on a light ground", None, false)
            }
            Self::NextTab => (
                Menu::View,
                "Next capture",
                "Bring the next open capture to the front",
                Some((Modifiers::CTRL, Key::Tab)),
                false,
            ),
            Self::PreviousTab => (
                Menu::View,
                "Previous capture",
                "Bring the open capture before to the front",
                Some((Modifiers::CTRL.plus(Modifiers::SHIFT), Key::Tab)),
                false,
            ),
            Self::HighContrastAppearance => (
                Menu::View,
                "High contrast",
                "Light text on black, for pale projectors and tired eyes",
                None,
                false,
            ),
            Self::FirstBreak => (
                Menu::Capture,
                "Go to the decisive session",
                "Select the session that proves the verdict",
                Some((CTRL, Key::B)),
                true,
            ),
            Self::NextSession => (
                Menu::Capture,
                "Next session",
                "Select the session below",
                Some((NONE, Key::ArrowDown)),
                true,
            ),
            Self::PreviousSession => (
                Menu::Capture,
                "Previous session",
                "Select the session above",
                Some((NONE, Key::ArrowUp)),
                true,
            ),
            Self::ImportReport => (
                Menu::Capture,
                "Import report",
                "What was mended, what is missing, what could not be read",
                None,
                true,
            ),
            Self::Palette => (
                Menu::Help,
                "Command palette…",
                "Find a command by typing",
                Some((CTRL.plus(Modifiers::SHIFT), Key::P)),
                false,
            ),
            Self::Shortcuts => (
                Menu::Help,
                "Keyboard shortcuts",
                "List all shortcuts",
                Some((CTRL, Key::Slash)),
                false,
            ),
            Self::About => (
                Menu::Help,
                "About HMA Trace Analyzer",
                "Version, licence and privacy",
                None,
                false,
            ),
        };
        Facts { menu, text, tooltip, shortcut, needs_capture }
    }

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
        if consume(NONE, Key::F1) {
            return Some(Self::Shortcuts);
        }
        if consume(CTRL, Key::Equals) {
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
