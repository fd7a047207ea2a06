-- What psql's describing commands say of a small schema.
CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'what is sold';
CREATE TABLE shop.customers (id serial PRIMARY KEY, name text NOT NULL, email varchar(120) UNIQUE, born date CHECK (born > '1900-01-01'), vip boolean DEFAULT false);
CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer int NOT NULL REFERENCES shop.customers ON DELETE CASCADE,
    placed timestamptz NOT NULL DEFAULT now(),
    total numeric(10,2) NOT NULL DEFAULT 0 CHECK (total >= 0),
    note text DEFAULT 'none',
    tags text[],
    extra jsonb,
    net numeric GENERATED ALWAYS AS (total / 1.19) STORED,
    CONSTRAINT positive CHECK (total < 1000000 OR note IS NOT NULL)
);
CREATE INDEX orders_placed ON orders (placed DESC, customer);
CREATE UNIQUE INDEX orders_note ON orders (lower(note)) WHERE total > 100;
CREATE TABLE lines (ord bigint REFERENCES orders, line int, what text, PRIMARY KEY (ord, line));
COMMENT ON TABLE orders IS 'one a row';
COMMENT ON COLUMN orders.total IS 'with tax';
CREATE VIEW big_orders AS SELECT o.id, c.name, o.total FROM orders o JOIN shop.customers c ON c.id = o.customer WHERE o.total > 1000;
CREATE SEQUENCE numbers AS int START 100 INCREMENT 5 MAXVALUE 1000 CYCLE;
CREATE ROLE e2e_reader NOLOGIN;
CREATE ROLE e2e_writer LOGIN CREATEDB CONNECTION LIMIT 3 VALID UNTIL '2030-01-01' IN ROLE e2e_reader;
GRANT SELECT ON orders TO e2e_reader;
GRANT INSERT, UPDATE ON orders TO e2e_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA shop TO e2e_reader;

\d
\dt
\dt shop.*
\dt *.customers
\dn
\dn+ shop
\du e2e_*
\dg e2e_*
\di
\ds
\dv
\d orders
\d+ lines
\d shop.customers
\d big_orders
\d numbers
\d orders_note
\d orders_pkey
\dp orders
\z shop.*
\l e2e_shop
\dt nothing
\d nothing
\dT shop.*
\df nothing
\dC text
\dx nothing
\encoding
SELECT current_database(), current_user, current_schemas(true);
DROP VIEW big_orders;
DROP TABLE lines, orders;
DROP SCHEMA shop CASCADE;
DROP ROLE e2e_writer;
DROP ROLE e2e_reader;
\d
