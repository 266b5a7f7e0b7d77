use axum::http::StatusCode;
use bytes::Bytes;
use extract_wire::lost::{lost, too_large, unreadable};
use extract_wire::problem_in;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use kernel::contract::Unanswered;
use kernel::{Failure, FailureKind};

/// An answer, read whole.
pub(super) async fn whole(body: Incoming, largest: usize) -> Result<Bytes, Failure> {
    match Limited::new(body, largest).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(largest)),
        Err(error) => Err(lost(error)),
    }
}

/// What an answer means that is not the one hoped for. Somebody on the way may have sent it.
pub(super) fn refused(status: StatusCode, body: &[u8]) -> Unanswered {
    if let Some(problem) = problem_in(body) {
        return Unanswered::Problem(problem);
    }
    let cause = format!("answered {status} without a problem document");
    let too_large = matches!(
        status,
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE
    );
    if too_large {
        return Failure::new(FailureKind::TooLarge).because(cause).not_executed().into();
    }
    unreadable(cause).into()
}

#[cfg(test)]
mod tests {
    use kernel::Executed;

    use super::*;

    fn told(status: u16, body: &str) -> (FailureKind, Executed) {
        let failure = refused(StatusCode::from_u16(status).unwrap(), body.as_bytes()).failure();
        failure.map(|failure| (failure.kind, failure.executed)).unwrap()
    }

    #[test]
    fn an_answer_of_somebody_on_the_way_says_nothing_about_the_call() {
        let foreign = r#"{"type":"about:blank","title":"Bad Gateway","status":502}"#;

        for body in ["", "<html>", "{}", foreign] {
            assert_eq!(told(502, body), (FailureKind::Mismatch, Executed::Unknown), "{body}");
            assert_eq!(told(413, body), (FailureKind::TooLarge, Executed::No), "{body}");
        }
    }
}
