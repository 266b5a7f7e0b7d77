//! The neighbours that an order only asks.

use async_trait::async_trait;
use catalog_contract::*;
use kernel::{Call, CallError, Currency, Money, Page, ProductId};
use shipping_contract::*;
use users_contract::*;

use crate::neighbours::{Shop, Stumble, lost};
use crate::unused::unused;

#[async_trait]
impl Shipping for Shop {
    async fn methods(
        &self,
        _: &Call,
        _: ListMethods,
    ) -> Result<Vec<ShippingMethod>, CallError<ShippingRefusal>> {
        match self.stumbles_at("methods") {
            None => {
                let price = Money::new(*self.postage.lock().unwrap(), Currency::EUR);
                let (code, title) = ("standard".to_owned(), "Standard".to_owned());
                Ok(vec![ShippingMethod { code, title, price, days: 3 }])
            }
            Some(Stumble::Paused) => std::future::pending().await,
            Some(_) => Err(lost().into()),
        }
    }

    async fn tariff(&self, _: &Call, _: GetTariff) -> Result<Tariff, CallError<ShippingRefusal>> {
        let amounts = [(Currency::EUR, *self.postage.lock().unwrap())].into();
        let method = TariffMethod {
            code: "standard".to_owned(),
            title: "Standard".to_owned(),
            days: 3,
            everywhere_but: false,
            countries: ["DE".parse().unwrap()].into(),
            prices: vec![TariffPrice { up_to_grams: 10_000, amounts }],
        };
        Ok(Tariff { methods: vec![method] })
    }
}

#[async_trait]
impl Catalog for Shop {
    async fn offers(
        &self,
        _: &Call,
        request: Offers,
    ) -> Result<Vec<Offer>, CallError<ProductRefusal>> {
        let price = Some(Money::new(*self.price.lock().unwrap(), Currency::EUR));
        let offer = |sku| Offer {
            sku,
            product: ProductId::generate(),
            title: "Mug".to_owned(),
            price,
            weight_grams: 300,
        };
        Ok(request.skus.into_iter().map(offer).collect())
    }

    unused! {
        products: ListProducts => Page<ProductSummary>, ProductRefusal;
        product: GetProduct => Product, ProductRefusal;
        categories: ListCategories => Vec<CategoryTree>, CategoryRefusal;
        create_category: CreateCategory => Category, CategoryRefusal;
        update_category: UpdateCategory => Category, CategoryRefusal;
        delete_category: DeleteCategory => (), CategoryRefusal;
        create_product: CreateProduct => Product, EditRefusal;
        update_product: UpdateProduct => Product, EditRefusal;
        archive_product: ArchiveProduct => (), EditRefusal;
        add_variant: AddVariant => Product, EditRefusal;
        update_variant: UpdateVariant => Product, EditRefusal;
        import: ImportPart => ImportReport, ImportRefusal;
    }
}

#[async_trait]
impl Users for Shop {
    async fn user(&self, _: &Call, request: GetUser) -> Result<User, CallError<UserRefusal>> {
        let email = "buyer@example.org".parse().unwrap();
        let name = "Ada".to_owned().try_into().unwrap();
        let created_at = kernel::Timestamp::from_micros(0);
        Ok(User {
            id: request.user,
            email,
            name,
            role: Role::Buyer,
            disabled: false,
            created_at,
            version: 1,
        })
    }

    unused! {
        register: Register => SignedIn, SessionRefusal;
        login: Login => SignedIn, SessionRefusal;
        refresh: Refresh => SignedIn, SessionRefusal;
        logout: Logout => (), SessionRefusal;
        keys: ListKeys => Vec<AccessKey>, SessionRefusal;
        list: ListUsers => Page<User>, UserRefusal;
        update_profile: UpdateProfile => User, UserRefusal;
        change_password: ChangePassword => (), UserRefusal;
        update: UpdateUser => User, UserRefusal;
        create_admin: CreateAdmin => User, UserRefusal;
        addresses: ListAddresses => Vec<Address>, AddressRefusal;
        add_address: AddAddress => Address, AddressRefusal;
        update_address: UpdateAddress => Address, AddressRefusal;
        remove_address: RemoveAddress => (), AddressRefusal;
    }
}
