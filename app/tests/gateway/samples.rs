//! What the faked modules know.

use carts_contract::Cart;
use catalog_contract::{Product, Variant, VariantOption};
use kernel::{
    BasisPoints, CartId, Currency, Money, OrderId, PaymentId, PostalAddress, ProductId, Quantity,
    SkuId, Timestamp, UserId, VariantId,
};
use orders_contract::{Order, OrderLine, OrderPayment, OrderStatus, OrderTotals};
use serde_json::{Value, json};
use users_contract::{Role, User};

pub(crate) const CART: &str = "3b1d0d6e-6a8e-4d0e-9b60-0a2f6a1f4c11";
pub(crate) const ORDER: &str = "0197f0c2-2a00-7000-8000-000000000001";
pub(crate) const PAYMENT: &str = "0197f0c2-2a00-7000-8000-000000000002";
pub(crate) const PRODUCT: &str = "0197f0c2-2a00-7000-8000-000000000003";
pub(crate) const USER: &str = "0197f0c2-2a00-7000-8000-000000000004";
pub(crate) const ADDRESS: &str = "0197f0c2-2a00-7000-8000-000000000005";
pub(crate) const MUG: &str = "MUG-1";
/// A SKU that has to be percent-encoded.
pub(crate) const ODD: &str = "a/b ü?";

pub(crate) fn eur(amount: i64) -> Money {
    Money::new(amount, Currency::EUR)
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_000)
}

pub(crate) fn cart_id() -> CartId {
    CART.parse().unwrap()
}

pub(crate) fn order_id() -> OrderId {
    ORDER.parse().unwrap()
}

pub(crate) fn payment_id() -> PaymentId {
    PAYMENT.parse().unwrap()
}

pub(crate) fn product_id() -> ProductId {
    PRODUCT.parse().unwrap()
}

pub(crate) fn user_id() -> UserId {
    USER.parse().unwrap()
}

pub(crate) fn sku(text: &str) -> SkuId {
    text.parse().unwrap()
}

pub(crate) fn user() -> User {
    User {
        id: user_id(),
        email: "ana@example.org".parse().unwrap(),
        name: "Ana".to_owned().try_into().unwrap(),
        role: Role::Buyer,
        disabled: false,
        created_at: now(),
        version: 3,
    }
}

pub(crate) fn product() -> Product {
    Product {
        id: product_id(),
        slug: "mug".to_owned(),
        title: "Mug".to_owned(),
        description: "<p>Holds tea.</p>".to_owned(),
        category: Some("kitchen".to_owned()),
        vendor: None,
        tags: vec!["tea".to_owned()],
        images: Vec::new(),
        variants: vec![variant(MUG), variant(ODD)],
        archived: false,
        created_at: now(),
        updated_at: now(),
        version: 7,
    }
}

fn variant(text: &str) -> Variant {
    Variant {
        id: VariantId::derived(text),
        sku: sku(text),
        title: "Blue".to_owned(),
        options: vec![VariantOption { name: "Colour".to_owned(), value: "Blue".to_owned() }],
        price: Some(eur(1999)),
        compare_at_price: None,
        weight_grams: 350,
    }
}

pub(crate) fn cart() -> Cart {
    Cart {
        id: cart_id(),
        currency: Currency::EUR,
        lines: Vec::new(),
        subtotal: eur(0),
        updated_at: now(),
    }
}

pub(crate) fn postal() -> PostalAddress {
    serde_json::from_value(address_json()).unwrap()
}

pub(crate) fn address_json() -> Value {
    json!({
        "name": "Ana", "line1": "Rua 1", "city": "Porto", "postal_code": "4000-001", "country": "PT"
    })
}

pub(crate) fn order_json(token: &str) -> Value {
    json!({
        "cart_id": CART,
        "email": "ana@example.org",
        "shipping_address": address_json(),
        "shipping_method": "standard",
        "payment": { "provider": "sandbox", "token": token },
    })
}

pub(crate) fn order(status: OrderStatus) -> Order {
    let line = OrderLine {
        sku: sku(MUG),
        title: "Mug".to_owned(),
        quantity: Quantity::try_from(2).unwrap(),
        unit_price: eur(1999),
        line_total: eur(3998),
        discount: eur(0),
        tax: eur(638),
        tax_rate: BasisPoints(1900),
    };
    Order {
        id: order_id(),
        number: (status == OrderStatus::Confirmed).then_some(1),
        status,
        user_id: None,
        email: "ana@example.org".parse().unwrap(),
        shipping_address: postal(),
        shipping_method: "standard".to_owned(),
        lines: vec![line],
        totals: totals(),
        payment: OrderPayment {
            id: payment_id(),
            status: "authorized".to_owned(),
            provider: "sandbox".to_owned(),
        },
        rejection: None,
        placed_at: now(),
        access_token: None,
    }
}

pub(crate) fn totals() -> OrderTotals {
    OrderTotals {
        subtotal: eur(3998),
        discount: eur(0),
        shipping: eur(499),
        shipping_tax: eur(80),
        shipping_tax_rate: BasisPoints(1900),
        tax: eur(718),
        total: eur(4497),
        prices_include_tax: true,
    }
}
