//! What other modules may know of `recommendations`: what goes with what, by what was bought.

mod events;
mod messages;

pub use events::SUBSCRIPTIONS;
pub use messages::{ForBuyer, Popular, RecommendationRefusal, Recommended, Related};

use kernel::{Call, CallError, async_trait, contract};

/// What goes with what. It listens to what is bought and answers from that alone, so it knows SKUs and no products.
#[contract(name = "recommendations", version = 1)]
#[async_trait]
pub trait Recommendations: Send + Sync + 'static {
    /// What was bought in one order with any of these SKUs, most often first; none of them is among it.
    #[call(read)]
    async fn related(
        &self,
        call: &Call,
        request: Related,
    ) -> Result<Vec<Recommended>, CallError<RecommendationRefusal>>;

    /// What is bought most often, most often first.
    #[call(read)]
    async fn popular(
        &self,
        call: &Call,
        request: Popular,
    ) -> Result<Vec<Recommended>, CallError<RecommendationRefusal>>;

    /// What was bought in one order with what a buyer bought, most often first, without what they have already.
    #[call(read)]
    async fn for_buyer(
        &self,
        call: &Call,
        request: ForBuyer,
    ) -> Result<Vec<Recommended>, CallError<RecommendationRefusal>>;
}
