-- How far the payment was when the order was confirmed: what a repeat of the purchase is told, whatever came since.
ALTER TABLE orders ADD COLUMN confirmed_payment_status TEXT;
