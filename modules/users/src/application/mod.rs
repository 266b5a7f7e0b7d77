pub(crate) mod add_address;
pub(crate) mod addresses;
pub(crate) mod audit;
pub(crate) mod change_password;
pub(crate) mod create_admin;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod remove_address;
pub(crate) mod sweep;
pub(crate) mod update;
pub(crate) mod update_address;
pub(crate) mod update_profile;
pub(crate) mod user;

mod admins;
mod signed_in;
