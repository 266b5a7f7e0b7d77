use architecture_tests::jiff::civil::{Date, date};
use architecture_tests::{BASELINE, Baseline, Edit, Entry, Outcome, check, rules, tell, written};

use crate::ours;

const TODAY: Date = date(2026, 11, 21);

/// What a check with a baseline comes to, where `orders` links two neighbours.
fn outcome(baseline: &str) -> Outcome {
    let manifest = "modules/orders/Cargo.toml";
    let breach = |name: &str| {
        Edit::depend(manifest, "dev-dependencies", &format!("{name}.workspace = true"))
    };
    let edit = breach("carts").then(breach("catalog")).then(Edit::create(BASELINE, baseline));
    let workspace = edit.applied(ours()).unwrap();
    let rules: Vec<_> = rules::all().into_iter().filter(|rule| rule.id == "G02").collect();
    let mut outcome = check(&workspace, &rules, false);
    Baseline::of(&workspace).unwrap().apply(&mut outcome, TODAY);
    outcome
}

fn accepted(until: Date) -> Vec<Entry> {
    let found = outcome("").findings;
    found.iter().map(|finding| Entry::accepting(finding, "checkout", "a test", until)).collect()
}

fn told(outcome: &Outcome) -> Vec<String> {
    outcome.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.what)).collect()
}

#[test]
fn what_is_accepted_is_counted_and_no_breach() {
    let entries = accepted(TODAY);

    let outcome = outcome(&written(&entries).unwrap());

    assert_eq!((outcome.code(), outcome.accepted), (0, 2), "{:?}", told(&outcome));
}

#[test]
fn a_new_breach_is_told_whole_beside_those_that_are_accepted() {
    let entries = accepted(TODAY);

    let outcome = outcome(&written(&entries[..1]).unwrap());

    let left = told(&outcome);
    assert!(matches!(left.as_slice(), [one] if one.contains("depends on `carts`")), "{left:?}");
}

#[test]
fn an_entry_stands_for_one_breach_and_no_pattern() {
    let mut entries = accepted(TODAY);
    entries[1] = entries[0].clone();
    let twice = outcome(&written(&entries).unwrap());
    entries[1].item = "orders -> *".to_owned();
    let pattern = outcome(&written(&entries).unwrap());

    assert!(
        told(&twice)
            .iter()
            .any(|one| one.starts_with("M02") && one.ends_with("is no longer found"))
    );
    assert!(
        told(&pattern).iter().any(|one| one.starts_with("M02") && one.contains("is a pattern"))
    );
    assert_eq!((twice.code(), pattern.code()), (1, 1));
}

#[test]
fn an_entry_has_an_owner_a_reason_and_an_end() {
    let mut entries = accepted(date(2026, 11, 20));
    entries[1].until = "one day".to_owned();
    let over = outcome(&written(&entries).unwrap());
    entries[0].owner = " ".to_owned();
    let nobodys = outcome(&written(&entries).unwrap());

    let over = told(&over);
    assert!(over.iter().any(|one| one.contains("was accepted until 2026-11-20")), "{over:?}");
    assert!(over.iter().any(|one| one.contains("`one day` is no day")), "{over:?}");
    assert!(over.iter().any(|one| one.starts_with("G02")), "{over:?}");
    assert!(told(&nobodys).iter().any(|one| one.contains("no owner")));
}

#[test]
fn what_is_no_longer_found_is_pruned() {
    let entries = accepted(TODAY);
    let mut older = entries.clone();
    older[0].item = "orders -> shipping".to_owned();
    let workspace = Edit::create(BASELINE, &written(&older).unwrap()).applied(ours()).unwrap();

    let kept = Baseline::of(&workspace).unwrap().pruned(&outcome("").findings);

    assert_eq!(kept, entries[1..]);
}

#[test]
fn every_form_names_rule_file_and_line() {
    let rules = rules::all();
    let outcome = outcome("");
    let Outcome { findings, .. } = &outcome;
    let (path, line) = (findings[0].path.as_str(), findings[0].line);

    let json = tell::json(&rules, &outcome);
    let sarif = tell::sarif(&rules, &outcome);
    let annotations = tell::annotations(&rules, &outcome);

    assert_eq!((&json["version"], &json["code"]), (&1.into(), &1.into()));
    assert_eq!(
        (&json["findings"][0]["path"], &json["findings"][0]["line"]),
        (&path.into(), &line.into())
    );
    let result = &sarif["runs"][0]["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!((&sarif["version"], &result["ruleId"]), (&"2.1.0".into(), &"G02".into()));
    assert_eq!(place["artifactLocation"]["uri"], path);
    assert_eq!(place["region"]["startLine"], line);
    let start = format!("::error file={path},line={line},title=G02 no-implementation::");
    assert!(annotations.starts_with(&start), "{annotations}");
    assert_eq!(annotations.lines().count(), findings.len());
}
