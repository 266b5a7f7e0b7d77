use std::collections::VecDeque;

use kernel::{CallError, OrderId, Timestamp};
use platform::ops::{Fact, ListFacts, OpsRefusal};

use crate::cli::Shop;

const AT_ONCE: u32 = 500;
/// Who knows something of orders, in the order of the fields of [`OrderKnown`].
const KNOWING: [&str; 4] = ["orders", "inventory", "payments", "sandbox_provider"];

/// What is known of an order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrderKnown {
    /// By `orders`.
    pub order: Option<Fact>,
    /// By `inventory`.
    pub hold: Option<Fact>,
    /// By `payments`.
    pub payment: Option<Fact>,
    /// By the sandbox provider.
    pub record: Option<Fact>,
}

impl OrderKnown {
    /// When any of it changed last.
    pub fn changed_at(&self) -> Option<Timestamp> {
        let facts = [&self.order, &self.hold, &self.payment, &self.record];
        facts.into_iter().flatten().map(|fact| fact.changed_at).max()
    }
}

/// Everything that is known, order by order, in constant memory.
pub struct Merge<'a> {
    shop: &'a Shop,
    sources: [Source; 4],
}

struct Source {
    module: &'static str,
    after: Option<OrderId>,
    waiting: VecDeque<Fact>,
    ended: bool,
}

impl<'a> Merge<'a> {
    /// Begins with the order after one, or with the first.
    pub fn after(shop: &'a Shop, after: Option<OrderId>) -> Self {
        let source = |module| Source { module, after, waiting: VecDeque::new(), ended: false };
        Self { shop, sources: KNOWING.map(source) }
    }

    /// The next order of which anything is known.
    pub async fn next(&mut self) -> Result<Option<(OrderId, OrderKnown)>, CallError<OpsRefusal>> {
        for source in &mut self.sources {
            source.fill(self.shop).await?;
        }
        let first = self.sources.iter().filter_map(|source| source.waiting.front());
        let Some(id) = first.map(|fact| fact.order).min() else { return Ok(None) };
        let [order, hold, payment, record] = self.sources.each_mut().map(|source| source.take(id));
        Ok(Some((id, OrderKnown { order, hold, payment, record })))
    }
}

impl Source {
    async fn fill(&mut self, shop: &Shop) -> Result<(), CallError<OpsRefusal>> {
        if self.ended || !self.waiting.is_empty() {
            return Ok(());
        }
        let request = ListFacts { after: self.after, limit: AT_ONCE };
        let facts = shop.ops(self.module)?.facts(&Shop::call(), request).await?;
        self.after = facts.last().map(|fact| fact.order).or(self.after);
        self.ended = facts.is_empty();
        self.waiting = facts.into();
        Ok(())
    }

    fn take(&mut self, id: OrderId) -> Option<Fact> {
        self.waiting.pop_front_if(|fact| fact.order == id)
    }
}
