use std::time::Duration;

use kernel::{Call, CallError, Failure, Money};
use orders_contract::PlaceRefusal;
use shipping_contract::{GetTariff, ListMethods};

use crate::domain::tariff;
use crate::store::tariff::{keep, kept};
use crate::{MODULE, OrdersModule};

/// A purchase does not wait longer than this for what it can tell without.
const MOST_PATIENCE: Duration = Duration::from_secs(1);
/// How long the tariff may take, which nobody waits for.
const TO_ASK: Duration = Duration::from_secs(5);

/// What a parcel costs: as `shipping` says, or by the tariff that it told last while it is away.
pub(super) async fn postage(
    module: &OrdersModule,
    call: &Call,
    method: &str,
    parcel: ListMethods,
) -> Result<Money, CallError<PlaceRefusal>> {
    let patience = MOST_PATIENCE.min(call.remaining() / 2);
    let asking = call.child(MODULE, "methods").within(patience);
    let asked = module.neighbours.shipping.methods(&asking, parcel.clone());
    let price = match tokio::time::timeout(patience, asked).await {
        Ok(Ok(methods)) => methods.into_iter().find(|told| told.code == method).map(|it| it.price),
        Ok(Err(CallError::Refused(_))) => None,
        Ok(Err(CallError::Failed(failure))) => by_tariff(module, method, &parcel, failure).await?,
        Err(_) => by_tariff(module, method, &parcel, Failure::deadline()).await?,
    };
    price.ok_or_else(|| PlaceRefusal::UnknownShippingMethod.into())
}

async fn by_tariff(
    module: &OrdersModule,
    method: &str,
    parcel: &ListMethods,
    failure: Failure,
) -> Result<Option<Money>, Failure> {
    let Some(known) = kept(&module.database).await? else { return Err(failure) };
    tracing::warn!(error = %failure.chain(), "priced a parcel by the tariff that shipping told last");
    Ok(tariff::price(&known, method, parcel))
}

/// Keeps what `shipping` asks for parcels now.
pub(crate) async fn keep_tariff(module: &OrdersModule) -> Result<(), Failure> {
    let call = Call::system(MODULE, TO_ASK);
    let tariff = module.neighbours.shipping.tariff(&call, GetTariff {}).await;
    let tariff = tariff.map_err(CallError::into_failure)?;
    keep(&module.database, &tariff, module.clock.now()).await
}
