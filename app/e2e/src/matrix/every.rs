use crate::{Apart, MODULES, Placement, Plan, Store, Way, covering};

/// Every placement of the matrix, by what is remote in it.
///
/// Between them, each module is remote alone, all are, any two modules meet in each pair of local, HTTP and NATS, and what
/// a process stands on and how many there are of it differs.
pub fn every_placement() -> Vec<Placement> {
    let mut all: Vec<Placement> = Vec::new();
    for placement in [all_alike(), alone(), mixed(), on_other_databases(), in_instances()].concat()
    {
        // Some mixture may have but one module elsewhere, or all alike.
        if !all.iter().any(|known| (&known.plan, known.shop) == (&placement.plan, placement.shop)) {
            all.push(placement);
        }
    }
    all
}

/// Everything in one process, or nothing in the gateway's.
fn all_alike() -> Vec<Placement> {
    let all = |way, store| Plan::each(&MODULES, way, store);
    vec![
        Placement::of(Plan::default(), Store::Files),
        Placement::of(Plan::default(), Store::Shared),
        Placement::of(all(Way::Http, Store::Files), Store::Files),
        Placement::of(all(Way::Http, Store::Shared), Store::Shared),
        Placement::of(all(Way::Nats, Store::Files), Store::Files),
        Placement::of(all(Way::Nats, Store::Shared), Store::Shared),
    ]
}

/// Each module alone, by HTTP on files and by NATS on the database that all share.
fn alone() -> Vec<Placement> {
    let ways = [(Way::Http, Store::Files), (Way::Nats, Store::Shared)];
    let each = MODULES.into_iter().flat_map(|module| ways.map(|way| (module, way)));
    each.map(|(module, (way, store))| {
        let alone = Placement::of(Plan::each(&[module], way, store), store);
        match (module, way) {
            ("orders", Way::Http) | ("payments", Way::Nats) => alone.always(),
            _ => alone,
        }
    })
    .collect()
}

/// Any two modules in each pair of local, HTTP and NATS. The first runs always.
fn mixed() -> Vec<Placement> {
    let ways = [None, Some(Way::Http), Some(Way::Nats)];
    let plans = covering(MODULES.len(), ways.len()).into_iter().map(|row| {
        let placed = MODULES.into_iter().zip(row);
        let apart = placed.filter_map(|(module, way)| {
            ways[way].map(|way| Apart::one(module, way, Store::Shared))
        });
        Plan(apart.collect())
    });
    let placements = plans.map(|plan| Placement::of(plan, Store::Shared));
    let placements = placements.enumerate().map(|(number, placement)| match number {
        0 => placement.always(),
        _ => placement,
    });
    placements.collect()
}

/// A remote module on a database or a server of its own, and files beside a server.
fn on_other_databases() -> Vec<Placement> {
    let one = |module, way, store| Plan(vec![Apart::one(module, way, store)]);
    let money = [
        Apart::one("orders", Way::Http, Store::Shared),
        Apart::one("payments", Way::Http, Store::Own),
    ];
    vec![
        Placement::of(one("inventory", Way::Http, Store::Own), Store::Shared),
        Placement::of(one("payments", Way::Http, Store::OwnServer), Store::Shared).always(),
        Placement::of(one("orders", Way::Nats, Store::OwnServer), Store::Files),
        Placement::of(one("inventory", Way::Nats, Store::Files), Store::Shared).always(),
        Placement::of(Plan(money.to_vec()), Store::Files),
        Placement::of(Plan::each(&MODULES, Way::Http, Store::Own), Store::Shared).short(),
    ]
}

/// A remote module as several processes.
fn in_instances() -> Vec<Placement> {
    let several = |module, way, instances| {
        let apart = Apart::one(module, way, Store::Shared).times(instances);
        Placement::of(Plan(vec![apart]), Store::Shared)
    };
    vec![
        several("inventory", Way::Http, 2),
        several("inventory", Way::Http, 4).short(),
        several("inventory", Way::Nats, 2).short(),
        several("inventory", Way::Nats, 4),
        several("orders", Way::Http, 4).short(),
        several("orders", Way::Nats, 2).always(),
        several("payments", Way::Nats, 4).short(),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type Ways = Option<Way>;

    fn way_of(plan: &Plan, module: &str) -> Ways {
        plan.0.iter().find(|apart| apart.modules.contains(&module)).map(|apart| apart.way)
    }

    #[test]
    fn each_module_is_remote_alone_by_each_way() {
        let alone: BTreeSet<_> = every_placement()
            .iter()
            .filter_map(|placement| match &placement.plan.0[..] {
                [apart] if apart.instances == 1 => Some((apart.modules[0], apart.way.as_str())),
                _ => None,
            })
            .collect();

        assert_eq!(alone.len(), 2 * MODULES.len(), "{alone:?}");
    }

    #[test]
    fn any_two_modules_meet_in_each_pair_of_ways() {
        let all = every_placement();

        for one in MODULES {
            for other in MODULES.into_iter().filter(|other| *other != one) {
                let met: BTreeSet<_> = all
                    .iter()
                    .map(|Placement { plan, .. }| {
                        format!("{:?} {:?}", way_of(plan, one), way_of(plan, other))
                    })
                    .collect();
                assert_eq!(met.len(), 9, "{one} and {other}: {met:?}");
            }
        }
    }

    #[test]
    fn every_placement_has_a_name_of_its_own_that_says_what_it_is() {
        let all = every_placement();
        let names: BTreeSet<_> = all.iter().map(Placement::name).collect();

        assert_eq!(names.len(), all.len(), "{names:#?}");
        for name in [
            "all_local_shop_on_files",
            "all_by_nats_shop_on_postgres",
            "inventory_by_http_on_files_shop_on_files",
            "payments_by_http_on_its_own_server_shop_on_postgres",
            "orders_by_nats_x2_shop_on_postgres",
        ] {
            assert!(names.contains(name), "no {name} in {names:#?}");
        }
    }

    #[test]
    fn a_few_run_always() {
        let always = every_placement().into_iter().filter(|placement| placement.always).count();

        assert!((4..=8).contains(&always), "{always} are a few");
    }
}
