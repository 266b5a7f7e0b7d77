use futures_util::future::LocalBoxFuture;

use crate::{Launcher, Outcome};

/// Makes a test of each journey of the suite that holds on any data, over the launcher that a function gives.
///
/// The function is `async fn() -> Outcome<Option<impl Launcher>>`; where it gives none, it has said why.
#[macro_export]
macro_rules! every_journey {
    ($launcher:path) => {
        $crate::every_journey! { journeys $launcher }
    };
    ($made:ident $launcher:path) => {
        $crate::$made! { $launcher:
            buying {
                a_guest_buys_in_six_calls,
                a_signed_in_buyer_buys,
                a_claimed_cart_is_bought_by_its_new_owner,
                the_history_of_an_order_is_streamed,
                a_guest_without_an_email_is_refused,
            }
            carts {
                one_cart_in_two_tabs_is_bought_once,
                a_spent_cart_no_longer_changes,
                a_refused_cart_changes_again,
                a_cancel_undoes_a_purchase,
                a_cancel_refunds_what_was_captured,
                order_numbers_have_no_gaps,
            }
            claims { what_a_client_claims_changes_nothing, nested_claims_are_refused }
            crash { a_crash_at_any_point_loses_and_doubles_nothing }
            import {
                an_import_twice_changes_nothing,
                a_large_file_goes_in_whole,
                a_file_that_is_no_catalogue_is_told,
            }
            keys {
                a_repeat_gives_the_same_answer,
                fifty_repeats_at_once_make_one_order,
                a_repeat_after_a_restart_gives_the_same_answer,
                a_key_with_another_body_is_refused,
                a_purchase_needs_a_key,
                a_recorded_refusal_keeps_its_key,
                a_refusal_that_recorded_nothing_leaves_the_key_free,
                a_key_belongs_to_its_buyer,
            }
            kills { random_kills_lose_and_double_nothing }
            lifecycle {
                a_shop_that_closes_drops_no_request,
                doctor_finds_nothing_wrong,
                an_unknown_setting_stops_the_start,
                health_and_metrics_are_internal,
            }
            logins {
                a_login_burst_does_not_slow_other_requests,
                a_wrong_password_and_an_unknown_email_look_alike,
                a_used_refresh_token_ends_its_family,
            }
            nasty {
                nothing_that_is_sent_breaks_the_shop,
                unknown_paths_and_methods_are_problems,
                what_is_out_of_range_is_told_by_field,
            }
            oversell { two_hundred_buyers_get_ten_units, skus_in_mixed_order_never_deadlock }
            provider {
                a_declined_payment_holds_nothing,
                a_slow_provider_is_waited_for,
                a_lost_answer_is_asked_for,
                a_provider_that_fails_is_asked_again,
                a_hold_is_released_at_the_deadline,
                no_answer_repeats_a_payment_token,
            }
            strangers {
                what_is_somebody_elses_is_not_found,
                a_guests_order_is_shown_to_its_token_alone,
                what_staff_may_do_is_refused_to_others,
            }
            totals {
                a_quote_equals_the_order,
                a_quote_holds_nothing,
                totals_are_right_to_the_cent_with_tax_included,
                totals_are_right_to_the_cent_with_tax_excluded,
                a_total_that_nobody_expects_is_refused,
            }
        }
    };
}

/// The same for the journeys that hold where one process has all modules.
#[macro_export]
macro_rules! every_journey_of_one_process {
    ($launcher:path) => {
        $crate::journeys! { $launcher:
            cost {
                a_purchase_takes_at_most_sixty_statements,
                a_longer_page_takes_no_more_statements,
            }
            import { the_command_imports_into_a_closed_shop }
            lifecycle { doctor_audits_a_closed_shop }
        }
    };
}

/// A list of the journeys that are named; the launcher is not asked.
macro_rules! listed {
    ($launcher:path: $($module:ident { $($journey:ident),+ $(,)? })+) => {
        &[$($(Journey {
            name: concat!(stringify!($module), "::", stringify!($journey)),
            run: |house| Box::pin($crate::suite::$module::$journey(house)),
        }),+),+]
    };
}
pub(crate) use listed;

/// A journey, to be run over any launcher.
#[derive(Debug, Clone, Copy)]
pub struct Journey {
    /// Where it is and what it says: `buying::a_guest_buys_in_six_calls`.
    pub name: &'static str,
    /// Goes it; fails with an error or a panic.
    pub run: for<'h> fn(&'h dyn Launcher) -> LocalBoxFuture<'h, Outcome>,
}

/// Every journey that holds on any data.
pub const WHOLE: &[Journey] = every_journey! { listed crate::Split };

/// A few that tell most of a placement: each contract is called, events go both ways, processes die and come back.
pub const SHORT: &[Journey] = listed! { crate::Split:
    buying { a_guest_buys_in_six_calls, a_signed_in_buyer_buys }
    carts { a_cancel_refunds_what_was_captured }
    keys { a_repeat_after_a_restart_gives_the_same_answer }
    kills { a_few_kills_lose_and_double_nothing }
    oversell { two_hundred_buyers_get_ten_units }
    provider { a_lost_answer_is_asked_for }
    strangers { what_is_somebody_elses_is_not_found }
};

/// Makes a test of each journey that is named, over the launcher that a function gives.
#[macro_export]
macro_rules! journeys {
    ($launcher:path: $($module:ident { $($journey:ident),+ $(,)? })+) => {
        $(mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $journey() {
                let house = match $launcher().await {
                    Ok(Some(house)) => house,
                    Ok(None) => return,
                    Err(error) => panic!("{error}"),
                };
                if let Err(error) = $crate::suite::$module::$journey(&house).await {
                    panic!("{error}");
                }
            })+
        })+
    };
}
