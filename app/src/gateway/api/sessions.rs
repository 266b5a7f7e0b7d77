use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Email, Label};
use serde::{Deserialize, Serialize};
use users_contract as contract;
use utoipa::ToSchema;

use super::common::{Answer, created};
use super::schema::EmailAddress;
use super::users::User;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Context, NewPassword, Opaque};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::post(
            "/api/users/register",
            "register",
            "Makes a buyer's account and signs it in",
        )
        .body::<Register>()
        .answer_header("Location")
        .answers::<SignedIn>(201, "The account and its first tokens.")
        .refuses(409, &["email-taken"]),
        sign_up,
    );
    table.add(
        Operation::post("/api/users/login", "login", "Signs in")
            .body::<Login>()
            .answers::<SignedIn>(200, "The account and its tokens.")
            .refuses(401, &["invalid-credentials"]),
        sign_in,
    );
    table.add(
        Operation::post("/api/users/token/refresh", "refreshToken", "Trades a refresh token, once")
            .body::<Refresh>()
            .answers::<SignedIn>(200, "The account and its next tokens.")
            .refuses(401, &["invalid-token", "token-reused"]),
        refresh,
    );
    table.add(
        Operation::post("/api/users/logout", "logout", "Ends a session of the caller")
            .access(Access::Buyer)
            .body::<Refresh>()
            .answers_nothing("It is over."),
        sign_out,
    );
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Register {
    /// Whose account it is.
    #[schema(value_type = EmailAddress)]
    email: Email,
    /// Any Unicode.
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    password: NewPassword,
    /// For people.
    #[schema(value_type = String, max_length = 200)]
    name: Label<200>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Login {
    /// In any case.
    #[schema(value_type = EmailAddress)]
    email: Email,
    /// The account's password.
    #[schema(value_type = String)]
    password: Opaque,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RefreshToken)]
struct Refresh {
    /// The newest refresh token of the session.
    #[schema(value_type = String)]
    refresh_token: Opaque,
}

/// A session.
#[derive(Serialize, ToSchema)]
struct SignedIn {
    /// Who.
    user: User,
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Good for one trade.
    refresh_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// How many seconds the access token lives.
    expires_in: u64,
}

impl From<contract::SignedIn> for SignedIn {
    fn from(signed_in: contract::SignedIn) -> Self {
        Self {
            user: signed_in.user.into(),
            access_token: signed_in.access_token.reveal().to_owned(),
            refresh_token: signed_in.refresh_token.reveal().to_owned(),
            token_type: "Bearer",
            expires_in: signed_in.expires_in,
        }
    }
}

async fn sign_up(
    State(gateway): State<Arc<Gateway>>,
    Extension(context): Extension<Context>,
    Caller(call): Caller,
    Body(body): Body<Register>,
) -> Answer<Response> {
    gateway.limits.sign_in(context.client, &body.email.folded())?;
    let Register { email, password, name } = body;
    let request = contract::Register { email, password: password.into(), name };
    let signed_in = gateway.services.users.register(&call, request).await?;
    Ok(created("/api/users/me", Json(SignedIn::from(signed_in))))
}

async fn sign_in(
    State(gateway): State<Arc<Gateway>>,
    Extension(context): Extension<Context>,
    Caller(call): Caller,
    Body(body): Body<Login>,
) -> Answer<Json<SignedIn>> {
    gateway.limits.sign_in(context.client, &body.email.folded())?;
    let request = contract::Login { email: body.email, password: body.password.into() };
    Ok(Json(gateway.services.users.login(&call, request).await?.into()))
}

async fn refresh(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(body): Body<Refresh>,
) -> Answer<Json<SignedIn>> {
    let request = contract::Refresh { refresh_token: body.refresh_token.into() };
    Ok(Json(gateway.services.users.refresh(&call, request).await?.into()))
}

async fn sign_out(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    Body(body): Body<Refresh>,
) -> Answer<StatusCode> {
    let request = contract::Logout { refresh_token: body.refresh_token.into() };
    gateway.services.users.logout(&call, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
