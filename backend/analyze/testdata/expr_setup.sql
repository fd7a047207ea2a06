create table t1(id int4 primary key, i2 int2, i8 int8, f4 float4, f8 float8, n numeric, n2 numeric(10,2), b bool, t text, v varchar(10), c char(5), bc "char", nm name, d date, tm time, tz timetz, ts timestamp, tstz timestamptz, iv interval, u uuid, by bytea, j json, jb jsonb, ia int4[], ta text[], o oid, iv3 interval(3), ts2 timestamp(2), va varchar(3)[]);
create table t2(a int4, b text);
