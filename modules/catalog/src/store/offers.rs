use catalog_contract::{Offer, Offers, VariantOption};
use kernel::{Currency, Failure, Money};
use platform::{FromQueryResult, Sql, params, parsed, placeholders};

use super::products::from_json;
use crate::domain::product::{full_name, own_name};

#[derive(FromQueryResult)]
struct OfferRow {
    sku: String,
    product_id: String,
    product_title: String,
    title: Option<String>,
    options: String,
    weight_grams: i64,
    amount: Option<i64>,
}

/// What SKUs are and cost, in one statement; those of products that are not on sale are left out unless they are asked for.
pub(crate) async fn offers(
    sql: &impl Sql,
    Offers { skus, not_on_sale_too, .. }: &Offers,
    currency: Currency,
) -> Result<Vec<Offer>, Failure> {
    if skus.is_empty() {
        return Ok(Vec::new());
    }
    let standings = if *not_on_sale_too { "" } else { "AND p.standing = 'on-sale'" };
    let select = format!(
        "SELECT v.sku, v.product_id, p.title AS product_title, v.title, v.options, v.weight_grams, \
         (SELECT r.amount FROM price r WHERE r.sku = v.sku AND r.currency = $1) AS amount \
         FROM variant v JOIN product p ON p.id = v.product_id {standings} \
         WHERE v.sku IN {}",
        placeholders(1, skus.len(), 2)
    );
    let mut values = params![currency];
    values.extend(skus.iter().flat_map(|sku| params![sku]));
    let rows: Vec<OfferRow> = sql.all(&select, values).await?;
    rows.into_iter().map(|row| row.into_offer(currency)).collect()
}

impl OfferRow {
    fn into_offer(self, currency: Currency) -> Result<Offer, Failure> {
        let options: Vec<VariantOption> = from_json(&self.options)?;
        let variant = own_name(self.title.as_deref(), &options);
        Ok(Offer {
            sku: parsed(&self.sku)?,
            product: parsed(&self.product_id)?,
            title: full_name(&self.product_title, variant.as_deref()),
            price: self.amount.map(|amount| Money::new(amount, currency)),
            weight_grams: u32::try_from(self.weight_grams).map_err(Failure::internal)?,
        })
    }
}
