use std::time::{Duration, Instant};

/// Waits until something is so, looking again and again; panics when it is not so after a minute.
pub async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < Duration::from_mins(1), "not so after a minute: {what}");
        platform::jobs::pause(Duration::from_millis(5)).await;
    }
}
