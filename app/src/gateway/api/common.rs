use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Country, Currency, Label, Page, PageRequest, PostalAddress};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::schema::{CountryCode, CurrencyCode};
use crate::gateway::http::{Limit, Problem};

/// What a handler answers.
pub(super) type Answer<T> = Result<T, Problem>;

/// An amount in the minor units of its currency.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Money {
    /// Minor units: 1999 of EUR are 19.99 €, 1999 of JPY are 1999 ¥.
    #[schema(value_type = i64)]
    amount: Amount,
    /// The currency.
    #[schema(value_type = CurrencyCode)]
    currency: Currency,
}

/// Minor units; what a client may name is from nothing to a trillion.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct Amount(pub(super) i64);

impl TryFrom<i64> for Amount {
    type Error = String;

    fn try_from(amount: i64) -> Result<Self, String> {
        if (0..=kernel::Money::MAX_INPUT).contains(&amount) {
            Ok(Self(amount))
        } else {
            Err(format!("must be between 0 and {}", kernel::Money::MAX_INPUT))
        }
    }
}

impl From<kernel::Money> for Money {
    fn from(money: kernel::Money) -> Self {
        Self { amount: Amount(money.amount()), currency: money.currency() }
    }
}

impl From<Money> for kernel::Money {
    fn from(money: Money) -> Self {
        Self::new(money.amount.0, money.currency)
    }
}

/// A part of a list.
#[derive(Debug, Serialize)]
pub(super) struct List<T> {
    items: Vec<T>,
    next: Option<String>,
}

// By hand, because the derived one does not name the type of its items.
impl<T: ToSchema> PartialSchema for List<T> {
    fn schema() -> RefOr<Schema> {
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Asks for the next part as `cursor`; null on the last."));
        let items = ArrayBuilder::new().items(Ref::from_schema_name(T::name()));
        let list = ObjectBuilder::new()
            .description(Some("A part of a list."))
            .property("items", items)
            .property("next", next)
            .required("items")
            .required("next");
        RefOr::T(list.build().into())
    }
}

impl<T: ToSchema> ToSchema for List<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T> List<T> {
    pub(super) fn of<C>(page: Page<C>, view: impl FnMut(C) -> T) -> Json<Self> {
        let page = page.map(view);
        Json(Self { items: page.items, next: page.next })
    }

    pub(super) fn whole<C>(items: Vec<C>, view: impl FnMut(C) -> T) -> Json<Self> {
        Self::of(Page { items, next: None }, view)
    }
}

/// Which part of a list.
pub(super) fn page(limit: Limit, cursor: Option<String>) -> PageRequest {
    PageRequest { limit: limit.into(), cursor }
}

/// Where a parcel goes.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PostalAddress)]
#[expect(clippy::struct_field_names, reason = "the public name of the field")]
pub(super) struct Postal {
    /// Who receives it.
    #[schema(value_type = String, max_length = 200)]
    pub(super) name: Label<200>,
    /// Street and number.
    #[schema(value_type = String, max_length = 200)]
    pub(super) line1: Label<200>,
    /// Floor, flat, care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub(super) line2: Option<Label<200>>,
    /// Town.
    #[schema(value_type = String, max_length = 100)]
    pub(super) city: Label<100>,
    /// Postal code.
    #[schema(value_type = String, max_length = 20)]
    pub(super) postal_code: Label<20>,
    /// State, province or county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub(super) region: Option<Label<100>>,
    /// Country.
    #[schema(value_type = CountryCode)]
    pub(super) country: Country,
    /// For the carrier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 40)]
    pub(super) phone: Option<Label<40>>,
}

impl From<Postal> for PostalAddress {
    fn from(postal: Postal) -> Self {
        let Postal { name, line1, line2, city, postal_code, region, country, phone } = postal;
        Self { name, line1, line2, city, postal_code, region, country, phone }
    }
}

impl From<PostalAddress> for Postal {
    fn from(address: PostalAddress) -> Self {
        let PostalAddress { name, line1, line2, city, postal_code, region, country, phone } =
            address;
        Self { name, line1, line2, city, postal_code, region, country, phone }
    }
}

/// The answer to a write that made something.
pub(super) fn created(location: &str, body: impl IntoResponse) -> Response {
    let mut response = (StatusCode::CREATED, body).into_response();
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// What becomes of a field that may be null: left out it stays, null takes it away.
#[derive(Debug, Clone, Default)]
pub(super) enum Change<T> {
    #[default]
    Keep,
    To(Option<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::To)
    }
}

impl<T> Change<T> {
    /// The field as it is now.
    pub(super) fn applied_to(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::To(now) => now,
        }
    }

    /// In the words of the contracts.
    #[expect(clippy::option_option, reason = "the contracts say it so")]
    pub(super) fn nested<U: From<T>>(self) -> Option<Option<U>> {
        match self {
            Self::Keep => None,
            Self::To(now) => Some(now.map(U::from)),
        }
    }
}
