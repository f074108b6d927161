//! Where secrets live.

mod addresses;
mod bodies;
mod headers;
mod pages;
mod recorders;
mod tokens;

use crate::place::Place;

pub(crate) fn all() -> Vec<Place> {
    [
        headers::places(),
        addresses::places(),
        bodies::places(),
        pages::places(),
        tokens::places(),
        recorders::places(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
