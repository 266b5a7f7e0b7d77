use architecture_tests::{check, rules, tell};

use crate::ours;

#[test]
fn this_workspace_holds_its_architecture_and_every_rule_proves_that_it_bites() {
    let rules = rules::all();

    let outcome = check(ours(), &rules, true);

    let told = tell::text(ours(), &rules, &outcome);
    assert_eq!(outcome.code(), 0, "\n{told}");
    assert!(outcome.proofs > 90, "{told}");
    let left_out: Vec<&str> = outcome.left_out.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(left_out, ["R01", "R02"], "what the plan leaves unsaid is not held: {told}");
    assert!(outcome.unproven.is_empty(), "{told}");
}

#[test]
fn every_rule_says_why_it_is_there_and_what_it_holds() {
    for rule in rules::all() {
        let told = tell::explained(ours(), &rule);

        assert!(rule.why.len() > 30, "{told}");
        assert!(told.contains(rule.explain) && told.contains(rule.why), "{told}");
    }
}
