//! The same rules on types as they are written.

use extract_compatibility::{Changes, event_successor};
use kernel::contract::{SchemaForm, schema_of};
use kernel::{Money, Quantity, SkuId};
use schemars::JsonSchema;
use serde_json::json;

fn changes<Before: JsonSchema, Now: JsonSchema>() -> Changes {
    let event = |data| json!({"event": "shelf.item-put.v1", "data": data});
    let (before, now) = (schema_of::<Before>(SchemaForm::Bare), schema_of::<Now>(SchemaForm::Bare));
    event_successor(&event(before), &event(now))
}

#[expect(dead_code, reason = "only their schemas are looked at")]
mod before {
    use super::{JsonSchema, Money, Quantity, SkuId};

    #[derive(JsonSchema)]
    pub(super) struct Put {
        pub(super) sku: SkuId,
        pub(super) price: Option<Money>,
        pub(super) stage: Stage,
        pub(super) how: How,
    }

    #[derive(JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub(super) enum Stage {
        /// Words.
        Held,
        Sold,
        #[serde(untagged)]
        Unknown(String),
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    pub(super) enum How {
        Once,
        Often { times: Quantity },
    }
}

#[expect(dead_code, reason = "only their schemas are looked at")]
mod after {
    use super::{JsonSchema, Money, Quantity, SkuId};

    #[derive(JsonSchema)]
    pub(super) struct Put {
        pub(super) sku: SkuId,
        pub(super) price: Option<Money>,
        pub(super) stage: Stage,
        pub(super) how: How,
        pub(super) row: Option<u32>,
        #[serde(default)]
        pub(super) rows: Vec<u32>,
    }

    #[derive(JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub(super) enum Stage {
        Held,
        Sold,
        Lost,
        #[serde(untagged)]
        Unknown(String),
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    pub(super) enum How {
        Once,
        Often {
            times: Quantity,
            #[serde(default)]
            pause: u32,
        },
    }

    #[derive(JsonSchema)]
    pub(super) struct Broken {
        pub(super) sku: u32,
        pub(super) price: Money,
        pub(super) stage: Stage,
        pub(super) how: Wrong,
        pub(super) row: u32,
    }

    #[derive(JsonSchema)]
    #[serde(tag = "kind", rename_all = "kebab-case")]
    pub(super) enum Wrong {
        Once,
        Often { times: u32 },
        Never,
    }
}

#[test]
fn what_contracts_may_add_is_compatible() {
    let changes = changes::<before::Put, after::Put>();

    assert_eq!(changes.breaking, []);
    let new = ["data.how.pause is new", "data.row is new", "data.rows is new"];
    assert_eq!(changes.additions, new);
}

#[test]
fn what_contracts_may_not_change_is_named() {
    let changes = changes::<after::Put, after::Broken>();

    let mut places: Vec<_> =
        changes.breaking.iter().map(|breaking| breaking.place.as_str()).collect();
    places.sort_unstable();
    let expected = [
        "data.how",
        "data.how.pause",
        "data.how.times",
        "data.price",
        "data.row",
        "data.rows",
        "data.sku",
    ];
    assert_eq!(places, expected);
}
