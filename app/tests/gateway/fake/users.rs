use std::sync::atomic::Ordering;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{Call, CallError, Failure, Page, Secret};
use users_contract::{
    AccessKey, AddAddress, Address, AddressRefusal, ChangePassword, CreateAdmin, GetUser,
    ListAddresses, ListKeys, ListUsers, Login, Logout, Refresh, Register, RemoveAddress,
    SessionRefusal, SignedIn, UpdateAddress, UpdateProfile, UpdateUser, User, UserRefusal, Users,
};

use super::Shop;
use crate::client::public_key;
use crate::samples::{ADDRESS, postal, user, user_id};

pub(crate) const KEY_ID: &str = "k1";

fn signed_in() -> SignedIn {
    SignedIn {
        user: user(),
        access_token: Secret::new("access"),
        refresh_token: Secret::new("refresh"),
        expires_in: 600,
    }
}

fn address() -> Address {
    Address { id: ADDRESS.parse().unwrap(), postal: postal() }
}

fn changed(expected: Option<u64>) -> Result<User, CallError<UserRefusal>> {
    match expected {
        None | Some(3) => Ok(User { version: 4, ..user() }),
        Some(_) => Err(UserRefusal::PreconditionFailed.into()),
    }
}

#[async_trait]
impl Users for Shop {
    async fn register(
        &self,
        call: &Call,
        request: Register,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        self.note(call);
        if request.email.as_str() == "taken@example.org" {
            return Err(SessionRefusal::EmailTaken.into());
        }
        Ok(signed_in())
    }

    async fn login(
        &self,
        call: &Call,
        request: Login,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        self.note(call);
        if request.password.reveal() == "right password" {
            Ok(signed_in())
        } else {
            Err(SessionRefusal::InvalidCredentials.into())
        }
    }

    async fn refresh(
        &self,
        call: &Call,
        request: Refresh,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        self.note(call);
        match request.refresh_token.reveal() {
            "used" => Err(SessionRefusal::TokenReused.into()),
            "unknown" => Err(SessionRefusal::InvalidToken.into()),
            _ => Ok(signed_in()),
        }
    }

    async fn logout(&self, call: &Call, _: Logout) -> Result<(), CallError<SessionRefusal>> {
        self.note(call);
        Ok(())
    }

    async fn keys(
        &self,
        _: &Call,
        _: ListKeys,
    ) -> Result<Vec<AccessKey>, CallError<SessionRefusal>> {
        self.key_calls.fetch_add(1, Ordering::SeqCst);
        if self.keys_are_down.load(Ordering::SeqCst) {
            return Err(Failure::unavailable("users is down").into());
        }
        let x = URL_SAFE_NO_PAD.encode(public_key());
        Ok(vec![AccessKey { kid: KEY_ID.to_owned(), x }])
    }

    async fn user(&self, call: &Call, request: GetUser) -> Result<User, CallError<UserRefusal>> {
        self.note(call);
        if request.user == user_id() { Ok(user()) } else { Err(UserRefusal::NotFound.into()) }
    }

    async fn list(
        &self,
        call: &Call,
        request: ListUsers,
    ) -> Result<Page<User>, CallError<UserRefusal>> {
        self.note(call);
        match request.page.cursor {
            None => Ok(Page { items: vec![user()], next: Some("more".to_owned()) }),
            Some(_) => Err(UserRefusal::UnknownCursor.into()),
        }
    }

    async fn update_profile(
        &self,
        call: &Call,
        request: UpdateProfile,
    ) -> Result<User, CallError<UserRefusal>> {
        self.note(call);
        changed(request.expected_version)
    }

    async fn change_password(
        &self,
        call: &Call,
        _: ChangePassword,
    ) -> Result<(), CallError<UserRefusal>> {
        self.note(call);
        Ok(())
    }

    async fn update(
        &self,
        call: &Call,
        request: UpdateUser,
    ) -> Result<User, CallError<UserRefusal>> {
        self.note(call);
        changed(request.expected_version)
    }

    async fn create_admin(&self, _: &Call, _: CreateAdmin) -> Result<User, CallError<UserRefusal>> {
        Ok(user())
    }

    async fn addresses(
        &self,
        call: &Call,
        _: ListAddresses,
    ) -> Result<Vec<Address>, CallError<AddressRefusal>> {
        self.note(call);
        Ok(vec![address()])
    }

    async fn add_address(
        &self,
        call: &Call,
        request: AddAddress,
    ) -> Result<Address, CallError<AddressRefusal>> {
        self.note(call);
        Ok(Address { postal: request.postal, ..address() })
    }

    async fn update_address(
        &self,
        call: &Call,
        request: UpdateAddress,
    ) -> Result<Address, CallError<AddressRefusal>> {
        self.note(call);
        Ok(Address { postal: request.postal, ..address() })
    }

    async fn remove_address(
        &self,
        call: &Call,
        _: RemoveAddress,
    ) -> Result<(), CallError<AddressRefusal>> {
        self.note(call);
        Ok(())
    }
}
