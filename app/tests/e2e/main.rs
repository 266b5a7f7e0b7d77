//! Every journey of the purchase suite, in one process, on either database.

mod placed;

use std::path::PathBuf;

use e2e::{Binaries, Monolith, Outcome};

fn binaries() -> Binaries {
    Binaries {
        galleria: PathBuf::from(env!("CARGO_BIN_EXE_galleria")),
        faults: PathBuf::from(env!("CARGO_BIN_EXE_galleria-faults")),
    }
}

async fn sqlite() -> Outcome<Option<Monolith>> {
    std::future::ready(Monolith::on_sqlite(binaries()).map(Some)).await
}

/// Three modest processes, or one and another shop.
const CONNECTIONS: u32 = 45;

async fn postgres() -> Outcome<Option<Monolith>> {
    let Some(database) = testkit::postgres(CONNECTIONS).await else { return Ok(None) };
    Monolith::on_postgres(binaries(), database).map(Some)
}

mod on_sqlite {
    e2e::every_journey!(crate::sqlite);
}

mod in_one_process_on_sqlite {
    e2e::every_journey_of_one_process!(crate::sqlite);
}

mod in_one_process_on_postgres {
    e2e::every_journey_of_one_process!(crate::postgres);
}

mod only_on_sqlite {
    e2e::journeys! { crate::sqlite: lifecycle { a_second_server_on_one_directory_is_refused } }
}

mod on_postgres {
    e2e::every_journey!(crate::postgres);
}

mod only_on_postgres {
    e2e::journeys! { crate::postgres:
        lifecycle {
            a_dead_instances_orders_are_settled_by_another,
            an_instance_that_wakes_up_late_doubles_nothing,
        }
        oversell { three_instances_share_one_stock }
    }
}
