//! `hma-trace redact`

use std::path::Path;

use super::args::RedactArgs;
use super::failure::Failure;
use super::input::{Source, with_progress};
use super::{output, password};
use crate::analysis::Conclusion;
use crate::capture::{Capture, Format};
use crate::export::{Order, Output, RedactError, redact_to_bytes, redact_to_file};
use crate::import::Progress;
use crate::jwt::Keys;
use crate::redact::{Judgement, Options, Receipt};
use crate::report;

pub(super) fn run(arguments: &RedactArgs) -> Result<u8, Failure> {
    let out = arguments.output.as_path();
    output::must_differ(out, &[&arguments.file])?;
    if let Some(receipt) = &arguments.receipt {
        output::must_differ(receipt, &[&arguments.file, out])?;
    }
    let asked = format_of(out)?;
    let password = password::for_output(&arguments.encrypt)?;
    let source = Source::read(&arguments.file)?;
    let capture = source.open(&arguments.password)?;
    let digest = source.sha256()?;
    let order = Order {
        input_sha256: &digest,
        options: Options { names: arguments.names.into(), ..Options::default() },
        output: Output { format: asked.unwrap_or(capture.format), password: password.as_ref() },
        judge: &judge,
        judged: None,
    };
    let receipt = with_progress(|progress| write(capture, order, arguments, progress))?;
    if let Some(path) = &arguments.receipt {
        output::bytes(Some(path), report::json_text(&receipt).as_bytes())?;
    }
    let receipt_shown = arguments.receipt.as_deref().is_some_and(output::is_standard);
    if !output::is_standard(out) && !receipt_shown {
        output::bytes(None, summary(&receipt, out).as_bytes())?;
    }
    Ok(0)
}

/// Writes the copy to its file, or to standard output.
fn write(
    capture: Capture,
    order: Order<'_>,
    arguments: &RedactArgs,
    progress: &Progress<'_>,
) -> Result<Receipt, Failure> {
    let out = arguments.output.as_path();
    let failure = |error: RedactError| match error {
        RedactError::Output(_) => Failure::at(error, out),
        _ => Failure::at(error, &arguments.file),
    };
    if !output::is_standard(out) {
        return redact_to_file(capture, order, out, progress).map_err(failure);
    }
    let Order { input_sha256, options, output, judge, .. } = order;
    let (bytes, receipt) =
        redact_to_bytes(&capture, input_sha256, options, output, judge, progress)
            .map_err(failure)?;
    output::bytes(None, &bytes)?;
    Ok(receipt)
}

/// The format that a file name asks for; `None` where the name says nothing because nothing gets that name.
fn format_of(out: &Path) -> Result<Option<Format>, Failure> {
    let extension = out.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "har" => Ok(Some(Format::Har)),
        "saz" => Ok(Some(Format::Saz)),
        _ if output::is_standard(out) || out.metadata().is_ok_and(|meta| !meta.is_file()) => {
            Ok(None)
        }
        _ => Err(Failure::at("the output's name must end in .har or .saz", out)),
    }
}

fn judge(capture: &Capture) -> Judgement {
    let conclusion = Conclusion::of(capture, &Keys::default());
    Judgement { verdict: conclusion.verdict.key(), findings: conclusion.lasting_findings() }
}

fn summary(receipt: &Receipt, out: &Path) -> String {
    let removed: usize = receipt.removed.iter().map(|kind| kind.count).sum();
    let line = format!(
        "{} sessions written, {removed} secrets removed, {} names replaced, none found again: {}",
        receipt.sessions_out,
        receipt.pseudonyms,
        out.display()
    );
    let look = match receipt.look_at.texts.len() + receipt.look_at.more {
        0 => String::new(),
        1 => "One text looks random and stayed".to_owned(),
        n => format!("{n} texts look random and stayed"),
    };
    let look = if look.is_empty() {
        look
    } else {
        format!("{look}: have a look at them, the receipt says where they stand\n")
    };
    format!("{}\n{look}", report::escape(&line))
}
