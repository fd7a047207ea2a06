"""A small conversation through psycopg2: prints what came back. The argument is the connection string."""
import datetime, decimal, io, sys, uuid
import psycopg2, psycopg2.errors, psycopg2.extras
from psycopg2.extras import Json, execute_values

psycopg2.extras.register_uuid()
conn = psycopg2.connect(sys.argv[1], options="-c TimeZone=UTC")
cur = conn.cursor()

utc = datetime.timezone.utc
for type_, value in [
    ("bool", True), ("bool", False), ("int2", -32768), ("int4", 2147483647), ("int8", 9007199254740993), ("float4", 1.5), ("float8", 0.1),
    ("float8", float("inf")), ("numeric", decimal.Decimal("12345.67890123456789012345678901")), ("numeric(10,2)", decimal.Decimal("1.005")),
    ("text", "Grüße, 日本 \\ ' \" %"), ("varchar(3)", "abc"), ("char(5)", "ab"), ("bytea", b"\x00\xff\\'"),
    ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")), ("date", datetime.date(2024, 2, 29)), ("time", datetime.time(23, 59, 59, 999999)),
    ("timestamp", datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)), ("timestamptz", datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=utc)),
    ("interval", datetime.timedelta(days=3, seconds=4)), ("json", Json({"a": [1, None, "x"]})), ("jsonb", Json({"b": 2, "a": 1.50})),
    ("int4[]", [1, None, 3]), ("text[]", ["a", None, 'c "d"']), ("text", None), ("int4", None),
]:
    cur.execute("SELECT CAST(%s AS " + type_ + ")", (value,))
    got = cur.fetchone()[0]
    if isinstance(got, memoryview):
        got = bytes(got)
    print(type_, cur.description[0].type_code, repr(got))

cur.execute("CREATE TEMP TABLE d (id serial PRIMARY KEY, word text UNIQUE, n numeric(8,2))")
cur.execute("INSERT INTO d (word, n) VALUES (%s, %s) RETURNING id, n", ("one", decimal.Decimal("1.5")))
print(cur.fetchall())
execute_values(cur, "INSERT INTO d (word, n) VALUES %s", [("two", 2), ("three", None), ("four", 4)])
print(cur.rowcount, cur.statusmessage)
conn.commit()
try:
    cur.execute("INSERT INTO d (word) VALUES ('one')")
except psycopg2.errors.UniqueViolation as e:
    print(e.pgcode, e.diag.message_primary, e.diag.message_detail, e.diag.constraint_name, e.diag.table_name)
conn.rollback()
cur.execute("UPDATE d SET n = n + 1 WHERE id <= %s", (2,))
print(cur.rowcount)
conn.rollback()
cur.copy_expert("COPY d (word, n) FROM STDIN WITH (FORMAT csv)", io.StringIO("five,5\n\"s,ix\",\n"))
out = io.StringIO()
cur.copy_expert("COPY (SELECT id, word, n FROM d ORDER BY id) TO STDOUT", out)
print(out.getvalue(), end="")
conn.commit()
with conn.cursor(name="served") as c:
    c.itersize = 2
    c.execute("SELECT word FROM d ORDER BY id")
    print([r[0] for r in c])
conn.rollback()
with conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as c:
    c.execute("SELECT count(*) AS n, sum(n) AS total, min(word) AS first FROM d")
    print(dict(c.fetchone()))
conn.rollback()
conn.autocommit = True
try:
    cur.execute("SELECT 1/0")
except psycopg2.Error as e:
    print(e.pgcode, str(e).strip())
cur.execute("SELECT 1; SELECT 2")
print(cur.fetchall())
conn.close()
