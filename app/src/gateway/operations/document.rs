use utoipa::ToSchema;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};

use super::operation::Schemas;

/// The group of a path: its part after `/api/`.
pub(super) fn tag(path: &'static str) -> &'static str {
    path.split('/').nth(2).unwrap_or_default()
}

/// The parameters that a path names.
pub(super) fn path_parameters(path: &str) -> Vec<Parameter> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let product = path.starts_with("/api/products/{id}") && !path.contains("/variants");
            let (schema, description) = match name {
                "id" if product => (text(None), "The id; to read, the slug will do as well."),
                "id" => (text(Some("uuid")), "The id."),
                "sku" => (text(None), "The SKU, percent-encoded."),
                _ => (text(None), "The name in addresses."),
            };
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(description))
                .schema(Some(schema))
                .build()
        })
        .collect()
}

/// A request header.
fn header_parameter(name: &str, required: Required, description: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(text(None)))
        .build()
}

pub(super) fn if_match() -> Parameter {
    header_parameter(
        "If-Match",
        Required::False,
        "The `ETag` that was read; refused if it changed since.",
    )
}

pub(super) fn idempotency_key() -> Parameter {
    header_parameter(
        "Idempotency-Key",
        Required::True,
        "1 to 255 visible ASCII characters that name this write; a repeat gives the same answer.",
    )
}

pub(super) fn last_event_id() -> Parameter {
    header_parameter("Last-Event-ID", Required::False, "The `id` of the last event that was seen.")
}

fn text(format: Option<&str>) -> Schema {
    let format = format.map(|name| SchemaFormat::Custom(name.to_owned()));
    ObjectBuilder::new().schema_type(Type::String).format(format).build().into()
}

/// Notes a type and those that it holds, and refers to it.
pub(super) fn refer<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let name = T::name().into_owned();
    let reference = RefOr::Ref(Ref::from_schema_name(name.clone()));
    schemas.push((name, T::schema()));
    T::schemas(schemas);
    reference
}

pub(super) fn json_body<B: ToSchema>(schemas: &mut Schemas) -> RequestBody {
    let content = ContentBuilder::new().schema(Some(refer::<B>(schemas))).build();
    RequestBodyBuilder::new()
        .content("application/json", content)
        .required(Some(Required::True))
        .build()
}

pub(super) fn csv_body() -> RequestBody {
    let content = ContentBuilder::new().schema(Some(text(None))).build();
    RequestBodyBuilder::new().content("text/csv", content).required(Some(Required::True)).build()
}

pub(super) fn json_answer<A: ToSchema>(
    schemas: &mut Schemas,
    description: &str,
) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(refer::<A>(schemas))).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}

pub(super) fn json_array<A: ToSchema>(schemas: &mut Schemas, description: &str) -> ResponseBuilder {
    let array = ArrayBuilder::new().items(refer::<A>(schemas)).build();
    let content = ContentBuilder::new().schema(Some(array)).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}

pub(super) fn other_answer(content_type: &str, description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().build();
    ResponseBuilder::new().description(description).content(content_type, content)
}

pub(super) fn event_stream<A: ToSchema>(
    schemas: &mut Schemas,
    description: &str,
) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(refer::<A>(schemas))).build();
    ResponseBuilder::new().description(description).content("text/event-stream", content)
}

pub(super) fn with_headers(response: ResponseBuilder, names: &[&str]) -> ResponseBuilder {
    names.iter().fold(response, |response, name| {
        let mut header = Header::new(text(None));
        header.description = Some(header_meaning(name).to_owned());
        response.header(*name, header)
    })
}

fn header_meaning(name: &str) -> &'static str {
    match name {
        "ETag" => "The version, for `If-Match`.",
        "Location" => "Where it is.",
        _ => "`true` where an earlier answer is repeated.",
    }
}
