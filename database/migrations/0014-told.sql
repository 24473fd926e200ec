-- migrate:up

-- How many mails to addresses that nobody has shown to be theirs somebody has caused on a day (UTC).
CREATE TABLE stranger_mail_counts (
  sender_id integer NOT NULL CONSTRAINT stranger_mail_counts_sender_id_fkey REFERENCES users ON DELETE CASCADE,
  role text NOT NULL CONSTRAINT stranger_mail_counts_role CHECK (role IN ('organizer', 'booker')),
  day date NOT NULL,
  mails integer NOT NULL CONSTRAINT stranger_mail_counts_mails CHECK (mails > 0),
  CONSTRAINT stranger_mail_counts_pkey PRIMARY KEY (sender_id, role, day)
);

-- migrate:down
DROP TABLE stranger_mail_counts;
