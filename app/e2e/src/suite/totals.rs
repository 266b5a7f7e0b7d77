//! What an order costs, to the cent.

use serde_json::{Value, json};

use crate::{Client, Launcher, Opening, Outcome, Purchase, Stage, Ware, number, text};

const WARES: [Ware<'_>; 3] = [
    Ware { sku: "AWKWARD", price: 1_999, stock: 100 },
    Ware { sku: "CENT", price: 1, stock: 1_000 },
    Ware { sku: "THIRD", price: 333, stock: 100 },
];
const LINES: [(&str, u32); 3] = [("THIRD", 2), ("AWKWARD", 3), ("CENT", 7)];
const SUMS: [&str; 8] = [
    "lines",
    "subtotal",
    "discount",
    "shipping",
    "shipping_tax",
    "shipping_tax_rate",
    "tax",
    "total",
];

/// The quote before and the order after tell the same sums.
pub async fn a_quote_equals_the_order(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &WARES).await?;
    let purchase = Purchase::of(&stage.anyone, &LINES, "tok_ok").await?;

    let quote = quote(&stage.anyone, &purchase).await?;
    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();

    for sum in SUMS {
        assert_eq!(quote[sum], order[sum], "{sum} of {quote} and {order}");
    }
    stage.adds_up().await
}

/// A quote holds nothing and writes nothing.
pub async fn a_quote_holds_nothing(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &WARES).await?;
    let purchase = Purchase::of(&stage.anyone, &LINES, "tok_ok").await?;
    let before = stage.stock("CENT").await?;

    quote(&stage.anyone, &purchase).await?;

    assert_eq!(stage.stock("CENT").await?, before);
    assert!(stage.all("/api/orders").await?.is_empty());
    Ok(())
}

/// Where prices include tax, the tax is within the total.
pub async fn totals_are_right_to_the_cent_with_tax_included(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    sums_are_right(&stage, |amount, rate| half_up(amount * rate, 10_000 + rate), false).await
}

/// Where prices exclude tax, the tax comes on top.
pub async fn totals_are_right_to_the_cent_with_tax_excluded(house: &dyn Launcher) -> Outcome {
    let opening = Opening::empty().with("GALLERIA__SHOP__PRICES_INCLUDE_TAX", "false");
    let stage = Stage::open(house, &opening).await?;
    sums_are_right(&stage, |amount, rate| half_up(amount * rate, 10_000), true).await
}

async fn sums_are_right(stage: &Stage<'_>, tax: fn(i64, i64) -> i64, on_top: bool) -> Outcome {
    stage.sell(&WARES).await?;
    let purchase = Purchase::of(&stage.anyone, &LINES, "tok_ok").await?;
    let methods = format!("/api/shipping/methods?cart_id={}&country=DE", purchase.cart);
    let methods = stage.anyone.get(methods).await?.expect_status(200)?.json();

    let order = purchase.send(&stage.anyone).await?.expect_status(201)?.json();

    let (mut subtotal, mut taxes) = (0, 0);
    for (line, (sku, quantity)) in order["lines"].as_array().into_iter().flatten().zip(LINES) {
        let price = WARES.iter().find(|ware| ware.sku == sku).map_or(0, |ware| ware.price);
        let (total, rate) = (price * i64::from(quantity), number(line, "/tax_rate")?);
        assert!(rate > 0, "no tax in {line}");
        assert_eq!((text(line, "/sku")?, number(line, "/quantity")?), (sku, i64::from(quantity)));
        assert_eq!((amount(line, "unit_price")?, amount(line, "line_total")?), (price, total));
        assert_eq!((amount(line, "discount")?, amount(line, "tax")?), (0, tax(total, rate)));
        subtotal += total;
        taxes += tax(total, rate);
    }
    let shipping = number(&methods, "/0/price/amount")?;
    let shipping_tax = tax(shipping, number(&order, "/shipping_tax_rate")?);
    taxes += shipping_tax;
    assert_eq!(order["lines"].as_array().map(Vec::len), Some(LINES.len()));
    assert_eq!(amount(&order, "subtotal")?, subtotal);
    assert_eq!(amount(&order, "shipping")?, shipping);
    assert_eq!(amount(&order, "shipping_tax")?, shipping_tax);
    assert_eq!(amount(&order, "tax")?, taxes);
    let on_top = if on_top { taxes } else { 0 };
    assert_eq!(amount(&order, "total")?, subtotal + shipping + on_top);
    let payment = format!("/api/payments/{}", text(&order, "/payment/id")?);
    let payment = stage.admin.get(payment).await?.expect_status(200)?.json();
    assert_eq!(amount(&payment, "authorized")?, subtotal + shipping + on_top);
    stage.adds_up().await
}

/// A buyer who expects another total is told both and pays nothing; who expects the right one buys.
pub async fn a_total_that_nobody_expects_is_refused(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &WARES).await?;
    let purchase = Purchase::of(&stage.anyone, &LINES, "tok_ok").await?;
    let right = quote(&stage.anyone, &purchase).await?["total"].clone();
    let wrong = json!({"amount": number(&right, "/amount")? - 1, "currency": "EUR"});

    let refused = purchase.clone().with("expected_total", wrong.clone());
    let refused = refused.send(&stage.anyone).await?.expect_problem(409, "price-changed")?.json();

    assert_eq!((&refused["expected"], &refused["actual"]), (&wrong, &right));
    let bought = purchase.with("expected_total", right).send(&stage.anyone).await?;
    bought.expect_status(201)?;
    stage.adds_up().await
}

async fn quote(buyer: &Client, purchase: &Purchase) -> Outcome<Value> {
    let quote = buyer.post("/api/orders/quote", &unpaid(purchase)).await?;
    Ok(quote.expect_status(200)?.json())
}

fn unpaid(purchase: &Purchase) -> Value {
    let mut body = purchase.body.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("email");
        fields.remove("payment");
    }
    body
}

#[track_caller]
fn amount(value: &Value, field: &str) -> Outcome<i64> {
    assert_eq!(value[field]["currency"], "EUR", "{field} of {value}");
    number(value, &format!("/{field}/amount"))
}

fn half_up(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}
