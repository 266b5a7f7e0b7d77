use std::sync::atomic::Ordering;

use async_trait::async_trait;
use inventory_contract::{
    AdjustStock, Availability, GetStock, Inventory, ListMovements, Movement, OpenStock, Release,
    Reservation, Reserve, ReserveRefusal, SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};
use kernel::{Call, CallError, Failure, Page};

use super::Shop;
use crate::samples::{MUG, now};

#[async_trait]
impl Inventory for Shop {
    async fn reserve(
        &self,
        _: &Call,
        request: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        Ok(Reservation { order: request.order, lines: request.lines })
    }

    async fn release(&self, _: &Call, _: Release) -> Result<(), CallError<ReserveRefusal>> {
        Ok(())
    }

    async fn availability(
        &self,
        call: &Call,
        _: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
        self.note(call);
        if self.inventory_is_down.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("inventory is down").into());
        }
        Ok(vec![StockLevel { sku: MUG.parse().unwrap(), available: 5 }])
    }

    async fn stock(
        &self,
        call: &Call,
        request: GetStock,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        if request.sku.as_str() != MUG {
            return Err(StockRefusal::UnknownSku { sku: request.sku }.into());
        }
        Ok(Stock { sku: request.sku, on_hand: 7, reserved: 2, available: 5 })
    }

    async fn set_on_hand(
        &self,
        call: &Call,
        request: SetOnHand,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        match request.on_hand.checked_sub(2) {
            None => Err(StockRefusal::BelowReserved { reserved: 2 }.into()),
            Some(available) if available < 1_000_000 => {
                let SetOnHand { sku, on_hand } = request;
                Ok(Stock { sku, on_hand, reserved: 2, available })
            }
            Some(_) => Err(StockRefusal::TooMuch { most: 1_000_002 }.into()),
        }
    }

    async fn adjust(
        &self,
        call: &Call,
        request: AdjustStock,
    ) -> Result<Stock, CallError<StockRefusal>> {
        self.note(call);
        if request.delta > 1_000_000 {
            return Err(StockRefusal::TooMuch { most: 1_000_000 }.into());
        }
        Ok(Stock { sku: request.sku, on_hand: 7, reserved: 2, available: 5 })
    }

    async fn open(&self, _: &Call, _: OpenStock) -> Result<StockOpened, CallError<StockRefusal>> {
        Ok(StockOpened { opened: 0 })
    }

    async fn movements(
        &self,
        call: &Call,
        _: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>> {
        self.note(call);
        let movement = Movement {
            number: 1,
            kind: "opened".to_owned(),
            on_hand_delta: 7,
            reserved_delta: 0,
            reference: None,
            at: now(),
        };
        Ok(Page { items: vec![movement], next: None })
    }
}
