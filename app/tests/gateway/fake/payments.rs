use async_trait::async_trait;
use kernel::{Call, CallError};
use payments_contract::{
    Authorize, AuthorizeRefusal, Capture, GetPayment, ListProviders, Payment, PaymentRefusal,
    PaymentStatus, Payments, Refund, Void,
};
use shipping_contract::{
    GetTariff, ListMethods, Shipping, ShippingMethod, ShippingRefusal, Tariff,
};

use super::Shop;
use crate::samples::{eur, order_id, payment_id};

fn payment() -> Payment {
    Payment {
        id: payment_id(),
        order_id: order_id(),
        provider: "sandbox".to_owned(),
        status: PaymentStatus::Captured,
        authorized: eur(4497),
        captured: eur(4497),
        refunded: eur(0),
        replayed: false,
    }
}

#[async_trait]
impl Payments for Shop {
    async fn authorize(
        &self,
        _: &Call,
        _: Authorize,
    ) -> Result<Payment, CallError<AuthorizeRefusal>> {
        Ok(payment())
    }

    async fn void(&self, _: &Call, _: Void) -> Result<(), CallError<PaymentRefusal>> {
        Ok(())
    }

    async fn capture(&self, call: &Call, _: Capture) -> Result<Payment, CallError<PaymentRefusal>> {
        self.note(call);
        Ok(payment())
    }

    async fn refund(
        &self,
        call: &Call,
        request: Refund,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        self.note(call);
        if request.amount.is_some_and(|amount| amount.amount() > 4497) {
            return Err(PaymentRefusal::OverRefund { refundable: 4497 }.into());
        }
        let replayed = call.key.as_ref().is_some_and(|key| key.as_str() == "again");
        Ok(Payment { replayed, ..payment() })
    }

    async fn payment(
        &self,
        call: &Call,
        request: GetPayment,
    ) -> Result<Payment, CallError<PaymentRefusal>> {
        self.note(call);
        if request.payment == payment_id() {
            Ok(payment())
        } else {
            Err(PaymentRefusal::NotFound.into())
        }
    }

    async fn providers(
        &self,
        _: &Call,
        _: ListProviders,
    ) -> Result<Vec<String>, CallError<PaymentRefusal>> {
        Ok(vec!["sandbox".to_owned()])
    }
}

#[async_trait]
impl Shipping for Shop {
    async fn methods(
        &self,
        call: &Call,
        request: ListMethods,
    ) -> Result<Vec<ShippingMethod>, CallError<ShippingRefusal>> {
        self.note(call);
        let title = format!("{} g to {}", request.weight_grams, request.country);
        Ok(vec![ShippingMethod { code: "standard".to_owned(), title, price: eur(499), days: 3 }])
    }

    async fn tariff(&self, _: &Call, _: GetTariff) -> Result<Tariff, CallError<ShippingRefusal>> {
        Ok(Tariff { methods: Vec::new() })
    }
}
