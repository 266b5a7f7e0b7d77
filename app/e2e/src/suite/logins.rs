//! Many who sign in at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;

use crate::{Client, Launcher, Outcome, Stage, fresh_email};

const READS: usize = 100;
/// Hashing between the requests, rather than beside them, makes each wait for a good part of the burst: 32 × 30 ms.
const MEDIAN: Duration = Duration::from_millis(150);
const SLOWEST: Duration = Duration::from_secs(2);

/// While 32 clients sign in without a pause, a product list is read about as fast as ever.
pub async fn a_login_burst_does_not_slow_other_requests(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let email = fresh_email();
    let account = json!({"email": email, "password": "a long pass phrase", "name": "Billie"});
    stage.anyone.post("/api/users/register", &account).await?.expect_status(201)?;
    let login = json!({"email": email, "password": "a long pass phrase"});
    let over = AtomicBool::new(false);
    let burst = join_all((0..32).map(|_| async {
        let (mut signed_in, client) = (0, Client::of(house.public()));
        while !over.load(Ordering::Relaxed) {
            let answer = client.post("/api/users/login", &login).await?;
            assert!(matches!(answer.status, 200 | 429 | 503), "{answer}");
            signed_in += usize::from(answer.status == 200);
        }
        Outcome::Ok(signed_in)
    }));

    let (times, signed_in) = join(read_products(&stage.anyone, &over), burst).await;

    let mut times = times?;
    times.sort_unstable();
    let signed_in: Outcome<Vec<usize>> = signed_in.into_iter().collect();
    assert!(signed_in?.into_iter().sum::<usize>() > 0, "nobody could sign in");
    assert!(times[READS / 2] < MEDIAN, "the median is {:?}", times[READS / 2]);
    assert!(times[READS - 1] < SLOWEST, "the slowest took {:?}", times[READS - 1]);
    Ok(())
}

async fn read_products(reader: &Client, over: &AtomicBool) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..READS {
        let asked = Instant::now();
        let read = reader.get("/api/products").await.and_then(|answer| answer.expect_status(200));
        times.push(asked.elapsed());
        if let Err(error) = read {
            over.store(true, Ordering::Relaxed);
            return Err(error);
        }
    }
    over.store(true, Ordering::Relaxed);
    Ok(times)
}

/// A wrong password and an unknown e-mail are answered alike.
pub async fn a_wrong_password_and_an_unknown_email_look_alike(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let email = fresh_email();
    let account = json!({"email": email, "password": "a long pass phrase", "name": "Billie"});
    stage.anyone.post("/api/users/register", &account).await?.expect_status(201)?;

    let mut answers = Vec::new();
    for email in [email, fresh_email()] {
        let login = json!({"email": email, "password": "another pass phrase"});
        let refused = stage.anyone.post("/api/users/login", &login).await?;
        let mut body = refused.expect_problem(401, "invalid-credentials")?.json();
        body["request_id"].take();
        answers.push(body);
    }

    assert_eq!(answers[0], answers[1]);
    let again = stage.anyone.post("/api/users/register", &account).await?;
    again.expect_problem(409, "email-taken")?;
    Ok(())
}

/// A refresh token is good once; using it again ends every session that came of it.
pub async fn a_used_refresh_token_ends_its_family(house: &dyn Launcher) -> Outcome {
    let stage = Stage::empty(house).await?;
    let account =
        json!({"email": fresh_email(), "password": "a long pass phrase", "name": "Billie"});
    let session = stage.anyone.post("/api/users/register", &account).await?;
    let session = session.expect_status(201)?.json();
    let anyone = &stage.anyone;
    let refresh = |token: &serde_json::Value| {
        let body = json!({ "refresh_token": token });
        async move { anyone.post("/api/users/token/refresh", &body).await }
    };

    let next = refresh(&session["refresh_token"]).await?.expect_status(200)?.json();

    refresh(&session["refresh_token"]).await?.expect_problem(401, "token-reused")?;
    refresh(&next["refresh_token"]).await?.expect_status(401)?;
    Ok(())
}
