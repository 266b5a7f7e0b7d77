use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, ResponseBuilder};

/// A "no", in the form of RFC 9457. Some codes have fields of their own besides these.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    /// `urn:galleria:problem:` and the code.
    r#type: String,
    /// The code for people.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What went wrong; stable.
    code: String,
    /// What went wrong this time, for people.
    detail: String,
    /// The id of the request, as in `x-request-id`.
    request_id: String,
    /// With `invalid-request`: which fields, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<InvalidField>>,
}

/// A field that makes no sense.
#[derive(Serialize, ToSchema)]
pub(super) struct InvalidField {
    /// Its path: `variants[0].sku`.
    field: String,
    /// What is wrong with it.
    message: String,
}

/// States the problems of an operation, a response for each status.
pub(super) fn state(
    operation: OperationBuilder,
    problems: &BTreeMap<u16, BTreeSet<&'static str>>,
) -> OperationBuilder {
    problems.iter().fold(operation, |operation, (status, codes)| {
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let mut response = ResponseBuilder::new()
            .description(codes.join(", "))
            .content("application/problem+json", content);
        if matches!(status, 429 | 503) {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
            response = response.header("Retry-After", Header::new(seconds));
        }
        operation.response(status.to_string(), response.build())
    })
}
