use kernel::{Call, CallError, Email, Failure, OrderId, PaymentId};
use orders_contract::{OrderStatus, OrderTotals, PlaceOrder, PlaceRefusal, Placed};
use payments_contract::ListProviders;
use platform::fault;
use platform::saga::Saga;
use sha2::{Digest as _, Sha256};
use users_contract::GetUser;

use super::answering::to_be_answered;
use super::checkout;
use super::priced::{Wanted, priced};
use crate::store::history;
use crate::store::orders::{self, Binding, NewOrder, Recorded};
use crate::store::read::{Document, StoredOrder, find, find_by_key};
use crate::{MODULE, OrdersModule};

/// Buys the cart, once for each key.
pub(crate) async fn place(
    module: &OrdersModule,
    call: &Call,
    request: PlaceOrder,
) -> Result<Placed, CallError<PlaceRefusal>> {
    let call = &to_be_answered(call);
    let binding = binding(call, &request)?;
    if let Some(earlier) = find_by_key(&module.database, &binding).await? {
        return repeat(module, call, &binding, earlier).await;
    }
    let document = match document(module, call, &request).await {
        Ok(document) => document,
        Err(CallError::Refused(refusal)) => {
            return refuse_unless_repeated(module, call, &binding, refusal).await;
        }
        Err(failed) => return Err(failed),
    };

    let (id, payment) = (OrderId::generate(), PaymentId::generate());
    let token = &request.payment.token;
    let order =
        NewOrder { id, cart: request.cart, payment, token, document: &document, binding: &binding };
    match record(module, call, &order).await? {
        Begun::New(saga, order) => {
            Ok(Placed { order: run(module, call, saga, &order).await?, replayed: false })
        }
        Begun::Earlier(earlier) => repeat(module, call, &binding, *earlier).await,
        Begun::CartSpent(order_id) => Err(PlaceRefusal::CartSpent { order_id }.into()),
    }
}

enum Begun {
    New(Saga, Box<StoredOrder>),
    Earlier(Box<StoredOrder>),
    CartSpent(OrderId),
}

/// Records the order, its saga and the client's key together.
async fn record(
    module: &OrdersModule,
    call: &Call,
    order: &NewOrder<'_>,
) -> Result<Begun, Failure> {
    // Who could not be told any more that there is an order should have none.
    call.check_deadline()?;
    let (id, now) = (order.id, module.clock.now());
    let deadline = now.plus(module.settings.settle_within());
    let (saga, started) =
        Saga::start(("checkout", &id.to_string()), now, module.sagas.lease, deadline);
    let also = [history::entry(id, "pending", now, None), started];
    fault::reach("orders.before-record-commit");
    Ok(match orders::record(&module.database, order, now, also).await? {
        Recorded::New(recorded) => {
            fault::reach("orders.recorded");
            Begun::New(saga, recorded)
        }
        Recorded::Repeated(earlier) => Begun::Earlier(earlier),
        Recorded::CartSpent(live) => Begun::CartSpent(live),
    })
}

/// Runs the purchase while the caller waits. What is not settled by then settles by itself.
async fn run(
    module: &OrdersModule,
    call: &Call,
    saga: Saga,
    order: &StoredOrder,
) -> Result<orders_contract::Order, CallError<PlaceRefusal>> {
    let (held, id) = (saga.clone(), order.order.id);
    let driving = checkout::drive(module, call, saga, order);
    let failure = match tokio::time::timeout(call.remaining(), driving).await {
        Ok(Ok(settled)) => return Ok(shown(module, settled)),
        Ok(Err(failure)) => failure,
        Err(_) => Failure::deadline(),
    };
    tracing::warn!(order.id = %id, error = %failure.chain(), "order {id} is not settled yet, its saga goes on");
    checkout::hand_over(module, &held, &failure).await;
    Ok(shown(module, checkout::order(module, id).await?))
}

/// Tells why nothing is recorded; where the same key was bound since it was looked up, that purchase may be why, as of its cart.
async fn refuse_unless_repeated(
    module: &OrdersModule,
    call: &Call,
    binding: &Binding,
    refusal: PlaceRefusal,
) -> Result<Placed, CallError<PlaceRefusal>> {
    match find_by_key(&module.database, binding).await? {
        Some(earlier) => repeat(module, call, binding, earlier).await,
        None => Err(refusal.into()),
    }
}

/// Tells the outcome of the purchase that the key is bound to, and waits for it if it still runs.
async fn repeat(
    module: &OrdersModule,
    call: &Call,
    binding: &Binding,
    earlier: StoredOrder,
) -> Result<Placed, CallError<PlaceRefusal>> {
    if earlier.digest != binding.digest {
        return Err(PlaceRefusal::IdempotencyKeyReused.into());
    }
    let mut order = earlier;
    let mut waiting = module.settling.of(order.order.id);
    while !order.is_settled() && !call.remaining().is_zero() {
        if let Some(now) = find(&module.database, order.order.id).await? {
            order = now;
        }
        if !order.is_settled() {
            waiting.again(call).await;
        }
    }
    Ok(Placed { order: shown(module, order.into_placed()), replayed: true })
}

/// The answer to a purchase: to a guest, with what opens the order.
fn shown(module: &OrdersModule, stored: StoredOrder) -> orders_contract::Order {
    let mut order = stored.order;
    if order.user_id.is_none() && order.status != OrderStatus::Rejected {
        order.access_token = Some(module.access.token(order.id));
    }
    order
}

/// The key's scope is the signed-in user, or the cart that a guest buys.
fn binding(call: &Call, request: &PlaceOrder) -> Result<Binding, CallError<PlaceRefusal>> {
    let key = call.key.clone().ok_or(PlaceRefusal::IdempotencyKeyMissing)?;
    let scope = call
        .principal
        .user()
        .map_or_else(|| format!("cart:{}", request.cart), |user| format!("user:{user}"));
    let body = serde_json::to_vec(request).map_err(Failure::internal)?;
    Ok(Binding { scope, key, digest: hex::encode(Sha256::digest(body)) })
}

async fn check_expectations(
    module: &OrdersModule,
    call: &Call,
    request: &PlaceOrder,
    totals: &OrderTotals,
) -> Result<(), CallError<PlaceRefusal>> {
    if let Some(expected) = request.expected_total.filter(|expected| *expected != totals.total) {
        return Err(PlaceRefusal::PriceChanged { expected, actual: totals.total }.into());
    }
    let providers = module
        .neighbours
        .payments
        .providers(&call.child(MODULE, "providers"), ListProviders {})
        .await;
    let providers = providers.map_err(|error| CallError::Failed(error.into_failure()))?;
    if providers.contains(&request.payment.provider) {
        Ok(())
    } else {
        Err(PlaceRefusal::UnknownProvider.into())
    }
}

/// What would be bought: the cart as it is, priced now.
async fn document(
    module: &OrdersModule,
    call: &Call,
    request: &PlaceOrder,
) -> Result<Document, CallError<PlaceRefusal>> {
    let wanted = Wanted {
        cart: request.cart,
        country: request.shipping_address.country,
        shipping_method: &request.shipping_method,
        discount_code: request.discount_code.as_deref(),
    };
    let (lines, totals) = priced(module, call, wanted).await?;
    check_expectations(module, call, request, &totals).await?;
    Ok(Document {
        user_id: call.principal.user(),
        email: email(module, call, request).await?,
        shipping_address: request.shipping_address.clone(),
        shipping_method: request.shipping_method.clone(),
        provider: request.payment.provider.clone(),
        lines,
        totals,
    })
}

/// The e-mail that was given, else the account's.
async fn email(
    module: &OrdersModule,
    call: &Call,
    request: &PlaceOrder,
) -> Result<Email, CallError<PlaceRefusal>> {
    if let Some(email) = &request.email {
        return Ok(email.clone());
    }
    let user = call.principal.user().ok_or(PlaceRefusal::EmailMissing)?;
    let account =
        module.neighbours.users.user(&call.child(MODULE, "email"), GetUser { user }).await;
    Ok(account.map_err(|error| CallError::Failed(error.into_failure()))?.email)
}
