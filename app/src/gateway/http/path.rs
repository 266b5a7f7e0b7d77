use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::{StatusCode, request::Parts};
use kernel::{AddressId, CartId, DeliveryId, OrderId, PaymentId, ProductId, SkuId, UserId};

use super::Problem;

/// The parts of the path that vary. What can't name anything is told the same as what names nothing.
pub(crate) struct Path<T>(pub(crate) T);

/// A product by its id or its slug.
pub(crate) struct ProductRef(pub(crate) String);

/// A category's name in addresses.
pub(crate) struct Slug(pub(crate) String);

/// A subscription's stable name.
pub(crate) struct SubscriptionName(pub(crate) String);

/// A part of a path that names something.
pub(crate) trait Named: Sized + Send {
    fn parse(text: &str) -> Option<Self>;
    fn unknown(text: &str) -> Problem;
}

impl<T: Named, S: Sync + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = names(parts, state).await?;
        one(&names, 0).map(Self)
    }
}

impl<A: Named, B: Named, S: Sync + Send> FromRequestParts<S> for Path<(A, B)> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = names(parts, state).await?;
        Ok(Self((one(&names, 0)?, one(&names, 1)?)))
    }
}

async fn names<S: Sync + Send>(parts: &mut Parts, state: &S) -> Result<RawPathParams, Problem> {
    RawPathParams::from_request_parts(parts, state).await.map_err(|_| Problem::unknown_path())
}

fn one<T: Named>(names: &RawPathParams, position: usize) -> Result<T, Problem> {
    let (name, text) = names.iter().nth(position).ok_or_else(Problem::unknown_path)?;
    if text.contains('\0') {
        return Err(Problem::invalid(name, "must not contain U+0000"));
    }
    T::parse(text).ok_or_else(|| T::unknown(text))
}

/// Ids in the one form that we write; the others that a UUID can have name nothing.
macro_rules! named_by_id {
    ($($id:ty => $code:literal, $detail:literal);+ $(;)?) => {$(
        impl Named for $id {
            fn parse(text: &str) -> Option<Self> {
                if text.len() == 36 { text.parse().ok() } else { None }
            }

            fn unknown(_: &str) -> Problem {
                Problem::new(StatusCode::NOT_FOUND, $code, $detail)
            }
        }
    )+};
}

named_by_id! {
    AddressId => "not-found", "no such address";
    CartId => "unknown-cart", "no such cart";
    DeliveryId => "not-found", "no such delivery";
    OrderId => "not-found", "no such order";
    PaymentId => "not-found", "no such payment";
    ProductId => "not-found", "no such product";
    UserId => "not-found", "no such user";
}

impl Named for SkuId {
    fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn unknown(text: &str) -> Problem {
        let shown: String = text.chars().take(SkuId::MAX_CHARS).collect();
        Problem::new(StatusCode::NOT_FOUND, "unknown-sku", "no such SKU").with("sku", shown)
    }
}

impl Named for ProductRef {
    fn parse(text: &str) -> Option<Self> {
        (1..=300).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    fn unknown(_: &str) -> Problem {
        Problem::not_found("no such product")
    }
}

impl Named for Slug {
    fn parse(text: &str) -> Option<Self> {
        (1..=300).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    fn unknown(_: &str) -> Problem {
        Problem::not_found("no such category")
    }
}

impl Named for SubscriptionName {
    fn parse(text: &str) -> Option<Self> {
        (1..=300).contains(&text.len()).then(|| Self(text.to_owned()))
    }

    fn unknown(_: &str) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "unknown-subscription", "no such subscription")
    }
}
