//! The template layer: directives, variables and relative times become plain raw-text notation.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Mistake, functions, key::SampleKey};

/// A story told to its end.
pub(crate) struct Told {
    /// The sessions in raw-text notation.
    pub(crate) text: String,
    /// How many there are.
    pub(crate) sessions: usize,
    /// Number of the session marked `BREAK`.
    pub(crate) broken_session: Option<u32>,
}

/// A story in template notation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story<'a> {
    /// Name of its file, for mistakes.
    pub(crate) source: &'a str,
    /// Line of the file at which it begins, from 1.
    pub(crate) first_line: usize,
    /// The sessions.
    pub(crate) text: &'a str,
}

/// Tells a story; `folder` holds the fragments.
pub(crate) fn tell(folder: &Path, key: &SampleKey, story: Story<'_>) -> Result<Told, Mistake> {
    let mut teller = Teller {
        folder,
        key,
        variables: BTreeMap::new(),
        now: DateTime::UNIX_EPOCH,
        took: TimeDelta::zero(),
        number: 0,
        broken_session: None,
        text: String::new(),
    };
    teller.lines(story.source, story.first_line, story.text)?;
    Ok(Told {
        text: teller.text,
        sessions: teller.number as usize,
        broken_session: teller.broken_session,
    })
}

struct Teller<'a> {
    folder: &'a Path,
    key: &'a SampleKey,
    variables: BTreeMap<String, String>,
    /// Start of the present session.
    now: DateTime<Utc>,
    /// Duration of the present session.
    took: TimeDelta,
    number: u32,
    broken_session: Option<u32>,
    text: String,
}

impl Teller<'_> {
    fn lines(&mut self, file: &str, first_line: usize, text: &str) -> Result<(), Mistake> {
        for (index, line) in text.lines().enumerate() {
            self.line(line).map_err(|wrong| match wrong {
                Wrong::Here(message) => {
                    Mistake::new(format!("{file}:{}", first_line + index), message)
                }
                Wrong::Inside(mistake) => mistake,
            })?;
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> Result<(), Wrong> {
        if line.starts_with("# ") || line == "#" {
            return Ok(());
        }
        if let Some(rest) = line.strip_prefix("@include ") {
            return self.include(rest);
        }
        if let Some(rest) = line.strip_prefix("@set ") {
            let (name, value) = rest.split_once('=').ok_or("`@set name = value`")?;
            let name = self.expand(name.trim())?;
            let value = self.expand(value.trim())?;
            return self.set(name, value);
        }
        if let Some(rest) = line.strip_prefix("###") {
            let rest = self.expand(rest)?;
            return self.session(&rest);
        }
        let line = self.expand(line)?;
        self.text.push_str(&line);
        self.text.push('\n');
        Ok(())
    }

    /// `@include file name=value …`: the values hold inside the file only.
    fn include(&mut self, words: &str) -> Result<(), Wrong> {
        let words = self.expand(words)?;
        let mut words = words.split_whitespace();
        let file = words.next().ok_or("`@include file`")?;
        let text = self.read(file)?;
        let outside = self.with(words)?;
        self.lines(file, 1, &text).map_err(Wrong::Inside)?;
        self.leave(outside);
        Ok(())
    }

    /// `### after 310ms took 42ms outlook.exe:11832 BREAK // comment`.
    fn session(&mut self, header: &str) -> Result<(), Wrong> {
        let (words, comment) = header.split_once("//").unwrap_or((header, ""));
        let mut words = words.split_whitespace();
        let mut process = "";
        self.took = TimeDelta::milliseconds(35);
        self.number += 1;
        while let Some(word) = words.next() {
            let mut duration = || {
                words
                    .next()
                    .and_then(functions::duration)
                    .ok_or_else(|| format!("`{word}` needs a duration such as 310ms"))
            };
            match word {
                "after" => self.now += duration()?,
                "took" => self.took = duration()?,
                "BREAK" => self.broken_session = Some(self.number),
                _ if word.contains(':') => process = word,
                _ => return Err(format!("a session line has no word `{word}`").into()),
            }
        }
        let start =
            functions::time("instant", TimeDelta::zero(), self.now, self.now).unwrap_or_default();
        let took = self.took.num_milliseconds();
        let _ = writeln!(self.text, "### {start} +{took}ms {process} //{comment}");
        Ok(())
    }

    /// Sets a variable; `start` also sets the clock.
    fn set(&mut self, name: String, value: String) -> Result<(), Wrong> {
        if name == "start" {
            self.now = DateTime::parse_from_rfc3339(&value)
                .map_err(|error| format!("`start`: {error}"))?
                .to_utc();
        }
        self.variables.insert(name, value);
        Ok(())
    }

    /// Sets `name=value` words and returns what stood there before.
    fn with<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> Result<Outside, Wrong> {
        let mut outside = Vec::new();
        for word in words {
            let (name, value) =
                word.split_once('=').ok_or_else(|| format!("`{word}` is not name=value"))?;
            let before = self.variables.insert(name.to_owned(), value.to_owned());
            outside.push((name.to_owned(), before));
        }
        Ok(outside)
    }

    fn leave(&mut self, outside: Outside) {
        for (name, before) in outside.into_iter().rev() {
            match before {
                Some(value) => self.variables.insert(name, value),
                None => self.variables.remove(&name),
            };
        }
    }

    fn read(&self, file: &str) -> Result<String, Wrong> {
        fs::read_to_string(self.folder.join(file))
            .map_err(|error| format!("{file}: {error}").into())
    }

    /// Replaces every `{{…}}`, the innermost first.
    fn expand(&self, text: &str) -> Result<String, Wrong> {
        let mut text = text.to_owned();
        let mut from = 0;
        while let Some((head, tail)) = text
            .get(from..)
            .and_then(|rest| rest.find("}}"))
            .and_then(|at| text.split_at_checked(from + at))
        {
            // Closing braces of JSON that open nothing of ours stay as they are.
            let Some((before, expression)) = head.rsplit_once("{{") else {
                from = head.len() + 1;
                continue;
            };
            let value = self.evaluate(expression.trim())?;
            let after = tail.strip_prefix("}}").unwrap_or_default();
            from = before.len() + value.len();
            text = format!("{before}{value}{after}");
        }
        Ok(text)
    }

    /// The value of a variable or a function.
    fn evaluate(&self, expression: &str) -> Result<String, Wrong> {
        if let Some(value) = self.variables.get(expression) {
            return Ok(value.clone());
        }
        let (name, rest) = expression.split_once(' ').unwrap_or((expression, ""));
        let rest = rest.trim();
        // `#` makes a name the present session's own.
        let own = || rest.replace('#', &self.number.to_string());
        let sized = |make: fn(usize, &str) -> String| {
            let own = own();
            let (length, words) = own.split_once(' ').ok_or("needs a length and a name")?;
            let length = length.parse().map_err(|error| format!("`{length}`: {error}"))?;
            Ok(make(length, words))
        };
        match name {
            "guid" => Ok(functions::guid(&own())),
            "hex" => sized(functions::hex),
            "secret" => sized(functions::secret),
            "basic" | "base64" => Ok(functions::base64(rest)),
            "url" => Ok(functions::percent(rest)),
            "key-set" => self.key.key_set().map_err(Wrong::Inside),
            "token" => self.token(rest),
            _ => {
                let shift = if rest.is_empty() {
                    TimeDelta::zero()
                } else {
                    functions::duration(rest).ok_or("the shift is a duration such as -5m")?
                };
                let shift = shift + self.clock()?;
                functions::time(name, shift, self.now, self.now + self.took)
                    .ok_or_else(|| format!("nothing is called `{name}`").into())
            }
        }
    }

    /// How far the clocks of the servers are from the recorder's, which goes right in most stories.
    fn clock(&self) -> Result<TimeDelta, Wrong> {
        match self.variables.get("clock") {
            Some(word) => Ok(functions::duration(word).ok_or("`clock` is a duration such as -5m")?),
            None => Ok(TimeDelta::zero()),
        }
    }

    /// `{{token access aud=https://mail.contoso.com/}}`: the claims of `tokens/access.json`, signed.
    fn token(&self, words: &str) -> Result<String, Wrong> {
        let mut words = words.split_whitespace();
        let name = words.next().ok_or("`token` needs a name")?;
        let file = format!("tokens/{name}.json");
        let mut inside = Self { variables: self.variables.clone(), text: String::new(), ..*self };
        inside.with(words)?;
        let claims = inside.expand(&inside.read(&file)?)?;
        let claims = serde_json::from_str(&claims).map_err(|error| format!("{file}: {error}"))?;
        self.key.sign(&claims).map_err(Wrong::Inside)
    }
}

/// Variables as they stood before `name=value` words.
type Outside = Vec<(String, Option<String>)>;

/// A mistake in the present line, or one that already knows its place.
enum Wrong {
    Here(String),
    Inside(Mistake),
}

impl From<String> for Wrong {
    fn from(message: String) -> Self {
        Self::Here(message)
    }
}

impl From<&str> for Wrong {
    fn from(message: &str) -> Self {
        Self::Here(message.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{DEFINITIONS, Mistake};
    use super::{SampleKey, Story, Told, tell};

    fn told(story: &str) -> Result<Told, Mistake> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(DEFINITIONS);
        let pem = std::fs::read_to_string(folder.join("sample-key.pem")).unwrap();
        let story = Story { source: "a.http", first_line: 8, text: story };
        tell(&folder, &SampleKey::from_pem(&pem).unwrap(), story)
    }

    #[test]
    fn times_are_relative_and_one_session_is_the_break() {
        let told = told(
            "@set start = 2026-03-02T09:00:00Z\n### took 20ms a.exe:1 // one\nGET https://a/ HTTP/1.1\n\
             # a remark\n### after 1.5s BREAK // two\nGET https://b/ HTTP/1.1\n",
        )
        .unwrap();
        assert_eq!(
            told.text,
            "### 2026-03-02T09:00:00.000Z +20ms a.exe:1 // one\nGET https://a/ HTTP/1.1\n\
             ### 2026-03-02T09:00:01.500Z +35ms  // two\nGET https://b/ HTTP/1.1\n"
        );
        assert_eq!((told.sessions, told.broken_session), (2, Some(2)));
    }

    #[test]
    fn a_wrong_clock_moves_what_servers_write_and_not_what_is_recorded() {
        let told = told(
            "@set start = 2026-03-02T09:00:00Z\n@set clock = -20m\n### took 20ms // one\n{{unix}} {{instant 1m}}\n",
        );
        assert_eq!(
            told.unwrap().text,
            "### 2026-03-02T09:00:00.000Z +20ms  // one\n1772440800 2026-03-02T08:41:00.000Z\n"
        );
    }

    #[test]
    fn values_nest_and_the_braces_of_json_stay() {
        let told = told("@set a = x y\n{\"j\":{\"k\":\"{{url {{a}}}}\",\"l\":{}}}\n").unwrap();
        assert_eq!(told.text, "{\"j\":{\"k\":\"x%20y\",\"l\":{}}}\n");
    }

    #[test]
    fn the_values_of_an_include_end_with_it() {
        let told = told(
            "@set authorization = outside\n@set user = u\n@set agent = g\n@set autodiscover = a\n\
             @include fragments/autodiscover-post.http authorization=Bearer\n{{authorization}}\n",
        );
        let text = told.unwrap().text;
        assert!(
            text.contains("\nAuthorization: Bearer\n") && text.ends_with("\noutside\n"),
            "{text}"
        );
    }

    #[test]
    fn a_mistake_says_where_it_is() {
        let place = |story| told(story).err().map(|mistake| mistake.to_string());
        assert_eq!(
            place("a\n{{nobody}}\n").as_deref(),
            Some("a.http:9: nothing is called `nobody`")
        );
        assert_eq!(
            place("### soon\n").as_deref(),
            Some("a.http:8: a session line has no word `soon`")
        );
        assert!(place("@include fragments/none.http\n").unwrap().starts_with("a.http:8: "));
        // Inside a fragment the fragment's own line is told.
        assert!(
            place("@include fragments/ews.http\n").unwrap().starts_with("fragments/ews.http:1: ")
        );
    }
}
