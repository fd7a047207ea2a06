1
2147483647
2147483648
9223372036854775808
-2147483648
1.5
1e10
.5
'abc'
null
true
B'101'
X'1F'
U&'\0041'
'x'::text
'1'::int4
'x'::int4
'1.5'::int4
' 12 '::int8
'abc'::varchar(2)
'abc'::varchar(2)::varchar
'abc'::char(5)
'abc'::bpchar
1::numeric(10,2)
1.555::numeric(10,2)
1::numeric(0)
1::numeric(10,2,3)
'abc'::varchar(0)
1::int4(3)
'2020-01-01'::date
date '2020-01-01'
date 'nonsense'
timestamp '2020-01-01 00:00'
timestamp(3) '2020-01-01 00:00'
timestamptz '2020-01-01 00:00+00'
time '12:00'
time with time zone '12:00+00'
interval '1 day'
interval '1' year
interval '1-2' year to month
interval '1' second(3)
interval(3) '1 second'
interval 'x'
'{1,2}'::int[]
'{1,x}'::int[]
'{1,2}'::int[][]
array[1,2]
array[1,2.5]
array[1,null]
array['a','b']
array[]
array[]::int[]
array[1,'x']
array[1,'2']
array[[1,2],[3,4]]
array[[1],[2.5]]
array[1,2]::text[]
array['1','2']::int[]
array[i8,id]
array[t,v]
array[v,v]
array[t,id]
array[ia,ia]
1+1
1+1.5
1+'1'
1+'x'
'1'+'2'
'a'||'b'
'a'||1
1||'a'
1||2
t||id
id||t
v||v
c||'x'
ia||1
1||ia
ia||ia
ia||'{1}'
ia||null
ta||'x'
jb||'{}'
jb->'a'
jb->1
jb->>'a'
j->'a'
j||j
jb = '{}'
j = '{}'
j::jsonb
-1
-id
- 'x'
+id
-t
~id
!!5
@ -5
|/ 25.0
i2+i2
i2+1
i2+i8
id+i8
i8+n
f4+f4
f4+f8
f4+1
f4+1.5
f8+n
n+1
n2+n2
n2+1
id/2
id%2
i8%3
f8%2
n%2
id^2
2^3.0
id=i8
id=t
id='1'
t='a'
t=v
v='a'
v=c
c='a'
c=t
nm='a'
nm=t
nm||t
bc='a'
d='2020-01-01'
d=ts
d<tstz
d+1
1+d
d-1
d-d
d+iv
iv+d
ts-ts
ts-iv
ts+1
tm+iv
d+tm
iv*2
2*iv
iv/2
tstz-ts
tstz='now'
u='x'
u='a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'
by='\x00'
b=1
b='t'
b=true
b and 1
b and 'x'
b and 't'
b and null
not b
not id
not 't'
b or b
id is null
id is not null
row(1,2) is null
b is true
id is true
't' is not false
b is unknown
id is distinct from i8
id is not distinct from null
null is distinct from null
id is distinct from 'x'
t like 'a%'
t not like 'a%'
t ilike 'a'
id like 'a'
v like 'a'
c like 'a'
nm like 'a'
by like '\x00'
t like 'a' escape '\'
t similar to 'a'
t ~ 'a'
t !~* 'a'
id between 1 and 2
id not between 1 and 2
id between symmetric 2 and 1
t between 1 and 2
id between '1' and 'x'
id in (1,2,3)
id in (1,i8,3)
id in ('1','2')
id in ('1','x')
id in (1,2.5)
id in (1,t)
id not in (1,2)
t in ('a','b')
v in ('a','b')
id in (1)
id in (id, i8)
(id,t) in ((1,'a'),(2,'b'))
(id,t) in ((1,'a'),(2,3))
1 in (null)
id = any(array[1,2])
id = any('{1,2}')
id = any(ia)
id = any(id)
id = all(ia)
t = any(ta)
id = any(ta)
id < any(array[1.5])
t like any(ta)
1 = any('{1,x}')
(1,2) = (1,2)
(1,2) = (1,2,3)
(1,2) < (1,2)
(id,t) < (1,'a')
(id,t) = (t,id)
row(1) = row(1)
() = ()
row() = row()
row(1,2)
row(id,t)
(1,2) is distinct from (1,3)
(j,1) < (j,1)
(1,2) || (1,2)
case when b then 1 else 2 end
case when b then 1 end
case when b then 1 else 'x' end
case when b then 1 else '2' end
case when b then 1 else 2.5 end
case when b then id else i8 end
case when b then id else t end
case when b then 'a' else 'b' end
case when b then v else v end
case when b then v else t end
case when b then n2 else n2 end
case id when 1 then 'a' when 2 then 'b' end
case id when 'x' then 1 end
case t when 1 then 1 end
case 'a' when 'b' then 1 end
case when id then 1 end
case when generate_series(1,2)=1 then 1 end
coalesce(id,0)
coalesce(id,i8)
coalesce(id,'x')
coalesce(null,null)
coalesce(t,1)
coalesce(v,'x')
coalesce(null,id)
coalesce(i2,n)
greatest(1,2.5)
greatest(1,'x')
least(t,v)
nullif(id,1)
nullif(1,2.5)
nullif('a','b')
nullif(j,j)
nullif(v,t)
nullif(i2,id)
current_date
current_time
current_time(3)
current_timestamp
current_timestamp(3)
localtime
localtimestamp(2)
current_user
user
session_user
current_role
current_catalog
current_schema
id::text
id::varchar(3)
id::bool
b::int
b::int8
t::int
t::date
v::text
c::text
n::int
n2::numeric
f8::int4
d::timestamp
ts::date
tstz::time
ts::time
tm::interval
iv::time
j::text
jb::int
jb::text
ia::text
ia::int8[]
ia::text[]
ta::int[]
id::json
u::text
text::jsonb
t::jsonb
id::oid
o::int8
o::int4
id::regclass
'pg_class'::regclass
'nope'::regclass
by::text
t::bytea
id::bytea
id::uuid
id::date
d::int
bc::int
id::"char"
nm::text
t::name
t::nope
t::pg_catalog.text
t::pg_catalog.nope
t::nope.text
t::int[]
null::int
null::nope
cast(id as text)
cast(t as varchar(5))
cast(null as int[])
t collate "C"
t collate "nope"
id collate "C"
'a' collate "C"
t collate "C" = t collate "POSIX"
t collate "C" < 'a'
(t collate "C")||'x'
lower(t)
lower(v)
lower('X')
lower(id)
lower(c)
lower()
lower(t,t)
upper(nm)
length(t)
length(c)
length(by)
length('x')
length(id)
abs(-5)
abs('5')
abs(-5.5)
abs(f4)
abs(i2)
abs(t)
round(1.5)
round(1.55,1)
round(f8)
round(f8,1)
round('1.5')
round(id)
sqrt(4)
sqrt(n)
power(2,3)
power(2,3.0)
mod(5,2)
mod(i8,2)
floor(id)
ceil(1.5)
trunc(n,2)
random()
now()
now(1)
substr(t,1)
substr(t,1,2)
substr('abc',1)
substr(t,'1')
substring(t from 1 for 2)
substring(t from 'a')
substring(t,1)
substring('abc' from 2)
substring(by from 1)
overlay('abc' placing 'x' from 1)
position('a' in t)
position('a' in 'abc')
trim('  a ')
trim(both 'x' from t)
trim(leading from t)
trim(trailing 'x' from v)
btrim(t)
extract(year from d)
extract(year from ts)
extract(epoch from iv)
extract(nope from d)
extract(year from t)
extract(year from '2020-01-01')
date_part('year', d)
date_part('year', ts)
date_trunc('day', ts)
date_trunc('day', d)
date_trunc('day', '2020-01-01')
age(ts)
age(ts, ts)
ts at time zone 'UTC'
tstz at time zone 'UTC'
tz at time zone 'UTC'
d at time zone 'UTC'
ts at time zone interval '1 hour'
'2020-01-01' at time zone 'UTC'
(d,d) overlaps (d,d)
(ts,iv) overlaps (ts,iv)
(d,iv) overlaps (d,d)
to_char(ts,'YYYY')
to_char(id,'999')
to_char(d,'YYYY')
to_char('x','YYYY')
to_date('x','y')
concat('a',1,2.5)
concat(t,id)
concat()
concat(variadic array['a','b'])
concat(variadic 'x')
concat(variadic id)
concat_ws(',', t, id)
format('%s', id)
format('%s')
format(id)
string_agg(t, ',')
string_agg(t)
string_agg(id::text, ',' order by id)
string_agg(t, ',' order by t desc)
string_agg(t order by t, ',')
string_agg(distinct t, ',' order by t)
string_agg(distinct t, ',' order by id)
count(*)
count(id)
count(distinct id)
count(distinct j)
count()
count(1,2)
count(*) filter (where b)
count(*) filter (where id)
count(*) filter (where count(*) > 1)
lower(*)
lower(distinct t)
lower(t order by t)
lower(t) filter (where b)
lower(t) over ()
lower(t) within group (order by t)
sum(id)
sum(i8)
sum(i2)
sum(n)
sum(f4)
sum(f8)
sum(iv)
sum(t)
sum('1')
avg(id)
avg(f4)
avg(iv)
min(t)
min(v)
min(d)
min(j)
max(id)
max(ia)
bool_and(b)
every(b)
array_agg(id)
array_agg(t)
array_agg(ia)
array_agg(v)
array_agg('x')
json_agg(t1)
json_agg(id)
jsonb_object_agg(t,id)
json_object_agg('a','b')
stddev(id)
variance(f8)
corr(f8,f8)
sum(sum(id))
sum(count(*)) over ()
sum(sum(id) over ())
sum(generate_series(1,2))
row_number() over ()
row_number()
row_number() over (order by id)
rank() over (partition by t order by id)
ntile(4) over (order by id)
ntile('x') over (order by id)
lag(id) over (order by id)
lag(id,1) over (order by id)
lag(id,1,0) over (order by id)
lag(id,1,'x') over (order by id)
lag(id,1,2.5) over (order by id)
first_value(t) over (order by id)
nth_value(t,2) over (order by id)
sum(id) over (order by id rows between 1 preceding and current row)
sum(id) over (order by id range between 1 preceding and current row)
sum(id) over (order by d range between interval '1 day' preceding and current row)
sum(id) over (order by d range between 1 preceding and current row)
sum(id) over (order by t range between 1 preceding and current row)
sum(id) over (rows between id preceding and current row)
sum(id) over (rows between 'x' preceding and current row)
sum(id) over (groups between 1 preceding and current row)
sum(id) over (order by id groups between 1 preceding and current row)
sum(distinct id) over ()
sum(id order by id) over ()
sum(id) over w
sum(id) over (w)
row_number() over (order by row_number() over ())
row_number(*) over ()
count(*) over ()
count() over ()
lag(row_number() over ()) over ()
percentile_cont(0.5)
rank() within group (order by id)
generate_series(1,3)
generate_series(1,3)+1
generate_series(1,i8)
generate_series(1,2.5)
generate_series(d,d,'1 day')
generate_series(ts,ts,'1 day')
unnest(ia)
unnest(array['a'])
unnest('{1}')
unnest(id)
coalesce(unnest(ia),1)
array_length(ia,1)
array_length(id,1)
array_append(ia,1)
array_append(ia,'x')
array_append(ia,2.5)
array_append(null,1)
array_append(null,null)
array_cat(ia,ia)
array_cat(ia,ta)
array_to_string(ia,',')
array_position(ta,'x')
array_position(ia,1)
cardinality(ia)
array_fill(1,array[2])
array_fill(null,array[2])
string_to_array('a,b',',')
ia[1]
ia[1:2]
ia[:2]
ia['1']
ia['x']
ia[1.5]
ia[i8]
ia[1][2]
ia[1][2][3][4][5][6][7]
id[1]
t[1]
(array[1,2])[1]
('{1,2}'::int[])[1]
jb['a']
jb['a'][1]
jb[1:2]
va[1]
va[1:2]
(row(1,2)).f1
(row(1,2)).f3
(t1).id
(t1).nope
t1.id
t1.nope
nope
t1
t1.*
id.x
(id).x
(t1).lower
t1.text
text(id)
int4('1')
int4(t)
int4(f8)
int8(id)
date('2020-01-01')
date(ts)
date(id)
varchar(t)
"varchar"(t)
numeric('1.5')
numeric(id)
"numeric"(n,1)
bool(id)
text(d)
name(t)
nextval('x')
setval('pg_class',1)
pg_typeof(1)
pg_typeof('x')
pg_typeof(null)
to_json(id)
to_json('x')
to_jsonb(null)
row_to_json(t1)
row_to_json(row(1,2))
json_build_object('a',1)
json_build_object('a',null)
json_build_array(1,'a',null)
jsonb_set(jb,'{a}','1')
jsonb_set(jb,'{a}','1',true)
jsonb_set(jb,'{a}','x')
jsonb_build_object()
json_extract_path(j,'a','b')
json_extract_path(j,variadic array['a'])
jsonb_each(jb)
json_array_elements(j)
make_interval(days => 3)
make_interval(1, days => 3)
make_interval(days => 3, 1)
make_interval(days => 3, days => 4)
make_interval(nope => 3)
make_interval()
make_date(2020,1,1)
make_date(2020,1)
make_timestamp(2020,1,1,1,1,1)
parse_ident('a')
regexp_replace(t,'a','b')
regexp_replace(t,'a','b','g')
regexp_matches(t,'a')
regexp_match(t,'a')
regexp_split_to_array(t,'a')
md5(t)
md5(by)
md5('x')
encode(by,'hex')
encode('x','hex')
decode('x','hex')
sha256('x')
gen_random_uuid()
nope(1)
nope()
public.nope(1)
nosuch.nope(1)
a.b.c.d(1)
a.b.c(1)
pg_catalog.lower(t)
1 operator(pg_catalog.+) 2
1 operator(nosuch.+) 2
1 operator(public.+) 2
1 === 2
t === t
1 + b
t + t
t - 1
b + b
t && t
ia && ia
ia @> array[1]
ia @> '{1}'
ia @> ta
ia = array[1]
ia = '{1}'
ia < ia
jb @> '{}'
jb ? 'a'
jb ?| array['a']
jb #> '{a}'
jb #>> '{a}'
jb - 'a'
jb - 1
jb - '{a}'
exists(select 1)
exists(select)
(select 1)
(select 'x')
(select 1,2)
(select id from t2)
(select a from t2 where t2.a = t1.id)
(select b from t2)
(select max(a) from t2)
(select max(t1.id))
(select max(t1.id) from t2)
(select sum(a + t1.id) from t2)
array(select 1)
array(select 'x')
array(select a from t2)
array(select 1,2)
array(select ia)
id in (select a from t2)
id in (select b from t2)
id in (select 1,2)
id in (select 1.5)
id in (select '1')
(id,t) in (select a,b from t2)
(id,t) in (select a from t2)
(id,t) = (select a,b from t2)
(id,t) = (select a from t2)
(id,t) < (select a,b from t2)
(id,t) = any (select a,b from t2)
(id,t) < any (select a,b from t2)
(id,t) || any (select a,b from t2)
id = all (select a from t2)
id + any (select a from t2)
t like any (select b from t2)
id not in (select a from t2)
'x' in (select b from t2)
null in (select b from t2)
$1
$1::int
$1 + 1
$1 + id
$1 || t
$1 || $2
$1 = id
$1 = $2
$1 = t
$1 is null
id = $1
t = $1
id in ($1,$2)
id = any($1)
id between $1 and $2
coalesce($1, 1)
coalesce($1, $2)
case when $1 then $2 else 1 end
$1::int + $1
$1::text || $1::int
$1 + 1 + ($1 || 'x')::int
lower($1)
abs($1)
$2::int
$0
substr($1, $2)
ts + $1
d - $1
n * $1
i2 = $1
f4 = $1
v = $1
c = $1
j = $1
jb -> $1
array[$1, 1]
array[$1]
array[$1]::int[]
greatest($1, id)
nullif($1, id)
($1, $2) = (id, t)
row($1)
(select $1)
exists(select $1)
limit
xmlelement(name a)
grouping(id)
current_setting('x')
current_setting('x', true)
set_config('a','b',false)
version()
pg_backend_pid()
has_table_privilege('t1','select')
pg_get_expr(null, 0)
pg_get_expr('x', 0)
format_type(23, -1)
obj_description(id)
pg_size_pretty(1)
pg_size_pretty(1.5)
pg_size_pretty(i8)
pg_table_is_visible(1)
pg_table_is_visible('t1'::regclass)
quote_ident(t)
quote_literal(1)
quote_literal(t)
quote_nullable(null)
chr(65)
ascii('a')
repeat('a',3)
replace('a','b','c')
split_part('a','b',1)
starts_with('a','b')
strpos('a','b')
translate('a','b','c')
initcap('a')
lpad('a',3)
lpad('a',3,'x')
reverse('a')
left('a',1)
to_hex(1)
to_hex(i8)
num_nulls(1,null)
num_nonnulls(id,t)
width_bucket(1,2,3,4)
width_bucket(1.0,2,3,4)
log(2.0)
log(2)
log(2,3)
ln(2)
exp(1)
exp(n)
sign(-1)
sin(1)
pi()
gcd(1,2)
div(5,2)
setseed(0.5)
isfinite(d)
justify_days(iv)
clock_timestamp()
timeofday()
to_timestamp(1)
to_timestamp('a','b')
timezone('UTC',ts)
date_bin('1 day', ts, ts)
enum_first(null)
enum_range(id)
int4range(1,2)
'[1,2)'::int4range
int4range(1,2) @> 1
int4range(1,2) @> 'x'
lower(int4range(1,2))
upper(int4range(1,2))
isempty(int4range(1,2))
range_merge(int4range(1,2),int4range(3,4))
anyarray_in('x')
'x'::anyarray
'x'::anyelement
'x'::void
'x'::record
'x'::cstring
'x'::unknown
'x'::internal
pg_sleep(1)
t::t1
row(1,'x')::t2
row('a','x')::t2
row(1)::t2
row(1,2,3)::t2
(row(1,'x')::t2).b
null::t2
(null::t2).a
t1::text
t1 = t1
t1 is null
t1 is not null
count(t1)
count(t1.*)
id::int4::int8::text
id::nope::text
1::int2 + 1::int2
'1'::int2 + 1
1 = '1'::text
2 > 1.5
1.5::float4 > 1.5
true > false
true = 1
date '2020-01-01' > '2019-01-01'
date '2020-01-01' + time '12:00'
'2020-01-01' + interval '1 day'
interval '1 day' * '2'
now() - '1 day'
now() - interval '1 day'
now() - 'x'
now() > '2020-01-01'
extract(epoch from now())::int
'a' < 'b'
'a' = 'a'::char(3)
'a' like 'b'
'abc' ~ 'b'
'abc' || null
null || null
null + null
null = null
null + 1
- null
not null
null and true
null::text || 1
'5' * 3
'5' * '3'
'5' * 3.5
5 * '3.5'
'{}' || '{}'
'[]'::jsonb || '{}'
'1' between 1 and 2
(case when b then 1 end) + 1.5
@@ 5
5 !
id ! 
a between b
1 < 2 < 3
1 = 2 = true
- - 1
- -id
not not b
id::text collate "C" || v
upper(t collate "C") = lower(t collate "POSIX")
max(t collate "C")
coalesce(t collate "C", v collate "POSIX")
array[t collate "C", v]
row(t collate "C", t collate "POSIX")
case when b then t collate "C" else t end
t = any(array[t collate "C"])
t < (t collate "C")
