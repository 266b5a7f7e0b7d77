use extract_documents::events;
use serde_json::Value;

#[test]
fn every_event_that_was_told_is_still_understood() {
    for event in events() {
        let told: Value = serde_json::from_str(event.example).unwrap();

        let understood = event.understood(event.example);

        let understood = understood.unwrap_or_else(|error| panic!("{}: {error}", event.name));
        is_within(event.name, &told, &understood);
    }
}

#[test]
fn an_example_is_of_its_event_and_says_all_that_is_needed() {
    for event in events() {
        let told: Value = serde_json::from_str(event.example).unwrap();
        let document = event.document();

        assert_eq!(told["type"], event.name);
        for field in document["data"]["properties"].as_object().unwrap().keys() {
            assert!(told["data"].get(field).is_some(), "{}: no {field}", event.name);
        }
    }
}

#[test]
fn an_event_whose_personal_data_was_blanked_is_understood() {
    for event in events() {
        let mut told: Value = serde_json::from_str(event.example).unwrap();
        let Some(personal) = told["data"].get_mut("personal") else { continue };

        *personal = Value::Null;
        let blanked = event.understood(&told.to_string());
        told["data"].as_object_mut().unwrap().remove("personal");
        let without = event.understood(&told.to_string());

        assert!(blanked.is_ok() && without.is_ok(), "{}: {blanked:?}, {without:?}", event.name);
    }
}

/// All that was told is understood: nothing is lost or turned into something else.
fn is_within(place: &str, told: &Value, understood: &Value) {
    match (told, understood) {
        (Value::Object(told), Value::Object(understood)) => {
            for (key, value) in told {
                let place = format!("{place}.{key}");
                is_within(&place, value, understood.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(told), Value::Array(understood)) => {
            assert_eq!(told.len(), understood.len(), "{place}");
            for (told, understood) in told.iter().zip(understood) {
                is_within(place, told, understood);
            }
        }
        _ => assert_eq!(told, understood, "{place}"),
    }
}
