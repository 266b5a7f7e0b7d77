use std::collections::BTreeMap;

use kernel::contract::{
    Contract as _, ContractDescriptor, Effect, MethodDescriptor, kinds_of, schema_of,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use conformance::{Look, Seen, Shelf, ShelfRefusal};

const LOOK: MethodDescriptor = MethodDescriptor {
    name: "look",
    words: "Looks what lies there.",
    effect: Effect::Read,
    stream: false,
    request: schema_of::<Look>,
    answer: schema_of::<Seen>,
    refusal: schema_of::<ShelfRefusal>,
    kinds: kinds_of::<ShelfRefusal>,
};

fn fingerprint(method: MethodDescriptor) -> String {
    fingerprint_of("shelf", 1, method)
}

fn fingerprint_of(name: &'static str, version: u32, method: MethodDescriptor) -> String {
    let methods = Box::leak(Box::new([method]));
    ContractDescriptor { name, version, words: "", methods }.fingerprint()
}

mod same {
    use super::JsonSchema;

    /// Other words and another name, and the same on the wire.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    pub(super) struct Renamed {
        /// Other words.
        board: u32,
    }

    /// One field more.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    pub(super) struct Grown {
        board: u32,
        row: Option<u32>,
    }

    /// One code fewer.
    #[derive(JsonSchema)]
    #[serde(tag = "code", rename_all = "kebab-case")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    pub(super) enum Fewer {
        NoBoard,
    }
}

#[test]
fn the_attribute_describes_what_the_trait_says() {
    let descriptor = <dyn Shelf>::DESCRIPTOR;

    assert_eq!(descriptor.address(), "shelf.v1");
    let said = descriptor.methods.iter().map(|method| (method.name, method.effect, method.stream));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [
            ("look", Effect::Read, false),
            ("put", Effect::WriteKeyed, false),
            ("add", Effect::WriteOnce, false),
            ("watch", Effect::Read, true),
        ]
    );
    assert_eq!(descriptor.words, "A shelf, with a method of every sort.");
    assert_eq!(descriptor.methods[0].words, "Looks what lies there.");
    assert_eq!(descriptor.methods[0].codes(), ["full", "no-board"]);
    let document: Value = serde_json::from_str(&descriptor.document()).unwrap();
    let look = &document["methods"]["look"];
    assert_eq!(look["request"]["properties"]["board"]["type"], "integer");
    assert_eq!(look["codes"], json!({"full": "conflict", "no-board": "not-found"}));
}

#[test]
fn a_fingerprint_changes_when_the_contract_does() {
    let base = fingerprint(LOOK);

    let changed = [
        fingerprint(MethodDescriptor { name: "gaze", ..LOOK }),
        fingerprint(MethodDescriptor { effect: Effect::WriteKeyed, ..LOOK }),
        fingerprint(MethodDescriptor { stream: true, ..LOOK }),
        fingerprint(MethodDescriptor { request: schema_of::<same::Grown>, ..LOOK }),
        fingerprint(MethodDescriptor { answer: schema_of::<Look>, ..LOOK }),
        fingerprint(MethodDescriptor { refusal: schema_of::<same::Fewer>, ..LOOK }),
        fingerprint(MethodDescriptor { kinds: BTreeMap::new, ..LOOK }),
        fingerprint_of("shelf", 2, LOOK),
        fingerprint_of("board", 1, LOOK),
    ];

    assert_eq!(base.len(), 16);
    for (number, changed) in changed.iter().enumerate() {
        assert_ne!(*changed, base, "change {number} went unseen");
    }
}

#[test]
fn a_fingerprint_does_not_change_with_words_names_of_types_or_order() {
    let renamed = MethodDescriptor { words: "Gazes.", request: schema_of::<same::Renamed>, ..LOOK };
    let put = || MethodDescriptor { name: "put", effect: Effect::WriteKeyed, ..LOOK };
    let of = |methods: [MethodDescriptor; 2]| {
        let methods = Box::leak(Box::new(methods));
        ContractDescriptor { name: "shelf", version: 1, words: "", methods }.fingerprint()
    };

    assert_eq!(fingerprint(renamed), fingerprint(LOOK));
    assert_eq!(of([put(), LOOK]), of([LOOK, put()]));
}

#[test]
fn a_method_has_a_fingerprint_of_its_own() {
    let methods = <dyn Shelf>::DESCRIPTOR.methods;

    assert_eq!(methods[0].fingerprint(), LOOK.fingerprint());
    assert_ne!(methods[1].fingerprint(), methods[2].fingerprint());
}
