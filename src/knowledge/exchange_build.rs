//! Exchange's build numbers, as `X-OWA-Version` tells them, and what each build can do of modern authentication.

use std::fmt;

use super::Source;

const LIST: Source = Source::confirmed(
    "microsoft/CSS-Exchange: Get-ExchangeBuildVersionInformation.ps1; Microsoft Learn: Exchange Server build numbers \
        and release dates",
);

/// A cumulative update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Second number of its builds: 0 is 2013, 1 is 2016, 2 is 2019 and Subscription Edition.
    pub minor: u16,
    /// Third number of its builds; the fourth counts its security and hotfix updates.
    pub build: u16,
    /// `Exchange Server 2019`
    pub product: &'static str,
    /// `CU14`
    pub update: &'static str,
    /// Year and month of release.
    pub released: &'static str,
}

/// A build number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeBuild {
    /// The four numbers.
    pub version: [u16; 4],
    /// The cumulative update that it belongs to, if the list has it.
    pub release: Option<&'static Release>,
}

const fn row(
    minor: u16,
    build: u16,
    product: &'static str,
    update: &'static str,
    released: &'static str,
) -> Release {
    Release { minor, build, product, update, released }
}

/// Sorted by number.
const RELEASES: &[Release] = &[
    row(0, 516, "Exchange Server 2013", "RTM", "2012-12"),
    row(0, 620, "Exchange Server 2013", "CU1", "2013-04"),
    row(0, 712, "Exchange Server 2013", "CU2", "2013-07"),
    row(0, 775, "Exchange Server 2013", "CU3", "2013-11"),
    row(0, 847, "Exchange Server 2013", "SP1 (CU4)", "2014-02"),
    row(0, 913, "Exchange Server 2013", "CU5", "2014-05"),
    row(0, 995, "Exchange Server 2013", "CU6", "2014-08"),
    row(0, 1044, "Exchange Server 2013", "CU7", "2014-12"),
    row(0, 1076, "Exchange Server 2013", "CU8", "2015-03"),
    row(0, 1104, "Exchange Server 2013", "CU9", "2015-06"),
    row(0, 1130, "Exchange Server 2013", "CU10", "2015-09"),
    row(0, 1156, "Exchange Server 2013", "CU11", "2015-12"),
    row(0, 1178, "Exchange Server 2013", "CU12", "2016-03"),
    row(0, 1210, "Exchange Server 2013", "CU13", "2016-06"),
    row(0, 1236, "Exchange Server 2013", "CU14", "2016-09"),
    row(0, 1263, "Exchange Server 2013", "CU15", "2016-12"),
    row(0, 1293, "Exchange Server 2013", "CU16", "2017-03"),
    row(0, 1320, "Exchange Server 2013", "CU17", "2017-06"),
    row(0, 1347, "Exchange Server 2013", "CU18", "2017-09"),
    row(0, 1365, "Exchange Server 2013", "CU19", "2017-12"),
    row(0, 1367, "Exchange Server 2013", "CU20", "2018-03"),
    row(0, 1395, "Exchange Server 2013", "CU21", "2018-06"),
    row(0, 1473, "Exchange Server 2013", "CU22", "2019-02"),
    row(0, 1497, "Exchange Server 2013", "CU23", "2019-06"),
    row(1, 225, "Exchange Server 2016", "RTM", "2015-10"),
    row(1, 396, "Exchange Server 2016", "CU1", "2016-03"),
    row(1, 466, "Exchange Server 2016", "CU2", "2016-06"),
    row(1, 544, "Exchange Server 2016", "CU3", "2016-09"),
    row(1, 669, "Exchange Server 2016", "CU4", "2016-12"),
    row(1, 845, "Exchange Server 2016", "CU5", "2017-03"),
    row(1, 1034, "Exchange Server 2016", "CU6", "2017-06"),
    row(1, 1261, "Exchange Server 2016", "CU7", "2017-09"),
    row(1, 1415, "Exchange Server 2016", "CU8", "2017-12"),
    row(1, 1466, "Exchange Server 2016", "CU9", "2018-03"),
    row(1, 1531, "Exchange Server 2016", "CU10", "2018-06"),
    row(1, 1591, "Exchange Server 2016", "CU11", "2018-10"),
    row(1, 1713, "Exchange Server 2016", "CU12", "2019-02"),
    row(1, 1779, "Exchange Server 2016", "CU13", "2019-06"),
    row(1, 1847, "Exchange Server 2016", "CU14", "2019-09"),
    row(1, 1913, "Exchange Server 2016", "CU15", "2019-12"),
    row(1, 1979, "Exchange Server 2016", "CU16", "2020-03"),
    row(1, 2044, "Exchange Server 2016", "CU17", "2020-06"),
    row(1, 2106, "Exchange Server 2016", "CU18", "2020-09"),
    row(1, 2176, "Exchange Server 2016", "CU19", "2020-12"),
    row(1, 2242, "Exchange Server 2016", "CU20", "2021-03"),
    row(1, 2308, "Exchange Server 2016", "CU21", "2021-06"),
    row(1, 2375, "Exchange Server 2016", "CU22", "2021-09"),
    row(1, 2507, "Exchange Server 2016", "CU23", "2022-04"),
    row(2, 221, "Exchange Server 2019", "RTM", "2018-10"),
    row(2, 330, "Exchange Server 2019", "CU1", "2019-02"),
    row(2, 397, "Exchange Server 2019", "CU2", "2019-06"),
    row(2, 464, "Exchange Server 2019", "CU3", "2019-09"),
    row(2, 529, "Exchange Server 2019", "CU4", "2019-12"),
    row(2, 595, "Exchange Server 2019", "CU5", "2020-03"),
    row(2, 659, "Exchange Server 2019", "CU6", "2020-06"),
    row(2, 721, "Exchange Server 2019", "CU7", "2020-09"),
    row(2, 792, "Exchange Server 2019", "CU8", "2020-12"),
    row(2, 858, "Exchange Server 2019", "CU9", "2021-03"),
    row(2, 922, "Exchange Server 2019", "CU10", "2021-06"),
    row(2, 986, "Exchange Server 2019", "CU11", "2021-09"),
    row(2, 1118, "Exchange Server 2019", "CU12", "2022-04"),
    row(2, 1258, "Exchange Server 2019", "CU13", "2023-05"),
    row(2, 1544, "Exchange Server 2019", "CU14", "2024-02"),
    row(2, 1748, "Exchange Server 2019", "CU15", "2025-02"),
    row(2, 2562, "Exchange Server Subscription Edition", "RTM", "2025-07"),
];

impl ExchangeBuild {
    /// `Exchange Server 2019 CU14`; of a build that the list does not have, the product alone.
    pub fn name(&self) -> String {
        match self.release {
            Some(release) => format!("{} {}", release.product, release.update),
            None if self.is_online() => self.product().to_owned(),
            None => format!("{}, a build that is not in the list", self.product()),
        }
    }

    /// Whether it is Exchange Online's, not one of an own server.
    pub const fn is_online(&self) -> bool {
        matches!(self.version, [15, 20, ..])
    }

    /// What the second number says.
    fn product(&self) -> &'static str {
        match self.version {
            [15, 0, ..] => "Exchange Server 2013",
            [15, 1, ..] => "Exchange Server 2016",
            [15, 2, build, _] if build < SUBSCRIPTION_EDITION => "Exchange Server 2019",
            [15, 2, ..] => "Exchange Server Subscription Edition",
            _ => "Exchange Online",
        }
    }

    /// Whether Hybrid Modern Authentication is supported for mail clients: 2013 CU19, 2016 CU8, 2019 CU1 and later
    /// (Microsoft Learn: Configure Exchange Server on-premises to use Hybrid Modern Authentication).
    pub const fn does_hma(&self) -> bool {
        match self.version {
            [15, 0, build, _] => build >= 1365,
            [15, 1, build, _] => build >= 1415,
            [15, 2, build, _] => build >= 330,
            _ => false,
        }
    }

    /// Whether OWA and ECP can use it: 2019 CU14 with the hotfix update of April 2024 and later (the same document).
    pub const fn does_hma_for_owa(&self) -> bool {
        matches!(self.version, [15, 2, build, revision] if build > 1544 || build == 1544 && revision >= 11)
    }

    /// Where this comes from.
    pub const fn source(&self) -> Source {
        LIST
    }
}

impl fmt::Display for ExchangeBuild {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.version;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

/// First build of the Subscription Edition.
const SUBSCRIPTION_EDITION: u16 = 2562;

/// Reads a build number: `15.2.1544.11`, or as the management shell writes it, `15.02.1544.011`. Exchange Online's
/// (`15.20.…`) are read too; anything else is `None`.
pub fn find(text: &str) -> Option<ExchangeBuild> {
    let mut parts = text.trim().split('.').map(|part| {
        (part.len() <= 5 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    });
    let mut next = || parts.next().flatten();
    let version: [u16; 4] = [next()?, next()?, next()?, next()?];
    if parts.next().is_some() || !matches!(version, [15, 0..=2 | 20, ..]) {
        return None;
    }
    let [_, minor, build, _] = version;
    let release = RELEASES.iter().find(|r| (r.minor, r.build) == (minor, build));
    Some(ExchangeBuild { version, release })
}

#[cfg(test)]
mod tests {
    use super::{RELEASES, find};
    use proptest::prelude::*;

    #[test]
    fn the_list_is_sorted_and_each_build_is_found() {
        assert!(RELEASES.is_sorted_by_key(|r| (r.minor, r.build)));
        for release in RELEASES {
            let build = find(&format!("15.{}.{}.7", release.minor, release.build)).unwrap();
            assert_eq!(build.release, Some(release));
            assert_eq!(build.product(), release.product);
        }
    }

    #[test]
    fn a_build_tells_product_update_and_what_it_can_do() {
        for (text, name, hma, owa) in [
            ("15.2.1544.11", "Exchange Server 2019 CU14", true, true),
            ("15.2.1544.9", "Exchange Server 2019 CU14", true, false),
            ("15.02.2562.017", "Exchange Server Subscription Edition RTM", true, true),
            ("15.1.2507.6", "Exchange Server 2016 CU23", true, false),
            ("15.0.1347.2", "Exchange Server 2013 CU18", false, false),
            (
                "15.2.3000.1",
                "Exchange Server Subscription Edition, a build that is not in the list",
                true,
                true,
            ),
            ("15.20.8922.22", "Exchange Online", false, false),
        ] {
            let build = find(text).unwrap();
            assert_eq!(
                (build.name().as_str(), build.does_hma(), build.does_hma_for_owa()),
                (name, hma, owa)
            );
        }
        for text in [
            "",
            "15.2.1544",
            "15.2.1544.11.0",
            "14.3.123.4",
            "15.2.x.1",
            "15.2.99999.1",
            "+15.2.1.1",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "[0-9.+ -]{0,30}") {
            let _ = find(&text);
        }
    }
}
