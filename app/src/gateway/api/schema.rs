use std::borrow::Cow;

use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Declares how a type that is written as text stands in the document.
macro_rules! texts {
    ($($name:ident: $schema:expr;)+) => {$(
        #[doc = concat!("Stands for `", stringify!($name), "` in the document.")]
        pub(super) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T($schema.schema_type(Type::String).build().into())
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )+};
}

fn described(text: &str) -> ObjectBuilder {
    ObjectBuilder::new().description(Some(text))
}

fn format(name: &str) -> SchemaFormat {
    SchemaFormat::Custom(name.to_owned())
}

texts! {
    Id: described("An id.").format(Some(format("uuid")));
    Time: described("A moment, RFC 3339 in UTC.").format(Some(format("date-time")));
    Sku: described("A variant's identity: 1 to 64 characters, no control characters, no outer blanks.")
        .min_length(Some(1)).max_length(Some(64));
    CurrencyCode: described("An ISO 4217 currency.").pattern(Some("^[A-Z]{3}$")).examples(["EUR"]);
    CountryCode: described("An ISO 3166-1 alpha-2 country.").pattern(Some("^[A-Z]{2}$")).examples(["DE"]);
    EmailAddress: described("An e-mail address.").format(Some(format("email")))
        .max_length(Some(254));
}
