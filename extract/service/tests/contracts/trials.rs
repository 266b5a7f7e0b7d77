use std::collections::BTreeSet;
use std::sync::Arc;

use contract_suites::{Suite, carts, catalog, inventory, orders, payments, shipping, users};
use libtest_mimic::Trial;

use crate::shop::Shop;
use crate::ways::{Houses, Way};

/// Each sentence of each suite on each way, and that the suites leave nothing out.
pub(crate) fn all(houses: &Arc<Houses>) -> Vec<Trial> {
    let mut trials = Vec::new();
    trials.extend(of(houses, &users::SUITE, |shop| shop.users.clone()));
    trials.extend(of(houses, &catalog::SUITE, |shop| shop.catalog.clone()));
    trials.extend(of(houses, &inventory::SUITE, |shop| shop.inventory.clone()));
    trials.extend(of(houses, &carts::SUITE, Shop::around_carts));
    trials.extend(of(houses, &orders::SUITE, Shop::around_orders));
    trials.extend(of(houses, &payments::SUITE, |shop| shop.payments.clone()));
    trials.extend(of(houses, &shipping::SUITE, |shop| shop.shipping.clone()));
    trials
}

fn of<S: 'static>(
    houses: &Arc<Houses>,
    suite: &'static Suite<S>,
    stage: fn(&Shop) -> S,
) -> Vec<Trial> {
    let contract = suite.contract.name;
    let mut trials = vec![nothing_is_left_out(houses, suite, stage)];
    for way in Way::ALL {
        trials.extend(suite.sentences.iter().map(|sentence| {
            let (houses, holds) = (Arc::clone(houses), sentence.holds);
            Trial::test(format!("{contract}::{}::{}", sentence.name, way.name()), move || {
                houses.runtime().block_on(async {
                    if let Some(shop) = houses.shop(way).await {
                        holds(stage(&shop)).await;
                    }
                });
                Ok(())
            })
        }));
    }
    trials
}

/// All sentences together call each method, and hear each code that can be heard.
fn nothing_is_left_out<S: 'static>(
    houses: &Arc<Houses>,
    suite: &'static Suite<S>,
    stage: fn(&Shop) -> S,
) -> Trial {
    let (houses, contract) = (Arc::clone(houses), suite.contract);
    Trial::test(format!("{}::the_suite_leaves_nothing_out", contract.name), move || {
        houses.runtime().block_on(async {
            let (shop, noted) = houses.noted(contract.name).await;
            for sentence in suite.sentences {
                (sentence.holds)(stage(&shop)).await;
            }
            let out_of_reach: BTreeSet<String> =
                suite.out_of_reach.iter().map(|code| (*code).to_owned()).collect();
            assert_eq!(noted.unheard(contract), out_of_reach);
        });
        Ok(())
    })
}
