use kernel::Subscription;

use super::{Compiled, Neighbourhood, Part, Place, Places, decide, named};
use crate::settings::{Placement, Settings, SettingsError};

const TOLD: &[Subscription] =
    &[Subscription { name: "orders.note-on-payment-captured", event: "payments.captured.v1" }];

const NEIGHBOURS: Neighbourhood = Neighbourhood {
    calls: &[("gateway", &["orders", "inventory"]), ("orders", &["inventory"])],
    subscriptions: &[TOLD],
};

fn everything() -> Vec<Compiled> {
    ["inventory", "payments", "orders"]
        .map(|module| Compiled { module, local: true, http: true, nats: true })
        .to_vec()
}

fn slim(module: &'static str, ways: [bool; 3]) -> Vec<Compiled> {
    let [local, http, nats] = ways;
    let mut compiled = everything();
    compiled.retain(|compiled| compiled.module != module);
    compiled.push(Compiled { module, local, http, nats });
    compiled
}

fn decided(
    set: impl FnOnce(&mut Settings),
    modules: &[&str],
    compiled: &[Compiled],
) -> Result<Places, String> {
    let mut settings = Settings::default();
    set(&mut settings);
    let modules: Vec<String> = modules.iter().map(|&module| module.to_owned()).collect();
    let part = if modules.is_empty() { Part::Gateway } else { Part::Modules(&modules) };
    decide(&settings, part, compiled, NEIGHBOURS).map_err(|error: SettingsError| error.to_string())
}

fn at_http(settings: &mut Settings) {
    settings.modules.inventory.placement = Some(Placement::Http);
    settings.modules.inventory.url = Some("http://a:1, http://b:2".to_owned());
}

#[test]
fn all_run_here_unless_it_is_said_otherwise() {
    let places = decided(|_| {}, &[], &everything()).unwrap();

    assert!(["inventory", "payments", "orders"].iter().all(|module| places.is_here(module)));
}

#[test]
fn a_module_at_http_has_the_urls_of_its_instances() {
    let places = decided(at_http, &[], &everything()).unwrap();

    assert_eq!(
        *places.of("inventory"),
        Place::Http(vec!["http://a:1".to_owned(), "http://b:2".to_owned()])
    );
    assert!(places.is_here("orders"));
}

#[test]
fn a_placement_without_an_address_names_the_setting_of_the_address() {
    let http = |settings: &mut Settings| {
        settings.modules.inventory.placement = Some(Placement::Http);
    };
    let nats = |settings: &mut Settings| {
        settings.modules.orders.placement = Some(Placement::Nats);
    };

    assert!(decided(http, &[], &everything()).unwrap_err().contains("modules.inventory.url"));
    assert!(decided(nats, &[], &everything()).unwrap_err().contains("nats.url"));
}

#[test]
fn named_modules_run_here_whatever_the_settings_say() {
    let places = decided(at_http, &["inventory"], &everything()).unwrap();

    assert!(places.is_here("inventory"));
    assert_eq!(*places.of("orders"), Place::Unknown);
}

#[test]
fn a_process_needs_the_modules_that_its_modules_call() {
    let refused = decided(
        |settings| {
            settings.modules.payments.placement = Some(Placement::Nats);
            settings.nats.url = Some("nats://broker".to_owned());
        },
        &["orders"],
        &everything(),
    );

    let said = refused.unwrap_err();

    assert!(said.contains("modules.inventory.placement"), "{said}");
    assert!(said.contains("orders runs in this process and needs inventory"), "{said}");
    assert!(!said.contains("payments"), "{said}");
}

#[test]
fn a_process_needs_the_other_end_of_every_event_of_its_modules() {
    let producer = decided(|_| {}, &["payments"], &everything()).unwrap_err();
    let subscriber = decided(at_http, &["orders"], &everything()).unwrap_err();
    let nobody_listens = decided(
        |settings| settings.modules.orders.placement = Some(Placement::Off),
        &["payments"],
        &everything(),
    );

    assert!(producer.contains("modules.orders.placement"), "{producer}");
    assert!(subscriber.contains("modules.payments.placement"), "{subscriber}");
    assert!(nobody_listens.is_ok());
}

#[test]
fn a_module_that_is_called_can_not_be_off() {
    let refused = decided(
        |settings| settings.modules.inventory.placement = Some(Placement::Off),
        &[],
        &everything(),
    );

    assert!(refused.unwrap_err().contains("modules.inventory.placement"));
}

#[test]
fn what_is_compiled_out_is_reached_over_the_only_way_or_must_be_set() {
    let set = |settings: &mut Settings| {
        settings.modules.inventory.url = Some("http://a:1".to_owned());
    };

    let only_way = decided(set, &[], &slim("inventory", [false, true, false]));
    let two_ways = decided(set, &[], &slim("inventory", [false, true, true]));
    let no_way = decided(at_http, &[], &slim("inventory", [true, false, true]));
    let not_here = decided(set, &["inventory"], &slim("inventory", [false, true, true]));

    assert_eq!(*only_way.unwrap().of("inventory"), Place::Http(vec!["http://a:1".to_owned()]));
    assert!(two_ways.unwrap_err().contains("without the feature inventory"));
    assert!(no_way.unwrap_err().contains("without the feature inventory-http"));
    assert!(not_here.unwrap_err().contains("without the feature inventory"));
}

#[test]
fn a_module_that_no_release_has_is_off_unless_it_is_placed() {
    let mut compiled = everything();
    compiled.push(Compiled { module: "recommendations", local: false, http: true, nats: false });

    let unset = decided(|_| {}, &[], &compiled).unwrap();
    let local = decided(
        |settings| settings.modules.recommendations.placement = Some(Placement::Local),
        &["recommendations"],
        &compiled,
    );

    assert_eq!(*unset.of("recommendations"), Place::Off);
    assert!(local.unwrap_err().contains("recommendations is not built in this release"));
}

#[test]
fn an_unknown_name_is_refused_with_those_there_are() {
    let said = decided(|_| {}, &["warehouse"], &everything()).unwrap_err();

    assert!(
        said.contains("\"warehouse\"") && said.contains("inventory, payments, orders"),
        "{said}"
    );
    assert_eq!(named(&["a,b".to_owned(), " b ".to_owned()]), ["a", "b"]);
}

#[test]
fn a_module_can_not_do_without_whom_it_calls_and_who_is_at_the_other_end_of_its_events() {
    let around = |modules: &[&'static str]| {
        NEIGHBOURS.around(&modules.iter().copied().collect()).into_iter().collect::<Vec<_>>()
    };

    assert_eq!(around(&["inventory"]), Vec::<&str>::new());
    assert_eq!(around(&["orders"]), ["inventory", "payments"]);
    assert_eq!(around(&["payments"]), ["orders"]);
    assert_eq!(around(&["orders", "payments"]), ["inventory"]);
}

#[test]
fn a_way_that_is_not_compiled_in_matters_to_a_process_that_needs_the_module_alone() {
    let compiled = slim("inventory", [false, false, true]);

    let not_needed = decided(at_http, &["payments"], &compiled);
    let needed = decided(
        |settings| {
            at_http(settings);
            settings.modules.payments.placement = Some(Placement::Http);
            settings.modules.payments.url = Some("http://c:1".to_owned());
        },
        &["orders"],
        &compiled,
    );

    assert!(!not_needed.err().unwrap_or_default().contains("inventory"));
    let told = needed.unwrap_err();
    assert!(told.contains("modules.inventory.placement"), "{told}");
    assert!(told.contains("without the feature inventory-http"), "{told}");
}
