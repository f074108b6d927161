//! The words, the place and the keys of every command.

use eframe::egui::{Key, Modifiers};

use super::{Command, Menu};

/// What there is to know about a command.
pub(super) struct Facts {
    pub(super) menu: Menu,
    pub(super) text: &'static str,
    pub(super) tooltip: &'static str,
    pub(super) shortcut: Option<(Modifiers, Key)>,
    /// Whether it makes sense only with a capture open.
    pub(super) needs_capture: bool,
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
    pub(super) const fn facts(self) -> Facts {
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
}
