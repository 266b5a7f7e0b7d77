use extract_compatibility::{Changes, event_successor};
use serde_json::{Value, json};

fn event(data: &Value) -> Value {
    json!({"event": "shelf.item-put.v1", "data": data})
}

fn item_put() -> Value {
    json!({
        "type": "object",
        "properties": {"item": {"type": "string"}, "place": {"type": ["integer", "null"]}},
        "required": ["item"],
    })
}

fn changes(change: impl FnOnce(&mut Value)) -> Changes {
    let mut data = item_put();
    change(&mut data);
    event_successor(&event(&item_put()), &event(&data))
}

#[track_caller]
fn breaks(change: impl FnOnce(&mut Value), told: &str) {
    let changes = changes(change);
    assert_eq!(changes.breaking.len(), 1, "{:#?}", changes.breaking);
    assert_eq!(changes.breaking[0].to_string(), told);
}

#[test]
fn an_event_gets_only_fields_that_older_events_can_lack() {
    let row = |data: &mut Value| data["properties"]["row"] = json!({"type": "integer"});

    assert_eq!(changes(row).additions, ["data.row is new"]);
    assert_eq!(changes(row).breaking, []);
    breaks(
        |data| {
            row(data);
            data["required"] = json!(["item", "row"]);
        },
        "data.row is not sent, and is needed: \
         this breaks subscribers of the new version, to whom older events are told",
    );
}

#[test]
fn an_event_loses_no_field() {
    breaks(
        |data| drop(data["properties"].as_object_mut().unwrap().remove("place")),
        "data.place is no longer sent: this breaks subscribers of the committed version",
    );
}

#[test]
fn a_field_of_an_event_keeps_its_type() {
    breaks(
        |data| data["properties"]["item"] = json!({"type": "integer"}),
        "data.item may be a whole number, which is not known there: \
         this breaks subscribers of the committed version",
    );
    breaks(
        |data| data["properties"]["place"] = json!({"type": "integer"}),
        "data.place may be null, which is not known there: \
         this breaks subscribers of the new version, to whom older events are told",
    );
    let same = changes(|data| data["properties"]["place"] = json!({"type": ["null", "integer"]}));
    assert_eq!(same, Changes::default());
}

#[test]
fn an_event_keeps_its_name() {
    let mut other = event(&item_put());
    other["event"] = json!("shelf.item-put.v2");

    let changes = event_successor(&event(&item_put()), &other);
    assert_eq!(changes.breaking[0].place, "event");
}
