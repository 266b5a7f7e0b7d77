use std::sync::Arc;
use std::time::Duration;

use carts::{CartsModule, CartsSettings, MODULE, audit};
use carts_contract::{
    Cart, CartRefusal, Carts, CreateCart, Freeze, GetCart, PutLine, RemoveLine, Thaw,
};
use kernel::{Call, CallError, CartId, OrderId, Principal, UserId};
use platform::Database;
use testkit::{ManualClock, on_each_engine};

use crate::neighbours::{FakeCatalog, FakeInventory};

/// The module on a database, between its faked neighbours. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) carts: Arc<CartsModule>,
    pub(crate) catalog: Arc<FakeCatalog>,
    pub(crate) inventory: Arc<FakeInventory>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) database: Database,
}

pub(crate) type Refused<T> = Result<T, CallError<CartRefusal>>;

/// Runs a test on each engine, with a mug and a pot to buy.
pub(crate) async fn on_stage(test: impl AsyncFn(Stage)) {
    on_each_engine("carts", async |database| {
        let stage = Stage::new(database);
        stage.catalog.sell("mug", &[("EUR", 1_999), ("JPY", 3_200)]);
        stage.catalog.sell("pot", &[("EUR", 4_500)]);
        stage.inventory.stock("mug", 10);
        test(stage.clone()).await;
        assert_eq!(audit(&stage.database).await.unwrap(), Vec::<String>::new());
    })
    .await;
}

pub(crate) fn guest() -> Call {
    call(Principal::Guest { proof: None })
}

pub(crate) fn user(id: UserId) -> Call {
    call(Principal::User { id })
}

pub(crate) fn system() -> Call {
    Call::system(MODULE, Duration::from_secs(20))
}

pub(crate) fn call(principal: Principal) -> Call {
    Call::new(MODULE, principal, Duration::from_secs(20))
}

/// The lines as they read best in a test.
pub(crate) fn lines(cart: &Cart) -> Vec<(&str, u32)> {
    cart.lines.iter().map(|line| (line.sku.as_str(), line.quantity.get())).collect()
}

/// The refusal that was expected.
pub(crate) fn refusal<T: std::fmt::Debug>(answer: Refused<T>) -> CartRefusal {
    match answer {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

impl Stage {
    pub(crate) fn new(database: Database) -> Self {
        let (catalog, inventory, clock) =
            <(Arc<FakeCatalog>, Arc<FakeInventory>, Arc<_>)>::default();
        let carts = CartsModule::new(
            database.clone(),
            Arc::<ManualClock>::clone(&clock),
            Arc::<FakeCatalog>::clone(&catalog),
            Arc::<FakeInventory>::clone(&inventory),
            CartsSettings::default(),
        );
        Self { carts: Arc::new(carts), catalog, inventory, clock, database }
    }

    pub(crate) async fn new_cart(&self, call: &Call) -> CartId {
        self.carts.create(call, CreateCart { currency: None }).await.unwrap().id
    }

    pub(crate) async fn cart(&self, call: &Call, cart: CartId) -> Refused<Cart> {
        self.carts.cart(call, GetCart { cart }).await
    }

    pub(crate) async fn put(
        &self,
        call: &Call,
        cart: CartId,
        (sku, quantity): (&str, u32),
    ) -> Refused<Cart> {
        let (sku, quantity) = (sku.parse().unwrap(), quantity.try_into().ok());
        self.carts.put_line(call, PutLine { cart, sku, quantity }).await
    }

    pub(crate) async fn remove(&self, call: &Call, cart: CartId, sku: &str) -> Refused<Cart> {
        self.carts.remove_line(call, RemoveLine { cart, sku: sku.parse().unwrap() }).await
    }

    pub(crate) async fn freeze(&self, cart: CartId, order: OrderId) -> Refused<()> {
        self.carts.freeze(&system(), Freeze { cart, order }).await
    }

    pub(crate) async fn thaw(&self, cart: CartId, order: OrderId) -> Refused<()> {
        self.carts.thaw(&system(), Thaw { cart, order }).await
    }

    /// The live order of a cart.
    pub(crate) async fn order_of(&self, cart: CartId) -> Option<OrderId> {
        self.carts.contents(&system(), GetCart { cart }).await.unwrap().order
    }
}
