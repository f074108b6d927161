//! `hma-trace compare`

use std::path::Path;

use super::args::CompareArgs;
use super::failure::Failure;
use super::input::Source;
use super::output;
use crate::analysis::Analysis;
use crate::compare::Comparison;
use crate::jwt::Keys;
use crate::report;

pub(super) fn run(arguments: &CompareArgs) -> Result<u8, Failure> {
    if output::is_standard(&arguments.good) && output::is_standard(&arguments.bad) {
        return Err(Failure::new("only one of GOOD and BAD can be standard input"));
    }
    if let Some(out) = &arguments.report.output {
        output::must_differ(out, &[&arguments.good, &arguments.bad])?;
    }
    let analysis = |path: &Path| -> Result<Analysis, Failure> {
        let capture = Source::read(path)?.open(&arguments.password)?;
        Ok(Analysis::of(capture, &Keys::default()))
    };
    let (good, bad) = (analysis(&arguments.good)?, analysis(&arguments.bad)?);
    let comparison = Comparison::of(&good, &bad);
    output::report(&arguments.report, |format, style| {
        report::comparison(&comparison, &good, &bad, format, style)
    })?;
    Ok(0)
}
