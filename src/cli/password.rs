//! The password of an encrypted SAZ, read or to be written: from a file, from the environment, or asked for. Never an
//! argument: other users of the machine can read those.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use super::args::{EncryptArgs, PasswordArgs};
use super::failure::Failure;
use super::input;
use crate::http::Secret;

const VARIABLE: &str = "HMA_TRACE_PASSWORD";
const NEW_VARIABLE: &str = "HMA_TRACE_ENCRYPT_PASSWORD";

/// The password that the user gave beforehand.
pub(super) fn given(arguments: &PasswordArgs) -> Result<Option<Secret>, Failure> {
    from_file_or_variable(arguments.password_file.as_deref(), VARIABLE)
}

/// The password for a file that is to be encrypted; `None` when none is wanted.
pub(super) fn for_output(arguments: &EncryptArgs) -> Result<Option<Secret>, Failure> {
    if !arguments.encrypt {
        return Ok(None);
    }
    let file = arguments.encrypt_password_file.as_deref();
    let password = match from_file_or_variable(file, NEW_VARIABLE)? {
        Some(password) => Some(password),
        None => asked_twice()?,
    };
    match password {
        Some(password) if !password.is_empty() => Ok(Some(password)),
        _ => Err(Failure::new(format!(
            "no password to encrypt with; give it by --encrypt-password-file FILE or in {NEW_VARIABLE}"
        ))),
    }
}

fn asked_twice() -> Result<Option<Secret>, Failure> {
    if !io::stderr().is_terminal() || !io::stdin().is_terminal() {
        return Ok(None);
    }
    let ask = |prompt| rpassword::prompt_password(prompt).ok().map(Secret::new);
    let first = ask("Password for the new SAZ: ");
    if first == ask("Once more: ") {
        Ok(first)
    } else {
        Err(Failure::new("the two passwords differ"))
    }
}

fn from_file_or_variable(file: Option<&Path>, variable: &str) -> Result<Option<Secret>, Failure> {
    if let Some(path) = file {
        let text = input::read_text(path)?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        return Ok(Some(Secret::new(line.strip_suffix('\r').unwrap_or(line))));
    }
    match std::env::var(variable) {
        Ok(password) => Ok(Some(Secret::new(password))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(Failure::new(format!("the password in {variable} is not valid UTF-8")))
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
