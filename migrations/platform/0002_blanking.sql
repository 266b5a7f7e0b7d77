-- The index outbox_personal serves the release before alone; a later step drops it.

-- When it was seen that every subscription has an event with personal data, which is then blanked in time.
ALTER TABLE outbox ADD COLUMN told_at BIGINT;
CREATE INDEX outbox_untold ON outbox (event_id) WHERE blanked_at IS NULL AND told_at IS NULL;
CREATE INDEX outbox_told ON outbox (told_at) WHERE blanked_at IS NULL AND told_at IS NOT NULL;

-- When its personal data went, or that it has none.
ALTER TABLE inbox ADD COLUMN blanked_at BIGINT;
CREATE INDEX inbox_personal ON inbox (handled_at) WHERE blanked_at IS NULL AND handled_at IS NOT NULL;
