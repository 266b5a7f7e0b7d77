use std::collections::BTreeSet;

use super::method::{MethodSettings, PriceSettings, Reach};

const NEIGHBOURS: &str = "AT CH LI";
const UNION: &str = "BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
const EVERYWHERE: &str = "*";

const CURRENCIES: [&str; 4] = ["EUR", "USD", "GBP", "JPY"];

/// Grams, and the price in each of the currencies.
type Bracket = (u64, [i64; 4]);

/// Code, title, days, where to, prices.
type Method = (&'static str, &'static str, u16, &'static str, &'static [Bracket]);

const METHODS: &[Method] = &[
    (
        "standard",
        "Standard",
        3,
        "DE",
        &[
            (2_000, [490, 590, 430, 800]),
            (5_000, [690, 790, 590, 1_100]),
            (10_000, [990, 1_190, 850, 1_600]),
            (31_500, [1_690, 1_990, 1_490, 2_800]),
            (200_000, [8_900, 10_500, 7_700, 14_500]),
            (1_000_000, [29_000, 34_000, 25_000, 47_000]),
        ],
    ),
    (
        "standard",
        "Standard",
        5,
        NEIGHBOURS,
        &[
            (2_000, [990, 1_190, 850, 1_600]),
            (5_000, [1_390, 1_590, 1_190, 2_300]),
            (10_000, [1_890, 2_190, 1_590, 3_100]),
            (31_500, [3_490, 3_990, 2_990, 5_700]),
            (200_000, [14_900, 17_500, 12_900, 24_000]),
            (1_000_000, [49_000, 57_000, 42_000, 79_000]),
        ],
    ),
    (
        "standard",
        "Standard",
        7,
        UNION,
        &[
            (2_000, [1_290, 1_490, 1_090, 2_100]),
            (5_000, [1_690, 1_990, 1_490, 2_800]),
            (10_000, [2_290, 2_690, 1_990, 3_700]),
            (31_500, [4_490, 5_290, 3_890, 7_300]),
            (200_000, [19_900, 23_500, 17_200, 32_000]),
            (1_000_000, [65_000, 76_000, 56_000, 105_000]),
        ],
    ),
    (
        "standard",
        "Standard",
        21,
        EVERYWHERE,
        &[
            (2_000, [1_990, 2_290, 1_690, 3_200]),
            (5_000, [3_490, 3_990, 2_990, 5_700]),
            (10_000, [5_490, 6_390, 4_690, 8_900]),
            (31_500, [9_900, 11_500, 8_500, 16_000]),
        ],
    ),
    (
        "express",
        "Express",
        1,
        "DE",
        &[
            (2_000, [1_290, 1_490, 1_090, 2_100]),
            (10_000, [1_990, 2_290, 1_690, 3_200]),
            (31_500, [3_490, 3_990, 2_990, 5_700]),
        ],
    ),
    (
        "express",
        "Express",
        2,
        "AT BE CH CZ DK FR LI LU NL PL",
        &[
            (2_000, [2_990, 3_490, 2_590, 4_800]),
            (10_000, [4_490, 5_290, 3_890, 7_300]),
            (31_500, [7_990, 9_300, 6_900, 13_000]),
        ],
    ),
    (
        "express",
        "Express",
        5,
        EVERYWHERE,
        &[
            (2_000, [5_990, 6_990, 5_190, 9_700]),
            (10_000, [11_900, 13_900, 10_300, 19_300]),
            (31_500, [24_900, 29_000, 21_500, 40_000]),
        ],
    ),
];

/// Standard and express, from Germany to its neighbours, the European Union and the world.
pub(super) fn default_methods() -> Vec<MethodSettings> {
    METHODS
        .iter()
        .map(|(code, title, days, countries, prices)| MethodSettings {
            code: (*code).to_owned(),
            title: (*title).to_owned(),
            days: *days,
            countries: reach(countries),
            prices: prices.iter().map(price).collect(),
        })
        .collect()
}

fn reach(countries: &str) -> Reach {
    if countries == EVERYWHERE {
        return Reach::Everywhere;
    }
    let countries: BTreeSet<_> =
        countries.split(' ').filter_map(|code| code.parse().ok()).collect();
    Reach::Countries(countries)
}

fn price((up_to_grams, amounts): &Bracket) -> PriceSettings {
    let amounts = CURRENCIES
        .iter()
        .zip(amounts)
        .filter_map(|(code, amount)| Some((code.parse().ok()?, *amount)))
        .collect();
    PriceSettings { up_to_grams: *up_to_grams, amounts }
}
