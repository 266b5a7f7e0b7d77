use std::time::Duration;

use carts_contract::CartRefusal;
use catalog_contract::Offers;
use futures_util::future::join;
use inventory_contract::{Availability, StockLevel};
use kernel::{Call, CallError, CartId, Currency, Failure, SkuId};

use crate::domain::cart::KeptCart;
use crate::domain::market::Market;
use crate::store::carts::kept_cart;
use crate::{CartsModule, MODULE};

/// A cart does not wait longer than this for the numbers that it can do without.
const MOST_PATIENCE: Duration = Duration::from_secs(1);

/// The cart as it is kept, to those who may see it.
pub(super) async fn open(
    module: &CartsModule,
    call: &Call,
    id: CartId,
) -> Result<KeptCart, CallError<CartRefusal>> {
    let cart = kept_cart(&module.database, id).await?.ok_or(CartRefusal::UnknownCart)?;
    cart.head.admit(&call.principal)?;
    Ok(cart)
}

/// What the SKUs are, cost, and how many there are: one call each to catalog and inventory, at the same time.
pub(super) async fn ask(
    module: &CartsModule,
    call: &Call,
    currency: Currency,
    skus: Vec<SkuId>,
) -> Result<Market, Failure> {
    if skus.is_empty() {
        return Ok(Market::new(Vec::new(), Some(Vec::new())));
    }
    let about = Offers { skus: skus.clone(), currency: Some(currency), not_on_sale_too: false };
    let asking = call.child(MODULE, "offers");
    let offers = module.catalog.offers(&asking, about);
    let (offers, levels) = join(offers, levels(module, call, skus)).await;
    Ok(Market::new(offers.map_err(CallError::into_failure)?, levels))
}

async fn levels(module: &CartsModule, call: &Call, skus: Vec<SkuId>) -> Option<Vec<StockLevel>> {
    let patience = MOST_PATIENCE.min(call.remaining() / 2);
    let asking = call.child(MODULE, "availability").within(patience);
    let levels = module.inventory.availability(&asking, Availability { skus });
    let failure = match tokio::time::timeout(patience, levels).await {
        Ok(Ok(levels)) => return Some(levels),
        Ok(Err(error)) => error.into_failure(),
        Err(_) => Failure::deadline(),
    };
    tracing::warn!(error = %failure.chain(), "showed a cart without what is available");
    None
}
