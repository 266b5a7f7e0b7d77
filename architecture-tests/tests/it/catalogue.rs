use std::str::FromStr as _;

use architecture_tests::facts::{Catalogue, Crossing, Right};
use architecture_tests::{Edit, Finding, Rule, check, rules};
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{ConnectOptions as _, Executor as _, query_as};
use testkit::TestServer;

use crate::ours;

/// What stands on something in another schema, by `PostgreSQL`'s own account, and what bodies of functions name. Views, defaults,
/// triggers and policies have no schema of their own: theirs is that of their table.
const CROSSINGS: &str = "
    SELECT o.type, o.schema, o.identity, r.schema, r.identity
    FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o, pg_identify_object(d.refclassid, d.refobjid, 0) r
    WHERE o.schema <> r.schema AND o.schema = ANY ($1) AND r.schema = ANY ($1)
    UNION
    SELECT p.kind, c.relnamespace::regnamespace::text, c.relname::text, r.schema, r.identity
    FROM (
        SELECT 'view' AS kind, 'pg_rewrite'::regclass AS class, oid, ev_class AS own FROM pg_rewrite
        UNION ALL SELECT 'default', 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
        UNION ALL SELECT 'trigger', 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'policy', 'pg_policy'::regclass, oid, polrelid FROM pg_policy
    ) p
    JOIN pg_class c ON c.oid = p.own
    JOIN pg_depend d ON d.classid = p.class AND d.objid = p.oid,
    pg_identify_object(d.refclassid, d.refobjid, 0) r
    WHERE c.relnamespace::regnamespace::text <> r.schema AND r.schema = ANY ($1)
    UNION
    SELECT 'function', p.pronamespace::regnamespace::text, p.proname::text, s, '?' FROM pg_proc p, unnest($1) s
    WHERE p.pronamespace::regnamespace::text = ANY ($1) AND p.pronamespace::regnamespace::text <> s
    AND p.prosrc ~ ('\\m\"?' || s || '\"?\\.')";

const RIGHTS: &str = "
    SELECT rolname::text, replace(rolname::text, $2 || '_', ''), s, p
    FROM pg_roles, unnest($1) s, unnest(ARRAY['USAGE', 'CREATE']) p
    WHERE starts_with(rolname::text, $2 || '_') AND has_schema_privilege(oid, s, p)
    UNION
    SELECT rolname::text, replace(rolname::text, $2 || '_', ''), schemaname::text, p
    FROM pg_roles, pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    WHERE starts_with(rolname::text, $2 || '_') AND schemaname::text = ANY ($1)
    AND has_table_privilege(oid, quote_ident(schemaname) || '.' || quote_ident(tablename), p)";

type Row5 = (String, String, String, String, String);
type Row4 = (String, String, String, String);

/// A database with the schemas of all modules, a connection of its administrator, and the schemas.
async fn migrated() -> Option<(TestServer, PgConnection, Vec<String>)> {
    let server = TestServer::postgres().await?;
    let mut schemas = vec!["shipping".to_owned()];
    server.database("shipping").await;
    for (module, _) in migrations::MODULES {
        server.database(module).await;
        schemas.push((*module).to_owned());
    }
    let connection =
        PgConnectOptions::from_str(&server.place()?.url).unwrap().connect().await.unwrap();
    Some((server, connection, schemas))
}

async fn asked(
    server: &TestServer,
    connection: &mut PgConnection,
    schemas: &[String],
) -> Catalogue {
    let crossings: Vec<Row5> =
        query_as(CROSSINGS).bind(schemas).fetch_all(&mut *connection).await.unwrap();
    let prefix = server.place().unwrap().role_prefix();
    let rights: Vec<Row4> =
        query_as(RIGHTS).bind(schemas).bind(prefix).fetch_all(connection).await.unwrap();
    Catalogue {
        crossings: crossings
            .into_iter()
            .map(|(kind, schema, name, to, other)| Crossing {
                kind,
                from: (schema, name),
                to: (to, other),
            })
            .collect(),
        rights: rights
            .into_iter()
            .map(|(role, own, schema, what)| Right { role, own, schema, what })
            .collect(),
    }
}

fn live() -> Vec<Rule> {
    rules::all().into_iter().filter(|rule| rule.id.starts_with('R')).collect()
}

fn found(catalogue: Catalogue) -> Vec<Finding> {
    let workspace = Edit::live(catalogue).applied(ours()).unwrap();
    let outcome = check(&workspace, &live(), true);
    assert_eq!((outcome.rules, outcome.unread.len()), (2, 0));
    outcome.findings
}

#[tokio::test]
async fn after_all_migrations_nothing_crosses_schemas_and_every_role_stays_at_home() {
    let Some((server, mut connection, schemas)) = migrated().await else { return };

    let catalogue = asked(&server, &mut connection, &schemas).await;

    assert!(catalogue.rights.len() >= 5 * schemas.len(), "{:?}", catalogue.rights);
    assert_eq!(found(catalogue), []);
}

#[tokio::test]
async fn what_a_statement_puts_together_while_it_runs_is_found() {
    let Some((server, mut connection, schemas)) = migrated().await else { return };
    let role = format!("{}_orders", server.place().unwrap().role_prefix());
    let key = "ALTER TABLE orders.outbox ADD FOREIGN KEY (event_id) REFERENCES pay' || 'ments.outbox (event_id)";
    let script = format!(
        "DO $$ BEGIN EXECUTE '{key}'; END $$;
         CREATE VIEW carts.seen AS SELECT 1 AS n FROM catalog.product;
         CREATE FUNCTION users.seen() RETURNS BIGINT AS 'SELECT COUNT(*) FROM orders.orders' LANGUAGE sql;
         CREATE FUNCTION catalog.one() RETURNS BIGINT AS 'SELECT 1::bigint' LANGUAGE sql;
         CREATE FUNCTION catalog.fired() RETURNS trigger AS $f$ BEGIN RETURN NEW; END $f$ LANGUAGE plpgsql;
         CREATE TABLE carts.late (n BIGINT DEFAULT catalog.one());
         CREATE TRIGGER fired BEFORE INSERT ON carts.late FOR EACH ROW EXECUTE FUNCTION catalog.fired();
         CREATE POLICY late ON carts.late USING (catalog.one() = 1);
         CREATE VIEW carts.called AS SELECT catalog.one() AS n;
         GRANT USAGE ON SCHEMA users TO {role}; GRANT SELECT ON users.account TO {role};"
    );
    connection.execute(sea_orm::sqlx::AssertSqlSafe(script)).await.unwrap();

    let found = found(asked(&server, &mut connection, &schemas).await);

    let told: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
    for wanted in [
        "stands on `payments.",
        "the view `carts.seen`",
        "the view `carts.called`",
        "the default `carts.late`",
        "the trigger `carts.late`",
        "the policy `carts.late`",
        "the function `users.seen",
        "may SELECT in users",
        "may USAGE in users",
    ] {
        assert!(told.iter().any(|what| what.contains(wanted)), "{wanted}: {told:#?}");
    }
}

#[test]
fn without_a_database_it_is_said_that_these_rules_did_not_run() {
    let outcome = check(ours(), &live(), false);

    let left_out: Vec<&str> = outcome.left_out.iter().map(|(rule, _)| *rule).collect();
    assert_eq!((outcome.rules, left_out), (0, vec!["R01", "R02"]));
}
