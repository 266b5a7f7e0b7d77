use extract_compatibility::successor;
use serde_json::json;

use crate::document::Edit::{Need, Spare};
use crate::document::{ANSWER, REQUEST, committed, cut, edited, set};
use crate::told::{CALLERS, NEW_CALLERS, breaks, stays};

#[test]
fn a_document_succeeds_itself() {
    stays(&[], &[]);
}

#[test]
fn a_method_may_come_and_not_go() {
    let look = committed()["methods"]["put"].clone();

    stays(&[set("/methods", "/look", look)], &["look is new"]);
    breaks(&[cut("/methods", "/put")], "put", "is gone", CALLERS);
}

#[test]
fn a_method_does_what_it_did() {
    let effect = |word: &str| set("/methods/put", "/effect", json!(word));
    let stream = set("/methods/put", "/stream", json!(true));

    breaks(&[effect("write-once")], "put", "(write-keyed) is now (write-once)", CALLERS);
    breaks(&[effect("read")], "put", "(write-keyed) is now (read)", CALLERS);
    breaks(&[stream], "put", "(write-keyed) is now (write-keyed, stream)", CALLERS);
    stays(&[effect("write-keyed")], &[]);
}

#[test]
fn a_name_and_a_version_stay() {
    breaks(&[set("", "/version", json!(2))], "version", "was 1 and is 2", CALLERS);
    breaks(&[set("", "/contract", json!("board"))], "contract", "was \"shelf\"", CALLERS);
}

#[test]
fn a_request_gets_only_fields_that_may_be_left_out() {
    let row = || set(REQUEST, "/properties/row", json!({"type": "integer"}));

    stays(&[row()], &["put: request.row is new"]);
    breaks(
        &[row(), Need(REQUEST, "row")],
        "put: request.row",
        "is not sent, and is needed",
        CALLERS,
    );
}

#[test]
fn a_request_loses_no_field() {
    breaks(&[cut(REQUEST, "/properties/note")], "put: request.note", "is no longer read", CALLERS);
    breaks(
        &[cut(REQUEST, "/properties/way"), Spare(REQUEST, "way")],
        "put: request.way",
        "is not sent, and is needed",
        NEW_CALLERS,
    );
}

#[test]
fn what_a_request_needs_stays_so() {
    let place = "put: request.note";
    breaks(&[Need(REQUEST, "note")], place, "may be left out, and is needed", CALLERS);
    let place = "put: request.order";
    breaks(&[Spare(REQUEST, "order")], place, "may be left out, and is needed", NEW_CALLERS);
    stays(&[set(REQUEST, "/properties/hurry/default", json!(true))], &[]);
}

#[test]
fn a_field_of_a_request_keeps_its_type() {
    let note = |kind| set(REQUEST, "/properties/note/type", kind);
    let place = "put: request.note";
    breaks(&[note(json!("string"))], place, "may be null, which is not known", CALLERS);
    breaks(
        &[note(json!(["string", "null", "integer"]))],
        place,
        "may be a whole number",
        NEW_CALLERS,
    );
    breaks(&[note(json!(["integer", "null"]))], place, "may be any text", CALLERS);
    stays(&[note(json!(["null", "string"]))], &[]);
}

#[test]
fn bounds_stay() {
    let line = "/properties/lines/items/properties";
    let most = |most| set(REQUEST, &format!("{line}/quantity/maximum"), json!(most));
    let long = |most| set(REQUEST, &format!("{line}/sku/maxLength"), json!(most));
    let quantity = "put: request.lines[].quantity";
    breaks(&[most(99)], quantity, "may be more than 99", CALLERS);
    breaks(&[most(9999)], quantity, "may be more than 999", NEW_CALLERS);
    breaks(&[long(32)], "put: request.lines[].sku", "may have more than 32 characters", CALLERS);
    breaks(
        &[long(99)],
        "put: request.lines[].sku",
        "may have more than 64 characters",
        NEW_CALLERS,
    );
    stays(&[most(999), long(64)], &[]);

    let total = |format| set(ANSWER, "/properties/total/format", json!(format));
    breaks(
        &[total("uint64")],
        "put: answer.total",
        "may be more than 9223372036854775807",
        CALLERS,
    );
    breaks(&[total("int32")], "put: answer.total", "may be less than -2147483648", NEW_CALLERS);
    let format = set(REQUEST, "/properties/order/format", json!("date-time"));
    breaks(&[format], "put: request.order", "may be a text that is no date-time", CALLERS);
    let pattern = set(REQUEST, "/properties/order/pattern", json!("^a"));
    breaks(&[pattern], "put: request.order", "may be a text that does not match ^a", CALLERS);
}

#[test]
fn a_list_stays_a_list_of_the_same() {
    let lines = |key: &str, value| set(REQUEST, &format!("/properties/lines/{key}"), value);
    breaks(&[lines("minItems", json!(1))], "put: request.lines", "may have fewer than 1", CALLERS);
    breaks(&[lines("maxItems", json!(9))], "put: request.lines", "may have more than 9", CALLERS);
    let texts = lines("items", json!({"type": "string"}));
    breaks(&[texts], "put: request.lines[]", "may be an object", CALLERS);
    stays(&[lines("minItems", json!(0))], &[]);
}

#[test]
fn a_reader_that_refuses_unknown_fields_takes_no_new_ones() {
    let strict = || set(REQUEST, "/additionalProperties", json!(false));
    let row = || set(REQUEST, "/properties/row", json!({"type": "integer"}));
    let before = edited(&[strict()]);

    let changes = successor(&before, &edited(&[strict(), row()]));
    let told: Vec<_> = changes.breaking.iter().map(|breaking| breaking.place.as_str()).collect();
    assert_eq!(told, ["put: request.row"]);
    stays(&[row()], &["put: request.row is new"]);
}
