use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::StatusCode;
use kernel::{Call, Email, Label, UserId};
use serde::Deserialize;
use users_contract as contract;
use utoipa::ToSchema;

use super::common::Answer;
use super::schema::EmailAddress;
use super::users::User;
use crate::gateway::auth::Caller;
use crate::gateway::http::{Body, Context, IfMatch, NewPassword, Opaque, Problem, Versioned};
use crate::gateway::{Access, Gateway, Operation, Table};

pub(super) fn register(table: &mut Table) {
    table.add(
        Operation::get("/api/users/me", "getMe", "The caller's account")
            .access(Access::Buyer)
            .versioned()
            .answers::<User>(200, "The account."),
        me,
    );
    table.add(
        Operation::patch("/api/users/me", "updateMe", "Changes the caller's name or e-mail")
            .access(Access::Buyer)
            .body::<UpdateMe>()
            .conditional()
            .answers::<User>(200, "The account as it is now.")
            .refuses(409, &["email-taken"]),
        update,
    );
    table.add(
        Operation::post(
            "/api/users/me/password",
            "changePassword",
            "Changes the caller's password and ends their sessions",
        )
        .access(Access::Buyer)
        .body::<ChangePassword>()
        .answers_nothing("The new password counts.")
        .refuses(401, &["invalid-credentials"]),
        change_password,
    );
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateMe {
    /// The new name.
    #[schema(value_type = Option<String>, max_length = 200)]
    name: Option<Label<200>>,
    /// The new e-mail.
    #[schema(value_type = Option<EmailAddress>)]
    email: Option<Email>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The old one.
    #[schema(value_type = String)]
    current_password: Opaque,
    /// The new one, any Unicode.
    #[schema(value_type = String, min_length = 12, max_length = 128)]
    new_password: NewPassword,
}

async fn me(State(gateway): State<Arc<Gateway>>, Caller(call): Caller) -> Answer<Versioned<User>> {
    let request = contract::GetUser { user: signed_in(&call)? };
    let user = gateway.services.users.user(&call, request).await?;
    Ok(Versioned { version: user.version, body: user.into() })
}

async fn update(
    State(gateway): State<Arc<Gateway>>,
    Caller(call): Caller,
    IfMatch(expected_version): IfMatch,
    Body(UpdateMe { name, email }): Body<UpdateMe>,
) -> Answer<Versioned<User>> {
    let user = signed_in(&call)?;
    let request = contract::UpdateProfile { user, name, email, expected_version };
    let user = gateway.services.users.update_profile(&call, request).await?;
    Ok(Versioned { version: user.version, body: user.into() })
}

async fn change_password(
    State(gateway): State<Arc<Gateway>>,
    Extension(context): Extension<Context>,
    Caller(call): Caller,
    Body(body): Body<ChangePassword>,
) -> Answer<StatusCode> {
    let user = signed_in(&call)?;
    gateway.limits.sign_in(context.client, &user.to_string())?;
    let request = contract::ChangePassword {
        user,
        current_password: body.current_password.into(),
        new_password: body.new_password.into(),
    };
    gateway.services.users.change_password(&call, request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The account of a call that needs one.
pub(super) fn signed_in(call: &Call) -> Answer<UserId> {
    call.principal.user().ok_or_else(|| Problem::unauthenticated("sign in first"))
}
