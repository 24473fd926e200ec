-- migrate:up

-- What admins look at: few rows of many.
CREATE INDEX payments_disputed_idx ON payments (id) WHERE is_disputed;
CREATE INDEX refunds_failed_idx ON refunds (payment_id, id) WHERE status = 'failed';

-- migrate:down

DROP INDEX refunds_failed_idx;
DROP INDEX payments_disputed_idx;
