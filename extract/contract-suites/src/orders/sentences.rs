use orders_contract::Orders;

use super::stage::Stage;
use super::{buying, reading, refusals, undoing};
use crate::suite::suite;

suite! { dyn Orders, Stage {
    buying::a_key_buys_once_however_often_it_is_used,
    buying::a_key_buys_one_thing,
    buying::a_quote_is_what_is_paid_and_holds_nothing,
    buying::a_cart_is_bought_once_however_many_buy_it,
    buying::the_last_one_is_sold_once,
    undoing::a_purchase_that_is_rejected_leaves_nothing_held,
    undoing::an_order_is_cancelled_once_and_gives_all_back,
    reading::an_order_is_its_buyers_alone,
    reading::orders_are_listed_newest_first_to_the_end_and_to_whose_they_are,
    reading::what_happened_is_told_in_order_until_nothing_can_follow,
    refusals::what_can_not_be_bought_is_refused_by_its_code,
    refusals::what_is_sold_no_more_or_costs_too_much_is_not_bought,
} out of reach: ["no-price"] }
