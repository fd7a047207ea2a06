-- An ordinary first session.
CREATE TABLE city (id int PRIMARY KEY, name text NOT NULL UNIQUE, country char(2) NOT NULL DEFAULT 'DE', people bigint CHECK (people > 0));
INSERT INTO city VALUES (1, 'Berlin', 'DE', 3700000), (2, 'Paris', 'FR', 2100000), (3, 'Hamburg', DEFAULT, 1900000), (4, 'Nowhere', 'XX', NULL);
SELECT * FROM city ORDER BY people DESC NULLS LAST;
SELECT country, count(*), sum(people), avg(people)::numeric(12,1), min(name), max(name) FROM city GROUP BY country HAVING count(*) > 0 ORDER BY country;
INSERT INTO city VALUES (1, 'Again', 'DE', 1);
INSERT INTO city VALUES (5, NULL, 'DE', 1);
INSERT INTO city VALUES (5, 'Void', 'DE', 0);
INSERT INTO city (id, name, country) VALUES (6, 'x', 'toolong');
CREATE TABLE person (id serial PRIMARY KEY, name varchar(20) NOT NULL, city int REFERENCES city ON DELETE SET NULL ON UPDATE CASCADE, boss int REFERENCES person, wage numeric(8,2), born date);
INSERT INTO person (name, city, boss, wage, born) VALUES ('Ada', 1, NULL, 5000, '1990-12-10'), ('Bob', 1, 1, 4000.50, '1985-01-31'), ('Cleo', 2, 1, 4200, NULL), ('Dan', NULL, 2, 3000, '2000-02-29') RETURNING id, name;
INSERT INTO person (name, city) VALUES ('Eve', 99);
SELECT p.name, c.name AS city, b.name AS boss FROM person p LEFT JOIN city c ON c.id = p.city LEFT JOIN person b ON b.id = p.boss ORDER BY p.id;
SELECT c.name, p.name FROM city c RIGHT JOIN person p ON p.city = c.id ORDER BY 2;
SELECT c.name, p.name FROM city c FULL JOIN person p ON p.city = c.id ORDER BY 1, 2;
SELECT count(*) FROM city CROSS JOIN person;
SELECT name FROM city NATURAL JOIN (VALUES (1), (3)) v (id) ORDER BY 1;
SELECT name FROM person WHERE wage > (SELECT avg(wage) FROM person) ORDER BY name;
SELECT name FROM city c WHERE EXISTS (SELECT FROM person p WHERE p.city = c.id) ORDER BY 1;
SELECT name FROM city WHERE id NOT IN (SELECT city FROM person WHERE city IS NOT NULL) ORDER BY name;
SELECT name, (SELECT count(*) FROM person p WHERE p.city = c.id) AS n FROM city c ORDER BY n DESC, name;
WITH RECURSIVE chain AS (SELECT id, name, boss, 1 AS depth FROM person WHERE boss IS NULL UNION ALL SELECT p.id, p.name, p.boss, depth + 1 FROM person p JOIN chain c ON p.boss = c.id) SELECT name, depth FROM chain ORDER BY depth, name;
WITH rich AS (SELECT * FROM person WHERE wage > 4100), poor AS (SELECT * FROM person WHERE wage < 3500) SELECT name FROM rich UNION ALL SELECT name FROM poor ORDER BY 1;
DELETE FROM person WHERE name = 'Dan' RETURNING name, born;
SELECT country FROM city UNION SELECT 'ZZ' ORDER BY 1;
SELECT country FROM city INTERSECT SELECT 'DE';
SELECT country FROM city EXCEPT ALL SELECT 'DE' ORDER BY 1;
SELECT name, wage, rank() OVER (ORDER BY wage DESC), sum(wage) OVER (PARTITION BY city) FROM person ORDER BY 3, 1;
SELECT DISTINCT ON (city) city, name FROM person ORDER BY city, wage DESC;
SELECT CASE WHEN wage >= 4200 THEN 'much' WHEN wage IS NULL THEN NULL ELSE 'less' END AS pay, coalesce(born::text, '?'), nullif(name, 'Bob') FROM person ORDER BY id;
UPDATE person SET wage = wage * 1.1 WHERE city = 1 RETURNING name, wage;
UPDATE person SET city = c.id FROM city c WHERE c.name = 'Hamburg' AND person.name = 'Cleo';
UPDATE city SET id = 30 WHERE id = 3;
SELECT name, city FROM person ORDER BY name;
DELETE FROM city WHERE id = 30;
SELECT name, city FROM person WHERE name = 'Cleo';
INSERT INTO city (id, name) VALUES (1, 'Berlin') ON CONFLICT DO NOTHING;
INSERT INTO city (id, name, people) VALUES (1, 'Bärlin', 5) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, people = city.people + EXCLUDED.people WHERE city.people > 10 RETURNING *;
BEGIN;
INSERT INTO city VALUES (7, 'Seven', 'DE', 7);
SAVEPOINT a;
INSERT INTO city VALUES (7, 'Seven again', 'DE', 7);
SELECT 1;
ROLLBACK TO a;
INSERT INTO city VALUES (8, 'Eight', 'DE', 8);
RELEASE a;
COMMIT;
SELECT id, name FROM city WHERE id > 4 ORDER BY id;
BEGIN;
DELETE FROM city;
ROLLBACK;
SELECT count(*) FROM city;
START TRANSACTION READ ONLY;
DELETE FROM city;
COMMIT;
CREATE VIEW rich AS SELECT name, wage FROM person WHERE wage > 4000;
SELECT * FROM rich ORDER BY wage;
CREATE OR REPLACE VIEW rich AS SELECT name, wage, city FROM person WHERE wage > 4300;
SELECT * FROM rich ORDER BY wage;
DROP TABLE person;
CREATE SEQUENCE s START 5 INCREMENT BY -2 MINVALUE 1 MAXVALUE 5;
SELECT nextval('s'), nextval('s'), currval('s');
SELECT nextval('s');
SELECT nextval('s');
SELECT setval('s', 3), lastval();
CREATE TABLE auto (id int GENERATED ALWAYS AS IDENTITY (START WITH 10), k serial, v text);
INSERT INTO auto (v) VALUES ('a'), ('b');
INSERT INTO auto (id, v) VALUES (1, 'c');
INSERT INTO auto (id, v) OVERRIDING SYSTEM VALUE VALUES (1, 'c');
SELECT * FROM auto ORDER BY id;
TRUNCATE auto RESTART IDENTITY;
INSERT INTO auto (v) VALUES ('fresh') RETURNING *;
TRUNCATE city;
TRUNCATE city CASCADE;
SELECT count(*) FROM person;
ALTER TABLE auto ADD COLUMN added numeric(6,2) NOT NULL DEFAULT 1.5;
ALTER TABLE auto ADD CONSTRAINT small CHECK (added < 100);
UPDATE auto SET added = 200;
ALTER TABLE auto RENAME COLUMN v TO word;
ALTER TABLE auto RENAME TO automatic;
ALTER TABLE automatic ALTER COLUMN word SET NOT NULL, ALTER COLUMN word SET DEFAULT 'w';
ALTER TABLE automatic DROP CONSTRAINT small, DROP COLUMN k;
ALTER TABLE automatic ALTER COLUMN added TYPE int USING added * 2;
SELECT * FROM automatic;
ALTER TABLE automatic DROP COLUMN nothing;
ALTER TABLE IF EXISTS nothing RENAME TO something;
CREATE INDEX i ON automatic (word);
CREATE INDEX i ON automatic (word);
CREATE INDEX IF NOT EXISTS i ON automatic (word);
ALTER INDEX i RENAME TO words;
DROP INDEX words;
CREATE TABLE kinds (b bool, i2 int2, i8 int8, f4 float4, f8 float8, n numeric, t text, c char(4), v varchar(4), y bytea, u uuid, d date, tm time, ts timestamp, tz timestamptz, iv interval, j json, jb jsonb, a int[], ta text[]);
SET timezone = 'Europe/Berlin';
INSERT INTO kinds VALUES (true, -32768, 9223372036854775807, 1.1, 1e300, 1234567890.0987654321, 'text', 'ab', 'abcd', '\xdeadbeef', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '2024-02-29', '23:59:59.5', '2024-02-29 12:00', '2024-07-01 12:00+00', '1 year 2 days 03:04:05', '{"a": 1}', '{"b": [1, 2], "a": null}', '{1,2,NULL}', '{"x y",z}');
\x
SELECT * FROM kinds;
\x
SELECT pg_typeof(b), pg_typeof(tz), i8 - 1, f4 * 2, n / 7, t || c || v, length(c), y, extract(year FROM d), d + 1, ts - '1 hour'::interval, tz AT TIME ZONE 'UTC', jb -> 'b' -> 0, jb ->> 'a', a[2], array_length(ta, 1) FROM kinds;
SELECT i8 + 1 FROM kinds;
SELECT 1 / 0;
SELECT 'abc'::int;
SELECT '2024-02-30'::date;
SELECT nothing FROM kinds;
SELECT * FROM nothing;
SELECT nothing(1);
SELECT 1 + 'x';
SELEC 1;
SELECT 'unfinished;
';
SELECT upper(t), substring(t FROM 2 FOR 2), position('x' IN t), trim('  a '), replace(t, 'e', 'E'), split_part('a,b,c', ',', 2), lpad('7', 3, '0'), t LIKE 'te%', t ~ '^t.*t$' FROM kinds;
SELECT generate_series(1, 3) AS n, unnest(ARRAY['a', 'b', 'c']) AS x;
SELECT * FROM generate_series(1, 10, 4) g;
SELECT string_agg(name, ', ' ORDER BY name DESC), array_agg(id), bool_and(id > 0), count(DISTINCT country) FROM (VALUES (1, 'x', 'A'), (2, 'y', 'A')) v (id, name, country);
CREATE TABLE copied AS SELECT g AS id, 'row ' || g AS word FROM generate_series(1, 3) g;
COPY copied TO STDOUT;
COPY copied (word, id) TO STDOUT WITH (FORMAT csv, HEADER);
COPY copied FROM STDIN;
4	tab\there
5	\N
\.
COPY copied FROM STDIN WITH (FORMAT csv);
6,"quoted, with ""quotes"""
x,bad
\.
SELECT * FROM copied ORDER BY id;
PREPARE by_id (int) AS SELECT word FROM copied WHERE id = $1;
EXECUTE by_id (2);
DEALLOCATE by_id;
EXECUTE by_id (2);
BEGIN;
DECLARE cur CURSOR FOR SELECT id FROM copied ORDER BY id;
FETCH 2 FROM cur;
FETCH ALL FROM cur;
COMMIT;
EXPLAIN (COSTS off) SELECT 1;
SHOW timezone;
SET statement_timeout = '5s';
SHOW statement_timeout;
SET nothing = 1;
RESET timezone;
CREATE SCHEMA other;
CREATE TABLE other.t (id int);
SET search_path = public, other;
SELECT current_schemas(false);
\dt
RESET search_path;
DROP SCHEMA other;
DROP SCHEMA other CASCADE;
CREATE TEMP TABLE fleeting (id int);
BEGIN;
INSERT INTO fleeting VALUES (1);
SELECT count(*) FROM fleeting;
COMMIT;
SELECT count(*) FROM fleeting;
SELECT 1 AS one \gset
\echo :one
SELECT 'a' AS "Name", 2 AS "n b" \gx
\pset format csv
SELECT 1 AS a, 'x,y' AS b;
\pset format aligned
\pset null '(null)'
SELECT NULL AS nothing;
DROP VIEW rich;
DROP TABLE person, city, automatic, kinds, copied, fleeting;
DROP SEQUENCE s;
\d
