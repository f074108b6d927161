//! `hma-trace analyze`

use super::args::{AnalyzeArgs, FailOn};
use super::failure::Failure;
use super::input::{self, Source};
use super::{FINDINGS, output};
use crate::analysis::Analysis;
use crate::flow::Outcome;
use crate::report;
use crate::rules::Severity;

pub(super) fn run(arguments: &AnalyzeArgs) -> Result<u8, Failure> {
    if let Some(out) = &arguments.report.output {
        output::must_differ(out, &[&arguments.file])?;
    }
    let keys = input::keys(arguments.keys.as_deref())?;
    let capture = Source::read(&arguments.file)?.open(&arguments.password)?;
    let analysis = Analysis::of(capture, &keys);
    output::report(&arguments.report, |format, style| report::analysis(&analysis, format, style))?;
    let code = if fails(&analysis, arguments.fail_on) { FINDINGS } else { 0 };
    // The process ends here; giving the memory of a large capture back piece by piece would only take time.
    std::mem::forget(analysis);
    Ok(code)
}

fn fails(analysis: &Analysis, fail_on: FailOn) -> bool {
    let least = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Never => return false,
    };
    // A flow that broke for a reason no rule knows is as bad as an error.
    analysis.worst() >= Some(least) || analysis.verdict.outcome == Outcome::Broken
}
