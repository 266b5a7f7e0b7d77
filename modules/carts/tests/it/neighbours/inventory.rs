use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use inventory_contract::{
    AdjustStock, Availability, GetStock, Inventory, ListMovements, Movement, OpenStock, Release,
    Reservation, Reserve, ReserveRefusal, SetOnHand, Stock, StockLevel, StockOpened, StockRefusal,
};
use kernel::{Call, CallError, Page, SkuId};

use super::down;

/// An inventory that has what a test says.
#[derive(Default)]
pub(crate) struct FakeInventory {
    levels: Mutex<BTreeMap<SkuId, u32>>,
    mood: Mutex<Mood>,
    calls: AtomicUsize,
}

/// How it answers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Mood {
    #[default]
    Up,
    Down,
    Paused,
}

impl FakeInventory {
    pub(crate) fn stock(&self, sku: &str, available: u32) {
        self.levels.lock().unwrap().insert(sku.parse().unwrap(), available);
    }

    pub(crate) fn turn(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Inventory for FakeInventory {
    async fn reserve(
        &self,
        _: &Call,
        _: Reserve,
    ) -> Result<Reservation, CallError<ReserveRefusal>> {
        down()
    }

    async fn release(&self, _: &Call, _: Release) -> Result<(), CallError<ReserveRefusal>> {
        down()
    }

    async fn availability(
        &self,
        _: &Call,
        request: Availability,
    ) -> Result<Vec<StockLevel>, CallError<StockRefusal>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Down => down(),
            Mood::Paused => std::future::pending().await,
            Mood::Up => {
                let levels = self.levels.lock().unwrap();
                let level = |sku: &SkuId| {
                    Some(StockLevel { sku: sku.clone(), available: *levels.get(sku)? })
                };
                Ok(request.skus.iter().filter_map(level).collect())
            }
        }
    }

    async fn stock(&self, _: &Call, _: GetStock) -> Result<Stock, CallError<StockRefusal>> {
        down()
    }

    async fn set_on_hand(&self, _: &Call, _: SetOnHand) -> Result<Stock, CallError<StockRefusal>> {
        down()
    }

    async fn adjust(&self, _: &Call, _: AdjustStock) -> Result<Stock, CallError<StockRefusal>> {
        down()
    }

    async fn open(&self, _: &Call, _: OpenStock) -> Result<StockOpened, CallError<StockRefusal>> {
        down()
    }

    async fn movements(
        &self,
        _: &Call,
        _: ListMovements,
    ) -> Result<Page<Movement>, CallError<StockRefusal>> {
        down()
    }
}
