use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, PathsBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Paths};

use super::Access;
use super::document::refer;
use super::guarded::Guarded;
use super::operation::{Operation, Schemas};
use super::problems::{self, ProblemDocument};
use crate::gateway::Gateway;

/// All operations: each is in the router and in the document, or in neither.
#[derive(Default)]
pub struct Table {
    router: Router<Arc<Gateway>>,
    paths: Paths,
    schemas: Schemas,
    listed: Vec<(Method, &'static str, Access)>,
}

impl Table {
    /// Adds an operation and what answers it.
    pub fn add<H, T>(&mut self, operation: Operation, handler: H)
    where
        H: Handler<T, Arc<Gateway>>,
        T: 'static,
    {
        let Operation { method, route, document, schemas, problems, .. } = operation;
        let (filter, documented) = named(&method);
        let guarded = Guarded { route, handler };
        self.router = std::mem::take(&mut self.router).route(route.path, on(filter, guarded));
        let who = format!("Who: {}.", route.access.described());
        let document = problems::state(document.description(Some(who)), &problems);
        let document =
            securities(route.access).into_iter().fold(document, OperationBuilder::security);
        let item = PathItem::new(documented, document.build());
        self.paths.merge(PathsBuilder::new().path(route.path, item).build());
        self.schemas.extend(schemas);
        self.listed.push((method, route.path, route.access));
    }

    /// Method, path and access of each operation.
    pub fn operations(&self) -> impl Iterator<Item = (&Method, &'static str, Access)> {
        self.listed.iter().map(|(method, path, access)| (method, *path, *access))
    }

    /// The document of all operations.
    pub fn document(self) -> OpenApi {
        self.split().1
    }

    /// The router and the document.
    pub(crate) fn split(mut self) -> (Router<Arc<Gateway>>, OpenApi) {
        refer::<ProblemDocument>(&mut self.schemas);
        let components = ComponentsBuilder::new()
            .schemas_from_iter(self.schemas)
            .security_scheme("bearer", bearer())
            .security_scheme("order_token", order_token())
            .build();
        let info = InfoBuilder::new()
            .title("Galleria")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some("The public API of the shop."))
            .build();
        let document =
            OpenApiBuilder::new().info(info).paths(self.paths).components(Some(components)).build();
        (self.router, document)
    }
}

fn named(method: &Method) -> (MethodFilter, HttpMethod) {
    match *method {
        Method::POST => (MethodFilter::POST, HttpMethod::Post),
        Method::PUT => (MethodFilter::PUT, HttpMethod::Put),
        Method::PATCH => (MethodFilter::PATCH, HttpMethod::Patch),
        Method::DELETE => (MethodFilter::DELETE, HttpMethod::Delete),
        _ => (MethodFilter::GET, HttpMethod::Get),
    }
}

fn securities(access: Access) -> Vec<SecurityRequirement> {
    let bearer = || SecurityRequirement::new("bearer", Vec::<String>::new());
    match access {
        Access::Anyone => vec![SecurityRequirement::default(), bearer()],
        Access::Holder => {
            vec![bearer(), SecurityRequirement::new("order_token", Vec::<String>::new())]
        }
        Access::Buyer | Access::Staff | Access::Admin => vec![bearer()],
    }
}

fn bearer() -> SecurityScheme {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `access_token` of a sign-in."));
    SecurityScheme::Http(scheme.build())
}

fn order_token() -> SecurityScheme {
    let description = "The `access_token` of a guest's order.";
    SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
        "X-Order-Token",
        description,
    )))
}
