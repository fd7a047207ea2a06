"""A small conversation through psycopg 3: prints what came back. The argument is the connection string."""
import datetime, decimal, sys, uuid
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Json, Jsonb

conn = psycopg.connect(sys.argv[1], options="-c TimeZone=UTC")
utc = datetime.timezone.utc
for binary in (False, True):
    cur = conn.cursor(binary=binary)
    for type_, value in [
        ("bool", True), ("int2", -32768), ("int4", 2147483647), ("int8", 9007199254740993), ("float4", 1.5), ("float8", 0.1),
        ("numeric", decimal.Decimal("12345.67890123456789012345678901")), ("numeric", decimal.Decimal("NaN")), ("text", "Grüße, 日本 \\ ' \" %"),
        ("varchar(3)", "abc"), ("bytea", b"\x00\xff\\'"), ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")),
        ("date", datetime.date(2024, 2, 29)), ("time", datetime.time(23, 59, 59, 999999)),
        ("timestamp", datetime.datetime(2024, 2, 29, 12, 34, 56, 789012)), ("timestamptz", datetime.datetime(2024, 2, 29, 12, 34, 56, tzinfo=utc)),
        ("interval", datetime.timedelta(days=3, seconds=4)), ("json", Json({"a": [1, None, "x"]})), ("jsonb", Jsonb({"b": 2, "a": 1.5})),
        ("int4[]", [1, None, 3]), ("text[]", ["a", None, 'c "d"']), ("text", None), ("int4", None),
    ]:
        cur.execute("SELECT %s::" + type_, (value,))
        print(type_, cur.description[0].type_code, repr(cur.fetchone()[0]))

cur = conn.cursor()
cur.execute("CREATE TEMP TABLE d (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, word text UNIQUE, n numeric(8,2))")
cur.executemany("INSERT INTO d (word, n) VALUES (%s, %s) RETURNING id", [("one", 1), ("two", 2), ("three", None)], returning=True)
while True:
    print(cur.fetchall())
    if not cur.nextset():
        break
conn.commit()
for i in range(7):  # prepared from the fifth on
    cur.execute("SELECT word FROM d WHERE id = %s", (i,))
    print(cur.fetchone())
cur.execute("SELECT word FROM d WHERE n > %s ORDER BY 1", (0,), prepare=True)
print(cur.fetchall())
try:
    with conn.transaction():
        cur.execute("INSERT INTO d (word) VALUES ('new')")
        with conn.transaction():
            cur.execute("INSERT INTO d (word) VALUES ('one')")
except psycopg.errors.UniqueViolation as e:
    print(e.sqlstate, e.diag.message_detail)
print(cur.execute("SELECT count(*) FROM d").fetchone())
with cur.copy("COPY d (word, n) FROM STDIN") as copy:
    copy.write_row(("four", 4))
    copy.write_row(("fi\tve", None))
with cur.copy("COPY d (word) FROM STDIN (FORMAT binary)") as copy:
    copy.set_types(["text"])
    copy.write_row(("six",))
with cur.copy("COPY (SELECT * FROM d ORDER BY id) TO STDOUT") as copy:
    for row in copy.rows():
        print(row)
conn.commit()
with conn.cursor(name="served", row_factory=dict_row) as c:
    c.execute("SELECT id, word FROM d ORDER BY id DESC")
    print(c.fetchmany(2), c.fetchone())
    c.scroll(-1)
    print(c.fetchone())
conn.rollback()
with conn.pipeline() as p:
    a = conn.execute("SELECT 1")
    b = conn.execute("SELECT %s::text", ("two",))
    print(a.fetchone(), b.fetchone())
conn.rollback()
try:
    cur.execute("SELECT 1/0")
except psycopg.Error as e:
    print(e.sqlstate, str(e))
conn.rollback()
print(conn.info.server_version // 10000, conn.info.parameter_status("client_encoding"), conn.info.transaction_status.name)
conn.close()
