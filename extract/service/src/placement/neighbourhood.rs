use std::collections::{BTreeMap, BTreeSet};

use kernel::Subscription;

use super::decide::Part;
use super::place::{Place, Places};

/// Who calls whom, and who listens to whom. Calls have no cycle.
pub const NEIGHBOURHOOD: Neighbourhood = Neighbourhood {
    calls: &[
        ("gateway", &["users", "catalog", "inventory", "carts", "orders", "payments", "shipping"]),
        ("catalog", &["inventory"]),
        ("carts", &["catalog", "inventory"]),
        ("orders", &["users", "catalog", "inventory", "carts", "payments", "shipping"]),
    ],
    subscriptions: &[orders_contract::SUBSCRIPTIONS, recommendations_contract::SUBSCRIPTIONS],
};

/// Who calls whom, and who listens to whom.
#[derive(Debug, Clone, Copy)]
pub struct Neighbourhood {
    /// The modules that a module calls.
    pub calls: &'static [(&'static str, &'static [&'static str])],
    /// What the contracts declare.
    pub subscriptions: &'static [&'static [Subscription]],
}

impl Neighbourhood {
    /// The other modules that a process of these can't do without: those that they call, and those at the other end of events.
    pub fn around(self, modules: &BTreeSet<&str>) -> BTreeSet<&'static str> {
        let calls = self.calls.iter().filter(|(caller, _)| modules.contains(caller));
        let callees = calls.flat_map(|(_, callees)| callees.iter().copied());
        let ends = self.subscriptions.iter().copied().flatten().map(ends);
        let tell = ends.filter(|(one, other)| modules.contains(one) || modules.contains(other));
        let all = callees.chain(tell.flat_map(|(one, other)| [one, other]));
        all.filter(|module| !modules.contains(module)).collect()
    }

    /// The modules that this process can't do without, each with who needs it.
    pub(crate) fn needed(
        self,
        part: Part<'_>,
        places: &Places,
    ) -> BTreeMap<&'static str, &'static str> {
        let here = |name: &str| match name {
            GATEWAY => part == Part::Gateway,
            module => places.is_here(module),
        };
        let calls = self.calls.iter().filter(|(caller, _)| here(caller));
        let calls =
            calls.flat_map(|(caller, callees)| callees.iter().map(|callee| (*callee, *caller)));
        let events = self.subscriptions.iter().copied().flatten().flat_map(|subscription| {
            let (subscriber, producer) = ends(subscription);
            let listens = here(subscriber).then_some((producer, subscriber));
            let tells = here(producer) && *places.of(subscriber) != Place::Off;
            [listens, tells.then_some((subscriber, producer))].into_iter().flatten()
        });
        calls.chain(events).collect()
    }
}

/// What the gateway is called among the modules.
const GATEWAY: &str = "gateway";

/// The subscribing and the producing module.
fn ends(subscription: &Subscription) -> (&'static str, &'static str) {
    let module = |name: &'static str| name.split_once('.').map_or(name, |(module, _)| module);
    (module(subscription.name), module(subscription.event))
}
