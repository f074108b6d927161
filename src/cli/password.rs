//! The password of an encrypted SAZ: from a file, from the environment, or asked for. Never an argument: other users of
//! the machine can read those.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use super::args::PasswordArgs;
use super::failure::Failure;
use super::input;
use crate::http::Secret;

const VARIABLE: &str = "HMA_TRACE_PASSWORD";

/// The password that the user gave beforehand.
pub(super) fn given(arguments: &PasswordArgs) -> Result<Option<Secret>, Failure> {
    if let Some(path) = &arguments.password_file {
        let text = input::read_text(path)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        return Ok(Some(Secret::new(line.strip_suffix('\r').unwrap_or(line))));
    }
    match std::env::var(VARIABLE) {
        Ok(password) => Ok(Some(Secret::new(password))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::new(format!("the password in {VARIABLE} is not valid UTF-8")))
        }
    }
}

/// Asks for the password on a terminal; `None` when there is nobody to ask.
pub(super) fn asked(path: &Path) -> Option<Secret> {
    if !io::stderr().is_terminal() || (path.as_os_str() != "-" && !io::stdin().is_terminal()) {
        return None;
    }
    rpassword::prompt_password("Password of the encrypted SAZ: ").ok().map(Secret::new)
}

/// What to do when there is no password.
pub(super) const HINT: &str = "give it by --password-file FILE or in HMA_TRACE_PASSWORD";
