//! Definitions in, files out. Nothing here writes to disk, so that the test can compare with what is committed.

mod definition;
mod functions;
mod index;
mod key;
mod mistake;
pub(crate) mod template;
pub(crate) mod trace;

use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) use mistake::Mistake;

use definition::Definition;
use template::{Story, Told};

/// Where the definitions stand, from the root of the project.
const DEFINITIONS: &str = "sample-traces/definitions";

/// One file to write.
pub(crate) struct Output {
    /// Path from the root of the project.
    pub(crate) path: String,
    /// Its whole content.
    pub(crate) bytes: Vec<u8>,
}

/// What stories are told with: the fragments, the tokens' claims and the key.
pub(crate) struct Material {
    folder: PathBuf,
    key: key::SampleKey,
}

impl Material {
    /// Finds it from the root of the project.
    pub(crate) fn of(root: &Path) -> Result<Self, Mistake> {
        let folder = root.join(DEFINITIONS);
        let key = key::SampleKey::from_pem(&read(&folder.join("sample-key.pem"))?)?;
        Ok(Self { folder, key })
    }

    /// Tells a story.
    pub(crate) fn tell(&self, story: Story<'_>) -> Result<Told, Mistake> {
        template::tell(&self.folder, &self.key, story)
    }
}

/// Every generated file: the traces, the table in `README.md` and the list that is compiled in.
pub(crate) fn generate(root: &Path) -> Result<Vec<Output>, Mistake> {
    let material = Material::of(root)?;
    let mut definitions = Vec::new();
    for name in definition_names(&material.folder)? {
        let text = read(&material.folder.join(&name))?;
        definitions.push(Definition::read(&name, &text)?);
    }
    definitions.sort_by_key(|d| d.order);

    let mut outputs = Vec::new();
    for definition in &mut definitions {
        let told = material.tell(definition.story())?;
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
