use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel::{Email, Label, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use users_contract as contract;
use utoipa::{IntoParams, ToSchema};

use super::common::{Answer, List, page};
use super::schema::{EmailAddress, Id, Time};
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, IfMatch, Limit, Path, Query, Versioned};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/users", "listUsers", "All accounts, newest first")
            .access(Access::Admin)
            .query::<ListQuery>()
            .answers::<List<Account>>(200, "A part of the list."),
        list,
    );
    table.add(
        Operation::get("/api/users/{id}", "getUser", "An account")
            .access(Access::Admin)
            .versioned()
            .answers::<Account>(200, "The account.")
            .refuses(404, &["not-found"]),
        one,
    );
    table.add(
        Operation::patch(
            "/api/users/{id}",
            "updateUser",
            "Changes a role, or shuts an account out",
        )
        .access(Access::Admin)
        .body::<UpdateAccount>()
        .conditional()
        .answers::<Account>(200, "The account as it is now.")
        .refuses(404, &["not-found"])
        .refuses(409, &["last-admin"]),
        update,
    );
}

/// An account, to its owner.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    #[schema(value_type = Id)]
    id: UserId,
    #[schema(value_type = EmailAddress)]
    email: Email,
    #[schema(value_type = String)]
    name: Label<200>,
    role: Role,
    #[schema(value_type = Time)]
    created_at: Timestamp,
}

impl From<contract::User> for User {
    fn from(user: contract::User) -> Self {
        let contract::User { id, email, name, role, created_at, .. } = user;
        Self { id, email, name, role: role.into(), created_at }
    }
}

/// An account, to an admin.
#[derive(Serialize, ToSchema)]
struct Account {
    #[schema(value_type = Id)]
    id: UserId,
    #[schema(value_type = EmailAddress)]
    email: Email,
    #[schema(value_type = String)]
    name: Label<200>,
    role: Role,
    /// Whether it is shut out.
    disabled: bool,
    #[schema(value_type = Time)]
    created_at: Timestamp,
}

impl From<contract::User> for Account {
    fn from(user: contract::User) -> Self {
        let contract::User { id, email, name, role, disabled, created_at, .. } = user;
        Self { id, email, name, role: role.into(), disabled, created_at }
    }
}

/// What an account may do; each may do what those before it may.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Role {
    Buyer,
    Staff,
    Admin,
}

impl From<contract::Role> for Role {
    fn from(role: contract::Role) -> Self {
        match role {
            contract::Role::Buyer => Self::Buyer,
            contract::Role::Staff => Self::Staff,
            contract::Role::Admin => Self::Admin,
        }
    }
}

impl From<Role> for contract::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Buyer => Self::Buyer,
            Role::Staff => Self::Staff,
            Role::Admin => Self::Admin,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// How many; 20 unless asked.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    limit: Limit,
    /// The `next` of the part before.
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateAccount {
    /// What it may do from now on.
    role: Option<Role>,
    /// Whether it is shut out from now on.
    disabled: Option<bool>,
}

async fn list(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Query(query): Query<ListQuery>,
) -> Answer<Json<List<Account>>> {
    let request = contract::ListUsers { page: page(query.limit, query.cursor) };
    Ok(List::of(gateway.services.users.list(&call, request).await?, Account::from))
}

async fn one(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(user): Path<UserId>,
) -> Answer<Versioned<Account>> {
    let user = gateway.services.users.user(&call, contract::GetUser { user }).await?;
    Ok(Versioned { version: user.version, body: user.into() })
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Path(user): Path<UserId>,
    IfMatch(expected_version): IfMatch,
    Body(body): Body<UpdateAccount>,
) -> Answer<Versioned<Account>> {
    let request = contract::UpdateUser {
        user,
        role: body.role.map(contract::Role::from),
        disabled: body.disabled,
        expected_version,
    };
    let user = gateway.services.users.update(&call, request).await?;
    Ok(Versioned { version: user.version, body: user.into() })
}
