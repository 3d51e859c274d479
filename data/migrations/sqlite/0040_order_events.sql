-- The order of a sandbox that an event reports, so that an order lists its webhooks. Orders are never deleted.
ALTER TABLE outbox_event ADD COLUMN order_id INTEGER; -- a row of money_order; NULL: of no order
CREATE INDEX outbox_event_order ON outbox_event (order_id) WHERE order_id IS NOT NULL;
