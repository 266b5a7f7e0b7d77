use std::path::Path;
use std::process::{Command, Output};

use architecture_tests::BASELINE;
use architecture_tests::plan::PLAN;

use crate::kit::depends;
use crate::shapes::hexagon;

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_architecture-tests"))
        .arg("--root")
        .arg(root)
        .args(arguments)
        .output()
        .unwrap();
    let told = [stdout, stderr].map(|told| String::from_utf8(told).unwrap()).concat();
    (status.code(), told)
}

#[test]
fn an_architect_comes_from_nothing_to_a_red_build_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in hexagon().tree.under("") {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_bytes()).unwrap();
    }
    let manifest = root.join("crates/domain/Cargo.toml");
    let before = std::fs::read_to_string(&manifest).unwrap();
    let breach = format!("{before}{}\n", depends("crates/domain", "crates/adapters"));

    let without = run(root, &["check"]);
    let begun = run(root, &["init"]);
    let held = run(root, &["check"]);
    std::fs::write(&manifest, &breach).unwrap();
    let broken = run(root, &["check"]);
    let again = run(root, &["init"]);
    let anew = run(root, &["init", "--force", "--preset", "hexagon"]);
    let accepted = run(root, &["check"]);
    std::fs::write(&manifest, &before).unwrap();
    let mended = run(root, &["check"]);
    let pruned = run(root, &["baseline", "prune"]);

    assert!(without.0 == Some(2) && without.1.contains("`init` writes one"), "{without:?}");
    assert!(begun.0 == Some(0) && begun.1.contains("preset hexagon"), "{begun:?}");
    assert_eq!(held.0, Some(0), "{held:?}");
    assert!(
        broken.0 == Some(1) && broken.1.contains("help: `architecture-tests explain G06`"),
        "{broken:?}"
    );
    assert!(again.0 == Some(2) && again.1.contains("`--force` writes it anew"), "{again:?}");
    assert_eq!((anew.0, accepted.0), (Some(0), Some(0)), "{anew:?} {accepted:?}");
    assert!(mended.0 == Some(1) && mended.1.contains("is no longer found"), "{mended:?}");
    assert_eq!(pruned.0, Some(0), "{pruned:?}");
    assert!(root.join(PLAN).exists() && !root.join(BASELINE).exists());
}
