//! A place in which recorders have been seen to keep secrets, and what is planted there.

use crate::recorded::{Kind, Recorded};
use crate::spelling::Spelling;

/// What the planted value looks like. A detector that goes by looks does not see all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters only, as a weak password.
    Word,
    /// Letters and digits, as tokens and cookies.
    Random,
    /// With characters that every encoding spells differently.
    Wild,
}

impl Shape {
    /// The value of a number. Its letters between `zq` and `planted` say which.
    pub(crate) fn value(self, number: usize) -> String {
        let code = code(number);
        match self {
            Self::Word => format!("Zq{code}Plantedword"),
            Self::Random => format!("Zq{code}Planted7x9Q2v"),
            Self::Wild => format!("Zq{code}planted+/&\"Zq{code}planted<é'9 Zq{code}planted=1"),
        }
    }
}

/// Four letters for a number.
pub(crate) fn code(number: usize) -> String {
    [17_576, 676, 26, 1]
        .iter()
        .map(|unit| char::from(b'a' + u8::try_from(number / unit % 26).unwrap()))
        .collect()
}

/// Puts a value, spelled as it will be, into a session.
pub(crate) type Plant = Box<dyn Fn(&mut Recorded, &str)>;

/// A place.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) spellings: &'static [Spelling],
    /// The only kind of file that has this place.
    pub(crate) only: Option<Kind>,
    pub(crate) plant: Plant,
}

impl Place {
    pub(crate) fn new(
        name: impl Into<String>,
        shape: Shape,
        spellings: &'static [Spelling],
        plant: impl Fn(&mut Recorded, &str) + 'static,
    ) -> Self {
        Self { name: name.into(), shape, spellings, only: None, plant: Box::new(plant) }
    }

    pub(crate) fn only(self, kind: Kind) -> Self {
        Self { only: Some(kind), ..self }
    }
}

/// A place with a spelling and a value that stands nowhere else.
pub(crate) struct Cell<'a> {
    pub(crate) place: &'a Place,
    pub(crate) spelling: Spelling,
    pub(crate) number: usize,
}

impl Cell<'_> {
    pub(crate) fn session(&self) -> Recorded {
        let mut session = Recorded::new();
        session.url = format!("https://mail.contoso.com/{}/", self.number);
        let value = self.place.shape.value(self.number);
        (self.place.plant)(&mut session, &self.spelling.of(&value));
        session
    }

    pub(crate) fn name(&self) -> String {
        format!("{} as {:?}", self.place.name, self.spelling)
    }
}

/// Every place in every of its spellings.
pub(crate) fn cells(places: &[Place]) -> Vec<Cell<'_>> {
    places
        .iter()
        .flat_map(|place| place.spellings.iter().map(move |spelling| (place, *spelling)))
        .enumerate()
        .map(|(number, (place, spelling))| Cell { place, spelling, number })
        .collect()
}
