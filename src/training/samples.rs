//! The sample traces that come with the program: good and broken flows, compiled in.

pub use super::sample_list::SAMPLES;

use crate::packed::packed;

/// One sample trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its name, shared by the formats of one trace: `healthy-outlook-mapi`.
    pub name: &'static str,
    /// File name with extension: `healthy-outlook-mapi.saz`.
    pub file_name: &'static str,
    /// One line, sentence case, no full stop.
    pub title: &'static str,
    /// What people said before anybody looked at the trace: the start of a lesson. It gives nothing away.
    pub reported: &'static str,
    /// What the trace shows.
    pub about: &'static str,
    /// What a trainer points at.
    pub point_at: &'static str,
    /// What an analysis says about it.
    pub expected: Expected,
}

packed!(FILES, "samples");

impl Sample {
    /// The file itself, a HAR or a SAZ. The first that is asked for unpacks all of them.
    #[must_use]
    pub fn bytes(&self) -> &'static [u8] {
        FILES.file(self.file_name)
    }
}

/// What an analysis of a sample says, in the words of the JSON report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// `healthy`, `broken`, `not-hma` or `not-enough-evidence`.
    pub outcome: &'static str,
    /// The step that failed, when broken.
    pub step: Option<&'static str>,
    /// The rule that says why it is broken; otherwise the one finding the trace is about.
    pub rule: Option<&'static str>,
    /// When broken, the session where it breaks; otherwise the session of the finding, where there is one to point at.
    pub session: Option<u32>,
}

/// The sample of a file name (`spn-missing.saz`) or of a name (`spn-missing`, its first format).
pub fn find(name: &str) -> Option<&'static Sample> {
    SAMPLES
        .iter()
        .find(|sample| sample.file_name == name)
        .or_else(|| SAMPLES.iter().find(|sample| sample.name == name))
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, find};

    #[test]
    fn a_sample_is_found_by_file_name_and_by_name() {
        let har = find("healthy-outlook-mapi.har").unwrap();
        assert!(har.bytes().starts_with(b"{"));
        assert!(find("healthy-outlook-mapi").unwrap().bytes().starts_with(b"PK"));
        assert_eq!(find("nothing"), None);
    }

    #[test]
    fn samples_come_with_the_program_as_they_lie_in_their_folder() {
        for sample in SAMPLES {
            let path = std::path::Path::new("sample-traces").join(sample.file_name);
            assert!(sample.bytes() == std::fs::read(path).unwrap(), "{}", sample.file_name);
        }
    }

    #[test]
    fn broken_samples_say_where_and_why() {
        for sample in SAMPLES {
            let expected = sample.expected;
            let broken = expected.outcome == "broken";
            assert_eq!(broken, expected.step.is_some(), "{}", sample.name);
            assert!(!broken || expected.rule.is_some(), "{}", sample.name);
            assert!(!broken || expected.session.is_some(), "{}", sample.name);
        }
    }
}
