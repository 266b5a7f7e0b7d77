use std::collections::BTreeMap;

use catalog_contract::{Category, CategoryTree};
use kernel::fold;

/// The most categories above one another.
const DEEPEST: usize = 16;

/// All categories as a tree, sorted by title; each count has those below it in it.
pub(crate) fn grown(categories: Vec<(Category, u64)>) -> Vec<CategoryTree> {
    let mut below: BTreeMap<Option<String>, Vec<(Category, u64)>> = BTreeMap::new();
    for (category, count) in categories {
        below.entry(category.parent.clone()).or_default().push((category, count));
    }
    branches(&mut below, None)
}

fn branches(
    below: &mut BTreeMap<Option<String>, Vec<(Category, u64)>>,
    parent: Option<&str>,
) -> Vec<CategoryTree> {
    let mut categories = below.remove(&parent.map(ToOwned::to_owned)).unwrap_or_default();
    categories.sort_by_cached_key(|(category, _)| (fold(&category.title), category.slug.clone()));
    categories
        .into_iter()
        .map(|(category, own)| {
            let children = branches(below, Some(&category.slug));
            let count = own + children.iter().map(|child| child.count).sum::<u64>();
            CategoryTree { slug: category.slug, title: category.title, count, children }
        })
        .collect()
}

/// Whether a category may be put under `parent`: that one exists, is not below it, and the tree stays flat enough.
pub(crate) fn may_stand_under(categories: &[Category], moved: Option<&str>, parent: &str) -> bool {
    let Some(above) = height(categories, moved, parent) else { return false };
    above + moved.map_or(1, |slug| depth(categories, slug)) <= DEEPEST
}

/// How many categories stand above one that is put under `parent`; none if `moved` is one of them.
fn height(categories: &[Category], moved: Option<&str>, parent: &str) -> Option<usize> {
    let mut above = 0;
    let mut next = Some(parent);
    while let Some(slug) = next {
        if moved == Some(slug) || above > DEEPEST {
            return None;
        }
        next = categories.iter().find(|category| category.slug == slug)?.parent.as_deref();
        above += 1;
    }
    Some(above)
}

fn depth(categories: &[Category], slug: &str) -> usize {
    let children = categories.iter().filter(|category| category.parent.as_deref() == Some(slug));
    1 + children.map(|child| depth(categories, &child.slug)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(slug: &str, parent: Option<&str>) -> Category {
        Category { slug: slug.into(), title: slug.to_uppercase(), parent: parent.map(Into::into) }
    }

    #[test]
    fn counts_add_up_to_the_top() {
        let tree = grown(vec![
            (category("mugs", Some("kitchen")), 2),
            (category("kitchen", None), 1),
            (category("bath", None), 5),
        ]);

        assert_eq!(tree.iter().map(|top| top.count).collect::<Vec<_>>(), [5, 3]);
        assert_eq!(tree[1].children[0].slug, "mugs");
    }

    #[test]
    fn nothing_stands_under_itself() {
        let all = [category("a", None), category("b", Some("a")), category("c", Some("b"))];

        assert!(!may_stand_under(&all, Some("a"), "a"));
        assert!(!may_stand_under(&all, Some("a"), "c"));
        assert!(!may_stand_under(&all, Some("a"), "unknown"));
        assert!(may_stand_under(&all, Some("c"), "a"));
    }

    #[test]
    fn a_tree_has_a_most_depth() {
        let chain: Vec<Category> = (0..16)
            .map(|n| category(&n.to_string(), (n > 0).then(|| (n - 1).to_string()).as_deref()))
            .collect();

        assert!(may_stand_under(&chain, None, "14"));
        assert!(!may_stand_under(&chain, None, "15"));
    }
}
