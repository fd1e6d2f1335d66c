-- The table of tenants, and the trigger that tells every instance of a change.

CREATE TABLE tenants (origin text PRIMARY KEY, name text NOT NULL);

CREATE FUNCTION tell_of_tenants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Sent at commit, once for a transaction. It has no payload: instances read the whole table.
    NOTIFY tenants;
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_of_tenants
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON tenants
    FOR EACH STATEMENT EXECUTE FUNCTION tell_of_tenants();

INSERT INTO tenants VALUES ('https://books.example', 'Books');
