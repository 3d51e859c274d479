-- The header traceparent of the request that caused an event; its webhooks pass it on.
ALTER TABLE outbox_event ADD COLUMN traceparent TEXT COLLATE "C" NOT NULL DEFAULT '';
