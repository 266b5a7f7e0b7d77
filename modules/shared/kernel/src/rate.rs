use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A rate in hundredths of a percent: 1900 is 19 %.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct BasisPoints(pub u16);

impl BasisPoints {
    /// The tax that a gross amount contains, rounded half up.
    pub fn within(self, gross: i64) -> i64 {
        half_up(i128::from(gross) * i128::from(self.0), 10_000 + i128::from(self.0))
    }

    /// The tax that is added to a net amount, rounded half up.
    pub fn on_top_of(self, net: i64) -> i64 {
        half_up(i128::from(net) * i128::from(self.0), 10_000)
    }
}

fn half_up(numerator: i128, denominator: i128) -> i64 {
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    // A rate is at most 655.35 %, so the share of an amount overflows only where the amount times seven does.
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn half_a_cent_rounds_up() {
        assert_eq!(BasisPoints(500).on_top_of(10), 1); // 0.5
        assert_eq!(BasisPoints(500).on_top_of(9), 0); // 0.45
        assert_eq!(BasisPoints(1900).within(1999), 319); // 319.17
    }

    proptest! {
        #[test]
        fn tax_on_a_net_price_is_the_tax_within_its_gross(net in 0_i64..1_000_000_000, rate in 0_u16..5_000) {
            let rate = BasisPoints(rate);
            let gross = net + rate.on_top_of(net);

            prop_assert!((rate.within(gross) - rate.on_top_of(net)).abs() <= 1);
            prop_assert!(rate.within(gross) <= gross);
        }
    }
}
