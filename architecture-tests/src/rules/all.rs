use super::{contracts, crates, data, extraction, layout, live, sources};
use crate::rule::Rule;

/// All rules, by id.
pub fn all() -> Vec<Rule> {
    let mut all = RULES.to_vec();
    all.sort_by_key(|rule| rule.id);
    all
}

const RULES: &[Rule] = &[
    crates::g01_exhaustive::RULE,
    crates::g02_no_implementation::RULE,
    crates::g03_declared_calls::RULE,
    crates::g04_no_unused_allowance::RULE,
    crates::g05_acyclic_calls::RULE,
    crates::g06_direction::RULE,
    crates::g07_chosen_packages::RULE,
    crates::g08_contract_purity::RULE,
    crates::g09_composition_root::RULE,
    crates::g11_test_support::RULE,
    crates::g12_inherited::RULE,
    crates::g13_declared_is_used::RULE,
    crates::g14_coupling::RULE,
    contracts::c01_documents::RULE,
    contracts::c02_golden_events::RULE,
    contracts::c04_adapters::RULE,
    contracts::c05_neighbourhood::RULE,
    data::migrated::OWN_WRITES,
    data::migrated::OWN_KEYS,
    data::migrated::OWN_READS,
    data::plain::PLAIN_NAMES,
    data::d05_entities::RULE,
    data::d06_literal_sql::RULE,
    data::plain::NO_GRANTS,
    data::d09_event_tables::RULE,
    extraction::e01_closure::RULE,
    extraction::e02_wiring::RULE,
    extraction::e03_feature_matrix::RULE,
    extraction::e04_known_features::RULE,
    extraction::e05_gates::RULE,
    layout::sizes::SIZES,
    layout::sizes::MODULE_FILES,
    layout::sizes::DEPTH,
    layout::m04_page::RULE,
    layout::m06_pictures::RULE,
    live::r01_crossings::RULE,
    live::r02_rights::RULE,
    sources::s01_no_escape::RULE,
    sources::s02_no_laundering::RULE,
    sources::s03_contract_shape::RULE,
    sources::s04_remotable::RULE,
    sources::s05_wire_form::RULE,
    sources::s06_event_ownership::RULE,
    sources::s07_subscriptions::RULE,
    sources::s08_stateless::RULE,
    sources::s09_ambient::RULE,
];

/// What holds the rules themselves: no rule of the list, and always held.
pub const META: &[(&str, &str)] = &[
    (
        "M01",
        "A rule that finds nothing to look at is broken: its patterns lead nowhere. A rule that only forbids says why it may be empty.",
    ),
    (
        "M02",
        "The baseline matches exactly what is found, by rule, file and item and never by line. What is no longer found must be \
             deleted, each entry has an owner, a reason and an end, and it never grows by itself.",
    ),
    (
        "M03",
        "Each rule proves in the same run that it bites: a change in memory that breaks it is seen by it, at that place, and by no \
             rule that its proof does not list; a near miss is seen by none. A rule without a proof is broken.",
    ),
    ("M05", "What could not be read was not checked. The command ends with 2, which is no pass."),
];
