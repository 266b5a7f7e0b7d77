use std::io::Write as _;

use platform::DatabaseUrl;
use tempfile::NamedTempFile;

use super::load::known;
use super::{Placement, Settings, Sources, load};

fn file(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn loaded(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let file = file(text);
    let environment =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    load(&Sources { file: Some(file.path().to_owned()), environment })
        .map_err(|error| error.to_string())
}

fn refused(text: &str, environment: &[(&str, &str)]) -> String {
    loaded(text, environment).err().unwrap_or_default()
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let settings = loaded("", &[]).unwrap();

    assert_eq!(settings.database.url, DatabaseUrl::Sqlite("data".into()));
    assert_eq!(settings.server.address.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.shop.tax[&"DE".parse().unwrap()].0, 1900);
}

#[test]
fn the_environment_goes_over_the_file_and_the_file_over_the_defaults() {
    let text = "[shop]\ncurrency = \"USD\"\nprices_include_tax = false\n";

    let settings = loaded(text, &[("GALLERIA__SHOP__CURRENCY", "GBP")]).unwrap();

    assert_eq!(settings.shop.currency.code(), "GBP");
    assert!(!settings.shop.prices_include_tax);
    assert_eq!(settings.server.drain_ms, 8_000);
}

#[test]
fn an_unknown_setting_of_the_file_names_the_nearest_and_the_file() {
    let said = refused("[shop]\ncurency = \"EUR\"\n[sever]\naddress = \"127.0.0.1:1\"\n", &[]);

    assert!(said.contains("shop.curency"), "{said}");
    assert!(said.contains("did you mean shop.currency?"), "{said}");
    assert!(said.contains("did you mean server.address?"), "{said}");
    assert!(said.contains("(in "), "{said}");
}

#[test]
fn an_unknown_variable_names_the_nearest_and_itself() {
    let said = refused("", &[("GALLERIA__LIMITS__SIGNINS_PER_MINUTE", "1")]);

    assert!(said.contains("GALLERIA__LIMITS__SIGNINS_PER_MINUTE"), "{said}");
    assert!(said.contains("did you mean limits.sign_ins_per_minute?"), "{said}");
}

#[test]
fn a_section_of_an_unknown_module_is_refused() {
    let said = refused("[modules.warehouse]\nplacement = \"local\"\n", &[]);

    assert!(said.contains("modules.warehouse.placement"), "{said}");
}

#[test]
fn a_value_that_makes_no_sense_names_its_key_and_place() {
    let wrong = [
        ("[server]\naddress = \"nowhere\"\n", "server.address"),
        ("[limits]\nrequests_per_second = \"many\"\n", "limits.requests_per_second"),
        ("[shop]\ncurrency = \"EURO\"\n", "shop.currency"),
        ("[shop]\nsettle_within_seconds = 0\n", "shop.settle_within_seconds"),
        ("[shop.tax]\nXX = 100\n", "shop.tax"),
        ("[database]\nurl = \"mysql://x\"\n", "database.url"),
        ("[modules.carts]\nplacement = \"moon\"\n", "modules.carts.placement"),
    ];

    for (text, key) in wrong {
        let said = refused(text, &[]);
        assert!(said.contains(key) && said.contains("(in "), "{text}: {said}");
    }
    let said = refused("", &[("GALLERIA__SHOP__PRICES_INCLUDE_TAX", "maybe")]);
    assert!(said.contains("must be true or false") && said.contains("environment"), "{said}");
}

#[test]
fn a_file_that_is_no_toml_or_is_not_there_is_told() {
    assert!(refused("[shop\n", &[]).contains("is not TOML"));
    let missing = Sources { file: Some("nowhere.toml".into()), environment: Vec::new() };
    assert!(load(&missing).err().is_some_and(|error| error.to_string().contains("nowhere.toml")));
}

#[test]
fn text_of_the_environment_is_never_taken_for_a_number() {
    let environment = [
        ("GALLERIA__AUTH__ADMIN_EMAIL", "admin@shop.example"),
        ("GALLERIA__AUTH__ADMIN_PASSWORD", "123456789012"),
        ("GALLERIA__SHOP__TAX__DE", "700"),
        ("GALLERIA__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
    ];

    let settings = loaded("", &environment).unwrap();

    let password = settings.auth.admin_password.as_ref().map(super::Hidden::reveal);
    assert_eq!(password, Some("123456789012"));
    assert_eq!(settings.shop.tax[&"DE".parse().unwrap()].0, 700);
    assert_eq!(settings.server.trusted_proxies.len(), 2);
}

#[test]
fn a_file_that_names_rates_of_tax_replaces_the_standard_ones() {
    let settings = loaded("[shop.tax]\nDE = 700\n", &[]).unwrap();

    let rates: Vec<u16> = settings.shop.tax.values().map(|rate| rate.0).collect();
    assert_eq!(rates, [700]);
}

#[test]
fn an_empty_variable_leaves_unset_what_may_be_unset() {
    let environment = [("GALLERIA__AUTH__ADMIN_EMAIL", ""), ("GALLERIA__AUTH__ADMIN_PASSWORD", "")];

    assert!(loaded("", &environment).unwrap().auth.admin_email.is_none());
}

#[test]
fn an_admin_without_a_password_is_refused() {
    let said = refused("", &[("GALLERIA__AUTH__ADMIN_EMAIL", "admin@shop.example")]);

    assert!(said.contains("auth.admin_password"), "{said}");
}

#[test]
fn secrets_are_not_printed() {
    let text = "[auth]\nadmin_email = \"a@shop.example\"\nadmin_password = \"hunter2hunter2\"\n\
                [database]\nurl = \"postgres://u:hunter2@db/shop\"\n\
                [modules.carts]\ndatabase_url = \"postgres://u:hunter2@db/carts\"\n\
                [service]\nkey = \"hunter2\"\n[telemetry.otlp.headers]\nx-api-key = \"hunter2\"\n";
    let settings = loaded(text, &[]).unwrap();

    let (debug, json) = (format!("{settings:?}"), serde_json::to_string(&settings).unwrap());

    assert!(!debug.contains("hunter2"), "{debug}");
    assert!(!json.contains("hunter2"), "{json}");
    let said = refused("[auth]\nadmin_password = 4711\n", &[]);
    assert!(said.contains("auth.admin_password") && !said.contains("4711"), "{said}");
}

#[test]
fn where_traces_go_is_an_http_url_and_how_many_a_ratio() {
    let environment = [
        ("GALLERIA__TELEMETRY__OTLP__ENDPOINT", "http://127.0.0.1:4318/"),
        ("GALLERIA__TELEMETRY__OTLP__SAMPLING_RATIO", "0.25"),
        ("GALLERIA__TELEMETRY__OTLP__HEADERS__AUTHORIZATION", "Bearer 1"),
    ];

    let otlp = loaded("", &environment).unwrap().telemetry.otlp;

    let endpoint = otlp.endpoint.map(|endpoint| endpoint.traces());
    assert_eq!(endpoint.as_deref(), Some("http://127.0.0.1:4318/v1/traces"));
    assert!((f64::from(otlp.sampling_ratio) - 0.25).abs() < f64::EPSILON);
    assert_eq!(otlp.headers["AUTHORIZATION"].reveal(), "Bearer 1");
    for (endpoint, why) in [("https://host", "http://"), ("host:4318", "url"), ("", "url")] {
        let said = refused(&format!("[telemetry.otlp]\nendpoint = \"{endpoint}\""), &[]);
        assert!(said.contains("telemetry.otlp.endpoint") && said.contains(why), "{said}");
    }
    for ratio in ["1.5", "-0.1", "nan"] {
        let said = refused(&format!("[telemetry.otlp]\nsampling_ratio = {ratio}"), &[]);
        assert!(said.contains("between 0 and 1"), "{said}");
    }
}

#[test]
fn a_module_that_is_not_placed_runs_where_this_binary_can_have_it() {
    let settings = loaded("[modules.carts]\nplacement = \"nats\"\n", &[]).unwrap();

    assert_eq!(settings.modules.notifications.placement, None);
    assert_eq!(settings.modules.carts.placement, Some(Placement::Nats));
}

#[test]
fn the_nearest_setting_is_looked_for_among_all() {
    let keys = known().unwrap();

    assert!(keys.all().iter().any(|key| key == "modules.payments.database_url"));
    assert_eq!(keys.nearest("database.uri"), Some("database.url"));
    assert_eq!(keys.nearest("retention_days"), Some("events.retention_days"));
}

#[test]
fn the_example_names_every_setting_with_its_default() {
    let example = include_str!("../../../../galleria.example.toml");
    let (mut section, mut named) = (String::new(), Vec::new());
    for line in example.lines().map(|line| line.trim_start_matches("# ")) {
        if let Some(header) = line.strip_prefix('[') {
            header.trim_matches(['[', ']']).clone_into(&mut section);
            named.push(section.clone());
        } else if let Some((key, _)) = line.split_once(" = ") {
            named.push(format!("{section}.{key}"));
        }
    }

    let settings = loaded(example, &[]).unwrap();

    let unnamed: Vec<_> =
        known().unwrap().all().iter().filter(|key| !named.contains(key)).cloned().collect();
    assert_eq!(unnamed, Vec::<String>::new(), "not in galleria.example.toml");
    let (theirs, ours) =
        (serde_json::to_value(settings), serde_json::to_value(Settings::default()));
    assert_eq!(theirs.unwrap(), ours.unwrap());
}
