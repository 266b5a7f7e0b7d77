use crate::edit::Edit;
use crate::facts::{Catalogue, Crossing, Workspace};
use crate::finding::Found;
use crate::need::Need;
use crate::plan::PLAN;
use crate::proof::Proof;
use crate::rule::Rule;
use crate::rules::scene::at;

pub(in crate::rules) const RULE: Rule = Rule {
    id: "R01",
    name: "nothing-crosses",
    why: "what a statement puts together while it runs is seen by the database alone",
    needs: Need::Migrations,
    explain: "After all migrations ran, nothing in one schema stands on another by PostgreSQL's own catalogue: no foreign key, view, \
              function, trigger, default or type. It is run where a database is found, and otherwise said not to have run.",
    may_be_empty: Some("a database without crossings is what is wished for"),
    is_derived: false,
    check,
    proofs,
};

fn check(workspace: &Workspace, found: &mut Found) {
    for crossing in workspace.catalogue.iter().flat_map(|catalogue| &catalogue.crossings) {
        found.look();
        let Crossing { kind, from, to } = crossing;
        let path = super::r02_rights::migration_of(workspace, &from.0);
        found.note(
            (path, 1),
            format!("{}.{} -> {}.{}", from.0, from.1, to.0, to.1),
            format!("the {kind} `{}.{}` stands on `{}.{}`", from.0, from.1, to.0, to.1),
            format!("keep what is needed in {}, fed by events; see D01 to D03, and what `{PLAN}` says of {}", from.0, from.0),
        );
    }
}

fn proofs(workspace: &Workspace) -> Vec<Proof> {
    let mut schemas =
        workspace.migrations.iter().filter_map(|migration| migration.schema.as_deref());
    let Some(first) = schemas.next() else { return Vec::new() };
    let other = schemas.find(|schema| *schema != first).unwrap_or("other");
    let crossing = Crossing {
        kind: "foreign key".to_owned(),
        from: (first.to_owned(), "proof".to_owned()),
        to: (other.to_owned(), "proof".to_owned()),
    };
    vec![Proof {
        does: "has a foreign key that no migration shows",
        breaks: Edit::live(Catalogue { crossings: vec![crossing], rights: Vec::new() }),
        at: at(super::r02_rights::migration_of(workspace, first), ""),
        also: &[],
        spares: Edit::live(Catalogue::default()),
    }]
}
