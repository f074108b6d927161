//! Each detector is needed: without it something that was planted survives.

use hma_trace::redact::{Detector, Names, Options};

use crate::matrix::survivors;
use crate::place::cells;
use crate::places;
use crate::recorded::Kind;

/// Detectors of names, which [`crate::names`] proves.
const OF_NAMES: &[Detector] = &[
    Detector::Host,
    Detector::AddressHost,
    Detector::MailAddress,
    Detector::SecurityId,
    Detector::Server,
    Detector::IpAddress,
    Detector::Realm,
    Detector::Tenant,
    Detector::User,
    Detector::Person,
    Detector::Identifier,
    Detector::ActiveSync,
    Detector::PersonalClaim,
    Detector::Elsewhere,
    Detector::ElsewhereEscaped,
    Detector::ElsewhereBase64,
];

#[test]
fn without_any_one_detector_of_secrets_something_survives() {
    let mut places = places::all();
    for place in &mut places {
        place.spellings = &place.spellings[..1];
    }
    let cells = cells(&places);
    let idle: Vec<_> = Detector::ALL
        .into_iter()
        .filter(|detector| !OF_NAMES.contains(detector))
        .filter(|detector| {
            let options = Options { names: Names::Keep, without: Some(*detector) };
            [Kind::Har, Kind::Saz]
                .into_iter()
                .all(|kind| survivors(&cells, kind, kind, options, 2).is_empty())
        })
        .collect();
    assert!(idle.is_empty(), "without these nothing survives: {idle:?}");
}
