use std::collections::BTreeSet;
use std::process::Command;

use architecture_tests::facts::Kind;

use crate::{ours, root};

/// A declared edge: from, to, section, optional.
type Edge = (String, String, String, bool);

#[test]
fn members_and_declared_edges_are_those_that_cargo_reads() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let said = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();

    let mut theirs = BTreeSet::new();
    for package in said["packages"].as_array().unwrap() {
        let from = package["name"].as_str().unwrap();
        for edge in package["dependencies"].as_array().unwrap() {
            let kind = edge["kind"].as_str().unwrap_or("normal").to_owned();
            let to = edge["name"].as_str().unwrap().to_owned();
            theirs.insert((from.to_owned(), to, kind, edge["optional"].as_bool().unwrap()));
        }
    }

    let ours: BTreeSet<Edge> = ours()
        .crates
        .iter()
        .flat_map(|one| one.edges.iter().map(move |edge| (one, &edge.declared)))
        .map(|(one, edge)| {
            let kind = match edge.kind {
                Kind::Normal => "normal",
                Kind::Dev => "dev",
                Kind::Build => "build",
            };
            (one.name().to_owned(), edge.package.clone(), kind.to_owned(), edge.optional)
        })
        .collect();
    assert_eq!(ours, theirs);
}
