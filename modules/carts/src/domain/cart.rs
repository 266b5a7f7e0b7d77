use carts_contract::{CartOwner, CartRefusal, WantedLine};
use kernel::{CartId, Currency, OrderId, Principal, Quantity, SkuId, Timestamp, UserId};

/// The most lines that a cart holds.
pub(crate) const MOST_LINES: u32 = 100;

/// A cart without its lines.
#[derive(Debug, Clone)]
pub(crate) struct CartHead {
    pub(crate) id: CartId,
    pub(crate) owner: CartOwner,
    pub(crate) currency: Currency,
    pub(crate) order: Option<OrderId>,
    /// Grows with every change.
    pub(crate) version: i64,
    pub(crate) updated_at: Timestamp,
}

/// A cart as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct KeptCart {
    pub(crate) head: CartHead,
    pub(crate) lines: Vec<WantedLine>,
}

impl CartHead {
    /// Refuses everybody but its owner, as if there were no such cart. A guest's cart is anybody's who has the id.
    pub(crate) fn admit(&self, principal: &Principal) -> Result<(), CartRefusal> {
        let admitted = match (&self.owner, principal) {
            (CartOwner::Guest, _) | (_, Principal::System { .. }) => true,
            (CartOwner::User { id }, principal) => principal.user() == Some(*id),
        };
        if admitted { Ok(()) } else { Err(CartRefusal::UnknownCart) }
    }

    /// Refuses everybody but its owner, and a change while an order of it lives.
    pub(crate) fn admit_change(&self, principal: &Principal) -> Result<(), CartRefusal> {
        self.admit(principal)?;
        match self.order {
            None => Ok(()),
            Some(order_id) => Err(CartRefusal::CartSpent { order_id }),
        }
    }

    /// Whether it is this buyer's already; refuses all other users, and a guest's cart that was ordered.
    pub(crate) fn admit_claim(&self, claimant: UserId) -> Result<bool, CartRefusal> {
        let principal = Principal::User { id: claimant };
        self.admit(&principal)?;
        if self.owner == (CartOwner::User { id: claimant }) {
            return Ok(true);
        }
        self.admit_change(&principal).map(|()| false)
    }
}

impl KeptCart {
    /// The lines once a SKU has a quantity: where it stood, or behind all others.
    pub(crate) fn lines_with(mut self, sku: SkuId, quantity: Quantity) -> Vec<WantedLine> {
        match self.lines.iter_mut().find(|line| line.sku == sku) {
            Some(line) => line.quantity = quantity,
            None => self.lines.push(WantedLine { sku, quantity }),
        }
        self.lines
    }

    /// The lines once a SKU is gone.
    pub(crate) fn lines_without(mut self, sku: &SkuId) -> Vec<WantedLine> {
        self.lines.retain(|line| line.sku != *sku);
        self.lines
    }

    /// Whether a SKU is in it.
    pub(crate) fn holds(&self, sku: &SkuId) -> bool {
        self.lines.iter().any(|line| line.sku == *sku)
    }

    /// Refuses a further SKU where the cart is full.
    pub(crate) fn admit_line(&self, sku: &SkuId) -> Result<(), CartRefusal> {
        let has_room = u32::try_from(self.lines.len()).is_ok_and(|lines| lines < MOST_LINES);
        if has_room || self.holds(sku) { Ok(()) } else { Err(too_many_lines()) }
    }

    /// What is in it.
    pub(crate) fn skus(&self) -> Vec<SkuId> {
        self.lines.iter().map(|line| line.sku.clone()).collect()
    }
}

/// The cart is full.
pub(crate) fn too_many_lines() -> CartRefusal {
    CartRefusal::TooManyLines { most: MOST_LINES }
}
