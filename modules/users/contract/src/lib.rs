//! What other modules may know of `users`: who has an account, and who is signed in.

mod account;
mod addresses;
mod events;
mod session;

pub use account::{
    ChangePassword, CreateAdmin, GetUser, ListUsers, Role, UpdateProfile, UpdateUser, User,
    UserRefusal,
};
pub use addresses::{
    AddAddress, Address, AddressRefusal, ListAddresses, RemoveAddress, UpdateAddress,
};
pub use events::{Registrant, UserRegistered};
pub use session::{
    AccessKey, ListKeys, Login, Logout, Refresh, Register, SessionRefusal, SignedIn,
};

use kernel::{Call, CallError, Page, async_trait, contract};

/// Accounts, sessions and address books.
#[contract(name = "users", version = 1)]
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// Makes a buyer's account and signs it in.
    #[call(write, once)]
    async fn register(
        &self,
        call: &Call,
        request: Register,
    ) -> Result<SignedIn, CallError<SessionRefusal>>;

    /// Signs in. An unknown e-mail takes as long as a wrong password.
    #[call(write, once)]
    async fn login(
        &self,
        call: &Call,
        request: Login,
    ) -> Result<SignedIn, CallError<SessionRefusal>>;

    /// Trades a refresh token for a new pair. Trading one twice ends the whole session.
    #[call(write, once)]
    async fn refresh(
        &self,
        call: &Call,
        request: Refresh,
    ) -> Result<SignedIn, CallError<SessionRefusal>>;

    /// Ends a session of the caller; one that is over already changes nothing.
    /// Keyed by the token.
    #[call(write, keyed)]
    async fn logout(&self, call: &Call, request: Logout) -> Result<(), CallError<SessionRefusal>>;

    /// The public halves of the keys that sign access tokens now.
    #[call(read)]
    async fn keys(
        &self,
        call: &Call,
        request: ListKeys,
    ) -> Result<Vec<AccessKey>, CallError<SessionRefusal>>;

    /// An account: the caller's own, or any to an admin.
    #[call(read)]
    async fn user(&self, call: &Call, request: GetUser) -> Result<User, CallError<UserRefusal>>;

    /// All accounts, newest first, to an admin.
    #[call(read)]
    async fn list(
        &self,
        call: &Call,
        request: ListUsers,
    ) -> Result<Page<User>, CallError<UserRefusal>>;

    /// Changes the caller's own name or e-mail.
    #[call(write, once)]
    async fn update_profile(
        &self,
        call: &Call,
        request: UpdateProfile,
    ) -> Result<User, CallError<UserRefusal>>;

    /// Changes the caller's password and ends all their sessions.
    #[call(write, once)]
    async fn change_password(
        &self,
        call: &Call,
        request: ChangePassword,
    ) -> Result<(), CallError<UserRefusal>>;

    /// Changes an account's role, or shuts it out. Only an admin may, and the last admin stays one.
    #[call(write, once)]
    async fn update(
        &self,
        call: &Call,
        request: UpdateUser,
    ) -> Result<User, CallError<UserRefusal>>;

    /// Makes an admin's account, or gives an existing one that role and this password. For modules only.
    /// Keyed by the e-mail.
    #[call(write, keyed)]
    async fn create_admin(
        &self,
        call: &Call,
        request: CreateAdmin,
    ) -> Result<User, CallError<UserRefusal>>;

    /// The caller's address book, oldest first.
    #[call(read)]
    async fn addresses(
        &self,
        call: &Call,
        request: ListAddresses,
    ) -> Result<Vec<Address>, CallError<AddressRefusal>>;

    /// Adds to the caller's address book.
    #[call(write, once)]
    async fn add_address(
        &self,
        call: &Call,
        request: AddAddress,
    ) -> Result<Address, CallError<AddressRefusal>>;

    /// Changes an entry of the caller's address book.
    #[call(write, once)]
    async fn update_address(
        &self,
        call: &Call,
        request: UpdateAddress,
    ) -> Result<Address, CallError<AddressRefusal>>;

    /// Removes an entry of the caller's address book.
    #[call(write, once)]
    async fn remove_address(
        &self,
        call: &Call,
        request: RemoveAddress,
    ) -> Result<(), CallError<AddressRefusal>>;
}
