-- Who decides on what was read a moment ago writes only if it is still so. A session that begins at
-- another time, or has room for more, is not what was read, also when nobody locked its hall.
CREATE FUNCTION session_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.times_locked := OLD.times_locked + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER session_is_another
    BEFORE UPDATE OF starts_at, capacity, online_capacity, parallel, learning_event_id ON session
    FOR EACH ROW WHEN (NEW.times_locked = OLD.times_locked)
    EXECUTE FUNCTION session_is_another();
