//! What stands around the views: menus, side bar, status bar, and the screens without a capture.

pub(super) mod about;
pub(super) mod capture;
pub(super) mod import_report;
mod inspectors;
pub(super) mod loading;
pub(super) mod menu_bar;
pub(super) mod modal;
pub(super) mod palette;
pub(super) mod paste;
pub(super) mod redact;
pub(super) mod report;
pub(super) mod search_box;
pub(super) mod search_strip;
pub(super) mod settings;
pub(super) mod side_bar;
pub(super) mod start;
pub(super) mod status_bar;
pub(super) mod tab_strip;
mod veil;
