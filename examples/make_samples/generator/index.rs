//! The lists of samples: the table for people, and the one that is compiled in.

use std::fmt::Write as _;

use super::definition::{Definition, Expected};

const README_HEAD: &str = "\
# Sample traces

Good and broken flows to learn from, to try the program on and to test it with. Nobody recorded them: a generator wrote
them from the definitions in [`definitions`](definitions), which are texts a person can read
([how they are written](definitions/NOTATION.md)). The company is contoso.com, the user Kim Akers does not exist, the
passwords, cookies and tokens are invented and say so (`Sample-…`), and the tokens are signed by a throw-away key whose
public half is in the traces' own key set answers.

`cargo run --example make_samples` writes the traces, this file and `src/training/sample_list.rs`;
`cargo test --test samples` checks that they are fresh.

The session is the one to look at: where a broken flow breaks, or where the finding is.

| file | sessions | shows | outcome | step | rule | session |
| --- | --- | --- | --- | --- | --- | --- |
";

const RUST_HEAD: &str = "\
//! The sample traces compiled in. Written by `examples/make_samples` from `sample-traces/definitions`; do not edit.

use super::samples::{Expected, Sample};

/// Every sample trace, in the order in which to show them.
pub static SAMPLES: &[Sample] = &[
";

/// `sample-traces/README.md`.
pub(crate) fn readme(definitions: &[Definition]) -> String {
    let mut text = README_HEAD.to_owned();
    for definition in definitions {
        let expected = &definition.expected;
        let code = |word: &Option<String>| {
            word.as_ref().map_or_else(|| "–".to_owned(), |word| format!("`{word}`"))
        };
        for file in &definition.files {
            let _ = writeln!(
                text,
                "| [`{file}`]({file}) | {} | **{}.** {} | {} | {} | {} | {} |",
                definition.sessions,
                definition.title,
                definition.shows,
                expected.outcome,
                code(&expected.step),
                code(&expected.rule),
                expected.session.map_or_else(|| "–".to_owned(), |session| session.to_string()),
            );
        }
    }
    text
}

/// `src/training/sample_list.rs`.
pub(crate) fn rust_list(definitions: &[Definition]) -> String {
    let mut text = RUST_HEAD.to_owned();
    for definition in definitions {
        for file in &definition.files {
            let _ = write!(
                text,
                "    Sample {{
        name: {:?},
        file_name: {file:?},
        title: {:?},
        reported: {:?},
        about: {:?},
        point_at: {:?},
{}
    }},
",
                definition.name,
                definition.title,
                definition.reported,
                definition.shows,
                definition.point_at,
                rust_expected(&definition.expected),
            );
        }
    }
    text.push_str("];\n");
    text
}

/// The field as rustfmt lays it out: on one line if it fits.
fn rust_expected(expected: &Expected) -> String {
    let fields = [
        format!("outcome: {:?}", expected.outcome),
        format!("step: {:?}", expected.step),
        format!("rule: {:?}", expected.rule),
        format!("session: {:?}", expected.session),
    ];
    let line = format!("        expected: Expected {{ {} }},", fields.join(", "));
    if line.len() <= 100 {
        return line;
    }
    let indent = "            ";
    format!(
        "        expected: Expected {{\n{indent}{},\n        }},",
        fields.join(&format!(",\n{indent}"))
    )
}
