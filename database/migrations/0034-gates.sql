-- migrate:up

-- Where a ticket was checked in, as the scanner names its place.
ALTER TABLE tickets
  ADD COLUMN checked_in_gate text CONSTRAINT tickets_checked_in_gate_length CHECK (char_length(checked_in_gate) BETWEEN 1 AND 60),
  ADD CONSTRAINT tickets_checked_in_gate CHECK (checked_in_gate IS NULL OR checked_in_at IS NOT NULL);

-- A scanner without a connection reports later what it has admitted; of two check-ins of a ticket, the earlier one stays.
DROP TRIGGER tickets_checked_in_once ON tickets;
CREATE TRIGGER tickets_checked_in_once BEFORE UPDATE OF checked_in_at ON tickets FOR EACH ROW
  WHEN (NEW.checked_in_at IS NOT NULL AND (OLD.checked_in_at <= NEW.checked_in_at OR OLD.status = 'void')) EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TRIGGER tickets_checked_in_once ON tickets;
CREATE TRIGGER tickets_checked_in_once BEFORE UPDATE OF checked_in_at ON tickets FOR EACH ROW
  WHEN (NEW.checked_in_at IS NOT NULL AND (OLD.checked_in_at IS NOT NULL OR OLD.status = 'void')) EXECUTE FUNCTION refuse_change();
ALTER TABLE tickets DROP CONSTRAINT tickets_checked_in_gate, DROP COLUMN checked_in_gate;
