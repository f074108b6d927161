//! A step of a fix: words, and the commands that a person types or pastes.

/// A piece of a step's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Running text.
    Words(&'a str),
    /// A name or a value within it, to be taken literally: a header, a registry path, a cmdlet.
    Code(&'a str),
}

/// A step of a fix, read. In a rule it is one string, ``See the servers: `Get-AuthServer | fl Name` ``: what stands in
/// backticks is code, and code that holds a blank is a command. Commands come last, each in backticks of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixStep<'a> {
    /// What to do.
    pub words: Vec<Piece<'a>>,
    /// What to type for it, in this order.
    pub commands: Vec<&'a str>,
}

impl<'a> FixStep<'a> {
    /// Reads a step. Words between commands are kept, at the end of the others.
    pub fn read(step: &'a str) -> Self {
        let mut read = Self::default();
        for (at, text) in step.split('`').enumerate() {
            let is_code = at % 2 == 1;
            if is_code && text.contains(' ') {
                read.commands.push(text);
            } else if is_code {
                read.words.push(Piece::Code(text));
            } else if read.commands.is_empty() && !text.is_empty() || !text.trim().is_empty() {
                read.words.push(Piece::Words(text));
            }
        }
        if let Some(Piece::Words(last)) = read.words.last_mut() {
            *last = last.trim_end();
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::{FixStep, Piece};

    #[test]
    fn commands_stand_apart_from_words() {
        let step = FixStep::read("Set `Version` and run: `$x = Get-It -All` `iisreset /noforce`");
        assert_eq!(
            step.words,
            [Piece::Words("Set "), Piece::Code("Version"), Piece::Words(" and run:")]
        );
        assert_eq!(step.commands, ["$x = Get-It -All", "iisreset /noforce"]);
    }

    #[test]
    fn names_side_by_side_keep_their_distance() {
        let step = FixStep::read("`EWS` `OAB`");
        assert_eq!(step.words, [Piece::Code("EWS"), Piece::Words(" "), Piece::Code("OAB")]);
    }

    #[test]
    fn whatever_it_holds_nothing_is_lost() {
        let step = FixStep::read("Run `a b`, then `c");
        assert_eq!(step.words, [Piece::Words("Run "), Piece::Words(", then "), Piece::Code("c")]);
        assert_eq!(step.commands, ["a b"]);
        assert_eq!(FixStep::read(""), FixStep::default());
    }
}
