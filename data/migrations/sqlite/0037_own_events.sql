-- Merchants list their own events, newest first, and remove their endpoints: the row of a removed endpoint is kept
-- for its deliveries.
CREATE INDEX outbox_event_merchant ON outbox_event (merchant_id, created_at, id);
ALTER TABLE endpoint ADD COLUMN removed_at INTEGER; -- NULL: in use
