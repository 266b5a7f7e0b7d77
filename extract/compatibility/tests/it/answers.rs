use extract_compatibility::{Changes, successor};
use serde_json::json;

use crate::document::Edit::{Need, Spare};
use crate::document::{ANSWER, REFUSAL, REQUEST, committed, cut, edited, push, set};
use crate::told::{CALLERS, NEW_CALLERS, breaks, stays};

#[test]
fn a_closed_list_of_values_stays_and_an_open_one_grows() {
    let way = |way| push(REQUEST, "/properties/way/enum", json!(way));
    let state = |state| push(ANSWER, "/properties/state/enum", json!(state));
    let grown =
        push(ANSWER, "/properties/stage/anyOf/0/oneOf", json!({"const": "lost", "type": "string"}));

    breaks(&[way("rail")], "put: request.way", "may be \"rail\", which is not known", NEW_CALLERS);
    breaks(
        &[cut(REQUEST, "/properties/way/enum/1")],
        "put: request.way",
        "may be \"sea\"",
        CALLERS,
    );
    breaks(&[state("lost")], "put: answer.state", "may be \"lost\", which is not known", CALLERS);
    breaks(
        &[cut(ANSWER, "/properties/state/enum/1")],
        "put: answer.state",
        "may be \"sold\"",
        NEW_CALLERS,
    );
    stays(&[grown], &[]);
    stays(&[cut(ANSWER, "/properties/stage/anyOf/0/oneOf/1")], &[]);
}

#[test]
fn a_list_of_values_may_open_and_not_close() {
    let open = set(
        ANSWER,
        "/properties/state",
        committed()["methods"]["put"]["answer"]["properties"]["stage"].clone(),
    );
    let closed =
        set(ANSWER, "/properties/stage", json!({"type": "string", "enum": ["held", "sold"]}));

    stays(&[open], &["put: answer.state takes values of later versions from now on"]);
    breaks(&[closed], "put: answer.stage", "takes listed values alone", NEW_CALLERS);
}

#[test]
fn an_answer_gets_only_fields_that_callers_can_do_without() {
    let row = || set(ANSWER, "/properties/row", json!({"type": "integer"}));

    stays(&[row()], &["put: answer.row is new"]);
    breaks(
        &[row(), Need(ANSWER, "row")],
        "put: answer.row",
        "is not sent, and is needed",
        NEW_CALLERS,
    );
}

#[test]
fn an_answer_loses_no_field_and_keeps_what_callers_need() {
    breaks(&[cut(ANSWER, "/properties/next")], "put: answer.next", "is no longer sent", CALLERS);
    let lost = [cut(ANSWER, "/properties/total"), Spare(ANSWER, "total")];
    breaks(&lost, "put: answer.total", "is not sent, and is needed", CALLERS);
    breaks(
        &[Spare(ANSWER, "total")],
        "put: answer.total",
        "may be left out, and is needed",
        CALLERS,
    );
    breaks(&[Need(ANSWER, "next")], "put: answer.next", "may be left out", NEW_CALLERS);
    stays(&[Spare(ANSWER, "nothing")], &[]);
}

#[test]
fn a_field_of_an_answer_keeps_its_type() {
    let total = |kind| set(ANSWER, "/properties/total/type", kind);
    breaks(&[total(json!("string"))], "put: answer.total", "may be any text", CALLERS);
    breaks(&[total(json!(["integer", "null"]))], "put: answer.total", "may be null", CALLERS);
    let amounts =
        set(ANSWER, "/properties/amounts/additionalProperties", json!({"type": "string"}));
    breaks(&[amounts], "put: answer.amounts.*", "may be any text", CALLERS);
    stays(&[total(json!("integer"))], &[]);
}

#[test]
fn a_tagged_object_keeps_its_variants_and_their_fields() {
    let owner = "/properties/owner/oneOf";
    let staff =
        json!({"type": "object", "properties": {"kind": {"const": "staff"}}, "required": ["kind"]});
    let place = "put: answer.owner";
    breaks(
        &[push(ANSWER, owner, staff)],
        place,
        "may be an object whose kind is \"staff\"",
        CALLERS,
    );
    breaks(
        &[cut(ANSWER, &format!("{owner}/0"))],
        place,
        "may be an object whose kind is \"guest\"",
        NEW_CALLERS,
    );
    let id = set(ANSWER, &format!("{owner}/1/properties/id/type"), json!("integer"));
    breaks(&[id], "put: answer.owner.id", "may be a whole number", CALLERS);
    let name = set(ANSWER, &format!("{owner}/1/properties/name"), json!({"type": "string"}));
    stays(&[name], &["put: answer.owner.name is new"]);
}

#[test]
fn refusals_may_come_and_keep_their_fields() {
    let late =
        json!({"type": "object", "properties": {"code": {"const": "late"}}, "required": ["code"]});
    stays(&[push(REFUSAL, "/oneOf", late)], &["put: refusal late is new"]);
    breaks(&[cut(REFUSAL, "/oneOf/0")], "put: refusal closed", "is no longer given", CALLERS);
    let lost =
        [cut(REFUSAL, "/oneOf/1/properties/left"), Spare("/methods/put/refusal/oneOf/1", "left")];
    breaks(&lost, "put: refusal short.left", "is not sent, and is needed", CALLERS);
    let left = set(REFUSAL, "/oneOf/1/properties/left/format", json!("uint64"));
    breaks(&[left], "put: refusal short.left", "may be more than 4294967295", CALLERS);
    let most = set(REFUSAL, "/oneOf/1/properties/most", json!({"type": "integer"}));
    stays(&[most], &["put: refusal short.most is new"]);
    let kind = set("/methods/put", "/codes/closed", json!("stale"));
    stays(&[kind], &["put: refusal closed is \"stale\" and was \"conflict\""]);
}

#[test]
fn types_that_contain_themselves_are_compared_to_their_ends() {
    let tree = |leaf: &str| {
        let node = json!({
            "type": "object",
            "properties": {
                "children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
                "leaf": {"type": leaf},
            },
            "required": ["children", "leaf"],
        });
        set("/methods/put", "/answer", json!({"$ref": "#/$defs/Tree", "$defs": {"Tree": node}}))
    };
    let (before, same) = (edited(&[tree("integer")]), edited(&[tree("integer")]));
    let other = edited(&[tree("string")]);

    assert_eq!(successor(&before, &same), Changes::default());
    let told = successor(&before, &other).breaking;
    let places: Vec<_> = told.iter().map(|breaking| breaking.place.as_str()).collect();
    assert_eq!(places, ["put: answer.children[].leaf", "put: answer.leaf"]);
}

#[test]
fn a_type_that_is_named_twice_is_compared_twice() {
    let either = |kind: &str| {
        let of = |needed: &[&str]| {
            let leaf = json!({"$ref": "#/$defs/Leaf"});
            let fields = json!({"one": {"type": "integer"}, "leaf": leaf});
            json!({"type": "object", "properties": fields, "required": needed})
        };
        let leaf =
            json!({"type": "object", "properties": {"a": {"type": kind}}, "required": ["a"]});
        let ways = [of(&["one", "leaf"]), of(&["leaf"])];
        set("/methods/put", "/answer", json!({"anyOf": ways, "$defs": {"Leaf": leaf}}))
    };
    let (before, after) = (edited(&[either("integer")]), edited(&[either("string")]));

    let told = successor(&before, &after).breaking;

    assert!(told.iter().any(|breaking| breaking.place == "put: answer.leaf.a"), "{told:#?}");
    assert_eq!(successor(&before, &before), Changes::default());
}
