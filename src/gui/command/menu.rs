//! The menus of the menu bar.

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
