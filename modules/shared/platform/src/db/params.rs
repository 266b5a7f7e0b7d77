use kernel::{
    AddressId, CartId, Country, Currency, DeliveryId, Email, EventId, Label, ModuleName, OrderId,
    PaymentId, ProductId, Quantity, RefundId, SkuId, Timestamp, TokenId, UserId, VariantId,
};
use sea_orm::Value;

/// Something that a statement can be given.
pub trait Param {
    /// As the database takes it.
    fn param(&self) -> Value;
}

macro_rules! as_is {
    ($($kind:ty),+) => {$(
        impl Param for $kind {
            fn param(&self) -> Value {
                self.clone().into()
            }
        }
    )+};
}

macro_rules! as_text {
    ($($kind:ty),+) => {$(
        impl Param for $kind {
            fn param(&self) -> Value {
                self.to_string().into()
            }
        }

        impl Param for Option<$kind> {
            fn param(&self) -> Value {
                self.as_ref().map(ToString::to_string).into()
            }
        }
    )+};
}

macro_rules! as_number {
    ($($kind:ty => $number:expr),+) => {$(
        impl Param for $kind {
            fn param(&self) -> Value {
                let number: fn(&$kind) -> i64 = $number;
                number(self).into()
            }
        }

        impl Param for Option<$kind> {
            fn param(&self) -> Value {
                let number: fn(&$kind) -> i64 = $number;
                self.as_ref().map(number).into()
            }
        }
    )+};
}

as_is!(String, bool, Option<String>, Option<bool>);
as_text!(
    AddressId, CartId, DeliveryId, EventId, OrderId, PaymentId, ProductId, RefundId, TokenId,
    UserId, VariantId, Country, Currency, Email, ModuleName, SkuId
);
as_number!(
    i64 => |number| *number,
    u32 => |number| i64::from(*number),
    u64 => |number| i64::try_from(*number).unwrap_or(i64::MAX),
    usize => |number| i64::try_from(*number).unwrap_or(i64::MAX),
    Quantity => |quantity| i64::from(quantity.get()),
    Timestamp => |moment| moment.micros()
);

impl Param for str {
    fn param(&self) -> Value {
        self.to_owned().into()
    }
}

impl Param for Option<&str> {
    fn param(&self) -> Value {
        self.map(ToOwned::to_owned).into()
    }
}

impl<const MAX: usize> Param for Label<MAX> {
    fn param(&self) -> Value {
        self.to_string().into()
    }
}

impl<const MAX: usize> Param for Option<Label<MAX>> {
    fn param(&self) -> Value {
        self.as_ref().map(ToString::to_string).into()
    }
}

impl<P: Param + ?Sized> Param for &P {
    fn param(&self) -> Value {
        (*self).param()
    }
}

/// What a statement is given, in the order of `$1`, `$2`, ….
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::Param::param(&$value)),*]
    };
}
