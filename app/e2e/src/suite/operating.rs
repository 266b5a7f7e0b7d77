//! What an operator is told while a module in another process is there, and while it is not.

use serde_json::Value;

use crate::{Binary, Launcher as _, Opening, Outcome, Said, Split};

const INVENTORY: &str = "inventory";

/// The commands say where each module runs, whether it answers and what it serves; of a dead one they say that, and go on.
pub async fn commands_tell_which_module_is_missing(house: &Split) -> Outcome {
    house.start(&Opening::empty()).await?;
    let rows = modules(house).await?;
    let ours = row(&rows, "orders")?;
    assert_eq!((&ours["placement"], &ours["state"]), (&"local".into(), &"here".into()));
    let theirs = row(&rows, INVENTORY)?;
    assert_eq!((&theirs["placement"], &theirs["state"]), (&"http".into(), &"reachable".into()));
    assert_eq!((&theirs["contract"], &theirs["detail"]), (&"inventory.v1".into(), &Value::Null));
    assert!(theirs["fingerprint"].as_str().is_some_and(|print| !print.is_empty()), "{theirs}");
    assert_eq!(said(house, &["events", "list"]).await?.code, Some(0));
    assert_eq!(said(house, &["health"]).await?.code, Some(0));

    house.kill_at(house.places_of(INVENTORY)[0]).await?;

    let rows = modules(house).await?;
    let dead = row(&rows, INVENTORY)?;
    assert_eq!((&dead["state"], &dead["contract"]), (&"unreachable".into(), &Value::Null));
    assert!(dead["detail"].as_str().is_some_and(|why| !why.is_empty()), "{dead}");
    assert_eq!(row(&rows, "orders")?["state"], "here");
    let events = said(house, &["events", "list"]).await?;
    assert_eq!(events.code, Some(1), "{}", events.text);
    assert!(events.text.contains("inventory is missing"), "{}", events.text);
    // The process that is asked is as ready as it can be: it says itself what it lacks.
    assert_eq!(said(house, &["health"]).await?.code, Some(0));

    house.kill().await?;

    assert_ne!(said(house, &["health"]).await?.code, Some(0));
    Ok(())
}

async fn modules(house: &Split) -> Outcome<Vec<Value>> {
    let said = said(house, &["modules", "--json"]).await?;
    Ok(serde_json::from_str(&said.text).map_err(|error| format!("{error}: {}", said.text))?)
}

fn row<'r>(rows: &'r [Value], module: &str) -> Outcome<&'r Value> {
    let row = rows.iter().find(|row| row["module"] == module);
    Ok(row.ok_or_else(|| format!("no row of {module} in {rows:?}"))?)
}

async fn said(house: &Split, arguments: &[&str]) -> Outcome<Said> {
    house.command(Binary::Galleria, arguments).await
}
