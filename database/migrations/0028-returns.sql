-- migrate:up

-- Money can go back for a line without any unit of it.
ALTER TABLE order_item_refunds DROP CONSTRAINT order_item_refunds_quantity,
  ADD CONSTRAINT order_item_refunds_quantity CHECK (quantity >= 0);

ALTER TABLE orders RENAME CONSTRAINT orders_credits_applied TO orders_paid_with_credits;

-- Tickets that were refunded one by one. The triggers below make them void and take them out of their booking, which keeps the others.
CREATE TABLE returned_tickets (
  ticket_id integer CONSTRAINT returned_tickets_pkey PRIMARY KEY CONSTRAINT returned_tickets_ticket_id_fkey REFERENCES tickets,
  returned_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER returned_tickets_kept BEFORE UPDATE OR DELETE ON returned_tickets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What only tickets that come back may change.
DROP TRIGGER booking_items_kept ON booking_items;
CREATE TRIGGER booking_items_kept BEFORE UPDATE OF booking_id, ticket_type_id, unit_price OR DELETE ON booking_items
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER booking_items_tickets_kept BEFORE UPDATE OF quantity ON booking_items
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change();
DROP TRIGGER booking_items_seated ON booking_items;
CREATE TRIGGER booking_items_seated BEFORE UPDATE OF seat_ids ON booking_items FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_moving_seats();

CREATE FUNCTION return_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added a JOIN tickets t ON t.id = a.ticket_id JOIN bookings b ON b.id = t.booking_id
             WHERE t.status <> 'valid' OR b.status <> 'confirmed') THEN
    RAISE EXCEPTION 'only a ticket that is valid comes back' USING ERRCODE = 'check_violation', CONSTRAINT = 'returned_tickets_valid',
      TABLE = 'returned_tickets';
  END IF;
  UPDATE tickets SET status = 'void', voided_at = clock_timestamp() WHERE id = ANY (ARRAY(SELECT ticket_id FROM added));
  DELETE FROM booking_seats WHERE seat_id = ANY (ARRAY(
    SELECT t.seat_id FROM added a JOIN tickets t ON t.id = a.ticket_id WHERE t.seat_id IS NOT NULL));
  UPDATE booking_items i
  SET quantity = i.quantity - r.count,
      seat_ids = (SELECT array_agg(s ORDER BY n) FROM unnest(i.seat_ids) WITH ORDINALITY AS u(s, n) WHERE s <> ALL (r.seat_ids)),
      attendees = (SELECT jsonb_agg(p ORDER BY n) FROM jsonb_array_elements(i.attendees) WITH ORDINALITY AS u(p, n) WHERE n <= i.quantity - r.count)
  FROM (SELECT t.booking_id, t.ticket_type_id, count(*)::int AS count, array_remove(array_agg(t.seat_id), NULL) AS seat_ids
        FROM added a JOIN tickets t ON t.id = a.ticket_id GROUP BY t.booking_id, t.ticket_type_id) r
  WHERE i.booking_id = r.booking_id AND i.ticket_type_id = r.ticket_type_id;
  UPDATE ticket_type_inventory i SET sold = i.sold - r.count
  FROM (SELECT t.ticket_type_id, count(*) AS count FROM added a JOIN tickets t ON t.id = a.ticket_id GROUP BY t.ticket_type_id) r
  WHERE i.ticket_type_id = r.ticket_type_id;
  -- Moves the counters of the event.
  UPDATE bookings b SET tickets_count = b.tickets_count - r.count
  FROM (SELECT t.booking_id, count(*)::int AS count FROM added a JOIN tickets t ON t.id = a.ticket_id GROUP BY t.booking_id) r
  WHERE b.id = r.booking_id;
  RETURN NULL;
END $$;
CREATE TRIGGER returned_tickets_return AFTER INSERT ON returned_tickets REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION return_tickets();

-- migrate:down
ALTER TABLE orders RENAME CONSTRAINT orders_paid_with_credits TO orders_credits_applied;
DROP TABLE returned_tickets;
DROP FUNCTION return_tickets;
DROP TRIGGER booking_items_seated ON booking_items;
CREATE TRIGGER booking_items_seated BEFORE UPDATE OF seat_ids ON booking_items FOR EACH ROW EXECUTE FUNCTION refuse_moving_seats();
DROP TRIGGER booking_items_tickets_kept ON booking_items;
DROP TRIGGER booking_items_kept ON booking_items;
CREATE TRIGGER booking_items_kept BEFORE DELETE OR UPDATE OF booking_id, ticket_type_id, quantity, unit_price ON booking_items
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- What was written meanwhile stays.
ALTER TABLE order_item_refunds DROP CONSTRAINT order_item_refunds_quantity,
  ADD CONSTRAINT order_item_refunds_quantity CHECK (quantity > 0) NOT VALID;
