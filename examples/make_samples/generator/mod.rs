//! Definitions in, files out. Nothing here writes to disk, so that the test can compare with what is committed.

mod definition;
mod functions;
mod index;
mod key;
mod mistake;
mod template;
mod trace;

use std::{fs, path::Path};

pub(crate) use mistake::Mistake;

use definition::Definition;

/// Where the definitions stand, from the root of the project.
const DEFINITIONS: &str = "sample-traces/definitions";

/// One file to write.
pub(crate) struct Output {
    /// Path from the root of the project.
    pub(crate) path: String,
    /// Its whole content.
    pub(crate) bytes: Vec<u8>,
}

/// Every generated file: the traces, the table in `README.md` and the list that is compiled in.
pub(crate) fn generate(root: &Path) -> Result<Vec<Output>, Mistake> {
    let folder = root.join(DEFINITIONS);
    let pem = read(&folder.join("sample-key.pem"))?;
    let key = key::SampleKey::from_pem(&pem)?;
    let mut definitions = Vec::new();
    for name in definition_names(&folder)? {
        let text = read(&folder.join(&name))?;
        definitions.push(Definition::read(&name, &text)?);
    }
    definitions.sort_by_key(|d| d.order);

    let mut outputs = Vec::new();
    for definition in &mut definitions {
        let told = template::tell(&folder, &key, definition)?;
        definition.expected.session = told.broken_session;
        definition.sessions = told.sessions;
        for file in &definition.files {
            outputs.push(Output {
                path: format!("sample-traces/{file}"),
                bytes: trace::write(file, &told, definition)?,
            });
        }
    }
    outputs.push(Output {
        path: "sample-traces/README.md".to_owned(),
        bytes: index::readme(&definitions).into_bytes(),
    });
    outputs.push(Output {
        path: "src/training/sample_list.rs".to_owned(),
        bytes: index::rust_list(&definitions).into_bytes(),
    });
    Ok(outputs)
}

fn read(path: &Path) -> Result<String, Mistake> {
    fs::read_to_string(path)
        .map_err(|error| Mistake::new(path.display().to_string(), error.to_string()))
}

/// The definitions in the folder, in the order of their names.
fn definition_names(folder: &Path) -> Result<Vec<String>, Mistake> {
    let entries = fs::read_dir(folder)
        .map_err(|error| Mistake::new(folder.display().to_string(), error.to_string()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "http"))
        .collect();
    names.sort();
    Ok(names)
}
