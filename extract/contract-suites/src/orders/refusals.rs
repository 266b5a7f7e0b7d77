//! What is not bought at all: nothing is recorded, and the key is free.

use catalog_contract::ArchiveProduct;
use kernel::{Call, CartId, Money, Secret};
use orders_contract::{OrderStatus, PaymentMeans, PlaceOrder, PlaceRefusal};
use users_contract::Register;

use super::stage::{Stage, paid_with, quote, wish};
use crate::fresh::{email, guest, key, staff, user, word};
use crate::goods::{eur, product};
use crate::outcomes::refused;

impl Stage {
    async fn refusal(&self, call: &Call, wish: PlaceOrder) -> PlaceRefusal {
        refused(self.place(call, wish).await)
    }
}

pub(super) async fn what_can_not_be_bought_is_refused_by_its_code(stage: Stage) {
    let sku = stage.sold(5).await;
    let (cart, empty) = (stage.cart(&guest(), (&sku, 1)).await, stage.empty_cart(&guest()).await);
    let call = guest().keyed(key());
    let quoted = stage.orders.quote(&guest(), quote(cart)).await.unwrap().totals.total;
    let nobody = PaymentMeans { provider: word("nobody"), ..paid_with("tok_ok") };
    let unsaid = |wish| PlaceOrder { email: None, ..wish };

    let cases = [
        (wish(CartId::random()), PlaceRefusal::UnknownCart),
        (wish(empty), PlaceRefusal::CartEmpty),
        (
            PlaceOrder { expected_total: Some(eur(1)), ..wish(cart) },
            PlaceRefusal::PriceChanged { expected: eur(1), actual: quoted },
        ),
        (
            PlaceOrder { shipping_method: word("pigeon"), ..wish(cart) },
            PlaceRefusal::UnknownShippingMethod,
        ),
        (
            PlaceOrder { discount_code: Some(word("free")), ..wish(cart) },
            PlaceRefusal::UnknownDiscountCode,
        ),
        (PlaceOrder { payment: nobody, ..wish(cart) }, PlaceRefusal::UnknownProvider),
        (unsaid(wish(cart)), PlaceRefusal::EmailMissing),
    ];
    for (wish, refusal) in cases {
        assert_eq!(stage.refusal(&call, wish).await, refusal);
    }
    assert_eq!(stage.place(&call, wish(cart)).await.unwrap().order.status, OrderStatus::Confirmed);

    let (name, password) =
        ("Ana".to_owned().try_into().unwrap(), Secret::new("a long pass phrase"));
    let account = Register { email: email(), password, name };
    let account = stage.users.register(&guest(), account).await.unwrap().user;
    let buyer = user(account.id).keyed(key());
    let own = unsaid(wish(stage.cart(&buyer, (&sku, 1)).await));
    assert_eq!(stage.place(&buyer, own).await.unwrap().order.email, account.email);
}

pub(super) async fn what_is_sold_no_more_or_costs_too_much_is_not_bought(stage: Stage) {
    let made = stage.catalog.create_product(&staff(), product(100)).await.unwrap();
    let dear = product(Money::MAX_INPUT);
    let dear = stage.catalog.create_product(&staff(), dear).await.unwrap();
    let (sku, dear) = (&made.variants[0].sku, &dear.variants[0].sku);
    let (gone, dear) =
        (stage.cart(&guest(), (sku, 1)).await, stage.cart(&guest(), (dear, 2)).await);
    let archive = ArchiveProduct { product: made.id };
    stage.catalog.archive_product(&staff(), archive).await.unwrap();
    let call = guest().keyed(key());

    let gone = stage.refusal(&call, wish(gone)).await;
    let too_much = stage.refusal(&call, wish(dear)).await;

    assert_eq!(gone, PlaceRefusal::UnknownSku { sku: sku.clone() });
    assert_eq!(too_much, PlaceRefusal::AmountTooLarge);
}
