use std::fs;
use std::path::Path;

use extract_documents::{Difference, ExportError, differences, export, files};
use serde_json::Value;

const STOCK: &str = "inventory.v1.json";

fn change(directory: &Path, path: &str, change: impl FnOnce(&mut Value)) {
    let path = directory.join(path);
    let mut document: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    change(&mut document);
    fs::write(path, serde_json::to_string_pretty(&document).unwrap()).unwrap();
}

#[test]
fn what_is_exported_does_not_differ_and_is_not_written_again() {
    let directory = tempfile::tempdir().unwrap();

    let written = export(directory.path()).unwrap();

    assert_eq!(written.len(), files().unwrap().len());
    assert_eq!(differences(directory.path()).unwrap(), []);
    assert_eq!(export(directory.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn additions_are_written_and_told() {
    let directory = tempfile::tempdir().unwrap();
    export(directory.path()).unwrap();
    // As if the method had come since.
    change(directory.path(), STOCK, |document| {
        document["methods"].as_object_mut().unwrap().remove("movements");
    });

    let differences = differences(directory.path()).unwrap();

    let new = vec!["movements is new".to_owned()];
    assert_eq!(differences, [Difference::Changed(STOCK.to_owned(), new)]);
    assert_eq!(export(directory.path()).unwrap(), [STOCK]);
}

#[test]
fn nothing_is_written_where_peers_would_break_and_the_field_is_named() {
    let directory = tempfile::tempdir().unwrap();
    export(directory.path()).unwrap();
    let event = "events/orders.order-confirmed.v1.json";
    // As if the code had lost what was committed.
    change(directory.path(), STOCK, |document| {
        let reserve = &mut document["methods"]["reserve"]["request"];
        reserve["properties"]["until"] = serde_json::json!({"type": "string"});
    });
    change(directory.path(), event, |document| {
        document["data"]["properties"]["gift"] = serde_json::json!({"type": "boolean"});
    });
    let before = fs::read_to_string(directory.path().join(STOCK)).unwrap();

    let refused = export(directory.path()).unwrap_err();

    let ExportError::Breaks(differences) = &refused else { panic!("{refused}") };
    assert_eq!(differences.len(), 2);
    let told = refused.to_string();
    assert!(told.contains("reserve: request.until is no longer read"), "{told}");
    assert!(told.contains("data.gift is no longer sent"), "{told}");
    assert_eq!(fs::read_to_string(directory.path().join(STOCK)).unwrap(), before);
}

#[test]
fn a_document_of_nothing_is_told_of() {
    let directory = tempfile::tempdir().unwrap();
    export(directory.path()).unwrap();
    fs::copy(directory.path().join(STOCK), directory.path().join("inventory.v0.json")).unwrap();

    let differences = differences(directory.path()).unwrap();

    assert_eq!(differences, [Difference::Gone("inventory.v0.json".to_owned())]);
}
