//! What `carts` promises.

use std::sync::Arc;

use carts_contract::{
    Cart, CartOwner, CartRefusal, Carts, ClaimCart, CreateCart, Freeze, GetCart, PutLine,
    RemoveLine, Thaw,
};
use catalog_contract::Catalog;
use futures_util::future::{join, join_all, try_join_all};
use inventory_contract::Inventory;
use kernel::{Call, CallError, CartId, OrderId, SkuId, UserId};

use crate::fresh::{guest, sku, staff, stranger, system, user};
use crate::goods::{eur, product, stocked, variant};
use crate::outcomes::{assert_denied, refused};
use crate::suite::suite;

/// The contract, and what fills carts.
#[derive(Clone)]
#[expect(missing_docs, reason = "each is the contract that its type names")]
pub struct Stage {
    pub carts: Arc<dyn Carts>,
    pub catalog: Arc<dyn Catalog>,
    pub inventory: Arc<dyn Inventory>,
}

suite! { dyn Carts, Stage {
    a_line_is_what_was_put_last_however_often,
    a_line_is_priced_now,
    a_guests_cart_is_whose_who_knows_its_id_and_a_buyers_is_theirs_alone,
    a_guests_cart_is_claimed_once,
    what_is_not_sold_comes_into_no_cart,
    a_cart_is_full_at_some_time,
    an_ordered_cart_keeps_what_it_has_until_the_order_lets_go,
    an_order_that_was_closed_before_it_came_freezes_nothing,
    a_cart_that_there_is_not_is_unknown,
    modules_alone_freeze_and_thaw,
} out of reach: [] }

type Outcome = Result<Cart, CallError<CartRefusal>>;

impl Stage {
    async fn empty(&self, call: &Call) -> CartId {
        self.carts.create(call, CreateCart { currency: None }).await.unwrap().id
    }

    async fn sold(&self) -> SkuId {
        stocked(self.catalog.as_ref(), self.inventory.as_ref(), (1_999, 5)).await
    }

    async fn put(&self, call: &Call, cart: CartId, (sku, quantity): (&SkuId, u32)) -> Outcome {
        let (sku, quantity) = (sku.clone(), quantity.try_into().ok());
        self.carts.put_line(call, PutLine { cart, sku, quantity }).await
    }

    async fn remove(&self, call: &Call, cart: CartId, sku: &SkuId) -> Outcome {
        self.carts.remove_line(call, RemoveLine { cart, sku: sku.clone() }).await
    }

    async fn order_of(&self, cart: CartId) -> Option<OrderId> {
        self.carts.contents(&system(), GetCart { cart }).await.unwrap().order
    }

    /// Which calls of a cart somebody is refused, all in the same words.
    async fn is_unknown(&self, call: &Call, cart: CartId) {
        let (get, sku) = (GetCart { cart }, sku());
        let refusals = [
            refused(self.carts.cart(call, get.clone()).await),
            refused(self.carts.contents(call, get).await),
            refused(self.put(call, cart, (&sku, 1)).await),
            refused(self.remove(call, cart, &sku).await),
            refused(self.carts.claim(call, ClaimCart { cart }).await),
        ];
        assert_eq!(refusals, [const { CartRefusal::UnknownCart }; 5]);
    }
}

fn lines(cart: &Cart) -> Vec<(&SkuId, u32)> {
    cart.lines.iter().map(|line| (&line.sku, line.quantity.get())).collect()
}

async fn a_line_is_what_was_put_last_however_often(stage: Stage) {
    let (guest, one, other) = (guest(), stage.sold().await, stage.sold().await);
    let cart = stage.empty(&guest).await;

    stage.put(&guest, cart, (&one, 3)).await.unwrap();
    stage.put(&guest, cart, (&other, 1)).await.unwrap();
    let first = stage.put(&guest, cart, (&one, 2)).await.unwrap();
    let again = stage.put(&guest, cart, (&one, 2)).await.unwrap();
    assert_eq!(lines(&first), [(&one, 2), (&other, 1)]);
    assert_eq!(again.lines, first.lines);

    stage.remove(&guest, cart, &one).await.unwrap();
    stage.remove(&guest, cart, &one).await.unwrap();
    stage.put(&guest, cart, (&other, 0)).await.unwrap();
    let emptied = stage.put(&guest, cart, (&other, 0)).await.unwrap();
    assert_eq!((emptied.lines, emptied.subtotal), (Vec::new(), eur(0)));
}

async fn a_line_is_priced_now(stage: Stage) {
    let (guest, sku) = (guest(), stage.sold().await);
    let cart = stage.empty(&guest).await;
    stage.put(&guest, cart, (&sku, 2)).await.unwrap();
    let dearer = catalog_contract::UpdateVariant {
        sku: sku.clone(),
        title: None,
        prices: vec![eur(2_500)],
        compare_at_prices: None,
        weight_grams: None,
        expected_version: None,
    };

    stage.catalog.update_variant(&staff(), dearer).await.unwrap();

    let cart = stage.carts.cart(&guest, GetCart { cart }).await.unwrap();
    assert_eq!((cart.subtotal, cart.lines[0].unit_price), (eur(5_000), Some(eur(2_500))));
    assert_eq!((cart.lines[0].line_total, cart.lines[0].available), (Some(eur(5_000)), Some(5)));
}

async fn a_guests_cart_is_whose_who_knows_its_id_and_a_buyers_is_theirs_alone(stage: Stage) {
    let (sku, buyer) = (stage.sold().await, user(UserId::generate()));
    let (open, own) = (stage.empty(&guest()).await, stage.empty(&buyer).await);

    for call in [guest(), buyer.clone(), stranger()] {
        stage.put(&call, open, (&sku, 1)).await.unwrap();
    }
    for call in [guest(), stranger(), staff()] {
        stage.is_unknown(&call, own).await;
    }
    let contents = stage.carts.contents(&buyer, GetCart { cart: own }).await.unwrap();
    assert_eq!(contents.owner, CartOwner::User { id: buyer.principal.user().unwrap() });
    assert_eq!((contents.lines, contents.order), (Vec::new(), None));
}

async fn a_guests_cart_is_claimed_once(stage: Stage) {
    let (sku, buyer) = (stage.sold().await, stranger());
    let cart = stage.empty(&guest()).await;
    let put = stage.put(&guest(), cart, (&sku, 2)).await.unwrap();

    let claim = || stage.carts.claim(&buyer, ClaimCart { cart });
    let (one, other) = join(claim(), claim()).await;
    let again = claim().await.unwrap();

    assert_eq!((again.id, &again.lines), (cart, &put.lines));
    assert_eq!([one.unwrap(), other.unwrap()], [again.clone(), again]);
    for call in [guest(), stranger()] {
        stage.is_unknown(&call, cart).await;
    }
}

async fn what_is_not_sold_comes_into_no_cart(stage: Stage) {
    let (guest, sold, unknown) = (guest(), stage.sold().await, sku());
    let yen = "JPY".parse().unwrap();
    let cart = stage.carts.create(&guest, CreateCart { currency: Some(yen) }).await.unwrap();

    let unsold = refused(stage.put(&guest, cart.id, (&unknown, 1)).await);
    let unpriced = refused(stage.put(&guest, cart.id, (&sold, 1)).await);

    assert_eq!(cart.currency, yen);
    assert_eq!(unsold, CartRefusal::UnknownSku { sku: unknown });
    assert_eq!(unpriced, CartRefusal::NoPrice { sku: sold, currency: yen });
}

async fn a_cart_is_full_at_some_time(stage: Stage) {
    let guest = guest();
    let cart = stage.empty(&guest).await;
    let products = (0..4).map(async |_| {
        let variants = (0..26).map(|_| variant(100)).collect();
        let wish = catalog_contract::CreateProduct { variants, ..product(100) };
        stage.catalog.create_product(&staff(), wish).await
    });
    let made = try_join_all(products).await.unwrap();
    let skus = made.iter().flat_map(|product| &product.variants).map(|variant| &variant.sku);

    let outcomes = join_all(skus.map(|sku| stage.put(&guest, cart, (sku, 1)))).await;

    let (fitted, not): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    let most = u32::try_from(fitted.len()).unwrap();
    assert!(!not.is_empty());
    for outcome in not {
        assert_eq!(refused(outcome), CartRefusal::TooManyLines { most });
    }
    let contents = stage.carts.contents(&guest, GetCart { cart }).await.unwrap();
    assert_eq!(u32::try_from(contents.lines.len()), Ok(most));
}

async fn an_ordered_cart_keeps_what_it_has_until_the_order_lets_go(stage: Stage) {
    let (guest, sku) = (guest(), stage.sold().await);
    let (cart, order, late) = (stage.empty(&guest).await, OrderId::generate(), OrderId::generate());
    let orders = system();
    let freeze = |order| stage.carts.freeze(&orders, Freeze { cart, order });
    stage.put(&guest, cart, (&sku, 2)).await.unwrap();

    freeze(order).await.unwrap();
    freeze(order).await.unwrap();
    let spent = CartRefusal::CartSpent { order_id: order };
    assert_eq!(refused(freeze(late).await), spent);
    assert_eq!(refused(stage.put(&guest, cart, (&sku, 1)).await), spent);
    assert_eq!(refused(stage.remove(&guest, cart, &sku).await), spent);
    assert_eq!(refused(stage.carts.claim(&stranger(), ClaimCart { cart }).await), spent);
    assert_eq!(stage.order_of(cart).await, Some(order));

    stage.carts.thaw(&system(), Thaw { cart, order }).await.unwrap();
    stage.carts.thaw(&system(), Thaw { cart, order }).await.unwrap();
    assert_eq!(stage.order_of(cart).await, None);
    assert_eq!(refused(freeze(order).await), CartRefusal::OrderClosed);
    let changed = stage.put(&guest, cart, (&sku, 1)).await.unwrap();
    assert_eq!(lines(&changed), [(&sku, 1)]);
}

async fn an_order_that_was_closed_before_it_came_freezes_nothing(stage: Stage) {
    let (cart, order) = (stage.empty(&guest()).await, OrderId::generate());

    stage.carts.thaw(&system(), Thaw { cart, order }).await.unwrap();
    let late = stage.carts.freeze(&system(), Freeze { cart, order }).await;

    assert_eq!(refused(late), CartRefusal::OrderClosed);
    assert_eq!(stage.order_of(cart).await, None);
}

async fn a_cart_that_there_is_not_is_unknown(stage: Stage) {
    let (cart, order) = (CartId::random(), OrderId::generate());

    stage.is_unknown(&stranger(), cart).await;
    let frozen = stage.carts.freeze(&system(), Freeze { cart, order }).await;

    assert_eq!(refused(frozen), CartRefusal::UnknownCart);
}

async fn modules_alone_freeze_and_thaw(stage: Stage) {
    let (cart, order) = (stage.empty(&guest()).await, OrderId::generate());

    for call in [guest(), stranger(), staff()] {
        assert_denied(stage.carts.freeze(&call, Freeze { cart, order }).await);
        assert_denied(stage.carts.thaw(&call, Thaw { cart, order }).await);
    }
    assert_eq!(stage.order_of(cart).await, None);
}
