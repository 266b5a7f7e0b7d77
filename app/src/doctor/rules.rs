use kernel::OrderId;
use platform::ops::Fact;

use super::OrderKnown;

/// What does not add up about one order, a line each. An order that is still on its way is left alone.
pub fn findings(id: OrderId, known: &OrderKnown) -> Vec<String> {
    let Some(order) = &known.order else { return orphans(id, known) };
    let mut found = match order.state.as_str() {
        "pending" => return Vec::new(),
        "rejected" | "cancelled" => undone(id, order, known),
        _ => done(id, order, known),
    };
    found.extend(disagreements(id, known));
    found
}

/// Stock or money of an order that nobody placed.
fn orphans(id: OrderId, known: &OrderKnown) -> Vec<String> {
    let parts =
        [("a hold", &known.hold), ("a payment", &known.payment), ("a charge", &known.record)];
    let orphan = |(what, fact): (&str, &Option<Fact>)| {
        fact.as_ref().map(|_| format!("there is {what} of {id}, and no such order"))
    };
    parts.into_iter().filter_map(orphan).collect()
}

/// A bought order has its stock held and its money set aside or taken.
fn done(id: OrderId, order: &Fact, known: &OrderKnown) -> Vec<String> {
    let mut found = Vec::new();
    let held = known.hold.as_ref().filter(|hold| hold.state == "held");
    if held.is_none_or(|hold| amount(hold, "units") <= 0) {
        found.push(format!("order {id} is {}, and no stock is held for it", order.state));
    }
    let total = amount(order, "total");
    match &known.payment {
        _ if total == 0 && known.payment.is_none() => {}
        None => found.push(format!("order {id} is {}, and has no payment", order.state)),
        Some(payment) => {
            let authorized = amount(payment, "authorized");
            let kept = matches!(payment.state.as_str(), "authorized" | "capturing" | "captured");
            if !kept {
                let state = &payment.state;
                found.push(format!("order {id} is {}, and its payment {state}", order.state));
            } else if authorized != total || payment.currency != order.currency {
                found.push(format!("order {id} costs {total}, and {authorized} were set aside"));
            }
        }
    }
    found
}

/// An undone order holds no stock and keeps no money.
fn undone(id: OrderId, order: &Fact, known: &OrderKnown) -> Vec<String> {
    let mut found = Vec::new();
    if known.hold.as_ref().is_some_and(|hold| hold.state == "held") {
        found.push(format!("order {id} is {}, and stock is held for it", order.state));
    }
    if let Some(payment) = &known.payment {
        let kept = match payment.state.as_str() {
            "authorized" | "capturing" => amount(payment, "authorized"),
            _ => amount(payment, "captured") - amount(payment, "refunded"),
        };
        if kept != 0 {
            found.push(format!("order {id} is {}, and {kept} of its money are kept", order.state));
        }
    }
    found
}

/// Where our record of the money is not what the provider recorded.
fn disagreements(id: OrderId, known: &OrderKnown) -> Vec<String> {
    let Some(record) = &known.record else {
        let moved = known.payment.as_ref().filter(|payment| amount(payment, "authorized") != 0);
        return moved
            .map(|_| format!("order {id} is paid, and its provider knows nothing of it"))
            .into_iter()
            .collect();
    };
    let mut found = Vec::new();
    let charges = amount(record, "charges");
    if charges > 1 {
        found.push(format!("order {id} was charged {charges} times"));
    }
    let Some(payment) = &known.payment else {
        if amount(record, "authorized") != 0 {
            found.push(format!("order {id} was charged, and has no payment"));
        }
        return found;
    };
    if amount(payment, "unsettled") != 0 {
        return found;
    }
    for name in ["authorized", "captured", "refunded"] {
        let (ours, theirs) = (amount(payment, name), amount(record, name));
        if ours != theirs {
            found.push(format!("of order {id} we say {ours} {name}, its provider says {theirs}"));
        }
    }
    if amount(record, "authorized") != 0 && payment.currency != record.currency {
        found.push(format!("order {id} was charged in another currency than its own"));
    }
    let let_go = amount(record, "voided") != 0;
    if let_go != (payment.state == "voided" && amount(payment, "authorized") != 0) {
        found.push(format!(
            "order {id}: we and its provider disagree whether its money was let go of"
        ));
    }
    found
}

fn amount(fact: &Fact, name: &str) -> i64 {
    fact.amounts.get(name).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Timestamp};

    use super::*;

    fn fact(state: &str, amounts: &[(&str, i64)]) -> Fact {
        Fact {
            order: OrderId::derived("order"),
            state: state.to_owned(),
            amounts: amounts.iter().map(|(name, amount)| ((*name).to_owned(), *amount)).collect(),
            currency: Some(Currency::EUR),
            changed_at: Timestamp::from_micros(0),
        }
    }

    fn bought() -> OrderKnown {
        OrderKnown {
            order: Some(fact("confirmed", &[("total", 1_000)])),
            hold: Some(fact("held", &[("units", 2)])),
            payment: Some(fact("authorized", &[("authorized", 1_000)])),
            record: Some(fact("recorded", &[("charges", 1), ("authorized", 1_000)])),
        }
    }

    fn undone() -> OrderKnown {
        OrderKnown {
            order: Some(fact("cancelled", &[("total", 1_000)])),
            hold: Some(fact("closed", &[("units", 2)])),
            payment: Some(fact("voided", &[("authorized", 1_000)])),
            record: Some(fact(
                "recorded",
                &[("charges", 1), ("authorized", 1_000), ("voided", 1_000)],
            )),
        }
    }

    fn found(known: &OrderKnown) -> String {
        findings(OrderId::derived("order"), known).join("\n")
    }

    #[test]
    fn what_was_bought_or_undone_properly_adds_up() {
        assert_eq!(found(&bought()), "");
        assert_eq!(found(&undone()), "");
        let declined = OrderKnown {
            order: Some(fact("rejected", &[("total", 1_000)])),
            hold: Some(fact("closed", &[])),
            payment: Some(fact("declined", &[("amount", 1_000)])),
            record: Some(fact("recorded", &[])),
        };
        assert_eq!(found(&declined), "");
    }

    #[test]
    fn a_bought_order_needs_its_stock_and_its_money() {
        let no_stock = OrderKnown { hold: Some(fact("closed", &[("units", 2)])), ..bought() };
        let no_money = OrderKnown { payment: None, record: None, ..bought() };
        let less = OrderKnown {
            payment: Some(fact("authorized", &[("authorized", 999)])),
            record: Some(fact("recorded", &[("charges", 1), ("authorized", 999)])),
            ..bought()
        };

        assert!(found(&no_stock).contains("no stock is held"));
        assert!(found(&no_money).contains("has no payment"));
        assert!(found(&less).contains("999 were set aside"));
    }

    #[test]
    fn an_undone_order_keeps_nothing() {
        let stock = OrderKnown { hold: Some(fact("held", &[("units", 2)])), ..undone() };
        let money = OrderKnown { payment: bought().payment, record: bought().record, ..undone() };

        assert!(found(&stock).contains("stock is held"));
        assert!(found(&money).contains("1000 of its money are kept"));
    }

    #[test]
    fn the_provider_is_the_judge_of_what_was_charged() {
        let twice = OrderKnown {
            record: Some(fact("recorded", &[("charges", 2), ("authorized", 2_000)])),
            ..bought()
        };
        let let_go = OrderKnown { record: undone().record, ..bought() };
        let unheard_of = OrderKnown { record: None, ..bought() };

        assert!(found(&twice).contains("charged 2 times"));
        assert!(found(&twice).contains("we say 1000 authorized, its provider says 2000"));
        assert!(found(&let_go).contains("disagree"));
        assert!(found(&unheard_of).contains("knows nothing of it"));
    }

    #[test]
    fn stock_and_money_without_an_order_are_told() {
        let orphan = OrderKnown { order: None, ..bought() };

        assert_eq!(found(&orphan).lines().count(), 3);
    }

    #[test]
    fn an_order_on_its_way_is_left_alone() {
        let pending = OrderKnown { order: Some(fact("pending", &[("total", 1_000)])), ..undone() };

        assert_eq!(found(&pending), "");
    }
}
