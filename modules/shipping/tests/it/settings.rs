use figment::Figment;
use figment::providers::{Format as _, Toml};
use serde_json::{Value, json};
use shipping::ShippingSettings;

/// A method that is right, with one of its fields set otherwise.
fn with(field: &str, value: Value) -> Value {
    let mut method = json!({
        "code": "post",
        "title": "Post",
        "days": 3,
        "countries": ["DE"],
        "prices": [{"up_to_grams": 1000, "amounts": {"EUR": 500}}],
    });
    method[field] = value;
    method
}

fn problem(methods: &Value) -> String {
    let settings: ShippingSettings = serde_json::from_value(json!({"methods": methods})).unwrap();
    settings.validate().unwrap_err()
}

#[test]
fn the_defaults_are_right_and_survive_being_written() {
    let defaults = ShippingSettings::default();

    defaults.validate().unwrap();
    let written = serde_json::to_value(&defaults).unwrap();
    assert_eq!(serde_json::from_value::<ShippingSettings>(written).unwrap(), defaults);
    let nothing: ShippingSettings = serde_json::from_value(json!({})).unwrap();
    assert_eq!(nothing, defaults);
}

#[test]
fn settings_are_read_from_a_file() {
    let file = r#"
        [[methods]]
        code = "post"
        title = "Post"
        days = 3
        countries = ["DE", "AT"]
        prices = [{ up_to_grams = 2000, amounts = { EUR = 490, JPY = 800 } }]

        [[methods]]
        code = "post"
        title = "Post, worldwide"
        days = 20
        countries = ["*"]
        prices = [{ up_to_grams = 2000, amounts = { EUR = 1990 } }]
    "#;

    let settings: ShippingSettings = Figment::from(Toml::string(file)).extract().unwrap();

    settings.validate().unwrap();
    assert_eq!(settings.methods.len(), 2);
    assert!(settings.methods[0].countries.names("AT".parse().unwrap()));
    assert!(settings.methods[1].countries.is_everywhere());
}

/// Settings with one fault each, and the setting that is at fault.
fn faulty() -> Vec<(Value, &'static str)> {
    let price = |grams: u64, amount: i64| json!({"up_to_grams": grams, "amounts": {"EUR": amount}});

    vec![
        (json!([]), "shipping.methods"),
        (json!([with("code", json!("Post"))]), "shipping.methods[0].code"),
        (json!([with("code", json!(""))]), "shipping.methods[0].code"),
        (json!([with("title", json!(" "))]), "shipping.methods[0].title"),
        (json!([with("title", json!("x".repeat(101)))]), "shipping.methods[0].title"),
        (json!([with("days", json!(0))]), "shipping.methods[0].days"),
        (json!([with("days", json!(366))]), "shipping.methods[0].days"),
        (json!([with("prices", json!([]))]), "shipping.methods[0].prices"),
        (
            json!([with("prices", json!([price(0, 1)]))]),
            "shipping.methods[0].prices[0].up_to_grams",
        ),
        (
            json!([with("prices", json!([price(5, 1), price(5, 2)]))]),
            "shipping.methods[0].prices[1].up_to_grams",
        ),
        (
            json!([with("prices", json!([{"up_to_grams": 5, "amounts": {}}]))]),
            "shipping.methods[0].prices[0].amounts",
        ),
        (
            json!([with("prices", json!([price(5, -1)]))]),
            "shipping.methods[0].prices[0].amounts.EUR",
        ),
        (
            json!([with("prices", json!([price(5, 1_000_000_000_001)]))]),
            "shipping.methods[0].prices[0].amounts.EUR",
        ),
        (
            json!([with("code", json!("other")), with("days", json!(1)), with("days", json!(2))]),
            "shipping.methods[2].countries",
        ),
        (
            json!([with("countries", json!(["*"])), with("countries", json!(["*"]))]),
            "shipping.methods[1].countries",
        ),
    ]
}

#[test]
fn what_is_wrong_is_named() {
    for (methods, field) in faulty() {
        let problem = problem(&methods);
        assert!(problem.starts_with(&format!("{field} ")), "{problem} does not name {field}");
    }
}

#[test]
fn what_the_types_refuse_never_gets_as_far() {
    for method in [
        with("countries", json!([])),
        with("countries", json!(["XX"])),
        with("countries", json!(["DE", "*"])),
        with("countries", json!("DE")),
        with("days", json!(-1)),
        with("days", json!(1.5)),
        with("prices", json!([{"up_to_grams": 5, "amounts": {"EURO": 1}}])),
        with("prices", json!([{"up_to_grams": 5, "amounts": {"EUR": 1.5}}])),
        with("prices", json!([{"up_to_grams": 5, "amounts": {"EUR": 1}, "surcharge": 1}])),
        with("weight", json!(5)),
    ] {
        let settings = serde_json::from_value::<ShippingSettings>(json!({"methods": [method]}));
        assert!(settings.is_err(), "{settings:?}");
    }
    assert!(serde_json::from_value::<ShippingSettings>(json!({"method": []})).is_err());
}
