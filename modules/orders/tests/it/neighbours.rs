//! Neighbours that do what a test tells them, and note what they were asked.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use carts_contract::*;
use inventory_contract::*;
use kernel::{Call, CallError, CartId, Currency, Failure, FailureKind, Money, OrderId, Page};
use orders::Neighbours;
use payments_contract::*;
use tokio::sync::Notify;

use crate::unused::unused;

/// A shop of one mug, whose neighbours can be made to refuse or to fail.
pub(crate) struct Shop {
    pub(crate) cart: CartId,
    pub(crate) calls: Mutex<Vec<String>>,
    pub(crate) price: Mutex<i64>,
    pub(crate) postage: Mutex<i64>,
    /// What the next calls of a step answer; once empty, it works.
    pub(crate) stumbles: Mutex<Vec<(&'static str, Stumble)>>,
    /// The order that has the cart.
    pub(crate) frozen: Mutex<Option<OrderId>>,
    /// Lets who is late go on.
    pub(crate) go_on: Notify,
}

#[derive(Debug, Clone)]
pub(crate) enum Stumble {
    OutOfStock,
    Declined,
    /// The step is done, and its answer lost.
    LostAnswer,
    /// Nobody answers.
    Down,
    /// Somebody is there, and says nothing.
    Paused,
    /// The answer comes once the test lets it.
    Late,
}

impl Shop {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            cart: CartId::random(),
            calls: Mutex::default(),
            price: Mutex::new(1_000),
            postage: Mutex::new(490),
            stumbles: Mutex::default(),
            frozen: Mutex::default(),
            go_on: Notify::new(),
        })
    }

    pub(crate) fn neighbours(self: &Arc<Self>) -> Neighbours {
        Neighbours {
            users: Arc::<Self>::clone(self),
            catalog: Arc::<Self>::clone(self),
            inventory: Arc::<Self>::clone(self),
            carts: Arc::<Self>::clone(self),
            payments: Arc::<Self>::clone(self),
            shipping: Arc::<Self>::clone(self),
        }
    }

    pub(crate) fn stumble(&self, step: &'static str, stumble: Stumble) {
        self.stumbles.lock().unwrap().push((step, stumble));
    }

    /// The steps that were asked for since the last look.
    pub(crate) fn steps(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    fn step(&self, step: &'static str) -> Option<Stumble> {
        self.calls.lock().unwrap().push(step.to_owned());
        self.stumbles_at(step)
    }

    pub(crate) fn stumbles_at(&self, step: &'static str) -> Option<Stumble> {
        let mut stumbles = self.stumbles.lock().unwrap();
        let next = stumbles.iter().position(|(at, _)| *at == step)?;
        Some(stumbles.remove(next).1)
    }
}

pub(crate) fn lost() -> Failure {
    Failure::new(FailureKind::Unavailable)
}

#[async_trait]
impl Carts for Shop {
    async fn contents(
        &self,
        _: &Call,
        request: GetCart,
    ) -> Result<CartContents, CallError<CartRefusal>> {
        if request.cart != self.cart {
            return Err(CartRefusal::UnknownCart.into());
        }
        if self.stumbles_at("contents").is_some() {
            self.go_on.notified().await;
        }
        let line = WantedLine { sku: "mug".parse().unwrap(), quantity: 2.try_into().unwrap() };
        let (id, owner, currency) = (self.cart, CartOwner::Guest, Currency::EUR);
        let order = *self.frozen.lock().unwrap();
        Ok(CartContents { id, owner, currency, lines: vec![line], order })
    }

    async fn freeze(&self, _: &Call, request: Freeze) -> Result<(), CallError<CartRefusal>> {
        *self.frozen.lock().unwrap() = Some(request.order);
        self.step("freeze").map_or(Ok(()), |_| Err(lost().into()))
    }

    async fn thaw(&self, _: &Call, _: Thaw) -> Result<(), CallError<CartRefusal>> {
        *self.frozen.lock().unwrap() = None;
        self.step("thaw").map_or(Ok(()), |_| Err(lost().into()))
    }

    unused! {
        create: CreateCart => Cart, CartRefusal;
        cart: GetCart => Cart, CartRefusal;
        put_line: PutLine => Cart, CartRefusal;
        remove_line: RemoveLine => Cart, CartRefusal;
        claim: ClaimCart => Cart, CartRefusal;
    }
}

#[async_trait]
impl Inventory for Shop {
    async fn reserve(
        &self,
        _: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        match self.step("reserve") {
            None => Ok(Reservation { order: request.order, lines: request.lines }),
            Some(Stumble::OutOfStock) => {
                let short = Shortage { sku: "mug".parse().unwrap(), requested: 2, available: 1 };
                Err(ReserveRefusal::OutOfStock { lines: vec![short] }.into())
            }
            Some(Stumble::Paused) => std::future::pending().await,
            Some(_) => Err(lost().into()),
        }
    }

    async fn release(&self, _: &Call, _: Release) -> Result<(), CallError<ReserveRefusal>> {
        self.step("release").map_or(Ok(()), |_| Err(lost().into()))
    }

    unused! {
        availability: Availability => Vec<StockLevel>, StockRefusal;
        stock: GetStock => Stock, StockRefusal;
        set_on_hand: SetOnHand => Stock, StockRefusal;
        adjust: AdjustStock => Stock, StockRefusal;
        open: OpenStock => StockOpened, StockRefusal;
        movements: ListMovements => Page<Movement>, StockRefusal;
    }
}

#[async_trait]
impl Payments for Shop {
    async fn authorize(
        &self,
        _: &Call,
        request: Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>> {
        match self.step("authorize") {
            None => Ok(Payment {
                id: request.payment,
                order_id: request.order,
                provider: request.provider,
                status: PaymentStatus::Authorized,
                authorized: request.amount,
                captured: Money::zero(Currency::EUR),
                refunded: Money::zero(Currency::EUR),
                replayed: false,
            }),
            Some(Stumble::Declined) => {
                Err(AuthorizeRefusal::PaymentDeclined { decline_code: "card_declined".to_owned() }
                    .into())
            }
            Some(_) => Err(lost().into()),
        }
    }

    async fn void(&self, _: &Call, _: Void) -> Result<(), CallError<PaymentRefusal>> {
        self.step("void").map_or(Ok(()), |_| Err(lost().into()))
    }

    async fn providers(
        &self,
        _: &Call,
        _: ListProviders,
    ) -> Result<Vec<String>, CallError<PaymentRefusal>> {
        Ok(vec!["sandbox".to_owned()])
    }

    unused! {
        capture: Capture => Payment, PaymentRefusal;
        refund: Refund => Payment, PaymentRefusal;
        payment: GetPayment => Payment, PaymentRefusal;
    }
}
