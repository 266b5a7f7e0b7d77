use extract_compatibility::{Met, meet};
use serde_json::{Value, json};

use crate::document::Edit::{Need, Spare};
use crate::document::{ANSWER, REFUSAL, REQUEST, committed, cut, edited, push, set};

#[track_caller]
fn incompatible(ours: &Value, theirs: &Value, told: &str) {
    match meet(ours, theirs) {
        Met::Incompatible(breaking) => {
            let all: Vec<String> = breaking.iter().map(ToString::to_string).collect();
            assert_eq!(all, [told]);
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn compatible(ours: &Value, theirs: &Value, differences: &[&str]) {
    let expected = differences.iter().map(|words| (*words).to_owned()).collect();
    assert_eq!(meet(ours, theirs), Met::Compatible(expected));
}

#[test]
fn the_same_documents_are_the_same() {
    assert_eq!(meet(&committed(), &committed()), Met::Same);
    assert!(Met::Same.failure("shelf.v1").is_none());
}

#[test]
fn additions_get_along_in_both_directions() {
    let later = edited(&[
        set("/methods", "/look", committed()["methods"]["put"].clone()),
        set(REQUEST, "/properties/row", json!({"type": "integer"})),
        set(ANSWER, "/properties/row", json!({"type": "integer"})),
        push(
            REFUSAL,
            "/oneOf",
            json!({"properties": {"code": {"const": "late"}}, "type": "object"}),
        ),
    ]);

    compatible(
        &committed(),
        &later,
        &[
            "put: answer.row is not known to its reader",
            "put: refusal late is given there and not known here",
            "look is served there and not known here",
        ],
    );
    compatible(
        &later,
        &committed(),
        &["look is not served there", "put: request.row is not known to its reader"],
    );
}

#[test]
fn what_a_server_needs_and_we_do_not_send_is_named() {
    let row = set(REQUEST, "/properties/row", json!({"type": "integer"}));
    let later = edited(&[row.clone(), Need(REQUEST, "row")]);

    let told = "put: request.row is not sent, and is needed: this breaks our requests";
    incompatible(&committed(), &later, told);
    compatible(&committed(), &edited(&[row]), &[]);
    // A server that knows the field not yet ignores it.
    compatible(&later, &committed(), &["put: request.row is not known to its reader"]);
}

#[test]
fn what_we_need_and_a_server_does_not_send_is_named() {
    let without = [cut(ANSWER, "/properties/total"), Spare(ANSWER, "total")];
    let earlier = edited(&without);

    let told = "put: answer.total is not sent, and is needed: this breaks their answers";
    incompatible(&committed(), &earlier, told);
    compatible(&earlier, &committed(), &["put: answer.total is not known to its reader"]);
    compatible(&committed(), &edited(&[cut(ANSWER, "/properties/next")]), &[]);
}

#[test]
fn values_that_one_side_does_not_know_are_named() {
    let later = edited(&[push(ANSWER, "/properties/state/enum", json!("lost"))]);
    let stage = json!({"const": "lost", "type": "string"});
    let open = edited(&[push(ANSWER, "/properties/stage/anyOf/0/oneOf", stage)]);

    let told =
        "put: answer.state may be \"lost\", which is not known there: this breaks their answers";
    incompatible(&committed(), &later, told);
    compatible(&later, &committed(), &[]);
    compatible(&committed(), &open, &[]);
}

#[test]
fn a_schema_that_is_nothing_but_itself_may_be_anything() {
    let circle = json!({
        "$ref": "#/$defs/one",
        "$defs": {"one": {"$ref": "#/$defs/other"}, "other": {"anyOf": [{"$ref": "#/$defs/one"}]}},
    });

    for endless in [json!({"$ref": "#"}), circle] {
        let mut theirs = committed();
        theirs["methods"]["put"]["answer"] = endless;

        let told =
            "put: answer may be anything, which is not known there: this breaks their answers";
        incompatible(&committed(), &theirs, told);
    }
}

#[test]
fn another_effect_or_contract_is_refused() {
    let once = edited(&[set("/methods/put", "/effect", json!("write-once"))]);
    let told = "put (write-keyed) is now (write-once): \
                this breaks our calls, which repeat and end as we know them";
    incompatible(&committed(), &once, told);
    let second = edited(&[set("", "/version", json!(2))]);
    incompatible(&committed(), &second, "version is 2 there and 1 here: this breaks all calls");
}

#[test]
fn the_failure_names_the_field_and_nothing_was_executed() {
    let later = edited(&[push(ANSWER, "/properties/state/enum", json!("lost"))]);

    let failure = meet(&committed(), &later).failure("shelf.v1").unwrap();
    assert_eq!(failure.executed, kernel::Executed::No);
    assert!(failure.chain().contains("shelf.v1: put: answer.state"), "{}", failure.chain());
}
