use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, Version, header};
use serde_json::json;

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
    let problem = json!({
        "type": "urn:galleria:problem:bad-request",
        "title": "Bad request",
        "status": 400,
        "code": "bad-request",
        "detail": detail,
    });
    let mut response = Response::new(Body::from(problem.to_string()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    Some(response)
}
