use users_contract::Users;

use super::stage::Stage;
use super::{accounts, addresses, sessions};
use crate::suite::suite;

suite! { dyn Users, Stage {
    sessions::who_registers_is_signed_in_and_can_sign_in_again,
    sessions::nobody_is_signed_in_by_what_is_wrong,
    sessions::a_refresh_token_is_good_for_one_trade_and_a_second_ends_the_session,
    sessions::a_session_ends_for_good_and_by_its_owner_alone,
    sessions::an_access_token_names_a_key_that_is_told,
    sessions::a_new_password_ends_every_session,
    accounts::an_account_is_shown_to_its_owner_and_to_admins_alone,
    accounts::accounts_are_listed_to_admins_alone_newest_first_and_to_the_end,
    accounts::a_profile_changes_as_its_owner_says_and_from_what_they_read,
    accounts::rights_are_given_and_taken_by_admins_alone,
    accounts::an_admin_is_made_once_and_by_modules_alone,
    addresses::an_address_book_is_its_owners_alone,
    addresses::an_address_book_has_an_end,
} out of reach: ["last-admin"] }
