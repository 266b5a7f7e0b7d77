use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{AddressId, Country, Label, PostalAddress};
use serde::{Deserialize, Serialize};
use users_contract as contract;
use utoipa::ToSchema;

use super::account::signed_in;
use super::common::{Answer, Change, List, Postal, created};
use super::schema::{CountryCode, Id};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Path, Problem};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get(
            "/api/users/me/addresses",
            "listAddresses",
            "The caller's address book, oldest first",
        )
        .access(Access::Buyer)
        .answers::<List<Address>>(200, "All of it."),
        list,
    );
    table.add(
        Operation::post(
            "/api/users/me/addresses",
            "addAddress",
            "Adds to the caller's address book",
        )
        .access(Access::Buyer)
        .body::<Postal>()
        .answer_header("Location")
        .answers::<Address>(201, "The entry.")
        .refuses(409, &["too-many"]),
        add,
    );
    table.add(
        Operation::patch("/api/users/me/addresses/{id}", "updateAddress", "Changes an entry")
            .access(Access::Buyer)
            .body::<UpdateAddress>()
            .answers::<Address>(200, "The entry as it is now.")
            .refuses(404, &["not-found"]),
        update,
    );
    table.add(
        Operation::delete("/api/users/me/addresses/{id}", "removeAddress", "Removes an entry")
            .access(Access::Buyer)
            .answers_nothing("It is gone.")
            .refuses(404, &["not-found"]),
        remove,
    );
}

/// An entry of an address book.
#[derive(Serialize, ToSchema)]
struct Address {
    #[schema(value_type = Id)]
    id: AddressId,
    #[serde(flatten)]
    postal: Postal,
}

impl From<contract::Address> for Address {
    fn from(address: contract::Address) -> Self {
        Self { id: address.id, postal: address.postal.into() }
    }
}

/// What of an address changes; null takes away what may be absent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateAddress {
    #[schema(value_type = Option<String>, max_length = 200)]
    name: Option<Label<200>>,
    #[schema(value_type = Option<String>, max_length = 200)]
    line1: Option<Label<200>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    line2: Change<Label<200>>,
    #[schema(value_type = Option<String>, max_length = 100)]
    city: Option<Label<100>>,
    #[schema(value_type = Option<String>, max_length = 20)]
    postal_code: Option<Label<20>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    region: Change<Label<100>>,
    #[schema(value_type = Option<CountryCode>)]
    country: Option<Country>,
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 40)]
    phone: Change<Label<40>>,
}

impl UpdateAddress {
    fn applied_to(self, before: PostalAddress) -> PostalAddress {
        PostalAddress {
            name: self.name.unwrap_or(before.name),
            line1: self.line1.unwrap_or(before.line1),
            line2: self.line2.applied_to(before.line2),
            city: self.city.unwrap_or(before.city),
            postal_code: self.postal_code.unwrap_or(before.postal_code),
            region: self.region.applied_to(before.region),
            country: self.country.unwrap_or(before.country),
            phone: self.phone.applied_to(before.phone),
        }
    }
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
) -> Answer<Json<List<Address>>> {
    let request = contract::ListAddresses { user: signed_in(&call)? };
    let addresses = gateway.services.users.addresses(&call, request).await?;
    Ok(List::whole(addresses, Address::from))
}

async fn add(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(postal): Body<Postal>,
) -> Answer<Response> {
    let request = contract::AddAddress { user: signed_in(&call)?, postal: postal.into() };
    let address = gateway.services.users.add_address(&call, request).await?;
    let location = format!("/api/users/me/addresses/{}", address.id);
    Ok(created(&location, Json(Address::from(address))))
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(address): Path<AddressId>,
    Body(changes): Body<UpdateAddress>,
) -> Answer<Json<Address>> {
    let user = signed_in(&call)?;
    let users = &gateway.services.users;
    let known = users.addresses(&call, contract::ListAddresses { user }).await?;
    let before = known.into_iter().find(|known| known.id == address);
    let before = before.ok_or_else(|| Problem::not_found("no such address"))?;
    let postal = changes.applied_to(before.postal);
    let request = contract::UpdateAddress { user, address, postal };
    Ok(Json(users.update_address(&call, request).await?.into()))
}

async fn remove(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(address): Path<AddressId>,
) -> Answer<StatusCode> {
    let request = contract::RemoveAddress { user: signed_in(&call)?, address };
    gateway.services.users.remove_address(&call, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
