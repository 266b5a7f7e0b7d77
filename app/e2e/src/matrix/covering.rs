use std::collections::BTreeSet;

/// A factor and one of its levels.
type Choice = (usize, usize);

/// Rows with a level for each factor, so that any two factors meet in each pair of their levels. The same every time.
pub fn covering(factors: usize, levels: usize) -> Vec<Vec<usize>> {
    let mut missing = pairs(factors, levels);
    let mut rows = Vec::new();
    while let Some(first) = missing.first().copied() {
        let row = row_with(first, (factors, levels), &missing);
        missing.retain(|(one, other)| !(has(&row, *one) && has(&row, *other)));
        rows.push(row);
    }
    rows
}

/// All that must meet, the lower factor first.
fn pairs(factors: usize, levels: usize) -> BTreeSet<(Choice, Choice)> {
    let choices = |factor: usize| (0..levels).map(move |level| (factor, level));
    (0..factors)
        .flat_map(|one| (one + 1..factors).map(move |other| (one, other)))
        .flat_map(|(one, other)| choices(one).map(move |choice| (choice, other)))
        .flat_map(|(choice, other)| choices(other).map(move |met| (choice, met)))
        .collect()
}

/// A row with a pair. Every other factor has the level that meets most of what is missing.
fn row_with(
    (one, other): (Choice, Choice),
    (factors, levels): (usize, usize),
    missing: &BTreeSet<(Choice, Choice)>,
) -> Vec<usize> {
    let mut chosen = vec![one, other];
    for factor in (0..factors).filter(|factor| ![one.0, other.0].contains(factor)) {
        let meets = |level: &usize| {
            let choice = (factor, *level);
            let of = chosen.iter().map(|met| (choice.min(*met), choice.max(*met)));
            of.filter(|pair| missing.contains(pair)).count()
        };
        // Of equals, the one that comes last: local, the least of them, has its turn in any case.
        let best = (0..levels).max_by_key(meets).unwrap_or_default();
        chosen.push((factor, best));
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|(_, level)| level).collect()
}

fn has(row: &[usize], (factor, level): Choice) -> bool {
    row.get(factor) == Some(&level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_two_factors_meet_in_each_pair_of_their_levels() {
        for (factors, levels) in [(2, 2), (3, 3), (7, 3), (9, 4)] {
            let rows = covering(factors, levels);

            for one in 0..factors {
                for other in one + 1..factors {
                    let met: BTreeSet<_> = rows.iter().map(|row| (row[one], row[other])).collect();
                    assert_eq!(met.len(), levels * levels, "{one} and {other} in {rows:?}");
                }
            }
            assert!(rows.iter().all(|row| row.len() == factors));
        }
    }

    #[test]
    fn it_is_the_same_every_time_and_far_from_everything() {
        let rows = covering(7, 3);

        assert_eq!(covering(7, 3), rows);
        assert!((9..=18).contains(&rows.len()), "{} of {} rows", rows.len(), 3_usize.pow(7));
    }

    #[test]
    fn nothing_meets_where_there_is_nothing_to_meet() {
        assert!(
            covering(0, 3).is_empty() && covering(1, 3).is_empty() && covering(3, 0).is_empty()
        );
    }
}
