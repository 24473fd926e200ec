-- migrate:up

-- All tickets of one type can be refunded while the others of the booking stay.
ALTER TABLE booking_items
  DROP CONSTRAINT booking_items_quantity,
  ADD CONSTRAINT booking_items_quantity CHECK (quantity >= 0);

-- migrate:down
ALTER TABLE booking_items
  DROP CONSTRAINT booking_items_quantity,
  ADD CONSTRAINT booking_items_quantity CHECK (quantity > 0) NOT VALID;
