//! Opening, closing, and several at once.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, join3};
use serde_json::json;

use crate::{Client, Launcher, Opening, Outcome, Purchase, Stage, Ware, eventually};

const MUG: Ware<'_> = Ware { sku: "MUG", price: 1_999, stock: 100 };

/// Asked to end under load, the shop answers what it was asked before, and ends within ten seconds.
pub async fn a_shop_that_closes_drops_no_request(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let mut slow = Vec::new();
    for _ in 0..4 {
        slow.push(Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_slow").await?);
    }
    let closing = OnceLock::new();
    let readers = join_all((0..8).map(|_| read_until_closed(Client::of(house.public()), &closing)));
    let purchases = join_all(slow.iter().map(|purchase| purchase.send(&stage.anyone)));
    let close = async {
        eventually(Duration::from_secs(20), "the purchases are under way", async || {
            Ok((stage.all("/api/orders?status=pending").await?.len() == 4).then_some(()))
        })
        .await?;
        closing.get_or_init(Instant::now);
        house.stop().await
    };

    let (answers, read, closed) = join3(purchases, readers, close).await;

    assert!(closed? <= Duration::from_secs(10));
    for answer in answers {
        let answer = answer?;
        assert!(matches!(answer.status, 201 | 202), "{answer}");
    }
    let read = read.into_iter().collect::<Outcome<Vec<usize>>>()?;
    assert!(read.into_iter().sum::<usize>() > 0, "nothing was read");
    let stage = Stage::open(house, &Opening::empty()).await?;
    stage.adds_up().await?;
    assert_eq!(stage.stock("MUG").await?.reserved, 4);
    Ok(())
}

/// Reads until a request that was sent after the shop began to close is not answered.
async fn read_until_closed(reader: Client, closing: &OnceLock<Instant>) -> Outcome<usize> {
    for read in 0.. {
        let asked = Instant::now();
        match reader.get("/api/products").await {
            Ok(answer) if answer.status == 200 => {}
            Ok(answer) if closing.get().is_none() => return Err(answer.to_string().into()),
            Ok(_) => return Ok(read),
            Err(_) if closing.get().is_some_and(|closing| asked >= *closing) => return Ok(read),
            Err(error) => return Err(format!("dropped: {error}").into()),
        }
    }
    Ok(0)
}

/// One directory serves one server; the second is refused and the first does not notice.
pub async fn a_second_server_on_one_directory_is_refused(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;

    let second = house.beside().start(&Opening::empty()).await;

    assert!(second.is_err(), "two servers on one directory");
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    purchase.send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}

/// What an instance left behind when it died is settled by another, which was there all the time.
pub async fn a_dead_instances_orders_are_settled_by_another(house: &dyn Launcher) -> Outcome {
    let stage = Stage::open(house, &Opening::one_of_several()).await?;
    stage.sell(&[MUG]).await?;
    let other = house.beside();
    other.start(&Opening::one_of_several()).await?;
    let purchase = Purchase::of(&Client::of(other.public()), &[("MUG", 1)], "tok_slow").await?;
    let buyer = Client::of(other.public());
    let sent = tokio::spawn({
        let purchase = purchase.clone();
        async move { purchase.send(&buyer).await }
    });
    pending(&stage).await?;

    other.kill().await?;

    assert!(sent.await?.is_err(), "answered by the dead");
    eventually(Duration::from_secs(40), "another instance settles it", async || {
        let confirmed = stage.all("/api/orders?status=confirmed").await?;
        Ok((confirmed.len() == 1).then_some(()))
    })
    .await?;
    purchase.send(&stage.anyone).await?.expect_status(201)?;
    stage.adds_up().await
}

/// An instance that stood still while another settled its order changes nothing when it goes on.
pub async fn an_instance_that_wakes_up_late_doubles_nothing(house: &dyn Launcher) -> Outcome {
    let stage = Stage::open(house, &Opening::one_of_several()).await?;
    stage.sell(&[MUG]).await?;
    let other = house.beside();
    other.start(&Opening::one_of_several()).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_slow").await?;
    let buyer = Client::of(other.public());
    let sent = tokio::spawn({
        let purchase = purchase.clone();
        async move { purchase.send(&buyer).await }
    });
    pending(&stage).await?;
    other.pause().await?;
    eventually(Duration::from_secs(40), "another instance settles it", async || {
        let confirmed = stage.all("/api/orders?status=confirmed").await?;
        Ok((confirmed.len() == 1).then_some(()))
    })
    .await?;

    other.resume().await?;

    let late = sent.await??;
    assert!(matches!(late.status, 201 | 202), "{late}");
    assert_eq!(stage.stock("MUG").await?.reserved, 1);
    other.stop().await?;
    stage.adds_up().await
}

async fn pending(stage: &Stage<'_>) -> Outcome {
    eventually(Duration::from_secs(10), "the purchase is under way", async || {
        Ok((stage.all("/api/orders?status=pending").await?.len() == 1).then_some(()))
    })
    .await
}

/// `doctor` finds nothing wrong with a shop that sells.
pub async fn doctor_finds_nothing_wrong(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    for token in ["tok_ok", "tok_declined", "tok_lost_answer"] {
        let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], token).await?;
        purchase.through(&stage.anyone).await?;
    }
    let one_more = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_slow").await?;

    let (bought, live) = tokio::join!(one_more.through(&stage.anyone), house.doctor());

    live?;
    bought?.expect_status(201)?;
    stage.adds_up().await
}

/// `doctor` opens the databases of a shop that is closed, and finds nothing wrong.
pub async fn doctor_audits_a_closed_shop(house: &dyn Launcher) -> Outcome {
    let stage = Stage::selling(house, &[MUG]).await?;
    let purchase = Purchase::of(&stage.anyone, &[("MUG", 1)], "tok_ok").await?;
    purchase.through(&stage.anyone).await?.expect_status(201)?;
    house.stop().await?;

    house.doctor().await?;

    house.start(&Opening::empty()).await?;
    stage.adds_up().await
}

/// An unknown setting stops the start and names the one that was meant.
pub async fn an_unknown_setting_stops_the_start(house: &dyn Launcher) -> Outcome {
    let wrong = Opening::empty().with("GALLERIA__SHOP__CURENCY", "EUR");

    let refused = house.start(&wrong).await;

    let said = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(said.contains("currency"), "it does not name the setting: {said}");
    Ok(())
}

/// Health and metrics are on the internal listener alone.
pub async fn health_and_metrics_are_internal(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let inside = Client::of(house.internal());

    inside.get("/livez").await?.expect_status(200)?;
    let ready = inside.get("/readyz").await?.expect_status(200)?.json();
    let metrics = inside.get("/metrics").await?.expect_status(200)?;

    assert_eq!(ready["modules"]["inventory"]["status"], "ready", "{ready}");
    assert!(String::from_utf8_lossy(&metrics.body).contains("galleria_calls_total"));
    for path in ["/metrics", "/rpc/inventory.v1/availability"] {
        stage.anyone.post(path, &json!({})).await?.expect_status(404)?;
    }
    Ok(())
}
