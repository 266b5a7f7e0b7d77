use async_trait::async_trait;
use carts_contract::{
    Cart, CartContents, CartOwner, CartRefusal, Carts, ClaimCart, CreateCart, Freeze, GetCart,
    PutLine, RemoveLine, Thaw, WantedLine,
};
use kernel::{Call, CallError, Currency, Failure, Page, Principal, Quantity, Secret};
use orders_contract::{
    Cancel, CancelRefusal, GetOrder, History, HistoryEntry, ListOrders, Order, OrderStatus, Orders,
    PlaceOrder, PlaceRefusal, Placed, Quote, QuoteOrder, ReadRefusal, Rejection, ShortLine,
};

use super::Shop;
use crate::samples::{MUG, cart, cart_id, eur, now, order, order_id, sku, totals};

fn known(request: kernel::CartId) -> Result<Cart, CallError<CartRefusal>> {
    if request == cart_id() { Ok(cart()) } else { Err(CartRefusal::UnknownCart.into()) }
}

#[async_trait]
impl Carts for Shop {
    async fn create(
        &self,
        call: &Call,
        request: CreateCart,
    ) -> Result<Cart, CallError<CartRefusal>> {
        self.note(call);
        Ok(Cart { currency: request.currency.unwrap_or(Currency::EUR), ..cart() })
    }

    async fn cart(&self, call: &Call, request: GetCart) -> Result<Cart, CallError<CartRefusal>> {
        self.note(call);
        known(request.cart)
    }

    async fn contents(
        &self,
        call: &Call,
        request: GetCart,
    ) -> Result<CartContents, CallError<CartRefusal>> {
        self.note(call);
        let Cart { id, currency, .. } = known(request.cart)?;
        let quantity = Quantity::try_from(3).unwrap();
        let lines = vec![WantedLine { sku: sku(MUG), quantity }];
        Ok(CartContents { id, owner: CartOwner::Guest, currency, lines, order: None })
    }

    async fn put_line(
        &self,
        call: &Call,
        request: PutLine,
    ) -> Result<Cart, CallError<CartRefusal>> {
        self.note(call);
        match request.sku.as_str() {
            "spent" => Err(CartRefusal::CartSpent { order_id: order_id() }.into()),
            "full" => Err(CartRefusal::TooManyLines { most: 100 }.into()),
            MUG | crate::samples::ODD => known(request.cart),
            _ => Err(CartRefusal::UnknownSku { sku: request.sku }.into()),
        }
    }

    async fn remove_line(
        &self,
        call: &Call,
        request: RemoveLine,
    ) -> Result<Cart, CallError<CartRefusal>> {
        self.note(call);
        known(request.cart)
    }

    async fn claim(&self, call: &Call, request: ClaimCart) -> Result<Cart, CallError<CartRefusal>> {
        self.note(call);
        known(request.cart)
    }

    async fn freeze(&self, _: &Call, _: Freeze) -> Result<(), CallError<CartRefusal>> {
        Ok(())
    }

    async fn thaw(&self, _: &Call, _: Thaw) -> Result<(), CallError<CartRefusal>> {
        Ok(())
    }
}

fn rejected(rejection: Rejection) -> Order {
    Order { rejection: Some(rejection), ..order(OrderStatus::Rejected) }
}

fn outcome(token: &str) -> Result<Order, CallError<PlaceRefusal>> {
    Ok(match token {
        "tok_ok" => {
            let access_token = Some(Secret::new("order-token"));
            Order { access_token, ..order(OrderStatus::Confirmed) }
        }
        "tok_slow" => order(OrderStatus::Pending),
        "tok_undoing" => Order { status: OrderStatus::Pending, ..rejected(Rejection::TimedOut) },
        "tok_declined" => {
            rejected(Rejection::PaymentDeclined { decline_code: "card_declined".to_owned() })
        }
        "tok_short" => {
            let line = ShortLine { sku: sku(MUG), requested: 2, available: 1 };
            rejected(Rejection::OutOfStock { lines: vec![line] })
        }
        "tok_spent" => rejected(Rejection::CartSpent { order_id: order_id() }),
        "tok_late" => rejected(Rejection::TimedOut),
        "tok_dear" => {
            return Err(PlaceRefusal::PriceChanged { expected: eur(1), actual: eur(4497) }.into());
        }
        "tok_reused" => return Err(PlaceRefusal::IdempotencyKeyReused.into()),
        _ => return Err(Failure::unavailable("orders is down").into()),
    })
}

#[async_trait]
impl Orders for Shop {
    async fn quote(&self, call: &Call, _: QuoteOrder) -> Result<Quote, CallError<PlaceRefusal>> {
        self.note(call);
        Ok(Quote { lines: order(OrderStatus::Pending).lines, totals: totals() })
    }

    async fn place(
        &self,
        call: &Call,
        request: PlaceOrder,
    ) -> Result<Placed, CallError<PlaceRefusal>> {
        self.note(call);
        let replayed = call.key.as_ref().is_some_and(|key| key.as_str() == "again");
        Ok(Placed { order: outcome(request.payment.token.reveal())?, replayed })
    }

    async fn order(&self, call: &Call, request: GetOrder) -> Result<Order, CallError<ReadRefusal>> {
        self.note(call);
        let shown = match &call.principal {
            Principal::Guest { proof: Some(proof) } => proof.reveal() == "order-token",
            Principal::Guest { proof: None } => false,
            _ => true,
        };
        if shown && request.order == order_id() {
            Ok(order(OrderStatus::Confirmed))
        } else {
            Err(ReadRefusal::NotFound.into())
        }
    }

    async fn list(
        &self,
        call: &Call,
        _: ListOrders,
    ) -> Result<Page<Order>, CallError<ReadRefusal>> {
        self.note(call);
        Ok(Page { items: vec![order(OrderStatus::Confirmed)], next: None })
    }

    async fn history(
        &self,
        call: &Call,
        request: History,
    ) -> Result<Vec<HistoryEntry>, CallError<ReadRefusal>> {
        self.note(call);
        if request.order.to_string().ends_with("ff") {
            // An order to which nothing more happens for now.
            if request.wait_ms > 0 {
                std::future::pending::<()>().await;
            }
            let entry = (1, OrderStatus::Pending, None, false);
            return Ok(vec![entry_of(entry)]
                .into_iter()
                .filter(|e| e.number > request.after)
                .collect());
        }
        if request.order != order_id() {
            return Err(ReadRefusal::NotFound.into());
        }
        let all = [
            (1, OrderStatus::Pending, None, false),
            (2, OrderStatus::Confirmed, Some("paid".to_owned()), false),
            (3, OrderStatus::Cancelled, None, true),
        ];
        // The last is told only to who waits for it.
        let told = if request.wait_ms > 0 { 3 } else { 2.max(request.after + 1) };
        let entries = all.into_iter().map(entry_of);
        Ok(entries.filter(|e| e.number > request.after && e.number <= told).collect())
    }

    async fn cancel(&self, call: &Call, _: Cancel) -> Result<Order, CallError<CancelRefusal>> {
        self.note(call);
        Ok(order(OrderStatus::Cancelled))
    }
}

fn entry_of(
    (number, status, detail, last): (u64, OrderStatus, Option<String>, bool),
) -> HistoryEntry {
    HistoryEntry { number, status, at: now(), detail, last }
}
