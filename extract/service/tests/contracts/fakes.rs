//! The fakes that tests have of contracts, each answering what the module answers.

use carts_contract::FakeCarts;
use catalog_contract::FakeCatalog;
use conformance::answering;
use inventory_contract::FakeInventory;
use orders_contract::FakeOrders;
use payments_contract::FakePayments;
use shipping_contract::FakeShipping;
use users_contract::FakeUsers;

use crate::shop::Shop;

/// The same shop, faked. A method that is missing here fails by its name.
pub(crate) fn faked(shop: &Shop) -> Shop {
    Shop {
        users: answering! { FakeUsers by shop.users;
            register login refresh logout keys user list update_profile change_password update create_admin
            addresses add_address update_address remove_address
        },
        catalog: answering! { FakeCatalog by shop.catalog;
            products product offers categories create_category update_category delete_category create_product
            update_product archive_product add_variant update_variant import
        },
        inventory: answering! { FakeInventory by shop.inventory;
            reserve release availability stock set_on_hand adjust open movements
        },
        carts: answering! { FakeCarts by shop.carts;
            create cart contents put_line remove_line claim freeze thaw
        },
        orders: answering! { FakeOrders by shop.orders; quote place order list history cancel },
        payments: answering! { FakePayments by shop.payments;
            authorize void capture refund payment providers
        },
        shipping: answering! { FakeShipping by shop.shipping; methods tariff },
    }
}
