use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use extract_documents::{contracts, differences, events};

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_committed_documents_are_those_of_the_code() {
    let differences = differences(&repository().join("contracts")).unwrap();

    let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(
        told.is_empty(),
        "contracts/ is not what the code says.\n{}\nWhere nothing breaks, run \
         `cargo run -p galleria -- contracts export` and commit what it writes.",
        told.join("\n")
    );
}

/// The words between quotes in all contract crates, and in the platform's contract.
fn quoted() -> BTreeSet<String> {
    let mut quoted = BTreeSet::new();
    let modules = repository().join("modules");
    let mut folders = vec![modules.join("shared/platform/src/ops")];
    for module in std::fs::read_dir(&modules).unwrap() {
        folders.push(module.unwrap().path().join("contract/src"));
    }
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            quoted.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
            let declared = text.split("#[contract(name = \"").skip(1);
            quoted.extend(
                declared.map(|rest| format!("contract {}", rest.split('"').next().unwrap())),
            );
        }
    }
    quoted
}

#[test]
fn every_contract_has_a_document() {
    let known: BTreeSet<String> =
        contracts().iter().map(|contract| format!("contract {}", contract.name)).collect();

    let declared: BTreeSet<String> =
        quoted().into_iter().filter(|word| word.starts_with("contract ")).collect();
    assert_eq!(declared, known);
}

#[test]
fn every_event_that_is_told_or_listened_to_has_a_document() {
    let known: BTreeSet<String> = events().iter().map(|event| event.name.to_owned()).collect();
    let is_event = |word: &String| {
        let mut parts = word.split('.');
        let version = parts.nth(2).and_then(|part| part.strip_prefix('v'));
        version.is_some_and(|version| version.parse::<u32>().is_ok()) && parts.next().is_none()
    };

    let named: BTreeSet<String> = quoted().into_iter().filter(is_event).collect();
    assert_eq!(named, known);
}

#[test]
fn every_refusal_has_a_kind() {
    for contract in contracts() {
        for method in contract.methods {
            let kinds: Vec<String> = (method.kinds)().into_keys().collect();
            assert_eq!(kinds, method.codes(), "{} {}", contract.name, method.name);
        }
    }
}
