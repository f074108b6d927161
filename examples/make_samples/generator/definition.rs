//! One definition: what its front matter says, and the story that follows.

use super::{Mistake, template::Story};

/// What an analysis of the trace should say.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// `healthy`, `broken`, `not-hma` or `not-enough-evidence`.
    pub(crate) outcome: String,
    /// The step that failed.
    pub(crate) step: Option<String>,
    /// The rule that says why, or the one finding the trace is about.
    pub(crate) rule: Option<String>,
    /// The session marked `BREAK`.
    pub(crate) session: Option<u32>,
}

/// One sample trace, as its definition describes it.
#[derive(Debug)]
pub(crate) struct Definition {
    /// File name of the definition.
    pub(crate) source: String,
    /// The sample's name: the definition's file name without extension.
    pub(crate) name: String,
    /// Place in lists.
    pub(crate) order: u32,
    /// One line for a person.
    pub(crate) title: String,
    /// What people said before anybody looked at the trace. It gives nothing away.
    pub(crate) reported: String,
    /// What the trace shows, one sentence.
    pub(crate) shows: String,
    /// What a trainer points at, one sentence.
    pub(crate) point_at: String,
    /// Names of the trace files to write; the extension is the format.
    pub(crate) files: Vec<String>,
    /// Header fields that the recorder left out everywhere.
    pub(crate) without: Vec<String>,
    /// What an analysis should say.
    pub(crate) expected: Expected,
    /// Number of sessions, known once the story is told.
    pub(crate) sessions: usize,
    /// The sessions in template notation.
    pub(crate) story: String,
    /// Line of the file at which the story begins, from 1.
    pub(crate) story_line: usize,
}

impl Definition {
    /// The story, with its place in the file.
    pub(crate) fn story(&self) -> Story<'_> {
        Story { source: &self.source, first_line: self.story_line, text: &self.story }
    }

    /// Reads a definition: `key: value` lines between two `---` lines, then the story.
    pub(crate) fn read(source: &str, text: &str) -> Result<Self, Mistake> {
        let wrong = |message: &str| Mistake::new(source, message);
        let front_and_story =
            text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        let (front, story) = front_and_story
            .ok_or_else(|| wrong("begins with front matter between two `---` lines"))?;
        let mut definition = Self {
            source: source.to_owned(),
            name: source.trim_end_matches(".http").to_owned(),
            order: u32::MAX,
            title: String::new(),
            reported: String::new(),
            shows: String::new(),
            point_at: String::new(),
            files: Vec::new(),
            without: Vec::new(),
            expected: Expected::default(),
            sessions: 0,
            story: story.to_owned(),
            story_line: front.lines().count() + 3,
        };
        for line in front.lines() {
            let (key, value) =
                line.split_once(':').ok_or_else(|| wrong("front matter is `key: value`"))?;
            let value = value.trim();
            let words = || value.split_whitespace().map(str::to_owned).collect();
            match key.trim() {
                "order" => {
                    definition.order =
                        value.parse().map_err(|error| wrong(&format!("`order`: {error}")))?;
                }
                "title" => value.clone_into(&mut definition.title),
                "reported" => value.clone_into(&mut definition.reported),
                "shows" => value.clone_into(&mut definition.shows),
                "point-at" => value.clone_into(&mut definition.point_at),
                "files" => definition.files = words(),
                "without" => definition.without = words(),
                "outcome" => value.clone_into(&mut definition.expected.outcome),
                "step" => definition.expected.step = Some(value.to_owned()),
                "rule" => definition.expected.rule = Some(value.to_owned()),
                other => return Err(wrong(&format!("front matter has no key `{other}`"))),
            }
        }
        let Self { title, reported, shows, point_at, .. } = &definition;
        let complete = ![title, reported, shows, point_at].into_iter().any(String::is_empty);
        let outcomes = ["healthy", "broken", "not-hma", "not-enough-evidence"];
        if !complete
            || definition.files.is_empty()
            || !outcomes.contains(&definition.expected.outcome.as_str())
        {
            return Err(wrong(
                "front matter needs title, reported, shows, point-at, files and outcome",
            ));
        }
        Ok(definition)
    }
}
