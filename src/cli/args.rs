//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::redact::Names;
use crate::report;

/// Says where a captured Hybrid Modern Authentication flow broke, proves it, and tells how to fix it.
#[derive(Debug, Parser)]
#[command(name = "hma-trace", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// Captures (HAR, SAZ) to open in the window
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

const EXIT_CODES: &str =
    "Exit codes: 0 done, nothing found at or above --fail-on; 1 findings; 2 could not do it";

const PASSWORD_FILE: &str =
    "File with the password of an encrypted SAZ; otherwise HMA_TRACE_PASSWORD, or a prompt";

const ENCRYPT: &str = "Encrypt the SAZ (AES-256); password from --encrypt-password-file, \
    HMA_TRACE_ENCRYPT_PASSWORD, or a prompt";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say where the flow broke, prove it, tell how to fix it
    #[command(after_help = EXIT_CODES)]
    Analyze(AnalyzeArgs),
    /// Write a copy without secrets
    Redact(RedactArgs),
    /// Find where a bad capture parts from a good one
    Compare(CompareArgs),
    /// Decode one token (JWT) and say what it means
    Token(TokenArgs),
    /// Explain a rule, an AADSTS code, an x-ms-diagnostics code, a claim or an app id
    Explain(ExplainArgs),
    /// List the built-in sample traces or write them out
    Samples(SamplesArgs),
}

#[derive(Debug, Args)]
pub(super) struct AnalyzeArgs {
    /// Capture to read (HAR, SAZ, the folder of an unpacked SAZ, or HTTP text); - reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) report: ReportArgs,
    /// Least severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub(super) fail_on: FailOn,
    /// Issuers' public keys (a JSON Web Key Set) to check signatures with
    #[arg(long, value_name = "JWKS.json")]
    pub(super) keys: Option<PathBuf>,
    #[command(flatten)]
    pub(super) password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(super) struct RedactArgs {
    /// Capture to read; - reads standard input
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// Where to write: .har or .saz; - writes to standard output in the format of FILE
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: PathBuf,
    /// Where to write what was removed and how that was proven (JSON)
    #[arg(long, value_name = "OUT.json")]
    pub(super) receipt: Option<PathBuf>,
    /// What to do with names of people, machines and organisations
    #[arg(long, value_enum, value_name = "HOW", default_value_t = NamesArg::Pseudonymize)]
    pub(super) names: NamesArg,
    #[command(flatten)]
    pub(super) encrypt: EncryptArgs,
    #[command(flatten)]
    pub(super) password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Capture in which sign-in works
    #[arg(value_name = "GOOD")]
    pub(super) good: PathBuf,
    /// Capture in which it does not
    #[arg(value_name = "BAD")]
    pub(super) bad: PathBuf,
    #[command(flatten)]
    pub(super) report: ReportArgs,
    #[command(flatten)]
    pub(super) password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(super) struct TokenArgs {
    /// The token; - or nothing reads standard input, which keeps it out of the shell's history
    #[arg(value_name = "TOKEN")]
    pub(super) token: Option<String>,
    /// Issuers' public keys (a JSON Web Key Set) to check the signature with
    #[arg(long, value_name = "JWKS.json")]
    pub(super) keys: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// A rule id, AADSTS50173 or 50173, 2000003, a claim (aud), an app id, an OAuth error
    #[arg(value_name = "WORD")]
    pub(super) word: String,
}

#[derive(Debug, Args)]
pub(super) struct SamplesArgs {
    /// Folder to write the sample traces to; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub(super) write: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// How the report is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    pub(super) format: Format,
    /// Where to write the report instead of standard output
    #[arg(short, long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(super) struct PasswordArgs {
    #[arg(long, value_name = "FILE", help = PASSWORD_FILE)]
    pub(super) password_file: Option<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(super) struct EncryptArgs {
    #[arg(long, help = ENCRYPT)]
    pub(super) encrypt: bool,
    /// File with the password to encrypt with
    #[arg(long, value_name = "FILE", requires = "encrypt")]
    pub(super) encrypt_password_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
    Markdown,
    Html,
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
            Format::Markdown => Self::Markdown,
            Format::Html => Self::Html,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum NamesArg {
    /// They stay
    Keep,
    /// The same name gets the same made-up name everywhere
    Pseudonymize,
}

impl From<NamesArg> for Names {
    fn from(names: NamesArg) -> Self {
        match names {
            NamesArg::Keep => Self::Keep,
            NamesArg::Pseudonymize => Self::Pseudonymize,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::CommandFactory as _;

    #[test]
    fn the_words_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }
}
