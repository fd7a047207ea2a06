package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// dumped is a database with one of most things a dump writes.
const dumped = `
CREATE SCHEMA shop;
CREATE TYPE shop.mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN shop.share AS numeric(5,2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE TABLE shop.customer (id serial PRIMARY KEY, name varchar(50) NOT NULL, email text UNIQUE, mood shop.mood DEFAULT 'ok', born date, seen timestamptz);
CREATE TABLE shop.purchase (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES shop.customer ON DELETE CASCADE,
  total numeric(12,2) CHECK (total >= 0), taxed numeric GENERATED ALWAYS AS (total * 1.19) STORED, tags text[], doc jsonb, part shop.share, "Odd Name" bytea);
CREATE INDEX ON shop.purchase (customer, total DESC);
CREATE UNIQUE INDEX purchase_tag ON shop.purchase (lower((doc ->> 'code'))) WHERE total > 10;
CREATE VIEW shop.rich AS SELECT c.name, sum(p.total) AS total FROM shop.customer c JOIN shop.purchase p ON p.customer = c.id GROUP BY c.name HAVING sum(p.total) > 10;
COMMENT ON TABLE shop.purchase IS 'what was bought';
COMMENT ON COLUMN shop.purchase.total IS 'it''s in euros';
INSERT INTO shop.customer (name, email, mood, born, seen) SELECT 'n' || g, 'e' || g || '@x', (ARRAY['sad', 'ok', 'happy'])[1 + g % 3]::shop.mood, date '2000-01-01' + g,
  timestamptz '2024-02-29 12:00:00.123456+00' + g * interval '1 hour' FROM generate_series(1, 50) g;
INSERT INTO shop.purchase (customer, total, tags, doc, part, "Odd Name") SELECT 1 + g % 50, g * 1.5, ARRAY['a', 'b' || g, NULL], jsonb_build_object('code', 'C' || g, 'n', g), g % 100,
  decode(lpad(to_hex(g), 4, '0'), 'hex') FROM generate_series(1, 150) g;
CREATE TABLE odd (t text, c char(3), f float8, i interval, u uuid, b bool);
INSERT INTO odd VALUES (E'tab\there\nand \\back', 'a', 'NaN', '1 year 2 days 03:04:05', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', true), (NULL, NULL, '-Infinity', NULL, NULL, NULL);
`

// Ensure that pg_dump dumps a database, that the dump can be read back, and that the copy dumps to the same text.
func TestDump(t *testing.T) {
	dump := needProgram(t, "pg_dump", postgresBin)
	psql := needProgram(t, "psql", postgresBin)
	s := startSite(t)
	program := func(name string, args ...string) result {
		t.Helper()
		args = append([]string{"-h", s.sock, "-p", strconv.Itoa(s.port), "-U", world.acct.name}, args...)
		r := finish(t, world.acct.command(s.home, s.env, name, args...), time.Minute)
		if r.status != 0 || strings.Contains(r.err, "ERROR") {
			t.Fatalf("%s: %v", name, r)
		}
		return r
	}
	c := s.connect()
	do(t, c, "CREATE DATABASE first")
	do(t, c, "CREATE DATABASE second")
	closeSoon(c)
	program(psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "first", "-c", dumped)
	file := s.home + "/first.sql"
	program(dump, "-f", file, "first")
	program(psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "second", "-f", file)
	first, second := comparable(program(dump, "first").out), comparable(program(dump, "second").out)
	if first != second {
		t.Errorf("the copy dumps differently:\n%s\n---- first:\n%s", second, first)
	}
	if !strings.Contains(first, "COPY shop.purchase") || strings.Count(first, "\n") < 400 {
		t.Errorf("the dump is short:\n%s", first)
	}
}

// comparable leaves out what newer versions of pg_dump put at random.
func comparable(dump string) string {
	var out []string
	for _, line := range strings.Split(dump, "\n") {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
