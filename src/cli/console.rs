//! A terminal for the command line. Windows starts a program with a window without one, so that a double click opens no
//! black box; who types a command expects the answer where it was typed.

#[cfg(all(windows, feature = "gui"))]
pub(super) use windows::attach;

/// Joins the terminal that started the program: elsewhere it has it already.
#[cfg(not(all(windows, feature = "gui")))]
pub(super) fn attach() {}

#[cfg(all(windows, feature = "gui"))]
mod windows {
    use std::fs::OpenOptions;
    use std::io::{stderr, stdin, stdout};
    use std::os::windows::io::{AsHandle, AsRawHandle, IntoRawHandle, OwnedHandle};

    use windows_sys::Win32::System::Console::{
        ATTACH_PARENT_PROCESS, AttachConsole, STD_ERROR_HANDLE, STD_HANDLE, STD_INPUT_HANDLE,
        STD_OUTPUT_HANDLE, SetStdHandle,
    };

    /// Joins the terminal that started the program, if there is one. What is redirected into a file or a pipe stays so.
    ///
    /// The terminal is left alone while a window is open: closing a terminal ends the programs that joined it.
    pub(in crate::cli) fn attach() {
        let (input, output, errors) =
            (redirected(&stdin()), redirected(&stdout()), redirected(&stderr()));
        if !attach_to_parent() {
            return;
        }
        for (which, redirected, name) in [
            (STD_INPUT_HANDLE, input, "CONIN$"),
            (STD_OUTPUT_HANDLE, output, "CONOUT$"),
            (STD_ERROR_HANDLE, errors, "CONOUT$"),
        ] {
            // Joining may have put the terminal in the place of a file: both are written down again.
            let console = || OpenOptions::new().read(true).write(true).open(name).ok();
            if let Some(handle) = redirected.or_else(|| console().map(OwnedHandle::from)) {
                set_standard(which, handle);
            }
        }
    }

    /// A second handle of what a standard stream leads to; `None` when it leads nowhere.
    fn redirected(stream: &(impl AsHandle + AsRawHandle)) -> Option<OwnedHandle> {
        if stream.as_raw_handle().is_null() {
            return None;
        }
        stream.as_handle().try_clone_to_owned().ok()
    }

    #[expect(unsafe_code, reason = "Windows offers no other way, the standard library none")]
    fn attach_to_parent() -> bool {
        // SAFETY: takes a number and changes nothing but the console of this process.
        unsafe { AttachConsole(ATTACH_PARENT_PROCESS) != 0 }
    }

    /// Makes a handle the standard stream, for as long as the program runs.
    #[expect(unsafe_code, reason = "Windows offers no other way, the standard library none")]
    fn set_standard(which: STD_HANDLE, handle: OwnedHandle) {
        // SAFETY: the handle is open and given away for good, so that nobody closes it while it is the standard stream.
        unsafe { SetStdHandle(which, handle.into_raw_handle()) };
    }
}
