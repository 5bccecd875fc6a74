-- A projection that is made anew reads what it hears, and not the whole journal.
CREATE INDEX journal_heard ON journal (routing_key);
