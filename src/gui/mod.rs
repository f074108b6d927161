//! The window: the only place that knows egui.

pub mod action;
mod app;
mod background;
pub mod command;
mod comparing;
mod dialog;
mod document;
pub mod documents;
mod figures;
mod flow_order;
mod fonts;
pub mod format;
mod inspector;
mod job;
mod loader;
mod picture;
mod recent;
mod redaction;
pub mod search;
pub mod selection;
pub mod settings;
mod shape;
mod shell;
pub mod theme;
mod toast;
pub mod views;
pub mod widgets;

use std::path::PathBuf;

pub use app::App;

/// What task bars and title bars show.
const ICON: &[u8] = include_bytes!("../../assets/icon/128.png");

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nothing to draw on.
    #[error("there is no display to open a window on")]
    NoDisplay,
    /// The window system refused.
    #[error("the window could not be opened: {0}")]
    Window(String),
}

/// Opens the window, with files if any are given, and returns when it is closed.
pub fn run(files: Vec<PathBuf>) -> Result<(), StartError> {
    if !has_display() {
        return Err(StartError::NoDisplay);
    }
    let mut viewport = eframe::egui::ViewportBuilder::default()
        .with_title("HMA Trace Analyzer")
        .with_app_id("hma-trace")
        .with_inner_size([1400.0, 900.0])
        .with_min_inner_size([720.0, 480.0]);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(ICON) {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    eframe::run_native(
        "hma-trace",
        options,
        Box::new(move |creation| Ok(Box::new(App::new(creation, files)))),
    )
    // The error's own text may span lines; a terminal gets the first.
    .map_err(|error| {
        StartError::Window(error.to_string().lines().next().unwrap_or_default().to_owned())
    })
    .inspect_err(tell)
}

/// Says why there is no window to a person who double-clicked and has no terminal to read it in.
#[cfg(any(windows, target_os = "macos"))]
fn tell(error: &StartError) {
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("HMA Trace Analyzer")
        .set_description(format!(
            "{error}\n\nThe window needs OpenGL 2.0 or later, which remote desktops without a graphics driver lack. \
             Without a window, type in a terminal:\n\nhma-trace analyze FILE --format html -o report.html"
        ))
        .show();
}

/// A terminal is where this program is started.
#[cfg(not(any(windows, target_os = "macos")))]
fn tell(_error: &StartError) {}

/// Whether the system has something to draw on. Window libraries take long to find out, and then panic or say it in riddles.
fn has_display() -> bool {
    if !cfg!(any(
        target_os = "linux",
        target_os = "freebsd",
        target_os = "openbsd",
        target_os = "netbsd"
    )) {
        return true;
    }
    ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
