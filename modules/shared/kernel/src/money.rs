use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Currency, Invalid, Quantity};

/// An amount in the minor units of its currency: 1999 EUR is 19.99 €. All arithmetic is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

/// Why two amounts can't be combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The result does not fit.
    #[error("the amount is too large")]
    Overflow,
    /// The currencies differ.
    #[error("{left} and {right} can't be combined")]
    Mixed {
        /// The one.
        left: Currency,
        /// The other.
        right: Currency,
    },
}

impl Money {
    /// The largest amount that a client may name: a trillion minor units.
    pub const MAX_INPUT: i64 = 1_000_000_000_000;

    /// An amount of minor units.
    pub const fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing of a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { amount: 0, currency }
    }

    /// The minor units.
    pub const fn amount(self) -> i64 {
        self.amount
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum of two amounts of one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_add)
    }

    /// The difference of two amounts of one currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.with(other, i64::checked_sub)
    }

    /// So many times the amount.
    pub fn checked_times(self, quantity: Quantity) -> Result<Self, MoneyError> {
        let amount =
            self.amount.checked_mul(i64::from(quantity.get())).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// The sum of a list; zero of `currency` if it is empty.
    pub fn checked_sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Reads a decimal text such as `19.99`; more digits than the currency has must be zeros.
    pub fn parse_decimal(text: &str, currency: Currency) -> Result<Self, Invalid> {
        let invalid = || Invalid::new(format!("{text:?} is not an amount of {currency}"));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = usize::try_from(currency.digits()).map_err(|_| invalid())?;
        let (kept, rest) =
            fraction.split_at_checked(digits.min(fraction.len())).ok_or_else(invalid)?;
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || !only_digits(whole)
            || !only_digits(kept)
            || rest.bytes().any(|byte| byte != b'0')
        {
            return Err(invalid());
        }
        let minor: i64 = format!("{whole}{kept:0<digits$}").parse().map_err(|_| invalid())?;
        if minor > Self::MAX_INPUT { Err(invalid()) } else { Ok(Self::new(minor, currency)) }
    }

    fn with(self, other: Self, operation: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::Mixed { left: self.currency, right: other.currency });
        }
        let amount = operation(self.amount, other.amount).ok_or(MoneyError::Overflow)?;
        Ok(Self { amount, ..self })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(amount: i64) -> Money {
        Money::new(amount, Currency::EUR)
    }

    #[test]
    fn currencies_do_not_mix() {
        let yen = Money::new(1, "JPY".parse().unwrap());

        assert!(matches!(eur(1).checked_add(yen), Err(MoneyError::Mixed { .. })));
    }

    #[test]
    fn decimals_are_read_by_the_digits_of_the_currency() {
        let yen: Currency = "JPY".parse().unwrap();

        assert_eq!(Money::parse_decimal("19.9", Currency::EUR), Ok(eur(1990)));
        assert_eq!(Money::parse_decimal("50", Currency::EUR), Ok(eur(5000)));
        assert_eq!(Money::parse_decimal("19.990", Currency::EUR), Ok(eur(1999)));
        assert_eq!(Money::parse_decimal("500.00", yen), Ok(Money::new(500, yen)));
        for bad in ["", "-1", "1,5", "19.999", ".", ".5", "1e3", "99999999999999999999", "٣"] {
            assert!(Money::parse_decimal(bad, Currency::EUR).is_err(), "{bad} passed");
        }
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_again_changes_nothing(a: i64, b: i64) {
            if let Ok(sum) = eur(a).checked_add(eur(b)) {
                prop_assert_eq!(sum.checked_sub(eur(b)), Ok(eur(a)));
            } else {
                prop_assert!(a.checked_add(b).is_none());
            }
        }

        #[test]
        fn so_many_times_is_the_sum_of_as_many(amount in -1_000_000_i64..1_000_000, times in 1_u32..999) {
            let quantity = Quantity::try_from(times).unwrap();
            let sum = Money::checked_sum(Currency::EUR, (0..times).map(|_| eur(amount)));

            prop_assert_eq!(eur(amount).checked_times(quantity), sum);
        }
    }
}
