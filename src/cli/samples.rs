//! `hma-trace samples`

use std::fs;
use std::path::Path;

use super::args::SamplesArgs;
use super::failure::Failure;
use super::output;
use crate::report::{Block, Cell, Document, Line, Look};
use crate::training::samples::{SAMPLES, Sample};

pub(super) fn run(arguments: &SamplesArgs) -> Result<u8, Failure> {
    match &arguments.write {
        Some(folder) => write(folder)?,
        None => output::show(&list())?,
    }
    Ok(0)
}

fn list() -> Document {
    let mut page = Document::new("Sample traces");
    let titles = ["File", "What it shows", "Verdict"];
    page.push(Block::Table(
        titles.iter().map(|t| (*t).to_owned()).collect(),
        SAMPLES.iter().map(row).collect(),
    ));
    page.paragraph(Line::new().plain("Write them out with ").code("hma-trace samples --write DIR"));
    page
}

fn row(sample: &Sample) -> Vec<Cell> {
    let verdict = [Some(sample.expected.outcome), sample.expected.step];
    let verdict = verdict.into_iter().flatten().collect::<Vec<_>>().join(", ");
    vec![
        vec![Line::new().look(Look::Strong, sample.file_name)],
        vec![sample.title.into()],
        vec![verdict.into()],
    ]
}

fn write(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::at(format!("cannot make the folder: {error}"), folder))?;
    for sample in SAMPLES {
        output::bytes(Some(&folder.join(sample.file_name)), sample.bytes())?;
    }
    let line = format!("{} sample traces written: {}", SAMPLES.len(), folder.display());
    output::bytes(None, format!("{}\n", crate::report::escape(&line)).as_bytes())
}
