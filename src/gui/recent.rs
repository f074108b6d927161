//! The files opened last. Only their paths are remembered, never anything of their content.

use std::path::{Path, PathBuf};

/// How many files are remembered.
const LONGEST: usize = 8;

/// The files opened last, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Recent(Vec<PathBuf>);

impl Recent {
    /// Reads what [`Recent::to_text`] wrote.
    pub(super) fn of_text(text: &str) -> Self {
        Self(
            serde_json::from_str::<Vec<PathBuf>>(text)
                .unwrap_or_default()
                .into_iter()
                .take(LONGEST)
                .collect(),
        )
    }

    /// The list as text to be kept.
    pub(super) fn to_text(&self) -> String {
        // A path that is not Unicode cannot be kept; the others can.
        let paths: Vec<&str> = self.0.iter().filter_map(|p| p.to_str()).collect();
        serde_json::to_string(&paths).unwrap_or_default()
    }

    /// Puts a file first.
    pub(super) fn add(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.forget(&path);
        self.0.insert(0, path);
        self.0.truncate(LONGEST);
    }

    /// Drops a file.
    pub(super) fn forget(&mut self, path: &Path) {
        self.0.retain(|p| p != path);
    }

    /// Drops all files.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The files, the newest first.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Recent;

    #[test]
    fn the_newest_is_first_and_nothing_twice() {
        let mut recent = Recent::default();
        for name in ["/a.saz", "/b.har", "/a.saz"] {
            recent.add(Path::new(name));
        }
        assert_eq!(recent.paths().len(), 2);
        assert!(recent.paths()[0].ends_with("a.saz"));
        assert_eq!(Recent::of_text(&recent.to_text()), recent);
        assert_eq!(Recent::of_text("garbage"), Recent::default());
    }

    #[test]
    fn the_list_stays_short() {
        let mut recent = Recent::default();
        for n in 0..20 {
            recent.add(Path::new(&format!("/{n}.saz")));
        }
        assert_eq!(recent.paths().len(), 8);
    }
}
