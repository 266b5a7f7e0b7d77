//! Accounts, sessions and address books. It hands out access tokens; whoever has the public keys can check them.

mod application;
mod domain;
mod hashing;
mod settings;
mod store;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Call, CallError, Clock, Failure, Invalid, ModuleName, Page};
use platform::Database;
use users_contract::{
    AccessKey, AddAddress, Address, AddressRefusal, ChangePassword, CreateAdmin, GetUser,
    ListAddresses, ListKeys, ListUsers, Login, Logout, Refresh, Register, RemoveAddress,
    SessionRefusal, SignedIn, UpdateAddress, UpdateProfile, UpdateUser, User, UserRefusal, Users,
};

use hashing::PasswordHasher;
use tokens::SigningKeys;

pub use application::audit::audit;
pub use settings::UsersSettings;

/// The name of this module, its schema and its settings.
pub const MODULE: ModuleName = ModuleName::new("users");

/// The accounts of a shop, on their own database.
pub struct UsersModule {
    database: Database,
    clock: Arc<dyn Clock>,
    hasher: PasswordHasher,
    keys: SigningKeys,
    refresh_token_life: Duration,
}

impl UsersModule {
    /// Stands on a migrated database. Refuses settings with which no password can be hashed.
    pub fn new(
        database: Database,
        clock: Arc<dyn Clock>,
        settings: &UsersSettings,
    ) -> Result<Self, Invalid> {
        settings.check()?;
        let hasher = PasswordHasher::new(settings)?;
        let keys = SigningKeys::new(database.clone(), Arc::clone(&clock), settings);
        let refresh_token_life = settings.refresh_token_life();
        Ok(Self { database, clock, hasher, keys, refresh_token_life })
    }

    /// Removes some of the tokens, sessions and keys that nobody can use any more, and says how many; none when all are
    /// gone. Called every now and then; in several processes at once, each removes what the others left.
    pub async fn sweep(&self) -> Result<u64, Failure> {
        application::sweep::sweep(self).await
    }

    /// How many passwords were hashed or compared since the start, also for e-mails that have no account.
    pub fn passwords_hashed(&self) -> u64 {
        self.hasher.hashed()
    }
}

#[async_trait]
impl Users for UsersModule {
    async fn register(
        &self,
        call: &Call,
        request: Register,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        application::register::register(self, call, request).await
    }

    async fn login(
        &self,
        call: &Call,
        request: Login,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        application::login::login(self, call, request).await
    }

    async fn refresh(
        &self,
        _: &Call,
        request: Refresh,
    ) -> Result<SignedIn, CallError<SessionRefusal>> {
        application::refresh::refresh(self, request).await
    }

    async fn logout(&self, call: &Call, request: Logout) -> Result<(), CallError<SessionRefusal>> {
        application::logout::logout(self, call, request).await
    }

    async fn keys(
        &self,
        _: &Call,
        _: ListKeys,
    ) -> Result<Vec<AccessKey>, CallError<SessionRefusal>> {
        Ok(self.keys.published().await?)
    }

    async fn user(&self, call: &Call, request: GetUser) -> Result<User, CallError<UserRefusal>> {
        application::user::user(self, call, request).await
    }

    async fn list(
        &self,
        call: &Call,
        request: ListUsers,
    ) -> Result<Page<User>, CallError<UserRefusal>> {
        application::list::list(self, call, request).await
    }

    async fn update_profile(
        &self,
        call: &Call,
        request: UpdateProfile,
    ) -> Result<User, CallError<UserRefusal>> {
        application::update_profile::update_profile(self, call, request).await
    }

    async fn change_password(
        &self,
        call: &Call,
        request: ChangePassword,
    ) -> Result<(), CallError<UserRefusal>> {
        application::change_password::change_password(self, call, request).await
    }

    async fn update(
        &self,
        call: &Call,
        request: UpdateUser,
    ) -> Result<User, CallError<UserRefusal>> {
        application::update::update(self, call, request).await
    }

    async fn create_admin(
        &self,
        call: &Call,
        request: CreateAdmin,
    ) -> Result<User, CallError<UserRefusal>> {
        application::create_admin::create_admin(self, call, request).await
    }

    async fn addresses(
        &self,
        call: &Call,
        request: ListAddresses,
    ) -> Result<Vec<Address>, CallError<AddressRefusal>> {
        application::addresses::addresses(self, call, request).await
    }

    async fn add_address(
        &self,
        call: &Call,
        request: AddAddress,
    ) -> Result<Address, CallError<AddressRefusal>> {
        application::add_address::add_address(self, call, request).await
    }

    async fn update_address(
        &self,
        call: &Call,
        request: UpdateAddress,
    ) -> Result<Address, CallError<AddressRefusal>> {
        application::update_address::update_address(self, call, request).await
    }

    async fn remove_address(
        &self,
        call: &Call,
        request: RemoveAddress,
    ) -> Result<(), CallError<AddressRefusal>> {
        application::remove_address::remove_address(self, call, request).await
    }
}
