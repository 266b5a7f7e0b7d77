use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Version, header};

use crate::gateway::http::Problem;

/// Answers a request that another server in front of this one may have read differently: the seed of request smuggling.
pub(super) fn ambiguity(headers: &HeaderMap, version: Version) -> Option<Response<Body>> {
    let hosts = headers.get_all(header::HOST).iter().count();
    let host_is_wrong = hosts > 1 || (hosts == 0 && version >= Version::HTTP_11);
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let coding_is_wrong = match (codings.next(), codings.next()) {
        (None, _) => false,
        (Some(coding), None) => {
            !coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")
                || headers.contains_key(header::CONTENT_LENGTH)
        }
        (Some(_), Some(_)) => true,
    };
    let detail = if host_is_wrong {
        "exactly one Host header is needed"
    } else if coding_is_wrong {
        "the length of the body is ambiguous"
    } else {
        return None;
    };
    let mut response = Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail).render(None);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Some(response)
}
