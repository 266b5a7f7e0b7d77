use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use utoipa::openapi::path::{OperationBuilder, Parameter};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, ToSchema};

use super::Access;
use super::document;
use super::route::{Effect, Pace, Privacy, Route};

/// The schemas that an operation names.
pub(super) type Schemas = Vec<(String, RefOr<Schema>)>;

/// One call of the public API: where it is, who may make it, and what it takes and answers.
pub struct Operation {
    pub(super) method: Method,
    pub(super) route: Route,
    pub(super) document: OperationBuilder,
    pub(super) schemas: Schemas,
    pub(super) problems: BTreeMap<u16, BTreeSet<&'static str>>,
    pub(super) answer_headers: Vec<&'static str>,
}

impl Operation {
    /// A read.
    pub fn get(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Method::GET, Effect::Read, path).named(id, summary)
    }

    /// A write, or a calculation too long for a query.
    pub fn post(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Method::POST, Effect::Write, path).named(id, summary)
    }

    /// A write that says how it shall be.
    pub fn put(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PUT, Effect::Write, path).named(id, summary)
    }

    /// A write that says what of it shall change.
    pub fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PATCH, Effect::Write, path).named(id, summary)
    }

    /// A write after which it is gone.
    pub fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Self {
        Self::new(Method::DELETE, Effect::Write, path).named(id, summary)
    }

    fn new(method: Method, effect: Effect, path: &'static str) -> Self {
        let route = Route {
            path,
            access: Access::Anyone,
            effect,
            pace: Pace::Bounded,
            privacy: Privacy::Private,
        };
        let document = document::path_parameters(path)
            .into_iter()
            .fold(OperationBuilder::new(), OperationBuilder::parameter);
        let operation = Self {
            method,
            route,
            document,
            schemas: Vec::new(),
            problems: BTreeMap::new(),
            answer_headers: Vec::new(),
        };
        operation
            .refuses(401, &["unauthenticated"])
            .refuses(429, &["too-many-requests"])
            .refuses(503, &["unavailable", "overloaded", "deadline-exceeded"])
    }

    fn named(mut self, id: &'static str, summary: &'static str) -> Self {
        self.document = self
            .document
            .operation_id(Some(id))
            .summary(Some(summary))
            .tag(document::tag(self.route.path));
        self
    }

    /// Who may make the call. Left out, anybody may.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.route.access = access;
        if access >= Access::Staff { self.refuses(403, &["forbidden"]) } else { self }
    }

    /// The answer is the same for everybody, so that caches may keep it.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.route.privacy = Privacy::Public;
        self
    }

    /// It takes as long as it takes, and limits its own steps.
    #[must_use]
    pub fn streamed(mut self) -> Self {
        self.route.pace = Pace::Streamed;
        self
    }

    /// Its query.
    #[must_use]
    pub fn query<Q: IntoParams>(mut self) -> Self {
        for parameter in Q::into_params(|| Some(utoipa::openapi::path::ParameterIn::Query)) {
            self.document = self.document.parameter(parameter);
        }
        self.refuses(422, &["invalid-request"])
    }

    /// Its JSON body.
    #[must_use]
    pub fn body<B: ToSchema>(mut self) -> Self {
        let body = document::json_body::<B>(&mut self.schemas);
        self.document = self.document.request_body(Some(body));
        self.takes_a_body().refuses(400, &["malformed-json", "incomplete-body"])
    }

    /// Its body in CSV.
    #[must_use]
    pub fn csv_body(mut self) -> Self {
        self.document = self.document.request_body(Some(document::csv_body()));
        self.takes_a_body().refuses(400, &["incomplete-body"])
    }

    fn takes_a_body(self) -> Self {
        self.refuses(408, &["request-timeout"])
            .refuses(413, &["payload-too-large"])
            .refuses(415, &["unsupported-media-type"])
            .refuses(422, &["invalid-request"])
    }

    /// It honours `If-Match`, and its answer has an `ETag`.
    #[must_use]
    pub fn conditional(self) -> Self {
        self.parameter(document::if_match()).refuses(412, &["precondition-failed"]).versioned()
    }

    /// Its answer has an `ETag`.
    #[must_use]
    pub fn versioned(self) -> Self {
        self.answer_header("ETag")
    }

    /// It needs an `Idempotency-Key`.
    #[must_use]
    pub fn keyed(self) -> Self {
        self.parameter(document::idempotency_key())
            .answer_header("Idempotency-Replayed")
            .refuses(400, &["idempotency-key-missing"])
            .refuses(422, &["invalid-request", "idempotency-key-reused"])
    }

    /// A header that it looks at.
    fn parameter(mut self, parameter: Parameter) -> Self {
        self.document = self.document.parameter(parameter);
        self
    }

    /// A header of its answer. Stated before the answer.
    pub(crate) fn answer_header(mut self, name: &'static str) -> Self {
        self.answer_headers.push(name);
        self
    }

    /// What it answers.
    #[must_use]
    pub fn answers<A: ToSchema>(mut self, status: u16, description: &'static str) -> Self {
        let response = document::json_answer::<A>(&mut self.schemas, description);
        let response = document::with_headers(response, &self.answer_headers);
        self.document = self.document.response(status.to_string(), response.build());
        self
    }

    /// What it answers, all of them at once.
    #[must_use]
    pub fn answers_all<A: ToSchema>(mut self, status: u16, description: &'static str) -> Self {
        let response = document::json_array::<A>(&mut self.schemas, description);
        self.document = self.document.response(status.to_string(), response.build());
        self
    }

    /// What it answers, where that is not JSON of ours.
    #[must_use]
    pub fn answers_as(mut self, content_type: &'static str, description: &'static str) -> Self {
        let response = document::other_answer(content_type, description);
        self.document = self.document.response("200", response.build());
        self
    }

    /// It goes on behind the event that the client has.
    pub(crate) fn last_event_id(self) -> Self {
        self.parameter(document::last_event_id())
    }

    /// What it answers as a stream of events.
    #[must_use]
    pub fn streams<A: ToSchema>(mut self, description: &'static str) -> Self {
        let response = document::event_stream::<A>(&mut self.schemas, description);
        self.document = self.document.response("200", response.build());
        self
    }

    /// It answers nothing but that it is done.
    #[must_use]
    pub fn answers_nothing(mut self, description: &'static str) -> Self {
        let response = utoipa::openapi::ResponseBuilder::new().description(description);
        self.document = self.document.response("204", response.build());
        self
    }

    /// The codes with which it says no.
    #[must_use]
    pub fn refuses(mut self, status: u16, codes: &[&'static str]) -> Self {
        self.problems.entry(status).or_default().extend(codes);
        self
    }
}
