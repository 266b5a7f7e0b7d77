//! The purchase suite over separate processes.

use e2e::suite::degradation::{troubled, whole_matrix};
use e2e::{Apart, MODULES, Outcome, Plan, Split, Store, Way};

use crate::{CONNECTIONS, binaries};

async fn on_files(plan: Plan) -> Outcome<Option<Split>> {
    Split::prepare(binaries(), plan, None).await
}

async fn on_postgres(plan: Plan) -> Outcome<Option<Split>> {
    let Some(database) = testkit::postgres(CONNECTIONS).await else { return Ok(None) };
    Split::prepare(binaries(), plan, Some(database)).await
}

async fn inventory_by_http() -> Outcome<Option<Split>> {
    on_files(Plan::each(&["inventory"], Way::Http, Store::Files)).await
}

async fn all_by_http() -> Outcome<Option<Split>> {
    on_postgres(Plan::each(&MODULES, Way::Http, Store::Shared)).await
}

async fn all_by_nats() -> Outcome<Option<Split>> {
    on_postgres(Plan::each(&MODULES, Way::Nats, Store::Shared)).await
}

mod all_apart_by_nats {
    e2e::every_journey!(crate::placed::all_by_nats);
}

mod all_apart_by_http {
    e2e::every_journey!(crate::placed::all_by_http);
}

async fn all_on_files() -> Outcome<Option<Split>> {
    on_files(Plan::each(&MODULES, Way::Http, Store::Files)).await
}

async fn all_on_files_by_nats() -> Outcome<Option<Split>> {
    on_files(Plan::each(&MODULES, Way::Nats, Store::Files)).await
}

async fn all_on_files_by_nats_in_the_matrix() -> Outcome<Option<Split>> {
    if whole_matrix() {
        return all_on_files_by_nats().await;
    }
    eprintln!("not run: GALLERIA_MATRIX=1 tries it over NATS as well");
    Ok(None)
}

async fn twice(way: Way) -> Outcome<Option<Split>> {
    let twice = |module| Apart { instances: 2, ..Apart::one(module, way, Store::Shared) };
    on_postgres(Plan(troubled().into_iter().map(twice).collect())).await
}

async fn twice_by_http() -> Outcome<Option<Split>> {
    twice(Way::Http).await
}

async fn twice_by_nats() -> Outcome<Option<Split>> {
    twice(Way::Nats).await
}

mod in_trouble_by_http {
    e2e::journeys! { crate::placed::all_on_files:
        degradation {
            a_dead_module_degrades_the_shop_as_the_table_says,
            a_paused_module_degrades_the_shop_as_the_table_says,
            a_slow_module_degrades_the_shop_as_the_table_says,
            modules_that_come_and_go_lose_and_double_nothing,
        }
        replacing { all_others_start_while_a_module_is_missing }
    }
}

mod inventory_in_trouble_by_http {
    e2e::journeys! { crate::placed::inventory_by_http:
        degradation { a_paused_inventory_soon_makes_no_page_wait }
        operating { commands_tell_which_module_is_missing }
    }
}

mod in_trouble_by_nats {
    e2e::journeys! { crate::placed::all_on_files_by_nats:
        degradation { a_dead_module_degrades_the_shop_as_the_table_says }
    }
}

mod longer_in_trouble_by_nats {
    e2e::journeys! { crate::placed::all_on_files_by_nats_in_the_matrix:
        degradation {
            a_paused_module_degrades_the_shop_as_the_table_says,
            modules_that_come_and_go_lose_and_double_nothing,
        }
    }
}

mod replaced_by_http {
    e2e::journeys! { crate::placed::twice_by_http:
        replacing { a_replacement_under_load_fails_no_request }
    }
}

mod replaced_by_nats {
    e2e::journeys! { crate::placed::twice_by_nats:
        replacing { a_replacement_under_load_fails_no_request }
    }
}
