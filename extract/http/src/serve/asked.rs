use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use extract_wire::{CallHead, Serving};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as _;
use kernel::{Call, Failure, FailureKind};
use tokio::time::{Instant, timeout_at};

/// No body takes longer to come than this, whatever time its call has.
const BODY: Duration = Duration::from_secs(15);

/// Reads a call that somebody known makes. Whatever is wrong with it, nothing was executed.
pub(super) async fn read(
    serving: &Serving,
    target: (&str, &str),
    request: Request,
) -> Result<(Call, Bytes), Failure> {
    let (parts, body) = request.into_parts();
    let head = CallHead::read(&parts.headers)?;
    // Its time began with its head, however long its body takes.
    let call = head.clone().into_call()?;
    let until = Instant::from(call.deadline).min(Instant::now() + BODY);
    let recognised = serving.recognise(target, token(&parts.headers), &head)?;
    let body = timeout_at(until, whole(serving, body)).await;
    let body = body.map_err(|_| Failure::deadline().not_executed())??;
    serving.admit_recognised(target, &recognised, &head, &body)?;
    Ok((call, body))
}

fn token(headers: &HeaderMap) -> &str {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

async fn whole(serving: &Serving, mut body: Body) -> Result<Bytes, Failure> {
    let largest = serving.settings().largest_body;
    let too_large = || {
        let cause = format!("it is larger than {largest} bytes");
        Failure::new(FailureKind::TooLarge).because(cause).not_executed()
    };
    if body.size_hint().lower() > largest as u64 {
        pour_out(body, largest).await;
        return Err(too_large());
    }
    let collected = Limited::new(&mut body, largest).collect().await;
    match collected {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            pour_out(body, largest).await;
            Err(too_large())
        }
        Err(error) => Err(Failure::unavailable(error).not_executed()),
    }
}

/// Reads a few times as much, so that a caller who is still writing gets to read why it is refused.
async fn pour_out(mut body: Body, most: usize) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read / 4 > most {
            return;
        }
    }
}
