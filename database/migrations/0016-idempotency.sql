-- migrate:up
-- A row is now written in the transaction of the effect that its key protects, so there are none of requests that still run.
DELETE FROM idempotency_keys WHERE answer IS NULL;
ALTER TABLE idempotency_keys
  -- { value }: what the use-case returned, from which the response can be made again; null where the engine stored the answer itself.
  ADD COLUMN effect json,
  -- The run that had the effect: another one that finds it is a replay.
  ADD COLUMN run_id uuid;
COMMENT ON COLUMN idempotency_keys.answer IS '{ status, body, headers }, or a booking or waitlist entry; null while nobody has stored the response';

-- migrate:down
ALTER TABLE idempotency_keys DROP COLUMN run_id, DROP COLUMN effect;
COMMENT ON COLUMN idempotency_keys.answer IS NULL;
