use catalog_contract::Catalog;

use super::stage::Stage;
use super::{categories, changes, imports, products};
use crate::suite::suite;

suite! { dyn Catalog, Stage {
    products::a_product_is_found_by_its_id_its_slug_and_its_words,
    products::a_price_is_told_in_the_currency_that_is_asked_for,
    products::an_archived_product_is_shown_and_no_more_sold,
    products::lists_are_in_the_order_asked_for_and_page_to_their_end,
    changes::what_is_absent_stays_and_what_is_taken_away_goes,
    changes::a_change_is_of_the_version_that_was_read,
    changes::what_makes_no_sense_is_refused_by_its_code,
    changes::staff_alone_change_the_catalogue,
    categories::categories_are_a_tree_that_counts_its_products,
    categories::a_category_that_goes_leaves_its_products,
    categories::a_tree_that_makes_no_sense_is_refused,
    imports::an_import_that_is_repeated_changes_nothing,
    imports::the_largest_part_is_taken_in_and_a_larger_one_refused,
    imports::what_is_no_import_is_refused_whole,
} out of reach: [] }
