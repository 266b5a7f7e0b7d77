use kernel::{BasisPoints, Currency, Money, MoneyError, Quantity, SkuId};
use orders_contract::{OrderLine, OrderTotals};

/// What is bought, and at which price.
pub(crate) struct PricedLine {
    pub(crate) sku: SkuId,
    pub(crate) title: String,
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Money,
}

/// How prices are taxed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tax {
    pub(crate) rate: BasisPoints,
    pub(crate) included: bool,
}

impl Tax {
    fn of(self, amount: Money) -> Money {
        let tax = if self.included {
            self.rate.within(amount.amount())
        } else {
            self.rate.on_top_of(amount.amount())
        };
        Money::new(tax, amount.currency())
    }
}

/// The sums of an order. Tax is rounded half up per line, so the order's tax is the sum of what its lines show.
pub(crate) fn price(
    lines: Vec<PricedLine>,
    shipping: Money,
    tax: Tax,
) -> Result<(Vec<OrderLine>, OrderTotals), MoneyError> {
    let currency = shipping.currency();
    let lines = lines.into_iter().map(|line| taxed(line, tax)).collect::<Result<Vec<_>, _>>()?;
    let subtotal = sum(currency, &lines, |line| line.line_total)?;
    let discount = sum(currency, &lines, |line| line.discount)?;
    let shipping_tax = tax.of(shipping);
    let all_tax = sum(currency, &lines, |line| line.tax)?.checked_add(shipping_tax)?;
    let before_tax = subtotal.checked_sub(discount)?.checked_add(shipping)?;
    let total = if tax.included { before_tax } else { before_tax.checked_add(all_tax)? };
    let totals = OrderTotals {
        subtotal,
        discount,
        shipping,
        shipping_tax,
        shipping_tax_rate: tax.rate,
        tax: all_tax,
        total,
        prices_include_tax: tax.included,
    };
    Ok((lines, totals))
}

fn taxed(line: PricedLine, tax: Tax) -> Result<OrderLine, MoneyError> {
    let PricedLine { sku, title, quantity, unit_price } = line;
    let line_total = unit_price.checked_times(quantity)?;
    let discount = Money::zero(unit_price.currency());
    let line_tax = tax.of(line_total.checked_sub(discount)?);
    Ok(OrderLine {
        sku,
        title,
        quantity,
        unit_price,
        line_total,
        discount,
        tax: line_tax,
        tax_rate: tax.rate,
    })
}

fn sum(
    currency: Currency,
    lines: &[OrderLine],
    amount: fn(&OrderLine) -> Money,
) -> Result<Money, MoneyError> {
    Money::checked_sum(currency, lines.iter().map(amount))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(amount: i64, quantity: u32) -> PricedLine {
        PricedLine {
            sku: "mug".parse().unwrap(),
            title: "Mug".to_owned(),
            quantity: quantity.try_into().unwrap(),
            unit_price: Money::new(amount, Currency::EUR),
        }
    }

    #[test]
    fn tax_is_rounded_half_up_per_line() {
        let tax = Tax { rate: BasisPoints(1900), included: false };

        let (lines, totals) =
            price(vec![line(50, 1), line(50, 1)], Money::new(50, Currency::EUR), tax).unwrap();

        assert_eq!(lines[0].tax.amount(), 10); // 9.5
        assert_eq!((totals.tax.amount(), totals.total.amount()), (30, 180)); // the tax on the sum alone would be 28.5
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let tax = Tax { rate: BasisPoints(0), included: true };

        assert_eq!(
            price(vec![line(i64::MAX, 2)], Money::zero(Currency::EUR), tax).err(),
            Some(MoneyError::Overflow)
        );
    }

    proptest! {
        #[test]
        fn the_total_is_what_its_parts_add_up_to(
            parts in proptest::collection::vec((0_i64..1_000_000_000, 1_u32..=999), 1..20),
            shipping in 0_i64..100_000,
            rate in 0_u16..3_000,
            included: bool,
        ) {
            let tax = Tax { rate: BasisPoints(rate), included };
            let lines = parts.iter().map(|(amount, quantity)| line(*amount, *quantity)).collect();

            let (lines, totals) = price(lines, Money::new(shipping, Currency::EUR), tax).unwrap();

            let goods: i64 = parts.iter().map(|(amount, quantity)| amount * i64::from(*quantity)).sum();
            let taxes: i64 = lines.iter().map(|line| line.tax.amount()).sum();
            prop_assert_eq!(totals.subtotal.amount(), goods);
            prop_assert_eq!(totals.tax.amount(), taxes + totals.shipping_tax.amount());
            let added = if included { 0 } else { totals.tax.amount() };
            prop_assert_eq!(totals.total.amount(), goods + shipping + added);
        }
    }
}
