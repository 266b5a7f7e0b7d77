use architecture_tests::jiff::Timestamp;
use architecture_tests::jiff::tz::TimeZone;
use architecture_tests::{BASELINE, Edit, Entry, rules, tell, written};

use crate::kit::{TODAY, checked_on};
use crate::ours;

#[test]
fn this_workspace_holds_its_architecture_and_every_rule_proves_that_it_bites() {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();

    let (outcome, told) = checked_on(ours(), today);

    assert_eq!(outcome.code(), 0, "\n{told}");
    assert!(outcome.proofs > 140, "{told}");
    let left_out: Vec<&str> = outcome.left_out.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(left_out, ["R01", "R02"], "what the plan leaves unsaid is not held: {told}");
    assert!(outcome.unproven.is_empty(), "{told}");
}

#[test]
fn an_accepted_breach_holds_until_its_day_and_is_told_once_it_is_mended() {
    let breach = Edit::append(
        "modules/orders/src/application/cancel.rs",
        "fn now() { chrono::Utc::now(); }",
    );
    let (broken, _) = checked_on(&breach.applied(ours()).unwrap(), TODAY);
    let accept = |finding| Entry::accepting(finding, "checkout", "a test", TODAY);
    let entries: Vec<Entry> = broken.findings.iter().map(accept).collect();
    let baseline = Edit::create(BASELINE, &written(&entries).unwrap());
    let accepted = breach.then(baseline.clone()).applied(ours()).unwrap();

    let (held, told_held) = checked_on(&accepted, TODAY);
    let (expired, told_expired) = checked_on(&accepted, TODAY.tomorrow().unwrap());
    let (stale, told_stale) = checked_on(&baseline.applied(ours()).unwrap(), TODAY);

    assert_eq!((held.code(), held.accepted), (0, entries.len()), "{told_held}");
    assert_eq!((expired.code(), stale.code()), (1, 1));
    assert!(told_expired.contains("was accepted until 2026-11-21"), "{told_expired}");
    assert!(told_stale.contains("is no longer found"), "{told_stale}");
}

#[test]
fn every_rule_says_why_it_is_there_and_what_it_holds() {
    for rule in rules::all() {
        let told = tell::explained(ours(), &rule);

        assert!(rule.why.len() > 30, "{told}");
        assert!(told.contains(rule.explain) && told.contains(rule.why), "{told}");
    }
}
